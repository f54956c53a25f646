"""Months as pages ask for them: 2024-04."""

from __future__ import annotations

import re
from datetime import date, timedelta

from django.http import HttpRequest
from django.utils import timezone

from tuodi.core.month import Month
from tuodi.platform.base.domain import Desk
from tuodi.platform.clearing import monthly
from tuodi.platform.clearing.monthly import Agreed

_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])\Z", re.ASCII)


def month_read(text: str) -> Month | None:
    """The month; None for anything else."""
    found = _MONTH.match(text)
    return Month(int(found[1]), int(found[2])) if found else None


def last_ended(today: date) -> Month:
    """The last month that is over."""
    return Month.of(today.replace(day=1) - timedelta(days=1))


def drawn_by_itself(request: HttpRequest) -> Agreed | None:
    """When the user's county draws its months by itself; None for who sees several counties, and where by hand."""
    if Desk[request.user.desk] not in (Desk.county, Desk.finance):
        return None
    return monthly.agreed(request.user.region_id, timezone.localdate())


def months_between(first: Month, last: Month) -> list[Month]:
    """From the first to the last, both of them; none where the first is later."""
    found = []
    while first <= last:
        found.append(first)
        first = first.following
    return found
