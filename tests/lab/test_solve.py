"""A search ends at the boundary: its value meets the budget, the next one does not, and both sums are the engine's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.lab.lab_cases import by_engine, people, policy, standing
from tests.proof.policies import small
from tuodi.core.finding import Faults
from tuodi.engine.funding import funding_of, split
from tuodi.lab.budget import Fund
from tuodi.lab.change import Regime, chosen_by, regime, with_settings
from tuodi.lab.people import CasePeople
from tuodi.lab.results import Outcome, Progress, Solution
from tuodi.lab.solve import ANY, Goal, Range, leaving, solve, spending

SIZE = 120


def spent(before: Regime, path: str, text: str, cases: Any) -> int:
    """What the engine pays with the number."""
    after = with_settings(before, chosen_by(before, [f"{path}={text}"]))
    return sum(case.relief for case in by_engine(after, cases))


def middle(name: str, path: str, low: str, high: str) -> int:
    """A budget between what two values cost."""
    cases = people(name, SIZE).cases
    return (spent(standing(name), path, low, cases) + spent(standing(name), path, high, cases)) // 2


def found(name: str, path: str, goal: Goal, among: Range = ANY) -> Solution:
    return solve(standing(name), path, goal, people(name, SIZE), among)


BOUNDARIES = [
    ("liaocheng-2022-5", "benefits.relief_1.rate", "50%", "90%", 1),
    ("liaocheng-2022-5", "benefits.relief_1.limit.relief_of_year", "5000", "20000", 1),
    ("liaocheng-2022-5", "benefits.relief_2.above", "1000", "6000", -1),
    pytest.param("ningbo-2019-27", "benefits.*.limit.relief_of_year", "3000", "30000", 1, marks=pytest.mark.slow),
    pytest.param("anshan-2019-37", "benefits.subsistence_stay.rate", "40%", "90%", 2, marks=pytest.mark.slow),
    ("qingdao-2018-1", "benefits.rigid_expenditure.rate", "40%", "100%", 1),
    ("yangquan-2019-45", "benefits.late_stage.amount", "1000", "9000", 1),
]


@pytest.mark.parametrize(("name", "path", "low", "high", "step"), BOUNDARIES)
def test_the_value_meets_the_budget_and_the_next_does_not(name: str, path: str, low: str, high: str, step: int) -> None:
    goal = spending(middle(name, path, low, high))
    answer = found(name, path, goal)
    cases = people(name, SIZE).cases

    assert Outcome.FOUND is answer.outcome
    assert answer.next_value is not None and answer.next_spent is not None
    assert step == answer.next_value - answer.value
    assert answer.spent <= goal.budget < answer.next_spent
    assert spent(standing(name), path, answer.text, cases) == answer.spent
    assert spent(standing(name), path, answer.next_text, cases) == answer.next_spent
    assert sum(case.relief for case in by_engine(standing(name), cases)) == answer.current_spent
    assert answer.text in answer.says and answer.next_text in answer.says


def test_every_value_within_a_range_is_on_its_side_of_the_boundary() -> None:
    name, path = "liaocheng-2022-5", "benefits.relief_1.rate"
    answer = found(name, path, spending(middle(name, path, "69%", "71%")), Range("69%", "71%"))
    cases = people(name, SIZE).cases

    for value in range(6900, 7101, 7):
        text = f"{value // 100}.{value % 100:02d}%"
        assert (value <= answer.value) == (spent(standing(name), path, text, cases) <= answer.budget)


def test_what_one_budget_bears_can_be_the_goal() -> None:
    name, path, payer = "yangquan-2019-45", "benefits.stay.rate", "县（区）级财政（配套）"
    cases = people(name, SIZE).cases

    def borne(text: str) -> int:
        after = with_settings(standing(name), chosen_by(standing(name), [f"{path}={text}"]))
        lines = [line for case in by_engine(after, cases) for one in case.result.settlements for line in one.lines]
        shares = [
            share
            for line in lines
            if (funding := funding_of(policy(name), line.rule.id)) is not None
            for share in split(line.paid, funding.payers)
        ]
        return sum(share.fen for share in shares if share.payer == payer)

    goal = spending((borne("40%") + borne("80%")) // 2, payer)
    answer = found(name, path, goal)

    assert Outcome.FOUND is answer.outcome
    assert borne(answer.text) == answer.spent <= goal.budget
    assert borne(answer.next_text) == answer.next_spent
    assert payer in answer.goal


@pytest.mark.slow
def test_a_parameter_that_nobody_has_set_can_be_found() -> None:
    unset = regime(policy("ningbo-2019-27"), {"high_cost": "20000.00"})
    cases = people("ningbo-2019-27", SIZE).cases
    path = "parameters.other_special_rate"
    goal = spending((spent(unset, path, "20%", cases) + spent(unset, path, "60%", cases)) // 2)
    answer = solve(unset, path, goal, people("ningbo-2019-27", SIZE))

    assert "未确定" == answer.current_text
    assert sum(case.relief for case in by_engine(unset, cases)) == answer.current_spent
    assert spent(unset, path, answer.text, cases) == answer.spent <= goal.budget
    assert answer.next_spent is not None and goal.budget < answer.next_spent


def test_a_reserve_is_left_to_the_fen() -> None:
    fund = Fund(income=10_000_001, opening=5, other=3)

    assert 10_000_003 - 500_001 == leaving(500, fund).budget
    assert "5%" in leaving(500, fund).says


@pytest.mark.parametrize(
    ("budget", "outcome", "says"), [(0, Outcome.NEVER, "取任何值都不满足"), (10**12, Outcome.ALWAYS, "取任何值都满足")]
)
def test_a_goal_that_no_value_or_every_value_meets_is_told(budget: int, outcome: Outcome, says: str) -> None:
    answer = found("liaocheng-2022-5", "benefits.illness.rate", spending(budget))

    assert outcome is answer.outcome
    assert answer.says.startswith(says)
    assert (None, None) == (answer.next_value, answer.next_spent)


def test_a_value_that_breaks_the_policy_is_not_offered_as_sound() -> None:
    answer = found("liaocheng-2022-5", "benefits.illness.rate", spending(10**12))

    assert "100%" == answer.text
    assert answer.broken is not None and answer.broken.failures
    assert () == answer.changes
    assert "不能采用" in answer.says


COMPETING = """
choose: highest_rate
benefits:
  - id: narrow
    clause: 一
    for: poor
    services: [inpatient]
    of: burden
    above: 300
    rate: 50%
    limit: {again_of_year: 5000}
  - id: wide
    clause: 一
    for: poor
    services: [inpatient]
    of: burden
    rate: 60%
    limit: {relief_of_year: 5000}
