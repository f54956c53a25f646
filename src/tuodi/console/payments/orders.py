"""Payment orders for persons: the list, one of them, each act upon it, the bank's list, what the bank gave back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from tuodi.console.desks import FUND_READERS
from tuodi.console.forms import ConsoleForm, DayField, posted, reason_field
from tuodi.console.pages import paged
from tuodi.core.finding import Faults
from tuodi.platform.base import audit
from tuodi.platform.base.domain import Desk
from tuodi.platform.base.models import Staff
from tuodi.platform.base.signed_in import desks
from tuodi.platform.disbursement import content, order, payment, selectors
from tuodi.platform.disbursement.domain import Act, Status, findings
from tuodi.platform.disbursement.selectors import Listed, Shown

_OWN_WORK = frozenset({"four-eyes"})


class PlainForm(ConsoleForm):
    """Nothing is asked."""


class ReasonForm(ConsoleForm):
    """Why; everybody who sees the order reads it."""

    reason = reason_field()


class PayForm(ConsoleForm):
    """What the payment voucher says, and what was seen."""

    mark = forms.CharField(widget=forms.HiddenInput)
    paid_on = DayField(label="支付日期", help_text="照支付凭证写。")
    reference = forms.CharField(
        label="支付凭证号", max_length=60, help_text="财政直接支付凭证的编号，一张支付单一张凭证。"
    )


class ReturnForm(ConsoleForm):
    """What the bank's receipt says."""

    returned_on = DayField(label="退回日期", help_text="照银行回单写。")
    reference = forms.CharField(label="银行凭证号", max_length=60)
    reason = reason_field("银行退回的原因")


class Page(NamedTuple):
    """An act's page: what it will do, the button, what it asks, how it is done, what is said afterwards."""

    tells: str
    button: str
    form: type[ConsoleForm]
    does: Callable[[int, Any, date], Any]
    done: str


PAGES = {
    Act.approve: Page(
        "核准以后提交财政部门审核、支付。内容不再改动；不同意的，作废这张支付单。",
        "核准并提交财政", PlainForm, lambda number, _form, _today: order.approve(order=number),
        "已核准，等财政部门审核。",
    ),
    Act.review: Page(
        "审核通过以后，由财政部门的另一位人员支付。",
        "审核通过", PlainForm, lambda number, _form, _today: order.review(order=number), "已审核，等另一位人员支付。",
    ),
    Act.pay: Page(
        "按“现在可付”的金额从财政专户支付，同时记入资金账。开单以后冲销或者更正的，只付仍应付的。",
        "支付", PayForm,
        lambda number, form, today: payment.pay(order=number, on=today, **form.cleaned_data),
        "已支付，付款清单可以交银行。",
    ),
    Act.void: Page(
        "这张支付单不再办理，上面的各笔仍应付，可以重新开单。",
        "作废支付单", ReasonForm, lambda number, form, _today: order.void(order=number, **form.cleaned_data),
        "支付单已作废。",
    ),
}  # fmt: skip
"""Every act upon an order that is drawn."""

VERBS = {act.name: act for act in PAGES}


class Offer(NamedTuple):
    """An act that the desk may do now; `barred` says why not this person, "" if they may."""

    act: Act
    barred: str


def offers(number: int, user: Staff) -> list[Offer]:
    """The acts that may follow now at the user's desk, the one that goes on first."""
    steps = content.steps(number)
    found = []
    for act in PAGES:
        why = findings(act, steps, desk=Desk[user.desk], staff=user.pk, reason="—")
        if {finding.code for finding in why} <= _OWN_WORK:
            found.append(Offer(act, "".join(finding.message for finding in why)))
    return found


def waiting_for(desk: Desk) -> Iterator[tuple[Listed, Act]]:
    """Orders whose turn is the desk's, the oldest first."""
    for line in reversed(selectors.orders()):
        act = turn(line.status)
        if act is not None and desk in act.desks:
            yield line, act


