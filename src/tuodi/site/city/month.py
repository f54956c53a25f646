"""Months of the city: its hospitals' messages, day by day, through the gateway's own door, each on its own day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from tuodi.core.month import Month
from tuodi.gateway.at_desk import sign
from tuodi.gateway.at_desk.days import day_of
from tuodi.gateway.at_desk.door import closed_line
from tuodi.gateway.hospital.asked import Hospital, Patient
from tuodi.gateway.hospital.play import play
from tuodi.gateway.hospital.told import Told
from tuodi.platform.base.domain import SYSTEM
from tuodi.platform.base.scope import entered
from tuodi.site.city.build import Place
from tuodi.site.city.people import Resident

VISITS_A_DAY = 3
LAST_DAYS = 6
"""So many days of the month before the last one: enough for a statement that is paid by now, and one that is late."""


def month_before(today: date) -> Month:
    """The last month that is over."""
    return Month.of(today.replace(day=1) - timedelta(days=1))


def days_to_live(today: date) -> list[list[date]]:
    """The days on which hospitals send messages, by month: the end of the month before last, and the last one whole."""
    last = month_before(today)
    return [_days(month_before(last.first))[-LAST_DAYS:], _days(last)]


def played(days: Sequence[date], place: Place) -> bool:
    """Whether the hospital has signed out on the last of the days."""
    with entered(SYSTEM):
        last = sign.last_sign_out(place.code)
    return last is not None and day_of(last) >= days[-1]


def live(days: Sequence[date], place: Place, people: Sequence[Resident], seen: Callable[[], None]) -> Told:
    """The hospital's days. Messages are the same each time, so that days cut short go on where they were.

    `seen` is called after each day.
    """
    hospital = Hospital(code=place.code, name=place.name, region=place.region, clearing_region=place.region)
    patients = [Patient(document_number=one.number, name=one.name) for one in people if one.county == place.region]
    told, send = Told(), closed_line(place.code, place.region)
    for day in days:
        told.add(
            play(
                institution=hospital, persons=patients, first_day=day, days=1, send=send,
                seed=day.month * 100 + day.day, visits_a_day=VISITS_A_DAY,
            )
        )  # fmt: skip
        seen()
    return told


def _days(month: Month) -> list[date]:
    return [month.first + timedelta(days=number) for number in range((month.following.first - month.first).days)]
