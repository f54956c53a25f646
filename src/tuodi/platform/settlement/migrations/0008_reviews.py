"""Late knowledge finds settlements by itself; an insurer sees the bills of its own business only."""

from django.db import migrations

from tuodi.platform.settlement.schema import COMMIT, INSURERS, REVIEWS, UNDO_REVIEWS


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0007_doors_are_the_applications"),
        ("settlement", "0007_columns_are_the_events"),
    ]

    operations = [
        migrations.RunSQL(COMMIT + INSURERS, migrations.RunSQL.noop),
        migrations.RunSQL(REVIEWS, UNDO_REVIEWS),
    ]
