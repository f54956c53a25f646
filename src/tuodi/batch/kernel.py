"""A program's compiled loop on columns: what goes in, what comes out, and the room in between."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tuodi.batch import loop
from tuodi.batch.compiled import frozen
from tuodi.batch.kernel_text import kernel_source
from tuodi.batch.layout import MISSING, KernelLayout, kernel_layout
from tuodi.batch.loop import Say
from tuodi.engine.bind import Bound
from tuodi.engine.program import Program
from tuodi.engine.shape import RELIEF

Ints = NDArray[Any]
"""Whole numbers, of whatever width."""


class Inputs(NamedTuple):
    """Persons one after another, each with its events in order; offsets have one entry more than there are rows.

    `columns` follow `Program.columns`: fen or whole numbers, all int32 or all int64, `MISSING` where not given.
    `unknown` has one entry, 0, where every fact can be told. `years`: by year fact, never empty. Item columns follow
    `items_of`. Openings: family, packed key, place in the family, amount.
    """

    events_of: Ints
    word: Ints
    unknown: Ints
    year: Ints
    recognition: Ints
    years: tuple[Ints, ...]
    columns: tuple[Ints, ...]
    items_of: Ints
    item: Ints
    item_word: Ints
    burden: Ints
    openings_of: Ints
    opening_family: Ints
    opening_key: Ints
    opening_place: Ints
    opening_amount: Ints


class Numbers(NamedTuple):
    """What the document and the agency fix: the table, tables by item (parameter, item), the levels of bits."""

    table: Ints
    item_tables: Ints
    levels: Ints


class Results(NamedTuple):
    """By event, amounts in fen. `refusal`: rule index or -1; `stuck`: lacks something, nothing of it was settled.

    By place and event: `layer_paid` of layers before relief (-1: taken as given), rule (-1: none) and paid of each
    line; by place and item the same. Closings: the counts after the last event, as many as `Kernel.run` says.
    """

    relief: Ints
    personal: Ints
    hospital: Ints
    refusal: Ints
    stuck: Ints
    layer_paid: Ints
    line_rule: Ints
    line_paid: Ints
    item_line_rule: Ints
    item_line_paid: Ints
    closing_person: Ints
    closing_family: Ints
    closing_key: Ints
    closing_place: Ints
    closing_amount: Ints


class Kernel:
    """The compiled loop of all programs of one shape."""

    __slots__ = ("layout", "loop")

    def __init__(self, program: Program, on_compile: Say | None = None, folder: Path | None = None) -> None:
        self.layout = kernel_layout(program)
        self.loop = loop.Loop(kernel_source(program), on_compile, folder)

    def run(self, inputs: Inputs, numbers: Numbers, results: Results, first: int = 0, last: int | None = None) -> int:
        """Settles the persons first <= p < last into `results`; how many closing counts it wrote.

        Any number of threads may do so at once, each for its own persons.
        """
        last = len(inputs.events_of) - 1 if last is None else last
        return self.loop(self.arguments(inputs, numbers, results, first, last))

    def arguments(self, inputs: Inputs, numbers: Numbers, results: Results, first: int, last: int) -> tuple[Any, ...]:
        """What the loop is called with, as `kernel_text.ARGUMENTS` says."""
        bases, most_items = self._bases(inputs, first, last)
        given: list[Any] = [tuple(map(frozen, one)) if isinstance(one, tuple) else frozen(one) for one in inputs]
        if len(inputs.unknown) != len(inputs.word) or not inputs.unknown.any():
            given[_UNKNOWN] = None  # compiled apart: nothing can be stuck for want of a fact
        return (first, last, *given[:_OPENINGS], *numbers, bases, most_items, *given[_OPENINGS:], *results)

    def results(self, inputs: Inputs, closings: bool = False) -> Results:
        """Room for what the inputs come to; without `closings` the counts at the end are not kept."""
        events, items, layout = len(inputs.word), len(inputs.item), self.layout
        kept = self._most_closings(inputs) if closings else 0
        return Results(
            relief=np.empty(events, np.int64),
            personal=np.empty(events, np.int64),
            hospital=np.zeros(events if layout.caps_bills else 0, np.int64),
            refusal=np.empty(events, np.int16),
            stuck=np.empty(events, np.bool_),
            layer_paid=np.empty((layout.layers, events), np.int64),
            line_rule=np.empty((layout.lines, events), np.int16),
            line_paid=np.empty((layout.lines, events), np.int64),
            item_line_rule=np.empty((layout.item_lines, items), np.int16),
            item_line_paid=np.empty((layout.item_lines, items), np.int64),
            closing_person=np.empty(kept, np.int64),
            closing_family=np.empty(kept, np.int64),
            closing_key=np.empty(kept, np.int64),
            closing_place=np.empty(kept, np.int64),
            closing_amount=np.empty(kept, np.int64),
        )

    def _bases(self, inputs: Inputs, first: int, last: int) -> tuple[Ints, int]:
        """Where each family's keys and counts begin among those of one person, and how many there are in all."""
        events = _most(inputs.events_of[first : last + 1])
        openings = _most(inputs.openings_of[first : last + 1])
        starts = inputs.items_of[inputs.events_of[first : last + 1]] if self.layout.has_items else inputs.items_of[:1]
        items = _most(starts)
        bases, keys, counts = [], 0, 0
        for family in self.layout.families:
            bases += [keys, counts]
            most = openings + 1 + (0 if family.is_life else items if family.of_items else events)
            if family.is_year:
                most += events * len(self.layout.tally_facts)
            keys, counts = keys + most, counts + most * family.width
        return np.array([*bases, keys, counts], np.int64), items

    def _most_closings(self, inputs: Inputs) -> int:
        """At most so many counts can stand at the end: each event and item may bring a key of each family."""
        events, items, persons = len(inputs.word), len(inputs.item), len(inputs.events_of) - 1
        most = 0
        for family in self.layout.families:
            keys = persons if family.is_life else items if family.of_items else events
            if family.is_year:
                keys += events * len(self.layout.tally_facts)
            most += (keys + len(inputs.opening_key)) * family.width
        return most + 1


def numbers_of(bound: Bound, layout: KernelLayout, items: tuple[str, ...]) -> Numbers:
    """The numbers of a bound program as arrays; `items` by number."""
    tables = np.full((max(1, len(layout.item_tables)), max(1, len(items))), MISSING, np.int64)
    for place, parameter in enumerate(layout.item_tables):
        for number, item in enumerate(items):
            tables[place, number] = bound.item_tables[parameter].get(item, MISSING)
    return Numbers(
        table=np.array([MISSING if entry is None else entry for entry in bound.table], np.int64),
        item_tables=tables,
        levels=np.array([bit.at_least or 0 for bit in layout.bits], np.int64),
    )


def computed_layers(program: Program) -> tuple[str, ...]:
    """The layers before relief, in the order of `Results.layer_paid`."""
    return tuple(layer.layer.id for layer in program.layers if layer.layer.id != RELIEF)


# ---- helpers ---------------------------------------------------------------------------------------------------------

_UNKNOWN = Inputs._fields.index("unknown")
_OPENINGS = Inputs._fields.index("openings_of")


def _most(offsets: Ints) -> int:
    return int(np.diff(offsets).max()) if len(offsets) > 1 else 0
