"""Institutions with their agreements, and the credentials with which their programs sign."""

from __future__ import annotations

import re

from django import forms
from django.contrib import messages
from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from tuodi.console.desks import ADMINISTRATORS
from tuodi.console.forms import ConsoleForm, reason_field
from tuodi.console.pages import paged
from tuodi.platform.base import credential
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
def one(request: HttpRequest, code: str) -> HttpResponse:
    """An institution: agreements, credentials; a new credential's secret is shown on this answer alone."""
    institution = get_object_or_404(of_region(request.user.region_id), pk=code)
    form = IssueForm(request.POST or None)
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
    form = RevokeForm(request.POST or None)
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
