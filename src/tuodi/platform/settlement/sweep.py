"""A policy row held against everybody with bills since its first day: a draft is looked at, an adopted one proposes.

Errands do it, each person in a transaction of its own, so that any number of workers share it, and one that is killed
leaves nothing half done. Persons are handed out a batch at a time: what else waits meanwhile is not kept waiting for
all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction

from tuodi.core.finding import Faults
from tuodi.platform.base import outbox
from tuodi.platform.base.domain import prefix
from tuodi.platform.settlement import revision, whose
from tuodi.platform.settlement.adopted import SWEEP
from tuodi.platform.settlement.asked import Asked, history_with
from tuodi.platform.settlement.elevated import as_system
from tuodi.platform.settlement.history import Difference, differences
from tuodi.platform.settlement.models import Outcome, Policy, Sweep

PERSON = "settlement.person"
BATCH = 200
TROUBLE_LENGTH = 500

_COUNT = """
select count(distinct person_id) from settlement_settlement
where starts_with(region_id, %s) and happened_on >= %s
"""
# In the order of the index of persons, so that no batch reads more than it hands out.
_NEXT = """
select distinct person_id from settlement_settlement
where person_id > %s and starts_with(region_id, %s) and happened_on >= %s order by person_id limit %s
"""
_ERRANDS = "insert into base_outbox (topic, key) select %s, %s || person from unnest(%s::bigint[]) p (person)"
_BY_COUNTY = """
select region_id, count(*) filter (where bills > 0), coalesce(sum(bills), 0), coalesce(sum(relief_fen), 0)::bigint,
  count(*) filter (where trouble <> '')
from settlement_outcome where policy_id = %s group by region_id order by region_id
"""
_WAITS = """
select exists (select from base_outbox where done_at is null and topic in (%s, %s)
  and (key = %s or starts_with(key, %s)))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountyEffect:
    """What a policy row means in a county: persons and bills that come out otherwise, and by how much in fen."""

    region: str
    persons: int
    bills: int
    relief: int
    troubles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a sweep is: `persons` None before it begins; what it has found, by county that the scope sees."""

    persons: int | None
    done: int
    finished: bool
    counties: tuple[CountyEffect, ...]

    @property
    def bills(self) -> int:
        """Bills that come out otherwise, of all counties."""
        return sum(county.bills for county in self.counties)

    @property
    def relief(self) -> int:
        """By how much relief changes in all, in fen."""
        return sum(county.relief for county in self.counties)

    @property
    def troubles(self) -> int:
        """Persons who cannot be settled by it."""
        return sum(county.troubles for county in self.counties)


def progress(policy: int) -> Progress:
    """How far the sweep of the policy row is, from what is kept of it; nothing is settled for it."""
    with as_system(), connection.cursor() as cursor:
        row = Sweep.objects.filter(pk=policy).first()
        done = Outcome.objects.filter(policy_id=policy).values("person_id").distinct().count()
        cursor.execute(_WAITS, [SWEEP, PERSON, _key(policy), f"{_key(policy)}:"])
        waits = bool(cursor.fetchone()[0])
    with connection.cursor() as cursor:
        cursor.execute(_BY_COUNTY, [policy])
        counties = tuple(
            CountyEffect(region=region, persons=persons, bills=bills, relief=relief, troubles=troubles)
            for region, persons, bills, relief, troubles in cursor.fetchall()
        )
    return Progress(
        persons=row and row.persons, done=done, finished=row is not None and not waits, counties=counties
    )  # fmt: skip


# ---- errands: in the system's scope ----------------------------------------------------------------------------------
def hand_out(*, policy: int, after: int) -> None:
    """The next persons' errands, and the next of this kind while there are more."""
    row = Policy.objects.get(pk=policy)
    within = [prefix(row.region_id), row.starts_on]
    with connection.cursor() as cursor:
        if not Sweep.objects.filter(pk=policy).exists():
            cursor.execute(_COUNT, within)
            Sweep.objects.create(policy_id=policy, persons=cursor.fetchone()[0])
        cursor.execute(_NEXT, [after, *within, BATCH])
        persons = [person for (person,) in cursor.fetchall()]
        cursor.execute(_ERRANDS, [PERSON, f"{_key(policy)}:person:", persons])
    if len(persons) == BATCH:
        outbox.put(topic=SWEEP, key=_key(policy), payload={"after": persons[-1]})


def reach(*, policy: int, person: int, on: date) -> None:
    """What the policy row means for the person; done once. What an event lacks for it is told, and moves nothing."""
    if Outcome.objects.filter(policy_id=policy, person_id=person).exists():
        return
    row = Policy.objects.get(pk=policy)
    try:
        with transaction.atomic():
            found, trouble = _found(row, person, on), ""
    except Faults as faults:
        found, trouble = (), "；".join(one.message for one in faults.findings)[:TROUBLE_LENGTH]
    Outcome.objects.bulk_create(
        Outcome(
            policy=row, person_id=person, region_id=region, trouble=trouble,
            bills=sum(one.region == region for one in found),
            relief_fen=sum(one.relief for one in found if one.region == region),
        )
        for region in {one.region for one in found} or {whose.home(person)}
    )  # fmt: skip


def _found(row: Policy, person: int, on: date) -> Sequence[Difference]:
    if row.draft:
        steps, _ = history_with(Asked("resettle", person, draft=row.pk))
        return differences(steps)
    return revision.resettle(person=person, on=on, reason=row.reason, adoption=row.pk).differences


def _key(policy: int) -> str:
    return f"policy:{policy}"
