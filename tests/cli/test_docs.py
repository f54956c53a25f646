"""The pages about the command line and the case format say what is so."""

from __future__ import annotations

import json
import re

import pytest

from tests.cli.manual import COMMANDS, PATH, manual
from tests.cli.terminal import tuodi
from tests.house.tree import ROOT
from tuodi.cli.case_lines import LONGEST
from tuodi.core.money import LARGEST_FEN
from tuodi.language.load import load_policy
from tuodi.language.model import AMOUNTS, BUILT_IN_FACTS, INSURANCES, SERVICES, STATUSES
from tuodi.language.shelf import packaged_policies

CASE_FORMAT = (ROOT / "docs/case-format.md").read_text(encoding="utf-8")
GLOSSARY = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")


def block(kind: str) -> object:
    found = re.search(rf"```json {kind}\n(.*?)```", CASE_FORMAT, re.DOTALL)
    assert found
    return json.loads(found[1])


def test_the_manual_is_what_the_commands_say() -> None:
    assert manual() == PATH.read_text(encoding="utf-8"), "python -m tests.cli.manual"
    assert len(COMMANDS) == len(set(COMMANDS))


def test_the_case_on_the_page_gives_the_result_on_the_page() -> None:
    run = tuodi("settle", "-", stdin=f"{json.dumps(block('case'))}\n{json.dumps(block('faulty'))}")

    assert [block("result"), block("errors")] == run.results


def test_the_page_names_every_word_of_the_format() -> None:
    named = set(re.findall(r"`([a-z_]+)`", CASE_FORMAT))

    assert set() == {*INSURANCES, *SERVICES, *AMOUNTS} - named
    assert set() == set(STATUSES) - set(re.findall(r"\| ([a-z_]+) \|", GLOSSARY))


@pytest.mark.parametrize("name", packaged_policies())
def test_the_page_names_every_field_and_parameter_of_the_package(name: str) -> None:
    policy = load_policy(packaged_policies()[name])

    assert [] == [word for word in (*policy.facts, *policy.parameters) if f"`{word}`" not in CASE_FORMAT]


def test_the_page_names_every_built_in_fact_with_a_field() -> None:
    derived = {"age", "month"}

    assert [] == [name for name in BUILT_IN_FACTS if name not in derived and f"{name}`" not in CASE_FORMAT]


def test_the_figures_on_the_page_are_those_of_the_program() -> None:
    assert f"{LARGEST_FEN // 100:,}.{LARGEST_FEN % 100}" in CASE_FORMAT
    assert f"longer than {LONGEST // 1024 // 1024} MB" in CASE_FORMAT


@pytest.mark.parametrize(
    "opening",
    ['"opening": [{"count": "relief_of_year", "key": "2023", "amount": "12000.00"}]'],
)
def test_the_opening_on_the_page_counts(opening: str) -> None:
    assert opening in CASE_FORMAT.replace("\n", " ")
    case = {**block("case"), **json.loads(f"{{{opening}}}")}  # type: ignore[dict-item]
    (result,) = tuodi("settle", "-", "--explain", stdin=json.dumps(case)).results
    limits = result["events"][0]["explanation"]["lines"][0]["limits"]

    assert "12000.00" == limits[0]["used"]
