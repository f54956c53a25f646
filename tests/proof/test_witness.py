"""A counter-example is a case: counts under their keys, items of the catalogue, and no more than it must say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.proof.policies import SHAPES, document, document_proved
from tuodi.engine.bind import Bound, bind
from tuodi.engine.program import Room, Taken
from tuodi.language.load import load_policy
from tuodi.language.model import Property
from tuodi.proof.prove import prove, prove_bound
from tuodi.proof.report import Failure, ProofReport, Verdict

PLANS = Path(__file__).parents[2] / "src/tuodi/plans"

FORGETFUL = [
    ("liaocheng-2022-5", "relief_1", "relief_of_year", "2023"),
    ("liaocheng-2022-5", "illness", "relief_of_recognition", "2023-01-10"),
    ("yangquan-2019-45", "one_off", "one_off_relief", "2020"),
]


@pytest.mark.parametrize(("name", "benefit", "count", "key"), FORGETFUL)
def test_a_line_that_forgets_what_was_used_fails_from_a_count_that_the_case_brings_along(
    name: str, benefit: str, count: str, key: str
) -> None:
    failure = _failure(prove_bound(_forgetting(name, benefit)), Property.LIMIT, benefit)

    (opening,) = [entry for entry in _case(failure)["opening"] if entry["count"] == count]
    assert (key, True) == (opening["key"], failure.counterexample.reproduced)


def test_a_count_of_an_item_stands_under_the_items_name() -> None:
    report = prove_bound(_forgetting("qingdao-2018-1", "rigid_expenditure"))
    failure = _failure(report, Property.LIMIT, "rigid_expenditure")

    case = _case(failure)
    (item,) = case["events"][0]["items"]
    assert failure.counterexample.reproduced
    assert [f"{item['item']}/2018"] == [entry["key"] for entry in case["opening"]]
    assert {item["item"]} == {*case["parameters"]["item_limits"]}


def test_a_case_says_no_more_than_it_must() -> None:
    failure = _failure(document_proved("yangquan-2019-45"), Property.MONOTONE_PERSONAL, "package_20")

    assert {"id", "insurance", "statuses"} == {*_case(failure)["person"]}
    assert {"id", "date", "service", "facility", "disease", "package_limit", "amounts"} == {
        *_case(failure)["events"][0]
    }


def test_a_limit_shared_by_layers_lets_relief_fall_and_the_case_leaves_the_layers_to_be_computed() -> None:
    report = document_proved("shared-by-layers")
    failure = _failure(report, Property.MONOTONE_RELIEF, "relief")

    smaller, larger = failure.counterexample.relief
    assert larger < smaller
    assert failure.counterexample.reproduced
    amounts = _case(failure)["events"][0]["amounts"]
    assert (None, None, "0.00") == (amounts["basic"], amounts["critical_illness"], amounts["supplementary"])
    assert Verdict.HOLDS is report.result(Property.MONOTONE_PERSONAL).verdict


def test_a_policy_with_an_insurance_plan_is_proved_layer_by_layer() -> None:
    plan = load_policy(PLANS / "liaocheng-resident-2022")

    report = prove(document("liaocheng-2022-5"), None, plan)

    assert ("liaocheng-resident-2022", ()) == (report.plan, report.findings())
    assert {"basic_stay", "critical_illness", "relief_1"} <= {name for c in report.curves for name in c.benefits}
    assert any("逐层证明" in said for said in report.assumptions)


def test_what_layers_pay_more_is_looked_at_in_whole_events_where_single_layers_say_too_little() -> None:
    plan = load_policy(PLANS / "yangquan-resident-2020")

    report = prove(document("yangquan-2019-45"), None, plan)
    failure = _failure(report, Property.MONOTONE_PERSONAL, "package_20")

    assert failure.counterexample.reproduced
    assert plan.document.id == _case(failure)["plan"]
    assert _case(failure)["events"][0]["amounts"]["basic"] is None


@pytest.mark.parametrize("name", sorted(entry.name for entry in SHAPES.iterdir() if entry.is_dir()))
def test_the_shapes_of_other_cities_are_decided(name: str) -> None:
    report = document_proved(name)

    assert [] == [result.undecided for result in report.properties if result.undecided]
    assert all(failure.counterexample.reproduced for result in report.properties for failure in result.failures)


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _forgetting(name: str, benefit: str) -> Bound:
    """The document's program, with a benefit that takes its limits as if nothing had been used of them."""
    bound = bind(document(name))
    program = bound.program
    rule = next(rule for rule in program.rules if rule.id == benefit)
    nothing = Taken(dst="nothing", quantity="nothing")
    steps = tuple(replace(step, used=nothing.dst) if isinstance(step, Room) else step for step in rule.steps)
    faulty = replace(rule, steps=(nothing, *steps))
    rules = tuple(faulty if old.index == rule.index else old for old in program.rules)
    return replace(bound, program=replace(program, rules=rules))


def _failure(report: ProofReport, of: Property, about: str) -> Failure:
    return next(failure for failure in report.result(of).failures if about in failure.names)


def _case(failure: Failure) -> Any:
    return failure.counterexample.cases[0]
