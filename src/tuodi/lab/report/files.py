"""A report's files: one HTML file, beside it the tables as a workbook and as Parquet; all of them, or none.

`年报.html` comes with `年报.xlsx` and the folder `年报-tables` with a Parquet file for each table.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tuodi.core.finding import Faults, Finding, Place
from tuodi.lab.report.document import Report
from tuodi.lab.report.page import page
from tuodi.lab.report.workbook import workbook
from tuodi.lab.sheet import Sheet

SUFFIX = ".html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """Where a report stands."""

    page: Path
    workbook: Path
    tables: Path


def places(path: Path) -> Written:
    """Where the files of a report with that name stand, or would. Raises Faults (`report-name`) where it ends otherwise
    than in `.html`."""
    if path.suffix != SUFFIX:
        raise Faults([_finding("report-name", f"{path} 不以 .html 结尾", path, f"写成 {path.stem or path}.html")])
    return Written(page=path, workbook=path.with_suffix(".xlsx"), tables=path.with_name(f"{path.stem}-tables"))


def write(report: Report, path: Path) -> Written:
    """Writes the report; what stood under these names before is replaced when the new one is whole.

    Raises Faults (`report-name`, `report-unwritable`).
    """
    found = places(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{path.stem}.", dir=path.parent) as scratch:
            made = places(Path(scratch) / path.name)
            made.page.write_text(page(report), encoding="utf-8")
            made.workbook.write_bytes(workbook(report))
            _write_tables(report, made.tables)
            _replace(made, found)
    except OSError as why:
        remedy = "腾出空间，或换一个位置"
        raise Faults([_finding("report-unwritable", f"报告写不了：{why.strerror}", path, remedy)]) from why
    return found


def _write_tables(report: Report, folder: Path) -> None:
    folder.mkdir()
    for one in report.sheets:
        pq.write_table(_labelled(one), folder / f"{one.id}.parquet")


def _labelled(one: Sheet) -> pa.Table:
    """The table, with each column's label and unit in its metadata."""
    fields = [
        one.data.schema.field(column.id).with_metadata({"label": column.label, "unit": column.unit.value})
        for column in one.columns
    ]
    return one.data.cast(pa.schema(fields, metadata={"title": one.title, "note": one.note}))


def _replace(made: Written, found: Written) -> None:
    shutil.rmtree(found.tables, ignore_errors=True)
    made.tables.replace(found.tables)
    made.workbook.replace(found.workbook)
    made.page.replace(found.page)


def _finding(code: str, message: str, path: Path, remedy: str) -> Finding:
    return Finding(code=code, message=message, place=Place(file=str(path)), remedy=remedy)
