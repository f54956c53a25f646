"""The one way in which a statement moves on: an act is judged, written as a step, and told to the trail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import connection

from tuodi.core.finding import Faults
from tuodi.platform.base import audit
from tuodi.platform.base.actor import actor
from tuodi.platform.clearing import content, models
from tuodi.platform.clearing.domain.steps import Act, findings
from tuodi.platform.clearing.here import take_turn

_ADD = """
insert into clearing_step (statement_id, region_id, institution_id, number, act, status, content, reason, concerns,
                           lapses_on)
values (%s, '', '', 0, %s, %s, %s, %s, %s, %s)
"""


def take(
    statement: models.Statement,
    act: Act,
    *,
    fingerprint: str,
    reason: str = "",
    concerns: Sequence[int] = (),
    lapses_on: date | None = None,
) -> None:
    """Does the act upon the content with this fingerprint, in the caller's transaction. Raises Faults as `judged`."""
    judged(statement, act, reason=reason)
    with connection.cursor() as cursor:
        cursor.execute(
            _ADD,
            [statement.pk, act.name, act.gives.name, fingerprint, reason.strip(), list(concerns), lapses_on],
        )
    audit.record(
        act=f"clearing.{act.name}",
        subject=f"statement:{statement.pk}",
        region=statement.region_id,
        reason=reason.strip(),
        details={"content": fingerprint, "institution": statement.institution_id, "month": str(statement.month)},
    )


def judged(statement: models.Statement, act: Act, *, reason: str = "") -> None:
    """Takes the turn and says whether the act may follow now. Faults: `statement-…`, `four-eyes…`, all of them."""
    take_turn(statement.region_id, statement.institution_id)
    desk, staff = actor()
    found = findings(
        act, content.steps(statement.pk), desk=desk, staff=staff, prepared=handled(statement.pk), reason=reason
    )
    if found:
        raise Faults(found)


def handled(statement: int) -> set[int]:
    """Who added or withdrew a disallowance of the statement: they prepare, too (INV-27)."""
    added = models.Disallowance.objects.filter(statement_id=statement).values_list("staff_id", flat=True)
    withdrawn = models.Withdrawal.objects.filter(statement_id=statement).values_list("staff_id", flat=True)
    return {staff for staff in (*added, *withdrawn) if staff is not None}
