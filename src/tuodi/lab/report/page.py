"""A report as one HTML file that needs nothing else: no request leaves it, and the reader's own Chinese fonts show it.

Reads on a phone, on an office screen, and prints on A4 as it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from typing import assert_never

import pyarrow as pa

from tuodi.lab.report.amounts import WAN, as_text, number, rate, wan, yuan
from tuodi.lab.report.document import Block, Bullets, Figure, Report, Section, Shown
from tuodi.lab.report.picture import drawn
from tuodi.lab.report.style import STYLE
from tuodi.lab.sheet import Column, Sheet, Unit

_LARGE = 10 * WAN
"""Where a table reaches this, its columns that reach one 万元 are shown in it."""

_SHORT = 14
"""Columns of texts no longer than this are not broken."""


def page(report: Report) -> str:
    """The report as HTML, ending in a newline."""
    return (
        '<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{escape(report.title)}</title>\n<style>\n{STYLE}\n</style>\n</head>\n<body>\n"
        + "\n".join(_body(report))
        + "\n</body>\n</html>\n"
    )


def _body(report: Report) -> Iterator[str]:
    sections = [one for one in report.sections if one.blocks]
    yield f"<header><h1>{escape(report.title)}</h1><p>{escape(report.subtitle)}</p></header>"
    yield f'<section class="question"><h2>问题</h2><p>{escape(report.question)}</p></section>'
    yield f'<section class="answer"><h2>结论</h2>{_list(report.answer)}{_figures(report.figures)}</section>'
    yield _contents(sections)
    yield from map(_section, sections)
    yield f'<section id="method"><h2>怎样算的</h2>{_list(report.method)}</section>'
    yield f'<section id="limits"><h2>这些数字不能说明什么</h2>{_list(report.limits)}</section>'
    yield f'<section id="receipt"><h2>依据</h2><dl>{_receipt(report.receipt)}</dl></section>'


def _figures(figures: Iterable[Figure]) -> str:
    cards = (
        f'<div class="figure"><span>{escape(one.label)}</span><strong class="{one.tone.value}">{escape(one.text)}'
        f"</strong><small>{escape(one.note)}</small></div>"
        for one in figures
    )
    return f'<div class="figures">{"".join(cards)}</div>'


def _contents(sections: Iterable[Section]) -> str:
    named = [(one.id, one.title) for one in sections]
    named += [("method", "怎样算的"), ("limits", "不能说明什么"), ("receipt", "依据")]
    links = (f'<a href="#{place}">{escape(title)}</a>' for place, title in named)
    return f"<nav>{''.join(links)}</nav>"


def _section(one: Section) -> str:
    blocks = "".join(_block(block, one.title) for block in one.blocks)
    return f'<section id="{one.id}"><h2>{escape(one.title)}</h2>{blocks}</section>'


def _block(block: Block, heading: str) -> str:
    match block:
        case str():
            return f"<p>{escape(block)}</p>"
        case Bullets(items=items):
            return _list(items)
        case Shown():
            return _table(block, heading)
        case _:
            return drawn(block)
    assert_never(block)


def _list(items: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(item)}</li>' for item in items)}</ul>"


def _receipt(rows: Iterable[tuple[str, str]]) -> str:
    return "".join(f"<dt>{escape(what)}</dt><dd>{escape(value)}</dd>" for what, value in rows)


# ---- tables ----------------------------------------------------------------------------------------------------------


def _table(shown: Shown, heading: str) -> str:
    """The table, under its title where that is not the heading's."""
    sheet = shown.sheet
    columns = [one for one in sheet.columns if one.id not in shown.leave_out and not _is_empty(sheet.data[one.id])]
    large = large_columns(sheet)
    head = "".join(_head(one, one.id in large) for one in columns)
    cells = [_cells(one, sheet.data, shown.most, one.id in large) for one in columns]
    rows = "".join(f"<tr>{''.join(row)}</tr>" for row in zip(*cells, strict=True))
    rest = sheet.data.num_rows - shown.most
    notes = [sheet.note, f"另有 {number(rest)} 行，见随附的表格。" if rest > 0 else ""]
    note = "".join(f'<p class="note">{escape(one)}</p>' for one in notes if one)
    title = f"<h3>{escape(sheet.title)}</h3>" if sheet.title != heading else ""
    return (
        f'<div class="table">{title}<div class="wide"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>{note}</div>"
    )


def _head(column: Column, in_wan: bool) -> str:
    unit = {Unit.FEN: "万元" if in_wan else "元"}.get(column.unit, "")
    said = f"<small>（{unit}）</small>" if unit else ""
    return f"<th{_right(column)}>{escape(column.label)}{said}</th>"


def _cells(column: Column, data: pa.Table, most: int, in_wan: bool) -> Iterator[str]:
    values = data[column.id].slice(0, most).to_pylist()
    units = data["unit"].slice(0, most).to_pylist() if column.unit is Unit.BY_ROW else [None] * len(values)
    texts = [_cell(value, column.unit, unit, in_wan) for value, unit in zip(values, units, strict=True)]
    mark = _right(column) or (' class="short"' if max(map(len, texts), default=0) <= _SHORT else "")
    for text in texts:
        yield f"<td{mark}>{escape(text)}</td>"


def _cell(value: object, unit: Unit, unit_of_row: str | None, in_wan: bool) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if not isinstance(value, int):
        return "" if value is None else _WORDS.get(str(value), str(value)) if unit is Unit.TEXT else str(value)
    match unit:
        case Unit.FEN:
            return wan(value) if in_wan else yuan(value)
        case Unit.RATE:
            return rate(value)
        case Unit.BY_ROW:
            return as_text(value, Unit(unit_of_row))
    return number(value)


_WORDS = {Unit.FEN.value: "元", Unit.NUMBER.value: "个", Unit.RATE.value: "比例"}
"""Units, where a row names its own."""


def large_columns(sheet: Sheet) -> frozenset[str]:
    """The columns that are shown in 万元."""
    amounts = [one for one in sheet.columns if one.unit is Unit.FEN]
    reach = {one.id: max(map(abs, filter(None, sheet.data[one.id].to_pylist())), default=0) for one in amounts}
    if max(reach.values(), default=0) < _LARGE:
        return frozenset()
    return frozenset(name for name, most in reach.items() if most >= WAN)


def _is_empty(values: pa.ChunkedArray) -> bool:
    """Whether a column says nothing in any row."""
    return not any(value is not None and value != "" for value in values.to_pylist())


def _right(column: Column) -> str:
    return "" if column.unit in (Unit.TEXT, Unit.FLAG) else ' class="right"'
