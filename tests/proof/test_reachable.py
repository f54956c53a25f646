"""What stays true of the counts, by induction over every rule, and in every history that is tried."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.proof.policies import TWO_LINES, proved, small
from tuodi.core.money import format_yuan
from tuodi.engine.bind import bind
from tuodi.engine.case import read_case
from tuodi.engine.settle import Engine


def test_two_lines_bring_their_limits_thresholds_and_sums(tmp_path: Path) -> None:
    said = {fact.says for fact in proved(tmp_path, TWO_LINES).reachable}

    assert {
        "“年度限额”不超过 5000.00 元",
        "“再救助限额”不超过 3000.00 元",
        "“年度限额”不超过“年度负担”超过 1000.00 元的部分",
        "“再救助限额”不超过“年度救助后负担”超过 2000.00 元的部分",
        "“年度限额”与“年度救助后负担”合计不超过“年度负担”",
        "“再救助限额”与“年度限额”合计不超过“年度负担”",
    } <= said


def test_the_lowest_threshold_of_all_classes_is_what_holds(tmp_path: Path) -> None:
    policy = """
benefits:
  - id: low
    clause: 一
    for: poor
    services: [inpatient]
    of: burden
    above: {burden_of_year: 100}
    rate: 60%
    limit: {relief_of_year: 5000}
  - id: high
    clause: 一
    for: margin
    services: [inpatient]
    of: burden
    above: {burden_of_year: 3000}
    rate: 60%
    limit: {relief_of_year: 2000}
"""
    said = [fact.says for fact in proved(tmp_path, policy).reachable]

    assert "“年度限额”不超过“年度负担”超过 100.00 元的部分" in said
    assert "“年度限额”不超过“年度负担”超过 3000.00 元的部分" not in said


def test_a_rule_that_pays_without_counting_its_burden_breaks_the_bond(tmp_path: Path) -> None:
    policy = """
benefits:
  - id: counted
    clause: 一
    for: poor
    services: [inpatient]
    of: burden
    above: {burden_of_year: 100}
    rate: 60%
    limit: {relief_of_year: 500}
  - {id: uncounted, clause: 一, for: margin, services: [inpatient], of: burden, rate: 60%, limit: {relief_of_year: 500}}
"""

    assert ["“年度限额”不超过 500.00 元"] == [fact.says for fact in proved(tmp_path, policy).reachable]


@given(st.lists(st.integers(0, 900_000), max_size=8))
@settings(max_examples=60)
def test_every_history_keeps_what_is_proved(bills: list[int]) -> None:
    relief, again, burden, rest = _counts_after(bills)

    assert relief <= 500_000
    assert again <= 300_000
    assert relief == 0 or relief + 100_000 <= burden
    assert again == 0 or again + 200_000 <= rest
    assert rest + relief <= burden
    assert again + relief <= burden


def _counts_after(bills: list[int]) -> tuple[int, ...]:
    engine = _engine()
    case = read_case(
        {
            "policy": "small",
            "person": {
                "id": "P1",
                "insurance": "resident",
                "statuses": [{"status": "subsistence_allowance", "from": "2023-01-01", "to": None}],
            },
            "events": [_event(place, fen) for place, fen in enumerate(bills)],
        },
        engine.bound.policy,
    )
    state = dict(case.opening)
    person = engine.person(case.person)
    for event in case.events:
        engine.settle(person, event, state)
    names = ("relief_of_year", "again_of_year", "burden_of_year", "rest_of_year")
    return tuple(state.get((name, 2023), 0) for name in names)


def _event(place: int, fen: int) -> dict[str, object]:
    payers = dict.fromkeys(("basic", "critical_illness", "supplementary", "commercial", "other_relief"), "0.00")
    return {
        "id": f"e{place}",
        "date": "2023-06-01",
        "service": "inpatient",
        "facility": {"designated": True},
        "amounts": {"total": format_yuan(fen), "in_policy": format_yuan(fen), **payers},
    }


@cache
def _engine() -> Engine:
    with TemporaryDirectory() as folder:
        return Engine(bind(small(Path(folder), TWO_LINES)))
