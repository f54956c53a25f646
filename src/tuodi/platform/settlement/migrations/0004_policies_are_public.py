"""A county settles by its city's policy, so it sees it: what was adopted, and with which parameters, is public."""

from django.db import migrations

from tuodi.platform.base.rls import ROLE

PUBLIC = f"""
drop policy sees on settlement_policy;
create policy sees on settlement_policy for select to {ROLE} using (true);
"""


class Migration(migrations.Migration):
    dependencies = [("settlement", "0003_lighter_indexes")]

    operations = [migrations.RunSQL(PUBLIC, migrations.RunSQL.noop)]
