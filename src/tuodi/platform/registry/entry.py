"""A row of a roster, from cells or from a program's record, checked field by field. Pure.

Every fault of a row is told, each with its cell. A value that a spreadsheet has spoilt, such as an identity number that
became a number and lost its last digits, is refused and never mended.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple, TypedDict

from tuodi.core.finding import Finding, Place
from tuodi.language.model import STATUSES
from tuodi.platform.registry.columns import NAMES, STATUS_OF_NAME, Head, plain
from tuodi.platform.registry.delivery import Delivery, Mode
from tuodi.platform.registry.domain import RECOGNISES, Sex
from tuodi.platform.registry.identity import Identity, identity
from tuodi.platform.registry.name_key import cleaned
from tuodi.platform.registry.sheet import CELL_MOST, Cell, letters

_LENGTHS: Mapping[str, int] = {
    "name": 60, "certificate": 60, "household_number": 40, "relation": 20, "township": 60, "village": 60,
    "address": 200,
}  # fmt: skip
_DAYS = ("starts_on", "ends_on", "applied_on")
_FIELDS = "、".join(NAMES)
_GAINS = frozenset({"新增", "增加", "增", "纳入", "新纳入", "add"})
_LOSSES = frozenset({"减少", "减", "退出", "取消", "停发", "停止", "end"})
_DAY = re.compile(r"(\d{4})(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})日?(?: 0?0:00(?::00)?)?\Z", re.ASCII)
_DIGITS = re.compile(r"\d{8}\Z", re.ASCII)
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+?\d+\Z", re.ASCII | re.IGNORECASE)
_AS_TEXT = re.compile(r'="([^"]*)"\Z')
# What is left of a character that some program did not know: its own box, a question mark, a private code.
_GARBLED = re.compile("[?？□■\ufffd\ue000-\uf8ff\U000f0000-\U0010ffff]")
# What most cells are: letters of any script and digits, with nothing that has to be taken off or told.
_ORDINARY = re.compile(r"[\w·()（）-]+\Z")


class RosterRecord(TypedDict, total=False):
    """A row as a department's program sends it: text throughout, days as `2026-11-22`; `name` and `number` required.

    `status`: a status's identifier or Chinese name; left out, the delivery's. `change`: `add` (usual) or `end`.
    """

    name: str
    number: str
    status: str
    change: str
    starts_on: str
    ends_on: str
    applied_on: str
    certificate: str
    household_number: str
    relation: str
    township: str
    village: str
    address: str


class Entry(NamedTuple):
    """A row that was read. `position`: the row in the file, from 1. `ends`: the roster takes somebody off.

    `faulty`: it has findings and is not imported. Fields that could not be read are None or empty.
    """

    position: int
    faulty: bool
    number: str | None
    name: str
    sex: Sex | None
    birth_date: date | None
    status: str | None
    starts_on: date | None
    ends_on: date | None
    applied_on: date | None
    ends: bool
    certificate: str
    household_number: str
    relation: str
    township: str
    village: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """All of a roster's rows, and every fault of every row."""

    entries: Sequence[Entry]
    findings: Sequence[Finding]


def read_rows(head: Head, delivery: Delivery, today: date) -> Read:
    """The entries of a sheet. Rows without name and number, as a signature's below the list, are passed over."""
    reader = _Reader(delivery=delivery, today=today, columns=head.columns, formulas=head.sheet.formulas)
    places = list(head.columns.items())
    for position, row in enumerate(head.sheet.rows[head.row + 1 :], head.row + 2):
        cells = {name: row[place] for name, place in places if place < len(row) and row[place] != ""}
        if "name" in cells or "number" in cells or _filled(cells):
            reader.take(position, cells)
    return reader.read()


def read_records(records: Iterable[RosterRecord], delivery: Delivery, today: date) -> Read:
    """The entries of a program's records: the same fields and checks; a place is a record's number and a field."""
    reader = _Reader(delivery=delivery, today=today, columns={}, formulas=frozenset())
    for position, record in enumerate(records, 1):
        reader.take_record(position, record)
    return reader.read()


def _filled(cells: Mapping[str, Cell]) -> bool:
    """A row about somebody who is not named, not a line of signatures."""
    return sum(name in cells for name in ("status", "starts_on", "change", "certificate")) > 1


