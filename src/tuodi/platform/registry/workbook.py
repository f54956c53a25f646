"""Excel workbooks, looked at before they are opened: size once unpacked, macros, formulas, far-off cells. Pure."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import PurePosixPath
from xml.etree import ElementTree as ET

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum, load_workbook

from tuodi.core.finding import Faults, Finding, Place

Cell = str | float | bool | date | datetime | time | timedelta

ENTRIES_MOST = 1_000
UNPACKED_MOST = 400_000_000
RATIO_MOST = 200
"""How many times larger an entry may become. Repetitive sheets of 100,000 rows come to 30."""
RATIO_FROM = 1_000_000
ROWS_MOST = 200_000
COLUMNS_MOST = 52

_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml\Z")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
# A cell right of AZ, or below row 199,999: one such cell would make the whole rectangle up to it.
_FAR = re.compile(rb' r="(?:(?:[B-Z][A-Z]|[A-Z]{3,})[0-9]|[A-Z]*(?:[2-9][0-9]{5}|[1-9][0-9]{6,})")')
_REFERENCE = re.compile(rb' r="([A-Z]+[0-9]+)"')
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkbookSheet:
    """A visible sheet, from its first row and column on."""

    name: str
    rows: Sequence[Sequence[Cell]]
    formulas: frozenset[str]


def sheets(content: bytes) -> list[WorkbookSheet]:
    """The visible sheets with anything in them. Faults: `file-…`, before anything of the file is unpacked in full."""
    formulas = _examined(content)
    try:
        book = load_workbook(io.BytesIO(content))
        return list(_visible(book, formulas))
    except (CalamineError, *_DAMAGED) as why:
        raise _refused("file-damaged", "表格文件损坏，打不开", "用 Excel 或 WPS 打开后重新另存为 xlsx") from why


def _visible(book: CalamineWorkbook, formulas: Mapping[str, frozenset[str]]) -> Iterator[WorkbookSheet]:
    for about in book.sheets_metadata:
        if about.visible is not SheetVisibleEnum.Visible or about.name not in formulas:
            continue
        rows = book.get_sheet_by_name(about.name).to_python(skip_empty_area=False)
        if any(any(cell != "" for cell in row) for row in rows):
            yield WorkbookSheet(name=about.name, rows=rows, formulas=formulas[about.name])


# ---- looking at it first ---------------------------------------------------------------------------------------------


def _examined(content: bytes) -> dict[str, frozenset[str]]:
    """The cells with formulas, by name of the sheet."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_size(archive)
            _check_kind(archive.namelist())
            return {name: _cells(archive.read(path)) for name, path in _paths(archive).items()}
    except (ET.ParseError, KeyError, *_DAMAGED) as why:
        raise _refused("file-damaged", "表格文件损坏，打不开", "用 Excel 或 WPS 打开后重新另存为 xlsx") from why


def _check_size(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    if len(entries) > ENTRIES_MOST or sum(entry.file_size for entry in entries) > UNPACKED_MOST:
        raise _refused("file-bomb", "文件解开后过大", "只保留名单一张表，另存为 xlsx")
    for entry in entries:
        if entry.file_size > RATIO_FROM and entry.file_size > RATIO_MOST * entry.compress_size:
            raise _refused("file-bomb", "文件压缩得不合常理，解开后会过大", "只保留名单一张表，另存为 xlsx")
        if entry.flag_bits & 1:
            raise _refused("file-locked", "文件加了密码", "去掉密码再上传")


def _check_kind(names: Sequence[str]) -> None:
    if any(name.lower().endswith("vbaproject.bin") or "/macrosheets/" in name.lower() for name in names):
        raise _refused("file-macros", "文件带有宏", "另存为不带宏的 xlsx")
    if "xl/workbook.xml" not in names:
        raise _refused("file-kind", "文件不是 Excel 表格（xlsx）", "上传 xlsx 或 CSV")


def _paths(archive: zipfile.ZipFile) -> dict[str, str]:
    """Where each work sheet lies in the archive, by its name."""
    targets = {
        relation.get("Id"): str(PurePosixPath("xl") / str(relation.get("Target", ""))).removeprefix("/")
        for relation in _tree(archive.read("xl/_rels/workbook.xml.rels"))
    }
    entries = [element for element in _tree(archive.read("xl/workbook.xml")).iter() if element.tag.endswith("}sheet")]
    named = {str(entry.get("name")): targets.get(_identifier(entry), "") for entry in entries}
    return {name: path for name, path in named.items() if _SHEET.match(path)}


def _identifier(entry: ET.Element) -> str:
    return next((value for key, value in entry.attrib.items() if key.endswith("}id")), "")


def _tree(xml: bytes) -> ET.Element:
    _check_declarations(xml)
    return ET.fromstring(xml)  # without a document type it names no entities and no other files


def _check_declarations(xml: bytes) -> None:
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        raise _refused("file-damaged", "表格文件里有不该有的声明", "用 Excel 或 WPS 打开后重新另存为 xlsx")


def _cells(xml: bytes) -> frozenset[str]:
    _check_declarations(xml)
    if _FAR.search(xml):
        message = f"表格超出 {COLUMNS_MOST} 列或 {ROWS_MOST:,} 行"
        raise _refused("file-far", message, "删除名单右侧和下方的内容，或分成几个文件")
    return frozenset(_before(xml, found.start()) for found in _FORMULA.finditer(xml))


def _before(xml: bytes, position: int) -> str:
    """The reference of the cell that the formula stands in."""
    references = _REFERENCE.findall(xml, max(0, position - 400), position)
    return references[-1].decode() if references else ""


def _refused(code: str, message: str, remedy: str) -> Faults:
    return Faults([Finding(code=code, message=message, place=Place(path="file"), remedy=remedy)])
