"""Working days: which days offices work, and the day on which a deadline of working days ends. Pure.

The State Council publishes a year's holidays in the autumn before. A year whose holidays nobody knows is never guessed:
every function then raises Faults with `holidays-unknown`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

from tuodi.core.finding import Faults, Finding, Place

SATURDAY = 5
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holidays:
    """A year's arrangement: working days of the week that are free, and days of a weekend that are worked."""

    year: int
    rests: frozenset[date]
    works: frozenset[date]

    def __post_init__(self) -> None:
        assert all(day.year == self.year for day in self.rests | self.works), "a year arranges its own days"
        assert not self.rests & self.works, "a day is free or worked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The arrangements by year. What is declared later for a year takes the place of what was known."""

    years: Mapping[int, Holidays] = field(repr=False)

    def with_declared(self, declared: Iterable[Holidays]) -> Calendar:
        """This calendar, with the years of an administrator."""
        return Calendar(years={**self.years, **{one.year: one for one in declared}})

    def of(self, day: date) -> Holidays:
        """The arrangement of the day's year. Faults: `holidays-unknown`."""
        if day.year not in self.years:
            raise unknown_year(day.year)
        return self.years[day.year]


def is_working_day(day: date, calendar: Calendar | None = None) -> bool:
    """Whether offices work on the day. Faults: `holidays-unknown`."""
    holidays = (calendar or shipped()).of(day)
    return day in holidays.works or (day.weekday() < SATURDAY and day not in holidays.rests)


def add_working_days(day: date, count: int, calendar: Calendar | None = None) -> date:
    """The `count`-th working day after the day, which itself does not count; 0: the day. Faults: `holidays-unknown`."""
    assert count >= 0, "a deadline lies ahead"
    for _ in range(count):
        day = next(working_days_after(day, calendar))
    return day


def working_days_between(first: date, last: date, calendar: Calendar | None = None) -> int:
    """How many working days there are after `first` up to and with `last`; below 0 where `last` is earlier.

    So `working_days_between(day, add_working_days(day, n)) == n`. Faults: `holidays-unknown`.
    """
    if last < first:
        return -working_days_between(last, first, calendar)
    days = (first + ONE_DAY * number for number in range(1, (last - first).days + 1))
    return sum(is_working_day(day, calendar) for day in days)


def working_days_after(day: date, calendar: Calendar | None = None) -> Iterator[date]:
    """The working days after the day, without an end. Faults: `holidays-unknown`."""
    while True:
        day += ONE_DAY
        if is_working_day(day, calendar):
            yield day


@cache
def shipped() -> Calendar:
    """The years that come with the package `chinesecalendar`."""
    from chinese_calendar import constants  # type: ignore[import-untyped]

    rests, works = constants.holidays.keys(), constants.workdays.keys()
    years = {day.year for day in rests}
    return Calendar(
        years={
            year: Holidays(
                year=year,
                rests=frozenset(day for day in rests if day.year == year),
                works=frozenset(day for day in works if day.year == year),
            )
            for year in years
        }
    )


def unknown_year(year: int) -> Faults:
    """Nobody has entered this year's holidays."""
    return Faults(
        [
            Finding(
                code="holidays-unknown",
                message=f"{year} 年的节假日安排还没有录入，工作日期限不能推算",
                place=Place(path=str(year)),
                remedy="由系统管理员按国务院办公厅的通知录入该年的放假和调休日期",
            )
        ]
    )
