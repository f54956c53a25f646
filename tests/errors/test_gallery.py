"""Every message has a specimen, every specimen says what it should, and the page of messages is current."""

import ast
import re
from pathlib import Path

import pytest

from tests.errors.gallery import PAGE, findings, page, specimens
from tuodi.language.reading import Kind

LANGUAGE = Path(__file__).parents[2] / "src" / "tuodi" / "language"
READING = [LANGUAGE / name for name in ("reader.py", "reading.py", "shapes.py", "load.py")]
SOURCES = [*READING, *(LANGUAGE / "parts").glob("*.py"), *(LANGUAGE / "checks").glob("*.py")]
NAMED = ("class", "list", "catalogue", "condition", "fact", "quantity", "count", "layer", "benefit", "parameter")
ONE_WORD = {"anchor", "nothing", "tab", "tag", "uncovered"}
USED = ("group", "list", "catalogue", "fact", "quantity", "count", "parameter")


@pytest.mark.parametrize("specimen", specimens(), ids=lambda specimen: specimen.name)
def test_a_specimen_says_what_it_should(specimen: Path) -> None:
    expected = (specimen / "expected.txt").read_text(encoding="utf-8").splitlines()

    assert expected == [str(finding) for finding in findings(specimen)]


@pytest.mark.parametrize("specimen", specimens(), ids=lambda specimen: specimen.name)
def test_a_specimen_shows_its_own_fault_only_and_a_way_out(specimen: Path) -> None:
    found = findings(specimen)

    assert {specimen.name} == {finding.code for finding in found}
    assert all(finding.remedy for finding in found)


def test_every_code_has_a_specimen() -> None:
    assert sorted(codes_in_the_source()) == [specimen.name for specimen in specimens()]


def test_the_kinds_of_names_are_all_there() -> None:
    assert {kind.name.lower() for kind in Kind} >= {*NAMED, *USED}


def test_the_page_of_messages_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run make docs"


def codes_in_the_source() -> set[str]:
    """Kebab-case words of the modules that find faults, the codes of one word, and those put together from a kind."""
    words = {
        node.value
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    kebab = {word for word in words if re.fullmatch(r"[a-z]+(-[a-z0-9]+)+", word)} - {"utf-8", "utf-8-sig"}
    return kebab | ONE_WORD | {f"unknown-{kind}" for kind in NAMED} | {f"unused-{kind}" for kind in USED}
