"""Writing what was planned of a roster, set by set, and taking it back; each statement one pass over its rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import connection

from tuodi.core.finding import Finding, Place
from tuodi.language.model import STATUSES
from tuodi.platform.base.seal import masked_name
from tuodi.platform.registry.delivery import WRITES
from tuodi.platform.registry.knowing import TODAY, execute, moment, one
from tuodi.platform.registry.models import Roster
from tuodi.platform.registry.plan import PROBING

BLOCKERS_TOLD = 50


def written(row: Roster) -> bool:
    """Writes all of the plan; False where it no longer fits, and the transaction must not hold."""
    values = {
        "roster": row.id, "region": row.region_id, "department": row.department, "at": moment(),
        "writes": [kind.name for kind in WRITES], "reason": f"导入名单 {row.id}",
    }  # fmt: skip
    execute(_DOING, values)
    execute("analyze registry_doing (person_id, number_index, household_number, old_id)", {})
    execute(PROBING, {})
    fits = _all_written(values)
    execute("drop table registry_doing", {})
    return fits


def _all_written(values: Mapping[str, Any]) -> bool:
    execute(_HOUSEHOLDS, values)
    if not one(_PERSONS, values):
        return False
    execute(_SETTLED_IN, values)
    if not one(_SUPERSEDED, values):
        return False
    execute(_STATUSES, values)
    execute(_NOTES, values)
    return True


def taken_back(row: Roster, reason: str) -> None:
    """What the roster wrote is known no more, and what it superseded is known again."""
    values = {"roster": row.id, "at": moment(), "reason": reason}
    for statement in (_NOTES, _CLOSE, _REINSTATE):
        execute(statement, values)


def blockers(row: Roster) -> list[Finding]:
    """What later knowledge rests on, so that the roster can't be taken back: at most so many are told."""
    with connection.cursor() as cursor:
        cursor.execute(_BLOCKED, [row.id, BLOCKERS_TOLD])
        rows: list[tuple[str, str, date, datetime]] = cursor.fetchall()
    gone = sum(row.counts[kind.name] for kind in WRITES) - int(one(_LEFT, {"roster": row.id}))
    found = [
        _blocker(f"{masked_name(name)}自 {start} 的{STATUSES[status]}在导入之后又有变动（{later:%Y-%m-%d %H:%M}）")
        for name, status, start, later in rows
    ]
    return [*found, _blocker(f"名单上有 {gone} 条记录的人已移交别的区划")] if gone else found


def lock_persons(which: str, values: Mapping[str, Any]) -> None:
    """In order of their ids, so that two who lock never wait for each other in a circle."""
    execute(f"select id from registry_person where id in ({which}) order by id for no key update", values)


def _blocker(message: str) -> Finding:
    remedy = "先撤销后来的变动，或逐条更正"
    return Finding(code="roster-built-upon", message=message, place=Place(path="roster"), remedy=remedy)


# ---- doing -----------------------------------------------------------------------------------------------------------

_DOING = """
create temporary table registry_doing on commit drop as
select * from registry_roster_row where roster_id = %(roster)s and kind = any(%(writes)s)
"""
_HOUSEHOLDS = """
insert into registry_household (region_id, number, township, village, address)
select distinct on (household_number) %(region)s, household_number, township, village, address
from registry_doing where household_number <> ''
order by household_number, position
on conflict (region_id, number) do nothing
"""
_PERSONS = """
with fresh as materialized (
  select distinct on (number_index) * from registry_doing where person_id is null order by number_index, position
), added as (
  insert into registry_person (
    region_id, number_sealed, number_index, name, name_key, name_initials, sex, birth_date, household_id, relation)
  select %(region)s, f.number_sealed, f.number_index, f.name, f.name_key, f.name_initials, f.sex, f.birth_date, h.id,
    f.relation
  from fresh f
  left join registry_household h on h.region_id = %(region)s and h.number = f.household_number
  order by f.position
  on conflict (number_index) do nothing returning 1
)
select (select count(*) from fresh) = (select count(*) from added)
"""
_SETTLED_IN = """
update registry_person p set household_id = h.id, relation = coalesce(nullif(r.relation, ''), p.relation)
from registry_doing r
join registry_household h on h.region_id = %(region)s and h.number = r.household_number
where r.household_number <> '' and p.id = r.person_id
  and p.household_id is null
"""
_SUPERSEDED = """
with planned as materialized (
  select old_id from registry_doing where old_id is not null
), closed as (
  update registry_status set known_until = %(at)s
  where id in (select old_id from planned) and known_until is null returning 1
)
select (select count(*) from planned) = (select count(*) from closed)
"""
_STATUSES = """
insert into registry_status (
  person_id, region_id, status, starts_on, ends_on, applied_on, department, certificate, known_from, supersedes_id,
  roster_id)
select p.id, %(region)s, r.status, r.starts_on, r.ends_on, r.applied_on, %(department)s,
  coalesce(nullif(r.certificate, ''), o.certificate, ''), %(at)s, r.old_id, %(roster)s
from registry_doing r
join registry_person p on p.number_index = r.number_index
left join registry_status o on o.id = r.old_id
order by r.number_index  -- at random, as it were: one person after the other splits the constraint's index at its edge
"""
# Per person the first day on which something differs from what was known, where that day is not still to come.
_NOTES = f"""
insert into registry_change (person_id, region_id, from_day, reason)
select n.person_id, n.region_id, min(d.day), %(reason)s
from registry_status n
left join registry_status o on o.id = n.supersedes_id
cross join lateral (select case
  when o.id is null then registry_matters_from(n.starts_on, n.applied_on)
  when o.starts_on = n.starts_on and o.applied_on is not distinct from n.applied_on then least(o.ends_on, n.ends_on)
  else least(registry_matters_from(o.starts_on, o.applied_on), registry_matters_from(n.starts_on, n.applied_on))
end as day) d
where n.roster_id = %(roster)s and d.day <= {TODAY}
group by n.person_id, n.region_id order by n.person_id
"""

# ---- taking back -----------------------------------------------------------------------------------------------------

# A record of the roster that was superseded since; or one that it superseded, and whose days something else now takes.
_BLOCKED = """
select p.name, n.status, n.starts_on, later.known_from
from registry_status n
join registry_person p on p.id = n.person_id
left join registry_status o on o.id = n.supersedes_id
cross join lateral (
  select s.known_from from registry_status s where s.supersedes_id = n.id
  union all
  select n.known_until where n.known_until is not null
    and not exists (select from registry_status s where s.supersedes_id = n.id)
  union all
  select c.known_from from registry_status c
  where n.known_until is null and o.id is not null and c.person_id = o.person_id and c.status = o.status
    and c.known_until is null and c.id <> n.id and c.roster_id is distinct from n.roster_id
    and daterange(c.starts_on, c.ends_on) && daterange(o.starts_on, o.ends_on)
) later
where n.roster_id = %s
order by n.id limit %s
"""
_CLOSE = "update registry_status set known_until = %(at)s where roster_id = %(roster)s and known_until is null"
_REINSTATE = """
insert into registry_status (
  person_id, region_id, status, starts_on, ends_on, applied_on, department, certificate, known_from, supersedes_id)
select o.person_id, o.region_id, o.status, o.starts_on, o.ends_on, o.applied_on, o.department, o.certificate, %(at)s,
  n.id
from registry_status n join registry_status o on o.id = n.supersedes_id
where n.roster_id = %(roster)s
order by n.id
"""
_LEFT = "select count(*) from registry_status where roster_id = %(roster)s"
