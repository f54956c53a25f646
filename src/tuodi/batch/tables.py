"""The rows that some persons have in one table: columns as numbers, and what is wrong with a row, told by its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tuodi.batch import raw
from tuodi.batch.columns import Read, Wrong
from tuodi.batch.findings import Findings, RowFinding
from tuodi.batch.kernel import Ints
from tuodi.batch.layout import MISSING
from tuodi.batch.source import Cut, RowFiles, plain_ids, runs
from tuodi.core.finding import Finding, Place


class Ledger(NamedTuple):
    """Persons at hand, who of them is set apart, and what is told."""

    ids: pa.Array
    faulty: Ints
    findings: Findings


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonTable:
    """Rows person by person: `rows_of` are offsets, `numbers` each row's place in the input."""

    files: RowFiles
    table: pa.Table
    rows_of: Ints
    numbers: Ints
    ledger: Ledger
    spoilt: Ints  # rows with a value that cannot be read: what is compared with it means nothing

    @property
    def size(self) -> int:
        """How many rows."""
        return len(self.spoilt)

    @property
    def is_single(self) -> bool:
        """Whether each person has one row."""
        return self.size == len(self.rows_of) - 1 and raw.counts_up(self.rows_of)

    def owner(self, rows: Ints | int) -> Ints:
        """Whose the rows are."""
        return np.asarray(np.searchsorted(self.rows_of, rows, side="right") - 1)

    def column(self, name: str) -> tuple[pa.Array, str] | None:
        """The field's column and its name; None: the file has none."""
        column = self.files.schema.column_of(name, self.files.arrow)
        if column is None:
            return None
        return _whole(self.table[column]), column

    def read(self, name: str, reader: Callable[[pa.Array, str], Read]) -> Ints | None:
        """The field as numbers; what is wrong is told."""
        found = self.column(name)
        return None if found is None else self._told(reader(*found))

    def need(self, name: str, reader: Callable[[pa.Array, str], Read], where: Ints | None = None) -> Ints:
        """The same for a field that each row (of `where`) must give; 0 where one does not."""
        found = self.column(name)
        assert found is not None, "the columns were checked"
        read = reader(*found)
        numbers = self._told(read)
        if not raw.lacks(numbers):
            return numbers
        missing = numbers == MISSING
        for wrong in read.wrong:  # told already
            missing[wrong.rows] = False
        if where is not None:
            missing &= where
        says = self.files.schema.fields[name].says
        self.tell(Wrong(np.flatnonzero(missing), name, "value-missing", f"没有给出{says}", "补上"))
        return np.where(numbers == MISSING, 0, numbers).astype(numbers.dtype)

    def _told(self, read: Read) -> Ints:
        for wrong in read.wrong:
            self.tell(wrong)
            self.spoilt[wrong.rows] = True
        return read.numbers

    def tell(self, wrong: Wrong, note: bool = False) -> None:
        """Writes down what is wrong with rows, and sets their persons apart, unless it is but a note."""
        self.tell_each(wrong.rows, wrong.column, wrong.code, lambda _: wrong.message, wrong.remedy, note=note)

    def tell_each(
        self, rows: Ints, column: str, code: str, reason: Callable[[int], str], remedy: str, *, note: bool = False
    ) -> None:
        """The same with a reason for each row."""
        ledger = self.ledger
        if not len(rows):
            return
        if not note:
            ledger.faulty[self.owner(rows)] = True
        told = rows[: ledger.findings.room(code, len(rows))]
        several = [self._finding(int(row), column, code, reason(int(row)), remedy) for row in told]
        ledger.findings.add(several, code, len(rows))

    def place(self, row: int) -> Place:
        """Where the row stands in the input."""
        return self.files.place(int(self.numbers[row]), self.table, row)

    def _finding(self, row: int, column: str, code: str, message: str, remedy: str) -> RowFinding:
        place = self.place(row)
        spot = Place(file=place.file, line=place.line, path=column)
        finding = Finding(code=code, message=message, place=spot, remedy=remedy)
        return RowFinding(finding, str(self.ledger.ids[int(self.owner(row))].as_py()))


def own_table(files: RowFiles, cut: Cut, rows_of: Ints, ledger: Ledger) -> PersonTable:
    """The table from which the persons come, or one of the same persons."""
    return PersonTable(
        files=files,
        table=cut.table,
        rows_of=rows_of,
        numbers=cut.first + np.arange(cut.table.num_rows),
        ledger=ledger,
        spoilt=np.zeros(cut.table.num_rows, np.bool_),
    )


def matching_table(files: RowFiles, cut: Cut, ledger: Ledger, name: str) -> PersonTable:
    """The rows of the persons at hand in another table; rows of other persons are left out. Raises Unsorted."""
    if _is_row_for_row(cut.table["person"], ledger.ids):
        return own_table(files, cut, np.arange(len(ledger.ids) + 1), ledger)
    found = runs(cut.table["person"], name)
    place = _places(found.ids, ledger.ids)
    sizes = np.diff(found.rows_of)
    kept = np.repeat(place >= 0, sizes)
    rows_of_person = np.zeros(len(ledger.ids), np.int64)
    rows_of_person[place[place >= 0]] = sizes[place >= 0]
    rows_of = np.concatenate([[0], np.cumsum(rows_of_person)])
    return PersonTable(
        files=files,
        table=cut.table if kept.all() else cut.table.filter(pa.array(kept)),
        rows_of=rows_of,
        numbers=cut.first + np.flatnonzero(kept),
        ledger=ledger,
        spoilt=np.zeros(rows_of[-1], np.bool_),
    )


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _whole(chunks: pa.ChunkedArray) -> pa.Array:
    """One array; of texts that each chunk has for itself, the texts of all."""
    if chunks.num_chunks == 1:
        return chunks.chunk(0)
    return (chunks.unify_dictionaries() if pa.types.is_dictionary(chunks.type) else chunks).combine_chunks()


def _is_row_for_row(names: pa.ChunkedArray, ids: pa.Array) -> bool:
    """Whether each person has one row and nobody else any, as most often."""
    return len(names) == len(ids) and not ids.null_count and bool(ids.equals(plain_ids(names)))


def _places(ids: pa.Array, among: pa.Array) -> Ints:
    """Where each person stands among the others, or -1; a row without a person is nobody's."""
    return np.asarray(pc.index_in(ids, value_set=among, skip_nulls=True).fill_null(-1)).astype(np.int64)
