"""Which keys the data were written with."""

from django.db import migrations, models

from tuodi.platform.base.rls import granted


class Migration(migrations.Migration):
    dependencies = [
        ("base", "0003_sign_in_credential_seal"),
    ]

    operations = [
        migrations.CreateModel(
            name="KeyCheck",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("sealed", models.BinaryField()),
                ("indexed", models.BinaryField()),
                ("chained", models.BinaryField()),
            ],
            options={
                "db_table": "base_key_check",
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="base_key_check_one")],
            },
        ),
        granted("base_key_check"),
    ]
