"""What is wrong with rows: each told once with file, row and column, the rest counted, in flat memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from tuodi.core.finding import Finding

TOLD = 1000
"""Findings of one code that are written down; more are only counted."""

NOTES = frozenset({"status-overlap", "dates-out-of-order"})
"""Codes that are no fault: the rows are settled, as the case format says."""


class RowFinding(NamedTuple):
    """A finding, and the person whom it concerns."""

    finding: Finding
    person: str


@dataclass(slots=True, kw_only=True)
class Findings:
    """The findings of some rows: `told`, and by code how many there were."""

    told: list[RowFinding] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def room(self, code: str, wanted: int) -> int:
        """How many more of this code are written down."""
        return max(0, min(wanted, TOLD - self.counts[code]))

    def add(self, findings: Iterable[RowFinding], code: str, number: int) -> None:
        """Findings of one code, of which there were so many."""
        self.told += list(findings)[: self.room(code, number)]
        self.counts[code] += number

    def add_all(self, other: Findings) -> None:
        """Those of another part of the rows, in their order."""
        seen: Counter[str] = Counter()
        for one in other.told:
            code = one.finding.code
            if self.counts[code] + seen[code] < TOLD:
                self.told.append(one)
                seen[code] += 1
        self.counts.update(other.counts)

    @property
    def faults(self) -> int:
        """How many are faults, by which a person is set apart."""
        return sum(number for code, number in self.counts.items() if code not in NOTES)
