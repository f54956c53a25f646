"""The workbooks that departments fill in: a head, one line of example, columns that keep numbers as text. Pure."""

from __future__ import annotations

import io

import xlsxwriter

from tuodi.language.model import STATUSES
from tuodi.platform.registry.columns import NAMES
from tuodi.platform.registry.delivery import Mode
from tuodi.platform.registry.domain import RECOGNISES, Department
from tuodi.platform.registry.sheet import ROWS_MOST

_COMMON = ("household_number", "relation", "township", "village", "address", "certificate")
_DAYS = ("starts_on", "ends_on", "applied_on")
_APPLIED = frozenset({Department.civil_affairs, Department.healthcare_security})
_WIDTHS = {"number": 24, "address": 36, "status": 20}
_NOTES = (
    "“身份证号码”一列是文本格式：请逐个输入或粘贴为文本，存成数字会丢失末几位。",
    "日期写成 2026-11-22。终止日期留空表示没有终止。",
    "全量名单：列出本次全部对象，没有列出的视为已退出；增减名单：只列出变动的，“变动”写“新增”或“减少”。",
    "户主和家庭成员每人一行，同一户写同一个户编号。",
)


def workbook(department: Department, mode: Mode) -> bytes:
    """The empty roster of a department, as xlsx; the same bytes each time."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        book.set_properties({"title": f"{department}部门{mode}"})
        _roster(book, department, columns(department, mode))
        notes = book.add_worksheet("填表说明")
        notes.set_column(0, 0, 100)
        for row, note in enumerate(_NOTES):
            notes.write_string(row, 0, note)
    return target.getvalue()


def columns(department: Department, mode: Mode) -> list[str]:
    """Which fields the department's roster has, in order."""
    days = [day for day in _DAYS if day != "applied_on" or department in _APPLIED]
    changes = ["change"] if mode is Mode.changes else []
    return ["name", "number", "status", *changes, *days, *_COMMON]


def _roster(book: xlsxwriter.Workbook, department: Department, fields: list[str]) -> None:
    sheet = book.add_worksheet("名单")
    bold = book.add_format({"bold": True, "border": 1, "bg_color": "#EDEDED", "text_wrap": True})
    text, day = book.add_format({"num_format": "@"}), book.add_format({"num_format": "yyyy-mm-dd"})
    for place, name in enumerate(fields):
        sheet.set_column(place, place, _WIDTHS.get(name, 14), day if name in _DAYS else text)
        sheet.write_string(0, place, NAMES[name][0], bold)
    words = [STATUSES[status] for status in STATUSES if status in RECOGNISES[department]]
    _choices(sheet, fields.index("status"), words)
    if "change" in fields:
        _choices(sheet, fields.index("change"), ["新增", "减少"])
    sheet.freeze_panes(1, 2)


def _choices(sheet: xlsxwriter.worksheet.Worksheet, place: int, words: list[str]) -> None:
    """A list to choose from; Excel takes at most 255 characters of it."""
    if sum(map(len, words)) + len(words) <= 255:
        sheet.data_validation(1, place, ROWS_MOST - 1, place, {"validate": "list", "source": words})
