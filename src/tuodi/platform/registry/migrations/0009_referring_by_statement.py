"""Tables that get a roster's rows at once look up what they refer to once a statement, not once a row."""

import django.db.models.deletion
from django.db import migrations, models

from tuodi.platform.base.rls import REFERS, UNDO_REFERS, lasting, referring

# As before, once a statement: a roster's persons come by the hundred thousand.
NEW_ONES = """
drop trigger under_the_set_in_use on registry_person;
create or replace function registry_under_the_set_in_use() returns trigger language plpgsql as $$ begin
  if exists (select from base_key_check k join base_key_check u on u.in_use
             where k.id < u.id and k.mark in (select substr(number_sealed, 1, 8) from added)) then
    raise exception 'the number is under keys that are no longer in use'
      using errcode = 'object_not_in_prerequisite_state';
  end if;
  return null;
end $$;
create trigger under_the_set_in_use after insert on registry_person referencing new table as added
  for each statement execute function registry_under_the_set_in_use();
"""


def _unchecked(model: str, name: str, to: str, *, index: bool = False, **options: object) -> migrations.AlterField:
    """The field without the foreign key that Django made."""
    field = models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, to=to, db_constraint=False, db_index=index, **options
    )
    return migrations.AlterField(model_name=model, name=name, field=field)


class Migration(migrations.Migration):
    dependencies = [("registry", "0008_sealed_anew")]

    operations = [
        _unchecked("household", "region", "base.region", verbose_name="区划"),
        _unchecked("person", "region", "base.region", verbose_name="区划"),
        _unchecked("person", "household", "registry.household", index=True, null=True, verbose_name="家庭"),
        _unchecked("status", "roster", "registry.roster", null=True, related_name="+"),
        _unchecked("change", "person", "registry.person", index=True),
        _unchecked("change", "region", "base.region", verbose_name="区划"),
        _unchecked("rosterrow", "roster", "registry.roster"),
        _unchecked("rosterfinding", "roster", "registry.roster"),
        migrations.RunSQL(NEW_ONES, migrations.RunSQL.noop),
        migrations.RunSQL(REFERS, UNDO_REFERS),
        lasting("base_region", "code"),
        lasting("registry_household"),
        lasting("registry_person"),
        lasting("registry_roster"),
        referring("registry_household", "region_id", to="base_region", key="code", updates=True),
        referring("registry_person", "region_id", to="base_region", key="code", updates=True),
        referring("registry_person", "household_id", to="registry_household", updates=True),
        referring("registry_status", "roster_id", to="registry_roster"),
        referring("registry_change", "person_id", to="registry_person"),
        referring("registry_change", "region_id", to="base_region", key="code"),
        referring("registry_roster_row", "roster_id", to="registry_roster"),
        referring("registry_roster_finding", "roster_id", to="registry_roster"),
    ]
