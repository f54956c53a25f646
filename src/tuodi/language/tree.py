"""A policy file as a tree of texts, lists and mappings that still know where they stand.

Every scalar is text: what it means is for the schema to say.
"""

from __future__ import annotations

from typing import NamedTuple


class Text(NamedTuple):
    """A scalar as written. `plain` is without quotes, so that `null` and nothing can be told from "null"."""

    value: str
    line: int
    column: int
    plain: bool


class Listing(NamedTuple):
    items: tuple[Node, ...]
    line: int
    column: int


class Entry(NamedTuple):
    key: Text
    value: Node


class Keyed(NamedTuple):
    """A mapping in the order of the file; its keys are unique."""

    entries: dict[str, Entry]
    line: int
    column: int

    def get(self, key: str) -> Node | None:
        """The value under the key, or None."""
        entry = self.entries.get(key)
        return entry.value if entry else None


Node = Text | Listing | Keyed

NOTHING = frozenset({"", "~", "null", "Null", "NULL"})


def is_nothing(node: Node) -> bool:
    """`key:`, `key: ~` and `key: null`: YAML's three ways of writing nothing."""
    return isinstance(node, Text) and node.plain and node.value in NOTHING
