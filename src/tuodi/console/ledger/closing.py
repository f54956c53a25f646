"""Closing a month: what it holds and what is not settled yet, then one button; and the months that are closed."""

from __future__ import annotations

from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from tuodi.console.desks import FUND_READERS
from tuodi.console.forms import ConsoleForm, posted
from tuodi.console.payments.places import place
from tuodi.core.month import Month
from tuodi.platform.base.domain import Desk
from tuodi.platform.base.signed_in import desks
from tuodi.platform.clearing import reading
from tuodi.platform.clearing import selectors as clearing
from tuodi.platform.clearing.domain.steps import Status as StatementStatus
from tuodi.platform.disbursement import selectors as disbursement
from tuodi.platform.disbursement.domain import OPEN
from tuodi.platform.fund import month as months
from tuodi.platform.fund import selectors
from tuodi.platform.fund.month import Holding

CLOSERS = frozenset({Desk.county, Desk.finance, Desk.city})
"""Desks that close the months of their own region."""

_BEFORE_APPROVAL = frozenset(StatementStatus) - {
    StatementStatus.approved_by_finance, StatementStatus.ordered, StatementStatus.paid,
}  # fmt: skip


class CloseForm(ConsoleForm):
    """The month as it was seen."""

    mark = forms.CharField(widget=forms.HiddenInput)


class Unsettled(NamedTuple):
    """What is not done yet by the month's end, and where it is done. It may be done later, in an open month."""

    label: str
    many: int
    address: str


@desks(*FUND_READERS)
def close(request: HttpRequest) -> HttpResponse:
    """The month that comes next, whole; closing is of just what is seen."""
    region, places = place(request)
    month = months.next_to_close(region)
    held = months.holding(region, month) if month else None
    today = timezone.localdate()
    form = CloseForm(posted(request), initial={"mark": held.mark if held else ""})
    own = region == request.user.region_id and Desk[request.user.desk] in CLOSERS
    if request.method == "POST" and not own:
        raise PermissionDenied("各区划的月份由本区划的医疗保障、财政关账")
    if held and form.does(lambda: _closed(held, form.cleaned_data["mark"])):
        messages.success(request, f"{held.month} 已关账，以后的业务记入 {held.month.following}。")
        return redirect(f"{reverse('close-month')}?region={region}")
    if held and form.findings:  # what has come is shown, and only that is closed next
        form.data = {"mark": held.mark}
    context: dict[str, Any] = {
        "form": form, "held": held, "places": places, "region": region, "own": own,
        "over": held is not None and held.month < Month.of(today), "unsettled": _unsettled(held) if held else (),
        "closings": selectors.closings(region)[:24],
    }  # fmt: skip
    return render(request, "console/ledger/closing.html", context)


def _closed(held: Holding, mark: str) -> object:
    return months.close(region=held.region, month=held.month, mark=mark, on=timezone.localdate())


def _unsettled(held: Holding) -> list[Unsettled]:
    """Institutions without a statement, statements that are not approved, orders that are not paid."""
    undrawn = reading.undrawn(held.region, held.month)
    waiting = [
        line for line in clearing.statements(region=held.region)
        if line.month <= held.month and line.status in _BEFORE_APPROVAL
    ]  # fmt: skip
    opened = [line for line in disbursement.orders(region=held.region) if line.status in OPEN]
    found = [
        Unsettled("家医疗机构还没有生成结算单", len(undrawn), reverse("clearing")),
        Unsettled("张结算单还没有核准", len(waiting), f"{reverse('clearing')}?month={held.month}"),
        Unsettled("张个人支付单还没有支付", len(opened), reverse("payment-orders")),
    ]
    return [each for each in found if each.many]
