"""Where the parts of a run begin and end, told from the persons alone: the blocks that one machine would settle."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

import pyarrow as pa

from tuodi.batch.convert import Files
from tuodi.batch.parts import Position
from tuodi.batch.run import Options, rows_of_blocks
from tuodi.batch.schema import TableSchema
from tuodi.batch.source import RowFiles, runs


class Borders(NamedTuple):
    """A part by number, and the rows of each table where it begins, and where the next one does."""

    number: int
    start: Position
    end: Position

    @property
    def events(self) -> int:
        """How many."""
        return self.end.events - self.start.events


def borders_of(files: Files, start: Position, first: int, options: Options) -> Iterator[Borders]:
    """The parts from these rows on, the first of them by this number. Raises Unsorted: every row is looked at."""
    events, statuses, openings = (None if table is None else _persons_of(table) for table in files)
    assert events is not None and statuses is not None
    blocks = rows_of_blocks(Files(events, statuses, openings), start, options.block)
    number = first
    while ends := [_end(rows, end) for rows, end in islice(blocks, options.part)]:
        yield Borders(number, start, ends[-1])
        number, start = number + 1, ends[-1]


def _end(rows: NamedTuple, end: Position) -> Position:
    """The rows after a block, of whose tables each ascends."""
    for name, cut in zip(rows._fields, rows, strict=True):
        if cut is not None:
            runs(cut.table["person"], name)
    return end


def _persons_of(table: RowFiles) -> RowFiles:
    """The table without anything but whom each row is about."""
    schema = TableSchema(title=table.schema.title, fields={"person": table.schema.fields["person"]})
    return replace(table, schema=schema, arrow=pa.schema([table.arrow.field("person")]))
