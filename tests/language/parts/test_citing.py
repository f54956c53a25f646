"""A cited clause has an entry, or is the heading of entries."""

from pathlib import Path

import pytest

from tuodi.language.reader import read_tree
from tuodi.language.reading import Kind, Reading
from tuodi.language.tree import Keyed

CLAUSES = read_tree("clauses:\n  三(四)1: {}\n  附件: {}\n".encode(), "")


@pytest.mark.parametrize(
    ("cited", "expected"),
    [
        ("三(四)1", True),
        ("三(四)", True),
        ("三", True),
        ("三(五)", False),
        ("三(四)11", False),
        ("四", False),
        ("附", False),
    ],
)
def test_a_heading_stands_for_what_is_beneath_it(cited: str, expected: bool) -> None:
    assert isinstance(CLAUSES, Keyed)
    reading = Reading(CLAUSES, Path(), {})

    assert expected is (cited in reading.names[Kind.CLAUSE] or cited in reading.headings)
