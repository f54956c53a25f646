"""A report as one HTML file that needs nothing else: no request leaves it, and the reader's own Chinese fonts show it.

Reads on a phone, on an office screen, and prints on A4 as it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from typing import assert_never

from tuodi.lab.report.amounts import number
from tuodi.lab.report.cells import Laid, laid_out
from tuodi.lab.report.document import Block, Bullets, Figure, Report, Section, Shown
from tuodi.lab.report.picture import drawn
from tuodi.lab.report.style import STYLE

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
    sheet, columns = shown.sheet, laid_out(shown)
    head = "".join(_head(one) for one in columns)
    rows = "".join(f"<tr>{''.join(row)}</tr>" for row in zip(*map(_cells, columns), strict=True))
    rest = sheet.data.num_rows - shown.most
    notes = [sheet.note, f"另有 {number(rest)} 行，见随附的表格。" if rest > 0 else ""]
    note = "".join(f'<p class="note">{escape(one)}</p>' for one in notes if one)
    title = f"<h3>{escape(sheet.title)}</h3>" if sheet.title != heading else ""
    return (
        f'<div class="table">{title}<div class="wide"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>{note}</div>"
    )


def _head(column: Laid) -> str:
    unit = f"<small>（{column.unit}）</small>" if column.unit else ""
    return f"<th{_mark(column)}>{escape(column.label)}{unit}</th>"


def _cells(column: Laid) -> list[str]:
    mark = _mark(column) or (' class="short"' if max(map(len, column.texts), default=0) <= _SHORT else "")
    return [f"<td{mark}>{escape(text)}</td>" for text in column.texts]


def _mark(column: Laid) -> str:
    return ' class="right"' if column.right else ""
