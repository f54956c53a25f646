"""Half-open periods of days. Days are proleptic ordinals inside, `datetime.date` at the edges."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The days start <= day < end; `end=None` is open."""

    start: date
    end: date | None

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise ValueError(f"期间的止日 {self.end} 早于起日 {self.start}")

    def __contains__(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z", re.ASCII)


def parse_day(text: str) -> date:
    """The day of "2026-11-22". Raises ValueError with the reason in Chinese; other ISO forms are refused."""
    try:
        if _DAY.match(text) is None:
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"“{text}”不是日期：应为 2026-11-22 这样的年-月-日") from None


def months_back(day: date, months: int) -> date:
    """The same day so many months earlier; where that month is shorter, its last day (29 February -> 28)."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    return date(year, month + 1, day.day if day.day <= 28 else min(day.day, _days_in(year, month + 1)))


def first_of_month(day: date) -> date:
    """The first day of the day's month."""
    return day.replace(day=1)


def next_new_year(day: date) -> date:
    """1 January after the day's year: the end of a cover that lasts until the year's end."""
    return date(day.year + 1, 1, 1)


def age_on(birth: date, day: date) -> int:
    """Completed years on the day."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def _days_in(year: int, month: int) -> int:
    following = date(year + 1, 1, 1) if month == 12 else date(year, month + 1, 1)
    return (following - date(year, month, 1)).days
