"""Settling at a desk: a hospital's clerk settles who stands there, the county a paper bill; tried first, always."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from tuodi.console import persons
from tuodi.console.administration.places import institution_choices
from tuodi.console.desks import COUNTIES, HOSPITALS
from tuodi.console.forms import ConsoleForm, posted
from tuodi.console.policies.in_force import policy_on
from tuodi.console.settlements import tried
from tuodi.console.settlements.bill import BillForm, HandForm
from tuodi.platform.base.signed_in import desks
from tuodi.platform.settlement import adopted, settlement
from tuodi.platform.settlement.domain import Answer, Bill
from tuodi.platform.settlement.engines import Ready

_TOKEN, _HOURS = "tuodi.counter", 2 * 60 * 60


class PatientForm(ConsoleForm):
    """Who stands at the counter."""

    number = forms.CharField(
        label="病人的身份证号码",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True, "data-unkept": ""}),
    )


@desks(*HOSPITALS)
def counter(request: HttpRequest) -> HttpResponse:
    """First who, then the bill. Who was looked up stands signed in the page, so that nobody is reached by guessing."""
    if "patient" not in request.POST:
        return _ask_who(request)
    try:
        who, name, region = signing.loads(request.POST["patient"], salt=_TOKEN, max_age=_HOURS)
    except signing.BadSignature:
        messages.error(request, "这一页放得太久了，请重新查病人。")
        return redirect("counter")
    ready = _ready(region)
    form = BillForm(request.POST if "service" in request.POST else None, policy=ready.policy if ready else None)
    scope = request.user.scope
    return _tried_then_settled(
        request, form, ready, {"name": name, "patient": request.POST["patient"], "region": region},
        bill=lambda: form.bill(person=who, institution=scope.institution),
        settles=lambda bill: settlement.settle(scope=scope, bill=bill, on=timezone.localdate()),
    )  # fmt: skip


def _ask_who(request: HttpRequest) -> HttpResponse:
    form = PatientForm(posted(request))
    if form.is_bound and form.is_valid():
        patient = persons.patient(form.cleaned_data["number"])
        if patient is None:
            form.add_error("number", "没有登记这个号码：核对身份证；确是救助对象的，请其登记地医保部门登记")
        else:
            ready = _ready(patient.region)
            token = signing.dumps([patient.id, patient.name, patient.region], salt=_TOKEN)
            context = {
                "form": BillForm(policy=ready.policy if ready else None), "name": patient.name, "patient": token,
            }  # fmt: skip
            return render(request, "console/settlements/bill.html", context)
    return render(request, "console/settlements/counter.html", {"form": form})


@desks(*COUNTIES)
def by_hand(request: HttpRequest, number: int) -> HttpResponse:
    """A paper bill of a person of the county."""
    who = persons.seen(number)
    ready = _ready(who.region)
    form = HandForm(
        posted(request), policy=ready.policy if ready else None,
        institutions=institution_choices(who.region[:4] + "00"),
    )  # fmt: skip
    scope = request.user.scope
    return _tried_then_settled(
        request, form, ready, {"name": who.name, "who": who},
        bill=lambda: form.bill(
            person=number, institution=form.cleaned_data["institution"], facility=form.facility()
        ),
        settles=lambda bill: settlement.settle_by_hand(
            scope=scope, bill=bill, on=timezone.localdate(), reason=form.cleaned_data["reason"]
        ),
    )  # fmt: skip


def _tried_then_settled(
    request: HttpRequest,
    form: BillForm,
    ready: Ready | None,
    context: dict[str, Any],
    *,
    bill: Callable[[], Bill],
    settles: Callable[[Bill], Answer],
) -> HttpResponse:
    """A bill is tried; it is settled once the very same has been seen. One that was changed since is tried anew."""
    shown: dict[str, Any] = {}
    if form.is_bound and form.is_valid():
        typed = bill()
        if request.POST.get("act") == "settle" and form.cleaned_data["seen"] == typed.content:
            if form.does(lambda: settles(typed)):
                messages.success(request, "已结算。")
                return redirect("settlement", form.result.settlement)
        elif form.does(lambda: settlement.trial(scope=request.user.scope, bill=typed, on=timezone.localdate())):
            shown = _shown(form.result, typed)
    return render(request, "console/settlements/bill.html", {"form": form, "ready": ready, **context, **shown})


def _shown(answer: Answer, bill: Bill) -> dict[str, Any]:
    number = policy_on(answer.region, bill.date)
    assert number is not None, "tried: there is a policy"
    policy = adopted.ready(number).policy
    return {
        "answer": answer, "rows": tried.rows(bill, answer, policy), "seen": bill.content, "policy": number,
    }  # fmt: skip


def _ready(region: str) -> Ready | None:
    number = policy_on(region, timezone.localdate())
    return None if number is None else adopted.ready(number)
