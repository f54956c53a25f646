"""Statuses that end soon: who must be recognised anew, or loses them."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tuodi.console import persons
from tuodi.console.desks import FINDERS
from tuodi.console.pages import paged
from tuodi.language.model import STATUSES
from tuodi.platform.base.signed_in import desks
from tuodi.platform.registry.models import Status

SOON = timedelta(days=30)


def ending(today: date) -> QuerySet[Status]:
    """What the scope sees of statuses whose last day is within thirty days, the first to end first."""
    soon = Status.objects.filter(known_until=None, ends_on__gt=today, ends_on__lte=today + SOON)
    return soon.select_related("region").order_by("ends_on", "id")


@desks(*FINDERS)
def listed(request: HttpRequest) -> HttpResponse:
    """The list behind the figure."""
    context = paged(request, ending(timezone.localdate()))
    rows = [(row, persons.seen(row.person_id), STATUSES[row.status]) for row in context["page"].object_list]
    return render(request, "console/people/ending.html", {**context, "rows": rows})
