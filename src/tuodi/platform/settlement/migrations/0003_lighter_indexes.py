"""Indexes that a settlement pays for are those that somebody asks."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("settlement", "0002_revisions"),
    ]

    operations = [
        migrations.AlterField(
            model_name="settlement",
            name="replaces",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="settlement.settlement",
                verbose_name="取代的结算",
            ),
        ),
        migrations.AddConstraint(
            model_name="settlement",
            constraint=models.UniqueConstraint(
                condition=models.Q(("replaces__isnull", False)), fields=("replaces",), name="settlement_replaced_once"
            ),
        ),
    ]
