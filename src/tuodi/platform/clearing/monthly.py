"""Statements that are drawn by themselves: each month, on the working day that the county has agreed upon.

Who has agreed on no day draws by hand. Whatever hinders one institution's statement is told in the trail, and it is
tried again the next day; the others go on. Drawn twice it is the same statement.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.utils import timezone

from tuodi.core.finding import Faults
from tuodi.core.month import Month
from tuodi.platform.base import audit, holiday, outbox
from tuodi.platform.clearing import statement, term
from tuodi.platform.clearing.domain.lateness import draws_on

AT = time(6)
"""Before the offices open."""
_DAY = timedelta(days=1)


def draw_due(*, region: str, on: date, errand: int = 0) -> None:
    """Draws the last month that is over, if its day has come, and sees to the next time. Within the system's scope.

    Raises Faults: `holidays-unknown` where the working days of the month cannot be counted; it is tried again.
    """
    terms = term.of(region, "", on)
    if terms is None or terms.draw_on is None:
        return
    month = Month.of(on.replace(day=1) - _DAY)
    due = draws_on(month, terms.draw_on, holiday.calendar())
    if on < due:
        _again(region, due, errand)
    elif _draw(region, month, on):
        _again(region, _day(month.following, terms.draw_on) or month.following.following.first, errand)
    else:
        _again(region, on + _DAY, errand)


class Agreed(NamedTuple):
    """On which working day after a month it is drawn; the day for the last month that is over, and the next one.

    None: the holidays of that year are not known yet.
    """

    draw_on: int
    last: date | None
    next: date | None


def agreed(region: str, on: date) -> Agreed | None:
    """When the region's statements are drawn by themselves; None: by hand."""
    terms = term.of(region, "", on)
    if terms is None or terms.draw_on is None:
        return None
    last = _day(Month.of(on.replace(day=1) - _DAY), terms.draw_on)
    waits = last is not None and on < last
    return Agreed(terms.draw_on, last, last if waits else _day(Month.of(on), terms.draw_on))


def _day(month: Month, draw_on: int) -> date | None:
    try:
        return draws_on(month, draw_on, holiday.calendar())
    except Faults:
        return None


def _draw(region: str, month: Month, on: date) -> bool:
    """Whether every institution that has something to clear has its statement now; what hinders one is in the trail."""
    drawings = statement.draw_all(region=region, month=month, on=on)
    hindered = {each.institution: [one.code for one in each.findings] for each in drawings if each.findings}
    if drawings:
        made = len(drawings) - len(hindered)
        audit.record(
            act="clearing.draw_month", subject=f"month:{month}", region=region,
            details={"drawn": made, "hindered": hindered},
        )  # fmt: skip
    return not hindered


def _again(region: str, day: date, errand: int) -> None:
    at = timezone.make_aware(datetime.combine(day, AT))
    if not outbox.waits(topic=term.DRAW, key=region, until=at, but=errand):
        outbox.put(topic=term.DRAW, key=region, due_at=at)
