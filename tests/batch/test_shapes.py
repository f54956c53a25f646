"""The hand-worked cases of every policy, those of the test policies of each shape too, in blocks as one by one."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import pytest

from tests.batch.plain import run_plainly
from tests.batch.test_settle import bound_by, compare
from tests.policies.worked import POLICIES, SHAPES, policy, worked_cases
from tuodi.batch.settle import BlockSettler
from tuodi.engine.bind import bind
from tuodi.engine.case import read_case
from tuodi.language.load import load_policy
from tuodi.language.shelf import packaged_plans


@pytest.mark.parametrize("folder", [*SHAPES, *POLICIES], ids=lambda folder: folder.name)
def test_hand_worked_cases_come_to_the_engines_fen(folder: Path) -> None:
    raws = sorted((worked.case for worked in worked_cases(folder)), key=bound_by)
    compared = 0
    for _, several in groupby(raws, key=bound_by):
        same = list(several)
        plan = load_policy(packaged_plans()[same[0]["plan"]]) if same[0].get("plan") else None
        cases = [read_case(raw, policy(folder), plan) for raw in same]
        with run_plainly():
            settler = BlockSettler(bind(policy(folder), same[0].get("parameters"), plan))
        compare(settler, cases)
        compared += len(cases)

    assert compared == len(raws) > 0
