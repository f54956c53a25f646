"""Counts that somebody brings along in mid-year from where they were settled before, typed before their first bill."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from tuodi.console import persons
from tuodi.console.desks import COUNTIES
from tuodi.console.forms import ConsoleForm, posted, reason_field
from tuodi.console.policies.in_force import policy_on
from tuodi.language.model import Count, Scope
from tuodi.language.model import Policy as Model
from tuodi.platform.base.signed_in import desks
from tuodi.platform.settlement import account, adopted, selectors

_KEYS = {
    Scope.YEAR: "年度，如 2026",
    Scope.APPLIED_YEAR: "申请救助的年度，如 2026",
    Scope.LIFE: "life",
    Scope.RECOGNITION: "申请日，如 2026-05-10",
    Scope.ITEM: "目录项目的名称",
}


class OpeningForm(ConsoleForm):
    """A field a count: an amount for this year or the whole life; for other keys a key and an amount a line."""

    def __init__(self, *arguments: Any, policy: Model | None, year: int, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.year = year
        self.asked = [] if policy is None else [count for count in policy.counts.values() if not count.sum_of]
        for count in self.asked:
            self.fields[f"count_{count.id}"] = _field(count, year)
        self.fields["reason"] = reason_field("依据")

    def counts(self) -> list[dict[str, str]]:
        """As the case format has them; what is wrong with one the service tells."""
        return [entry for count in self.asked for entry in self._entries(count)]

    def _entries(self, count: Count) -> Iterator[dict[str, str]]:
        for line in self.cleaned_data[f"count_{count.id}"].splitlines():
            typed = line.replace(",", "").replace("，", "").removesuffix("元").strip()
            key, _, amount = typed.rpartition(" ")
            if typed:
                yield {"count": count.id, "key": key.strip() or _key(count, self.year), "amount": amount}


@desks(*COUNTIES)
def opening(request: HttpRequest, number: int) -> HttpResponse:
    """For a person with no settlement yet; typed again it takes the earlier counts' place."""
    who, today = persons.seen(number), timezone.localdate()
    policy = policy_on(who.region, today)
    model = None if policy is None else adopted.ready(policy).policy
    form = OpeningForm(posted(request), policy=model, year=today.year)
    settled = bool(selectors.of_person(number))

    def act() -> None:
        reason = form.cleaned_data["reason"]
        account.open_with(person=number, counts=form.counts(), on=today, reason=reason)

    if form.does(act):
        messages.success(request, "已录入期初累计，以后的结算从它接着算。")
        return redirect("person", number)
    context = {"who": who, "form": form, "settled": settled, "document": model and model.document}
    return render(request, "console/settlements/opening.html", context)


def _field(count: Count, year: int) -> forms.CharField:
    if _key(count, year):
        label = f"{count.label}（{year} 年）" if count.per == (Scope.YEAR,) else count.label
        return forms.CharField(
            label=label, required=False, widget=forms.TextInput(attrs={"class": "money", "autocomplete": "off"}),
            help_text=count.clause,
        )  # fmt: skip
    keys = "/".join(_KEYS[scope] for scope in count.per)
    says = f"每行一项：{keys}，空一格，再写已用的数。{count.clause}"
    return forms.CharField(label=count.label, required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text=says)


def _key(count: Count, year: int) -> str:
    """The key that goes without saying."""
    if count.per == (Scope.YEAR,):
        return str(year)
    return "life" if count.per == (Scope.LIFE,) else ""
