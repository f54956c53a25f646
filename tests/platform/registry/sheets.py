"""Rosters as departments make them, for tests: workbooks and CSV."""

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import xlsxwriter

from tuodi.platform.registry.delivery import Delivery, Mode
from tuodi.platform.registry.domain import Department

HEAD = ("姓名", "身份证号码", "救助对象类别", "认定日期")


def workbook(rows: Sequence[Sequence[Any]], head: Sequence[str] = HEAD, title: str = "") -> bytes:
    """An xlsx; days become cells with a date's format, text beginning with `=` formulas."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet, dates = book.add_worksheet("名单"), book.add_format({"num_format": "yyyy-mm-dd"})
        lines = [[title], head, *rows] if title else [head, *rows]
        for row, cells in enumerate(lines):
            for column, cell in enumerate(cells):
                if isinstance(cell, date):
                    sheet.write_datetime(row, column, cell, dates)
                elif isinstance(cell, str) and not cell.startswith("="):
                    sheet.write_string(row, column, cell)
                elif cell is not None:
                    sheet.write(row, column, cell)
    return target.getvalue()


def csv(rows: Sequence[Sequence[str]], head: Sequence[str] = HEAD, encoding: str = "utf-8") -> bytes:
    return "".join(",".join(line) + "\r\n" for line in [head, *rows]).encode(encoding)


def delivery(**given: Any) -> Delivery:
    """Of the civil affairs' office of 东昌府区, adjusted on 30 September 2026 and delivered in time."""
    usual: dict[str, Any] = {
        "region": "371502", "department": Department.civil_affairs, "mode": Mode.changes,
        "adjusted_on": date(2026, 9, 30), "effective_on": date(2026, 10, 1), "received_on": date(2026, 10, 9),
    }  # fmt: skip
    return Delivery(**{**usual, **given})
