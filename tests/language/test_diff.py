"""What differs in substance between two policies."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.language.example import example
from tuodi.language.diff import Change, Difference, differences
from tuodi.language.load import load_policy
from tuodi.language.model import (
    Catalogue,
    CatalogueEntry,
    Disease,
    DiseaseList,
    Fixed,
    Policy,
    Proportion,
    Refuse,
)
from tuodi.language.shelf import packaged_policies


def told(old: Policy, new: Policy) -> list[tuple[str, str, str, str, str]]:
    return [(one.part, one.label, one.facet or one.change.value, one.old, one.new) for one in differences(old, new)]


@pytest.mark.parametrize("name", packaged_policies())
def test_a_policy_does_not_differ_from_itself(name: str) -> None:
    policy = load_policy(packaged_policies()[name])

    assert () == differences(policy, replace(policy, content_hash="1" * 64))


def test_a_changed_rate_is_one_difference_with_its_clause() -> None:
    old = example()
    first, *rest = old.benefits
    new = replace(old, benefits=(replace(first, pay=Proportion(rate=Fixed(amount=8000))), *rest))

    assert (
        Difference(
            change=Change.CHANGED,
            part="待遇",
            label="医疗救助",
            clause="三(二)1",
            facet="比例或定额",
            old="70%",
            new="80%",
        ),
    ) == differences(old, new)


def test_what_is_added_and_removed_is_told_whole() -> None:
    old = example()
    new = replace(old, benefits=(replace(old.benefits[0], id="other", label="新的"), old.benefits[1]))
    added, removed = (one for one in differences(old, new) if one.part == "待遇")

    assert (Change.ADDED, "新的", "") == (added.change, added.label, added.old)
    assert "比例或定额：70%" in added.new
    assert (Change.REMOVED, "医疗救助", "") == (removed.change, removed.label, removed.new)
    assert "限额：年度救助限额30,000元" in removed.old


def test_another_order_of_the_same_rules_is_a_difference() -> None:
    old = example()

    assert [("待遇", "先后次序", "次序", "医疗救助、医疗救助", "医疗救助、医疗救助")] == told(
        old, replace(old, benefits=tuple(reversed(old.benefits)))
    )


def test_the_order_of_what_has_no_precedence_is_no_difference() -> None:
    old = example()

    assert [] == told(old, replace(old, counts=dict(reversed(old.counts.items()))))


def test_a_rule_that_now_refuses_has_no_rate_or_limit() -> None:
    old = example()
    refusing = replace(old.benefits[1], pay=Refuse(reason="不再救助"), of=None, above=None, limits=(), adjust=())
    facets = [facet for _, _, facet, _, _ in told(old, replace(old, benefits=(old.benefits[0], refusing)))]

    assert ["基数", "起付线", "比例或定额", "限额", "调整"] == facets


def test_each_row_of_a_list_is_compared() -> None:
    def with_lists(*diseases: Disease, items: tuple[str, ...]) -> Policy:
        entries = tuple(CatalogueEntry(disease="肺癌", item=item, kind="drug") for item in items)
        return replace(
            example(),
            lists={"l": DiseaseList(id="l", label="名单", clause="附件", diseases=diseases)},
            catalogues={"c": Catalogue(id="c", label="目录", clause="附件", diseases="l", entries=entries)},
        )

    def disease(name: str, *codes: str) -> Disease:
        return Disease(name=name, aliases=(), icd10=codes)

    assert [
        ("名单", "名单", "肺癌", "有（C34）", "有（C33 C34）"),
        ("名单", "名单", "胃癌", "有（C16）", ""),
        ("名单", "目录", "肺癌：乙药", "", "有（drug）"),
    ] == told(
        with_lists(disease("肺癌", "C34"), disease("胃癌", "C16"), items=("甲药",)),
        with_lists(disease("肺癌", "C33", "C34"), items=("甲药", "乙药")),
    )


def test_two_cities_differ_in_everything() -> None:
    folders = packaged_policies()
    found = differences(load_policy(folders["liaocheng-2022-5"]), load_policy(folders["yangquan-2019-45"]))

    assert {"文件", "对象类别", "待遇", "名单", "经办流程", "资金分担", "参数", "条款"} <= {one.part for one in found}
