"""What one event comes to, in the compact form that both executors of a program end in.

Tuples, not dataclasses: one is made for every event of a stream, and everything that people read is derived from it
on demand.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tuodi.engine.program import Load, Rule, Step
from tuodi.engine.situation import Key, State

OutcomeLine = tuple[int, str | None, tuple[int | None, ...]]
"""Rule index, item (of a catalogue rule), and the registers that `registers_of` the rule names; the first is `paid`."""

Move = tuple[tuple[str, Key], int, int]
"""A count at a key, and where it stood before and after. A count that did not move is not listed."""

LayerOutcome = tuple[int | None, int | None]
"""What a layer before relief paid (None: what was given was taken as it is), and the refusal that was its answer."""


class Outcome(NamedTuple):
    """One event, settled. Amounts in fen.

    `hospital` is what the bill's cap leaves to the hospital. `refusal` is the rule index of the relief layer's refusal.
    `layers` has an entry for each layer but relief, in order. `word` is the event's word with the bits that depend on
    state, as the guards saw it.
    """

    relief: int
    personal: int
    hospital: int
    lines: Sequence[OutcomeLine]
    refusal: int | None
    layers: tuple[LayerOutcome, ...]
    moved: Sequence[Move]
    word: int


class Stuck(Exception):
    """The event lacks something that it needs. The compiled text says no more; `interpret` says what (`Lacking`)."""


def registers_of(rule: Rule) -> tuple[str, ...]:
    """The registers that a line of the rule keeps: `paid`, then every other of its trace, then every count it read."""
    trace = rule.trace
    if trace is None:
        return ()
    names: list[str | None] = [trace.paid, trace.base, trace.base_over, trace.before, trace.threshold, trace.part]
    names += [trace.rate, trace.amount, trace.each, trace.due, trace.limited, trace.bill]
    for limit in trace.limits:
        names += [limit.limit, limit.used, limit.room]
    for band in trace.bands:
        names += [band.start, band.end, band.part, band.rate]
    names += _counts_read(rule.steps)
    return tuple(dict.fromkeys(name for name in names if name))


def _counts_read(steps: Iterable[Step]) -> list[str]:
    return [step.dst for step in steps if isinstance(step, Load)]


def undo(state: State, moved: Sequence[Move]) -> None:
    """Puts every count back where it stood: an event that cannot be settled leaves no trace."""
    for key, before, _ in reversed(moved):
        if before:
            state[key] = before
        else:
            del state[key]
