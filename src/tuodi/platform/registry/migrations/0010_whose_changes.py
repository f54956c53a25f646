"""Who changed what was known of a past day: what comes of it for settlements is approved by somebody else."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0009_referring_by_statement")]

    operations = [
        migrations.AddField(
            model_name="change",
            name="staff_id",
            field=models.BigIntegerField(
                db_default=models.Func(function="tuodi_staff", output_field=models.BigIntegerField()),
                null=True,
                verbose_name="人员",
            ),
        ),
    ]
