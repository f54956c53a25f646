"""The pages say what is so."""

import re
from pathlib import Path

import pytest

from tests.house.tree import PACKAGE, ROOMS, ROOT, modules

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(PACKAGE / "policies").rglob("*.md")])
ARCHITECTURE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
GLOSSARY = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
INVARIANTS = (ROOT / "docs/invariants.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))

    assert [] == [link for link in links if "://" not in link and not (page.parent / link).exists()]


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md", "CONTRIBUTING.md"])
def test_every_make_target_that_a_page_names_exists(page: str) -> None:
    named = re.findall(r"\bmake ([a-z-]+)", code_of(ROOT / page))
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))

    assert named
    assert set() == set(named) - targets


def test_both_readmes_name_the_same_commands() -> None:
    english, chinese = (
        re.findall(r"^\| `(tuodi [^`]+)`", (ROOT / page).read_text(encoding="utf-8"), flags=re.MULTILINE)
        for page in ("README.md", "README.zh-CN.md")
    )

    assert english == chinese


def test_the_picture_of_the_house_shows_its_rooms() -> None:
    assert ROOMS == sorted(re.findall(r"^│   [├└]── (\w+)/ ", ARCHITECTURE, flags=re.MULTILINE))


def test_invariants_are_numbered_without_a_gap() -> None:
    numbers = sorted(re.findall(r"^\| INV-(\d\d) ", INVARIANTS, flags=re.MULTILINE))

    assert [f"{number:02d}" for number in range(1, len(numbers) + 1)] == numbers


def test_the_source_names_only_invariants_that_are_listed() -> None:
    named = {number for path in modules() for number in re.findall(r"INV-\d\d", path.read_text(encoding="utf-8"))}

    assert set() == named - set(re.findall(r"INV-\d\d", INVARIANTS))


def test_decisions_are_numbered_and_listed_in_order() -> None:
    pages = sorted(path.name for path in (ROOT / "docs/decisions").glob("0*.md"))
    listed = re.findall(r"\((0\d{3}-[^)]+)\)", (ROOT / "docs/decisions/README.md").read_text(encoding="utf-8"))

    assert pages == listed
    assert [f"{number:04d}" for number in range(1, len(pages) + 1)] == [name[:4] for name in pages]


def test_the_glossary_has_one_word_for_one_thing() -> None:
    rows = re.findall(r"^\| (.+?) \| (.+?) \| (.*?) ?\|$", GLOSSARY, flags=re.MULTILINE)
    words = [row[0] for row in rows if row[0] not in ("中文", "---")]
    identifiers = [row[1] for row in rows if row[1] not in ("identifier", "---")]

    assert len(words) > 100
    assert len(set(words)) == len(words)
    assert len(set(identifiers)) == len(identifiers)


def code_of(page: Path) -> str:
    """The code of a page: its blocks and its code spans."""
    found = re.findall(r"```\w*\n(.*?)```|`([^`\n]+)`", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return "\n".join(block or span for block, span in found)
