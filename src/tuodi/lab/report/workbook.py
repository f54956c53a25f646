"""A report's tables as one xlsx workbook: a sheet that says what they are, then a sheet for each table.

Amounts stand in yuan as exact decimals, rates as per cent, so that officials can add up and sort.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any
from unicodedata import east_asian_width

import xlsxwriter

from tuodi.lab.report.document import Report
from tuodi.lab.sheet import Column, Sheet, Unit

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
"""Stands where a workbook says when it was made: the same report is the same file."""

_FORMATS = {
    Unit.TEXT: {"text_wrap": True, "valign": "top"},
    Unit.FLAG: {"valign": "top"},
    Unit.FEN: {"num_format": "#,##0.00", "valign": "top"},
    Unit.NUMBER: {"num_format": "#,##0", "valign": "top"},
    Unit.RATE: {"num_format": "0.00%", "valign": "top"},
}
_NARROWEST, _WIDEST = 8, 48


def workbook(report: Report) -> bytes:
    """The file's content."""
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_numbers": False}) as book:
        book.set_properties({"title": report.title, "created": _EPOCH})
        looks = _Looks(book)
        _cover(book.add_worksheet("说明"), report, looks)
        for one in report.sheets:
            _table(book.add_worksheet(one.title[:31]), one, looks)
    return content.getvalue()


class _Looks:
    """The formats of a workbook."""

    def __init__(self, book: Any) -> None:
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.head = book.add_format({"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 1})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self.note = book.add_format({"font_color": "#5b6570"})
        self.of_unit = {unit: book.add_format(look) for unit, look in _FORMATS.items()}


def _cover(page: Any, report: Report, looks: _Looks) -> None:
    page.set_column(0, 0, 22)
    page.set_column(1, 1, 96)
    page.hide_gridlines(2)
    page.write_string(0, 0, report.title, looks.title)
    lines = [("", report.subtitle), ("问题", report.question)]
    lines += [("结论", text) for text in report.answer]
    lines += [("怎样算的", text) for text in report.method]
    lines += [("不能说明什么", text) for text in report.limits]
    lines += [(f"依据：{what}", value) for what, value in report.receipt]
    lines += [("表", f"{one.title}　{one.note}".strip()) for one in report.sheets]
    said = ""
    for row, (what, text) in enumerate(lines, 1):
        page.write_string(row, 0, "" if what == said else what, looks.wrapped)
        page.write_string(row, 1, text, looks.wrapped)
        said = what


def _table(page: Any, one: Sheet, looks: _Looks) -> None:
    units = one.data["unit"].to_pylist() if any(column.unit is Unit.BY_ROW for column in one.columns) else []
    for place, column in enumerate(one.columns):
        label = f"{column.label}（元）" if column.unit is Unit.FEN else column.label
        page.write_string(0, place, label, looks.head)
        values = one.data[column.id].to_pylist()
        for row, value in enumerate(values):
            unit = Unit(units[row]) if column.unit is Unit.BY_ROW else column.unit
            _write(page, row + 1, place, value, unit, looks)
        page.set_column(place, place, _width(column, label, values))
    page.freeze_panes(1, 1)
    page.autofilter(0, 0, max(one.data.num_rows, 1), len(one.columns) - 1)
    if one.note:
        page.write_string(one.data.num_rows + 2, 0, one.note, looks.note)


def _write(page: Any, row: int, place: int, value: Any, unit: Unit, looks: _Looks) -> None:
    look = looks.of_unit[unit]
    if value is None:
        page.write_blank(row, place, None, look)
    elif isinstance(value, bool):
        page.write_string(row, place, "是" if value else "否", look)
    elif isinstance(value, int):
        page.write_number(row, place, _exact(value, unit), look)
    else:
        page.write_string(row, place, _WORDS.get(value, value), look)


_WORDS = {Unit.FEN.value: "元", Unit.NUMBER.value: "个", Unit.RATE.value: "比例"}


def _exact(value: int, unit: Unit) -> Decimal:
    """Yuan of fen, a share of basis points, without a float."""
    return Decimal(value).scaleb({Unit.FEN: -2, Unit.RATE: -4}.get(unit, 0))


def _width(column: Column, label: str, values: list[Any]) -> int:
    texts = [str(one) for one in values if isinstance(one, str)]
    widest = max(map(_letters, texts), default=0) if column.unit is Unit.TEXT else 13
    return max(_NARROWEST, min(_WIDEST, max(widest + 2, min(_letters(label) + 3, 20))))


def _letters(text: str) -> int:
    """In Latin letters; a Chinese one is as wide as two."""
    return sum(2 if east_asian_width(one) in "WF" else 1 for one in text)
