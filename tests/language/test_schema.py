"""The JSON Schema for editors is current, fits every policy, and refuses what has the wrong form."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tuodi.language.reader import read_tree
from tuodi.language.schema import FILE, schema, schema_text
from tuodi.language.surface import PARTS
from tuodi.language.tree import Listing, Node, Text

ROOT = Path(__file__).parents[2]
POLICIES = sorted(
    [
        *ROOT.glob("src/tuodi/policies/*/policy.yaml"),
        *ROOT.glob("src/tuodi/plans/*/policy.yaml"),
        *ROOT.glob("tests/policies/shapes/*/policy.yaml"),
        ROOT / "tests/language/specimen/policy.yaml",
    ]
)
REFUSED = [
    "unknown-key",
    "unknown-word",
    "unknown-status",
    "wrong-form",
    "not-a-mapping",
    "not-a-list",
    "missing-key",
    "rate-without-percent",
    "money-negative",
    "not-money",
    "one-way-to-pay",
    "bad-id",
    "two-heads",
]
"""Specimens under tests/errors whose form alone is wrong. Names, dates and sums only the loader knows."""


def as_an_editor_reads(node: Node) -> Any:
    """The tree with plain scalars typed as YAML 1.2 types them."""
    if isinstance(node, Listing):
        return [as_an_editor_reads(item) for item in node.items]
    if isinstance(node, Text):
        return typed(node.value) if node.plain else node.value
    return {key: as_an_editor_reads(entry.value) for key, entry in node.entries.items()}


def typed(text: str) -> Any:
    words: dict[str, Any] = {"null": None, "~": None, "": None, "true": True, "false": False}
    if text in words:
        return words[text]
    if re.fullmatch(r"-?[0-9]+", text):
        return int(text)
    return float(text) if re.fullmatch(r"-?[0-9]+\.[0-9]+", text) else text


def errors(file: Path) -> list[str]:
    read = as_an_editor_reads(read_tree(file.read_bytes(), str(file)))
    return [error.message for error in Draft202012Validator(schema()).iter_errors(read)]


def test_the_schema_in_the_package_is_current() -> None:
    assert FILE.read_text(encoding="utf-8") == schema_text(), "run make docs"


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(json.loads(schema_text()))


def test_every_part_of_the_language_is_in_it() -> None:
    assert set(PARTS) == set(schema()["properties"])


@pytest.mark.parametrize("file", POLICIES, ids=lambda file: file.parent.name)
def test_every_policy_fits(file: Path) -> None:
    assert [] == errors(file)


@pytest.mark.parametrize("code", REFUSED)
def test_a_wrong_form_is_refused(code: str) -> None:
    assert errors(ROOT / "tests" / "errors" / code / "policy.yaml")
