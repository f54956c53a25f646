"""What finance books by hand: prepared with its lines before anything moves, and booked or refused by somebody else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from tuodi.console.administration.places import region_choices
from tuodi.console.amounts import source_text
from tuodi.console.desks import FUND_READERS
from tuodi.console.forms import ConsoleForm, DayField, YuanField, posted, reason_field
from tuodi.console.pages import paged
from tuodi.platform.base.domain import Desk, prefix
from tuodi.platform.base.models import Region
from tuodi.platform.base.signed_in import desks
from tuodi.platform.fund import selectors, voucher, vouchers
from tuodi.platform.fund.deeds import MOST_FEN, Asked, Deed
from tuodi.platform.fund.vouchers import Shown

MAKERS = (Desk.finance, Desk.city)
"""Desks that have something to book by hand."""


class DeedForm(ConsoleForm):
    """A deed's paper: day, number, amounts by source."""

    happened_on = DayField(label="发生日期", help_text="照批文或银行回单写。")
    document = forms.CharField(label="文号或凭证号", max_length=100)
    reason = reason_field("事由")

    def __init__(self, *arguments: Any, deed: Deed, region: str, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.deed, self.region = deed, region
        if deed is Deed.carry_over:
            del self.fields["happened_on"]
            self.fields["year"] = forms.IntegerField(label="年度", min_value=2018, max_value=2100)
        if deed is Deed.transfer:
            self.fields["taker"] = forms.ChoiceField(label="付给", choices=_takers(region))
        for source in deed.sources:
            self.fields[source.name] = YuanField(label=f"{source_text(source)}（元）", required=False, largest=MOST_FEN)
        self.order_fields(["year", "taker", *(source.name for source in deed.sources)])

    def asked(self) -> Asked:
        """The deed as the service takes it."""
        said = self.cleaned_data
        amounts = {source: said[source.name] or 0 for source in self.deed.sources}
        day = date(said["year"], 12, 31) if self.deed is Deed.carry_over else said["happened_on"]
        return Asked(
            deed=self.deed, region=self.region, parts={source: fen for source, fen in amounts.items() if fen},
            happened_on=day, document=said["document"], reason=said["reason"], taker=said.get("taker", ""),
        )  # fmt: skip


class ReversalForm(ConsoleForm):
    """Why an entry is taken back, and by which paper."""

    document = forms.CharField(label="文号或凭证号", max_length=100)
    reason = reason_field("冲销的理由")


class RefuseForm(ConsoleForm):
    """Why it is not booked; the other one reads it."""

    reason = reason_field("不通过的理由")


class Decided(Sequence[Shown]):
    """Vouchers that are decided on, read page by page."""

    def __len__(self) -> int:
        return vouchers.count_decided()

    def __getitem__(self, asked: Any) -> Any:
        assert isinstance(asked, slice), "pages are slices"
        return vouchers.decided(asked.start, asked.stop)


@desks(*FUND_READERS)
def listed(request: HttpRequest) -> HttpResponse:
    """Those that wait first, then all others, the newest first."""
    context: dict[str, Any] = {
        **paged(request, Decided()), "waiting": vouchers.waiting(),
        "deeds": [deed for deed in Deed if Desk[request.user.desk] in deed.desks],
    }  # fmt: skip
    return render(request, "console/ledger/vouchers.html", context)


@desks(*MAKERS)
def prepare(request: HttpRequest, name: str) -> HttpResponse:
    """A voucher of one deed; nothing moves before somebody else has checked it."""
    if name not in Deed.__members__:
        raise Http404
    deed, today = Deed[name], timezone.localdate()
    if Desk[request.user.desk] not in deed.desks:
        raise PermissionDenied(f"“{deed}”由{'、'.join(map(str, deed.desks))}办理")
    initial = {"happened_on": str(today), "year": today.year if today.month == 12 else today.year - 1}
    form = DeedForm(posted(request), deed=deed, region=request.user.region_id, initial=initial)
    if form.does(lambda: voucher.prepare(asked=form.asked(), on=today)):
        messages.success(request, "凭证已制，由另一位人员复核以后记账。")
        return redirect("voucher", form.result)
    return render(
        request, "console/ledger/prepare.html", {"form": form, "deed": deed, "region": request.user.region_id}
    )


@desks(*MAKERS)
def reverse(request: HttpRequest, cause: str) -> HttpResponse:
    """A voucher that takes an entry by hand back, whole."""
    entry = selectors.whole(cause)
    if entry is None:
        raise Http404
    form, today = ReversalForm(posted(request)), timezone.localdate()
    region = request.user.region_id
    if form.does(lambda: voucher.prepare_reversal(region=region, cause=cause, on=today, **form.cleaned_data)):
        messages.success(request, "冲销凭证已制，由另一位人员复核以后记账。")
        return redirect("voucher", form.result)
    return render(request, "console/ledger/reverse.html", {"form": form, "entry": entry})


@desks(*FUND_READERS)
def one(request: HttpRequest, number: int) -> HttpResponse:
    """A voucher with the lines that it has, or will have; booked with one button, refused with a reason."""
    shown = vouchers.one(number)
    if shown is None:
        raise Http404
    user, today = request.user, timezone.localdate()
    why = vouchers.why_not(number, Desk[user.desk], user.pk)
    theirs = shown.region == user.region_id and "voucher-desk" not in {fault.code for fault in why}
    if request.method == "POST" and not theirs:
        raise PermissionDenied("凭证由本区划的财政复核")
    refusing = "refuse" in request.POST
    form: ConsoleForm = (RefuseForm if refusing else ConsoleForm)(posted(request))
    if form.does(lambda: _decide(number, form, refusing, today)):
        messages.success(request, "凭证没有通过。" if refusing else "已记账。")
        return redirect("voucher", number)
    may = theirs and shown.decided is None
    context = {
        "shown": shown, "may": may and not why, "barred": "".join(fault.message for fault in why) if may else "",
        "form": form, "refuse": form if refusing else RefuseForm(),
    }  # fmt: skip
    return render(request, "console/ledger/voucher.html", context)


def _decide(number: int, form: ConsoleForm, refusing: bool, today: date) -> object:
    if refusing:
        return voucher.refuse(voucher=number, reason=form.cleaned_data["reason"])
    return voucher.book(voucher=number, on=today)


def _takers(region: str) -> list[tuple[str, str]]:
    """What lies within the region, and what it lies within."""
    above = [one for one in Region.objects.order_by("code") if prefix(region).startswith(prefix(one.code))]
    within = [choice for choice in region_choices(region) if choice[0] != region]
    return [*within, *((one.code, f"{one.name}（{one.code}）") for one in above if one.code != region)]
