"""Money is moved between funds by who gives it away; nobody books anything else in a fund that is not theirs."""

from django.db import migrations

from tuodi.platform.fund.schema import BOOK


class Migration(migrations.Migration):
    dependencies = [("fund", "0003_once_at_once")]

    operations = [migrations.RunSQL(BOOK, migrations.RunSQL.noop)]
