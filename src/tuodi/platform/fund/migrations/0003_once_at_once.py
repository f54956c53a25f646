"""The same entry posted by several at the same moment is booked by one of them, and none is told of a fault."""

from django.db import migrations

from tuodi.platform.fund.schema import BOOK


class Migration(migrations.Migration):
    dependencies = [("fund", "0002_lighter_indexes")]

    operations = [migrations.RunSQL(BOOK, migrations.RunSQL.noop)]
