"""Deadlines of clearing: when a month must be paid by document and agreement, and by how much it is late. Pure.

Yangquan clears by the month and pays "in time" (七(二)); Ningbo clears within the year (四(四)). Neither gives days, so
working days come from the agreement, as a term that the county enters.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from tuodi.core.month import Month
from tuodi.platform.base.workdays import Calendar, add_working_days, working_days_between


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """A county's terms. Working days count from the month's last day, for silence from the day of sending; None: none.

    `within_year`: what was settled in a year is paid by its 31 December. `basis`: document or agreement, with clause.
    `draw_on`: on which working day after the month its statements are drawn by themselves; None: by hand.
    """

    pay_within: int | None
    confirm_within: int | None
    within_year: bool
    basis: str
    draw_on: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lateness:
    """The day by which to pay; days and working days over it, 0 where it is kept or lies ahead."""

    due_on: date
    days: int
    working_days: int | None


def due_on(settled_on: date, month: Month, terms: Terms, calendar: Calendar | None = None) -> date | None:
    """The earliest of the days by which a settlement of the month must be paid; None where no term says anything.

    `settled_on`: the day on which it was settled. Faults: `holidays-unknown`.
    """
    days = []
    if terms.pay_within is not None:
        days.append(add_working_days(month.following.first - _DAY, terms.pay_within, calendar))
    if terms.within_year:
        days.append(date(settled_on.year, 12, 31))
    return min(days, default=None)


def draws_on(month: Month, draw_on: int, calendar: Calendar | None = None) -> date:
    """The day on which the month's statements are drawn. Faults: `holidays-unknown`."""
    return add_working_days(month.following.first - _DAY, draw_on, calendar)


def lateness(due: date, until: date, calendar: Calendar | None = None) -> Lateness:
    """How late it is or was: `until` is the day of payment, or today. Faults: `holidays-unknown`."""
    if until <= due:
        return Lateness(due_on=due, days=0, working_days=0)
    return Lateness(due_on=due, days=(until - due).days, working_days=working_days_between(due, until, calendar))


def lapses_on(sent_on: date, terms: Terms, calendar: Calendar | None = None) -> date | None:
    """From the day after this one silence counts as consent; None where the terms don't say so."""
    return None if terms.confirm_within is None else add_working_days(sent_on, terms.confirm_within, calendar)


_DAY = timedelta(days=1)
