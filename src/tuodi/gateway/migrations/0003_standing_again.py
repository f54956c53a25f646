"""A settlement whose cancel was reversed stands again, under its own number."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("gateway", "0002_sealed_anew")]

    operations = [
        migrations.AddField(
            model_name="settled",
            name="stands_for",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="gateway.settled",
                verbose_name="恢复的结算",
            ),
        ),
    ]
