"""A hospital sees what was sent to it, and no drafts."""

from django.db import migrations

from tuodi.platform.clearing.schema import DRAFTS, UNDO_DRAFTS


class Migration(migrations.Migration):
    dependencies = [
        ("clearing", "0001_statements"),
    ]

    operations = [
        migrations.RunSQL(DRAFTS, UNDO_DRAFTS),
    ]
