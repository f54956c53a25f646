"""The changelog has one shape, and money comes first in it."""

import re

import pytest

from tests.house.tree import ROOT
from tuodi import __version__

SECTIONS = ["Money", "Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"]
TEXT = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
RELEASES = dict(re.findall(r"^## (.+)\n((?:(?!## ).*\n)*)", TEXT, flags=re.MULTILINE))


def test_the_newest_release_is_the_version_or_not_yet_out() -> None:
    assert next(iter(RELEASES)).partition(" ")[0] in ("[Unreleased]", f"[{__version__}]")


@pytest.mark.parametrize("title", RELEASES)
def test_a_release_has_a_number_and_a_day(title: str) -> None:
    assert re.fullmatch(r"\[Unreleased\]|\[\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2}", title)


@pytest.mark.parametrize("title", RELEASES)
def test_a_release_says_first_what_became_of_money(title: str) -> None:
    sections = re.findall(r"^### (.+)$", RELEASES[title], flags=re.MULTILINE)

    assert ["Money"] == sections[:1]
    assert sections == [section for section in SECTIONS if section in sections]


@pytest.mark.parametrize("title", RELEASES)
def test_every_section_says_something(title: str) -> None:
    bodies = re.split(r"^### .+$", RELEASES[title], flags=re.MULTILINE)[1:]

    assert all(re.search(r"^- \S", body, flags=re.MULTILINE) for body in bodies)
