"""The cells of a roster's file, an Excel workbook or CSV, read without trusting the file. Pure.

What cannot be read safely is refused whole, with what to do instead; nothing of a file is ever computed or run.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from tuodi.core.finding import Faults, Finding, Place
from tuodi.platform.registry import workbook

Cell = str | float | bool | date | datetime | time | timedelta

BYTES_MOST = 30_000_000
ROWS_MOST = workbook.ROWS_MOST
COLUMNS_MOST = workbook.COLUMNS_MOST
CELL_MOST = 1_000

_OLE, _ZIP, _PDF = b"\xd0\xcf\x11\xe0", b"PK\x03\x04", b"%PDF"
_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_DELIMITERS = ",\t;"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Rows from the first one of the file, so that a place in it is a row's index + 1; an empty cell is `""`.

    `formulas`: the cells, as `C5`, that hold a formula, whose value nobody vouches for.
    """

    name: str
    rows: Sequence[Sequence[Cell]]
    formulas: frozenset[str] = frozenset()


def sheets(content: bytes) -> list[Sheet]:
    """The sheets of the file, at least one. Its kind is seen from its bytes. Faults: `file-…`."""
    if not content.strip():
        raise refused("file-empty", "文件是空的", "重新导出后再上传")
    if len(content) > BYTES_MOST:
        raise refused("file-large", f"文件有 {len(content):,} 字节", f"不超过 {BYTES_MOST:,} 字节；分乡镇拆成几个文件")
    if content.startswith(_OLE):
        raise refused(
            "file-old", "文件是旧版 Excel（xls）、WPS 表格（et）或加了密码的表格", "去掉密码，另存为 xlsx 再上传"
        )
    if content.startswith(_PDF):
        raise refused("file-kind", "文件是 PDF，不是表格", "上传 xlsx 或 CSV")
    if content.startswith(_ZIP):
        return [Sheet(name=one.name, rows=one.rows, formulas=one.formulas) for one in workbook.sheets(content)]
    return [_csv(content)]


def letters(index: int) -> str:
    """The name of a column, from 0: A, B, … Z, AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def refused(code: str, message: str, remedy: str) -> Faults:
    """The whole file."""
    return Faults([Finding(code=code, message=message, place=Place(path="file"), remedy=remedy)])


# ---- CSV -------------------------------------------------------------------------------------------------------------


def _csv(content: bytes) -> Sheet:
    text = _decoded(content)
    if text.lstrip()[:200].lower().startswith(("<html", "<!doctype", "<table", "<?xml")):
        raise refused("file-kind", "文件是网页，不是表格", "用 Excel 或 WPS 打开，另存为 xlsx")
    first = text[:8_000].splitlines()[:20]
    delimiter = max(_DELIMITERS, key=lambda mark: sum(line.count(mark) for line in first))
    try:
        return Sheet(name="", rows=list(_rows(text, delimiter)))
    except csv.Error as why:
        raise refused("file-csv", "CSV 的引号不成对，或者单元格太长", "用 Excel 或 WPS 重新另存为 CSV 或 xlsx") from why


def _rows(text: str, delimiter: str) -> Iterator[list[Cell]]:
    for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 1):
        if number > ROWS_MOST:
            raise refused("file-rows", f"文件超过 {ROWS_MOST:,} 行", "分乡镇拆成几个文件")
        if len(row) > COLUMNS_MOST:
            raise refused("file-columns", f"第 {number} 行有 {len(row)} 列", f"不超过 {COLUMNS_MOST} 列")
        yield list(row)


def _decoded(content: bytes) -> str:
    """UTF-8, with or without its mark, else GB18030; neither guesses: both are strict."""
    if content.startswith(_WIDE_MARKS):
        raise refused("file-encoding", "文件是 UTF-16 编码", "另存为 CSV UTF-8，或 xlsx")
    if b"\0" in content:
        raise refused("file-kind", "文件不是表格", "上传 xlsx 或 CSV")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise refused("file-encoding", "文件既不是 UTF-8 也不是 GB18030 编码", "另存为 CSV UTF-8，或 xlsx")
