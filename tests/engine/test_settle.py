"""One person's events in order: what is paid, what moves, what is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.small import small_policy
from tests.engine.told import MARGIN, bill, case, catalogue_policy, settled
from tuodi.core.citation import Citation
from tuodi.core.finding import Faults
from tuodi.engine.bind import bind
from tuodi.engine.outcome import Outcome, Stuck
from tuodi.engine.settle import NOT_FOR_DISEASE, NOT_LISTED, Engine, Note, settle_case
from tuodi.language.model import Policy

STAY = """
counts:
  year_burden: {per: year, clause: 一, label: 年度负担}
  year_relief: {per: year, clause: 一, label: 年度限额}
quantities:
  burden: {label: 负担, take: in_policy, less: [basic], at_most: [unpaid]}
benefits:
  - {id: stay, clause: 一, for: poor, services: [inpatient], of: burden, above: {year_burden: 1000}, rate: 70%,
     limit: {year_relief: 5000}}
"""


@pytest.fixture
def policy(tmp_path: Path) -> Policy:
    return small_policy(tmp_path, STAY)


def test_events_are_settled_in_the_order_given_each_on_what_stood_before(policy: Policy) -> None:
    result = settled(policy, bill("3000.00"), bill("6000.00"), bill("6000.00"))

    assert [140_000, 360_000, 0] == [settlement.relief for settlement in result.settlements]
    assert [160_000, 240_000, 600_000] == [settlement.personal for settlement in result.settlements]
    assert {("year_relief", 2023): 500_000, ("year_burden", 2023): 1_500_000} == result.state


def test_a_case_begins_with_the_counts_that_the_person_brings(policy: Policy) -> None:
    opening = [
        {"count": "year_relief", "key": "2023", "amount": "4999.00"},
        {"count": "year_burden", "key": "2023", "amount": "0.00"},
    ]

    result = settled(policy, bill("3000.00"), opening=opening)

    assert {("year_relief", 2023): 499_900} == result.opening
    assert 100 == result.settlements[0].relief
    assert {("year_relief", 2023): 500_000, ("year_burden", 2023): 300_000} == result.state


def test_a_refusal_moves_nothing_and_names_its_rule(policy: Policy) -> None:
    result = settled(policy, bill("3000.00"), statuses=[MARGIN])

    settlement = result.settlements[0]
    assert settlement.refusal is not None
    assert "no_rule" == settlement.refusal.id
    assert (0, 300_000, ()) == (settlement.relief, settlement.personal, settlement.lines)
    assert {} == result.state


def test_a_line_cites_the_document_of_its_policy(policy: Policy) -> None:
    settlement = settled(policy, bill("3000.00")).settlements[0]

    assert Citation(document="测试〔2023〕1号", clause="一") == settlement.engine.citation(settlement.lines[0].rule)


def test_what_every_event_lacks_is_found_at_once_with_its_place(tmp_path: Path) -> None:
    rest = """
quantities:
  burden: {label: 负担, take: in_policy, at_most: [unpaid]}
benefits:
  - {id: near, clause: 一, for: poor, services: [inpatient], when: {county: true}, of: burden, rate: 70%}
"""
    policy = small_policy(tmp_path, rest)
    far = bill("1000.00")
    del far["facility"]["county"]

    with pytest.raises(Faults) as faults:
        settled(policy, far, bill("1000.00"), far)

    assert ["events[0].facility.county", "events[2].facility.county"] == [
        finding.place.path for finding in faults.value.findings
    ]


def test_a_person_and_a_parameter_are_not_places_of_an_event(tmp_path: Path) -> None:
    rest = """
parameters:
  share: {type: rate, label: 比例, clause: 一, set_by: 市医保局}
quantities:
  burden: {label: 负担, take: in_policy, at_most: [unpaid]}
