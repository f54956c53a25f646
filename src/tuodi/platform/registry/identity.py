"""Identity numbers of GB 11643: eighteen characters with region, day of birth, sequence and check digit. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from operator import mul

from stdnum import numdb

from tuodi.core.finding import Finding, Place
from tuodi.platform.registry.domain import Sex

_FORM = re.compile(r"[1-9][0-9]{16}[0-9X]\Z", re.ASCII)
_OLD_FORM = re.compile(r"[1-9][0-9]{14}\Z", re.ASCII)
_FOREIGNER, _TAIWAN = "9", "83"
_EARLIEST = date(1900, 1, 1)
_REGIONS = numdb.get("cn/loc")
# The weights of GB 11643 for the seventeen digits, and the rest of division by 11 that each last character stands for.
_WEIGHTS = tuple(2 ** (18 - place) % 11 for place in range(1, 18))
_CHECKS = {char: rest for rest, char in enumerate("10X98765432")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A number that can be somebody's, with what it says about them. It never prints itself."""

    number: str = field(repr=False)
    birth_date: date
    sex: Sex


def compact(text: str) -> str:
    """The number as it is kept: no spaces or hyphens, ASCII digits, a capital X."""
    return text.translate(_PLAIN).upper()


def identity(text: str, today: date, place: Place | None = None) -> Identity | Finding:
    """The identity that the text is, or what is wrong with it. The message never repeats the number."""
    number = compact(text)
    birth = _birth(number)
    wrong = _wrong_form(number) or _wrong_birth(birth, today) or _wrong_region(number) or _wrong_check(number)
    if wrong:
        code, message, remedy = wrong
        return Finding(code=code, message=message, place=place or Place(path="number"), remedy=remedy)
    assert birth is not None, "a number without a day of birth is wrong"
    return Identity(number=number, birth_date=birth, sex=_sex(number))


_PLAIN = {ord(full): ord(half) for full, half in zip("０１２３４５６７８９Ｘｘ", "0123456789XX", strict=True)} | {
    ord(gap): None for gap in " \t\r\n\u3000\u00a0\u200b\ufeff-－—'‘’`"
}


def _wrong_form(number: str) -> tuple[str, str, str] | None:
    if _FORM.match(number):
        return None
    if _OLD_FORM.match(number):
        return "number-old", "身份证号码是 15 位的旧号码", "写现在的 18 位号码"
    if not number:
        return "number-missing", "没有身份证号码", "填写 18 位身份证号码"
    return "number-form", f"身份证号码应为 18 位数字（末位可为 X），这里是 {len(number)} 个字符", "核对身份证原件"


def _wrong_birth(birth: date | None, today: date) -> tuple[str, str, str] | None:
    if birth is None:
        return "number-birth", "身份证号码第 7 至 14 位不是日期", "核对身份证原件"
    if not _EARLIEST <= birth <= today:
        return "number-birth", f"身份证号码里的出生日期 {birth} 不可能", "核对身份证原件"
    return None


def _wrong_region(number: str) -> tuple[str, str, str] | None:
    """The province must exist. Counties come and go, and a number outlives its county: they are not looked up."""
    province = number[1:3] if number[0] == _FOREIGNER else number[:2]
    if _is_province(province):
        return None
    return "number-region", f"身份证号码的前两位 {province} 不是任何省份", "核对身份证原件"


@cache
def _is_province(digits: str) -> bool:
    return digits == _TAIWAN or any("province" in info for _, info in _REGIONS.info(digits))


def _wrong_check(number: str) -> tuple[str, str, str] | None:
    if sum(map(mul, _WEIGHTS, map(int, number[:17]))) % 11 == _CHECKS[number[-1]]:
        return None
    return "number-check", "身份证号码的校验位不对，至少有一位写错了", "核对身份证原件"


def _birth(number: str) -> date | None:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def _sex(number: str) -> Sex:
    return Sex.male if int(number[16]) % 2 else Sex.female
