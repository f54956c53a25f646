"""A line of a settlement: one benefit's share of an event, with every number that says why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, NamedTuple

from tuodi.core.money import round_half_up
from tuodi.engine.outcome import OutcomeLine, registers_of
from tuodi.engine.program import NO_LIMIT, Program, Rule, Trace

_new: Any = tuple.__new__  # a line is made for every benefit of a stream; this is half of what its constructor takes

BY_BILL = "bill"
"""What cut a line, where no limit did: that the bill left no more unpaid."""


class LimitLeft(NamedTuple):
    """One limit of a line, in fen: `limit` None where it is lifted, then `left` is None too."""

    count_id: str
    limit: int | None
    used: int
    room: int
    left: int | None


class BandPart(NamedTuple):
    """One band of a line: the part of the measure in (start, end], in fen, and its rate in basis points."""

    start: int
    end: int | None
    part: int
    rate: int


class Line(NamedTuple):
    """Amounts in fen, rates in basis points; None where the line has no such thing.

    base: the whole basis; part: what the rate is applied to, above the threshold; before: where the count of the
    threshold stood; amount, each: of a grant; due: after rounding; limited: after the limits; bill: what was unpaid.
    """

    rule: Rule
    item: str | None
    paid: int
    base: int | None
    before: int | None
    threshold: int | None
    part: int | None
    rate: int | None
    amount: int | None
    each: int | None
    due: int
    limited: int
    bill: int | None
    limits: tuple[LimitLeft, ...]
    bands: tuple[BandPart, ...]

    @property
    def basis(self) -> int | None:
        """What the rate, or the rates, were applied to. A grant has no basis."""
        return sum(band.part for band in self.bands) if self.bands else self.part

    @property
    def cut_by(self) -> str | None:
        """The count whose limit cut the line, or `bill`; what cut it last, where several did."""
        if self.paid < self.limited:
            return BY_BILL
        if self.limited < self.due:
            return next(limit.count_id for limit in self.limits if limit.room == self.limited)
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineReader:
    """Where the numbers of one rule's lines stand among the registers that an outcome keeps; -1 where there is none.

    `proportion`: paid, due, part and rate, of a rule that takes one rate of a basis in fen; None for any other.
    """

    rule: Rule
    proportion: Callable[[tuple[int | None, ...]], tuple[Any, ...]] | None
    single: Callable[[tuple[int | None, ...]], tuple[Any, ...]]  # paid, base, ..., bill, in the order of `Line`
    limits: tuple[tuple[str, int, int, int], ...]
    bands: tuple[tuple[int, int, int, int], ...]
    base_over: int

    def uncut(self, outcome_line: OutcomeLine) -> tuple[int, int, int] | None:
        """(paid, basis, rate) of a proportion that nothing cut; None for any other line, which `line` tells in full."""
        if self.proportion is None:
            return None
        paid, due, part, rate = self.proportion(outcome_line[2])
        return (paid, part, rate) if paid == due else None

    def line(self, outcome_line: OutcomeLine) -> Line:
        """The line that the outcome holds in short."""
        _, item, registers, _ = outcome_line
        values: tuple[Any, ...] = (*registers, None)
        paid, base, before, threshold, part, rate, amount, each, due, limited, bill = self.single(values)
        if self.base_over >= 0:
            base = part = _exact_over(base, values[self.base_over])
        limits = tuple([_limit(count, values[a], values[b], values[c], paid) for count, a, b, c in self.limits])
        bands = tuple([BandPart(values[a], values[b], values[c], values[d]) for a, b, c, d in self.bands])
        numbers = (self.rule, item, paid, base, before, threshold, part, rate, amount, each, due, limited, bill)
        line: Line = _new(Line, (*numbers, limits, bands))
        return line


def line_readers(program: Program) -> dict[int, LineReader]:
    """By the index of every rule that pays."""
    return {rule.index: _reader(rule, rule.trace) for rule in program.rules if rule.trace is not None}


def _reader(rule: Rule, trace: Trace) -> LineReader:
    places = {name: place for place, name in enumerate(registers_of(rule))}

    def place(name: str | None) -> int:
        return -1 if name is None else places[name]

    proportion = trace.part is not None and trace.rate is not None and trace.base_over is None
    single = [trace.paid, trace.base, trace.before, trace.threshold, trace.part, trace.rate]
    single += [trace.amount, trace.each, trace.due, trace.limited, trace.bill]
    return LineReader(
        rule=rule,
        proportion=itemgetter(*map(place, (trace.paid, trace.due, trace.part, trace.rate))) if proportion else None,
        single=itemgetter(*[place(name) for name in single]),
        limits=tuple((one.count, place(one.limit), place(one.used), place(one.room)) for one in trace.limits),
        bands=tuple((place(one.start), place(one.end), place(one.part), place(one.rate)) for one in trace.bands),
        base_over=place(trace.base_over),
    )


def _limit(count: str, limit: int, used: int, room: int, paid: int) -> LimitLeft:
    if limit >= NO_LIMIT:
        return LimitLeft(count, None, used, room, None)
    left: LimitLeft = _new(LimitLeft, (count, limit, used, room, room - paid))
    return left


def _exact_over(scaled: int, over: int) -> int:
    """A scaled basis in fen, for show: half up."""
    return round_half_up(scaled, over) if over else 0
