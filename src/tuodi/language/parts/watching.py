"""Watching and doing: warning lines, procedures with steps and deadlines, indicators."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tuodi.language.model import Indicator, Procedure, Scope, Step, WarningLine
from tuodi.language.parts.citing import CLAUSE
from tuodi.language.parts.persons import CLASSES_OR_ELSE, EVERYONE, GUARD_KEYS, Who, taken_guard
from tuodi.language.parts.quantities import OPERAND
from tuodi.language.parts.scalars import FLAG, ID, NUMBER, RATE, TEXT
from tuodi.language.parts.terms import MONEY_VALUE
from tuodi.language.reading import Reading
from tuodi.language.shapes import Complaint, Key, Record, Scalar, Several, Words
from tuodi.language.tree import Text

# ---- warnings --------------------------------------------------------------------------------------------------------


def _warning(**values: Any) -> WarningLine:
    who: Who = values.pop("for")
    return WarningLine(id=values.pop("id", ""), classes=who.classes, **values)


WARNING = Record(
    "预警线",
    Key("id", ID),
    Key("clause", CLAUSE, required=True),
    Key("for", CLASSES_OR_ELSE, required=True),
    Key("of", OPERAND, required=True),
    Key("per", Words("期间", {"year": Scope.YEAR, "life": Scope.LIFE}), required=True),
    Key("exceeds", MONEY_VALUE, required=True),
    Key("each_event", FLAG),
    Key("tell", Several(TEXT, one_will_do=True)),
    Key("says", TEXT),
    build=_warning,
)

# ---- procedures ------------------------------------------------------------------------------------------------------

ROUTES = ("at_counter", "on_application", "roster", "yearly", "monthly", "quarterly", "other")
_DEADLINES = ("within_working_days", "within_days", "within_months", "by_day")
_DAYS_OF_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _day_of_year(node: Text, reading: Reading) -> str:
    match = re.fullmatch("(0[1-9]|1[0-2])-([0-9]{2})", node.value, re.ASCII)
    if not match or not 1 <= int(match[2]) <= _DAYS_OF_MONTHS[int(match[1]) - 1]:
        raise reading.fault("bad-day", node, f"“{node.value}”不是一年中的一天", "写成 月-日，如 02-28")
    return node.value


def _step_rules(step: Step) -> Iterator[Complaint]:
    written = [word for word in _DEADLINES if getattr(step, word)]
    if len(written) > 1:
        yield Complaint(written[1], "two-deadlines", f"一个步骤写了几个期限：{'、'.join(written)}", "只留一个")
    if step.next_year and not step.by_day:
        yield Complaint(
            "next_year", "next-year-without-day", "没有 by_day，next_year 说的是哪一天", "写 by_day，或删去"
        )


STEP = Record(
    "步骤",
    Key("id", ID, required=True),
    Key("does", TEXT, required=True),
    Key("by", TEXT, required=True),
    Key("within_working_days", NUMBER),
    Key("within_days", NUMBER),
    Key("within_months", NUMBER),
    Key("by_day", Scalar("一年中的一天", _day_of_year, {"type": "string", "pattern": "^[0-9]{2}-[0-9]{2}$"})),
    Key("next_year", FLAG),
    Key("publicity", FLAG),
    Key("form", TEXT),
    build=Step,
    rules=_step_rules,
)


def _procedure(**values: Any) -> Procedure:
    who: Who = values.pop("who", EVERYONE)
    if who.statuses:  # a procedure has room for classes only; the rest is a test
        values["who"] = who
        who = EVERYONE
    return Procedure(classes=who.classes, when=taken_guard(values), **values)


def _procedure_rules(procedure: Procedure) -> Iterator[Complaint]:
    if not procedure.steps and not procedure.elsewhere:
        yield Complaint("", "missing-key", "经办流程缺少 steps", "补上 steps；由其他文件规定的写 elsewhere")
    ids = [step.id for step in procedure.steps]
    for name in sorted({name for name in ids if ids.count(name) > 1}):
        yield Complaint("steps", "duplicate-id", f"步骤“{name}”写了不止一次", "给每一步不同的 id")


PROCEDURE = Record(
    "经办流程",
    Key("id", ID, required=True),
    Key("label", TEXT, required=True),
    Key("clause", CLAUSE, required=True),
    Key("route", Words("经办方式", {route: route for route in ROUTES}), required=True),
    *GUARD_KEYS,
    Key("steps", Several(STEP)),
    Key("elsewhere", TEXT),
    build=_procedure,
    rules=_procedure_rules,
)

# ---- indicators ------------------------------------------------------------------------------------------------------


def _indicator(**values: Any) -> Indicator:
    return Indicator(id=values.pop("id", ""), **values)


INDICATOR = Record(
    "考核指标",
    Key("id", ID),
    Key("label", TEXT, required=True),
    Key("clause", CLAUSE, required=True),
    Key("of", TEXT, required=True),
    Key("over", TEXT),
    Key("at_least", RATE),
    Key("at_most", RATE),
    Key("says", TEXT),
    build=_indicator,
)
