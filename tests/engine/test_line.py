"""A line says every number that led to what it paid."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.engine.small import small_policy
from tests.engine.told import bill, settled
from tuodi.engine.line import BandPart, LimitLeft, Line

COUNTS = """
facts:
  days: {type: count, label: 天数}
counts:
  burden: {per: year, clause: 一, label: 年度负担}
  relief: {per: year, clause: 一, label: 年度限额}
  joint: {per: year, clause: 一, label: 合计限额}
benefits:
"""


def lines(tmp_path: Path, benefits: str, *, total: str = "1000.00", **event: Any) -> tuple[Line, ...]:
    """The lines of one stay under these benefits."""
    policy = small_policy(tmp_path, COUNTS + benefits)
    return settled(policy, bill(total, **event)).settlements[0].lines


def line(tmp_path: Path, benefit: str, **event: Any) -> Line:
    """The line of one stay under one benefit."""
    (only,) = lines(tmp_path, f"  - {{id: only, clause: 一, for: poor, services: [inpatient], {benefit}}}\n", **event)
    return only


def test_a_rate_on_the_part_above_a_threshold(tmp_path: Path) -> None:
    found = line(tmp_path, "of: unpaid, above: {burden: 300}, rate: 70%, limit: {relief: 10000}")

    assert ("only", None, 49_000) == (found.rule.id, found.item, found.paid)
    assert (100_000, 0, 30_000, 70_000, 7000) == (found.base, found.before, found.threshold, found.part, found.rate)
    assert (49_000, 49_000, 100_000) == (found.due, found.limited, found.bill)
    assert (LimitLeft("relief", 1_000_000, 0, 1_000_000, 951_000),) == found.limits
    assert (70_000, None) == (found.basis, found.cut_by)
    assert (None, None, ()) == (found.amount, found.each, found.bands)


def test_bands_are_lines_of_several_rates(tmp_path: Path) -> None:
    found = line(tmp_path, "of: unpaid, above: {burden: 100}, bands: [{to: 400, rate: 50%}, {rate: 60%}]")

    assert (BandPart(10_000, 40_000, 30_000, 5000), BandPart(40_000, None, 60_000, 6000)) == found.bands
    assert (90_000, 51_000, None) == (found.basis, found.paid, found.rate)


def test_a_grant_has_no_basis_and_no_bill(tmp_path: Path) -> None:
    found = line(tmp_path, "amount: 20, each: days", days=15)

    assert (2000, 15, 30_000, None, None) == (found.amount, found.each, found.paid, found.basis, found.bill)


def test_the_smallest_limit_cuts_and_is_named(tmp_path: Path) -> None:
    benefit = "of: unpaid, rate: 100%, limit: {relief: 500, joint: 300, burden: 600}"

    assert ("joint", 30_000) == (line(tmp_path, benefit).cut_by, line(tmp_path, benefit).paid)


def test_of_equal_limits_the_first_is_named(tmp_path: Path) -> None:
    assert "relief" == line(tmp_path, "of: unpaid, rate: 100%, limit: {relief: 300, joint: 300}").cut_by


def test_what_the_bill_cuts_after_a_limit_is_cut_by_the_bill(tmp_path: Path) -> None:
    benefits = """
  - {id: first, clause: 一, for: poor, services: [inpatient], of: unpaid, rate: 80%}
  - {id: second, clause: 一, after: first, for: poor, services: [inpatient], of: unpaid, rate: 80%,
     limit: {relief: 300}}
"""

    first, second = lines(tmp_path, benefits)

    assert (None, "bill", 20_000) == (first.cut_by, second.cut_by, second.paid)
    assert (80_000, 30_000, 20_000) == (second.due, second.limited, second.bill)


def test_a_lifted_limit_has_nothing_left_to_say(tmp_path: Path) -> None:
    adjust = "adjust: [{changes: limit, clause: 一, when: {level: 3}, none: true}]"

    found = line(tmp_path, f"of: unpaid, rate: 70%, limit: {{relief: 300}}, {adjust}")

    assert (None, None) == (found.limits[0].limit, found.limits[0].left)
    assert 70_000 == found.paid


def test_what_a_limit_left_uncovered_is_shown_in_fen(tmp_path: Path) -> None:
    benefits = """
  - {id: first, clause: 一, for: poor, services: [inpatient], of: unpaid, rate: 70%, limit: {relief: 100}}
  - {id: rest, clause: 一, after: first, for: poor, services: [inpatient], of: {uncovered_of: first}, rate: 50%}
"""

    _, rest = lines(tmp_path, benefits)

    assert (85_714, 85_714, 42_857) == (rest.base, rest.basis, rest.paid)  # 1000 - 100 / 70 %


def test_what_a_rate_of_nothing_left_uncovered_is_nothing(tmp_path: Path) -> None:
    benefits = """
  - {id: first, clause: 一, for: poor, services: [inpatient], of: unpaid, rate: 0%}
  - {id: rest, clause: 一, after: first, for: poor, services: [inpatient], of: {uncovered_of: first}, rate: 50%}
"""

    _, rest = lines(tmp_path, benefits)

    assert (0, 0) == (rest.base, rest.paid)
