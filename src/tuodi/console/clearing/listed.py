"""The month's statements by institution: what each comes to, where it stands and whose turn it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tuodi.console.administration.places import counties
from tuodi.console.clearing.months import drawn_by_itself, last_ended, month_read
from tuodi.console.clearing.offers import Turn, turn
from tuodi.console.desks import BILL_READERS
from tuodi.console.pages import paged
from tuodi.platform.base.domain import Desk
from tuodi.platform.base.signed_in import desks
from tuodi.platform.clearing import reading, selectors
from tuodi.platform.clearing.domain.steps import Status
from tuodi.platform.clearing.selectors import Listed

SEVERAL_COUNTIES = frozenset({Desk.hospital, Desk.city, Desk.supervisor})
"""Desks whose statements are of more than one county."""


class Line(NamedTuple):
    """A statement and whose turn it is."""

    line: Listed
    turn: Turn | None
    yours: bool


class Sums(NamedTuple):
    """What the listed statements come to, in fen."""

    statements: int
    relief: int
    disallowed: int
    net: int
    paid: int


@desks(*BILL_READERS)
def listed(request: HttpRequest) -> HttpResponse:
    """The newest month, or the one that is asked for; without an end of days, of every status."""
    desk = Desk[request.user.desk]
    months = selectors.months()
    asked = request.GET.get("month", "")
    month = None if asked == "all" else month_read(asked) or next(iter(months), None)
    status = Status[asked] if (asked := request.GET.get("status", "")) in Status.__members__ else None
    places = counties(request.user.region_id) if desk in (Desk.city, Desk.supervisor) else []
    region = asked if (asked := request.GET.get("region", "")) in [place.code for place in places] else ""
    found = selectors.statements(month=month, region=region, status=status)
    rows = [Line(each, turn(each.status), desk is _whose(each)) for each in found]
    context: dict[str, Any] = {
        **paged(request, rows), "sums": _sums(found), "months": months, "month": month, "status": status,
        "statuses": list(Status), "places": places, "region": region, "several": desk in SEVERAL_COUNTIES,
        "filtered": bool(status or region), "undrawn": _undrawn(request, desk), "agreed": drawn_by_itself(request),
        "today": timezone.localdate(),
    }  # fmt: skip
    return render(request, "console/clearing/listed.html", context)


def _whose(line: Listed) -> Desk | None:
    now = turn(line.status)
    return now.desk if now else None


def _sums(found: Sequence[Listed]) -> Sums:
    return Sums(
        statements=len(found),
        relief=sum(each.relief for each in found),
        disallowed=sum(each.disallowed - each.released for each in found),
        net=sum(each.net for each in found),
        paid=sum(each.paid or 0 for each in found if each.paid_on),
    )


def _undrawn(request: HttpRequest, desk: Desk) -> int:
    """How many institutions have something to clear that stands on no statement yet."""
    if desk is not Desk.county:
        return 0
    return len(reading.undrawn(request.user.region_id, last_ended(timezone.localdate())))
