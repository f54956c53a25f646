"""Regions and institutions are entered by the administrator in whose region they lie."""

from django.db import migrations

from tuodi.platform.base.rls import ROLE


def entered(table: str, own: str, updates: str) -> str:
    """Everybody reads; who `own`s a row enters it, and changes these columns."""
    return f"""
grant insert, update ({updates}) on {table} to {ROLE};
alter table {table} enable row level security;
create policy sees on {table} for select to {ROLE} using (true);
create policy adds on {table} for insert to {ROLE} with check ({own});
create policy changes on {table} for update to {ROLE} using ({own});
"""


MANAGED = "tuodi_desk() in ('administrator', 'system') and tuodi_within({column})"


class Migration(migrations.Migration):
    dependencies = [("base", "0004_key_check")]

    operations = [
        migrations.RunSQL(entered("base_region", MANAGED.format(column="code"), "name"), migrations.RunSQL.noop),
        migrations.RunSQL(
            entered(
                "base_institution",
                MANAGED.format(column="region_id"),
                "name, region_id, level, psychiatric, single_disease",
            ),
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            entered("base_agreement", "base_institution_managed(institution_id)", "ends_on"), migrations.RunSQL.noop
        ),
    ]
