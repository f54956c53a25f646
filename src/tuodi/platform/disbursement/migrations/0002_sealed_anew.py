"""When keys change, payees' accounts are sealed anew; nothing else of these rows ever changes."""

from django.db import migrations

from tuodi.platform.base.rls import resealable


class Migration(migrations.Migration):
    dependencies = [("disbursement", "0001_orders"), ("base", "0007_sets_of_keys")]

    operations = [resealable("disbursement_account", "holder_sealed", "number_sealed")]
