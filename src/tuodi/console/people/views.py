"""The search, a person's page, and the name and number in the clear for who says why."""

from __future__ import annotations

from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from tuodi.console import persons
from tuodi.console.desks import BILL_READERS, ENROLLERS, FINDERS, FUND_READERS
from tuodi.console.forms import ConsoleForm, DayField, posted, reason_field
from tuodi.console.people.standing import standing
from tuodi.console.people.years import years
from tuodi.console.settlements.found import seen
from tuodi.language.model import INSURANCES, SERVICES, STATUSES
from tuodi.platform.base.domain import Desk
from tuodi.platform.base.signed_in import desks
from tuodi.platform.disbursement.selectors import Position, positions
from tuodi.platform.registry import insurance, person, selectors
from tuodi.platform.registry.domain import ENROLLED
from tuodi.platform.settlement.models import Settlement

BILLS_SHOWN = 10
"""The newest; the list of settlements has them all."""


class UnmaskForm(ConsoleForm):
    """Why somebody needs the number; it is kept in the trail."""

    reason = reason_field("为什么要看")


class EnrolForm(ConsoleForm):
    """Somebody who is not registered yet, and the insurance, if known."""

    number = forms.CharField(label="身份证号码", widget=forms.TextInput(attrs={"autocomplete": "off"}))
    name = forms.CharField(label="姓名", max_length=60)
    kind = forms.ChoiceField(
        label="参保", required=False, choices=[("", "未参保或不清楚"), *((kind, INSURANCES[kind]) for kind in ENROLLED)]
    )
    starts_on = DayField(label="参保自", required=False)

    def clean_starts_on(self) -> object:
        """An insurance has a first day."""
        if self.cleaned_data.get("kind") and not self.cleaned_data["starts_on"]:
            raise forms.ValidationError("请填写参保的起日")
        return self.cleaned_data["starts_on"]


@desks(*FINDERS)
def search(request: HttpRequest) -> HttpResponse:
    """One box for all: a number leads to the person, names and initials to a list.

    It is posted, so that no number ever stands in an address, in a history or in a server's log.
    """
    today = timezone.localdate()
    if request.method == "POST":
        asked = request.POST.get("q", "").strip()
        if not any(char.isdigit() for char in asked):
            return redirect(f"{reverse('search')}?{urlencode({'q': asked})}")
        if found := selectors.search(asked, day=today, most=1):
            return redirect("person", found[0].id)
        messages.error(request, "本区划没有登记这个身份证号码，或者号码没有写全。")
        return redirect("search")
    asked = request.GET.get("q", "").strip()
    context = {"rows": selectors.search(asked, day=today), "asked": asked, "most": selectors.PAGE, "labels": STATUSES}
    return render(request, "console/people/search.html", context)


@desks(*ENROLLERS)
def enrol(request: HttpRequest) -> HttpResponse:
    """Register somebody with the county."""
    form = EnrolForm(posted(request))

    def act() -> int:
        said = form.cleaned_data
        who = person.enrol(
            number=said["number"], name=said["name"], region=request.user.region_id, today=timezone.localdate()
        )
        if said["kind"]:
            insurance.begin(person=who, kind=said["kind"], starts_on=said["starts_on"], reason="登记时录入")
        return who

    if form.does(act):
        messages.success(request, "已登记。")
        return redirect("person", form.result)
    return render(request, "console/people/enrol.html", {"form": form})


@desks(*FINDERS)
def one(request: HttpRequest, number: int) -> HttpResponse:
    """One record, one page: class and why, limits, years, papers. Posting a reason shows name and number."""
    who = persons.seen(number)
    form = UnmaskForm(posted(request))
    clear = form.result if form.does(lambda: person.unmask(person=number, **form.cleaned_data)) else None
    today = timezone.localdate()
    known = selectors.timeline(number)
    statuses = [band for band in reversed(known.statuses) if band.known_until is None]
    insurances = [band for band in reversed(known.insurance) if band.known_until is None]
    bills = list(seen().filter(person_id=number).exclude(kind="cancelled").filter(replaced=False))
    context = {
        "who": who, "clear": clear, "form": UnmaskForm() if clear else form, "today": today,
        "standing": standing(number, who.region, today), "statuses": statuses, "insurances": insurances,
        "held": [band for band in statuses if band.starts_on <= today and not (band.ends_on and band.ends_on <= today)],
        "household": selectors.household(who.household, day=today) if who.household else None,
        "bills": bills[:BILLS_SHOWN], "billed": len(bills),
        "reads_bills": Desk[request.user.desk] in BILL_READERS,
        "years": years(insurances, statuses, bills, today), "changes": known.changes[:20],
        "services": SERVICES, "paying": _paying(bills[:BILLS_SHOWN], Desk[request.user.desk]),
    }  # fmt: skip
    return render(request, "console/people/one.html", context)


def _paying(bills: list[Settlement], desk: Desk) -> dict[int, Position]:
    """How the bills stand with the person, by their first settlement, for desks that read the fund's books."""
    if desk not in FUND_READERS:
        return {}
    by_region: dict[str, list[int]] = {}
    for bill in bills:
        by_region.setdefault(bill.region_id, []).append(bill.origin)
    return {
        number: found
        for region, numbers in by_region.items()
        for number, found in positions(region, numbers).items()
        if found.concerns
    }
