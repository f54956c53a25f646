"""Clauses: cited ones have entries, entries live somewhere, refusals have a clause."""

from pathlib import Path

import pytest

from tests.language.written import SMALL, codes


def test_a_document_has_its_clauses(tmp_path: Path) -> None:
    text = SMALL[: SMALL.index("clauses:\n")]

    assert ["missing-key"] == codes(tmp_path, text=text)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("  二: {is: benefit,", "  二: {is: declaratory,", ["clause-declaratory"]),
        ("  二: {is: benefit,", "  二: {is: [declaratory, benefit],", []),
        ("clauses:\n", "clauses:\n  三: {is: funding, says: 甲}\n", ["clause-without-place"]),
        ("clauses:\n", "clauses:\n  三: {is: declaratory, says: 甲}\n", []),
        ("    clause: 二\n", "    clause: 二(一)\n", ["clause-without-entry"]),
    ],
)
def test_entries_and_citations_agree(tmp_path: Path, old: str, new: str, expected: list[str]) -> None:
    assert expected == codes(tmp_path, (old, new))


def test_a_heading_needs_no_entry_of_its_own(tmp_path: Path) -> None:
    assert [] == codes(tmp_path, ("  一: {is: classes", "  一(一): {is: declaratory"))


def test_a_person_in_no_class_is_refused_with_a_clause(tmp_path: Path) -> None:
    assert ["missing-key"] == codes(tmp_path, ("no_class: {clause: 一}\n", ""))
