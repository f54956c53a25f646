"""Regions: the one that is administered, and what lies within it."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from tuodi.console.desks import ADMINISTRATORS
from tuodi.console.forms import ConsoleForm, posted
from tuodi.platform.base import region
from tuodi.platform.base.domain import prefix
from tuodi.platform.base.models import Region
from tuodi.platform.base.signed_in import desks


class RegionForm(ConsoleForm):
    """A county that is not there yet."""

    code = forms.CharField(label="区划代码", help_text="六位数字，如 371502。")
    name = forms.CharField(label="名称", max_length=50)


@desks(*ADMINISTRATORS)
def regions(request: HttpRequest) -> HttpResponse:
    """What there is, and the form for one more."""
    form = RegionForm(posted(request))
    if form.does(lambda: region.ensure(**form.cleaned_data)):
        messages.success(request, "区划已录入。" if form.result else "这个区划已经有了。")
        return redirect("regions")
    rows = Region.objects.filter(code__startswith=prefix(request.user.region_id)).order_by("code")
    counted = rows.annotate(institutions=Count("institution", distinct=True), people=Count("staff", distinct=True))
    return render(request, "console/administration/regions.html", {"form": form, "rows": counted})
