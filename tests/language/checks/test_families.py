"""Families: sisters count in the same places, or say that they do not."""

from pathlib import Path

import pytest

from tests.language.written import codes

LAST = "    limit: {relief_of_year: 30000}\n"
CLASS = "  - {id: poor, label: 低保对象, clause: 一, any: [subsistence_allowance]}\n"
NEAR = (CLASS, CLASS + "  - {id: near, label: 甲, clause: 一, any: [subsistence_margin]}\n")


@pytest.mark.parametrize(
    ("sister", "expected"),
    [
        ("of: burden, rate: 50%, limit: {relief_of_year: 1}", []),
        ("of: burden, rate: 50%", ["count-forgotten"]),
        ("of: burden, rate: 50%, limit: none", []),
        ("of: burden, rate: 100%", []),
        ("of: burden, bands: [{to: 1, rate: 100%}, {rate: 50%}]", ["count-forgotten"]),
        ("of: in_policy, rate: 50%", []),
        ("of: burden, rate: 50%, limit: {relief_of_year: 1}, above: {near_burden: 1}", ["count-forgotten"]),
        ("amount: 900", []),
    ],
)
def test_a_sister_counts_too_or_says_none(tmp_path: Path, sister: str, expected: list[str]) -> None:
    rule = f"  - {{id: sister, clause: 二, for: near, services: [inpatient], {sister}}}\n"
    count = ("  relief_of_year: {per", "  near_burden: {per: year, clause: 二, label: 甲}\n  relief_of_year: {per")
    edits = [NEAR, (LAST, LAST + rule)] + ([count] if "near_burden" in sister else [])

    assert expected == codes(tmp_path, *edits)


def test_a_class_without_a_threshold_says_none_or_counts(tmp_path: Path) -> None:
    rule = (
        "  - {id: sister, clause: 二, for: near, services: [inpatient], of: burden, rate: 50%,"
        " limit: {relief_of_year: 1}, above: {near_burden: 3000}}\n"
    )
    count = ("  relief_of_year: {per", "  near_burden: {per: year, clause: 二, label: 甲}\n  relief_of_year: {per")

    for above, expected in [("none", []), ("{near_burden: 0}", [])]:
        first = ("    rate: 70%\n", f"    above: {above}\n    rate: 70%\n")
        assert expected == codes(tmp_path, NEAR, count, (LAST, LAST + rule), first)


@pytest.mark.parametrize(
    ("services", "persons"), [("outpatient", "near"), ("[inpatient]", "everyone"), ("[inpatient]", "[poor, near]")]
)
def test_other_services_and_the_same_persons_are_no_family(tmp_path: Path, services: str, persons: str) -> None:
    keys = f"id: other, clause: 二, for: {persons}, services: {services}, when: {{level: 1}}"
    rule = f"  - {{{keys}, of: burden, rate: 50%}}\n"
    served = "  - {id: served, clause: 二, for: near, services: childbirth, amount: 900}\n"
    every = ("no_class:", "persons_in: every_class\nchoose: all\nno_class:")

    assert [] == codes(tmp_path, NEAR, every, (LAST, LAST + rule + served))
