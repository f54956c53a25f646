"""What a reading knows: names, nearest names, and where things stand."""

from pathlib import Path

import pytest

from tests.language.written import SMALL, codes, findings, part
from tuodi.language.reader import read_tree
from tuodi.language.reading import CHINESE, Kind, Reading, near_miss
from tuodi.language.tree import Keyed, Text


def reading(text: str = SMALL) -> Reading:
    root = read_tree(text.encode(), "")
    assert isinstance(root, Keyed)
    return Reading(root, Path("somewhere"), {})


@pytest.mark.parametrize(
    ("word", "known", "expected"),
    [
        ("relief_of_years", ["relief_of_year", "rest"], "是否想写“relief_of_year”？"),
        ("inpatien", ["inpatient", "outpatient"], "是否想写“inpatient”或“outpatient”？"),
        ("inpatient_care_of_the_mentally_ill", ["inpatient"], "是否想写“inpatient”？"),
        ("year", ["burden_of_the_whole_year"], "是否想写“burden_of_the_whole_year”？"),
        ("abc", ["xyz"], ""),
        ("ab", ["abxxxxxxxx"], ""),
        ("relief", [], ""),
    ],
)
def test_the_nearest_known_words_are_offered(word: str, known: list[str], expected: str) -> None:
    assert expected == near_miss(word, known)


def test_every_kind_of_name_has_a_chinese_word() -> None:
    assert set(Kind) == set(CHINESE)


def test_the_small_policy_is_well(tmp_path: Path) -> None:
    assert [] == findings(tmp_path)


def test_names_glued_by_a_full_width_comma_are_told_apart(tmp_path: Path) -> None:
    (finding,) = findings(tmp_path, ("services: [inpatient]", "services: [inpatient，outpatient]"))

    assert ("unknown-service", "各项之间用半角逗号隔开") == (finding.code, finding.remedy)


def test_a_misspelt_name_is_not_told_twice(tmp_path: Path) -> None:
    assert ["unknown-count"] == codes(tmp_path, ("limit: {relief_of_year", "limit: {releif_of_year"))


def test_an_unused_name_is_told_beside_other_faults(tmp_path: Path) -> None:
    unused = ("\ncounts:\n", "\ncounts:\n  visits: {per: year, clause: 二, label: 门诊}\n")

    assert ["unused-count", "rate-without-percent"] == codes(tmp_path, unused, ("70%\n", "0.7\n"))


def test_a_part_that_cannot_be_read_is_told_once(tmp_path: Path) -> None:
    assert ["not-a-mapping"] == codes(tmp_path, ("counts:\n  relief_of_year: {", "counts:\n  - {id: x, "))
    assert ["not-a-list"] == codes(tmp_path, ("classes:\n  - {", "classes:\n  {"))


def test_an_entry_without_a_readable_id_is_told(tmp_path: Path) -> None:
    found = codes(
        tmp_path, part("procedures:\n  - 公示\n  - {id: [a], label: 甲, clause: 一, route: other, elsewhere: 乙}\n")
    )

    assert ["not-a-mapping", "wrong-form"] == found


def test_a_name_stands_where_it_is_declared() -> None:
    at = reading()

    assert ("relief_of_year", 18) == (
        text(at.declared(Kind.COUNT, "relief_of_year")),
        at.declared(Kind.COUNT, "relief_of_year").line,
    )
    assert 21 == at.declared(Kind.BENEFIT, "relief").line


def test_a_place_is_as_deep_as_there_are_keys() -> None:
    at = reading()

    assert 27 == at.node(Kind.BENEFIT, "relief", "limit", "relief_of_year").line
    assert 21 == at.node(Kind.BENEFIT, "relief", "bands", "to").line
    assert 1 == at.node(Kind.BENEFIT, "missing").line


def test_a_part_and_its_items_have_places() -> None:
    at = reading()

    assert 21 == at.part(Kind.BENEFIT).line
    assert 21 == at.item(Kind.BENEFIT, 0).line
    assert 1 == at.part(Kind.WARNING).line
    assert 1 == at.item(Kind.WARNING, 0).line


def text(node: object) -> str:
    assert isinstance(node, Text)
    return node.value
