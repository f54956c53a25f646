"""Input made ready: CSV as Parquet, and rows sorted by person without more memory than allowed.

A person's events keep the order in which the files give them: that is the order in which they count. Each row takes
along which file and row it was, so that a finding names the place that people can look up.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as pq

from tuodi.batch.source import FILE, ROW
from tuodi.core.finding import Faults, Finding, Place


def sorted_by_person(paths: Sequence[Path], out: Path, memory: str = "1GB", threads: int = 2) -> None:
    """Writes the rows of the Parquet files to one file, sorted by person, else in the order given."""
    scratch = out.with_suffix(".spill")
    prepared = ROW in pq.read_schema(paths[0]).names
    with duckdb.connect(config={"threads": str(threads), "memory_limit": memory}) as connection:
        connection.execute(f"SET temp_directory = {_quoted(scratch)}")
        connection.execute("SET preserve_insertion_order = false")
        files = ", ".join(map(_quoted, paths))
        where = " UNION ALL ".join(_select(path, place) for place, path in enumerate(paths))
        rows = f"SELECT * FROM read_parquet([{files}])" if prepared else where
        temporary = out.with_suffix(".tmp")
        connection.execute(
            f"COPY (SELECT * FROM ({rows}) ORDER BY person, {FILE}, {ROW}) TO {_quoted(temporary)} "
            "(FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 122880)"
        )
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
