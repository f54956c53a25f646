"""A page of sections, paragraphs, lists and tables, written as Markdown or as one self-contained HTML file.

The HTML needs no other file and no network; it prints on A4 as it stands. Text is escaped in both forms.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import assert_never


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Cells are plain text; columns in `right` hold amounts."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bullets:
    """A list without order."""

    items: tuple[str, ...]


Block = str | Bullets | Table
"""A `str` is a paragraph."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading and what stands under it. `level` 2 or 3."""

    title: str
    blocks: tuple[Block, ...]
    level: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A title and its sections."""

    title: str
    blocks: tuple[Block, ...]
    sections: tuple[Section, ...]


def markdown(page: Page) -> str:
    """The page in Markdown, ending in one newline."""
    parts = [f"# {_plain(page.title)}", *map(_markdown_block, page.blocks)]
    for section in page.sections:
        parts += [f"{'#' * section.level} {_plain(section.title)}", *map(_markdown_block, section.blocks)]
    return "\n\n".join(parts) + "\n"


def _markdown_block(block: Block) -> str:
    match block:
        case str():
            return _plain(block)
        case Bullets(items=items):
            return "\n".join(f"- {_plain(item)}" for item in items)
        case Table():
            rule = ["---:" if place in block.right else "---" for place in range(len(block.headers))]
            return "\n".join(_markdown_row(row) for row in (block.headers, rule, *block.rows))
    assert_never(block)


def _markdown_row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(_plain(cell).replace("|", "\\|") for cell in cells) + " |"


def _plain(text: str) -> str:
    """One line, without characters that Markdown would take for its own."""
    return " ".join(text.split()).replace("<", "&lt;").replace("*", "\\*").replace("_", "\\_").replace("`", "\\`")


_STYLE = """
:root { color-scheme: light; }
body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #222; background: #fff;
  font: 16px/1.7 "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", SimSun, sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.35; }
h2 { font-size: 1.25rem; margin-top: 2.2rem; color: #1a4f7a; }
h3 { font-size: 1.05rem; }
table { border-collapse: collapse; width: 100%; margin: .8rem 0; font-size: .92rem; }
th, td { border-bottom: 1px solid #ddd; padding: .35rem .5rem; text-align: left; vertical-align: top; }
th { color: #666; font-weight: 600; } .right { text-align: right; font-variant-numeric: tabular-nums; }
.wide { overflow-x: auto; }
@media print { @page { size: A4; margin: 18mm; } body { margin: 0; max-width: none; font-size: 10.5pt; }
  h2, h3 { break-after: avoid; } tr { break-inside: avoid; } }
""".strip()


def html(page: Page) -> str:
    """The page as one HTML file."""
    body = [f"<h1>{escape(page.title)}</h1>", *map(_html_block, page.blocks)]
    for section in page.sections:
        body.append(f"<h{section.level}>{escape(section.title)}</h{section.level}>")
        body += map(_html_block, section.blocks)
    return (
        '<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(page.title)}</title>\n<style>\n{_STYLE}\n</style>\n</head>\n<body>\n"
        + "\n".join(body)
        + "\n</body>\n</html>\n"
    )


def _html_block(block: Block) -> str:
    match block:
        case str():
            return f"<p>{escape(block)}</p>"
        case Bullets(items=items):
            return "<ul>\n" + "\n".join(f"<li>{escape(item)}</li>" for item in items) + "\n</ul>"
        case Table():
            head = _html_row(block.headers, "th", block.right)
            rows = "\n".join(_html_row(row, "td", block.right) for row in block.rows)
            return f'<div class="wide"><table>\n<thead>{head}</thead>\n<tbody>\n{rows}\n</tbody>\n</table></div>'
    assert_never(block)


def _html_row(cells: tuple[str, ...], tag: str, right: frozenset[int]) -> str:
    marks = (' class="right"' if place in right else "" for place in range(len(cells)))
    filled = (f"<{tag}{mark}>{escape(cell)}</{tag}>" for cell, mark in zip(cells, marks, strict=True))
    return f"<tr>{''.join(filled)}</tr>"
