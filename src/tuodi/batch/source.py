"""Files of rows sorted by person, read as a stream: some persons at a time, from any row on, in flat memory.

Whatever is wrong with a file as a whole (not there, cut short, a column missing) is told before the first row. Where a
file turns out not to be sorted, `Unsorted` says so, and the run sorts it (`sort`) and begins again.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tuodi.batch import raw
from tuodi.batch.kernel import Ints
from tuodi.batch.schema import Kind, TableSchema
from tuodi.core.finding import Faults, Finding, Place

BATCH = 1 << 16
"""Rows that are decoded at a time."""

FILE, ROW = "x_file", "x_row"
"""Columns of a prepared file: which file of the input a row comes from, and its number there, from 1."""


class Unsorted(Exception):
    """The rows of a table don't stand person by person in ascending order."""

    def __init__(self, table: str) -> None:
        super().__init__(table)
        self.table = table


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFiles:
    """Parquet files, one after another, as one table. `names`: of the input's files, which findings name."""

    paths: tuple[Path, ...]
    names: tuple[str, ...]
    schema: TableSchema
    starts: tuple[int, ...]
    arrow: pa.Schema

    @property
    def rows(self) -> int:
        """How many rows in all."""
        return self.starts[-1]

    @property
    def columns(self) -> list[str]:
        """What is read of each row."""
        prepared = [name for name in (FILE, ROW) if name in self.arrow.names]
        return [*self.schema.columns(self.arrow), *prepared]

    def batches(self, first: int) -> Iterator[pa.RecordBatch]:
        """All rows from this one on. Raises Faults where a file cannot be read to its end."""
        for path, start, end in zip(self.paths, self.starts, self.starts[1:], strict=False):
            if end > first:
                yield from self._of_file(path, max(0, first - start))

    def place(self, row: int, table: pa.Table | None = None, at: int = 0) -> Place:
        """Where a row of the input stands; of prepared files the row's own columns say it."""
        if table is not None and ROW in table.column_names:
            return Place(file=self.names[table[FILE][at].as_py()], line=table[ROW][at].as_py())
        file = int(np.searchsorted(self.starts, row, side="right")) - 1
        return Place(file=self.names[file], line=row - self.starts[file] + 1)

    def _encoded(self) -> list[str]:
        """Columns of few different texts, which are read as they stand in the file: each text once."""
        fields = self.schema.fields
        return [name for name in self.columns if name in fields and fields[name].kind in _FEW_TEXTS]

    def _of_file(self, path: Path, skip: int) -> Iterator[pa.RecordBatch]:
        with _told(path), pq.ParquetFile(path, read_dictionary=self._encoded(), pre_buffer=False) as file:
            groups: list[int] = []
            for group in range(file.num_row_groups):
                size = file.metadata.row_group(group).num_rows
                if skip >= size and not groups:
                    skip -= size
                else:
                    groups.append(group)
            for batch in file.iter_batches(BATCH, row_groups=groups, columns=self.columns, use_threads=False):
                if skip < batch.num_rows:
                    yield batch.slice(skip)
                skip = max(0, skip - batch.num_rows)


def row_files(paths: Sequence[Path], schema: TableSchema, names: Sequence[str] = ()) -> RowFiles:
    """The files, each looked at. Raises Faults with everything that is wrong with any of them."""
    findings: list[Finding] = []
    starts = [0]
    arrow: pa.Schema | None = None
    for path in paths:
        try:
            with _told(path), pq.ParquetFile(path) as file:
                findings += schema.findings(file.schema_arrow, str(path))
                starts.append(starts[-1] + file.metadata.num_rows)
                if arrow is not None and not arrow.equals(file.schema_arrow, check_metadata=False):
                    findings.append(_differing(path, paths[0]))
                arrow = arrow or file.schema_arrow
        except Faults as faults:
            findings += faults.findings
    if findings:
        raise Faults(findings)
    assert arrow is not None, "there is at least one file"
    return RowFiles(
        paths=tuple(paths), names=tuple(names or map(str, paths)), schema=schema, starts=tuple(starts), arrow=arrow
    )


