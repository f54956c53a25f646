"""Pictures as HTML with inline SVG: they fill a screen or a sheet of paper, and their texts stay readable.

Lengths are per cent of the width, so that a phone shows the same picture with the same letters, and labels are
ordinary text of the page, which wraps. Whole numbers only: the same report is the same file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import assert_never

from tuodi.lab.report.amounts import round_money
from tuodi.lab.report.document import Bar, Bars, Curve, Month, Months, Parts, Picture, Point, Row, Span, Spans, Tone

_BAR, _WHOLE = 14, 18
"""Heights of a bar, and of one that is made of parts, in pixels."""

_MONTHS, _CURVE = 200, 260
"""Heights of pictures with a vertical scale, in pixels."""

_MOST_LABELS = 12
"""More columns than this have only some of their labels beneath."""


def drawn(picture: Picture) -> str:
    """The picture as a figure of HTML."""
    match picture:
        case Bars():
            body = _bars(picture)
        case Parts():
            body = _parts(picture)
        case Months():
            body = _months(picture)
        case Spans():
            body = _spans(picture)
        case Curve():
            body = _curve(picture)
        case _:
            assert_never(picture)
    legend = () if isinstance(picture, Curve) else picture.legend
    note = f'<p class="note">{escape(picture.note)}</p>' if picture.note else ""
    return f"<figure><figcaption>{escape(picture.title)}</figcaption>{_legend(legend)}{body}{note}</figure>"


# ---- bars ------------------------------------------------------------------------------------------------------------


def _bars(picture: Bars) -> str:
    scale = Scale.of([0, *(bar.value for row in picture.rows for bar in row.bars)])
    return _labelled((row.group, row.label, _bars_of(row, scale)) for row in picture.rows)


def _bars_of(row: Row, scale: Scale) -> str:
    """One strip a bar, its text behind it: they stay side by side on any width."""
    zero = scale.at(0)
    strips = []
    for bar in row.bars:
        near, far = sorted((zero, scale.at(bar.value)))
        axis = f'<line x1="{per_cent(zero)}" x2="{per_cent(zero)}" y1="0" y2="{_BAR}" class="axis"/>' if zero else ""
        strip = _svg(_BAR, _rect(near, far - near, 0, _BAR, bar) + axis, bar.text)
        strips.append(f'<div class="strip">{strip}<span class="value {bar.tone.value}">{escape(bar.text)}</span></div>')
    return "".join(strips)


def _parts(picture: Parts) -> str:
    most = max((sum(bar.value for bar in row.bars) for row in picture.rows), default=0)

    def strip(row: Row) -> str:
        whole = sum(bar.value for bar in row.bars) if picture.whole else most
        return _svg(_WHOLE, "".join(_stacked(row.bars, whole)), row.label) + _said(row.bars)

    return _labelled((row.group, row.label, strip(row)) for row in picture.rows)


def _stacked(bars: Sequence[Bar], whole: int) -> Iterator[str]:
    done = 0
    for bar in bars:
        start, end = part_of(done, whole), part_of(done + bar.value, whole)
        yield _rect(start, end - start, 0, _WHOLE, bar)
        done += bar.value


def _said(bars: Iterable[Bar]) -> str:
    """What each part is, in words: no part is too narrow for its text."""
    items = (f'<li><i class="{bar.tone.value}"></i>{escape(bar.text)}</li>' for bar in bars)
    return f'<ul class="said">{"".join(items)}</ul>'


# ---- columns over time -----------------------------------------------------------------------------------------------


def _months(picture: Months) -> str:
    most = max((sum(bar.value for bar in column.parts) for column in picture.columns), default=0)
    ticks = ticks_to(most)
    scale = Scale(0, max(ticks[-1], 1))
    shapes = [_tick_line(tick, scale, _MONTHS) for tick in ticks]
    each = 10_000 // max(len(picture.columns), 1)
    for place, column in enumerate(picture.columns):
        shapes.append(_column(column, scale, place * each + each // 6, each - each // 3))
    step = -(-len(picture.columns) // _MOST_LABELS)
    named = (column.label if place % step == 0 else "" for place, column in enumerate(picture.columns))
    labels = "".join(f"<span>{escape(label)}</span>" for label in named)
    marks = "".join(
        f'<span style="bottom:{per_cent(scale.at(tick))}">{escape(round_money(tick))}</span>' for tick in ticks
    )
    return (
        f'<div class="plot" style="height:{_MONTHS}px"><div class="ticks">{marks}</div>'
        f'{_svg(_MONTHS, "".join(shapes), picture.title)}</div><div class="months">{labels}</div>'
    )


def _column(column: Month, scale: Scale, left: int, width: int) -> str:
    shapes, done = [], 0
    for bar in column.parts:
        low, high = scale.at(done), scale.at(done + bar.value)
        top, height = _down(high, _MONTHS), _down(low, _MONTHS) - _down(high, _MONTHS)
        shapes.append(_rect(left, width, top, height, bar, f"{column.label} {bar.text}"))
        done += bar.value
    return "".join(shapes)


def _tick_line(tick: int, scale: Scale, height: int) -> str:
    y = _down(scale.at(tick), height)
    return f'<line x1="0" x2="100%" y1="{y}" y2="{y}" class="{"axis" if not tick else "grid"}"/>'


# ---- ranges ----------------------------------------------------------------------------------------------------------


def _spans(picture: Spans) -> str:
    shared = Scale.of(value for row in picture.rows for value in _reached(row))

    def strip(row: Span) -> str:
        scale = shared if picture.shared else Scale.of(_reached(row)).widened()
        said = f'<span class="value">{escape(row.text)}</span>'
        return f'<div class="strip">{_span(row, scale, picture.zero)}{said}</div>'

    return _labelled(("", row.label, strip(row)) for row in picture.rows)


def _reached(row: Span) -> tuple[int, ...]:
    return (row.least, row.most, *(mark.value for mark in row.marks))


def _span(row: Span, scale: Scale, zero: bool) -> str:
    left, right = scale.at(row.least), scale.at(row.most)
    shapes = [
        f'<rect x="{per_cent(left)}" width="{per_cent(max(right - left, 20))}" y="5" height="{_BAR - 4}" rx="2" '
        f'class="pale"/>'
    ]
    if zero:
        at = per_cent(scale.at(0))
        shapes.append(f'<line x1="{at}" x2="{at}" y1="0" y2="20" class="axis"/>')
    shapes += [
        f'<circle cx="{per_cent(scale.at(mark.value))}" cy="10" r="5" class="{mark.tone.value}">'
        f"<title>{escape(mark.text)}</title></circle>"
        for mark in row.marks
    ]
    return _svg(20, "".join(shapes), row.text, "spans")


# ---- curves ----------------------------------------------------------------------------------------------------------


def _curve(picture: Curve) -> str:
    line = [picture.line[0]] if picture.line else []
    across = Scale.of(point.x for point in picture.points)
    up = Scale.of([*(point.y for point in picture.points), *line]).widened()
    path = " ".join(f"{across.at(point.x)},{10_000 - up.at(point.y)}" for point in picture.points)
    shapes = [
        f'<svg viewBox="0 0 10000 10000" preserveAspectRatio="none" width="100%" height="{_CURVE}">'
        f'<polyline points="{path}" class="curve" vector-effect="non-scaling-stroke"/></svg>'
    ]
    if picture.line:
        y = _down(up.at(picture.line[0]), _CURVE)
        shapes.append(f'<line x1="0" x2="100%" y1="{y}" y2="{y}" class="level"/>')
        rises = picture.points[0].y <= picture.points[-1].y  # the name stands where the curve is below the line
        spot = 'x="0"' if rises else 'x="100%" text-anchor="end"'
        shapes.append(f'<text {spot} y="{y - 6}" class="level">{escape(picture.line[1])}</text>')
    shapes += [_point(point, across, up) for point in picture.points]
    ends = "".join(f"<span>{escape(end)}</span>" for end in (picture.x_ends[0], picture.x_label, picture.x_ends[1]))
    return (
        f'<p class="note">{escape(picture.y_label)}</p><div class="plot curve" style="height:{_CURVE}px">'
        f'{_svg(_CURVE, "".join(shapes), picture.title)}</div><div class="ends">{ends}</div>'
    )


def _point(point: Point, across: Scale, up: Scale) -> str:
    at, y = across.at(point.x), _down(up.at(point.y), _CURVE)
    shape = (
        f'<circle cx="{per_cent(at)}" cy="{y}" r="{6 if point.big else 3}" class="{point.tone.value}">'
        f"<title>{escape(point.text)}</title></circle>"
    )
    if not point.big:
        return shape
    anchor = "start" if at < 3_000 else "end" if at > 7_000 else "middle"
    return f'{shape}<text x="{per_cent(at)}" y="{y - 12}" text-anchor="{anchor}">{escape(point.text)}</text>'


# ---- scales ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Scale:
    """From `least` to `most`, both of which are shown."""

    least: int
    most: int

    @classmethod
    def of(cls, values: Iterable[int]) -> Scale:
        """A scale that reaches all of them."""
        values = tuple(values) or (0,)
        return cls(min(values), max(values))

    def widened(self) -> Scale:
        """With a tenth more at both ends, so that nothing stands at the edge."""
        margin = max((self.most - self.least) // 10, 1)
        return Scale(self.least - margin, self.most + margin)

    def at(self, value: int) -> int:
        """Where the value stands, in hundredths of a per cent."""
        return part_of(value - self.least, self.most - self.least)


def part_of(part: int, whole: int) -> int:
    """Part of whole in hundredths of a per cent; 0 of nothing."""
    return part * 10_000 // whole if whole else 0


def per_cent(hundredths: int) -> str:
    """ "12.34%"."""
    return f"{hundredths // 100}.{hundredths % 100:02d}%"


def ticks_to(most: int) -> tuple[int, ...]:
    """Round numbers from 0 to at least `most`: three to six of them."""
    step = 1
    while True:
        for times in (1, 2, 5):
            if step * times * 5 >= most:
                return tuple(range(0, most + step * times, step * times)) if most else (0,)
        step *= 10


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _labelled(rows: Iterable[tuple[str, str, str]]) -> str:
    """Rows of (group, label, what stands behind it); a group's name stands above its first row."""
    parts = []
    for group, members in groupby(rows, lambda row: row[0]):
        if group:
            parts.append(f'<p class="group">{escape(group)}</p>')
        parts += [
            f'<div class="row"><span class="label">{escape(label)}</span><div>{strip}</div></div>'
            for _, label, strip in members
        ]
    return f'<div class="bars">{"".join(parts)}</div>'


def _rect(x: int, width: int, y: int, height: int, bar: Bar, says: str = "") -> str:
    if not width or not height:
        return ""
    return (
        f'<rect x="{per_cent(x)}" width="{per_cent(width)}" y="{y}" height="{height}" class="{bar.tone.value}">'
        f"<title>{escape(says or bar.text)}</title></rect>"
    )


def _svg(height: int, body: str, says: str, kind: str = "") -> str:
    named = f' class="{kind}"' if kind else ""
    return f'<svg{named} width="100%" height="{height}" role="img" aria-label="{escape(says)}">{body}</svg>'


def _down(hundredths: int, height: int) -> int:
    """From the top, in pixels."""
    return height - hundredths * height // 10_000


def _legend(legend: Sequence[tuple[Tone, str]]) -> str:
    if not legend:
        return ""
    items = "".join(f'<li><i class="{tone.value}"></i>{escape(text)}</li>' for tone, text in legend)
    return f'<ul class="legend">{items}</ul>'
