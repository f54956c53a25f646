"""The audit trail, by day, person, act and subject."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tuodi.console.desks import TRAIL_READERS
from tuodi.console.forms import ConsoleForm, DayField
from tuodi.console.pages import paged
from tuodi.console.words import ACTS
from tuodi.platform.base.actor import names_of
from tuodi.platform.base.models import Audit, Staff
from tuodi.platform.base.signed_in import desks


class TrailForm(ConsoleForm):
    """What to show."""

    first = DayField(label="从", required=False)
    last = DayField(label="到", required=False)
    who = forms.CharField(label="用户名", required=False)
    act = forms.ChoiceField(label="行为", required=False, choices=[("", "全部"), *ACTS.items()])
    subject = forms.CharField(label="对象", required=False)


@desks(*TRAIL_READERS)
def trail(request: HttpRequest) -> HttpResponse:
    """The newest acts first."""
    form = TrailForm(request.GET or None)
    asked: Mapping[str, Any] = form.cleaned_data if form.is_bound and form.is_valid() else {}
    context = paged(request, _found(asked))
    rows = context["page"].object_list
    return render(request, "console/administration/trail.html", {**context, "form": form, "rows": _read(rows)})


class _Row(NamedTuple):
    """An act with the names of who did it and, where it is somebody's account, of whose."""

    act: Audit
    who: str
    about: str


def _read(acts: Sequence[Audit]) -> list[_Row]:
    accounts = {
        act.subject: int(act.subject.removeprefix("staff:")) for act in acts if act.subject.startswith("staff:")
    }
    names = names_of([*accounts.values(), *(act.staff_id for act in acts)])
    return [
        _Row(act, names.get(act.staff_id, "系统"), names.get(accounts.get(act.subject), act.subject)) for act in acts
    ]


def _found(asked: Mapping[str, Any]) -> QuerySet[Audit]:
    acts = Audit.objects.order_by("-id")
    if first := asked.get("first"):
        acts = acts.filter(at__gte=_midnight(first))
    if last := asked.get("last"):
        acts = acts.filter(at__lt=_midnight(last + timedelta(days=1)))
    if who := asked.get("who"):
        acts = acts.filter(staff_id__in=Staff.objects.filter(username=who).values("pk"))
    if act := asked.get("act"):
        acts = acts.filter(act=act)
    if subject := asked.get("subject"):
        acts = acts.filter(subject=subject)
    return acts


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), timezone.get_current_timezone())
