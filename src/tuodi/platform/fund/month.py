"""Closing a month: what it holds is looked at, and just that is closed; later acts are booked in an open month."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from tuodi.core.finding import Faults, Finding, finding
from tuodi.core.month import Month
from tuodi.core.period import Period
from tuodi.ledger.account import Kind, Nature, Source
from tuodi.ledger.balance import grown
from tuodi.ledger.checks import OF_ONE_ENTRY
from tuodi.ledger.entry import Entry, Line
from tuodi.ledger.movement import Movement
from tuodi.ledger.statements import TrialRow
from tuodi.platform.fund import entry as books
from tuodi.platform.fund import selectors


@dataclass(frozen=True, slots=True, kw_only=True)
class MovementSum:
    """How often a movement was booked in the month, reversals apart, and what all of it came to, in fen."""

    movement: Movement
    entries: int
    reversals: int
    fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSum:
    """One source's month, in fen as their holder reads them: what came in, what was spent, what stands at its end."""

    source: Source
    income: int
    spending: int
    bank: int
    payable: int
    due: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """What a region's month holds. `mark` stands for its entries: closing is of just what was seen."""

    region: str
    month: Month
    movements: tuple[MovementSum, ...]
    sources: tuple[SourceSum, ...]
    findings: tuple[Finding, ...]
    mark: str

    @property
    def entries(self) -> int:
        """All entries that are booked in the month."""
        return sum(each.entries + each.reversals for each in self.movements)


def next_to_close(region: str) -> Month | None:
    """The month that comes next: behind the last closed one, at first the one of the first entry; None without any."""
    last = selectors.closed_until(region)
    if last is not None:
        return last.following
    first = selectors.first_booked(region)
    return None if first is None else Month.of(first)


def holding(region: str, month: Month) -> Holding:
    """What is booked in the month, by movement and by source, and what is wrong with it."""
    period = Period(start=month.first, end=month.following.first)
    entries = selectors.booked(region, period)
    rows = selectors.trial_balance(region, period)
    wrong = [fault for entry in map(_whole, entries) for find in OF_ONE_ENTRY for fault in find(entry)]
    return Holding(
        region=region, month=month, movements=_movements(entries), sources=_sources(rows),
        findings=(*wrong, *_below_zero(rows)), mark=_mark(entries),
    )  # fmt: skip


@transaction.atomic
def close(*, region: str, month: Month, mark: str, on: date) -> bool:
    """Closes what was seen under the mark; False where the month was closed on this day already.

    Raises Faults: `month-…`, `month-moved`, and whatever is wrong with the month's entries.
    """
    if not books.close(region=region, month=month, closed_on=on):
        return False
    held = holding(region, month)
    if held.findings:
        raise Faults(held.findings)
    if held.mark != mark:
        message = f"{month} 的分录与您看到的不同：刚刚有新的记账"
        raise Faults([finding("month-moved", message, "mark", "看过新的内容再关账")])
    return True


def _whole(entry: Entry) -> Entry:
    """A transfer stands in two regions' books, and is sound as one entry."""
    return (selectors.whole(entry.cause) or entry) if entry.movement is Movement.transfer else entry


def _movements(entries: Sequence[Entry]) -> tuple[MovementSum, ...]:
    found = []
    for movement in Movement:
        of_it = [entry for entry in entries if entry.movement is movement]
        back = sum(1 for entry in of_it if entry.reverses)
        if of_it:
            fen = sum(line.fen if not entry.reverses else -abs(line.fen) for entry in of_it for line in _debits(entry))
            found.append(MovementSum(movement=movement, entries=len(of_it) - back, reversals=back, fen=fen))
    return tuple(found)


def _debits(entry: Entry) -> list[Line]:
    """The side that tells how much was moved: of a reversal the opposite one."""
    return [line for line in entry.lines if (line.fen < 0 if entry.reverses else line.fen > 0)]


def _sources(rows: Sequence[TrialRow]) -> tuple[SourceSum, ...]:
    concerned = [source for source in Source if any(row.account.source is source for row in rows)]
    return tuple(_source([row for row in rows if row.account.source is source], source) for source in concerned)


def _source(rows: Sequence[TrialRow], source: Source) -> SourceSum:
    moved = {
        nature: sum(grown(row.account, row.debits - row.credits) for row in rows if row.account.kind.nature is nature)
        for nature in (Nature.income, Nature.expense)
    }
    stands = {
        kind: sum(grown(row.account, row.closing) for row in rows if row.account.kind is kind)
        for kind in Kind
    }  # fmt: skip
    payable = sum(fen for kind, fen in stands.items() if kind.nature is Nature.liability)
    return SourceSum(
        source=source, income=moved[Nature.income], spending=moved[Nature.expense], bank=stands[Kind.bank],
        payable=payable, due=stands[Kind.refund_due],
    )  # fmt: skip


def _below_zero(rows: Sequence[TrialRow]) -> list[Finding]:
    return [
        finding("owed-below-zero", f"{row.account} 在月末低于零（INV-20）", str(row.account), "查明原因再关账")
        for row in rows
        if row.account.kind.owed and grown(row.account, row.closing) < 0
    ]


def _mark(entries: Sequence[Entry]) -> str:
    return hashlib.sha256("\n".join(entry.cause for entry in entries).encode()).hexdigest()
