"""Amounts, days and numbers as they are written in JSON, and the base of what is given and what is told.

Money is a decimal string in yuan, a day `2026-11-28`, a month `2026-11`, a number of ours a string of digits.
Nothing is guessed: another type, or a field that is not known, is a finding.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from tuodi.core.money import format_yuan, parse_yuan
from tuodi.language.model import APPLICATIONS, SERVICES

CARE = tuple(service for service in SERVICES if service not in APPLICATIONS)
"""What a hospital settles; applications are the county's."""


class Given(BaseModel):
    """What a program sends: strictly what is described, and nothing else."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Told(BaseModel):
    """What is answered."""

    model_config = ConfigDict(extra="forbid")


def yuan(fen: int) -> str:
    """The amount as it is written."""
    return format_yuan(fen)


def _why_not(message: str) -> PydanticCustomError:
    return PydanticCustomError("told", "{why}", {"why": message})


def _read_fen(value: object) -> int:
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise _why_not('金额应为字符串，单位元，至多两位小数，如 "1234.50"')
    try:
        return parse_yuan(value)
    except ValueError as why:
        raise _why_not(str(why)) from None


def _read_signed(value: object) -> int:
    if isinstance(value, str) and value.startswith("-"):
        return -_read_fen(value[1:])
    return _read_fen(value)


def _read_day(value: object) -> date:
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            day = date.min
        if _FIRST <= day <= _LAST:
            return day
    raise _why_not("应为 1949-10-01 至 2199-12-31 之间的日期，写成 2026-11-28")


def _read_service(value: str) -> str:
    if value not in CARE:
        raise _why_not(f"没有这种服务类别；可用的有：{'、'.join(CARE)}")
    return value


_LONGEST = 20
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_FIRST, _LAST = date(1949, 10, 1), date(2199, 12, 31)
_AMOUNT = r"(0|[1-9][0-9]{0,7})(\.[0-9]{1,2})?"

Fen = Annotated[int, BeforeValidator(_read_fen), WithJsonSchema({"type": "string", "pattern": f"^{_AMOUNT}$"})]
"""An amount that is given: a decimal string, from 0 to 99999999.99."""

SignedFen = Annotated[
    int, BeforeValidator(_read_signed), WithJsonSchema({"type": "string", "pattern": f"^-?{_AMOUNT}$"})
]
"""An amount that is given, below zero where something is taken back."""

Yuan = Annotated[str, StringConstraints(pattern=r"^-?[0-9]{1,16}\.[0-9]{2}$")]
"""An amount that is told: always with two decimals."""

Day = Annotated[date, BeforeValidator(_read_day), WithJsonSchema({"type": "string", "format": "date"})]
"""A day that is given."""

MonthText = Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]
"""A month."""

Number = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,17}$")]
"""A number that we gave: of a person, a settlement, a statement. A string, since some languages round large numbers."""

PAGE = 500
"""So many rows are told at once where nothing else is asked for."""

Most = Annotated[int, Field(ge=1, le=1000)]
"""How many rows to tell at once."""

After = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,18}$")]
"""After which of our numbers a page begins: the `next` of the page before; 0 is the beginning."""

Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
"""The sender's own number of something: sent again with the same key it is the same."""

_TEXT = r"^[^\u0000-\u001f\u007f]*$"
Line = Annotated[str, StringConstraints(pattern=_TEXT, max_length=200)]
"""A line of text; it may be empty."""

Reason = Annotated[str, StringConstraints(pattern=_TEXT, min_length=1, max_length=400)]
"""Why something is done, for the people who read it."""

Service = Annotated[str, AfterValidator(_read_service), WithJsonSchema({"type": "string", "enum": list(CARE)})]
"""What is settled."""
