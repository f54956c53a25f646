"""Names: none means two things, none stands unused."""

from pathlib import Path

import pytest

from tests.language.written import codes, findings, part
from tuodi.language.model import AMOUNTS, BUILT_IN_FACTS


@pytest.mark.parametrize("name", ["total", "level", "status", "reached", "unpaid", "date", "items"])
def test_a_fact_has_a_name_of_its_own(tmp_path: Path, name: str) -> None:
    facts = part(f"facts:\n  {name}: {{type: flag, label: 甲}}\n")

    assert "name-taken" in codes(tmp_path, facts)


@pytest.mark.parametrize("name", [*AMOUNTS, "unpaid", "item_burden"])
def test_a_quantity_is_no_amount_of_the_bill(tmp_path: Path, name: str) -> None:
    quantity = ("quantities:\n", f"quantities:\n  {name}: {{take: burden}}\n")

    assert "name-taken" in codes(tmp_path, quantity)


@pytest.mark.parametrize("name", ["parameter", "share", "from", "cases", "by"])
def test_a_count_is_not_called_as_a_value_begins(tmp_path: Path, name: str) -> None:
    count = ("\ncounts:\n", f"\ncounts:\n  {name}: {{per: year, clause: 二, label: 甲}}\n")

    assert "name-taken" in codes(tmp_path, count)


def test_built_in_facts_need_no_declaration(tmp_path: Path) -> None:
    asked = ", ".join(f"{{{name}: {{at_least: 1}}}}" for name in ("level", "age", "month", "admission_number"))

    assert {"level", "age", "month", "admission_number"} < set(BUILT_IN_FACTS)
    assert [] == codes(tmp_path, ("    of: burden\n", f"    when: {{any: [{asked}]}}\n    of: burden\n"))


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("services:\n  a: [inpatient]\n", "group"),
        ("facts:\n  a: {type: flag, label: 甲}\n", "fact"),
        ("parameters:\n  a: {type: money, label: 甲, clause: 二}\n", "parameter"),
    ],
)
def test_what_is_declared_is_used(tmp_path: Path, written: str, kind: str) -> None:
    assert [f"unused-{kind}"] == codes(tmp_path, part(written))


def test_a_class_rests_on_classes_before_it(tmp_path: Path) -> None:
    old = "  - {id: poor, label: 低保对象, clause: 一, any: [subsistence_allowance]}\n"
    circle = (
        "  - {id: key, label: 甲, clause: 一, any: [{class: poor}]}\n"
        "  - {id: poor, label: 乙, clause: 一, any: [{class: key}]}\n"
    )
    (finding,) = findings(tmp_path, (old, circle), ("    for: poor\n", "    for: [poor, key]\n"))

    assert ("class-order", "把“poor”移到“key”前面") == (finding.code, finding.remedy)


def test_an_id_outside_the_language_is_told_where_it_is_declared(tmp_path: Path) -> None:
    counts = ("  relief_of_year: {per", "  年度限额: {per")

    assert ["bad-id", "unknown-count"] == codes(tmp_path, counts)
