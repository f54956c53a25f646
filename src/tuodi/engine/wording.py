"""What both languages of an explanation ask of its numbers before they find words for them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from tuodi.core.money import BASIS_POINTS
from tuodi.engine.shape import RELIEF
from tuodi.engine.why import Explanation, LimitWhy, LineWhy

_CENTS = tuple(f".{cents:02d}" for cents in range(100))
_YUAN = tuple(f",{yuan:03d}" for yuan in range(1000))


def yuan(fen: int) -> str:
    """ "1,234.50" for 123450 fen, which is >= 0."""
    if fen < 1_000_00:
        return f"{fen // 100}{_CENTS[fen % 100]}"
    if fen < 1_000_000_00:  # nearly every amount: with tables this takes half of what a format takes
        return f"{fen // 1_000_00}{_YUAN[fen // 100 % 1000]}{_CENTS[fen % 100]}"
    return f"{fen // 100:,}{_CENTS[fen % 100]}"


class Group(NamedTuple):
    """Lines of one benefit that stand side by side: one, or one for each catalogue item."""

    clause: str
    label: str
    lines: list[LineWhy]


def groups(why: Explanation) -> list[Group]:
    """The lines of relief; of a plan without relief, all."""
    told = [line for line in why.lines if line.layer == RELIEF] or why.lines
    found: list[Group] = []
    for line in told:
        if line.item is not None and found and found[-1].lines[0].benefit == line.benefit:
            found[-1].lines.append(line)
        else:
            found.append(Group(line.citation.clause, line.label, [line]))
    return found


class Bill(NamedTuple):
    """Who paid before relief: by name what was computed here, in one sum what was given, and both together."""

    computed: list[tuple[str, int]]
    given: int
    paid: int


def paid_before(why: Explanation) -> Bill:
    """The payers as a sentence needs them."""
    computed = []
    paid = given = 0
    for _, label, amount, is_computed in why.payers:
        paid += amount
        if is_computed:
            computed.append((label, amount))
        else:
            given += amount
    return Bill(computed, given, paid)


def exceeds_bill(why: Explanation, bill: Bill) -> bool:
    """Whether flat grants pay more than was left of the bill."""
    return why.total > 0 and why.relief > max(0, why.total - why.hospital - bill.paid)


def applied_to(line: LineWhy) -> int:
    """What the rate, or the rates, were applied to."""
    return sum([band.part for band in line.bands]) if line.bands else line.part or 0


def limits(line: LineWhy) -> Iterator[tuple[LimitWhy, bool]]:
    """Each limit, and whether it cut the line: whether it left less than the limits before it let through."""
    through = line.due
    for limit in line.limits:
        yield limit, limit.room < through
        through = min(through, limit.room)


def is_rounded(line: LineWhy) -> bool:
    """Whether the due amount is not the exact product."""
    if line.rate is not None:
        return line.due * BASIS_POINTS != (line.part or 0) * line.rate
    return bool(line.bands) and line.due * BASIS_POINTS != sum([band.part * band.rate for band in line.bands])


def notes_by_reason(why: Explanation) -> Iterator[tuple[tuple[str, str], list[str]]]:
    """((clause, reason), items) of the items that were not relieved."""
    for key, notes in groupby(why.notes, key=lambda note: (note.clause, note.reason)):
        yield key, [note.item for note in notes]
