"""A report on a terminal and in files: its answer, the tables that matter, and where the rest stands."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

import click

from tuodi.cli.options import Option
from tuodi.cli.speech import Say

if TYPE_CHECKING:
    from tuodi.cli.status_line import StatusLine
    from tuodi.lab.report.document import Report
    from tuodi.lab.sheet import Sheet

_MOST = 30
_NEVER = frozenset({"path", "benefit", "warning", "unit", "above", "up_to"})
_TOO_WIDE = {
    "classes": frozenset({"burden", "change", "share_before", "share_after"}),
    "policies": frozenset({"policy", "refused_share"}),
    "effects": frozenset({"p10", "p25", "p75", "p90"}),
    "reserve": frozenset({"source", "other"}),
}
"""Columns that only the report shows: a terminal has no room for them."""


def report_option(say: Say) -> Option:
    """Where the report goes."""
    text = say(
        "写成报告：一个 .html 文件，旁边有 .xlsx 和 Parquet 表格。",
        "Write a report: one .html file, beside it the tables as .xlsx and Parquet.",
    )
    return Option(["--report"], metavar="FILE", help=text)


def show_answer(report: Report) -> None:
    """The title and what the report answers."""
    click.secho(report.title, bold=True)
    click.echo(report.subtitle)
    click.echo("".join(f"  {sentence}\n" for sentence in report.answer))


def show_sheets(report: Report, names: Collection[str]) -> None:
    """Some of the tables, as far as they fit; amounts as on the page."""
    for sheet in report.sheets:
        if sheet.id in names:
            show_sheet(sheet)


def show_sheet(sheet: Sheet) -> None:
    """One table, without what a terminal has no room for."""
    from tuodi.cli.tables import show_table
    from tuodi.lab.report.cells import laid_out
    from tuodi.lab.report.document import Shown

    columns = laid_out(Shown(sheet=sheet, leave_out=_NEVER | _TOO_WIDE.get(sheet.id, frozenset()), most=_MOST))
    headers = [one.label + (f"（{one.unit}）" if one.unit else "") for one in columns]
    rows = list(zip(*(one.texts for one in columns), strict=True))
    right = [place for place, one in enumerate(columns) if one.right]
    show_table(headers, rows, title=sheet.title, right=right)


def write_report(report: Report, name: str, line: StatusLine, say: Say) -> None:
    """Writes the files and says where they stand. Raises Faults where they cannot be written."""
    from tuodi.lab.report.files import write

    written = write(report, Path(name))
    line.clear()
    click.echo(
        say(
            f"报告：{written.page}\n表格：{written.workbook}，{written.tables}/",
            f"Report: {written.page}\nTables: {written.workbook}, {written.tables}/",
        )
    )


def check_report_name(name: str | None) -> None:
    """Raises Faults at once where the report could not be written under that name at the end."""
    from tuodi.lab.report.files import places

    if name is not None:
        places(Path(name))


def now() -> str:
    """When a report is made: "2026-11-22 10:40", in this place's time."""
    return datetime.now().astimezone().strftime("%Y-%m-%d %H:%M")


def said_command(context: click.Context) -> str:
    """The command as it could be typed again, without what was left at its default."""
    words = [context.command_path]
    for one in context.command.params:
        value = context.params.get(one.name or "")
        if value is None or value == one.get_default(context) or value == ():
            continue
        if isinstance(one, click.Option):
            values = value if isinstance(value, tuple) else (value,)
            words += [one.opts[0] if one.is_flag else f"{one.opts[0]} {quote(str(each))}" for each in values]
        else:
            words += [quote(str(each)) for each in (value if isinstance(value, tuple) else (value,))]
    return " ".join(words)
