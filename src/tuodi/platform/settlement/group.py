"""Proposals that an adoption made, approved by a county with one act: their number, sum and last one as it saw them.

The act is the county's consent to each of them, by somebody with a name. What is to be posted is posted behind it, each
person in a transaction of its own; a proposal that no longer matches by then is made anew and waits for another look.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from tuodi.core.finding import Faults, finding
from tuodi.platform.base import audit
from tuodi.platform.settlement import whose
from tuodi.platform.settlement.models import Policy
from tuodi.platform.settlement.revision import CARRY_OUT

_STATES = """
select case when d.decision is not null then d.decision
            when s.id is null then 'waiting'
            when (select count(*) from settlement_consent a where a.proposal_id = p.id) < cardinality(p.regions)
              then 'elsewhere' else 'posting' end as state,
  count(*), coalesce(sum(c.bills), 0), coalesce(sum(c.relief_fen), 0)::bigint, coalesce(max(p.id), 0)
from settlement_concern c join settlement_proposal p on p.id = c.proposal_id
left join settlement_decision d on d.proposal_id = p.id
left join settlement_consent s on s.proposal_id = p.id and s.region_id = c.region_id
where p.adoption_id = %(policy)s and c.region_id = %(region)s group by 1
"""
# Nobody consents to what they proposed. Who comes later is not kept waiting for all of them: they fall due one by one.
_CONSENT = """
with waiting as materialized (select p.id from settlement_waiting w join settlement_proposal p on p.id = w.proposal_id
    where w.adoption_id = %(policy)s and w.region_id = %(region)s and p.id <= %(last)s
      and p.staff_id is distinct from tuodi_staff()),
given as (insert into settlement_consent (proposal_id, region_id, staff_id, reason)
    select id, %(region)s, tuodi_staff(), %(reason)s from waiting order by id)
insert into base_outbox (topic, key, due_at)
  select %(topic)s, 'proposal:' || w.id, clock_timestamp() + interval '5 ms' * row_number() over (order by w.id)
  from waiting w
"""
_ADOPTIONS = "select distinct adoption_id from settlement_waiting where region_id = %s and adoption_id is not null"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Proposals of a group in one state: how many, how many bills of the county, by how much in fen, the last one."""

    proposals: int = 0
    bills: int = 0
    relief: int = 0
    last: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """An adoption's proposals in a county. `elsewhere`: other counties consent too; `posting`: a worker posts."""

    waiting: Part
    elsewhere: Part
    posting: Part
    approved: Part
    rejected: Part
    overtaken: Part

    @property
    def seen(self) -> str:
        """What whoever approves has seen."""
        return f"{self.waiting.proposals}:{self.waiting.relief}:{self.waiting.last}"


def group(policy: int, region: str) -> Group:
    """The adoption's proposals in the county, by state."""
    with connection.cursor() as cursor:
        cursor.execute(_STATES, {"policy": policy, "region": region})
        parts = {
            state: Part(proposals=proposals, bills=bills, relief=relief, last=last)
            for state, proposals, bills, relief, last in cursor.fetchall()
        }
    return Group(**{name: parts.get(name, Part()) for name in Group.__dataclass_fields__})


def adoptions_to_decide(region: str) -> list[Policy]:
    """The adopted policies of which proposals wait for the county."""
    with connection.cursor() as cursor:
        cursor.execute(_ADOPTIONS, [region])
        found = [policy for (policy,) in cursor.fetchall()]
    return list(Policy.objects.filter(pk__in=found).order_by("pk"))


def approve(*, policy: int, region: str, seen: str, reason: str) -> int:
    """The county consents to all of the adoption's proposals as it has seen them; how many there were.

    Inside the county's scope. Raises Faults: `adoption-unknown`, `group-moved`, `own-proposal` where nobody has a name.
    """
    if not whose.owns(region):
        raise Faults([finding("adoption-unknown", f"{region} 的变更不归这里审批", remedy="由该县（市、区）审批")])
    now = group(policy, region)
    if not now.waiting.proposals or seen != now.seen:
        raise Faults([finding("group-moved", "看过之后又有变化，没有同意任何一件", remedy="看现在的合计，再同意")])
    with connection.cursor() as cursor:
        cursor.execute("select tuodi_staff()")
        if cursor.fetchone()[0] is None:
            raise Faults([finding("own-proposal", "审批的人要有账号", remedy="登录后审批")])
        values = {"policy": policy, "region": region, "last": now.waiting.last, "reason": reason, "topic": CARRY_OUT}
        cursor.execute(_CONSENT, values)
    details = {"proposals": now.waiting.proposals, "relief": now.waiting.relief, "last": now.waiting.last}
    audit.record(
        act="settlement.consent_to_all", subject=f"policy:{policy}", region=region, reason=reason, details=details
    )
    return now.waiting.proposals