benefits:
  - {id: old, clause: 一, for: poor, services: [inpatient], when: {age: {at_least: 60}}, of: burden, rate: 70%}
  - {id: other, clause: 一, for: poor, services: [outpatient], of: burden, rate: {parameter: share}}
"""
    policy = small_policy(tmp_path, rest)

    with pytest.raises(Faults) as faults:
        settled(policy, bill("1000.00"), bill("1000.00", service="outpatient"), birth_date=None)

    assert ["person.birth_date", "parameters.share"] == [finding.place.path for finding in faults.value.findings]


def test_an_engine_serves_many_cases_and_keeps_nothing_of_them(policy: Policy) -> None:
    engine = Engine(bind(policy))
    one = case(policy, [bill("3000.00")])

    assert settle_case(engine, one).state == settle_case(engine, one).state


def test_the_interpreter_settles_the_same_event_the_same(policy: Policy) -> None:
    result = settled(policy, bill("3000.00"))
    settlement = result.settlements[0]

    again = result.engine.interpret(settlement.situation, {})

    assert settlement.outcome == again.outcome


def test_items_that_the_catalogue_does_not_count_are_noted(tmp_path: Path) -> None:
    policy = catalogue_policy(tmp_path)
    goods = [{"item": name, "personal": "100.00"} for name in ("甲药", "乙药", "丙药")]

    priced = {"prices": {"甲药": "1000.00"}}
    settlement = settled(policy, bill("1000.00", disease="甲病", items=goods), parameters=priced).settlements[0]

    assert ["甲药"] == [line.item for line in settlement.lines]
    assert (Note("乙药", "附件", NOT_FOR_DISEASE), Note("丙药", "附件", NOT_LISTED)) == settlement.notes


LAYERS = """
layers:
  - {id: basic, label: 基本医保}
  - {id: critical_illness, label: 大病保险}
benefits:
  - {id: basic_stay, clause: 样, layer: basic, for: everyone, services: [inpatient], of: in_policy, above: 500,
     rate: 60%}
  - {id: serious, clause: 样, layer: critical_illness, for: everyone, services: [inpatient], of: unpaid, rate: 10%}
clauses:
  样: {is: benefit, says: 样例}
"""


def test_layers_pay_before_relief_and_are_cited_from_the_plan(policy: Policy, tmp_path: Path) -> None:
    plan = small_policy(tmp_path, LAYERS, kind="plan", name="plan")

    settlement = settled(policy, bill("3000.00", None, None, None), plan=plan).settlements[0]

    assert {"basic": 150_000, "critical_illness": 15_000} == settlement.layers
    assert ["basic_stay", "serious", "stay"] == [line.rule.id for line in settlement.all_lines]
    assert ["stay"] == [line.rule.id for line in settlement.lines]
    assert "样" == settlement.engine.citation(settlement.all_lines[0].rule).clause


def test_given_payments_are_no_layers(policy: Policy, tmp_path: Path) -> None:
    plan = small_policy(tmp_path, LAYERS, kind="plan", name="plan")

    assert {"critical_illness": 10_000} == settled(
        policy, bill("3000.00", None, "2000.00", None), plan=plan
    ).settlements[0].layers


def test_a_payer_that_is_neither_given_nor_computed_is_asked_for(policy: Policy, tmp_path: Path) -> None:
    plan = small_policy(tmp_path, LAYERS, kind="plan", name="plan")

    with pytest.raises(Faults) as faults:
        settled(policy, bill("3000.00", None, None, service="outpatient"), plan=plan)

    assert ["events[0].amounts.basic"] == [finding.place.path for finding in faults.value.findings]


def test_a_text_that_stops_where_the_interpreter_does_not_is_a_bug(policy: Policy) -> None:
    def stopping(*_: object) -> Outcome:
        raise Stuck

    engine = Engine(bind(policy))
    engine._run = stopping

    with pytest.raises(AssertionError, match="INV-13"):
        settle_case(engine, case(policy, [bill("3000.00")]))
