"""Arrow's arrays as numpy's, without a copy where nothing is missing, and loops that look at a column once."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tuodi.batch.compiled import compiled, frozen
from tuodi.batch.kernel import Ints
from tuodi.batch.layout import MISSING


def numbers(column: pa.Array, kind: Any) -> Ints:
    """Whole numbers, or days since 1970, of this width as they stand in memory; `MISSING` where null. Not to be
    written to."""
    given = stored(column.buffers()[1], kind, column.offset + len(column))[column.offset :]
    return frozen(np.where(validity(column), given, given.dtype.type(MISSING)) if column.null_count else given)


def flags(column: pa.Array) -> Ints:
    """1 and 0 of a column of true and false; `MISSING` where null."""
    bits = _unpacked(column.buffers()[1], column).view(np.int8)
    return np.where(validity(column), bits, np.int8(MISSING)) if column.null_count else bits


def validity(column: pa.Array) -> Ints:
    """Which rows are given; nothing where all are."""
    return _unpacked(column.buffers()[0], column).view(np.bool_) if column.null_count else np.empty(0, np.bool_)


def text_bytes(column: pa.Array) -> tuple[Ints, Ints]:
    """Of a column of texts where each begins, one entry more than there are rows, and the bytes of all."""
    _, offsets, data = column.buffers()
    return stored(offsets, np.int32, column.offset + len(column) + 1)[column.offset :], stored(data, np.uint8)


class Different(NamedTuple):
    """Rows that differ from the one before, what stands there, and whether that ascends."""

    rows: Ints
    names: pa.Array
    ascending: bool


def different(names: pa.Array) -> Different:
    """Names without nulls: whole numbers, or texts in the order of their bytes."""
    if not len(names):
        return Different(np.empty(0, np.int64), names, True)
    if pa.types.is_integer(names.type):
        rows, ascending = _different(numbers(names, np.int64))
        return Different(rows, names.take(pa.array(rows)), ascending)
    new = pc.not_equal(names.slice(1), names.slice(0, len(names) - 1))
    rows = np.concatenate([[0], np.flatnonzero(flags(new).view(np.bool_)) + 1])
    found = names if len(rows) == len(names) else names.take(pa.array(rows))
    ascending = pc.all(pc.less(found.slice(0, len(rows) - 1), found.slice(1))).as_py()
    return Different(rows, found, ascending is not False)


def stored(buffer: pa.Buffer | None, kind: Any, count: int = -1) -> Ints:
    """A buffer's numbers of this width, so many of them or all."""
    if buffer is None or not buffer.size or not count:
        return frozen(np.empty(0, kind))
    return frozen(np.frombuffer(buffer, kind, count))


def _unpacked(bits: pa.Buffer, column: pa.Array) -> Ints:
    """A byte for each bit of the column's rows."""
    end = column.offset + len(column)
    return np.unpackbits(stored(bits, np.uint8, (end + 7) // 8), count=end, bitorder="little")[column.offset :]


def least(numbers: Ints) -> int:
    """The least number; 0 where there is none."""
    return int(numbers.min()) if len(numbers) else 0


def lacks(numbers: Ints) -> bool:
    """Whether a number is `MISSING`, which is less than all that can be given."""
    return least(numbers) == MISSING


@compiled
def counts_up(offsets: Ints) -> bool:
    """Whether the offsets are 0, 1, 2, and so on."""
    other = False
    for place in range(len(offsets)):
        other |= offsets[place] != place
    return not other


@compiled
def _different(numbers: Ints) -> tuple[Ints, bool]:
    """Rows that differ from the one before, and whether each of these is larger than it."""
    starts = np.empty(len(numbers), np.int64)
    known = 0
    ascending = True
    for row in range(len(numbers)):
        if row == 0 or numbers[row] != numbers[row - 1]:
            ascending &= row == 0 or numbers[row] > numbers[row - 1]
            starts[known] = row
            known += 1
    return starts[:known], ascending
