"""Drawing a month: first which institutions have something to clear, then one button."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from tuodi.console.clearing.months import last_ended, month_read, months_between
from tuodi.console.desks import COUNTIES
from tuodi.console.forms import ConsoleForm, posted
from tuodi.core.month import Month
from tuodi.platform.base.models import Institution
from tuodi.platform.base.signed_in import desks
from tuodi.platform.clearing import monthly, reading, statement
from tuodi.platform.clearing.statement import Drawing


class MonthForm(ConsoleForm):
    """Which month."""

    month = forms.CharField(widget=forms.HiddenInput)

    def clean_month(self) -> Month:
        """The month. ValidationError for anything else."""
        found = month_read(self.cleaned_data["month"])
        if found is None:
            raise forms.ValidationError("月份写成 2024-04 的样子")
        return found


class Waiting(NamedTuple):
    """What an institution has to clear by the month's end, in fen."""

    institution: str
    name: str
    rows: int
    relief: int


@desks(*COUNTIES)
def draw(request: HttpRequest) -> HttpResponse:
    """Every institution that has something to clear gets its statement; what hinders one is told, the others go on."""
    region, today = request.user.region_id, timezone.localdate()
    months = _months(region, today)
    month = month_read(request.GET.get("month", "")) or months[0]
    form = MonthForm(posted(request), initial={"month": str(month)})
    if form.does(lambda: statement.draw_all(region=region, month=form.cleaned_data["month"], on=today)):
        drawings: tuple[Drawing, ...] = form.result
        month = form.cleaned_data["month"]
        form.findings = tuple(finding for each in drawings for finding in each.findings)
        if made := sum(each.statement is not None for each in drawings):
            messages.success(request, f"已生成 {month} 的 {made} 张结算单，核对后送达。")
        if not form.findings:
            return redirect("clearing")
    context: dict[str, Any] = {
        "form": form, "month": month, "months": months, "waiting": _waiting(region, month),
        "over": month <= last_ended(today),
    }  # fmt: skip
    return render(request, "console/clearing/draw.html", context)


def _months(region: str, today: date) -> list[Month]:
    """From the first that has something to clear to the last that is over; the last at any rate."""
    first, last = reading.first_undrawn(region), last_ended(today)
    return (months_between(first, last) if first else []) or [last]


def to_draw(region: str, today: date) -> tuple[Month, int]:
    """The last month, and how many institutions lack its statement that by now should be there.

    None do before the day on which it is drawn by itself.
    """
    month, agreed = last_ended(today), monthly.agreed(region, today)
    if agreed is not None and agreed.last is not None and today <= agreed.last:
        return month, 0
    return month, len(reading.undrawn(region, month))


def _waiting(region: str, month: Month) -> list[Waiting]:
    found = reading.undrawn(region, month)
    names = dict(Institution.objects.filter(pk__in=[each.institution for each in found]).values_list("code", "name"))
    return [
        Waiting(each.institution, names.get(each.institution, each.institution), each.rows, each.relief)
        for each in found
    ]
