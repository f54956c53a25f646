"""A roster's way: upload, findings by cell and what would change, one button that takes it in, undo with a reason."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from tuodi.console.desks import ROSTER_READERS, ROSTER_WRITERS
from tuodi.console.forms import ConsoleForm, DayField, reason_field
from tuodi.console.pages import paged
from tuodi.language.model import STATUSES
from tuodi.platform.base.domain import Desk
from tuodi.platform.base.models import Staff
from tuodi.platform.base.seal import masked_name
from tuodi.platform.base.signed_in import desks
from tuodi.platform.registry import roster
from tuodi.platform.registry.delivery import WRITES, Delivery, Mode, RosterState, RowKind
from tuodi.platform.registry.domain import RECOGNISES, Department
from tuodi.platform.registry.models import Roster, RosterFinding, RosterRow

FINDINGS_SHOWN = 200


class UploadForm(ConsoleForm):
    """A roster and what comes with it."""

    file = forms.FileField(label="名单文件", help_text="xlsx 或 CSV，表头要有“姓名”和“身份证号码”。")
    department = forms.ChoiceField(label="报送部门", choices=[(one.name, one.value) for one in Department])
    mode = forms.ChoiceField(
        label="报送方式", choices=[(mode.name, mode.value) for mode in Mode],
        help_text="全量名单里没有的人，其身份从生效日期起终止。",
    )  # fmt: skip
    status = forms.ChoiceField(
        label="全部是",
        required=False,
        choices=[("", "名单里写明"), *STATUSES.items()],
        help_text="名单没有类别一列时选择。",
    )
    adjusted_on = DayField(label="部门调整日期", help_text="报送期限从这天算起。")
    effective_on = DayField(label="生效日期", help_text="名单没有写日期的，从这天起算。")
    received_on = DayField(label="收到日期")
    certificate = forms.CharField(label="认定文号", required=False, max_length=60)
    overwrite = forms.BooleanField(label="与已登记的时段不一致时，以名单为准", required=False)

    def __init__(self, *arguments: Any, user: Staff, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.region = user.region_id
        own = [one for one in Department if user.desk != Desk.department.name or one.name == user.department]
        self.fields["department"].choices = [(one.name, one.value) for one in own]
        words = {word for one in own for word in RECOGNISES[one]}
        choices = [(word, label) for word, label in STATUSES.items() if word in words]
        self.fields["status"].choices = [("", "名单里写明"), *choices]

    def keeps(self) -> int:
        """Reads the file and keeps what it would change; the roster's number. Faults of the file as a whole."""
        said = self.cleaned_data
        delivery = Delivery(
            region=self.region, department=Department[said["department"]], mode=Mode[said["mode"]],
            adjusted_on=said["adjusted_on"], effective_on=said["effective_on"], received_on=said["received_on"],
            certificate=said["certificate"], status=said["status"], overwrite=said["overwrite"],
        )  # fmt: skip
        return roster.preview(
            content=said["file"].read(), file_name=said["file"].name, delivery=delivery, today=timezone.localdate()
        )


class TakeInForm(ConsoleForm):
    """Whether rows with faults are left out."""

    without_faulty = forms.BooleanField(label="有问题的行不导入，改正后另报", required=False)


class UndoForm(ConsoleForm):
    """Why an import is taken back."""

    reason = reason_field("撤销的理由")


@desks(*ROSTER_READERS)
def listed(request: HttpRequest) -> HttpResponse:
    """The rosters that the desk sees, the newest first."""
    rows = Roster.objects.select_related("region").order_by("-id")
    context = {**paged(request, rows), "states": {state.name: state.value for state in RosterState}}
    return render(request, "console/rosters/listed.html", context)


@desks(*ROSTER_WRITERS)
def upload(request: HttpRequest) -> HttpResponse:
    """Hand a file in; nothing changes before somebody has looked at what it would change."""
    today = str(timezone.localdate())
    form = UploadForm(
        request.POST or None, request.FILES or None, user=request.user,
        initial={"received_on": today, "adjusted_on": today, "effective_on": today},
    )  # fmt: skip
    if form.does(form.keeps):
        return redirect("roster", form.result)
    return render(request, "console/rosters/upload.html", {"form": form})


@desks(*ROSTER_READERS)
def one(request: HttpRequest, number: int) -> HttpResponse:
    """What a roster would change or has changed, row by row, and what is wrong with its cells."""
    row = get_object_or_404(Roster.objects.select_related("region"), pk=number)
    kind = request.GET.get("kind", "")
    rows = RosterRow.objects.filter(roster=row).order_by("position")
    rows = rows.filter(kind=kind) if kind in RowKind.__members__ else rows.exclude(kind=RowKind.unchanged.name)
    page = paged(request, rows)
    told = [(each, masked_name(each.name), STATUSES.get(each.status or "", "—")) for each in page["page"].object_list]
    writes = sum(row.counts.get(kind.name, 0) for kind in WRITES)
    context = {
        **page, "row": row, "rows": told, "kind": kind, "writes": writes, "form": TakeInForm(), "undo": UndoForm(),
        "kinds": [(one.name, one.value, row.counts.get(one.name, 0)) for one in RowKind],
        "labels": {one.name: one.value for one in RowKind}, "findings": _findings(row), "shown": FINDINGS_SHOWN,
        "may": Desk[request.user.desk] in ROSTER_WRITERS, "statuses": [STATUSES[word] for word in row.covers],
    }  # fmt: skip
    return render(request, "console/rosters/one.html", context)


@desks(*ROSTER_WRITERS)
def decide(request: HttpRequest, number: int, verb: str) -> HttpResponse:
    """Take in as it was seen, put aside, or take back with a reason; what stands in the way is told."""
    row = get_object_or_404(Roster, pk=number)
    form = (UndoForm if verb == "undo" else TakeInForm)(request.POST or None)
    acts = {
        "take-in": lambda: roster.take_in(roster=number, without_faulty=form.cleaned_data["without_faulty"]),
        "discard": lambda: roster.discard(roster=number),
        "undo": lambda: roster.undo(roster=number, reason=form.cleaned_data["reason"]),
    }
    if request.method != "POST":
        return redirect("roster", number)
    if form.does(acts[verb]):
        done = {"take-in": "名单已导入。", "discard": "名单已作废。", "undo": "导入已撤销，恢复到导入之前的登记。"}
        messages.success(request, done[verb])
        return redirect("roster", number)
    return render(request, "console/rosters/refused.html", {"row": row, "form": form, "verb": verb}, status=409)


def _findings(row: Roster) -> list[RosterFinding]:
    return list(RosterFinding.objects.filter(roster=row).order_by("position", "id")[:FINDINGS_SHOWN])
