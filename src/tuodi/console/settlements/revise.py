"""Cancelling a bill and settling a person anew: first what would change, line by line, then one button; approvals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from tuodi.console import persons
from tuodi.console.desks import BILL_CHANGERS, COUNTIES, PROPOSAL_READERS
from tuodi.console.forms import ConsoleForm, posted, reason_field
from tuodi.console.pages import paged
from tuodi.console.settlements.found import seen
from tuodi.core.finding import Faults
from tuodi.platform.base.domain import Desk
from tuodi.platform.base.models import Staff
from tuodi.platform.base.signed_in import desks
from tuodi.platform.settlement import adopted, revision
from tuodi.platform.settlement.history import Difference, difference_read
from tuodi.platform.settlement.models import Proposal, Settlement
from tuodi.platform.settlement.selectors import consents, proposals_waiting


class ReasonForm(ConsoleForm):
    """Why."""

    reason = reason_field()


@desks(*BILL_CHANGERS)
def cancel(request: HttpRequest, number: int) -> HttpResponse:
    """The bill never was. The county sees beforehand what else changes; a hospital, what changes of its own bills."""
    row = get_object_or_404(seen(), pk=number)
    form = ReasonForm(posted(request))

    def act() -> revision.Revision:
        return revision.cancel(settlement=number, on=timezone.localdate(), reason=form.cleaned_data["reason"])

    preview = _previewed(form, lambda: revision.preview(act="cancel", person=row.person_id, settlement=number))
    context = {"row": row, "title": f"冲销结算 {row.sender_key}", "verb": "冲销这笔结算", "preview": preview}
    return _revised(request, form, act, context, back=("settlement", number))


@desks(*COUNTIES)
def resettle(request: HttpRequest, number: int) -> HttpResponse:
    """All of a person's bills by what is known by now."""
    who = persons.seen(number)
    form = ReasonForm(posted(request))

    def act() -> revision.Revision:
        return revision.resettle(person=number, on=timezone.localdate(), reason=form.cleaned_data["reason"])

    context = {
        "who": who, "title": f"重新结算{who.name}的费用", "verb": "提交重新结算",
        "preview": _previewed(form, lambda: revision.preview(act="resettle", person=number)),
    }  # fmt: skip
    return _revised(request, form, act, context, back=("person", number))


def _previewed(form: ConsoleForm, look: Callable[[], revision.Revision]) -> revision.Revision | None:
    """What would change; None where it cannot be told, with the findings on the form."""
    try:
        return look()
    except Faults as faults:
        form.findings = faults.findings
        return None


def _revised(
    request: HttpRequest,
    form: ReasonForm,
    act: Callable[[], revision.Revision],
    context: dict[str, Any],
    back: tuple[str, int],
) -> HttpResponse:
    if form.does(act):
        done(request, form.result)
        return redirect(back[0], back[1])
    context |= {"form": form, "back": back, **shown(context["preview"])}
    return render(request, "console/settlements/revise.html", context)


def done(request: HttpRequest, revised: revision.Revision) -> None:
    """Says what became of it."""
    messages.success(request, _BECAME.get(revised.state, "没有结算会改变，什么也没有动。"))


_BECAME = {"done": "已办好，账目已经调整。", "proposed": "别的结算也会改变，已提交，等审批同意后调整。"}


def shown(preview: revision.Revision | None) -> dict[str, Any]:
    """What the table of differences needs: the benefits' names, which settlements the desk may open, who decides."""
    told = preview.differences if preview else ()
    return {"labels": _labels(told), "own": _own(told), "waits": not all(one.own for one in told)}


def _labels(differences: Sequence[Difference]) -> dict[str, str]:
    """The benefits' names in the policies by which the settlements were made."""
    policies = Settlement.objects.filter(pk__in=[one.settlement for one in differences]).values_list("policy_id")
    return {
        benefit.id: benefit.label
        for (policy,) in policies.distinct()
        for benefit in adopted.ready(policy).policy.benefits
    }


@desks(*PROPOSAL_READERS)
def proposals(request: HttpRequest) -> HttpResponse:
    """Changes that wait for an approval, and those that were decided."""
    waiting = "decided" not in request.GET
    decided = Proposal.objects.filter(adoption=None, decision__isnull=False).select_related("decision")
    page = paged(request, (proposals_waiting() if waiting else decided).order_by("-id"))
    told = [(row, sum(_relief(row)), _missing(row)) for row in page["page"].object_list]
    return render(request, "console/settlements/proposals.html", {**page, "rows": told, "waiting": waiting})


@desks(*PROPOSAL_READERS)
def proposal(request: HttpRequest, number: int) -> HttpResponse:
    """Old and new, line by line; approved or rejected by somebody else than who proposed it."""
    row = get_object_or_404(Proposal, pk=number)
    form = ReasonForm(posted(request))
    form.fields["reason"].required = request.POST.get("act") == "reject"
    if request.method == "POST" and Desk[request.user.desk] is not Desk.county:
        raise Http404
    if form.does(lambda: _decided(request, number, form)):
        messages.success(request, _SAYS[form.result.state] if form.result else "没有同意，什么也没有动。")
        return redirect("proposals")
    told = [difference_read(kept) for kept in row.differences]
    context = {
        "row": row, "form": form, "differences": told, "relief": sum(_relief(row)),
        "labels": _labels(told), "decision": getattr(row, "decision", None), "who": persons.named(row.person_id),
        "by": Staff.objects.filter(pk=row.staff_id).first(), "missing": _missing(row), "own": _own(told),
    }  # fmt: skip
    return render(request, "console/settlements/proposal.html", context)


_SAYS = {
    "done": "已同意，账目已经调整。",
    "consented": "已同意。还要别的区划同意，那时调整账目。",
    "proposed": "提出之后又有变化，已按现在的情况重新提出，请再看一遍。",
    "nothing": "提出之后又有变化，现在没有结算会改变，什么也没有动。",
}


def _missing(row: Proposal) -> list[str]:
    """The counties whose consent is missing."""
    given = consents(row.pk)
    return [region for region in row.regions if region not in given]


def _own(told: Sequence[Difference]) -> set[int]:
    """Which of the settlements the desk may open."""
    return {*Settlement.objects.filter(pk__in=[one.settlement for one in told]).values_list("pk", flat=True)}


def _decided(request: HttpRequest, number: int, form: ReasonForm) -> revision.Revision | None:
    reason = form.cleaned_data["reason"]
    if request.POST.get("act") == "reject":
        revision.reject(proposal=number, reason=reason)
        return None
    return revision.approve(proposal=number, on=timezone.localdate(), reason=reason)


def _relief(row: Proposal) -> list[int]:
    return [difference_read(kept).relief for kept in row.differences]
