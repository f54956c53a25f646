"""What is known is only ever superseded; who sees whom; and a person as the case format has it."""

from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations

from tuodi.platform.base.domain import Desk
from tuodi.platform.base.rls import ROLE, append_only, guarded

# No two rows of a person overlap in days and in knowledge at once; whoever moves to another county takes them along.
PERIODS = """
alter table registry_status
  add constraint registry_status_no_overlap exclude using gist (
    person_id with =, status with =, daterange(starts_on, ends_on) with &&, tstzrange(known_from, known_until) with &&),
  add constraint registry_status_knowledge check (known_until >= known_from),
  add constraint registry_status_person foreign key (person_id, region_id)
    references registry_person (id, region_id) on update cascade;
alter table registry_insurance
  add constraint registry_insurance_no_overlap exclude using gist (
    person_id with =, daterange(starts_on, ends_on) with &&, tstzrange(known_from, known_until) with &&),
  add constraint registry_insurance_knowledge check (known_until >= known_from),
  add constraint registry_insurance_person foreign key (person_id, region_id)
    references registry_person (id, region_id) on update cascade;

create function registry_superseded_once() returns trigger language plpgsql as $$
declare kept jsonb := to_jsonb(old) - 'known_until' - 'region_id';
begin
  if kept <> to_jsonb(new) - 'known_until' - 'region_id'
     or old.known_until is not null and new.known_until is distinct from old.known_until then
    raise exception 'what % knows is superseded by a new row, never changed', tg_table_name
      using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
create trigger superseded_once before update on registry_status
  for each row execute function registry_superseded_once();
create trigger superseded_once before update on registry_insurance
  for each row execute function registry_superseded_once();
create trigger never_removed before delete on registry_status
  for each row execute function tuodi_never_changed();
create trigger never_emptied before truncate on registry_status execute function tuodi_never_changed();
create trigger never_removed before delete on registry_insurance
  for each row execute function tuodi_never_changed();
create trigger never_emptied before truncate on registry_insurance execute function tuodi_never_changed();
"""

# A department sees and writes what it has recognised itself: nobody else's list of the HIV-infected is its business.
DEPARTMENTS = f"""
create function registry_department() returns text language sql stable security definer set search_path = public, pg_temp
  as $$ select coalesce((select department from base_staff where id = tuodi_staff()), '') $$;
create policy own_department on registry_status as restrictive for all to {ROLE}
  using (tuodi_desk() <> 'department' or department = registry_department());
"""

# Hospitals treat people from anywhere, so these two look past row-level security, and answer only the desks named.
DOORS = """
create function registry_answers(region text) returns boolean language sql stable parallel safe
  return tuodi_desk() in ('hospital', 'system')
    or tuodi_desk() in ('township', 'county', 'city', 'supervisor', 'insurer') and tuodi_within(region);

create function registry_case_person_at(person bigint, day date, moment timestamptz) returns jsonb
  language sql stable security definer set search_path = public, pg_temp as $$
  select jsonb_build_object(
    'id', p.id::text,
    'birth_date', p.birth_date,
    'insurance', coalesce((
      select i.kind from registry_insurance i
      where i.person_id = p.id and i.starts_on <= day and (i.ends_on is null or day < i.ends_on)
        and i.known_from <= moment and (i.known_until is null or moment < i.known_until)), 'none'),
    'statuses', coalesce((
      select jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
        'status', s.status, 'from', s.starts_on, 'to', s.ends_on, 'applied_on', s.applied_on))
        order by s.starts_on, s.status)
      from registry_status s
      where s.person_id = p.id and s.known_from <= moment and (s.known_until is null or moment < s.known_until)),
      '[]'))
  from registry_person p where p.id = person and registry_answers(p.region_id)
$$;
create function registry_case_person(person bigint, day date) returns jsonb
  language sql stable security definer set search_path = public, pg_temp as $$
  select jsonb_build_object(
    'id', p.id::text,
    'birth_date', p.birth_date,
    'insurance', coalesce((
      select i.kind from registry_insurance i
      where i.person_id = p.id and i.known_until is null
        and i.starts_on <= day and (i.ends_on is null or day < i.ends_on)), 'none'),
    'statuses', coalesce((
      select jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
        'status', s.status, 'from', s.starts_on, 'to', s.ends_on, 'applied_on', s.applied_on))
        order by s.starts_on, s.status)
      from registry_status s where s.person_id = p.id and s.known_until is null), '[]'))
  from registry_person p where p.id = person and registry_answers(p.region_id)
$$;
create function registry_find(wanted bytea)
  returns table (id bigint, region_id text, name text, sex text, birth_date date)
  language sql stable security definer set search_path = public, pg_temp as $$
  select p.id, p.region_id, p.name, p.sex, p.birth_date from registry_person p
  where p.number_index = wanted and registry_answers(p.region_id)
$$;
-- In which county a number is enrolled, for whoever has the number and may enrol it.
create function registry_county_of(wanted bytea) returns text
  language sql stable security definer set search_path = public, pg_temp as $$
  select p.region_id from registry_person p
  where p.number_index = wanted and tuodi_desk() in ('township', 'county', 'department', 'system')
$$;
-- The county that bears the relief hands a person over to another one; nobody takes one.
create function registry_hand_over(person bigint, county text) returns boolean
  language plpgsql security definer set search_path = public, pg_temp as $$ begin
  update registry_person p set region_id = county, household_id = null
  where p.id = person and tuodi_desk() in ('county', 'system') and tuodi_owns(p.region_id);
  return found;
end $$;
"""

READERS = (Desk.township, Desk.county, Desk.department, Desk.city, Desk.supervisor, Desk.insurer)
WRITERS = (Desk.township, Desk.county, Desk.department)
RECOGNISERS = (Desk.county, Desk.department)

UNDO = """
drop function registry_hand_over(bigint, text), registry_county_of(bytea), registry_find(bytea),
  registry_case_person(bigint, date), registry_case_person_at(bigint, date, timestamptz), registry_answers(text);
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial")]

    operations = [
        BtreeGistExtension(),
        migrations.RunSQL(PERIODS, migrations.RunSQL.noop),
        guarded("registry_household", reads=READERS, writes=WRITERS, updates=True),
        guarded("registry_person", reads=READERS, writes=WRITERS, updates=True),
        guarded("registry_insurance", reads=READERS, writes=(Desk.county,), updates=True),
        guarded("registry_status", reads=READERS, writes=RECOGNISERS, updates=True),
        guarded("registry_change", reads=READERS, writes=WRITERS),
        append_only("registry_change"),
        migrations.RunSQL(DEPARTMENTS, migrations.RunSQL.noop),
        migrations.RunSQL(DOORS, UNDO),
    ]
