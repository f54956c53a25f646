"""Agreed terms: by when an institution confirms and is paid, entered by the county with document or agreement."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from tuodi.console.administration.places import Choices, institution_choices
from tuodi.console.desks import FUND_READERS
from tuodi.console.forms import ConsoleForm, DayField, posted
from tuodi.console.pages import paged
from tuodi.platform.base.domain import Desk
from tuodi.platform.base.models import Institution, Staff
from tuodi.platform.base.signed_in import desks
from tuodi.platform.clearing import term
from tuodi.platform.clearing.domain.lateness import Terms


class TermsForm(ConsoleForm):
    """From a day on, for one institution or for all."""

    institution = forms.ChoiceField(label="医疗机构", required=False)
    starts_on = DayField(label="从这天起")
    confirm_within = forms.IntegerField(
        label="送达后几个工作日内确认", required=False, help_text="过了不答复，视同确认。不约定就空着。"
    )
    pay_within = forms.IntegerField(
        label="月末后几个工作日内支付", required=False, help_text="过了算超期。不约定就空着。"
    )
    draw_on = forms.IntegerField(
        label="月末后第几个工作日自动生成结算单", required=False,
        help_text="到这一天，所有机构上个月的结算单自动生成，核对后再送达。不约定就空着，由经办人生成。",
    )  # fmt: skip
    within_year = forms.BooleanField(label="当年的费用年内结清", required=False)
    basis = forms.CharField(label="依据", max_length=200, help_text="文件或者协议，以及条款。")

    def __init__(self, *arguments: Any, institutions: Choices, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["institution"].choices = [("", "没有单独约定的所有机构"), *institutions]

    def terms(self) -> Terms:
        """What was typed."""
        said = self.cleaned_data
        return Terms(
            pay_within=said["pay_within"], confirm_within=said["confirm_within"], within_year=said["within_year"],
            basis=said["basis"], draw_on=said["draw_on"],
        )  # fmt: skip


@desks(*FUND_READERS)
def terms(request: HttpRequest) -> HttpResponse:
    """What was agreed, the newest first; the county adds to it."""
    user: Staff = request.user
    writes = user.desk == Desk.county.name
    if request.method == "POST" and not writes:
        raise PermissionDenied(f"期限约定由{Desk.county}录入")
    form = TermsForm(
        posted(request), institutions=institution_choices(user.region_id[:4] + "00") if writes else [],
        initial={"starts_on": str(timezone.localdate())},
    )  # fmt: skip
    if form.does(lambda: _agree(user.region_id, form)):
        messages.success(request, "已录入约定。")
        return redirect("clearing-terms")
    page = paged(request, term.agreed())
    codes = {row.institution_id for row in page["page"].object_list}
    names = dict(Institution.objects.filter(pk__in=codes).values_list("code", "name"))
    context = {**page, "form": form, "writes": writes, "names": names, "several": not _is_county(user)}
    return render(request, "console/clearing/terms.html", context)


def _agree(region: str, form: TermsForm) -> None:
    said = form.cleaned_data
    term.agree(
        region=region, starts_on=said["starts_on"], terms=form.terms(), institution=said["institution"]
    )  # fmt: skip


def _is_county(user: Staff) -> bool:
    return user.desk in (Desk.county.name, Desk.finance.name)
