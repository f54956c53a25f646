"""A bill that was read before a policy was adopted, and not committed yet, is read again."""

from django.db import migrations

from tuodi.platform.settlement.schema import COMMIT


class Migration(migrations.Migration):
    dependencies = [("settlement", "0011_causes")]

    operations = [migrations.RunSQL(COMMIT, migrations.RunSQL.noop)]
