"""A delivery of a roster: by which department, for which county, as of which day, and whether it came in time. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from tuodi.core.finding import Faults, Finding, Place
from tuodi.language.model import STATUSES
from tuodi.platform.base.workdays import Calendar, working_days_between
from tuodi.platform.registry.domain import RECOGNISES, Department

WITHIN_WORKING_DAYS = 5
"""How soon after a quarter's or month's adjustment a roster is due, unless the delivery says otherwise."""


class Mode(Enum):
    """Whether a roster names everybody, so that whoever is missing has lost the status, or only what has changed."""

    full = "全量名单"
    changes = "增减名单"

    def __str__(self) -> str:
        return self.value


class RosterState(Enum):
    """What has become of a roster that was looked at."""

    previewed = "待导入"
    imported = "已导入"
    undone = "已撤销导入"
    discarded = "已作废"

    def __str__(self) -> str:
        return self.value


class RowKind(Enum):
    """What a row of a roster would do."""

    new = "新增"
    continued = "延续"
    changed = "更正"
    ended = "退出"
    unchanged = "不变"
    faulty = "有问题"
    withheld = "暂不退出"

    def __str__(self) -> str:
        return self.value


WRITES = (RowKind.new, RowKind.continued, RowKind.changed, RowKind.ended)
"""Rows that importing writes something for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What comes with a roster.

    `adjusted_on`: when the department adjusted; the deadline runs from here. `effective_on`: from when new recognitions
    hold, and removals end, where the roster names no day; in Yangquan the certificate's day. `received_on`: when it
    came in. `status`: of every row, for a roster without such a column. `covers`: of a full list, the statuses of which
    it names all holders; left empty, those that occur in it. `overwrite`: rows that contradict a period that is known
    take its place; otherwise they are refused.
    """

    region: str
    department: Department
    mode: Mode
    adjusted_on: date
    effective_on: date
    received_on: date
    certificate: str = ""
    status: str = ""
    covers: frozenset[str] = field(default_factory=frozenset)
    overwrite: bool = False
    within_working_days: int = WITHIN_WORKING_DAYS


def delivery_findings(delivery: Delivery, today: date) -> list[Finding]:
    """All that is wrong with what comes with a roster."""
    found = []
    for status in sorted({delivery.status, *delivery.covers} - {""}):
        if status not in STATUSES:
            found.append(_finding("status-unknown", f"没有身份“{status}”", "status", "使用规定的身份名称"))
        elif status not in RECOGNISES[delivery.department]:
            message = f"{STATUSES[status]}不由{delivery.department}部门认定"
            found.append(_finding("department-wrong", message, "department", "由认定该身份的部门报送"))
    if delivery.received_on > today:
        found.append(_finding("received-later", f"收到日期 {delivery.received_on} 还没有到", "received_on", "核对日期"))
    if delivery.received_on < delivery.adjusted_on:
        message = f"收到日期 {delivery.received_on} 早于调整日期 {delivery.adjusted_on}"
        found.append(_finding("received-early", message, "received_on", "核对两个日期"))
    return found


def working_days_late(delivery: Delivery, calendar: Calendar) -> int | None:
    """How many working days after its deadline the roster came, 0 in time; None where a year's holidays are unknown."""
    try:
        taken = working_days_between(delivery.adjusted_on, delivery.received_on, calendar)
    except Faults:
        return None
    return max(0, taken - delivery.within_working_days)


def _finding(code: str, message: str, path: str, remedy: str) -> Finding:
    return Finding(code=code, message=message, place=Place(path=path), remedy=remedy)
