"""What is late: settled, and not cleared or paid, with the days over what was agreed."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tuodi.console.administration.places import counties
from tuodi.console.clearing.months import drawn_by_itself
from tuodi.console.desks import FUND_READERS
from tuodi.console.pages import paged
from tuodi.platform.base.signed_in import desks
from tuodi.platform.clearing import arrears

FIRST_YEAR = 2018


@desks(*FUND_READERS)
def late(request: HttpRequest) -> HttpResponse:
    """The year's unpaid, the latest first; `?all` also what was paid."""
    today = timezone.localdate()
    asked = request.GET.get("year", "")
    year = int(asked) if re.fullmatch(r"20[0-9]{2}", asked) else today.year
    places = counties(request.user.region_id)
    region = asked if (asked := request.GET.get("region", "")) in [place.code for place in places] else ""
    found = arrears.late(year=year, on=today, region=region)
    unpaid = [due for due in found if due.paid_on is None]
    everything = "all" in request.GET
    context: dict[str, Any] = {
        **paged(request, found if everything else unpaid), "year": year, "years": range(today.year, FIRST_YEAR - 1, -1),
        "places": places if len(places) > 1 else [], "region": region, "everything": everything,
        "owed": sum(due.relief for due in unpaid), "unpaid": len(unpaid),
        "over": [due for due in unpaid if due.is_late],
        "unagreed": sum(due.lateness is None for due in unpaid), "agreed": drawn_by_itself(request), "today": today,
        "undrawn": sum(due.statement is None for due in found),
    }  # fmt: skip
    context["over_fen"] = sum(due.relief for due in context["over"])
    return render(request, "console/clearing/late.html", context)
