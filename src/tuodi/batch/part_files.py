"""The files of the part that is being written: Parquet by row group, findings and explanations as lines of JSON."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from types import TracebackType

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from tuodi.batch.findings import NOTES, Findings, RowFinding
from tuodi.batch.parts import Part, Position, made_whole
from tuodi.batch.work import Done

_AT_ONCE = 1 << 16  # rows that Arrow encodes in one go
_PAGE = 1 << 24  # bytes: a column of a block is one page


class PartFiles:
    """Writes one part after another. What was not closed as a part leaves no file."""

    def __init__(self, folder: Path, number: int, compression: str) -> None:
        self._folder = folder
        self._number = number
        self._compression = compression
        self._begin()

    def __enter__(self) -> PartFiles:
        return self

    def __exit__(self, kind: type[BaseException] | None, why: BaseException | None, _: TracebackType | None) -> None:
        for writer in self._writers.values():
            try:
                writer.close()
            except (OSError, pa.ArrowException):
                if why is None:
                    raise
        for name in [*self._writers, "explanations", "findings"]:
            self._temporary(name).unlink(missing_ok=True)

    def write(self, done: Done) -> None:
        """One block as one row group of each table."""
        for name, table in zip(done.tables._fields, done.tables, strict=True):
            if table is not None:
                self._writer(name, table).write_table(table, row_group_size=max(1, table.num_rows))
        self._findings.add_all(done.findings)
        self._explanations += done.explanations
        self._sums.update(done.sums)
        self.blocks += 1

    def closed(self, end: Position) -> Part:
        """The part, with all its files whole. The next block begins another."""
        for writer in self._writers.values():
            writer.close()
        self._temporary("findings").write_bytes(b"".join(map(finding_line, self._findings.told)))
        names = [*self._writers, "findings"]
        if self._explanations:
            self._temporary("explanations").write_bytes(b"\n".join([*self._explanations, b""]))
            names.append("explanations")
        files = {name: self._path(name) for name in names}
        made_whole((self._temporary(name), path) for name, path in files.items())
        part = Part(
            files=tuple(path.name for path in files.values()),
            end=end,
            sums=dict(self._sums),
            findings=dict(self._findings.counts),
        )
        self._number += 1
        self._begin()
        return part

    def _begin(self) -> None:
        self.blocks = 0
        self._writers: dict[str, pq.ParquetWriter] = {}
        self._findings = Findings()
        self._explanations: list[bytes] = []
        self._sums: Counter[str] = Counter()

    def _writer(self, name: str, table: pa.Table) -> pq.ParquetWriter:
        if name not in self._writers:
            whole = [column.name for column in table.schema if pa.types.is_integer(column.type)]
            words = [column.name for column in table.schema if pa.types.is_dictionary(column.type)]
            self._writers[name] = pq.ParquetWriter(
                self._temporary(name),
                table.schema,
                compression=self._compression,
                use_dictionary=words,
                column_encoding=dict.fromkeys(whole, "DELTA_BINARY_PACKED"),
                write_statistics=False,  # what they cost, nobody reads here
                write_batch_size=_AT_ONCE,
                data_page_size=_PAGE,
                store_schema=False,
            )
        return self._writers[name]

    def _path(self, name: str) -> Path:
        suffix = "jsonl" if name in ("findings", "explanations") else "parquet"
        return self._folder / f"{name}-{self._number:05d}.{suffix}"

    def _temporary(self, name: str) -> Path:
        path = self._path(name)
        return path.with_name(f"{path.name}.tmp")


def finding_line(one: RowFinding) -> bytes:
    """A finding as a line of JSON; `set_apart`: whether the person's events were left unsettled."""
    finding = one.finding
    line = {
        "code": finding.code,
        "file": finding.place.file,
        "row": finding.place.line,
        "column": finding.place.path,
        "person": one.person,
        "message": finding.message,
        "remedy": finding.remedy,
        "set_apart": finding.code not in NOTES,
    }
    return orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)
