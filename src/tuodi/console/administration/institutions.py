"""Institutions with their agreements, and the credentials with which their programs sign."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from tuodi.console.administration.places import region_choices
from tuodi.console.desks import ADMINISTRATORS
from tuodi.console.forms import ConsoleForm, DayField, posted, reason_field
from tuodi.console.pages import paged
from tuodi.platform.base import credential
from tuodi.platform.base import institution as institution_acts
from tuodi.platform.base.domain import prefix
from tuodi.platform.base.models import Agreement, Credential, Institution
from tuodi.platform.base.signed_in import desks


class IssueForm(ConsoleForm):
    """A new credential of an institution."""

    variant = forms.CharField(label="接口规范", initial="national", help_text="医院系统使用的接口，如 national。")
    addresses = forms.CharField(
        label="允许的地址", required=False, help_text="如 10.1.2.3 或 10.1.0.0/16，用空格或逗号分开；空着不限制。"
    )

    def clean_addresses(self) -> list[str]:
        """One address an element."""
        return [one for one in re.split(r"[\s,，；;、]+", self.cleaned_data["addresses"]) if one]


class InstitutionForm(ConsoleForm):
    """A new institution."""

    code = forms.CharField(label="机构代码", help_text="国家编码，一个字母加 11 位数字，如 H37150200001。")
    name = forms.CharField(label="名称", max_length=200)
    region = forms.ChoiceField(label="所在区划")
    level = forms.TypedChoiceField(label="级别", coerce=int, choices=[("3", "三级"), ("2", "二级"), ("1", "一级")])
    psychiatric = forms.BooleanField(label="是精神专科", required=False)
    single_disease = forms.BooleanField(label="执行单病种限额", required=False, initial=True)

    def __init__(self, *arguments: Any, region: str, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["region"].choices = region_choices(region)


class AgreementForm(ConsoleForm):
    """A new agreement; its last day may be open."""

    starts_on = DayField(label="协议首日")
    last_day = DayField(label="协议最后一天", required=False, help_text="空着是长期。")

    @property
    def ends_on(self) -> date | None:
        """As the service takes it: the day after the last one."""
        last: date | None = self.cleaned_data["last_day"]
        return last + timedelta(days=1) if last else None


class EndForm(ConsoleForm):
    """The agreement in force ends."""

    last_day = DayField(label="最后一天")
    reason = reason_field()


class RevokeForm(ConsoleForm):
    """Why a credential ends."""

    reason = reason_field()


@desks(*ADMINISTRATORS)
def listed(request: HttpRequest) -> HttpResponse:
    """The region's institutions, with the agreement that holds today."""
    asked = request.GET.get("q", "").strip()
    found = of_region(request.user.region_id)
    if asked:
        found = found.filter(Q(code__startswith=asked) | Q(name__icontains=asked))
    context = {**paged(request, found), "filter": asked, "today": timezone.localdate()}
    return render(request, "console/administration/institutions.html", context)


@desks(*ADMINISTRATORS)
def new(request: HttpRequest) -> HttpResponse:
    """Enter an institution."""
    form = InstitutionForm(posted(request), region=request.user.region_id)
    if form.does(lambda: institution_acts.enter(**form.cleaned_data)):
        messages.success(request, "机构已录入；有了协议，费用才能救助。")
        return redirect("institution", form.result.code)
    return render(request, "console/administration/new-institution.html", {"form": form})


@desks(*ADMINISTRATORS)
def agreement(request: HttpRequest, code: str) -> HttpResponse:
    """A new agreement of an institution."""
    institution = get_object_or_404(of_region(request.user.region_id), pk=code)
    form = AgreementForm(posted(request))

    def act() -> None:
        institution_acts.agree(institution=code, starts_on=form.cleaned_data["starts_on"], ends_on=form.ends_on)

    if form.does(act):
        messages.success(request, "协议已录入。")
        return redirect("institution", code)
    context = {"institution": institution, "form": form, "title": "新签协议", "verb": "录入协议"}
    return render(request, "console/administration/agreement.html", context)


@desks(*ADMINISTRATORS)
def end_agreement(request: HttpRequest, code: str) -> HttpResponse:
    """End the agreement in force."""
    institution = get_object_or_404(of_region(request.user.region_id), pk=code)
    form = EndForm(posted(request))

    def act() -> None:
        said = form.cleaned_data
        institution_acts.end_agreement(
            institution=code, ends_on=said["last_day"] + timedelta(days=1), reason=said["reason"]
        )

    if form.does(act):
        messages.success(request, "协议已终止。")
        return redirect("institution", code)
    context = {"institution": institution, "form": form, "title": "终止协议", "verb": "终止协议"}
    return render(request, "console/administration/agreement.html", context)


@desks(*ADMINISTRATORS)
def one(request: HttpRequest, code: str) -> HttpResponse:
    """An institution: agreements, credentials; a new credential's secret is shown on this answer alone."""
    institution = get_object_or_404(of_region(request.user.region_id), pk=code)
    form = IssueForm(posted(request))
    issued = form.result if form.does(lambda: credential.issue(institution=code, **form.cleaned_data)) else None
    context = {
        "institution": institution, "form": IssueForm() if issued else form, "issued": issued,
        "credentials": Credential.objects.filter(institution=institution).order_by("-starts_at"),
        "now": timezone.now(),
    }  # fmt: skip
    return render(request, "console/administration/institution.html", context)


@desks(*ADMINISTRATORS)
def revoke(request: HttpRequest, code: str, access_key: str) -> HttpResponse:
    """End a credential, with a reason."""
    institution = get_object_or_404(of_region(request.user.region_id), pk=code)
    if not Credential.objects.filter(institution=institution, access_key=access_key).exists():
        raise Http404
    form = RevokeForm(posted(request))
    if form.does(lambda: credential.revoke(access_key=access_key, reason=form.cleaned_data["reason"])):
        messages.success(request, "凭证已吊销，用它签名的消息不再接收。")
        return redirect("institution", code)
    context = {"institution": institution, "access_key": access_key, "form": form}
    return render(request, "console/administration/revoke.html", context)


def of_region(region: str) -> QuerySet[Institution]:
    """Institutions within the region, with their agreements from the newest."""
    agreements = Prefetch("agreement_set", Agreement.objects.order_by("-starts_on"), to_attr="agreements")
    return (
        Institution.objects.filter(region__code__startswith=prefix(region))
        .select_related("region")
        .prefetch_related(agreements)
        .order_by("region_id", "code")
    )
