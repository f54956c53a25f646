"""Changes in the registry looked at for what they mean: a status found late may move settlements of before."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, connection, transaction
from django.db.models import F

from tuodi.platform.registry.models import Change
from tuodi.platform.settlement import revision
from tuodi.platform.settlement.elevated import as_system
from tuodi.platform.settlement.models import Account, Review
from tuodi.platform.settlement.revision import NOTHING, Revision


def look_at(*, change: int, on: date) -> Revision:
    """What the change means for the person's settlements: proposed where any comes out otherwise. Done once.

    Inside the scope of the person's county, or the system's. Raises Faults as `revision.resettle`.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(4105, hashtext(%s))", [f"change:{change}"])
    row = Change.objects.get(pk=change)
    if Review.objects.filter(pk=change).exists() or not _settled(row):
        return _reviewed(row, NOTHING)
    return _reviewed(row, revision.resettle(person=row.person_id, on=on, reason=row.reason))


def _settled(row: Change) -> bool:
    """Whether anything of theirs is settled. Who read what was known before, and has not committed yet, reads again."""
    with as_system():
        if Account.objects.filter(pk=row.person_id).update(version=F("version") + 1):
            return True
        try:
            with transaction.atomic():  # waits for a first bill that is being committed, and leaves nothing
                Account.objects.create(pk=row.person_id, region_id=row.region_id, version=0)
                raise _NobodySettled
        except _NobodySettled:
            return False
        except IntegrityError:
            return True


class _NobodySettled(Exception):
    """To undo the account that was only tried."""


def _reviewed(row: Change, revised: Revision) -> Revision:
    with as_system():
        Review.objects.get_or_create(
            change_id=row.pk, defaults={"region_id": row.region_id, "proposal_id": revised.proposal}
        )
    return revised