class Cut(NamedTuple):
    """Consecutive rows of a table; `first` is the number of the first one in the input."""

    table: pa.Table
    first: int

    @property
    def end(self) -> int:
        """The row after the last."""
        return self.first + int(self.table.num_rows)


def person_blocks(files: RowFiles, first: int, size: int) -> Iterator[Cut]:
    """Cuts of at least `size` rows (the last one apart), each ending where the person changes: always the same cuts,
    from whatever block on they are read. Raises Unsorted where a cut does not come after the one before it."""
    before = _person_before(files, first)
    for cut in _cuts(files, first, size):
        ids = cut.table["person"]
        if before is not None and not _ascend(before, ids[0], strictly=True):
            raise Unsorted("events")
        yield cut
        before = ids[-1]


def _cuts(files: RowFiles, first: int, size: int) -> Iterator[Cut]:
    waiting: list[pa.RecordBatch] = []
    held = 0
    checked = size
    for batch in files.batches(first):
        waiting.append(batch)
        held += batch.num_rows
        while held > checked:
            table = pa.Table.from_batches(waiting)
            end = _change(table["person"], max(checked, 1))
            if end is None:
                checked = held
                break
            yield Cut(table.slice(0, end), first)
            first, held, checked = first + end, held - end, size
            waiting = table.slice(end).to_batches()
    if held:
        yield Cut(pa.Table.from_batches(waiting), first)


class PersonRows:
    """A table that is read alongside: the rows of the persons up to some person. Raises Unsorted as `person_blocks`."""

    def __init__(self, files: RowFiles, first: int, name: str) -> None:
        self.files = files
        self.at = first
        self.name = name
        self._before = _person_before(files, first)
        self._batches = files.batches(first)
        self._waiting: list[pa.RecordBatch] = []
        self._done = False

    def up_to(self, person: pa.Scalar) -> Cut:
        """The next rows whose person is this one or an earlier."""
        taken: list[pa.RecordBatch] = []
        while (batch := self._next()) is not None:
            ids = batch.column("person")
            if pc.less_equal(ids[-1], person).as_py() is True:
                taken.append(batch)
                continue
            count = _up_to(ids, person)
            taken.append(batch.slice(0, count))
            self._waiting.insert(0, batch.slice(count))
            break
        table = pa.Table.from_batches(taken) if taken else self._nothing()
        if table.num_rows:
            self._check(table["person"])
        cut = Cut(table, self.at)
        self.at = cut.end
        return cut

    def to_the_end(self) -> None:
        """Looks at the rows that nobody asked for: persons who were asked for may stand among them."""
        while (batch := self._next()) is not None:
            runs(batch.column("person"), self.name)
            self._check(batch.column("person"))

    def _check(self, ids: Any) -> None:
        if self._before is not None and not _ascend(self._before, ids[0], strictly=False):
            raise Unsorted(self.name)
        self._before = ids[-1]

    def _next(self) -> pa.RecordBatch | None:
        if self._waiting:
            return self._waiting.pop(0)
        return next((batch for batch in self._batches if batch.num_rows), None)

    def _nothing(self) -> pa.Table:
        return pa.schema([self.files.arrow.field(name) for name in self.files.columns]).empty_table()


def last_person(ids: pa.ChunkedArray) -> pa.Scalar:
    """Up to whom other tables are read with these rows; rows without a person stand last. Null: there is none."""
    return ids[max(0, len(ids) - ids.null_count - 1)]


class Runs(NamedTuple):
    """Rows that stand together: each person once, offsets of its rows, and whose each row is."""

    ids: pa.Array
    rows_of: Ints
    names: pa.ChunkedArray


def runs(column: pa.ChunkedArray | pa.Array, table: str) -> Runs:
    """The persons of a column. Raises Unsorted where they don't ascend; rows without a person stand last."""
    chunks = [plain_ids(chunk) for chunk in (column.chunks if isinstance(column, pa.ChunkedArray) else [column])]
    chunks = [chunk for chunk in chunks if len(chunk)] or [plain_ids(column)]
    names = pa.chunked_array(chunks)
    if names.null_count:
        return _with_nobodys(names, table)
    starts, ids, first, before = [], [], 0, None
    for chunk in chunks:
        found = raw.different(chunk)
        if not found.ascending or (before is not None and not _ascend(before, chunk[0], strictly=False)):
            raise Unsorted(table)
        known = int(before is not None and before.equals(chunk[0]))
        starts.append(found.rows[known:] + first)
        ids.append(found.names.slice(known))
        first += len(chunk)
        before = chunk[-1] if len(chunk) else None
    return Runs(pa.concat_arrays(ids), np.concatenate([*starts, [first]]).astype(np.int64), names)


