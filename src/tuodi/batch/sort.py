"""Input made ready: CSV as Parquet, and rows sorted by person without more memory than allowed.

A person's events keep the order in which the files give them: that is the order in which they count. Each row takes
along which file and row it was, so that a finding names the place that people can look up.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as pq

from tuodi.batch.source import FILE, ROW
from tuodi.core.finding import Faults, Finding, Place


def sorted_by_person(paths: Sequence[Path], out: Path, memory: str = "1GB", threads: int = 2) -> None:
    """Writes the rows of the Parquet files to one file, sorted by person, else in the order given. Rows without a
    person stand last.

    What does not fit in a part of the memory is sorted range by range of persons, each of which may spill to disk.
    """
    temporary, scratch = out.with_suffix(".tmp"), out.with_suffix(".spill")
    rows = _rows(paths)
    with duckdb.connect(config={"threads": str(threads), "memory_limit": memory}) as connection, ExitStack() as stack:
        connection.execute(f"SET temp_directory = {_quoted(scratch)}")
        connection.execute("SET preserve_insertion_order = false")
        writer: pq.ParquetWriter | None = None
        for those in _ranges(connection, paths, rows):
            query = f"SELECT * FROM ({rows}) WHERE {those} ORDER BY person, {FILE}, {ROW}"
            found: Any = connection.sql(query).to_arrow_reader(_AT_ONCE)
            if writer is None:
                writer = stack.enter_context(pq.ParquetWriter(temporary, found.schema, compression="snappy"))
            for batch in found:
                writer.write_batch(batch)
    shutil.rmtree(scratch, ignore_errors=True)
    temporary.replace(out)


def parquet_of_csv(paths: Sequence[Path], out: Path, encoding: str = "utf-8") -> None:
    """Writes the rows of CSV files as one Parquet file of texts. Raises Faults where a file is no table."""
    temporary = out.with_suffix(".tmp")
    writer: pq.ParquetWriter | None = None
    try:
        for place, path in enumerate(paths):
            first = 1
            for batch in _texts(path, encoding):
                table = _with_place(batch, place, first)
                writer = writer or pq.ParquetWriter(temporary, table.schema, compression="snappy")
                if table.schema != writer.schema:
                    raise Faults([_fault(path, f"列与 {paths[0]} 不同", "同一张表的各个文件要有相同的列")])
                writer.write_table(table)
                first += batch.num_rows
    finally:
        if writer is not None:
            writer.close()
    if writer is None:
        raise Faults([_fault(paths[0], "文件里没有行", "至少要有列名一行和数据一行")])
    temporary.replace(out)


def is_csv(path: Path) -> bool:
    """Whether the name says so."""
    return path.suffix.lower() in (".csv", ".txt")


def expanded(paths: Iterable[Path]) -> list[Path]:
    """Files, and of folders the Parquet and CSV files in them, by name."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(one for one in path.rglob("*") if one.suffix.lower() in (".parquet", ".csv"))
            found += [one for one in inside if not one.name.startswith((".", "_"))]
        else:
            found.append(path)
    return found


# ---- sorting ---------------------------------------------------------------------------------------------------------

_SHARE = 8  # of the memory: what is sorted at once; Parquet read and written, and the sort itself, take the rest
_TEXT, _LIST, _NUMBER = 48, 128, 8  # bytes that a value takes in memory, roughly
_AT_ONCE = 1 << 17  # rows to a row group
_SAMPLE = 10_000  # persons by which ranges of about one size are found


def _rows(paths: Sequence[Path]) -> str:
    """The rows of all files, each with its place in the input."""
    if ROW in pq.read_schema(paths[0]).names:
        return f"SELECT * FROM read_parquet([{', '.join(map(_quoted, paths))}])"
    return " UNION ALL ".join(_select(path, place) for place, path in enumerate(paths))


def _ranges(connection: duckdb.DuckDBPyConnection, paths: Sequence[Path], rows: str) -> list[str]:
    """Conditions that part the rows by person, in ascending order, into parts that can be sorted in memory."""
    ((memory,),) = connection.execute("SELECT value FROM duckdb_settings() WHERE name = 'memory_limit'").fetchall()
    number = -(-_size(paths) * _SHARE // _bytes(memory))
    if number == 1:
        return ["true"]
    sampled = connection.execute(f"SELECT person FROM ({rows}) WHERE person IS NOT NULL USING SAMPLE {_SAMPLE}")
    persons = sorted(person for (person,) in sampled.fetchall())
    borders = sorted({persons[len(persons) * place // number] for place in range(1, number)} if persons else ())
    if not borders:
        return ["true"]
    between = [f"person >= {_literal(low)} AND person < {_literal(high)}" for low, high in pairwise(borders)]
    last = f"(person >= {_literal(borders[-1])} OR person IS NULL)"
    return [f"person < {_literal(borders[0])}", *between, last]


def _size(paths: Sequence[Path]) -> int:
    """Bytes of all rows in memory, roughly."""
    return sum(_width(pq.read_schema(path)) * pq.read_metadata(path).num_rows for path in paths)


def _width(schema: pa.Schema) -> int:
    return sum(_LIST if pa.types.is_nested(kind) else _NUMBER if _is_plain(kind) else _TEXT for kind in schema.types)


def _is_plain(kind: pa.DataType) -> bool:
    return bool(pa.types.is_primitive(kind) or pa.types.is_decimal(kind))


def _bytes(said: str) -> int:
    """What DuckDB says of its memory: `953.6 MiB`."""
    number, unit = said.split()
    return max(1, int(Decimal(number) * 1024 ** ("bytes", "KiB", "MiB", "GiB", "TiB").index(unit)))


def _literal(person: object) -> str:
    return str(person) if isinstance(person, int) else "'" + str(person).replace("'", "''") + "'"


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _select(path: Path, place: int) -> str:
    return (
        f"SELECT * EXCLUDE (file_row_number), {place}::INTEGER AS {FILE}, file_row_number + 1 AS {ROW} "
        f"FROM read_parquet({_quoted(path)}, file_row_number = true)"
    )


def _quoted(path: Path) -> str:
    return "'" + os.fspath(path).replace("'", "''") + "'"


def _texts(path: Path, encoding: str) -> Iterable[pa.RecordBatch]:
    try:
        with path.open("rb") as raw:
            header = raw.readline().decode(encoding).lstrip("\ufeff").strip()
        names = [name.strip().strip('"') for name in header.split(",")]
        reader = csv.open_csv(
            path,
            read_options=csv.ReadOptions(encoding=encoding, block_size=1 << 22),
            parse_options=csv.ParseOptions(newlines_in_values=True),
            convert_options=csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, null_values=[""]
            ),
        )
        yield from reader
    except FileNotFoundError:
        raise Faults([_fault(path, "没有这个文件", "核对路径", "file-missing")]) from None
    except UnicodeDecodeError:
        raise Faults([_fault(path, f"不是 {encoding} 编码", "指明文件的编码，如 gb18030")]) from None
    except pa.ArrowInvalid as why:
        raise Faults([_fault(path, f"不是完整的 CSV：{str(why)[:160]}", "核对文件是否被截断")]) from why


def _with_place(batch: pa.RecordBatch, place: int, first: int) -> pa.Table:
    table = pa.Table.from_batches([batch])
    rows = pa.array(range(first, first + batch.num_rows), pa.int64())
    return table.append_column(FILE, pa.array([place] * batch.num_rows, pa.int32())).append_column(ROW, rows)


def _fault(path: Path, message: str, remedy: str, code: str = "file-unreadable") -> Finding:
    return Finding(code=code, message=message, place=Place(file=str(path)), remedy=remedy)
