"""Accounts of a region: listed, made, locked, unlocked, helped out when a password or a phone is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from tuodi.console.administration.places import institution_choices, region_choices
from tuodi.console.desks import ADMINISTRATORS
from tuodi.console.forms import ConsoleForm, posted, reason_field
from tuodi.console.pages import paged
from tuodi.platform.base import staff as acts
from tuodi.platform.base.domain import Desk, prefix
from tuodi.platform.base.models import DESKS, Audit, Staff
from tuodi.platform.base.signed_in import desks
from tuodi.platform.registry.domain import Department


class StaffForm(ConsoleForm):
    """A new account."""

    username = forms.CharField(label="用户名", help_text="字母开头，3 至 50 个字母、数字、点、横线或下划线。")
    name = forms.CharField(label="姓名")
    desk = forms.ChoiceField(label="岗位", choices=[("", "请选择"), *DESKS])
    region = forms.ChoiceField(label="区划")
    institution = forms.ChoiceField(label="机构", required=False, help_text="只有定点医药机构的人员要选。")
    department = forms.ChoiceField(
        label="部门", required=False, help_text="只有部门岗位要选。",
        choices=[("", "无"), *((one.name, one.value) for one in Department)],
    )  # fmt: skip

    def __init__(self, *arguments: Any, region: str, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["region"].choices = region_choices(region)
        self.fields["institution"].choices = [("", "无"), *institution_choices(region)]

    def clean_desk(self) -> Desk:
        """The desk."""
        return Desk[self.cleaned_data["desk"]]


class ReasonForm(ConsoleForm):
    """Why."""

    reason = reason_field()


class _Act(NamedTuple):
    """Something that is done to an account with a reason."""

    title: str
    what: str
    verb: str
    does: Callable[..., Any]
    done: str


ACTS = {
    "lock": _Act("停用账号", "停用后不能再登录，正在使用的也立即退出。", "停用", acts.lock, "账号已停用。"),
    "unlock": _Act("启用账号", "启用后可以登录，失败次数过多的暂停也一并解除。", "启用", acts.unlock, "账号已启用。"),
    "password": _Act(
        "重置密码", "生成新的初始密码，只显示一次；对方登录后要先改掉。", "重置密码", acts.reset_password, ""
    ),
    "second-factor": _Act(
        "重置动态码", "手机丢失或者更换时使用；对方下次登录时重新启用，原来的备用码作废。", "重置动态码",
        acts.reset_two_factor, "动态码已重置，对方下次登录时重新启用。",
    ),
}  # fmt: skip


@desks(*ADMINISTRATORS)
def listed(request: HttpRequest) -> HttpResponse:
    """The accounts of the region."""
    asked = request.GET.get("q", "").strip()
    desk = request.GET.get("desk", "")
    people = of_region(request.user.region_id)
    if asked:
        people = people.filter(Q(username__icontains=asked) | Q(name__icontains=asked))
    if desk:
        people = people.filter(desk=desk)
    context = {**paged(request, people), "filter": asked, "desk": desk, "desks": DESKS}
    return render(request, "console/administration/staff.html", context)


@desks(*ADMINISTRATORS)
def new(request: HttpRequest) -> HttpResponse:
    """Make an account; its initial password is shown on the page that answers, and nowhere else."""
    form = StaffForm(posted(request), region=request.user.region_id)
    if form.does(lambda: acts.create(**form.cleaned_data)):
        return render(request, "console/administration/handed.html", {"handed": form.result, "made": True})
    return render(request, "console/administration/new-staff.html", {"form": form})


@desks(*ADMINISTRATORS)
def one(request: HttpRequest, number: int) -> HttpResponse:
    """An account, what may be done to it, and what was."""
    staff = get_object_or_404(of_region(request.user.region_id), pk=number)
    trail = Audit.objects.filter(subject=f"staff:{number}").order_by("-id")[:20]
    usable = [(name, act) for name, act in ACTS.items() if name != ("unlock" if staff.is_active else "lock")]
    return render(request, "console/administration/account.html", {"staff": staff, "acts": usable, "trail": trail})


@desks(*ADMINISTRATORS)
def act(request: HttpRequest, number: int, name: str) -> HttpResponse:
    """Do it, with a reason."""
    staff = get_object_or_404(of_region(request.user.region_id), pk=number)
    wanted, form = ACTS[name], ReasonForm(posted(request))
    if not form.does(lambda: wanted.does(username=staff.username, reason=form.cleaned_data["reason"])):
        return render(request, "console/administration/act.html", {"staff": staff, "act": wanted, "form": form})
    if isinstance(form.result, acts.Handed):
        return render(request, "console/administration/handed.html", {"handed": form.result, "made": False})
    messages.success(request, wanted.done)
    return redirect("account", number)


def of_region(region: str) -> QuerySet[Staff]:
    """Accounts within the region, by desk and name."""
    return (
        Staff.objects.filter(region__code__startswith=prefix(region))
        .select_related("region", "institution")
        .order_by("region_id", "desk", "username")
    )