@dataclass(slots=True, kw_only=True)
class _Reader:
    delivery: Delivery
    today: date
    columns: Mapping[str, int]
    formulas: frozenset[str]
    entries: list[Entry] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    seen: dict[tuple[str, str], int] = field(default_factory=dict)

    def take(self, position: int, cells: Mapping[str, Cell]) -> None:
        """Reads a row's cells, the empty ones left out, and keeps the entry, with what is wrong with it."""
        before = len(self.findings)
        if self.formulas:
            self._formulas(position)
        texts = {name: self._text(position, name, cell) for name, cell in cells.items() if name in _LENGTHS}
        if not texts.get("name"):
            self._fault(position, "name", "name-missing", "没有姓名", "填写姓名")
        who = self._number(position, cells.get("number", ""))
        status = self._status(position, cells.get("status", ""))
        starts_on, ends_on, applied_on = (
            self._day(position, name, cells[name]) if name in cells else None for name in _DAYS
        )
        self._order(position, starts_on, ends_on, applied_on)
        ends = "change" in cells and self._change(position, cells["change"])
        if who and status:
            self._first(position, who.number, status)
        text = texts.get
        self.entries.append(
            Entry(
                position=position, faulty=len(self.findings) > before, number=who.number if who else None,
                name=cleaned(text("name", "")), sex=who.sex if who else None,
                birth_date=who.birth_date if who else None, status=status, starts_on=starts_on, ends_on=ends_on,
                applied_on=applied_on, ends=ends, certificate=text("certificate", ""),
                household_number=text("household_number", ""), relation=text("relation", ""),
                township=text("township", ""), village=text("village", ""), address=text("address", ""),
            )
        )  # fmt: skip

    def take_record(self, position: int, record: Mapping[str, object]) -> None:
        """Reads a program's record: values are text; what is neither a known field nor text is told."""
        cells: dict[str, Cell] = {}
        before = len(self.findings)
        for name, value in record.items():
            if name not in NAMES:
                self._fault(position, name[:40], "field-unknown", f"没有字段“{name[:40]}”", f"可用的有：{_FIELDS}")
            elif isinstance(value, str | int | float | date):
                if value != "":
                    cells[name] = value
            elif value is not None:
                self._fault(
                    position, name, "field-form", f"“{NAMES[name][0]}”不是文字", "写成文字；日期写成 2026-11-22"
                )
        self.take(position, cells)
        if len(self.findings) > before:
            self.entries[-1] = self.entries[-1]._replace(faulty=True)

    def read(self) -> Read:
        """Everything that was taken."""
        return Read(entries=self.entries, findings=self.findings)

    # ---- fields ----

    def _formulas(self, position: int) -> None:
        for name, place in self.columns.items():
            if f"{letters(place)}{position}" in self.formulas:
                self._fault(position, name, "cell-formula", "单元格是公式", "复制后用“选择性粘贴：数值”代替公式")

    def _text(self, position: int, name: str, cell: Cell) -> str:
        if isinstance(cell, str) and len(cell) <= _LENGTHS[name] and _ORDINARY.match(cell):
            return cell
        text = self._plain(position, name, cell)
        if len(text) > _LENGTHS[name]:
            message = f"“{NAMES[name][0]}”有 {len(text)} 个字"
            self._fault(position, name, "cell-long", message, f"不超过 {_LENGTHS[name]} 个字")
            return ""
        if _GARBLED.search(text):
            self._fault(position, name, "cell-garbled", f"“{NAMES[name][0]}”里有乱码", "核对原字，重新输入")
        return text

    def _plain(self, position: int, name: str, cell: Cell) -> str:
        """The cell as text; whole numbers as they look."""
        if isinstance(cell, str):
            text = cell[: CELL_MOST + 1].strip()
            if not text.startswith("="):
                return text.replace("\0", "")
            as_text = _AS_TEXT.match(text)
            if as_text:
                return as_text[1].strip()
            self._fault(position, name, "cell-formula", "单元格是公式", "写成值，不要写公式")
            return ""
        if isinstance(cell, float) and cell.is_integer():
            return str(int(cell))
        return str(cell)

    def _number(self, position: int, cell: Cell) -> Identity | None:
        """A number of eighteen digits does not fit into a spreadsheet's number: from the sixteenth they are zeros."""
        if isinstance(cell, int | float) or (isinstance(cell, str) and _SCIENTIFIC.match(cell.strip())):
            self._fault(
                position, "number", "number-as-number", "身份证号码存成了数字，末几位已经丢失",
                "把该列设为“文本”格式，照原件重新输入号码",
            )  # fmt: skip
            return None
        who = identity(self._plain(position, "number", cell), self.today)
        if isinstance(who, Finding):
            self.findings.append(replace(who, place=self._place(position, "number")))
            return None
        return who

    def _status(self, position: int, cell: Cell) -> str | None:
        text = self._plain(position, "status", cell)
        status = (STATUS_OF_NAME.get(text) or STATUS_OF_NAME.get(plain(text))) if text else self.delivery.status
        department = self.delivery.department
        if not status:
            message = f"没有身份“{text[:30]}”" if text else "没有写救助对象类别"
            words = "、".join(STATUSES[word] for word in STATUSES if word in RECOGNISES[department])
            code = "status-unknown" if text else "status-missing"
            self._fault(position, "status", code, message, f"{department}部门可用的有：{words}")
            return None
        if status not in RECOGNISES[department]:
            owners = "、".join(str(owner) for owner, words in RECOGNISES.items() if status in words)
            message = f"{STATUSES[status]}不由{department}部门认定"
            self._fault(position, "status", "department-wrong", message, f"由{owners}部门报送")
        return status

    def _day(self, position: int, name: str, cell: Cell) -> date | None:
        day = _day_of(cell)
        label = NAMES[name][0]
        if day is None:
            shown = str(cell)[:20]
            self._fault(position, name, "date-form", f"{label}“{shown}”不是日期", "写成 2026-11-22 这样的年-月-日")
        elif not date(1949, 10, 1) <= day <= date(2200, 1, 1):
            self._fault(position, name, "date-range", f"{label} {day} 不可能", "核对日期")
        elif name == "applied_on" and day > self.today:
            self._fault(position, name, "date-range", f"{label} {day} 还没有到", "核对日期")
        return day

    def _order(self, position: int, start: date | None, end: date | None, applied: date | None) -> None:
        if start and end and end <= start:
            self._fault(position, "ends_on", "period-reversed", f"止日 {end} 不晚于起日 {start}", "核对起止日期")
        if start and applied and applied > start:
            message = f"认定日期 {start} 早于申请日期 {applied}"
            self._fault(position, "applied_on", "from-before-application", message, "核对两个日期")

    def _change(self, position: int, cell: Cell) -> bool:
        text = plain(self._plain(position, "change", cell))
        if text and text not in _GAINS | _LOSSES:
            self._fault(position, "change", "change-unknown", f"变动“{text[:20]}”看不懂", "写“新增”或“减少”")
        if text in _LOSSES and self.delivery.mode is Mode.full:
            self._fault(position, "change", "change-in-full", "全量名单里不能有减少", "删去该行，或改按增减名单报送")
        return text in _LOSSES

    def _first(self, position: int, number: str, status: str) -> None:
        first = self.seen.setdefault((number, status), position)
        if first != position:
            self._fault(position, "number", "row-twice", f"与第 {first} 行是同一人的同一身份", "只留一行")

    # ---- findings ----

    def _place(self, position: int, name: str) -> Place:
        return cell_place(position, name, self.columns)

    def _fault(self, position: int, name: str, code: str, message: str, remedy: str) -> None:
        place = self._place(position, name)
        self.findings.append(Finding(code=code, message=message, place=place, remedy=remedy))


def cell_place(position: int, name: str, columns: Mapping[str, int]) -> Place:
    """The cell of a field: `C17`; of a column that is not there, and of a record, the field's name."""
    column = columns.get(name)
    if column is None:
        return Place(line=position, path=name)
    return Place(line=position, column=column + 1, path=f"{letters(column)}{position}")


def _day_of(cell: Cell) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    return _written(str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip())


@lru_cache(maxsize=4_096)  # a roster has few days, many times over
def _written(text: str) -> date | None:
    found = _DAY.match(text)
    parts = found.groups() if found else (text[:4], text[4:6], text[6:]) if _DIGITS.match(text) else None
    try:
        return date(int(parts[0]), int(parts[1]), int(parts[2])) if parts else None
    except ValueError:
        return None
