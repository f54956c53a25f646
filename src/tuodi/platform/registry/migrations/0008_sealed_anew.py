"""When keys change, numbers on rosters are sealed and indexed anew, and a number's rows are brought under one index."""

from django.db import migrations

from tuodi.platform.base.rls import ROLE, resealable

# For whoever has the numbers and may enrol them. Indexes alone change, and of all rows that have one alike.
ALIGN = f"""
create function registry_align(earlier bytea[], wanted bytea[]) returns void
  language plpgsql security definer set search_path = public, pg_temp as $$ begin
  if tuodi_desk() not in ('township', 'county', 'department', 'system') then
    return;
  end if;
  update registry_person p set number_index = n.wanted
  from unnest(earlier, wanted) as n (earlier, wanted) where p.number_index = n.earlier;
  update registry_roster_row r set number_index = n.wanted
  from unnest(earlier, wanted) as n (earlier, wanted) where r.number_index = n.earlier;
end $$;
revoke all on function registry_align(bytea[], bytea[]) from public;
grant execute on function registry_align(bytea[], bytea[]) to {ROLE};
"""
# A program that has missed a change of keys would find nobody by their number, and enrol them a second time.
NEW_ONES = """
create function registry_under_the_set_in_use() returns trigger language plpgsql as $$ begin
  if exists (select from base_key_check k join base_key_check u on u.in_use
             where k.mark = substr(new.number_sealed, 1, 8) and k.id < u.id) then
    raise exception 'the number is under keys that are no longer in use' using errcode = 'object_not_in_prerequisite_state';
  end if;
  return new;
end $$;
create trigger under_the_set_in_use before insert on registry_person for each row
  execute function registry_under_the_set_in_use();
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0007_doors_are_the_applications"), ("base", "0007_sets_of_keys")]

    operations = [
        resealable("registry_roster_row", "number_sealed", "number_index"),
        migrations.RunSQL(NEW_ONES, "drop function registry_under_the_set_in_use() cascade"),
        migrations.RunSQL(ALIGN, "drop function registry_align(bytea[], bytea[])"),
    ]
