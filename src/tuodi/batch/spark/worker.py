"""What a worker of the cluster does: settles the parts that it is given, or reads rows that are to be sorted.

A part's files are made in a folder of their own and renamed when they are whole. Two tries at one part, one after the
other or at the same time, make the same bytes under the same names: nothing is there twice, whoever wins.
"""

from __future__ import annotations

import pickle
import platform
import shutil
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import numpy as np
import pyarrow as pa

from tuodi import __version__
from tuodi.batch.convert import Converter
from tuodi.batch.output import TableWriter
from tuodi.batch.part_files import PartFiles
from tuodi.batch.parts import Part, write_whole
from tuodi.batch.run import rows_of_blocks, writable
from tuodi.batch.settle import BlockSettler
from tuodi.batch.source import FILE, ROW, RowFiles
from tuodi.batch.spark.borders import Borders
from tuodi.batch.spark.orders import Orders, answer_of, marker, refusal_of
from tuodi.batch.work import Worker
from tuodi.core.finding import Faults, Finding, Place
from tuodi.engine.bind import bind

# ---- settling --------------------------------------------------------------------------------------------------------


def settled_parts(
    orders: bytes, parts: Sequence[Borders], batches: Iterator[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    """For `mapInArrow`: of each place in `parts` the answer. Faults are answers too: to try again helps nobody."""
    for batch in batches:
        answers = [_answer(orders, parts[place]) for place in batch.column("id").to_pylist()]
        yield pa.record_batch({"answer": pa.array(answers, pa.binary())})


def _answer(orders: bytes, part: Borders) -> bytes:
    try:
        desk = _desk(orders)
        with writable(desk.orders.folder):
            return answer_of(_settled(desk, part))
    except Faults as faults:
        return refusal_of(faults.findings)


class _Desk(NamedTuple):
    """A worker with everything compiled."""

    orders: Orders
    worker: Worker


@lru_cache(maxsize=1)
def _desk(orders: bytes) -> _Desk:
    """Made once in each process of a run. Raises Faults where this machine is not fit for it."""
    given: Orders = pickle.loads(orders)
    _refuse_this_machine(given)
    law, options = given.law, given.options
    settler = BlockSettler(bind(law.policy, law.parameters, law.plan))
    converter = Converter(settler.bound, given.files, settler.kernel.layout, settler.items)
    writer = TableWriter(settler=settler, closings=options.closings)
    worker = Worker(settler=settler, converter=converter, writer=writer, explain_one_in=options.explain_one_in)
    return _Desk(given, worker)


def _settled(desk: _Desk, part: Borders) -> Part:
    """Settles the part; then its files stand in the result's folder, and its marker beside them."""
    orders = desk.orders
    folder = orders.scratch / f"try-{part.number:05d}-{uuid4().hex}"
    folder.mkdir()
    try:
        made = _written(desk, part, folder)
        for name in made.files:
            (folder / name).replace(orders.folder / name)
        write_whole(marker(orders.scratch, part.number), answer_of(made))
        return made
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _written(desk: _Desk, part: Borders, folder: Path) -> Part:
    options = desk.orders.options
    at = part.start
    blocks = rows_of_blocks(desk.orders.files, part.start, options.block)
    with PartFiles(folder, part.number, options.compression) as files:
        for rows, end in islice(blocks, options.part):
            files.write(desk.worker.done(rows))
            at = end
        assert at == part.end, "the blocks are the same wherever they are read"
        return files.closed(at)


# ---- sorting ---------------------------------------------------------------------------------------------------------


class Piece(NamedTuple):
    """Rows of one file, by their numbers in the table."""

    file: int
    first: int
    end: int


def pieces_of(table: RowFiles, size: int) -> list[Piece]:
    """The whole table in pieces of at most so many rows."""
    return [
        Piece(file, first, min(first + size, end))
        for file, (start, end) in enumerate(zip(table.starts, table.starts[1:], strict=False))
        for first in range(start, end, size)
    ]


def read_pieces(
    table: RowFiles, pieces: Sequence[Piece], refused: Path, batches: Iterator[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    """For `mapInArrow`: of each place in `pieces` the rows, plainly typed, with file and row.

    Raises Faults, of which Spark would leave but a trace, and writes them to `refused`.
    """
    try:
        for batch in batches:
            for place in batch.column("id").to_pylist():
                yield from _rows(table, pieces[place])
    except Faults as faults:
        write_whole(refused, refusal_of(faults.findings))
        raise


def plain_schema(table: RowFiles) -> pa.Schema:
    """What is read, in types that Spark knows: each text in full, whole numbers with a sign."""
    fields = [pa.field(name, _plain(table.arrow.field(name).type)) for name in table.columns]
    if ROW not in table.columns:
        fields += [pa.field(FILE, pa.int32()), pa.field(ROW, pa.int64())]
    return pa.schema(fields)


def _rows(table: RowFiles, piece: Piece) -> Iterator[pa.RecordBatch]:
    schema, at = plain_schema(table), piece.first
    for batch in table.batches(piece.first):
        if at >= piece.end:
            return
        rows = batch.slice(0, piece.end - at)
        columns = {name: rows.column(name) for name in rows.schema.names}
        if ROW not in columns:
            columns[FILE] = pa.array(np.full(rows.num_rows, piece.file, np.int32))
            columns[ROW] = pa.array(np.arange(rows.num_rows) + (at - table.starts[piece.file] + 1))
        yield pa.record_batch([columns[one.name].cast(one.type) for one in schema], schema=schema)
        at += rows.num_rows


def _plain(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_dictionary(kind):
        return _plain(kind.value_type)
    if pa.types.is_null(kind) or pa.types.is_large_string(kind):
        return pa.string()
    if pa.types.is_unsigned_integer(kind):
        return pa.int64()
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return pa.list_(_plain(kind.value_type))
    if pa.types.is_struct(kind):
        return pa.struct([pa.field(one.name, _plain(one.type)) for one in kind])
    return kind


# ---- machines --------------------------------------------------------------------------------------------------------


def _refuse_this_machine(orders: Orders) -> None:
    """Raises Faults where this machine has another version of this package, or lacks a folder that all must see."""
    machine = platform.node()
    if orders.version != __version__:
        message = f"机器 {machine} 上的 tuodi 是 {__version__}，发起结算的是 {orders.version}"
        raise Faults([Finding(code="spark-version", message=message, remedy="各台机器装同一个版本")])
    paths = [path for table in orders.files if table is not None for path in table.paths]
    unseen = [path for path in (*paths, orders.scratch) if not path.exists()]
    if unseen:
        message = f"机器 {machine} 上看不到它"
        remedy = "输入和结果都放在各台机器以同样路径看得到的文件夹里（如 NFS）"
        raise Faults(
            [
                Finding(code="spark-unseen", message=message, place=Place(file=str(path)), remedy=remedy)
                for path in unseen
            ]
        )