def plain_ids(column: Any) -> pa.Array:
    """Names of persons or events as one array of texts or whole numbers."""
    ids = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    kind = ids.type.value_type if pa.types.is_dictionary(ids.type) else ids.type
    wanted = pa.int64() if pa.types.is_integer(kind) else pa.string()
    return ids if ids.type == wanted else ids.cast(wanted)


# ---- helpers ---------------------------------------------------------------------------------------------------------

_NEAR = 1000  # rows among which most persons end
_FEW_TEXTS = frozenset({Kind.WORD, Kind.TEXT, Kind.DAY, Kind.FLAG, Kind.NUMBER})


def _person_before(files: RowFiles, first: int) -> pa.Scalar | None:
    """Whose the row before this one is; None: there is none."""
    return next(files.batches(first - 1)).column("person")[0] if first else None


def _ascend(before: pa.Scalar, after: pa.Scalar, *, strictly: bool) -> bool:
    """Whether rows of the second person may stand behind those of the first. Rows without a person stand last."""
    if not (before.is_valid and after.is_valid):
        return not after.is_valid
    first, second = before.as_py(), after.as_py()
    return bool(first < second if strictly else first <= second)


def _with_nobodys(names: pa.ChunkedArray, table: str) -> Runs:
    """Rows without a person stand last, each for itself."""
    size = len(names) - names.null_count
    given = names.slice(0, size)
    if given.null_count:
        raise Unsorted(table)
    found = runs(given, table)
    ids = pa.concat_arrays([found.ids, pa.nulls(names.null_count, found.ids.type)])
    return Runs(ids, np.concatenate([found.rows_of[:-1], np.arange(size, len(names) + 1)]), names)


def _up_to(ids: pa.Array, person: pa.Scalar) -> int:
    """How many rows stand up to this person, where all ascend; whether they do is looked at by whoever takes them."""
    wanted = person.as_py()
    if wanted is None:
        return 0
    return bisect_right(range(len(ids)), False, key=lambda row: not _is_up_to(ids[row].as_py(), wanted))


def _is_up_to(one: Any, wanted: Any) -> bool:
    return one is not None and one <= wanted


def _filled(differs: pa.Array) -> pa.Array:
    return differs.fill_null(True) if differs.null_count else differs


def _change(ids: pa.ChunkedArray, first: int) -> int | None:
    """The first row from this one on that is another person than the row before it."""
    for size in (_NEAR, len(ids)):
        tail = plain_ids(ids.slice(first - 1, size))
        new = np.asarray(_filled(pc.not_equal(tail.slice(1), tail.slice(0, len(tail) - 1))))
        place = int(new.argmax()) if len(new) else 0
        if len(new) and new[place]:
            return first + place
    return None


class _told:  # noqa: N801
    """What Arrow says of a broken file, as a finding."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, why: BaseException | None, trace: object) -> None:
        if isinstance(why, FileNotFoundError):
            raise Faults([_finding("file-missing", "没有这个文件", self.path, "核对路径")]) from why
        if isinstance(why, pa.ArrowException | OSError | EOFError) and not _is_full(why):
            message = f"不是完整的 Parquet 文件：{str(why).splitlines()[0][:160]}"
            raise Faults([_finding("file-unreadable", message, self.path, "文件可能被截断，请重新生成或传送")]) from why


def _is_full(why: BaseException) -> bool:
    return isinstance(why, OSError) and why.errno == 28


def _finding(code: str, message: str, path: Path, remedy: str) -> Finding:
    return Finding(code=code, message=message, place=Place(file=str(path)), remedy=remedy)


def _differing(path: Path, first: Path) -> Finding:
    return _finding("columns-differ", f"各列与 {first} 不同", path, "同一张表的各个文件要有相同的列和类型")
