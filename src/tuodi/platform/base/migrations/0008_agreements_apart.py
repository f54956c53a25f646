"""Of two agreements of one institution no day is common, also when two administrators enter them at one moment."""

from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations

APART = """
alter table base_agreement add constraint base_agreement_apart exclude using gist (
  institution_id with =, daterange(starts_on, ends_on) with &&);
"""


class Migration(migrations.Migration):
    dependencies = [("base", "0007_sets_of_keys")]

    operations = [
        BtreeGistExtension(),
        migrations.RunSQL(APART, "alter table base_agreement drop constraint base_agreement_apart"),
    ]
