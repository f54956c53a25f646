"""A month of the city: its hospitals' messages, day by day, through the gateway's own door."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from tuodi.core.month import Month
from tuodi.gateway.at_desk.door import closed_line
from tuodi.gateway.hospital.asked import Hospital, Patient
from tuodi.gateway.hospital.play import play
from tuodi.gateway.hospital.told import Told
from tuodi.gateway.models import Answer
from tuodi.platform.base.domain import SYSTEM
from tuodi.platform.base.scope import entered
from tuodi.site.city.build import Place
from tuodi.site.city.people import Resident

SIGNED_OUT = "9002"
VISITS_A_DAY = 3


def month_before(today: date) -> Month:
    """The last month that is over."""
    return Month.of(today.replace(day=1) - timedelta(days=1))


def played(month: Month, place: Place) -> bool:
    """Whether the hospital has signed out on the month's last day."""
    with entered(SYSTEM):
        rows = Answer.objects.filter(institution_id=place.code, transaction=SIGNED_OUT, code=0)
        return bool(rows.filter(at__gte=f"{month.following.first - timedelta(days=1)} 00:00+08:00").exists())


def live(month: Month, place: Place, people: Sequence[Resident], seen: Callable[[], None]) -> Told:
    """The hospital's month. Messages are the same each time, so that a month cut short goes on where it was.

    `seen` is called after each day.
    """
    hospital = Hospital(code=place.code, name=place.name, region=place.region, clearing_region=place.region)
    patients = [Patient(document_number=one.number, name=one.name) for one in people if one.county == place.region]
    told, send = Told(), closed_line(place.code, place.region)
    for number in range((month.following.first - month.first).days):
        told.add(
            play(
                institution=hospital, persons=patients, first_day=month.first + timedelta(days=number), days=1,
                send=send, seed=number + 1, visits_a_day=VISITS_A_DAY,
            )
        )  # fmt: skip
        seen()
    return told
