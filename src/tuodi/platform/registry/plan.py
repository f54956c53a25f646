"""What importing a roster would change: one statement over its rows and what is known, for looking and for doing alike.

A row and a period of the same person and status that is known:
none on any of the days — new, or continued where it follows one without a gap; the same — unchanged; the same start
and a later end — continued; an earlier one — ended; otherwise changed, where the delivery may overwrite. Somebody
whom a full list leaves out is ended on the effective day; withheld, where a number in the list cannot be read, since it
may be theirs.
"""

from __future__ import annotations

from collections.abc import Mapping

COLUMNS = (
    "position", "faulty", "number_sealed", "number_index", "name", "name_key", "name_initials", "sex", "birth_date",
    "status", "given_start", "given_end", "given_applied", "ends", "certificate", "household_number", "relation",
    "township", "village", "address",
)  # fmt: skip
"""Of a row as it was read, before anything is planned."""

PLAN = """
with entry as materialized (
  select s.*, p.id as person_id, p.name as known_name
  from registry_staged s
  left join registry_person p on p.number_index = s.number_index and p.region_id = %(region)s
),
abroad as materialized (
  select number_index from registry_enrolled_of(
    (select array_agg(number_index) from entry where person_id is null and number_index is not null)) as number_index
),
-- What holds on the effective day; for a removal, on the day before it.
meant as materialized (
  select e.*, n.id as now_id,
    case when e.ends then n.starts_on else coalesce(e.given_start, n.starts_on, %(effective)s::date) end as starts_on,
    case when e.ends then coalesce(e.given_end, %(effective)s::date)
      else coalesce(e.given_end, case when not %(ends_given)s then n.ends_on end) end as ends_on,
    case when e.ends then n.applied_on else coalesce(e.given_applied, n.applied_on) end as applied_on
  from entry e
  left join registry_known n on n.person_id = e.person_id and n.status = e.status
    and n.starts_on <= case when e.ends then coalesce(e.given_end, %(effective)s::date) - 1 else %(effective)s::date end
    and (n.ends_on is null
      or n.ends_on > case when e.ends then coalesce(e.given_end, %(effective)s::date) - 1 else %(effective)s::date end)
),
met as (
  select m.position,
    count(*) filter (where daterange(k.starts_on, k.ends_on) && daterange(m.starts_on, m.ends_on)) as overlaps,
    min(k.id) filter (where daterange(k.starts_on, k.ends_on) && daterange(m.starts_on, m.ends_on)) as old_id,
    bool_or(k.ends_on = m.starts_on) as adjoins
  from meant m join registry_known k on k.person_id = m.person_id and k.status = m.status
  where m.starts_on < coalesce(m.ends_on, 'infinity')
  group by m.position
),
judged as (
  select m.*, o.id as old_id,
    case
      when m.faulty then 'faulty'
      when m.known_name <> m.name then 'name-differs'
      when m.person_id is null and m.number_index in (select number_index from abroad) then 'enrolled-elsewhere'
      when m.ends and m.now_id is null then 'nothing-to-end'
      when m.ends_on <= m.starts_on then 'period-reversed'
      when m.applied_on > m.starts_on then 'from-before-application'
      when t.overlaps > 1 then 'overlaps-several'
      when o.id is null then case when t.adjoins then 'continued' else 'new' end
      when o.starts_on = m.starts_on and o.applied_on is not distinct from m.applied_on then case
        when o.ends_on is not distinct from m.ends_on then 'unchanged'
        when coalesce(m.ends_on, 'infinity') > coalesce(o.ends_on, 'infinity') then 'continued'
        else 'ended' end
      when %(overwrite)s then 'changed'
      else 'status-differs'
    end as outcome
  from meant m
  left join met t on t.position = m.position
  left join registry_known o on o.id = t.old_id
),
left_out as (
  select h.* from registry_status h
  where %(full)s and h.region_id = %(region)s and h.department = %(department)s and h.known_until is null
    and h.status = any(%(covers)s) and h.starts_on < %(effective)s::date
    and (h.ends_on is null or h.ends_on > %(effective)s::date)
    and not exists (select from entry e where e.person_id = h.person_id and e.status = h.status)
    and h.person_id not in (select person_id from entry where status is null and person_id is not null)
),
plan as (
  select position, faulty,
    case when outcome in ('new', 'continued', 'changed', 'ended', 'unchanged') then outcome else 'faulty' end as kind,
    case when outcome in ('new', 'continued', 'changed', 'ended', 'unchanged', 'faulty') then '' else outcome end
      as trouble,
    person_id, number_sealed, number_index, name, name_key, name_initials, sex, birth_date, status,
    given_start, given_end, given_applied, ends, starts_on, ends_on, applied_on, old_id,
    coalesce(nullif(certificate, ''), %(certificate)s) as certificate, household_number, relation, township, village,
    address
  from judged
  union all
  select null, false,
    case when exists (select from entry where number_index is null) then 'withheld' else 'ended' end,
    '', h.person_id, null, p.number_index, p.name, p.name_key, p.name_initials, p.sex, p.birth_date, h.status,
    null, null, null, true, h.starts_on, %(effective)s::date, h.applied_on, h.id, %(certificate)s, '', '', '', '', ''
  from left_out h join registry_person p on p.id = h.person_id
)
"""

