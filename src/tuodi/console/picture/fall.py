"""From the whole bill to what the family pays, step by step: where each step's bar stands in the whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.utils.safestring import SafeString

from tuodi.console.amounts import yuan_text
from tuodi.console.picture.shapes import Part, Tone, strip


class Step(NamedTuple):
    """Somebody takes `fen` (>= 0) of what is left; `tone` says whether it is relief, another payer or the family."""

    label: str
    fen: int
    tone: Tone


class Fallen(NamedTuple):
    """A step, its bar, and what is left of the bill after it."""

    step: Step
    left: int
    picture: SafeString


def falling(whole: int, steps: Iterable[Step]) -> Iterator[Fallen]:
    """Each bar begins at the right where the one before it ended, until nothing is left."""
    left = whole
    for step in steps:
        after = max(left - step.fen, 0)
        says = f"{step.label} {yuan_text(step.fen)} 元"
        bar = strip([Part(after, Tone.gap), Part(left - after, step.tone, says)], whole, says)
        yield Fallen(step, after, bar)
        left = after
