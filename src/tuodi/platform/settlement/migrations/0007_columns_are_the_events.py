"""A settlement is written only with the number, day, service and total of the event that was settled."""

from django.db import migrations

from tuodi.platform.settlement.schema import COMMIT


class Migration(migrations.Migration):
    dependencies = [("settlement", "0006_cities_adopt")]

    operations = [migrations.RunSQL(COMMIT, migrations.RunSQL.noop)]
