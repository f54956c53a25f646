"""What one event comes to, in the compact form that both executors of a program end in.

Tuples, not dataclasses: one is made for every event of a stream, and everything that people read is derived from it
on demand.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tuodi.engine.program import Input, Load, Rule, Step, Taken
from tuodi.engine.situation import Key, State

OutcomeLine = tuple[int, str | None, tuple[int | None, ...], int]
"""Rule index, item (of a catalogue rule), the registers that `registers_of` the rule names, `paid` first, and the word
that its guards saw: of the event, or of the item."""

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
    """The registers that a line of the rule keeps: `paid`, then every other of its trace, then everything it read."""
    trace = rule.trace
    if trace is None:
        return ()
    names: list[str | None] = [trace.paid, trace.base, trace.base_over, trace.before, trace.threshold, trace.part]
    names += [trace.rate, trace.amount, trace.each, trace.due, trace.limited, trace.bill]
    for limit in trace.limits:
        names += [limit.limit, limit.used, limit.room]
    for band in trace.bands:
        names += [band.start, band.end, band.part, band.rate]
    names += read_by(rule).values()
    return tuple(dict.fromkeys(name for name in names if name))


def read_by(rule: Rule) -> dict[str, str]:
    """What the rule read -> the register with it: a column by its name, `count <id> <year fact>`, `taken <quantity>`.

    Of what was read more than once, the last: a bill's cap comes in before the basis is made.
    """
    return {name: dst for step in rule.steps for name, dst in _reading(step)}


def _reading(step: Step) -> list[tuple[str, str]]:
    match step:
        case Input(dst=dst, column=column):
            return [(column, dst)]
        case Load(dst=dst, count=count, year=year):
            return [(f"count {count} {year}", dst)]
        case Taken(dst=dst, quantity=quantity):
            return [(f"taken {quantity}", dst)]
    return []


def undo(state: State, moved: Sequence[Move]) -> None:
    """Puts every count back where it stood: an event that cannot be settled leaves no trace."""
    for key, before, _ in reversed(moved):
        if before:
            state[key] = before
        else:
            del state[key]
