"""What a run tells: how many messages of each transaction, what was refused, what was wrong with answers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """An answer that should not have been: of which transaction, to which message, and what is wrong with it."""

    transaction: str
    message: str
    text: str

    def __str__(self) -> str:
        return f"{self.transaction} {self.message}：{self.text}"


@dataclass(slots=True, kw_only=True)
class Told:
    """Counts up during a run. `withdrawn`: settlements and cancels without any answer, and reversed for that."""

    sent: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    settled: int = 0
    cancelled: int = 0
    reversed: int = 0
    withdrawn: int = 0
    repeated: int = 0
    unknown: int = 0
    relief: int = 0
    complaints: list[Complaint] = field(default_factory=list)
    refusals: list[Complaint] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether every answer was as it should be."""
        return not self.complaints

    def add(self, other: Told) -> None:
        """Counts another run in."""
        self.sent += other.sent
        self.refused += other.refused
        for name in ("settled", "cancelled", "reversed", "withdrawn", "repeated", "unknown", "relief"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.complaints += other.complaints
        self.refusals += other.refusals
