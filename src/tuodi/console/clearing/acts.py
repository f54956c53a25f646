"""Acts upon a statement: each page shows what it will do, asks what the act needs, and has one button."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from tuodi.console.amounts import yuan_text
from tuodi.console.clearing.found import keys, seen
from tuodi.console.clearing.offers import ADDRESSES, offers
from tuodi.console.desks import BILL_READERS
from tuodi.console.forms import ConsoleForm, DayField, posted, reason_field
from tuodi.platform.base.domain import Desk
from tuodi.platform.base.signed_in import desks
from tuodi.platform.clearing import approval, differing, payment, statement
from tuodi.platform.clearing.domain.steps import Act
from tuodi.platform.clearing.selectors import Shown


class SeenForm(ConsoleForm):
    """The content that the page has shown; only that is acted upon."""

    fingerprint = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *arguments: Any, shown: Shown, **named: Any) -> None:
        super().__init__(*arguments, initial={"fingerprint": shown.fingerprint}, **named)
        self.shown = shown

    def disallowances(self) -> list[tuple[str, str]]:
        """Those in force as choices."""
        known = keys(each.settlement for each in self.shown.disallowances)
        return [
            (str(each.id), f"{known.get(each.settlement, each.settlement)} 第 {each.line} 项 "
             f"{yuan_text(each.fen)} 元：{each.reason}（{each.clause}）")
            for each in self.shown.disallowances if not each.withdrawn
        ]  # fmt: skip


class ReasonForm(SeenForm):
    """Why; the other side reads it."""

    reason = reason_field()


class ConcernsForm(ReasonForm):
    """Which disallowances it is about."""

    concerns = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    label = ""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["concerns"].label = self.label
        self.fields["concerns"].choices = self.disallowances()
        if not self.fields["concerns"].choices:
            del self.fields["concerns"]

    def concerned(self) -> list[int]:
        """Their numbers."""
        return [int(each) for each in self.cleaned_data.get("concerns", ())]


class ObjectForm(ConcernsForm):
    """What is not accepted, and why."""

    label = "对这些扣减有异议"


class AnswerForm(ConcernsForm):
    """What is withdrawn, and why the others stand."""

    label = "撤回这些扣减"


class PayForm(SeenForm):
    """What the bank's receipt says."""

    paid_on = DayField(label="支付日期", help_text="照银行回单写。")
    reference = forms.CharField(label="银行凭证号", max_length=60, help_text="应付为 0 的，写“无需支付”。")


class Page(NamedTuple):
    """An act's page: what it will do, the button, what it asks, how it is done, what is said afterwards."""

    tells: str
    button: str
    form: type[SeenForm]
    does: Callable[[int, Any, date], Any]
    done: str


def _send(number: int, form: SeenForm, today: date) -> None:
    statement.seen(number, form.cleaned_data["fingerprint"])
    statement.send(statement=number, on=today)


