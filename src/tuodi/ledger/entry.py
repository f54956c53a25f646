"""Entries: what is booked once and never changed, and the closings of months between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from tuodi.core.month import Month
from tuodi.ledger.account import Account
from tuodi.ledger.movement import Movement


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An amount in fen on an account: a debit is positive, a credit negative."""

    account: Account
    fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One movement of one or more funds.

    The cause says what made it and is its identity, as `settlement:S1`. It happened on one day, was known on another
    and counts in the month in which it is booked. A reversal names the cause of the entry that it takes back.
    """

    cause: str
    movement: Movement
    booked_on: date
    happened_on: date
    known_on: date
    lines: tuple[Line, ...]
    reason: str
    reverses: str = ""

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions in whose books it stands, in order."""
        return tuple(sorted({line.account.region for line in self.lines}))

    def reversal(self, *, cause: str, booked_on: date, known_on: date, reason: str) -> Entry:
        """The entry that takes this one back: opposite amounts, the day on which it happened kept (INV-18)."""
        return Entry(
            cause=cause,
            movement=self.movement,
            booked_on=booked_on,
            happened_on=self.happened_on,
            known_on=known_on,
            lines=tuple(Line(account=line.account, fen=-line.fen) for line in self.lines),
            reason=reason,
            reverses=self.cause,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """From here on no entry of the region is booked in the month, nor in an earlier one."""

    region: str
    month: Month
    closed_on: date


Record = Entry | Closing
"""What a journal is a row of, in the order of posting."""


def entries_of(records: Iterable[Record]) -> Iterator[Entry]:
    """The entries among the records, in their order."""
    return (record for record in records if isinstance(record, Entry))
