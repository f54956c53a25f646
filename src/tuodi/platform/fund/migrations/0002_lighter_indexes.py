"""Indexes that a settlement pays for are those that somebody asks; its own entry is checked as it is written."""

from django.db import migrations, models

from tuodi.platform.fund.schema import CHECKED, RELIEF, REVERSES


class Migration(migrations.Migration):
    dependencies = [
        ("fund", "0001_entries"),
    ]

    operations = [
        migrations.AlterField(
            model_name="entry",
            name="reverses",
            field=models.TextField(null=True, verbose_name="冲销的分录"),
        ),
        migrations.AlterField(
            model_name="entry",
            name="cause",
            field=models.TextField(verbose_name="事由"),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.UniqueConstraint(fields=("cause",), name="fund_entry_once"),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reverses__isnull", False)), fields=("reverses",), name="fund_entry_reversed_once"
            ),
        ),
        migrations.RunSQL(REVERSES, "alter table fund_entry drop constraint fund_entry_reverses"),
        migrations.RunSQL(CHECKED + RELIEF, migrations.RunSQL.noop),
    ]
