"""A roster's way: upload, findings by cell and what would change, one button that takes it in, undo with a reason."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from tuodi.console.desks import ROSTER_READERS, ROSTER_WRITERS
from tuodi.console.forms import ConsoleForm, DayField, posted, reason_field
from tuodi.core.finding import Faults
from tuodi.language.model import STATUSES
from tuodi.platform.base.domain import Desk
from tuodi.platform.base.models import Staff
from tuodi.platform.base.signed_in import desks
from tuodi.platform.registry import certificate, roster, selectors, template
from tuodi.platform.registry.delivery import WRITES, Delivery, Mode, RowKind
from tuodi.platform.registry.domain import RECOGNISES, Department
from tuodi.platform.registry.selectors import PAGE, RosterView

FINDINGS_SHOWN = 200
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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
        own = departments_of(user)
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


def departments_of(user: Staff) -> list[Department]:
    """A department hands in its own rosters, a county for any."""
    return [one for one in Department if user.desk != Desk.department.name or one.name == user.department]


@desks(*ROSTER_READERS)
def listed(request: HttpRequest) -> HttpResponse:
    """The rosters that the desk sees, the newest first."""
    before = request.GET.get("before", "")
    rows = selectors.rosters(before=int(before) if before.isdecimal() else None)
    told = [(row, row.counts.get(RowKind.new, 0), row.counts.get(RowKind.ended, 0)) for row in rows]
    context = {"rows": told, "more": rows[-1].id if len(rows) == PAGE else None}
    return render(request, "console/rosters/listed.html", context)


@desks(*ROSTER_WRITERS)
def upload(request: HttpRequest) -> HttpResponse:
    """Hand a file in; nothing changes before somebody has looked at what it would change."""
    today = str(timezone.localdate())
    form = UploadForm(
        posted(request), request.FILES, user=request.user,
        initial={"received_on": today, "adjusted_on": today, "effective_on": today},
    )  # fmt: skip
    if form.does(form.keeps):
        return redirect("roster", form.result)
    context = {"form": form, "departments": departments_of(request.user), "modes": list(Mode)}
    return render(request, "console/rosters/upload.html", context)


@desks(*ROSTER_WRITERS)
def empty(request: HttpRequest, department: str, mode: str) -> HttpResponse:  # noqa: ARG001
    """The workbook that a department fills in."""
    if department not in Department.__members__ or mode not in Mode.__members__:
        raise Http404
    content = template.workbook(Department[department], Mode[mode])
    name = f"{department}-{mode}.xlsx"
    return HttpResponse(content, _XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@desks(*ROSTER_READERS)
def one(request: HttpRequest, number: int) -> HttpResponse:
    """What a roster would change or has changed, kind by kind, and what is wrong with its cells."""
    row = _seen(number)
    asked, start = request.GET.get("kind", ""), request.GET.get("start", "")
    kind = RowKind[asked] if asked in RowKind.__members__ else _first(row)
    at = int(start) if start.isdecimal() else 0
    count = row.counts.get(kind, 0)
    context = {
        "row": row, "rows": selectors.roster_rows(number, kind, start=at), "kind": kind, "labels": STATUSES,
        "next": at + PAGE if at + PAGE < count else None, "previous": max(at - PAGE, 0) if at else None,
        "writes": sum(row.counts.get(one, 0) for one in WRITES), "faulty": row.counts.get(RowKind.faulty, 0),
        "kinds": [(one, row.counts.get(one, 0)) for one in RowKind], "shown": FINDINGS_SHOWN,
        "findings": selectors.roster_findings(number, most=FINDINGS_SHOWN), "form": TakeInForm(), "undo": UndoForm(),
        "may": Desk[request.user.desk] in ROSTER_WRITERS, "statuses": [STATUSES[word] for word in row.covers],
    }  # fmt: skip
    return render(request, "console/rosters/one.html", context)


@desks(*ROSTER_READERS)
def paper(request: HttpRequest, number: int) -> HttpResponse:
    """The certificate of what the roster changed, as it is signed and filed: of a quarter, or as asked of a month."""
    row = _seen(number)
    of = certificate.month if "month" in request.GET else certificate.quarter
    period = of(row.adjusted_on)
    content = selectors.certificate(number, period=period, issued_on=timezone.localdate())
    assert content is not None, "a roster that is seen has a certificate"
    try:
        pdf = certificate.pdf(content)
    except Faults as faults:
        form = TakeInForm()
        form.findings = faults.findings
        return render(request, "console/rosters/refused.html", {"row": row, "form": form}, status=409)
    return HttpResponse(pdf, "application/pdf", headers={"Content-Disposition": f'inline; filename="{number}.pdf"'})


@desks(*ROSTER_WRITERS)
def decide(request: HttpRequest, number: int, verb: str) -> HttpResponse:
    """Take in as it was seen, put aside, or take back with a reason; what stands in the way is told."""
    row = _seen(number)
    form = (UndoForm if verb == "undo" else TakeInForm)(posted(request))
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
    return render(request, "console/rosters/refused.html", {"row": row, "form": form}, status=409)


def _seen(number: int) -> RosterView:
    found = selectors.roster(number)
    if found is None:
        raise Http404
    return found


def _first(row: RosterView) -> RowKind:
    """The first kind of which there are rows, what changes before what doesn't."""
    return next((kind for kind in (*WRITES, RowKind.faulty, *RowKind) if row.counts.get(kind)), RowKind.new)
