"""A policy file as a tree of texts, lists and mappings that still know where they stand.

Every scalar is text: what it means is for the shapes to say. Lines and columns count from 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple


class Text(NamedTuple):
    """A scalar as written. `plain` is without quotes, so that `null` and nothing can be told from "null"."""

    value: str
    line: int
    column: int
    plain: bool


class Listing(NamedTuple):
    """A list in the order of the file."""

    items: tuple[Node, ...]
    line: int
    column: int


class Entry(NamedTuple):
    """A key with its value."""

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

_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})


def is_nothing(node: Node) -> bool:
    """`key:`, `key: ~` and `key: null`: YAML's three ways of writing nothing."""
    return isinstance(node, Text) and node.plain and node.value in _NOTHING


def texts(node: Node) -> Iterator[str]:
    """Every scalar beneath the node, keys included."""
    if isinstance(node, Text):
        yield node.value
    elif isinstance(node, Listing):
        for item in node.items:
            yield from texts(item)
    else:
        for entry in node.entries.values():
            yield entry.key.value
            yield from texts(entry.value)
