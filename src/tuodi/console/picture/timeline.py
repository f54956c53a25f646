"""Somebody's years on one line: statuses as bands, bills and decisions as marks, lane by lane."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from html import escape
from itertools import pairwise
from typing import NamedTuple

from django.utils.safestring import SafeString

from tuodi.console.picture.shapes import Tone, part_of, per_cent, rectangle, svg

_LANE, _AXIS = 20, 18
_MOST_TICKS = 8


class Band(NamedTuple):
    """Days starts_on <= day < ends_on; without an end it goes on."""

    starts_on: date
    ends_on: date | None
    tone: Tone
    says: str


class Mark(NamedTuple):
    """Something on one day; with an address it leads there."""

    on: date
    tone: Tone
    says: str
    address: str = ""


class Lane(NamedTuple):
    """One row of the time line."""

    label: str
    bands: Sequence[Band] = ()
    marks: Sequence[Mark] = ()


class Drawn(NamedTuple):
    """A row of the page: the label, and the picture beside it."""

    label: str
    picture: SafeString


def timeline(lanes: Sequence[Lane], today: date) -> list[Drawn]:
    """The lanes over one span, which holds today and reaches from the first thing to the last; below them the years."""
    lanes = [lane for lane in lanes if lane.bands or lane.marks]
    if not lanes:
        return []
    span = _Span.of(lanes, today)
    drawn = [Drawn(lane.label, svg(_LANE, _shapes(lane, span, today), lane.label)) for lane in lanes]
    return [*drawn, Drawn("", svg(_AXIS, _axis(span), f"{span.first} 至 {span.last}"))]


class _Span(NamedTuple):
    first: date
    last: date

    @classmethod
    def of(cls, lanes: Sequence[Lane], today: date) -> _Span:
        """Whole years, so that the years' lines stand where people look for them; at most the next one."""
        days = [today]
        for lane in lanes:
            days += [band.starts_on for band in lane.bands] + [mark.on for mark in lane.marks]
            days += [min(band.ends_on, date(today.year + 1, 12, 31)) for band in lane.bands if band.ends_on]
        return cls(date(min(days).year, 1, 1), date(max(days).year, 12, 31))

    def at(self, day: date) -> int:
        return part_of((day - self.first).days, (self.last - self.first).days + 1)


def _shapes(lane: Lane, span: _Span, today: date) -> Iterator[str]:
    now = per_cent(span.at(today))
    yield f'<line x1="{now}" x2="{now}" y1="0" y2="{_LANE}" class="axis"/>'
    for band in lane.bands:
        end = span.at(band.ends_on) if band.ends_on else 10_000
        yield rectangle(span.at(band.starts_on), end, 3, _LANE - 6, band.tone, band.says)
    for mark in lane.marks:
        dot = (
            f'<circle cx="{per_cent(span.at(mark.on))}" cy="{_LANE // 2}" r="5" class="{mark.tone.value}">'
            f"<title>{escape(mark.says)}</title></circle>"
        )
        yield f'<a href="{escape(mark.address)}">{dot}</a>' if mark.address else dot


def _axis(span: _Span) -> Iterator[str]:
    """The years, or months where there is only one year; not more labels than there is room for."""
    ticks = list(_years(span)) if span.first.year < span.last.year else list(_quarters(span))
    step = -(-len(ticks) // _MOST_TICKS)
    for at, label in ticks[::step]:
        yield f'<line x1="{per_cent(at)}" x2="{per_cent(at)}" y1="0" y2="4" class="axis"/>'
        yield f'<text x="{per_cent(at)}" y="16" dx="2">{label}</text>'


def _years(span: _Span) -> Iterator[tuple[int, str]]:
    firsts = [date(year, 1, 1) for year in range(span.first.year, span.last.year + 2)]
    return ((span.at(first), str(first.year)) for first, _ in pairwise(firsts))


def _quarters(span: _Span) -> Iterator[tuple[int, str]]:
    year = span.first.year
    return ((span.at(date(year, month, 1)), f"{year}-{month:02d}") for month in (1, 4, 7, 10))
