"""Refunds: what institutions have to give back by the books, and money that came back from them."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from tuodi.console.administration.places import counties
from tuodi.console.desks import FUND_READERS
from tuodi.console.forms import posted
from tuodi.console.pages import paged
from tuodi.console.receipt import RefundForm
from tuodi.core.month import Month
from tuodi.ledger.account import Kind, Source
from tuodi.platform.base.domain import Desk
from tuodi.platform.base.models import Institution
from tuodi.platform.base.signed_in import desks
from tuodi.platform.clearing import refund
from tuodi.platform.clearing import selectors as clearing
from tuodi.platform.fund import selectors


class Due(NamedTuple):
    """What an institution owes a county's fund of one source by the books, in fen. `now`: what it can give back of it.

    The rest is set off against new bills on the statement that has the cancel, of the month `waits_for`.
    """

    region: str
    institution: str
    name: str
    source: Source
    fen: int
    now: int
    waits_for: Month | None


def _of(source: Source) -> str:
    return f"{source}资金"


@desks(*FUND_READERS)
def refunds(request: HttpRequest) -> HttpResponse:
    """Everything that is due, by institution and source."""
    found = [due for place in counties(request.user.region_id) for due in _due(place.code)]
    context: dict[str, Any] = {
        **paged(request, found), "whole": sum(due.fen for due in found), "now": sum(due.now for due in found),
        "writes": request.user.desk == Desk.finance.name,
    }  # fmt: skip
    return render(request, "console/clearing/refunds.html", context)


@desks(Desk.finance)
def receive(request: HttpRequest, code: str) -> HttpResponse:
    """Money of one institution came back: how much of which source, by which receipt."""
    region, today = request.user.region_id, timezone.localdate()
    due, owed = refund.acceptable(region, code), selectors.owed_to(region, Kind.refund_due, code)
    institution = Institution.objects.filter(pk=code).first()
    if institution is None or not (owed or clearing.cleared_with(code)):
        raise Http404
    form = RefundForm(posted(request), due=due, called=_of)
    if form.does(
        lambda: refund.receive(
            region=region, institution=code, sources=form.sources(), received_on=form.cleaned_data["received_on"],
            reference=form.cleaned_data["reference"], on=today,
        )
    ):  # fmt: skip
        told = "退回已记入资金账。" if form.result else "这张凭证已经记过账，没有重复记。"
        messages.success(request, told)
        return redirect("refunds")
    context: dict[str, Any] = {
        "institution": institution, "due": due, "form": form, "whole": sum(owed.values()), "now": sum(due.values()),
        "waits_for": refund.waits_for(region, code),
    }  # fmt: skip
    return render(request, "console/clearing/refund.html", context)


def _due(region: str) -> list[Due]:
    owed = [
        (account.party, account.source, account.kind.nature.side * fen)
        for account, fen in selectors.balances(region).items()
        if account.kind is Kind.refund_due
    ]
    names = dict(Institution.objects.filter(pk__in={party for party, _, _ in owed}).values_list("code", "name"))
    now = {party: refund.acceptable(region, party) for party in names}
    waits = {party: refund.waits_for(region, party) for party in names}
    order = [*Source]
    found = [
        Due(
            region=region, institution=party, name=names.get(party, party), source=source, fen=fen,
            now=now.get(party, {}).get(source, 0), waits_for=waits.get(party),
        )
        for party, source, fen in owed
        if fen > 0 and party in names  # what persons owe stands with what they are owed
    ]  # fmt: skip
    return sorted(found, key=lambda due: (due.institution, order.index(due.source)))
