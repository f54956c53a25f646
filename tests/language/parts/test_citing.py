"""A cited clause has an entry, or is the heading of entries."""

import pytest

from tuodi.language.parts.citing import has_entry


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
    assert expected is has_entry(cited, ["三(四)1", "附件"])
