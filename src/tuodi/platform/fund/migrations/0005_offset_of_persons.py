"""What a person has to give back is set off against what they are owed for the same bill."""

from django.db import migrations

from tuodi.platform.fund.schema import MORE_RULES


class Migration(migrations.Migration):
    dependencies = [("fund", "0004_who_gives_posts")]

    operations = [migrations.RunSQL(MORE_RULES, migrations.RunSQL.noop)]
