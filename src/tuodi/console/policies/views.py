"""Which policy settles where from when, and a policy clause by clause."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from tuodi.console.desks import ALL, CITIES, PROPOSAL_READERS
from tuodi.console.policies.drafting import parameters_of
from tuodi.language.coverage import KINDS, Row, coverage
from tuodi.language.model import Policy as Model
from tuodi.platform.base.domain import Desk, prefix
from tuodi.platform.base.signed_in import desks
from tuodi.platform.settlement import adopted
from tuodi.platform.settlement.models import Policy


@desks(*ALL)
def listed(request: HttpRequest) -> HttpResponse:
    """The policies of the desk's region, of what lies within it and of what it lies in; the newest first."""
    told = [(row, adopted.ready(row.pk).policy.document) for row in _concerning(request.user.region_id)]
    own = Policy.objects.select_related("document", "region").filter(region=request.user.region_id, draft=True)
    drafts = own.filter(policy=None).order_by("-pk") if Desk[request.user.desk] in CITIES else ()
    context = {"rows": told, "drafts": drafts, "watches": Desk[request.user.desk] in PROPOSAL_READERS}
    return render(request, "console/policies/listed.html", context)


@desks(*ALL)
def one(request: HttpRequest, number: int) -> HttpResponse:
    """A policy as it was adopted: its clauses, what each says, what the program has of it, and its parameters."""
    row = next((row for row in _concerning(request.user.region_id) if row.pk == number), None)
    if row is None:
        raise Http404
    policy = adopted.ready(number).policy
    labels = _labels(policy)
    clauses = [
        (told.clause, "、".join(KINDS[kind] for kind in told.clause.kinds), _used(told, labels))
        for told in coverage(policy).rows
    ]
    context = {
        "row": row, "document": policy.document, "clauses": clauses, "parameters": parameters_of(row, policy),
        "watches": Desk[request.user.desk] in PROPOSAL_READERS,
    }  # fmt: skip
    return render(request, "console/policies/one.html", context)


def _labels(policy: Model) -> dict[str, str]:
    """What the things that a clause is used in are called, as far as they have a name for people."""
    found = {benefit.id: benefit.label for benefit in policy.benefits}
    found |= {one.id: one.label for one in policy.classes}
    found |= {count.id: count.label for count in policy.counts.values()}
    return found | {parameter.id: parameter.label for parameter in policy.parameters.values()}


def _used(told: Row, labels: Mapping[str, str]) -> list[str]:
    return list(dict.fromkeys(labels[name] for name in (*told.clause.where, *told.cited_by) if name in labels))


def _concerning(region: str) -> list[Policy]:
    above = {f"{region[:2]}0000", f"{region[:4]}00", region}
    rows = Policy.objects.filter(draft=False).filter(Q(region__in=above) | Q(region__code__startswith=prefix(region)))
    return list(rows.select_related("region", "document", "plan").order_by("region_id", "-starts_on", "-id"))
