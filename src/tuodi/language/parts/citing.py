"""Clauses, as everything cites them: the entry must stand in `clauses`."""

from __future__ import annotations

from tuodi.language.reading import Kind, Reading
from tuodi.language.shapes import Scalar
from tuodi.language.tree import Text


def _clause(node: Text, reading: Reading) -> str:
    cited = node.value.strip()
    if not reading.names[Kind.CLAUSE]:
        return cited
    if not is_entered(cited, reading):
        entries = reading.names[Kind.CLAUSE]
        reading.unknown(node, "条款", entries, f"在 clauses 中写上“{cited}”这一条", "clause-without-entry")
    reading.cited.setdefault(cited, []).append(reading.owner)
    return cited


def is_entered(cited: str, reading: Reading) -> bool:
    """An entry of its own, or a heading with entries beneath it: 三(四) over 三(四)1."""
    if cited in reading.names[Kind.CLAUSE]:
        return True
    return any(name.startswith(cited) and name[len(cited)] in "(0123456789、" for name in reading.names[Kind.CLAUSE])


CLAUSE = Scalar("条款", _clause, {"type": ["string", "number"]})
