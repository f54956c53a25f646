"""What persons are owed and have to give back: chosen for an order, with the account to pay to, and refunds noted."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from tuodi.console.amounts import source_text
from tuodi.console.desks import COUNTIES, FUND_READERS
from tuodi.console.forms import ConsoleForm, posted
from tuodi.console.pages import paged
from tuodi.console.payments.places import place
from tuodi.console.receipt import RefundForm
from tuodi.platform.base.domain import Desk
from tuodi.platform.base.signed_in import desks
from tuodi.platform.disbursement import bank_account, order, payment, selectors
from tuodi.platform.disbursement.selectors import Claim
from tuodi.platform.settlement import selectors as settlements

ROWS = 100
"""As many as an order is chosen from at a look; the other button takes all, on whatever page."""


class DrawForm(ConsoleForm):
    """Which bills are put on an order."""

    claims = forms.MultipleChoiceField(label="选出的", required=False)

    def __init__(self, *arguments: Any, found: list[Claim], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["claims"].choices = [(str(each.settlement), each.key) for each in found]
        self.fields["claims"].error_messages["invalid_choice"] = "列表已变动，请重新选择"


class AccountForm(ConsoleForm):
    """As it stands on the bank card."""

    holder = forms.CharField(label="户名", max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    bank = forms.CharField(label="开户银行", max_length=60, help_text="写到支行。")
    number = forms.CharField(label="账号", max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    basis = forms.CharField(
        label="代领依据", max_length=200, required=False, help_text="户名不是本人的，写代领人与对象的关系和证明。"
    )


@desks(*FUND_READERS)
def owed(request: HttpRequest) -> HttpResponse:
    """Everything that is owed and due, the oldest first; the county puts it on an order."""
    region, places = place(request)
    found = selectors.claims(region)
    free = [each for each in found if each.owed and each.order is None and each.payee]
    form = DrawForm(posted(request), found=free)
    if request.method == "POST" and request.user.desk != Desk.county.name:
        raise PermissionDenied("支付单由县级医疗保障开")
    if form.does(lambda: order.draw(region=region, on=timezone.localdate(), claims=_chosen(request, form))):
        messages.success(request, "支付单已开，由另一位经办人核准。")
        return redirect("payment-order", form.result)
    context: dict[str, Any] = {
        **paged(request, [each for each in found if each.owed], ROWS), "form": form,
        "dues": [each for each in found if each.due],
        "free": len(free), "free_fen": sum(each.owed_fen for each in free), "places": places, "region": region,
        "owed_fen": sum(each.owed_fen for each in found), "due_fen": sum(each.due_fen for each in found),
        "without": sum(1 for each in found if each.owed and each.payee is None),
        "ordered": sum(1 for each in found if each.order), "chosen": request.POST.getlist("claims"),
    }  # fmt: skip
    return render(request, "console/payments/owed.html", context)


def _chosen(request: HttpRequest, form: DrawForm) -> list[int] | None:
    """Those that are ticked; None for all that can be paid."""
    if "all" in request.POST:
        return None
    return [int(each) for each in form.cleaned_data["claims"]]


@desks(*COUNTIES)
def account(request: HttpRequest, settlement: int) -> HttpResponse:
    """Where the bill's person is paid. An account that is known stays and is followed by this one."""
    region = request.user.region_id
    person = settlements.persons([settlement]).get(settlement)
    if person is None:
        raise Http404
    form = AccountForm(posted(request))
    if form.does(lambda: bank_account.enter(person=person, region=region, **form.cleaned_data)):
        messages.success(request, "收款账户已录入。")
        return redirect("owed-persons")
    known = bank_account.latest({person}, region).get(person)
    context: dict[str, Any] = {
        "form": form, "known": bank_account.masked(known) if known else None, "claim": _claim(region, settlement),
        "settlement": settlement,
    }  # fmt: skip
    return render(request, "console/payments/account.html", context)


@desks(Desk.finance)
def refund(request: HttpRequest, settlement: int) -> HttpResponse:
    """A person gave back what was too much: how much of which source, by which receipt."""
    region, today = request.user.region_id, timezone.localdate()
    if settlement not in settlements.persons([settlement]):
        raise Http404
    claim = _claim(region, settlement)
    due = dict(claim.due) if claim else {}
    form = RefundForm(posted(request), due=due, called=source_text)
    if form.does(
        lambda: payment.receive(
            region=region, settlement=settlement, sources=form.sources(), on=today,
            received_on=form.cleaned_data["received_on"], reference=form.cleaned_data["reference"],
        )
    ):  # fmt: skip
        messages.success(request, "退回已记入资金账。" if form.result else "这张凭证已经记过账，没有重复记。")
        return redirect("owed-persons")
    context = {"form": form, "claim": claim, "due": due, "settlement": settlement}
    return render(request, "console/payments/refund.html", context)


def _claim(region: str, settlement: int) -> Claim | None:
    return next((each for each in selectors.claims(region) if each.settlement == settlement), None)
