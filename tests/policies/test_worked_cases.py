"""Every case that was worked by hand from a document's text settles to the same fen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.policies.worked import POLICIES, SHAPES, WorkedCase, settled, worked_cases

MANDATORY = {
    "limit_exact", "limit_cross", "year_change", "two_statuses", "status_ends", "zero", "rounding_tie",
    "not_designated",
}  # fmt: skip

IMPOSSIBLE = {"qingdao-2018-1": {"rounding_tie"}}
"""Qingdao relieves at 100 % of whole fen: nothing is ever rounded but 120 % of a limit, which has no tie."""


def _all() -> Iterator[object]:
    for folder in [*POLICIES, *SHAPES]:
        for case in worked_cases(folder):
            yield pytest.param(case, id=f"{folder.name}: {case.title}")


@pytest.mark.parametrize("case", list(_all()))
def test_the_hand_worked_amounts_are_what_the_engine_gives(case: WorkedCase) -> None:
    assert case.expected == settled(case)


@pytest.mark.parametrize("folder", POLICIES, ids=lambda folder: folder.name)
def test_each_policy_has_enough_cases_with_their_arithmetic(folder: Path) -> None:
    cases = worked_cases(folder)

    assert len(cases) >= 15
    assert IMPOSSIBLE.get(folder.name, set()) == MANDATORY - {tag for case in cases for tag in case.covers}
    assert [] == [case.title for case in cases if not case.arithmetic.strip()]


def test_the_cases_are_plain_yaml_with_distinct_titles() -> None:
    for folder in POLICIES:
        titles = [case.title for case in worked_cases(folder)]
        assert len(titles) == len(set(titles)), folder.name
