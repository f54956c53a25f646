"""Texts that mean something: ids, days, money, rates, whole numbers, flags."""

from __future__ import annotations

import re
from datetime import date

from tuodi.core.money import BASIS_POINTS, format_rate, parse_rate, parse_yuan
from tuodi.core.period import parse_day
from tuodi.language.reading import ID_FORM, ID_REMEDY, Reading
from tuodi.language.shapes import Scalar
from tuodi.language.tree import Text

FIRST_DAY = date(1949, 10, 1)
LAST_DAY = date(2199, 12, 31)
"""No document is older, none looks further ahead; what is reckoned from such days stays within the calendar."""

MOST_MONTHS = 120
"""No cover reaches back further."""

LARGEST_TIMES = 10 * BASIS_POINTS
"""A number is scaled at most tenfold."""

_DOCUMENT_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,9}\Z", re.ASCII)
_FLAGS = {"true": True, "false": False}
_YAML_FLAGS = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}


def _text(node: Text, _reading: Reading) -> str:
    return node.value.strip()


def _id(node: Text, reading: Reading) -> str:
    if not ID_FORM.match(node.value):
        raise reading.fault("bad-id", node, f"“{node.value}”不能作名称", ID_REMEDY)
    return node.value


def _document_id(node: Text, reading: Reading) -> str:
    if not _DOCUMENT_ID.match(node.value):
        remedy = "用小写英文字母、数字和连字符，如 liaocheng-2022-5"
        raise reading.fault("bad-id", node, f"“{node.value}”不能作文件的名称", remedy)
    return node.value


def _day(node: Text, reading: Reading) -> date:
    try:
        day = parse_day(node.value)
    except ValueError as error:
        raise reading.fault("bad-day", node, str(error), "写成 年-月-日，月、日各两位") from None
    if not FIRST_DAY <= day <= LAST_DAY:
        raise reading.fault("bad-day", node, f"日期 {day} 不在 {FIRST_DAY} 到 {LAST_DAY} 之间", "核对年份")
    return day


def _money(node: Text, reading: Reading) -> int:
    try:
        return parse_yuan(node.value)
    except ValueError as error:
        code, remedy = _why_not_money(node.value)
        raise reading.fault(code, node, str(error), remedy) from None


def _why_not_money(text: str) -> tuple[str, str]:
    if text.startswith("-"):
        return "money-negative", "金额不写负数；要减少用 minus"
    if re.fullmatch(r"[0-9]+\.[0-9]{3,}", text, re.ASCII):
        return "money-decimals", "精确到分，至多两位小数"
    if re.fullmatch(r"[1-9][0-9]{7,}(\.[0-9]{1,2})?", text, re.ASCII):
        return "money-too-large", "核对位数"
    if text.endswith("%"):
        return "not-money", "这里要写金额（元）；比例写在 rate 或 share"
    return "not-money", "以元为单位，不写逗号、“万”和“元”，如 30000 或 1234.50"


def _rate(node: Text, reading: Reading) -> int:
    return _at_most(BASIS_POINTS, node, reading)


def _times(node: Text, reading: Reading) -> int:
    return _at_most(LARGEST_TIMES, node, reading)


def _at_most(most: int, node: Text, reading: Reading) -> int:
    try:
        rate = parse_rate(node.value)
    except ValueError as error:
        raise reading.fault("rate-without-percent", node, str(error), _as_percent(node.value)) from None
    if rate > most:
        raise reading.fault("rate-too-high", node, f"比例 {node.value} 超过 {format_rate(most)}", "核对百分数")
    return rate


def _as_percent(text: str) -> str:
    """What the writer may have meant: 70% for 0.7 and for 70."""
    fraction = re.fullmatch(r"0?\.([0-9]{1,2})", text, re.ASCII)
    if fraction:
        return f"写成 {int(fraction[1].ljust(2, '0'))}%"
    return f"写成 {text}%" if re.fullmatch("[0-9]{1,2}", text, re.ASCII) else "写成百分数，至多两位小数，如 62.5%"


def _number(node: Text, reading: Reading) -> int:
    if not _NUMBER.match(node.value):
        raise reading.fault("not-a-number", node, f"“{node.value}”不是整数", "写不带小数和符号的整数")
    return int(node.value)


def _months(node: Text, reading: Reading) -> int:
    months = _number(node, reading)
    if months > MOST_MONTHS:
        raise reading.fault("too-many-months", node, f"追溯 {months} 个月，超过 {MOST_MONTHS} 个月", "核对月数")
    return months


def _flag(node: Text, reading: Reading) -> bool:
    if node.value not in _FLAGS:
        meant = _YAML_FLAGS.get(node.value.lower(), "true 或 false")
        raise reading.fault("not-a-flag", node, f"“{node.value}”不是真假值", f"写 {meant}")
    return _FLAGS[node.value]


TEXT = Scalar("文字", _text, {"type": ["string", "number"]})
ID = Scalar("名称", _id, {"type": "string", "pattern": "^[a-z][a-z0-9]*(_[a-z0-9]+)*$"})
DOCUMENT_ID = Scalar("文件名称", _document_id, {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"})
DAY = Scalar("日期", _day, {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"})
MONEY = Scalar("金额", _money, {"type": ["number", "string"], "minimum": 0, "pattern": r"^[0-9]+(\.[0-9]{1,2})?$"})
RATE = Scalar("比例", _rate, {"type": "string", "pattern": r"^[0-9]+(\.[0-9]{1,2})?%$"})
TIMES = Scalar("倍数", _times, RATE.form)
NUMBER = Scalar("整数", _number, {"type": ["integer", "string"], "minimum": 0, "pattern": "^[0-9]{1,9}$"})
MONTHS = Scalar("月数", _months, NUMBER.form)
FLAG = Scalar("真假值", _flag, {"type": "boolean"})
