"""The same catalogue item twice on one bill: each line is told with what holds for itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.told import bill, catalogue_policy, settled
from tuodi.engine.explain import explain

PRICES = {"prices": {"甲药": "100.00"}}


@pytest.mark.parametrize(
    "reviewed", [[False, True, False], [True, False, False], [False, False, True], [True, True, False]]
)
def test_each_of_two_lines_of_an_item_has_its_own_reasons(tmp_path: Path, reviewed: list[bool]) -> None:
    policy = catalogue_policy(tmp_path)
    items = [{"item": "甲药", "personal": "300.00", "expert_review": review} for review in reviewed]
    items.insert(1, {"item": "乙药", "personal": "5.00"})

    settlement = settled(policy, bill("1000.00", disease="甲病", items=items), parameters=PRICES).settlements[0]
    limits = [line.limits[0] for line in explain(settlement).lines]

    assert [120_00 if review else 100_00 for review in reviewed] == [limit.limit for limit in limits]
    assert reviewed == [bool(limit.adjusted) for limit in limits]


def test_lines_without_items_stand_beside_those_of_items(tmp_path: Path) -> None:
    policy = catalogue_policy(tmp_path)
    items = [{"item": "甲药", "personal": "30.00"}]

    why = explain(settled(policy, bill("1000.00", disease="甲病", items=items), parameters=PRICES).settlements[0])

    assert ["甲药"] == [line.item for line in why.lines]
    assert () == why.lines[0].limits[0].adjusted