def turn(status: Status) -> Act | None:
    """What has to be done next to an order; None when all is done."""
    return next((act for act in (Act.approve, Act.review, Act.pay) if status in act.needs), None)


@desks(*FUND_READERS)
def listed(request: HttpRequest) -> HttpResponse:
    """All orders, the newest first; of one status."""
    status = Status[asked] if (asked := request.GET.get("status", "")) in Status.__members__ else None
    rows = [(line, turn(line.status)) for line in selectors.orders(status=status)]
    context: dict[str, Any] = {
        **paged(request, rows), "status": status, "statuses": list(Status), "desk": Desk[request.user.desk],
    }  # fmt: skip
    return render(request, "console/payments/listed.html", context)


@desks(*FUND_READERS)
def one(request: HttpRequest, number: int) -> HttpResponse:
    """The order: its sums by source, each payment and what became of it, who did what."""
    shown = _seen(number)
    context: dict[str, Any] = {
        **paged(request, shown.items), "shown": shown, "line": shown.line, "offers": offers(number, request.user),
        "turn": turn(shown.line.status),
    }  # fmt: skip
    return render(request, "console/payments/one.html", context)


@desks(Desk.county, Desk.finance)
def act(request: HttpRequest, number: int, verb: str) -> HttpResponse:
    """What the act will do, then one button."""
    asked = VERBS.get(verb)
    if asked is None:
        raise Http404
    if Desk[request.user.desk] not in asked.desks:
        raise PermissionDenied(f"{asked}由{'、'.join(map(str, asked.desks))}办理")
    shown, page, today = _seen(number), PAGES[asked], timezone.localdate()
    form = page.form(posted(request), initial={"mark": shown.mark, "paid_on": str(today)})
    if form.does(lambda: page.does(number, form, today)):
        messages.success(request, page.done)
        return redirect("payment-order", number)
    if form.findings:  # what moved is shown as it is now, and only that is confirmed next
        form.data = {**form.data.dict(), "mark": shown.mark}
    mine = next((offer for offer in offers(number, request.user) if offer.act is asked), None)
    context: dict[str, Any] = {
        **paged(request, shown.items), "shown": shown, "line": shown.line, "act": asked, "page_of": page, "form": form,
        "offer": mine,
    }  # fmt: skip
    return render(request, "console/payments/act.html", context)


@desks(Desk.finance)
def payees(request: HttpRequest, number: int) -> HttpResponse:
    """The list that goes to the bank, in the clear for whoever says why; it is kept in the trail."""
    shown = _seen(number)
    form = ReasonForm(posted(request), initial={"reason": "交银行付款"})
    clear = form.result if form.does(lambda: _clear(shown, form.cleaned_data["reason"])) else None
    context = {"shown": shown, "line": shown.line, "form": form, "clear": clear}
    return render(request, "console/payments/payees.html", context)


@desks(Desk.finance)
def give_back(request: HttpRequest, number: int, item: int) -> HttpResponse:
    """The bank could not pay somebody: it is owed again."""
    shown = _seen(number)
    found = next((each for each in shown.items if each.id == item), None)
    if found is None:
        raise Http404
    form = ReturnForm(posted(request))
    today = timezone.localdate()
    if form.does(lambda: payment.give_back(item=item, on=today, **form.cleaned_data)):
        messages.success(request, "银行退回已记入资金账，这一笔仍应付。")
        return redirect("payment-order", number)
    context = {"shown": shown, "line": shown.line, "item": found, "form": form}
    return render(request, "console/payments/return.html", context)


def _clear(shown: Shown, reason: str) -> dict[int, Any]:
    audit.record(
        act="disbursement.unmask", subject=f"order:{shown.line.id}", region=shown.line.region, reason=reason.strip()
    )
    return selectors.clear_payees(shown.line.id)


def _seen(number: int) -> Shown:
    try:
        return selectors.order(number)
    except Faults:
        raise Http404 from None
