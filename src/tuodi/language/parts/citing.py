"""Clauses, as everything cites them: each has an entry in `clauses`, or is the heading of entries."""

from __future__ import annotations

from tuodi.language.reading import Kind, Reading
from tuodi.language.shapes import Scalar
from tuodi.language.tree import Text


def _clause(node: Text, reading: Reading) -> str:
    cited = node.value.strip()
    entries = reading.names[Kind.CLAUSE]
    reading.cited.setdefault(cited, []).append(reading.owner)
    if entries and cited not in entries and cited not in reading.headings:
        reading.unknown(
            "clause-without-entry", node, "条款", entries, f"在 clauses 中写上“{cited}”，说明它讲什么、落在何处"
        )
    return cited


CLAUSE = Scalar("条款", _clause, {"type": ["string", "number"]})
