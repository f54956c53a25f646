"""A catalogue's file, an Excel workbook or CSV, read row by row; every fault is told with its cell. Pure.

Columns by their names: 编码, 名称, 类别 (甲, 乙, 丙), 先自付比例 (10%), 支付上限 (yuan), 起, 止 (the last day).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from itertools import pairwise

from tuodi.core.finding import Faults, Finding, Place, finding
from tuodi.core.money import parse_rate
from tuodi.gateway.catalogue.item import OUTSIDE, WHOLE, Item
from tuodi.platform.registry.sheet import Cell, sheets

NAMES: Mapping[str, tuple[str, ...]] = {
    "code": ("编码", "代码", "医保目录编码", "医疗目录编码", "国家编码", "药品代码", "项目编码", "耗材编码"),
    "name": ("名称", "项目名称", "药品名称", "注册名称", "耗材名称"),
    "grade": ("类别", "甲乙类", "甲乙丙", "费用等级", "收费项目等级", "目录类别"),
    "self_pay": ("先自付比例", "自付比例", "先行自付比例", "个人先自付比例"),
    "ceiling": ("支付上限", "限价", "最高支付限价", "支付标准", "最高限价"),
    "starts_on": ("起", "生效日期", "开始日期", "执行日期"),
    "ends_on": ("止", "失效日期", "结束日期", "终止日期"),
}
REQUIRED = ("code", "grade")
LONGEST_CODE, LONGEST_NAME = 50, 200
HEAD_WITHIN = 10
MOST_FINDINGS = 1_000
_GRADES = {
    "甲": "01",
    "甲类": "01",
    "01": "01",
    "乙": "02",
    "乙类": "02",
    "02": "02",
    "丙": "03",
    "丙类": "03",
    "03": "03",
}
_DAY = re.compile(r"(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})\Z", re.ASCII)
_LARGEST = Decimal(10**10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """The items of a file, and everything that is wrong with it."""

    items: tuple[Item, ...]
    findings: tuple[Finding, ...]


def read(content: bytes, starts_on: date) -> Read:
    """The items of the file's first sheet that has a head; rows without a day of their own begin on `starts_on`.

    Faults: of the file as a whole, `catalogue-head`.
    """
    for sheet in sheets(content):
        for number, row in enumerate(sheet.rows[:HEAD_WITHIN]):
            columns = _columns(row)
            if all(name in columns for name in REQUIRED):
                return _read(sheet.rows[number + 1 :], columns, number + 2, starts_on)
    remedy = "表头至少有“编码”和“类别”两列"
    raise Faults([finding("catalogue-head", f"前 {HEAD_WITHIN} 行没有目录的表头", "file", remedy)])


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _columns(row: Sequence[Cell]) -> dict[str, int]:
    named = {word: field for field, words in NAMES.items() for word in words}
    found: dict[str, int] = {}
    for index, cell in enumerate(row):
        field = named.get("".join(str(cell).split()))
        if field is not None:
            found.setdefault(field, index)
    return found


def _read(rows: Iterable[Sequence[Cell]], columns: Mapping[str, int], first: int, starts_on: date) -> Read:
    items: list[Item] = []
    places: dict[int, int] = {}
    findings: list[Finding] = []
    for number, row in enumerate(rows, first):
        cells = {field: _text(row[index]) if index < len(row) else "" for field, index in columns.items()}
        if not any(cells.values()):
            continue
        faults: list[Finding] = []
        item = _item(cells, number, starts_on, faults)
        if faults:
            findings += faults
        else:
            places[len(items)] = number
            items.append(item)
        if len(findings) > MOST_FINDINGS:
            break
    findings += _overlapping(items, places)
    if not items and not findings:
        findings.append(finding("catalogue-empty", "目录里没有一行", "file", "表头下面每个编码一行"))
    return Read(items=tuple(items), findings=tuple(findings))


def _item(cells: Mapping[str, str], row: int, starts_on: date, faults: list[Finding]) -> Item:
    code, grade = cells["code"], _GRADES.get(cells["grade"], "")
    if not code or len(code) > LONGEST_CODE or not code.isprintable():
        faults.append(_fault(row, "code", "catalogue-code", f"编码“{code[:60]}”不能用", f"1 至 {LONGEST_CODE} 个字符"))
    if not grade:
        faults.append(_fault(row, "grade", "catalogue-grade", f"类别“{cells['grade'][:20]}”不是甲、乙、丙", "改正类别"))
    starts, ends = (
        _day(cells.get("starts_on", ""), row, "starts_on", faults) or starts_on,
        _day(cells.get("ends_on", ""), row, "ends_on", faults),
    )
    if ends is not None and ends < starts:
        faults.append(_fault(row, "ends_on", "catalogue-days", f"止日 {ends} 早于起日 {starts}", "核对两个日期"))
    return Item(
        code=code, name=cells.get("name", "")[:LONGEST_NAME], grade=grade,
        self_pay=_share(cells.get("self_pay", ""), grade, row, faults),
        ceiling=_ceiling(cells.get("ceiling", ""), row, faults), starts_on=starts,
        ends_on=None if ends is None else ends + timedelta(days=1),
    )  # fmt: skip


def _share(text: str, grade: str, row: int, faults: list[Finding]) -> int:
    """Basis points. A share that contradicts its grade is not guessed about."""
    usual = {"01": 0, OUTSIDE: WHOLE}.get(grade)
    if not text:
        if usual is None and grade:
            faults.append(
                _fault(row, "self_pay", "catalogue-share", "乙类没有写先自付比例", "写成 10% 这样；没有就写 0%")
            )
        return usual or 0
    try:
        share = _rate(text)
    except ValueError:
        share = WHOLE + 1
    if share > WHOLE or (usual is not None and share != usual):
        message = (
            f"先自付比例“{text[:20]}”不能用于该类别" if share <= WHOLE else f"先自付比例“{text[:20]}”不是 0% 至 100%"
        )
        faults.append(_fault(row, "self_pay", "catalogue-share", message, "甲类 0%，丙类 100%，乙类写成 10% 这样"))
    return share


def _rate(text: str) -> int:
    """ "10%" or 0.1: a bare number above 1 could mean either, and is none."""
    if text.endswith("%"):
        return parse_rate(text)
    number = _decimal(text)
    if number is None or number > 1 or number * WHOLE != int(number * WHOLE):
        raise ValueError(text)
    return int(number * WHOLE)


def _ceiling(text: str, row: int, faults: list[Finding]) -> Decimal | None:
    if not text:
        return None
    number = _decimal(text)
    if number is None or number >= _LARGEST or number != round(number, 6):
        faults.append(
            _fault(row, "ceiling", "catalogue-ceiling", f"支付上限“{text[:30]}”不是金额", "以元为单位，至多六位小数")
        )
        return None
    return number


def _decimal(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and number >= 0 else None


def _day(text: str, row: int, field: str, faults: list[Finding]) -> date | None:
    if not text:
        return None
    match = _DAY.match(text)
    try:
        if match is not None:
            return date(*map(int, match.groups()))
    except ValueError:
        pass
    faults.append(_fault(row, field, "catalogue-day", f"日期“{text[:20]}”不能读", "写成 2026-01-01 这样"))
    return None


def _overlapping(items: Sequence[Item], places: Mapping[int, int]) -> Iterator[Finding]:
    """Two rows of a code on one day: nobody knows which holds."""
    of_code: dict[str, list[tuple[Item, int]]] = defaultdict(list)
    for index, item in enumerate(items):
        of_code[item.code].append((item, places[index]))
    for rows in of_code.values():
        rows.sort(key=lambda one: one[0].starts_on)
        for (before, first), (after, second) in pairwise(rows):
            if before.ends_on is None or after.starts_on < before.ends_on:
                message = f"编码 {after.code} 与第 {first} 行的日期重叠"
                yield _fault(second, "code", "catalogue-twice", message, "删去一行，或写明各自的起止")


def _text(cell: Cell) -> str:
    if isinstance(cell, datetime | date):
        return f"{cell:%Y-%m-%d}"
    if isinstance(cell, float):
        return f"{Decimal(repr(cell)):f}".rstrip("0").rstrip(".") or "0"  # a workbook's numbers are floats
    return str(cell).strip()


def _fault(row: int, field: str, code: str, message: str, remedy: str) -> Finding:
    return Finding(code=code, message=message, place=Place(line=row, path=NAMES[field][0]), remedy=remedy)
