"""Disallowances: taken off a line with reason and clause while the statement is drawn, and withdrawn again."""

from __future__ import annotations

from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from tuodi.console.amounts import yuan_text
from tuodi.console.clearing.found import keys, seen
from tuodi.console.desks import COUNTIES
from tuodi.console.forms import ConsoleForm, YuanField, posted, reason_field
from tuodi.core.money import format_yuan
from tuodi.platform.base.signed_in import desks
from tuodi.platform.clearing import content, disallowance, selectors
from tuodi.platform.clearing.domain.disallowance import PaidLine
from tuodi.platform.clearing.domain.steps import Status
from tuodi.platform.clearing.selectors import ShownRow
from tuodi.platform.settlement import of_institutions


class PaidBenefit(NamedTuple):
    """A line of the settlement, what was taken off it before, what is left to take off; fen."""

    line: PaidLine
    label: str
    before: int

    @property
    def left(self) -> int:
        """What may still be taken off."""
        return self.line.paid - self.before


class DisallowForm(ConsoleForm):
    """How much of which line, why, and by which clause."""

    line = forms.TypedChoiceField(label="待遇", coerce=int)
    fen = YuanField(label="扣减金额（元）")
    reason = reason_field("不予支付的事实")
    clause = forms.CharField(label="依据的条款", max_length=100, help_text="文件或者协议的条款，如 七(一)。")

    def __init__(self, *arguments: Any, benefits: list[PaidBenefit], **named: Any) -> None:
        first = next((each for each in benefits if each.left), None)
        initial = {"line": first.line.number, "fen": format_yuan(first.left)} if first else {}
        super().__init__(*arguments, initial=initial, **named)
        self.fields["line"].choices = [
            (each.line.number, f"{each.label}（{each.line.clause}）至多 {yuan_text(each.left)} 元") for each in benefits
        ]


class WithdrawForm(ConsoleForm):
    """Why."""

    reason = reason_field("撤回的理由")


@desks(*COUNTIES)
def disallow(request: HttpRequest, number: int, settlement: int) -> HttpResponse:
    """Lines of one of the institution's settlements, of this statement or an earlier one; one is cut."""
    shown = seen(number)
    row = _row(number, settlement)
    benefits = _benefits(row)
    form = DisallowForm(posted(request), benefits=benefits)
    if form.does(
        lambda: disallowance.add(
            statement=number, settlement=settlement, line=form.cleaned_data["line"], fen=form.cleaned_data["fen"],
            reason=form.cleaned_data["reason"], clause=form.cleaned_data["clause"],
        )
    ):  # fmt: skip
        messages.success(request, f"已扣减 {yuan_text(form.cleaned_data['fen'])} 元。")
        return redirect("statement", number)
    context: dict[str, Any] = {
        "shown": shown, "line": shown.line, "row": row.row, "benefits": benefits, "form": form,
        "key": keys([settlement]).get(settlement, settlement), "open": shown.line.status is Status.drawn,
    }  # fmt: skip
    return render(request, "console/clearing/disallow.html", context)


@desks(*COUNTIES)
def earlier(request: HttpRequest, number: int) -> HttpResponse:
    """The settlement with the number that was typed, of this statement or an earlier one of the institution."""
    shown = seen(number)
    typed = request.GET.get("key", "").strip()
    found = selectors.row_with_key(number, typed)
    if found is not None:
        return redirect("disallow", number, found)
    messages.error(request, f"这家医疗机构到 {shown.line.month} 为止的结算单上没有编号为“{typed}”的结算，请核对。")
    return redirect("statement", number)


@desks(*COUNTIES)
def withdraw(request: HttpRequest, number: int, disallowed: int) -> HttpResponse:
    """The disallowance, and a reason for which it is as if it had never been."""
    shown = seen(number)
    one = next((each for each in shown.disallowances if each.id == disallowed), None)
    if one is None:
        raise Http404
    form = WithdrawForm(posted(request))
    if form.does(lambda: disallowance.withdraw(disallowance=disallowed, reason=form.cleaned_data["reason"], of=number)):
        messages.success(request, "扣减已撤回。")
        return redirect("statement", number)
    context: dict[str, Any] = {
        "line": shown.line, "one": one, "form": form, "key": keys([one.settlement]).get(one.settlement),
        "open": shown.line.status is Status.drawn and not one.withdrawn,
    }  # fmt: skip
    return render(request, "console/clearing/withdraw.html", context)


def _row(number: int, settlement: int) -> ShownRow:
    row = selectors.row(number, settlement)
    if row is None:
        raise Http404
    return row


def _benefits(shown: ShownRow) -> list[PaidBenefit]:
    labels = of_institutions.labels(shown.row.settlement)
    before = content.in_force(shown.row.settlement)
    return [
        PaidBenefit(
            line, labels.get(line.benefit, line.benefit), sum(each.fen for each in before if each.line == line.number)
        )
        for line in shown.lines
    ]  # fmt: skip
