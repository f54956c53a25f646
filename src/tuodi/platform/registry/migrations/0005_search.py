"""Names are found by their syllables."""

import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("base", "0005_places"),
        ("registry", "0004_roster_scopes"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Replace("name_key", models.Value(" "), models.Value("")),
                    name="text_pattern_ops",
                ),
                name="registry_person_by_syllables",
            ),
        ),
    ]
