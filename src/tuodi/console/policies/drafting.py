"""A policy set by the city: which document, from when and with which parameters; what would change; then adopted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from tuodi.console.desks import CITIES
from tuodi.console.forms import ConsoleForm, DayField, posted, reason_field
from tuodi.console.pages import paged
from tuodi.console.policies.uploaded import files_of
from tuodi.core.finding import Faults, finding
from tuodi.core.money import format_rate, parse_rate
from tuodi.language.model import ParameterHole, ParameterType
from tuodi.language.model import Policy as Model
from tuodi.language.shelf import packaged_plans, packaged_policies
from tuodi.ledger.account import Source
from tuodi.ledger.posting import Share
from tuodi.platform.base.domain import prefix
from tuodi.platform.base.signed_in import desks
from tuodi.platform.settlement import adopted, draft, engines, sweep
from tuodi.platform.settlement.adopted import Wanted
from tuodi.platform.settlement.models import Document, Outcome, Policy

BEARERS = (Source.central, Source.provincial, Source.city, Source.county)


class DocumentForm(ConsoleForm):
    """A document of the package, one that was adopted before, or a folder of one's own."""

    document = forms.ChoiceField(label="文件", required=False)
    file = forms.FileField(label="或上传政策文件夹（zip）", required=False, help_text="含有 policy.yaml 的文件夹。")

    def __init__(self, *arguments: Any, region: str, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.known = _documents(region, plans=False)
        self.fields["document"].choices = [("", "请选择"), *self.known]

    def keeps(self) -> str:
        """The hash under which the document is kept. Raises Faults: all that is wrong with it."""
        if self.cleaned_data["file"]:
            return adopted.keep_document(files_of(self.cleaned_data["file"].read()))
        if not self.cleaned_data["document"]:
            raise Faults([finding("no-document", "没有选择文件", "document", "选择一个文件，或上传政策文件夹")])
        return adopted.keep_document(_files(self.cleaned_data["document"]))


class ParameterField(forms.CharField):
    """A parameter as the case format has it: one value, or a value a line for days or items. None: not set."""

    def __init__(self, hole: ParameterHole, by_day: bool = False, **named: Any) -> None:
        table = by_day or hole.type is ParameterType.MONEY_BY_ITEM
        widget = forms.Textarea(attrs={"rows": 4}) if table else forms.TextInput(attrs={"autocomplete": "off"})
        says = _SAYS[hole.type] + ("每行一个起日和值。" if by_day else "")
        super().__init__(label=hole.label, required=False, widget=widget, help_text=f"{says}{hole.clause}", **named)

    def prepare_value(self, value: Any) -> Any:
        """What a field shows of a stored value."""
        if isinstance(value, Mapping):
            return "\n".join(f"{name} {each}" if each is not None else str(name) for name, each in value.items())
        return value

    def clean(self, value: Any) -> Any:
        """The value. The policy tells what is wrong with it, with all other faults."""
        lines = [line.strip() for line in str(super().clean(value) or "").splitlines() if line.strip()]
        if not lines:
            return None
        if isinstance(self.widget, forms.Textarea) or any(_BY_DAY.match(line) for line in lines):
            return {name: each or None for name, _, each in (_last_word(line) for line in lines)}
        return lines[0]


_SAYS = {
    ParameterType.RATE: "如 70%。",
    ParameterType.MONEY: "元。",
    ParameterType.MONEY_BY_ITEM: "每行一项：名称和金额。",
}
_SCALARS = (ParameterType.RATE, ParameterType.MONEY)
_BY_DAY = re.compile(r"\d{4}-\d\d-\d\d\s")


def _last_word(line: str) -> tuple[str, str, str]:
    name, space, value = line.replace("\t", " ").rpartition(" ")
    return (name.strip(), space, value) if space else (value, "", "")


class DraftForm(ConsoleForm):
    """From when, with which plan and parameters, and who bears what the document leaves open."""

    starts_on = DayField(label="施行日", help_text="这天起发生的费用按它结算；早于今天的，会重算。")
    plan = forms.ChoiceField(label="参保方案", required=False, help_text="由它计算医保先付的部分；没有的，账单里写明。")
    reason = reason_field("依据")

    def __init__(self, *arguments: Any, policy: Model, region: str, before: Policy | None, **named: Any) -> None:
        initial = {"county": "100%"}
        if before is not None:
            initial |= {"county": ""} | {source: format_rate(points) for source, points in before.otherwise}
            initial |= {"plan": f"hash:{before.plan_id}" if before.plan_id else ""}
            initial |= {f"parameter_{name}": value for name, value in before.parameters.items()}
        super().__init__(*arguments, initial=initial, **named)
        self.fields["plan"].choices = [("", "没有"), *_documents(region, plans=True)]
        self.holes = policy.parameters
        for name, hole in self.holes.items():
            by_day = isinstance(initial.get(f"parameter_{name}"), Mapping) and hole.type in _SCALARS
            self.fields[f"parameter_{name}"] = ParameterField(hole, by_day)
        for source in BEARERS:
            text = "文件没有写由谁负担的救助，由谁负担。" if source is Source.county else ""
            self.fields[source.name] = forms.CharField(label=f"{source}分担", required=False, help_text=text)
        self.order_fields(["starts_on", "plan", *[f"parameter_{name}" for name in self.holes]])
        self.fields["reason"] = self.fields.pop("reason")

    def drafts(self, region: str, files: Mapping[str, str]) -> int:
        """The draft's number. Raises Faults."""
        said = self.cleaned_data
        parameters = {name: said[f"parameter_{name}"] for name in self.holes}
        wanted = Wanted(
            region=region, starts_on=said["starts_on"], files=files,
            plan_files=_files(said["plan"]) if said["plan"] else None,
            parameters={name: value for name, value in parameters.items() if value is not None},
            otherwise=tuple(self._shares()),
        )  # fmt: skip
        return draft.make(wanted=wanted, reason=said["reason"])

    def _shares(self) -> list[Share]:
        found, faults = [], []
        for source in BEARERS:
            typed = self.cleaned_data[source.name].strip()
            try:
                points = parse_rate(typed if typed.endswith("%") else f"{typed}%") if typed else 0
            except ValueError as why:
                faults.append(finding("share-unreadable", f"{source}分担：{why}", source.name, "写百分比，如 30%"))
                continue
            if points:
                found.append(Share(source=source, basis_points=points))
        if faults:
            raise Faults(faults)
        return found


@desks(*CITIES)
def choose(request: HttpRequest) -> HttpResponse:
    """First the document, with all its faults."""
    form = DocumentForm(posted(request), request.FILES or None, region=request.user.region_id)
    if form.does(form.keeps):
        return redirect("draft-policy", form.result)
    return render(request, "console/policies/choose.html", {"form": form})


@desks(*CITIES)
def prepare(request: HttpRequest, document: str) -> HttpResponse:
    """Then from when, and with what; what the region settles by now stands in the fields."""
    kept = get_object_or_404(Document, pk=document)
    region = request.user.region_id
    before = Policy.objects.filter(region=region, draft=False).order_by("-starts_on", "-id").first()
    policy = engines.loaded(kept.files)
    form = DraftForm(posted(request), policy=policy, region=region, before=before)
    if form.does(lambda: form.drafts(region, kept.files)):
        return redirect("draft", form.result)
    return render(request, "console/policies/prepare.html", {"form": form, "document": policy.document})


class AdoptForm(ConsoleForm):
    """On what it is adopted."""

    reason = reason_field("依据")


@desks(*CITIES)
def look(request: HttpRequest, number: int) -> HttpResponse:
    """What would change, by county, as far as it is found; adopted once all of it is seen."""
    own = Policy.objects.select_related("region", "plan").filter(region=request.user.region_id, draft=True)
    row = get_object_or_404(own, pk=number)
    form = AdoptForm(posted(request), initial={"reason": row.reason})
    if form.does(lambda: draft.adopt(draft=number, reason=form.cleaned_data["reason"])):
        messages.success(request, "已采用。从施行日起的结算正在重算，差额由各县（市、区）审批。")
        return redirect("resettled", form.result)
    ready = adopted.ready(number)
    context = {
        "row": row, "document": ready.policy.document, "form": form, "progress": sweep.progress(number),
        "parameters": parameters_of(row, ready.policy), "today": timezone.localdate(),
        "became": Policy.objects.filter(drafted_as=number).first(), **troubles(request, number),
    }  # fmt: skip
    return render(request, "console/policies/draft.html", context)


def parameters_of(row: Policy, policy: Model) -> list[tuple[str, Any]]:
    """Each parameter's label with what the row says of it; a table in one line."""
    return [(hole.label, _told(row.parameters.get(hole.id))) for hole in policy.parameters.values()]


def _told(value: Any) -> Any:
    if isinstance(value, Mapping):
        return "；".join(f"{name} {'没有设定' if each is None else each}" for name, each in value.items())
    return value


def troubles(request: HttpRequest, policy: int) -> dict[str, Any]:
    """Persons whom the policy cannot settle, page by page, within the scope."""
    rows = Outcome.objects.filter(policy_id=policy).exclude(trouble="").order_by("region_id", "person_id")
    return {"amiss": paged(request, rows)["page"]}


# ---- documents -------------------------------------------------------------------------------------------------------
def _documents(region: str, *, plans: bool) -> list[tuple[str, str]]:
    """Choices: what was adopted here, then what comes along with the program."""
    which = "plan" if plans else "document"
    rows = Policy.objects.filter(region__code__startswith=prefix(region), **{f"{which}__isnull": False})
    names = rows.values_list(f"{which}_id", f"{which}__name").distinct().order_by(f"{which}__name")
    packaged = packaged_plans() if plans else packaged_policies()
    return [
        *((f"hash:{key}", f"{name}（用过的，{key[:8]}）") for key, name in names),
        *((f"packaged:{name}", f"{name}（随程序提供）") for name in packaged),
    ]


def _files(choice: str) -> Mapping[str, str]:
    where, _, name = choice.partition(":")
    if where == "hash":
        found: Mapping[str, str] = Document.objects.get(pk=name).files
        return found
    return adopted.texts({**packaged_policies(), **packaged_plans()}[name])
