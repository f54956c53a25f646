"""What sentences ask of the numbers: which limit cut a line, and which only stood beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.small import small_policy
from tests.engine.told import bill, settled
from tuodi.engine.explain import explain
from tuodi.engine.wording import limits

TWO_LIMITS = """
counts:
  ordinary: {per: year, clause: 一, label: 普通限额}
  serious: {per: year, clause: 一, label: 重病限额}
  joint: {per: year, clause: 一, label: 合计限额, sum_of: [ordinary, serious]}
benefits:
  - {id: stay, clause: 一, for: poor, services: [inpatient], of: unpaid, rate: 100%,
     limit: {ordinary: 1000, joint: 1500}}
  - {id: visit, clause: 一, for: poor, services: [outpatient], of: unpaid, rate: 100%, limit: {serious: none}}
"""


@pytest.mark.parametrize(
    ("before", "total", "cut"),
    [
        ("0.00", "900.00", [False, False]),
        ("0.00", "1600.00", [True, False]),  # the joint limit has 1500 left, and is asked for 1000 only
        ("500.00", "1600.00", [True, False]),  # as much is left as is asked for
        ("600.00", "1600.00", [True, True]),
        ("600.00", "950.00", [False, True]),
    ],
)
def test_a_limit_cuts_what_the_limits_before_it_let_through(
    tmp_path: Path, before: str, total: str, cut: list[bool]
) -> None:
    policy = small_policy(tmp_path, TWO_LIMITS)
    events = [bill(before, service="outpatient"), bill(total)]

    line = explain(settled(policy, *events).settlements[-1]).lines[0]

    assert cut == [cuts for _, cuts in limits(line)]


def test_only_a_limit_that_cut_is_said_to_have_only_so_much_left(tmp_path: Path) -> None:
    policy = small_policy(tmp_path, TWO_LIMITS)

    settlement = settled(policy, bill("1600.00")).settlements[0]

    text = "普通限额 1,000.00 元已用 0.00 元，只剩 1,000.00 元，合计限额 1,500.00 元已用 0.00 元，还剩 500.00 元，付 "
    assert text in explain(settlement).text
    assert "limit “合计限额” 1,500.00: 0.00 used, 500.00 left, pays 1,000.00" in explain(settlement, "en").text
