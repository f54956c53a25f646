"""A month compared, and its statement read, confirmed and objected to, over HTTP."""

import json
from pathlib import Path

import pytest

from tests.gateway.plain.window import Plain
from tests.platform.clearing.office import (
    IN_APRIL,
    adopted,
    cancelled,
    cleared,
    disallowed,
    drawn,
    sent,
    status,
    treated,
)
from tests.platform.settlement.town import NEXT_DOOR
from tuodi.platform.clearing.domain.steps import Status


@pytest.fixture
def april(plain: Plain, tmp_path: Path) -> list[int]:
    """Two bills at the hospital, one next door, and one that was taken back."""
    adopted(tmp_path)
    own = [treated("1000.00"), treated("500.00")]
    treated("300.00", scope=NEXT_DOOR)
    cancelled(treated("80.00"), on=IN_APRIL)
    return own


def test_a_month_s_totals_and_details_are_the_hospital_s_own(plain: Plain, next_door: Plain, april: list[int]) -> None:
    totals, first = plain.get("/months/2024-04/totals"), plain.get("/months/2024-04/settlements?most=1")
    details = plain.get(f"/months/2024-04/settlements?after={first['next']}&most=2")

    assert {"count": 4, "total": "1500.00", "funds": "750.00", "relief": "750.00"} == totals["whole"]
    assert [("resident", "inpatient", 4)] == [
        (group["insurance"], group["service"], group["count"]) for group in totals["groups"]
    ]
    assert (4, [("500.00", "250.00"), ("80.00", "40.00")]) == (
        details["count"], [(row["total"], row["relief"]) for row in details["settlements"]],
    )  # fmt: skip
    assert "300.00" == next_door.get("/months/2024-04/totals")["whole"]["total"]
    assert 0 == plain.get("/months/2024-05/totals")["whole"]["count"]


def test_the_hospital_s_books_beside_ours(plain: Plain, april: list[int]) -> None:
    ours = plain.get("/months/2024-04/settlements")["settlements"]
    assert plain.post("/months/2024-04/comparison", {"settlements": ours})["equal"]
    theirs = [ours[0] | {"relief": "499.99"}, *ours[2:], {"settlement": "999", "total": "1.00"}]
    told = plain.post("/months/2024-04/comparison", {"settlements": theirs})

    assert [
        (str(april[0]), "relief", "499.99", "500.00"), (str(april[1]), "presence", "0", "1"),
        ("999", "presence", "1", "0"),
    ] == sorted(
        (one["settlement"], one["what"], one["hospital"], one["platform"]) for one in told["differences"]
    )  # fmt: skip


def test_a_statement_is_there_once_it_is_sent_and_confirmed_as_it_was_seen(plain: Plain, april: list[int]) -> None:
    number = drawn()
    assert [] == plain.get("/statements")["statements"]
    for path in (f"/statements/{number}", "/statements/999999"):
        assert {"statement-unknown"} == plain.codes("GET", path, b"", 404)
    early = json.dumps({"fingerprint": "0" * 64}).encode()
    assert {"statement-unknown"} == plain.codes("POST", f"/statements/{number}/confirm", early, 404)
    sent(number)
    listed, told = plain.get("/statements?month=2024-04")["statements"], plain.get(f"/statements/{number}")

    assert [(str(number), "sent", "750.00", 4)] == [
        (one["statement"], one["status"], one["net"], one["rows"]) for one in listed
    ]
    assert ["500.00", "250.00", "40.00", "-40.00"] == [row["relief"] for row in told["rows"]]
    page = plain.get(f"/statements/{number}?after={told['rows'][1]['settlement']}&most=1")
    assert (["40.00"], True) == ([row["relief"] for row in page["rows"]], page["next"] is not None)
    assert told["next"] is None
    assert {"statement-changed"} == plain.codes("POST", f"/statements/{number}/confirm", early, 422)
    done = plain.post(f"/statements/{number}/confirm", {"fingerprint": told["fingerprint"]})
    assert ("confirmed", Status.confirmed) == (done["statement"]["status"], status(number))


def test_an_objection_names_what_it_is_against(plain: Plain, april: list[int]) -> None:
    number = drawn()
    taken_off = disallowed(number, april[0], "100.00")
    sent(number)
    path = f"/statements/{number}/object"
    strange = json.dumps({"reason": "有依据", "disallowances": ["999999"]}).encode()
    assert {"disallowance-unknown"} == plain.codes("POST", path, strange, 422)
    assert {"field-missing"} == plain.codes("POST", path, json.dumps({"reason": ""}).encode(), 422)
    done = plain.post(path, {"reason": "有依据", "disallowances": [str(taken_off)]})

    assert ("objected", "650.00") == (done["statement"]["status"], done["statement"]["net"])
    assert ("object", "有依据", [str(taken_off)]) == (
        done["steps"][-1]["act"], done["steps"][-1]["reason"], done["steps"][-1]["disallowances"],
    )  # fmt: skip
    assert {"statement-status"} == plain.codes("POST", path, json.dumps({"reason": "再来"}).encode(), 422)


def test_what_was_paid_is_on_the_statement(plain: Plain, april: list[int]) -> None:
    number = drawn()
    cleared(number)
    told = plain.get(f"/statements/{number}")

    assert ("paid", "750.00", "750.00") == (
        told["statement"]["status"], told["statement"]["paid"], told["payout"]["paid"],
    )  # fmt: skip


def test_another_hospital_s_statement_is_not_there(plain: Plain, next_door: Plain, april: list[int]) -> None:
    number = drawn()
    fingerprint = sent(number)
    for path, body in (
        (f"/statements/{number}/confirm", {"fingerprint": fingerprint}),
        (f"/statements/{number}/object", {"reason": "试试"}),
    ):
        assert {"statement-unknown"} == next_door.codes("POST", path, json.dumps(body).encode(), 404)

    assert {"statement-unknown"} == next_door.codes("GET", f"/statements/{number}", b"", 404)
    assert [] == next_door.get("/statements")["statements"]