HASH = """
select encode(sha256(coalesce(string_agg(
  concat_ws('|', position, kind, trouble, person_id, old_id, starts_on, ends_on, applied_on), E'\\n'
  order by position, old_id), '')::bytea), 'hex')
from {plan}
"""

STAGED = """
create temporary table registry_staged (
  position integer, faulty boolean, number_sealed bytea, number_index bytea, name text, name_key text,
  name_initials text, sex text, birth_date date, status text, given_start date, given_end date, given_applied date,
  ends boolean, certificate text, household_number text, relation text, township text, village text, address text
) on commit drop
"""

KNOWN = """
create temporary table registry_known on commit drop as
select id, person_id, status, starts_on, ends_on, applied_on from registry_status
where known_until is null and person_id in (
  select p.id from registry_staged s join registry_person p using (number_index) where p.region_id = %(region)s)
"""
"""What is known of the persons on the roster; a table, so that the planner can be told how much it is."""

_KEPT = (
    "position, faulty, kind, trouble, person_id, number_sealed, number_index, name, name_key, name_initials, sex, "
    "birth_date, status, given_start, given_end, given_applied, ends, starts_on, ends_on, applied_on, old_id, "
    "certificate, household_number, relation, township, village, address"
)


RESTAGED = f"""
insert into registry_staged ({", ".join(COLUMNS)})
select {", ".join(COLUMNS)} from registry_roster_row where roster_id = %(roster)s and position is not null
"""
"""The rows of a roster that was kept, staged once more."""

# Rows that this transaction has added are in no statistics: probing an index for each row is never far off.
PROBING = "set local enable_seqscan = off"
ROOM = "set local work_mem = '64MB'"
"""A roster of 100,000 is sorted and joined in memory."""


def keeping() -> str:
    """Plans the staged rows and keeps them as the roster's."""
    return (
        PLAN + f"insert into registry_roster_row (roster_id, region_id, {_KEPT}) "
        f"select %(roster)s, %(region)s, {_KEPT} from plan"
    )


def hash_as_kept() -> str:
    """The hash of the plan that was kept."""
    return HASH.format(plan="registry_roster_row where roster_id = %(roster)s")


def hash_by_now() -> str:
    """The hash of a plan of the staged rows against what is known by now."""
    return PLAN + HASH.format(plan="plan")


TROUBLES: Mapping[str, tuple[str, str, str]] = {
    "name-differs": ("name", "姓名与该身份证号码登记的不同", "核对身份证原件；登记错的，先更正登记"),
    "enrolled-elsewhere": ("number", "这个身份证号码已在外区划登记", "请登记地移交后再报送"),
    "nothing-to-end": ("change", "该人没有这项身份，无从减少", "核对身份和日期，或删去该行"),
    "period-reversed": ("ends_on", "止日不晚于起日", "核对起止日期"),
    "from-before-application": ("applied_on", "认定日期早于申请日期", "核对两个日期"),
    "overlaps-several": ("starts_on", "所写期间与已登记的几段期间重叠", "先逐段更正登记"),
    "status-differs": ("starts_on", "与已登记的起日或申请日不一致", "核对；名单为准的，预览时选“覆盖”"),
}
"""What a row and the registry disagree on: field, message and remedy, by trouble."""
