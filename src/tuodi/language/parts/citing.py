"""Clauses, as everything cites them: the entry must stand in `clauses`."""

from __future__ import annotations

import re
from collections.abc import Collection

from tuodi.language.reading import Kind, Reading
from tuodi.language.shapes import Scalar
from tuodi.language.tree import Text


def _clause(node: Text, reading: Reading) -> str:
    cited = node.value.strip()
    entries = reading.names[Kind.CLAUSE]
    reading.cited.setdefault(cited, []).append(reading.owner)
    if entries and not has_entry(cited, entries):
        reading.unknown(
            "clause-without-entry", node, "条款", entries, f"在 clauses 中写上“{cited}”，说明它讲什么、落在何处"
        )
    return cited


def has_entry(cited: str, entries: Collection[str]) -> bool:
    """An entry of its own, or a heading with entries beneath it: 三(四) over 三(四)1."""
    return cited in entries or any(re.match(rf"{re.escape(cited)}[(0-9]", entry) for entry in entries)


CLAUSE = Scalar("条款", _clause, {"type": ["string", "number"]})
