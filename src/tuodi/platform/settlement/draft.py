"""A policy looked at before it is adopted: what would change is found behind it, and nothing settles by it yet."""

from __future__ import annotations

from django.db import connection

from tuodi.core.finding import Faults, finding
from tuodi.platform.base import audit
from tuodi.platform.settlement import sweep
from tuodi.platform.settlement.adopted import Wanted, begin_sweep, candidate_row, in_force, require_ours
from tuodi.platform.settlement.models import Policy


def make(*, wanted: Wanted, reason: str) -> int:
    """What a region wants to settle by, to be looked at; the draft's row.

    Inside the scope of the city. Raises Faults as `adopted.adopt`.
    """
    made = candidate_row(wanted, reason)
    made.draft = True
    made.save(force_insert=True)
    audit.record(act="settlement.draft", subject=f"policy:{made.pk}", region=wanted.region, reason=reason)
    begin_sweep(made.pk)
    return int(made.pk)


def adopt(*, draft: int, reason: str) -> int:
    """The draft is adopted as it was looked at; the policy row in force. Whom it concerns is settled again behind it.

    Raises Faults: `draft-unknown`, `adoption-not-yours`, `draft-adopted`, `draft-unfinished`.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(4107, hashtext(%s))", [f"draft:{draft}"])
    seen = Policy.objects.filter(pk=draft, draft=True).first()
    if seen is None:
        raise Faults([finding("draft-unknown", f"没有测算 {draft}", remedy="刷新页面")])
    require_ours(seen.region_id)
    if Policy.objects.filter(drafted_as=draft).exists():
        raise Faults([finding("draft-adopted", f"测算 {draft} 的政策已经采用", remedy="看采用后的重算")])
    if not sweep.progress(draft).finished:
        raise Faults([finding("draft-unfinished", f"测算 {draft} 还没有做完", remedy="等测算做完，看过结果再采用")])
    return in_force(
        Policy(
            region_id=seen.region_id, starts_on=seen.starts_on, document_id=seen.document_id, plan_id=seen.plan_id,
            parameters=seen.parameters, otherwise=seen.otherwise, reason=reason, drafted_as=seen,
        )
    )  # fmt: skip