"""


def bill(total: str) -> dict[str, Any]:
    amounts = dict.fromkeys(("basic", "critical_illness", "supplementary", "commercial", "other_relief"), "0.00")
    return {
        "policy": "small",
        "person": {
            "id": "P1",
            "insurance": "resident",
            "statuses": [{"status": "subsistence_allowance", "from": "2023-01-01", "to": None}],
        },
        "events": [
            {
                "id": "e1",
                "date": "2023-03-01",
                "service": "inpatient",
                "facility": {"designated": True},
                "amounts": {"total": total, "in_policy": total, **amounts},
            }
        ],
    }


def test_a_sum_that_does_not_run_one_way_is_told_with_values_that_show_it(tmp_path: Path) -> None:
    before = regime(small(tmp_path, COMPETING))
    crowd = CasePeople(label="一人", cases=[bill("1000.00")])
    answer = solve(before, "benefits.narrow.rate", spending(50_000), crowd)

    assert Outcome.NOT_MONOTONE is answer.outcome
    assert answer.against
    assert "并非随这个数单向变化" in answer.says
    assert answer.spent <= 50_000 < (answer.next_spent or 0)


# ---- which values ----------------------------------------------------------------------------------------------------


def test_only_values_that_the_loader_takes_are_tried() -> None:
    answer = found("anshan-2019-37", "benefits.subsistence_stay.rate", spending(0))

    assert all(row.value % 2 == 0 for row in answer.tried), "half of it is a whole basis point"


@pytest.mark.parametrize(
    ("path", "among", "code"),
    [
        ("benefits.zzz.rate", ANY, "unknown-number"),
        ("benefits.relief_1.*", ANY, "mixed-units"),
        ("benefits.relief_1.rate", Range("80%", "70%"), "no-value"),
        ("benefits.relief_1.rate", Range("80", ""), "wrong-unit"),
    ],
)
def test_what_cannot_be_searched_is_a_finding(path: str, among: Range, code: str) -> None:
    with pytest.raises(Faults) as caught:
        found("liaocheng-2022-5", path, spending(1), among)

    assert [code] == [one.code for one in caught.value.findings]


def test_progress_is_told_of_reading_and_of_each_value() -> None:
    told: list[Progress] = []
    name, path = "qingdao-2018-1", "benefits.rigid_expenditure.rate"
    answer = solve(standing(name), path, spending(1_000_000), people(name, SIZE), tell=told.append)

    assert {"读取"} == {one.stage for one in told if not one.stage.startswith("试算")}
    assert len(answer.tried) == sum(one.stage.startswith("试算") for one in told)


def test_the_sheets_show_what_was_tried() -> None:
    name, path = "liaocheng-2022-5", "benefits.relief_1.rate"
    answer = found(name, path, spending(middle(name, path, "50%", "90%")))

    assert {"changes", "tried"} <= {one.id for one in answer.sheets()}
    assert [row.value for row in answer.tried] == sorted(row.value for row in answer.tried)
