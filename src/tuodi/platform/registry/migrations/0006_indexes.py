"""Indexes that nobody asks are gone: the exclusion constraint finds a person's rows as well."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("base", "0006_one_horizon"),
        ("registry", "0005_search"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="status",
            name="registry_status_of_person",
        ),
        migrations.AlterField(
            model_name="status",
            name="supersedes",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.status",
            ),
        ),
        migrations.AddIndex(
            model_name="status",
            index=models.Index(
                condition=models.Q(("supersedes__isnull", False)),
                fields=["supersedes"],
                name="registry_status_supersedes",
            ),
        ),
    ]
