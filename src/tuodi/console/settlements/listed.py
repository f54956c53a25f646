"""The settlements of a desk, by day, number and kind."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tuodi.console.desks import BILL_READERS
from tuodi.console.forms import ConsoleForm, DayField
from tuodi.console.pages import paged
from tuodi.console.settlements.found import asked_for
from tuodi.language.model import SERVICES
from tuodi.platform.base.signed_in import desks
from tuodi.platform.settlement.models import KINDS


class ListForm(ConsoleForm):
    """What to show."""

    first = DayField(label="从（记账知悉日）", required=False)
    last = DayField(label="到", required=False)
    key = forms.CharField(label="结算编号", required=False)
    person = forms.IntegerField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label="类型", required=False, choices=[("", "全部"), *KINDS])


_EVERYTHING = {"first": None, "last": None, "key": "", "kind": "", "person": None}


@desks(*BILL_READERS)
def listed(request: HttpRequest) -> HttpResponse:
    """The newest first."""
    form = ListForm(request.GET or None)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else _EVERYTHING
    context = {**paged(request, asked_for(**asked)), "form": form, "services": SERVICES}
    return render(request, "console/settlements/listed.html", context)