PAGES = {
    Act.send: Page(
        "结算单送达医疗机构，由其确认或者提出异议。送达以后内容不再改动，除非答复异议或者退回。",
        "送达医疗机构", SeenForm, _send, "已送达，等医疗机构确认。",
    ),
    Act.confirm: Page(
        "确认的就是您看到的内容。确认以后由县级医保部门和财政部门先后核准，再支付。",
        "确认结算单", SeenForm,
        lambda number, form, _: statement.confirm(statement=number, fingerprint=form.cleaned_data["fingerprint"]),
        "已确认，等县级医保部门核准。",
    ),
    Act.lapse: Page(
        "确认期限已过，医疗机构没有提出异议，视同确认。",
        "视同确认", SeenForm,
        lambda number, _, today: statement.lapse(statement=number, on=today),
        "已按约定视同确认。",
    ),
    Act.object: Page(
        "选出有异议的扣减；一笔也不选，就是对整张结算单有异议。县级医保部门答复以后，结算单才继续办理。",
        "提出异议", ObjectForm,
        lambda number, form, _: statement.object_to(
            statement=number, reason=form.cleaned_data["reason"], disallowances=form.concerned()
        ),
        "异议已提出，等县级医保部门答复。",
    ),
    Act.answer: Page(
        "选中的扣减撤回，没有选的维持。答复以后由另一位经办人核准。",
        "答复异议", AnswerForm,
        lambda number, form, _: statement.answer(
            statement=number, reason=form.cleaned_data["reason"], withdraw=form.concerned()
        ),
        "已答复，等另一位经办人核准。",
    ),
    Act.approve_business: Page(
        "核准的就是您看到的内容。核准以后由财政部门核准并支付。",
        "核准", SeenForm,
        lambda number, form, _: approval.approve_business(
            statement=number, fingerprint=form.cleaned_data["fingerprint"]
        ),
        "业务已核准，等财政部门核准。",
    ),
    Act.approve_finance: Page(
        "核准的就是您看到的内容。核准以后可以开支付单。",
        "核准", SeenForm,
        lambda number, form, _: approval.approve_finance(
            statement=number, fingerprint=form.cleaned_data["fingerprint"]
        ),
        "财务已核准，可以开支付单。",
    ),
    Act.send_back: Page(
        "结算单退回到“已生成”，可以改动扣减，再重新送达、确认、核准。已有的确认和核准不再有效。",
        "退回结算单", ReasonForm,
        lambda number, form, _: approval.send_back(statement=number, reason=form.cleaned_data["reason"]),
        "已退回。",
    ),
    Act.order: Page(
        "按上面的金额开支付单，扣减、退还和抵扣同时记入资金账。银行付款以后，由另一位人员确认支付。",
        "开支付单", SeenForm,
        lambda number, form, today: payment.order(
            statement=number, fingerprint=form.cleaned_data["fingerprint"], on=today
        ),
        "支付单已开，付款以后由另一位人员确认支付。",
    ),
    Act.pay: Page(
        "银行已经付款，照回单记入资金账，这张结算单就办结了。",
        "确认已支付", PayForm,
        lambda number, form, today: payment.confirm(
            statement=number, paid_on=form.cleaned_data["paid_on"], reference=form.cleaned_data["reference"], on=today
        ),
        "已支付，这张结算单办结。",
    ),
}  # fmt: skip
"""Every act upon a statement that is drawn."""

OF_MONEY = frozenset({Act.send, Act.confirm, Act.approve_business, Act.approve_finance, Act.order, Act.pay})
"""Acts whose pages show what is paid by source, where the desk may know it."""


COMPARED = frozenset({Act.send, Act.approve_business, Act.approve_finance})
"""Acts before which the three sides are looked at once more."""


@desks(*BILL_READERS)
def act(request: HttpRequest, number: int, verb: str) -> HttpResponse:
    """What the act will do, then one button. What stands in the way is told, and what was typed is kept."""
    asked = ADDRESSES.get(verb)
    if asked is None:
        raise Http404
    if Desk[request.user.desk] not in asked.desks:
        raise PermissionDenied(f"{asked}由{'、'.join(map(str, asked.desks))}办理")
    shown, page, today = seen(number), PAGES[asked], timezone.localdate()
    form = page.form(posted(request), shown=shown)
    if form.does(lambda: page.does(number, form, today)):
        messages.success(request, page.done)
        return redirect("statement", number)
    mine = next((offer for offer in offers(shown, request.user, today) if offer.act is asked), None)
    context: dict[str, Any] = {
        "shown": shown, "line": shown.line, "act": asked, "page": page, "form": form, "offer": mine,
        "of_money": asked in OF_MONEY, "objection": _objection(shown) if asked is Act.answer else None,
        "keys": keys(each.settlement for each in (*shown.disallowances, *shown.releases)),
        "compared": differing.differences(number) if asked in COMPARED else None,
    }  # fmt: skip
    return render(request, "console/clearing/act.html", context)


def _objection(shown: Shown) -> Any:
    """What the institution said."""
    return next((step for step in reversed(shown.steps) if step.act is Act.object), None)
