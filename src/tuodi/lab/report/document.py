"""What a report is: a question, its answer, pictures and tables, the method and its limits, what it rests on.

Values only; `page` writes it as HTML, `workbook` and `files` write its tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from tuodi.lab.sheet import Sheet


class Tone(Enum):
    """The colours of pictures: what is, what was, what needs a person; and one that recedes."""

    MAIN = "main"
    BEFORE = "before"
    ALARM = "alarm"
    PALE = "pale"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A length from zero; `text` is what it says."""

    value: int
    text: str
    tone: Tone = Tone.MAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Bars below one another under one label; `group` begins a new group of rows where it changes."""

    label: str
    bars: tuple[Bar, ...]
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """Rows of bars, all on one scale; left of zero what is negative."""

    title: str
    rows: tuple[Row, ...]
    legend: tuple[tuple[Tone, str], ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Rows whose bars stand behind one another: how a whole is made up. `whole`: each row fills the width."""

    title: str
    rows: tuple[Row, ...]
    legend: tuple[tuple[Tone, str], ...] = ()
    note: str = ""
    whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A column of a picture over time, of parts that stand on one another from below."""

    label: str
    parts: tuple[Bar, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Months:
    """Columns side by side, >= 0, on one scale in fen."""

    title: str
    columns: tuple[Month, ...]
    legend: tuple[tuple[Tone, str], ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A range with marks in it; `text` says it in words."""

    label: str
    least: int
    most: int
    marks: tuple[Bar, ...]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Spans:
    """Ranges on one scale, or each on its own (`shared` false); a line where the scale's zero is, if `zero`."""

    title: str
    rows: tuple[Span, ...]
    legend: tuple[tuple[Tone, str], ...] = ()
    note: str = ""
    shared: bool = True
    zero: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A point of a curve; `text` is what it says. A `big` one is named in the picture."""

    x: int
    y: int
    text: str
    big: bool = False
    tone: Tone = Tone.MAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Points joined in order; `line` is a level across. `x_label` and `y_label` say what they are."""

    title: str
    points: tuple[Point, ...]
    x_ends: tuple[str, str]
    line: tuple[int, str] | None = None
    x_label: str = ""
    y_label: str = ""
    note: str = ""


Picture = Bars | Parts | Months | Spans | Curve


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number that stands out: "救助支出", "1,204.55万元", "比原政策多 120.00万元"."""

    label: str
    text: str
    note: str = ""
    tone: Tone = Tone.MAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A sheet on the page. `leave_out`: columns that only the files keep; `most`: rows, the rest stand in the files."""

    sheet: Sheet
    leave_out: frozenset[str] = frozenset()
    most: int = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Bullets:
    """A list."""

    items: tuple[str, ...]


Block = str | Bullets | Picture | Shown
"""A `str` is a paragraph."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading and what stands under it; left out where nothing does."""

    id: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report. `sheets`: every table, whole; what of them the page shows stands in the sections.

    `receipt`: (what, value), from which anybody can make the same report again.
    """

    title: str
    subtitle: str
    question: str
    answer: tuple[str, ...]
    figures: tuple[Figure, ...]
    sections: tuple[Section, ...]
    method: tuple[str, ...]
    limits: tuple[str, ...]
    receipt: tuple[tuple[str, str], ...]
    sheets: tuple[Sheet, ...]


def section(section_id: str, title: str, *blocks: Block | Sequence[Block] | None) -> Section:
    """A section of those blocks that are there."""
    found: list[Block] = []
    for block in blocks:
        if block is None:
            continue
        if isinstance(block, Sequence) and not isinstance(block, str):
            found += block
        else:
            found.append(block)
    return Section(id=section_id, title=title, blocks=tuple(one for one in found if one))
