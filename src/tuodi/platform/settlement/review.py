"""Changes in the registry looked at for what they mean: a status found late may move settlements of before."""

from __future__ import annotations

from datetime import date

from django.db import connection

from tuodi.platform.registry.models import Change
from tuodi.platform.settlement import revision
from tuodi.platform.settlement.elevated import as_system
from tuodi.platform.settlement.models import Account, Review
from tuodi.platform.settlement.revision import NOTHING, Revision


def waiting(most: int = 1000) -> list[Change]:
    """The changes that nobody has looked at yet, the oldest first, as far as the scope sees."""
    return list(Change.objects.filter(review=None).order_by("pk")[:most])


def look_at(*, change: int, on: date) -> Revision:
    """What the change means for the person's settlements: proposed where any comes out otherwise. Done once.

    Inside the scope of the person's county, or the system's. Raises Faults as `revision.resettle`.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(4105, %s)", [change])
    row = Change.objects.get(pk=change)
    if Review.objects.filter(pk=change).exists() or not Account.objects.filter(person_id=row.person_id).exists():
        return _reviewed(row, NOTHING)
    return _reviewed(row, revision.resettle(person=row.person_id, on=on, reason=row.reason))


def _reviewed(row: Change, revised: Revision) -> Revision:
    with as_system():
        Review.objects.get_or_create(
            change_id=row.pk, defaults={"region_id": row.region_id, "proposal_id": revised.proposal}
        )
    return revised
