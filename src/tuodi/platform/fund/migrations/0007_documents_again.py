"""A document whose voucher was taken back may be booked again, as it should have been."""

from django.db import migrations

from tuodi.platform.fund.schema import VOUCHER_AGAIN


class Migration(migrations.Migration):
    dependencies = [("fund", "0006_vouchers")]

    operations = [migrations.RunSQL(VOUCHER_AGAIN, migrations.RunSQL.noop)]
