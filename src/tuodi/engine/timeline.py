"""When a person's statuses hold: plain ones from day to day, those on application by their cover.

A *slot* is one way for a status to hold: plainly, or under one cover. Each has a bit; the same bit shifted by the
number of slots says that an application made while the document is in force reaches back to the day, so that the
status counts although the document may not be in force on the day itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple, assert_never

from tuodi.core.period import first_of_month, months_back
from tuodi.engine.record import StatusPeriod
from tuodi.language.model import Cover, CoverEnd, Document

_DAYS = 1 << 14  # of applications, in what is worked out by day: those of some decades

OPEN = 1 << 40
"""The end of what has none; later than any day."""


class Span(NamedTuple):
    """The days start <= day < end on which the slots of `mask` hold; `key`: day of application, else of the start."""

    start: int
    end: int
    mask: int
    key: int


class Timeline:
    """The slots that a policy asks for, in the order in which they are asked for."""

    def __init__(self, document: Document, slots: Iterable[tuple[str, Cover | None]]) -> None:
        self.start = document.start.toordinal()
        self.end = document.end.toordinal() if document.end else OPEN
        self.bits = {slot: 1 << place for place, slot in enumerate(dict.fromkeys(slots))}
        self.size = len(self.bits)
        self._plain = {status: bit for (status, cover), bit in self.bits.items() if cover is None}
        self._covered = [(status, cover, bit) for (status, cover), bit in self.bits.items() if cover is not None]

    def spans(self, periods: Sequence[StatusPeriod]) -> tuple[Span, ...]:
        """What holds when, for a person with these statuses; those that the policy does not ask for are left out."""
        plain = self._plain
        spans = [
            Span(start, OPEN if end is None else end, plain[status], start if applied is None else applied)
            for status, start, end, applied in periods
            if status in plain
        ]
        for status, cover, bit in self._covered:
            recognitions = [period for period in periods if period.status == status]
            if recognitions:
                spans += self._cover_spans(recognitions, cover, bit)
        return tuple(spans)

    def earliest(self, spans: Iterable[Span], day: int, in_force: bool, slots: int) -> int:
        """The key of the earliest application by which one of the slots holds, and counts, on the day."""
        shift = 0 if in_force else self.size
        return min(key for start, end, mask, key in spans if start <= day < end and mask >> shift & slots)

    def _cover_spans(self, recognitions: Sequence[StatusPeriod], cover: Cover, bit: int) -> Iterator[Span]:
        taken = [(_applied(period), _end(period)) for period in recognitions] if cover.except_held else []
        for period in _counted(recognitions, cover):
            applied, first, last = _applied(period), _first(period, cover), _last(period, cover)
            reaching = bit | bit << self.size if self.start <= applied < self.end else bit
            for start, end in _without((first, min(applied, last)), taken):
                yield Span(start, end, reaching, applied)
            if max(first, applied) < last:
                yield Span(max(first, applied), last, bit, applied)


# ---- covers ----------------------------------------------------------------------------------------------------------


def _applied(period: StatusPeriod) -> int:
    """Without a day of application the status counts as applied for on its first day."""
    return period.start if period.applied_on is None else period.applied_on


def _end(period: StatusPeriod) -> int:
    return OPEN if period.end is None else period.end


def _counted(recognitions: Sequence[StatusPeriod], cover: Cover) -> list[StatusPeriod]:
    """In the order of application, then of listing; without the second of a calendar year, where that is ignored."""
    ordered = sorted(recognitions, key=_applied)
    if not cover.one_application_per_year or len(ordered) == 1:
        return ordered
    first_of_year: dict[int, StatusPeriod] = {}
    for period in ordered:
        first_of_year.setdefault(_year(_applied(period)), period)
    return list(first_of_year.values())


def _first(period: StatusPeriod, cover: Cover) -> int:
    """The first day covered; without a day of application there is no reaching back."""
    if period.applied_on is None:
        return period.start
    return _reach_back(period.applied_on, cover.months_before, cover.from_first_of_month)


@lru_cache(maxsize=_DAYS)
def _reach_back(applied_on: int, months: int, from_first_of_month: bool) -> int:
    first = months_back(date.fromordinal(applied_on), months) if months else date.fromordinal(applied_on)
    return (first_of_month(first) if from_first_of_month else first).toordinal()


def _last(period: StatusPeriod, cover: Cover) -> int:
    """The day after the last one covered."""
    match cover.until:
        case CoverEnd.STATUS_END:
            return _end(period)
        case CoverEnd.YEAR_END:
            return min(_end(period), _after_year(_applied(period)))
        case CoverEnd.APPLICATION:
            return min(_end(period), _applied(period))
        case _:
            assert_never(cover.until)


@lru_cache(maxsize=_DAYS)
def _after_year(day: int) -> int:
    """The day after the last of the day's year; 9999 is the calendar's last."""
    return date(_year(day), 12, 31).toordinal() + 1


def _year(day: int) -> int:
    return date.fromordinal(day).year


def _without(days: tuple[int, int], taken: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The days that are not taken, as periods start <= day < end."""
    start, end = days
    for taken_start, taken_end in sorted(taken):
        if start < min(taken_start, end):
            yield start, min(taken_start, end)
        start = max(start, taken_end)
    if start < end:
        yield start, end
