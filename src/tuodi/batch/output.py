"""A settled block as the tables that are written: amounts in fen, a line's benefit beside what it paid.

`refusal` and `benefit_…` are empty where there is none. Of a person who was set apart all events stand there, with
`relief_fen` and `personal_fen` null; the findings say why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from tuodi.batch.kernel import Ints, computed_layers
from tuodi.batch.settle import BlockSettler, Settled, closing_rows
from tuodi.batch.source import plain_ids
from tuodi.engine.program import Program
from tuodi.engine.situation import Key
from tuodi.language.model import Scope


class Tables(NamedTuple):
    """`items`: lines of catalogue items; `counts`: where the counts stand at the end. None: the run keeps none."""

    events: pa.Table
    items: pa.Table | None
    counts: pa.Table | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TableWriter:
    """Makes the tables of one run's blocks, all of the same columns."""

    settler: BlockSettler
    closings: bool

    def tables(self, settled: Settled, apart: Ints, persons: pa.ChunkedArray) -> Tables:
        """The tables of the block. `apart`: by event, whether its person was set apart; `persons`: whose each is."""
        results, layout = settled.results, self.settler.kernel.layout
        columns: dict[str, Any] = {
            "person": persons,
            "id": plain_ids(settled.block.events.ids),
            "relief_fen": _amounts(results.relief, apart),
            "personal_fen": _amounts(results.personal, apart),
        }
        if layout.caps_bills:
            columns["hospital_fen"] = _amounts(results.hospital, apart)
        for place, layer in enumerate(computed_layers(self.settler.bound.program)):
            columns[f"{layer}_fen"] = _amounts(results.layer_paid[place], apart | (results.layer_paid[place] < 0))
        names = rule_names(self.settler.bound.program)
        columns["refusal"] = _rules(results.refusal, apart, names)
        for place in range(layout.lines):
            columns[f"benefit_{place + 1}"] = _rules(results.line_rule[place], apart, names)
            columns[f"paid_{place + 1}_fen"] = pa.array(_or_none(results.line_paid[place], apart, 0))
        items = self._items(settled, apart, persons, names) if layout.item_lines else None
        counts = self._counts(settled, apart) if self.closings else None
        return Tables(pa.table(columns, schema=_schema(columns)), items, counts)

    def _items(self, settled: Settled, apart: Ints, persons: pa.ChunkedArray, names: pa.Array) -> pa.Table:
        block, results = settled.block, settled.results
        owner = np.repeat(np.arange(block.size), np.diff(block.items.items_of))
        place, row = np.nonzero(results.item_line_rule.T >= 0)[::-1]
        kept = ~apart[owner[row]]
        place, row = place[kept], row[kept]
        items = pa.array(self.settler.items, pa.string())
        return pa.table(
            {
                "person": persons.take(pa.array(owner[row])),
                "id": plain_ids(block.events.ids).take(pa.array(owner[row])),
                "item": items.take(pa.array(settled.inputs.item[row])),
                "benefit": names.take(pa.array(results.item_line_rule[place, row])),
                "paid_fen": pa.array(results.item_line_paid[place, row]),
            }
        )

    def _counts(self, settled: Settled, apart: Ints) -> pa.Table:
        per = {count.id: count.per for count in self.settler.bound.program.counts.values()}
        faulty = apart[settled.block.events_of[:-1]]
        rows = [
            (person, count, key_text(key, per[count]), amount)
            for person, count, key, amount in closing_rows(settled, self.settler.kernel, self.settler.items)
            if not faulty[person]
        ]
        persons = pa.array([row[0] for row in rows], pa.int64())
        return pa.table(
            {
                "person": plain_ids(settled.block.persons.ids).take(persons),
                "count": pa.array([row[1] for row in rows], pa.string()),
                "key": pa.array([row[2] for row in rows], pa.string()),
                "amount_fen": pa.array([row[3] for row in rows], pa.int64()),
            }
        )


def rule_names(program: Program) -> pa.Array:
    """The ids of benefits and refusals by rule index, and behind them an empty text."""
    return pa.array([*(rule.id for rule in program.rules), ""], pa.string())


def key_text(key: Key, per: Sequence[Scope]) -> str:
    """A count's key as the case format's `opening` writes it."""
    parts = key if isinstance(key, tuple) else (key,)
    return "/".join(_part(part, scope) for part, scope in zip(parts, per, strict=True))


def _part(part: int | str, scope: Scope) -> str:
    if scope is Scope.LIFE:
        return "life"
    if scope is Scope.RECOGNITION:
        return date.fromordinal(int(part)).isoformat() if part else ""
    return str(part)


def _schema(columns: Mapping[str, Any]) -> pa.Schema:
    """Lines and refusals stand in every row; the file need not say of each that it is there."""
    every = ("refusal", "benefit_", "paid_")
    fields = [pa.field(name, one.type, nullable=not name.startswith(every)) for name, one in columns.items()]
    return pa.schema(fields)


def _amounts(numbers: Ints, absent: Ints) -> pa.Array:
    return pa.array(numbers, mask=absent) if absent.any() else pa.array(numbers)


def _rules(rules: Ints, apart: Ints, names: pa.Array) -> pa.DictionaryArray:
    """The ids of the rules; an empty text for none, which stands last."""
    none = len(names) - 1
    places = np.minimum(_or_none(rules, apart, -1).view(np.uint16), np.uint16(none))  # -1 is the largest of these
    return pa.DictionaryArray.from_arrays(pa.array(places.view(np.int16)), names)


def _or_none(numbers: Ints, apart: Ints, none: int) -> Ints:
    """The numbers, without those of persons who were set apart."""
    return np.where(apart, numbers.dtype.type(none), numbers) if apart.any() else numbers
