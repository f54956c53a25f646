"""A settlement explains itself: three sentences, the fall from the whole bill to what the family pays, its history."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from tuodi.console.desks import BILL_CHANGERS, BILL_READERS, FUND_READERS
from tuodi.console.settlements import fall
from tuodi.console.settlements.found import seen
from tuodi.language.model import SERVICES
from tuodi.platform.base.domain import Desk
from tuodi.platform.base.models import Institution
from tuodi.platform.base.signed_in import desks
from tuodi.platform.disbursement.selectors import position
from tuodi.platform.settlement import adopted, selectors


@desks(*BILL_READERS)
def one(request: HttpRequest, number: int) -> HttpResponse:
    """The settlement; `?sheet` is what the patient takes home."""
    row = get_object_or_404(seen(), pk=number)
    why = selectors.explanation(number)
    context = {
        "row": row, "why": why, "rows": fall.rows(why, row.in_policy_fen), "service": SERVICES[row.service],
        "institution": Institution.objects.filter(pk=row.institution_id).first(),
        "document": adopted.ready(row.policy_id).policy.document,
        "may_cancel": Desk[request.user.desk] in BILL_CHANGERS and row.kind != "cancelled" and not row.replaced,
        "history": seen().filter(origin=row.origin).order_by("id"),
        "paying": position(row.region_id, row.origin) if Desk[request.user.desk] in FUND_READERS else None,
    }  # fmt: skip
    sheet = "sheet" in request.GET
    return render(request, f"console/settlements/{'sheet' if sheet else 'one'}.html", context)
