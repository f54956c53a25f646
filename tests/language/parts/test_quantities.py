"""Operands and quantities: what they name, and what they are called without a label."""

from pathlib import Path

import pytest

from tests.language.written import codes, part, policy
from tuodi.language.model import (
    Column,
    ItemBurden,
    LeftOf,
    Operand,
    QuantityRef,
    TallyOf,
    UncoveredOf,
    Unpaid,
)
from tuodi.language.parts.quantities import operand_label


@pytest.mark.parametrize(
    ("operand", "expected"),
    [
        (Column(name="in_policy"), "政策范围内费用"),
        (Column(name="package_limit"), "package_limit"),
        (Unpaid(), "未支付余额"),
        (ItemBurden(), "项目个人负担"),
        (QuantityRef(quantity="burden"), "burden"),
        (LeftOf(quantity="burden"), "burden 救助后余额"),
        (UncoveredOf(benefit="relief"), "relief 超限未覆盖额"),
        (TallyOf(count="stays"), "stays 合计"),
    ],
)
def test_every_operand_can_be_called(operand: Operand, expected: str) -> None:
    assert expected == operand_label(operand)


@pytest.mark.parametrize(
    ("written", "label"),
    [
        ("{take: in_policy}", "政策范围内费用"),
        ("{take: [in_policy, basic], less: commercial}", "政策范围内费用＋基本医保－商业保险"),
        ("{take: total, times: 50%, less: [unpaid]}", "（医疗总费用）按比例－未支付余额"),
        ("{label: 甲, take: total}", "甲"),
    ],
)
def test_a_quantity_without_a_label_is_called_by_what_it_is_made_of(tmp_path: Path, written: str, label: str) -> None:
    quantities = policy(tmp_path, ("{take: in_policy, less: [basic, critical_illness], at_most: [unpaid]}", written))

    assert label == quantities.quantities["burden"].label


def test_a_quantity_written_in_place_is_named_after_its_entry(tmp_path: Path) -> None:
    found = policy(
        tmp_path,
        ("quantities:\n  burden: {take: in_policy, less: [basic, critical_illness], at_most: [unpaid]}\n\n", ""),
        ("of: burden", "of: {take: {take: total, less: basic}, at_most: in_policy}"),
    )

    assert QuantityRef(quantity="relief__2") == found.benefits[0].of
    assert {"relief__1", "relief__2"} == set(found.quantities)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("in_polic", ["unknown-quantity"]),
        ("[burden]", ["wrong-form"]),
        ("{left: burden}", ["unknown-key"]),
        ("{left_of: burdn}", ["unknown-quantity"]),
        ("{uncovered_of: releif}", ["unknown-benefit"]),
        ("{tally: relief_of_years}", ["unknown-count"]),
        ("{tally: relief_of_year, year: month}", ["wrong-unit"]),
        ("{take: []}", ["nothing"]),
        ("{less: basic}", ["unknown-key"]),
        ("{take: total, times: 2}", ["rate-without-percent"]),
        ("filed", ["wrong-unit"]),
    ],
)
def test_what_is_no_operand_is_told(tmp_path: Path, written: str, expected: list[str]) -> None:
    facts = part("facts:\n  filed: {type: flag, label: 备案, default: true}\n")
    found = codes(
        tmp_path, facts, ("of: burden", f"of: {written}"), ("rate: 70%", "when: {filed: true}\n    rate: 70%")
    )

    assert expected == [code for code in found if not code.startswith("unused")]
