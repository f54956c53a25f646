"""Proposals that an adoption made, approved by a county with one act: their number, sum and last one as it saw them.

The act is the county's consent to each of them, by somebody with a name. What is to be posted is posted behind it, each
person in a transaction of its own; a proposal that no longer matches by then is made anew and waits for another look.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection, transaction

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
# What is given is what is counted: one statement, so that nothing comes between looking and consenting.
_CONSENT = """
with waiting as materialized (
  select p.id, c.relief_fen,
      p.staff_id is distinct from tuodi_staff() and not settlement_gave_cause(p.id, tuodi_staff()) as anothers
    from settlement_waiting w join settlement_proposal p on p.id = w.proposal_id
      join settlement_concern c on c.proposal_id = p.id and c.region_id = w.region_id
    where w.adoption_id = %(policy)s and w.region_id = %(region)s),
given as (insert into settlement_consent (proposal_id, region_id, staff_id, reason)
    select id, %(region)s, tuodi_staff(), %(reason)s from waiting where anothers order by id
    on conflict do nothing returning proposal_id),
errands as (insert into base_outbox (topic, key, due_at)
    select %(topic)s, 'proposal:' || g.proposal_id,
      clock_timestamp() + interval '5 ms' * row_number() over (order by g.proposal_id)
    from given g)
select count(*), coalesce(sum(relief_fen), 0)::bigint, coalesce(max(id), 0), count(*) filter (where anothers),
  coalesce(sum(relief_fen) filter (where anothers), 0)::bigint, (select count(*) from given) from waiting
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
        return _seen(self.waiting.proposals, self.waiting.relief, self.waiting.last)


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


@transaction.atomic
def approve(*, policy: int, region: str, seen: str, reason: str) -> int:
    """The county consents to all of the adoption's proposals as it has seen them, its own apart; how many it gave.

    Inside the county's scope. Raises Faults: `adoption-unknown`, `group-moved`, `own-proposal` where nobody has a name,
    or nothing waits but what they have a hand in themselves.
    """
    if not whose.owns(region):
        raise Faults([finding("adoption-unknown", f"{region} 的变更不归这里审批", remedy="由该县（市、区）审批")])
    with connection.cursor() as cursor:
        cursor.execute("select tuodi_staff(), pg_advisory_xact_lock(4110, hashtext(%s))", [f"{policy}:{region}"])
        if cursor.fetchone()[0] is None:
            raise Faults([finding("own-proposal", "审批的人要有账号", remedy="登录后审批")])
        cursor.execute(_CONSENT, {"policy": policy, "region": region, "reason": reason, "topic": CARRY_OUT})
        proposals, relief, last, anothers, agreed, given = cursor.fetchone()
    if not proposals or seen != _seen(proposals, relief, last) or given != anothers:
        raise Faults([finding("group-moved", "看过之后又有变化，没有同意任何一件", remedy="看现在的合计，再同意")])
    if not given:
        raise Faults([finding("own-proposal", "这些变更都有您自己的手续", remedy="请另一位经办人审批")])
    details = {"proposals": given, "relief": agreed, "last": last}
    audit.record(
        act="settlement.consent_to_all", subject=f"policy:{policy}", region=region, reason=reason, details=details
    )
    return int(given)


def _seen(proposals: int, relief: int, last: int) -> str:
    return f"{proposals}:{relief}:{last}"
