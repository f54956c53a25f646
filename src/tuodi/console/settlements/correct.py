"""Correcting a bill: what it said stands in the form, what the other bill would change is shown, then one button."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from tuodi.console.desks import BILL_CHANGERS
from tuodi.console.forms import posted, reason_field
from tuodi.console.settlements.bill import BillForm
from tuodi.console.settlements.found import seen
from tuodi.console.settlements.revise import done, shown
from tuodi.core.money import parse_yuan
from tuodi.language.model import AMOUNTS
from tuodi.platform.base.signed_in import desks
from tuodi.platform.settlement import adopted, revision
from tuodi.platform.settlement.domain import TAKEN_NAMES, Bill, BilledItem
from tuodi.platform.settlement.models import Settlement


class CorrectionForm(BillForm):
    """The bill as it should have been; whatever the form doesn't ask about stays as it was said."""

    def __init__(self, *arguments: Any, row: Settlement, **named: Any) -> None:
        self.row = row
        super().__init__(*arguments, initial=_said(row.event), **named)
        self.fields["reason"] = reason_field("更正的理由")

    def corrected(self) -> Bill:
        """The bill as typed, of the same person at the same institution."""
        typed = self.bill(person=self.row.person_id, institution=self.row.institution_id)
        kept = {name: value for name, value in _facts(self.row.event).items() if name not in self.asked}
        return Bill(
            person=typed.person, key=typed.key, service=typed.service, date=typed.date, amounts=typed.amounts,
            institution=typed.institution, disease=typed.disease, diagnoses=typed.diagnoses,
            items=self._items(typed.items), facts={**kept, **typed.facts},
        )  # fmt: skip

    def _items(self, typed: tuple[BilledItem, ...]) -> tuple[BilledItem, ...]:
        """What was said of an item beyond its amount still holds."""
        said = {item["item"]: item for item in self.row.event.get("items", [])}
        if "items" not in self.fields:
            return tuple(_item(item) for item in self.row.event.get("items", []))
        return tuple(
            BilledItem(item=one.item, personal=one.personal, facts=_facts(said.get(one.item, {}))) for one in typed
        )


@desks(*BILL_CHANGERS)
def correct(request: HttpRequest, number: int) -> HttpResponse:
    """The bill is looked at first; it is corrected once the very same has been seen."""
    origin = get_object_or_404(seen(), pk=number).origin
    row = get_object_or_404(seen().exclude(kind="cancelled"), origin=origin, replaced=False)
    form = CorrectionForm(posted(request), row=row, policy=adopted.ready(row.policy_id).policy)
    today, preview, content = timezone.localdate(), None, ""
    if form.is_bound and form.is_valid():
        bill, reason = form.corrected(), form.cleaned_data["reason"]
        content = bill.content
        if request.POST.get("act") == "correct" and form.cleaned_data["seen"] == content:
            if form.does(lambda: revision.correct(settlement=number, bill=bill, on=today, reason=reason)):
                done(request, form.result)
                return redirect("settlement", (form.result.rows or (number,))[-1])
        elif form.does(
            lambda: revision.preview(act="correct", person=row.person_id, settlement=number, bill=bill, on=today)
        ):
            preview = form.result
    context = {"row": row, "form": form, "preview": preview, "seen": content if preview else ""}
    return render(request, "console/settlements/correct.html", {**context, **shown(preview)})


# ---- what the bill said ----------------------------------------------------------------------------------------------
def _said(event: Mapping[str, Any]) -> dict[str, Any]:
    """An event of the case format as what the form's fields show."""
    said = {name: event["amounts"][name] or "" for name in AMOUNTS}
    said |= {name: event.get(name) or "" for name in ("service", "date", "disease")}
    said["diagnoses"] = " ".join(event.get("diagnoses", []))
    said["items"] = "\n".join(f"{item['item']} {item['personal']}" for item in event.get("items", []))
    return said | {f"fact_{name}": _shown(value) for name, value in _facts(event).items()}


def _facts(said: Mapping[str, Any]) -> dict[str, Any]:
    """What an event or an item says beyond the fields of their own."""
    return {name: value for name, value in said.items() if name not in TAKEN_NAMES}


def _shown(value: Any) -> Any:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


def _item(said: Mapping[str, Any]) -> BilledItem:
    return BilledItem(item=said["item"], personal=parse_yuan(said["personal"]), facts=_facts(said))
