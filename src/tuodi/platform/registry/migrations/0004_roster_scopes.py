"""Who sees a roster, and which of the numbers on it are enrolled in another county."""

from django.db import migrations

from tuodi.platform.base.domain import Desk
from tuodi.platform.base.rls import ROLE, append_only, guarded

OWN = f"""
create policy own_department on registry_roster as restrictive for all to {ROLE}
  using (tuodi_desk() <> 'department' or department = registry_department());
create policy own_department on registry_roster_row as restrictive for select to {ROLE}
  using (tuodi_desk() <> 'department' or exists (select from registry_roster r where r.id = roster_id));
create policy own_department on registry_roster_finding as restrictive for select to {ROLE}
  using (tuodi_desk() <> 'department' or exists (select from registry_roster r where r.id = roster_id));
do $$ begin
  execute format('grant temporary on database %I to {ROLE}', current_database());
end $$;
"""

FUNCTIONS = """
-- Those of the numbers that are enrolled anywhere, for whoever has the numbers and may enrol them.
create function registry_enrolled_of(wanted bytea[]) returns setof bytea
  language sql stable security definer set search_path = public, pg_temp as $$
  select p.number_index from registry_person p join unnest(wanted) as w (number_index) using (number_index)
  where tuodi_desk() in ('township', 'county', 'department', 'system')
$$;
-- The first day on which a status can change a settlement: an application reaches back at most twelve months.
create function registry_matters_from(starts_on date, applied_on date) returns date language sql immutable parallel safe
  return least(starts_on, date_trunc('month', applied_on - interval '12 months')::date);
"""
UNDO = "drop function registry_enrolled_of(bytea[]), registry_matters_from(date, date)"

READERS = (Desk.township, Desk.county, Desk.department, Desk.city, Desk.supervisor)
WRITERS = (Desk.county, Desk.department)


class Migration(migrations.Migration):
    dependencies = [("registry", "0003_roster")]

    operations = [
        guarded("registry_roster", reads=READERS, writes=WRITERS, updates=True),
        guarded("registry_roster_row", reads=READERS, writes=WRITERS),
        guarded("registry_roster_finding", reads=READERS, writes=WRITERS),
        append_only("registry_roster_row"),
        append_only("registry_roster_finding"),
        migrations.RunSQL(OWN, migrations.RunSQL.noop),
        migrations.RunSQL(FUNCTIONS, UNDO),
    ]
