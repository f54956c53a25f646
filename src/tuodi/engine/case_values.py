"""The values of a case file, one by one: each is read, or refused with what is wrong and what would mend it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import assert_never

from tuodi.core.money import parse_yuan
from tuodi.core.period import parse_day
from tuodi.engine.record import FactValue
from tuodi.language.model import Fact, FactType

FIRST_YEAR = 1900
"""No day of a case is earlier: reach-back and ages stay inside the calendar."""

LARGEST_COUNT = 36_600
"""The largest whole number of a fact: a hundred years of days. A grant for each still fits in 64 bits (INV-06)."""

RANGES: Mapping[str, tuple[int, int]] = {"level": (1, 3), "admission_number": (1, LARGEST_COUNT)}
"""Whole-number facts of the case format with narrower bounds than 0 to `LARGEST_COUNT`."""


class Unfit(Exception):
    """A value that can't stand where it stands: a finding without its place."""

    def __init__(self, code: str, message: str, remedy: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.remedy = remedy


def text_value(raw: object) -> str:
    """Text that says something."""
    if not isinstance(raw, str):
        raise wrong_type(raw, "文字", "用双引号写成文字")
    if not raw.strip():
        raise Unfit("empty-text", "不能为空", "填写内容")
    return raw


def optional_text(raw: object) -> str | None:
    """Any text, or null."""
    if raw is not None and not isinstance(raw, str):
        raise wrong_type(raw, "文字或 null", "用双引号写成文字；没有时写 null")
    return raw


def flag_value(raw: object) -> bool:
    """True or false; never 0 or 1."""
    if not isinstance(raw, bool):
        raise wrong_type(raw, "true 或 false", "写 true 或 false，不加引号")
    return raw


def money_value(raw: object) -> int:
    """Fen of a decimal string in yuan."""
    if not isinstance(raw, str):
        raise Unfit("money-not-text", f"金额应为文字，这里是{json_name(raw)}", '写成元，加双引号，如 "1234.50"')
    remedy = '写成元，至多两位小数，如 "1234.50"'
    if len(raw) > _LONG:
        raise Unfit(_money_code(raw), f"“{shown(raw)}”不是可用的金额", remedy)
    try:
        return parse_yuan(raw)
    except ValueError as why:
        raise Unfit(_money_code(raw), str(why), remedy) from None


def day_value(raw: object) -> tuple[int, int]:
    """The day's ordinal and its number, 20230301 for "2023-03-01"."""
    found = _DAYS.get(raw) if isinstance(raw, str) else None
    return found if found is not None else _new_day(raw)


def optional_day(raw: object) -> tuple[int, int] | None:
    """As `day_value`, or null."""
    return None if raw is None else day_value(raw)


def whole_number(raw: object, least: int, most: int) -> int:
    """A JSON integer in the bounds, both included; never true, false or a number with a point."""
    if not isinstance(raw, int) or isinstance(raw, bool):
        raise wrong_type(raw, "整数", f"写 {least} 到 {most} 的整数，不加引号")
    if not least <= raw <= most:
        message = f"{raw if abs(raw) < 10**_LONG else '这个数'} 不在 {least} 到 {most} 之间"
        raise Unfit("number-out-of-range", message, f"写 {least} 到 {most} 的整数")
    return raw


def word_value(raw: object, words: Mapping[str, str], code: str, what: str) -> str:
    """One of a closed list of words, given with their Chinese labels."""
    word = text_value(raw)
    if word not in words:
        raise Unfit(code, f"没有{what}“{shown(word)}”", nearest(word, words))
    return word


def fact_value(fact: Fact, raw: object) -> FactValue:
    """What a case says of a fact. Null is "not given", and only where a missing field has no meaning of its own."""
    if raw is None and (fact.default is None or fact.type is FactType.CHOICE):
        return None
    match fact.type:
        case FactType.FLAG:
            return flag_value(raw)
        case FactType.MONEY:
            return money_value(raw)
        case FactType.YEAR:
            return whole_number(raw, FIRST_YEAR, 9999)
        case FactType.COUNT:
            return whole_number(raw, *RANGES.get(fact.id, (0, LARGEST_COUNT)))
        case FactType.CHOICE:
            return word_value(raw, dict.fromkeys(fact.choices, ""), "unknown-choice", fact.label)
        case _:
            assert_never(fact.type)


def wrong_type(raw: object, wanted: str, remedy: str) -> Unfit:
    """The value has another JSON type than the one wanted."""
    return Unfit("wrong-type", f"应为{wanted}，这里是{json_name(raw)}", remedy)


def json_name(raw: object) -> str:
    """What JSON calls such a value, in Chinese."""
    return next((name for kind, name in _JSON_NAMES if isinstance(raw, kind)), "数字")


def nearest(word: str, words: Mapping[str, str] | Iterable[str], otherwise: str = "") -> str:
    """A remedy that names what was probably meant: the word with this label, or the closest; else all of them."""
    from difflib import get_close_matches

    labels = words if isinstance(words, Mapping) else dict.fromkeys(words, "")
    labelled = [known for known, label in labels.items() if word and word in label]
    close = labelled or (get_close_matches(word, labels, n=1) if len(word) <= _LONG else [])
    if close:
        return f"是否为“{close[0]}”？"
    return otherwise or "可用的有：" + "、".join(labels)


def shown(text: str) -> str:
    """The text as a message quotes it: not all of a long one."""
    return text if len(text) <= _LONG else text[:_LONG] + "…"


# ---- helpers ---------------------------------------------------------------------------------------------------------

_LONG = 40  # of characters or digits: more is not quoted in a message

_JSON_NAMES = ((dict, "对象"), (list, "数组"), (str, "文字"), (bool, "真假值"), (type(None), "null"))

_DAYS: dict[str, tuple[int, int]] = {}
_DAYS_AT_MOST = 100_000  # more than two centuries: a file's days are all here, and memory stays flat


def _new_day(raw: object) -> tuple[int, int]:
    text = text_value(raw)
    try:
        day = parse_day(text)
    except ValueError as why:
        message = str(why) if len(text) <= _LONG else f"“{shown(text)}”不是日期"
        raise Unfit("bad-date", message, "写成 2026-11-22 这样的年-月-日") from None
    if day.year < FIRST_YEAR:
        raise Unfit("bad-date", f"{text} 早于 {FIRST_YEAR} 年", "核对年份")
    if len(_DAYS) >= _DAYS_AT_MOST:
        _DAYS.clear()
    _DAYS[text] = day.toordinal(), day.year * 10000 + day.month * 100 + day.day
    return _DAYS[text]


def _money_code(text: str) -> str:
    if text.startswith("-"):
        return "money-negative"
    whole, _, decimals = text.partition(".")
    if not (text.isascii() and whole.isdigit() and (decimals.isdigit() or "." not in text)):
        return "money-malformed"
    if len(decimals) > 2:
        return "money-decimals"
    return "money-malformed" if len(whole) > 1 and whole.startswith("0") else "money-too-large"
