"""Nobody consents to what comes of a change that they wrote into the registry themselves."""

from django.db import migrations

from tuodi.platform.settlement.schema import CAUSES, UNDO_CAUSES


class Migration(migrations.Migration):
    dependencies = [("settlement", "0010_sweeps"), ("registry", "0010_whose_changes")]

    operations = [migrations.RunSQL(CAUSES, UNDO_CAUSES)]
