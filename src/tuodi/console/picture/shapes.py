"""Strips of rectangles and marks on a line, in hundredths of a per cent of the width."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum
from html import escape
from typing import NamedTuple

from django.utils.safestring import SafeString, mark_safe

WHOLE = 10_000
HEIGHT = 14


class Tone(Enum):
    """The colours of a picture: what it is about, what was before, what recedes, what needs a person, nothing."""

    main = "main"
    before = "before"
    pale = "pale"
    alarm = "alarm"
    ground = "ground"
    gap = ""


class Part(NamedTuple):
    """A part of a strip, >= 0; `says` is read out and shown at the pointer."""

    amount: int
    tone: Tone
    says: str = ""


def strip(parts: Sequence[Part], whole: int, says: str, height: int = HEIGHT) -> SafeString:
    """Parts behind one another; `whole` fills the width. Parts end there at the latest."""
    shapes, done = [], 0
    for part in parts:
        start, end = part_of(done, whole), part_of(done + part.amount, whole)
        if part.tone is not Tone.gap and part.amount:
            shapes.append(rectangle(start, end, 0, height, part.tone, part.says))
        done += part.amount
    return svg(height, shapes, says)


def rectangle(start: int, end: int, top: int, height: int, tone: Tone, says: str) -> str:
    """From `start` to `end`, and at least a fifth of a per cent wide: what is there can be seen."""
    width = max(end - start, 20)
    title = f"<title>{escape(says)}</title>" if says else ""
    return (
        f'<rect x="{per_cent(start)}" width="{per_cent(width)}" y="{top}" height="{height}" '
        f'class="{tone.value}">{title}</rect>'
    )


def svg(height: int, shapes: Iterable[str], says: str) -> SafeString:
    """A picture as wide as its place. Shapes have escaped what they say."""
    return mark_safe(
        f'<svg width="100%" height="{height}" role="img" aria-label="{escape(says)}">{"".join(shapes)}</svg>'
    )


def part_of(part: int, whole: int) -> int:
    """Part of whole in hundredths of a per cent, cut to 0 .. 100 %; 0 of nothing."""
    return min(max(part * WHOLE // whole, 0), WHOLE) if whole > 0 else 0


def per_cent(hundredths: int) -> str:
    """ "12.34%"."""
    return f"{hundredths // 100}.{hundredths % 100:02d}%"
