"""The reference of the language names everything that the language knows, and its examples are well written."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tuodi.language.model import BUILT_IN_FACTS, SERVICES, STATUSES
from tuodi.language.reader import read_tree
from tuodi.language.schema import schema
from tuodi.language.surface import PARTS
from tuodi.language.tree import Keyed

PAGE = (Path(__file__).parents[2] / "docs" / "policy-language.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE, flags=re.DOTALL)


def words(form: Any) -> Iterator[str]:
    """Every key and every fixed word of a JSON Schema."""
    if isinstance(form, dict):
        yield from form.get("properties", {})
        yield from (word for word in form.get("enum", ()) if isinstance(word, str))
        for value in form.values():
            yield from words(value)
    elif isinstance(form, list):
        for value in form:
            yield from words(value)


@pytest.mark.parametrize("word", sorted({*words(schema()), *BUILT_IN_FACTS, *SERVICES} - set(STATUSES)))
def test_every_word_of_the_language_is_in_its_reference(word: str) -> None:
    assert re.search(rf"\b{word}\b", PAGE)


@pytest.mark.parametrize("block", BLOCKS)
def test_an_example_is_well_written(block: str) -> None:
    root = read_tree(block.replace("{…}", "{level: 3}").encode(), "docs/policy-language.md")

    assert isinstance(root, Keyed)
    assert set(root.entries) <= set(PARTS)
