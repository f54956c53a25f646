"""The page of field tables is what the program checks."""

from tests.gateway.field_tables import PATH, page


def test_the_page_is_current() -> None:
    assert page() == PATH.read_text(encoding="utf-8"), "make docs writes it again"
