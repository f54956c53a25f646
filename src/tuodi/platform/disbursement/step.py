"""The one way in which an order moves on: an act is judged, written as a step, and told to the trail."""

from __future__ import annotations

from django.db import connection

from tuodi.core.finding import Faults
from tuodi.platform.base import audit
from tuodi.platform.base.actor import actor
from tuodi.platform.disbursement import content, models
from tuodi.platform.disbursement.domain import Act, findings
from tuodi.platform.disbursement.here import take_turn

_ADD = """
insert into disbursement_step (order_id, region_id, number, act, status, content, reason)
values (%s, '', 0, %s, %s, %s, %s)
"""


def take(order: models.Order, act: Act, *, mark: str, reason: str = "") -> None:
    """Does the act upon what has this mark, in the caller's transaction. Raises Faults as `judged`."""
    judged(order, act, reason=reason)
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [order.pk, act.name, act.gives.name, mark, reason.strip()])
    audit.record(
        act=f"disbursement.{act.name}", subject=f"order:{order.pk}", region=order.region_id, reason=reason.strip(),
        details={"content": mark},
    )  # fmt: skip


def judged(order: models.Order, act: Act, *, reason: str = "") -> None:
    """Takes the turn and says whether the act may follow now. Faults: `order-…`, `four-eyes…`, all of them."""
    take_turn(order.region_id)
    desk, staff = actor()
    if found := findings(act, content.steps(order.pk), desk=desk, staff=staff, reason=reason):
        raise Faults(found)
