"""Persons found, bills tried, settled, cancelled and explained, over HTTP and on the database."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.gateway.at_desk.books import no_findings
from tests.gateway.at_desk.window import Window, patient
from tests.gateway.plain.window import AMOUNTS, Plain, bill
from tuodi.platform.base.domain import SYSTEM
from tuodi.platform.base.models import Audit
from tuodi.platform.base.scope import entered
from tuodi.platform.settlement.models import Proposal, Settlement

Known = Callable[..., str]


def test_a_person_is_found_by_number_and_name_and_the_asking_is_in_the_trail(plain: Plain) -> None:
    who = patient("subsistence_allowance")
    found = plain.post("/persons/find", {"number": who.document_number, "name": who.name, "operator": "0001"})

    assert (["resident"], ["subsistence_allowance"]) == (
        found["insurances"], [status["status"] for status in found["statuses"]],
    )  # fmt: skip
    with entered(SYSTEM):
        assert 1 == Audit.objects.filter(act="gateway.identify", subject=f"person:{found['person']}").count()


def test_another_name_or_number_is_nobody(plain: Plain) -> None:
    who = patient()
    for number, name in ((who.document_number, "秦琼"), ("11010519491231002X", who.name)):
        asked = json.dumps({"number": number, "name": name}).encode()
        assert {"person-not-found"} == plain.codes("POST", "/persons/find", asked, 404)


def test_a_trial_keeps_nothing_and_a_settlement_is_the_same_and_kept_once(plain: Plain, known: Known) -> None:
    person = known("subsistence_allowance")
    given = bill(person)
    tried = plain.post("/trials", {name: value for name, value in given.items() if name != "key"})
    with entered(SYSTEM):
        assert 0 == Settlement.objects.count()
    first, again = plain.post("/settlements", given), plain.post("/settlements", given)

    assert (tried["relief"], tried["lines"]) == (first["relief"], first["lines"])
    assert [False, True] == [first["repeated"], again["repeated"]]
    assert first == again | {"repeated": False}
    # 9000 in the policy's scope less 6700 that insurance paid, at 70 %.
    assert ("1610.00", "1690.00", None) == (first["relief"], first["personal"], first["refusal"])
    no_findings()


def test_a_key_stands_for_one_content(plain: Plain, known: Known) -> None:
    person = known("subsistence_allowance")
    plain.post("/settlements", bill(person))
    other = json.dumps(bill(person, date="2026-11-10")).encode()

    assert {"key-taken"} == plain.codes("POST", "/settlements", other, 422)


def test_a_refusal_by_law_is_an_answer(plain: Plain, known: Known) -> None:
    answer = plain.post("/settlements", bill(known()))

    assert ("0.00", []) == (answer["relief"], answer["lines"])
    assert answer["refusal"]["clause"]


def test_a_settlement_explains_itself_to_the_fen(plain: Plain, known: Known) -> None:
    number = plain.post("/settlements", bill(known("subsistence_allowance")))["settlement"]
    told = plain.get(f"/settlements/{number}")
    why = told["explanation"]
    line = next(line for line in why["lines"] if line["paid"] != "0.00")

    assert (number, number, "settled", "B1") == (told["settlement"], told["standing"], told["kind"], told["key"])
    assert ("1610.00", "70%", "2300.00") == (line["paid"], line["rate"], line["part"])
    assert line["clause"] in why["text"]
    assert "10000.00" == why["total"]


def test_a_cancel_is_looked_at_first_and_done_once(plain: Plain, known: Known) -> None:
    number = plain.post("/settlements", bill(known("subsistence_allowance")))["settlement"]
    preview = plain.post(f"/settlements/{number}/cancel-preview")
    with entered(SYSTEM):
        assert 1 == Settlement.objects.count()
    first, again = (plain.post(f"/settlements/{number}/cancel", {"reason": "重复结算"}) for _ in range(2))

    assert (preview["state"], preview["cancel"]) == ("done", None)
    assert preview["differences"] == first["differences"]
    assert [("1610.00", "0.00", True)] == [(one["old"], one["new"], one["cancelled"]) for one in first["differences"]]
    assert first["cancel"] == again["cancel"]
    told = plain.get(f"/settlements/{first['cancel']}")
    assert ("cancelled", "0.00", None) == (told["kind"], told["relief"], told["explanation"])
    no_findings()


def test_a_cancel_that_changes_other_bills_waits_for_the_county(plain: Plain, known: Known) -> None:
    person, large = known("subsistence_allowance"), AMOUNTS | {"total": "900000.00", "in_policy": "900000.00"}
    first, second = (plain.post("/settlements", bill(person, key, amounts=large)) for key in ("B1", "B2"))
    preview = plain.post(f"/settlements/{first['settlement']}/cancel-preview")
    with entered(SYSTEM):
        assert 0 == Proposal.objects.count()
    told = plain.post(f"/settlements/{first['settlement']}/cancel", {"reason": "重复结算"})

    assert ("proposed", None, "proposed", None) == (
        preview["state"], preview["proposal"], told["state"], told["cancel"],
    )  # fmt: skip
    assert preview["differences"] == told["differences"]
    assert [(first["relief"], "0.00"), (second["relief"], first["relief"])] == [
        (one["old"], one["new"]) for one in told["differences"]
    ]
    with entered(SYSTEM):
        assert (1, 2) == (Proposal.objects.count(), Settlement.objects.count())


def test_what_came_by_the_national_interface_is_read_here_and_taken_back_there(plain: Plain, window: Window) -> None:
    who = patient("subsistence_allowance")
    number = window.done("2304", window.settlement(*window.stay(who)))["setlinfo"]["setl_id"]
    reason = json.dumps({"reason": "试试"}).encode()

    assert "settled" == plain.get(f"/settlements/{number}")["kind"]
    assert {"settlement-of-message"} == plain.codes("POST", f"/settlements/{number}/cancel", reason, 422)


def test_nobody_is_settled_whose_card_was_not_seen(plain: Plain, next_door: Plain, known: Known) -> None:
    person = known("subsistence_allowance")

    assert {"person-unknown"} == next_door.codes("POST", "/settlements", json.dumps(bill(person)).encode(), 404)
    assert {"person-unknown"} == next_door.codes("GET", f"/persons/{person}/deposit-waiver", b"", 404)


def test_another_hospital_sees_and_takes_back_nothing(plain: Plain, next_door: Plain, known: Known) -> None:
    number = plain.post("/settlements", bill(known("subsistence_allowance")))["settlement"]
    reason = json.dumps({"reason": "试试"}).encode()

    assert {"settlement-unknown"} == next_door.codes("GET", f"/settlements/{number}", b"", 404)
    assert {"settlement-unknown"} == next_door.codes("POST", f"/settlements/{number}/cancel", reason, 404)
    assert {"settlement-unknown"} == next_door.codes("POST", f"/settlements/{number}/cancel-preview", b"", 404)


def test_two_hospitals_keys_are_their_own(plain: Plain, next_door: Plain, known: Known) -> None:
    who = patient("subsistence_allowance")
    shown = {"number": who.document_number, "name": who.name}
    persons = [hospital.post("/persons/find", shown)["person"] for hospital in (plain, next_door)]
    answers = [
        hospital.post("/settlements", bill(person, "SAME"))
        for hospital, person in zip((plain, next_door), persons, strict=True)
    ]

    assert [False, False] == [answer["repeated"] for answer in answers]
    assert 2 == len({answer["settlement"] for answer in answers})


def test_a_person_is_told_whether_a_deposit_is_taken(plain: Plain, known: Known) -> None:
    poor = plain.get(f"/persons/{known('subsistence_allowance')}/deposit-waiver?on=2026-11-09")
    other = plain.get(f"/persons/{known()}/deposit-waiver")

    assert [True, False] == [poor["granted"], other["granted"]]
    assert poor["clause"]


@pytest.mark.parametrize(
    ("changed", "places"),
    [
        ({"amounts": AMOUNTS | {"total": 10000}}, {"amounts.total"}),
        ({"amounts": AMOUNTS | {"total": "1e4", "basic": "-1.00"}}, {"amounts.total", "amounts.basic"}),
        ({"amounts": AMOUNTS | {"total": "9" * 5000}}, {"amounts.total"}),
        ({"amounts": AMOUNTS | {"total": "１００"}}, {"amounts.total"}),
        ({"date": "2026-02-30", "service": "haircut", "surplus": 1}, {"date", "service", "surplus"}),
        ({"date": "0001-01-01", "person": "9" * 30, "key": "a:b"}, {"date", "person", "key"}),
        ({"facts": {"facility": 1}}, {"facts"}),
        ({"facts": {"date": "2020-01-01"}}, {"facts"}),
        ({"disease": "<script>" * 30, "diagnoses": ["x"] * 41}, {"disease", "diagnoses"}),
        ({"items": [{"item": "X", "personal": "1.00", "facts": {"personal": "0.00"}}]}, {"items[0].facts"}),
    ],
)
def test_all_that_is_wrong_with_a_bill_is_told_at_once(
    plain: Plain, known: Known, changed: dict[str, Any], places: set[str]
) -> None:
    told = plain.post("/settlements", bill(known(), **changed), 422)

    assert places == {finding["place"] for finding in told["findings"]}


def test_faults_of_the_case_itself_are_findings_too(plain: Plain, known: Known) -> None:
    future, more = bill(known(), date="2027-01-01"), bill(known(), amounts=AMOUNTS | {"in_policy": "10000.01"})

    assert {"bill-in-future"} == plain.codes("POST", "/settlements", json.dumps(future).encode(), 422)
    assert 422 == plain.client.generic(
        "POST", "/api/v1/settlements", json.dumps(more).encode(), "application/json",
        headers=plain.signed("POST", "/api/v1/settlements", json.dumps(more).encode()),
    ).status_code  # fmt: skip


def test_a_name_with_markup_is_text_and_nothing_else(plain: Plain, known: Known) -> None:
    answer = plain.post("/settlements", bill(known("subsistence_allowance"), disease="<script>alert(1)</script>'; --"))

    assert "1610.00" == answer["relief"]
