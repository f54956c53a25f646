"""Every bill that was worked by hand through an insurance plan and a policy settles to the same fen in every layer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.policies.worked import HOME, policy
from tuodi.core.finding import Faults
from tuodi.engine.bind import bind
from tuodi.engine.case import read_case
from tuodi.engine.result import result_of
from tuodi.engine.settle import Engine, settle_case
from tuodi.language.coverage import coverage
from tuodi.language.model import PAYERS

SHELF = HOME.parent / "plans"
PLANS = sorted(path.parent for path in SHELF.glob("*/policy.yaml"))
NAMES = [folder.name for folder in PLANS]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkedBill:
    """A hand-worked case that names its plan; `expected` as `_comparable` gives it."""

    title: str
    covers: tuple[str, ...]
    arithmetic: str
    case: dict[str, Any]
    expected: list[dict[str, Any]]


def worked_bills(folder: Path) -> list[WorkedBill]:
    files = sorted((folder / "cases").glob("*.yaml"))
    raws = [raw for file in files for raw in yaml.safe_load(file.read_text("utf-8"))["cases"]]
    return [
        WorkedBill(
            title=raw["title"],
            covers=tuple(raw["covers"]),
            arithmetic=raw["arithmetic"],
            case=raw["case"],
            expected=[_comparable(event) for event in raw["expect"]],
        )
        for raw in raws
    ]


def settled(case: dict[str, Any]) -> list[dict[str, Any]]:
    """The events as `tuodi settle` would write them."""
    this, plan = policy(HOME / case["policy"]), policy(SHELF / case["plan"])
    engine = Engine(bind(this, case["parameters"], plan))
    events: list[dict[str, Any]] = result_of(engine, settle_case(engine, read_case(case, this, plan)))["events"]
    return events


def _comparable(event: dict[str, Any]) -> dict[str, Any]:
    refusal = event["refusal"]
    return {
        "id": event["id"],
        "relief": event["relief"],
        "personal": event["personal"],
        "layers": event.get("layers", {}),
        "lines": [{key: line.get(key) for key in ("clause", "basis", "paid")} for line in event["lines"]],
        "refusal": refusal and refusal["clause"],
    }


BILLS = [pytest.param(bill, id=f"{folder.name}: {bill.title}") for folder in PLANS for bill in worked_bills(folder)]


@pytest.mark.parametrize("bill", BILLS)
def test_the_hand_worked_layers_are_what_the_engine_gives(bill: WorkedBill) -> None:
    assert bill.expected == [_comparable(event) for event in settled(bill.case)]


@pytest.mark.parametrize("bill", BILLS)
def test_layers_that_are_given_as_they_were_computed_change_nothing(bill: WorkedBill) -> None:
    computed = settled(bill.case)
    events = [_given(event, got) for event, got in zip(bill.case["events"], computed, strict=True)]

    again = settled({**bill.case, "events": events})

    assert [_comparable({**got, "layers": {}}) for got in computed] == [_comparable(got) for got in again]


def _given(event: dict[str, Any], got: dict[str, Any]) -> dict[str, Any]:
    return {**event, "amounts": {**event["amounts"], **got.get("layers", {})}}


@pytest.mark.parametrize("folder", PLANS, ids=NAMES)
def test_what_the_plan_does_not_say_must_be_given(folder: Path) -> None:
    cases = [bill.case for bill in worked_bills(folder) if "not_insured" in bill.covers]
    of_an_employee = {**cases[0], "person": {**cases[0]["person"], "insurance": "employee"}}

    with pytest.raises(Faults) as caught:
        settled(of_an_employee)

    found = [(finding.code, finding.place.path) for finding in caught.value.findings]
    assert ("missing-amount", "events[0].amounts.basic") in found


@pytest.mark.parametrize("folder", PLANS, ids=NAMES)
def test_each_plan_has_enough_bills_with_their_arithmetic(folder: Path) -> None:
    bills = worked_bills(folder)

    assert len(bills) >= 5
    assert [] == [bill.title for bill in bills if not bill.arithmetic.strip()]
    assert len(bills) == len({bill.title for bill in bills})
    assert {"given_amounts", "employee"} <= {tag for bill in bills for tag in bill.covers}


@pytest.mark.parametrize("folder", PLANS, ids=NAMES)
def test_payers_hospital_and_person_bear_the_whole_bill(folder: Path) -> None:
    for bill in worked_bills(folder):
        for event, got in zip(bill.case["events"], settled(bill.case), strict=True):
            amounts = event["amounts"]
            given = [amount for name, amount in amounts.items() if name in PAYERS and amount is not None]
            borne = [
                *given,
                *got.get("layers", {}).values(),
                got["relief"],
                got["personal"],
                got.get("hospital", "0.00"),
            ]
            assert sum(map(_fen, borne)) == _fen(amounts["total"]), (bill.title, got["id"])


@pytest.mark.parametrize("folder", PLANS, ids=NAMES)
def test_a_plan_says_that_it_is_a_sample(folder: Path) -> None:
    plan = policy(folder)

    assert plan.is_plan
    assert "样例" in plan.document.title
    assert () == coverage(plan).findings


def _fen(yuan: str) -> int:
    whole, _, cents = yuan.partition(".")
    return int(whole) * 100 + int(cents)
