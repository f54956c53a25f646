"""An item of the catalogue, and how an amount of it divides. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from tuodi.core.money import round_half_up

WHOLE = 10_000
"""All of an amount, in basis points."""


class Parts(NamedTuple):
    """A line's four parts, in fen; together its amount."""

    own_paid: int
    over_limit: int
    prepaid: int
    in_policy: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What the catalogue says of a code on the days from `starts_on` to the day before `ends_on`.

    `grade`: 01 甲, 02 乙, 03 丙. `self_pay`: which share the person pays first, in basis points: 0 of 甲, all of 丙.
    `ceiling`: the highest price that counts, in yuan; what is above is the person's.
    """

    code: str
    name: str
    grade: str
    self_pay: int
    ceiling: Decimal | None
    starts_on: date
    ends_on: date | None

    def holds(self, day: date) -> bool:
        """Whether it is in force on the day."""
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What is known on a day: whether a catalogue holds at all, and of it the items asked for."""

    there: bool
    items: Sequence[Item] = ()

    def of(self, code: str, day: date) -> Item | None:
        """The item in force; None where the catalogue names none."""
        return next((one for one in self.items if one.code == code and one.holds(day)), None)


NOTHING = Found(there=False)


OUTSIDE = "03"
"""The grade of what is not in the catalogue, too."""


def divided(item: Item | None, amount: int, count: Decimal) -> Parts:
    """An amount (>= 0, fen) of so many: first what is above the ceiling, of the rest the share that is paid first.

    What the catalogue does not name, and what it names as 丙, is the person's alone. Each part is rounded half up.
    """
    if item is None or item.grade == OUTSIDE:
        return Parts(amount, 0, 0, 0)
    over = 0 if item.ceiling is None else max(0, amount - _fen(item.ceiling * abs(count)))
    prepaid = round_half_up((amount - over) * item.self_pay, WHOLE)
    return Parts(0, over, prepaid, amount - over - prepaid)


def _fen(yuan: Decimal) -> int:
    return int((yuan * 100).quantize(Decimal(1), ROUND_HALF_UP))
