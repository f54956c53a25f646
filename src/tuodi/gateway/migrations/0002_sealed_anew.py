"""When keys change, what is kept sealed is sealed anew; nothing else of these rows ever changes."""

from django.db import migrations

from tuodi.platform.base.rls import resealable


class Migration(migrations.Migration):
    dependencies = [("gateway", "0001_messages"), ("base", "0007_sets_of_keys")]

    operations = [
        resealable("gateway_message", "body"),
        resealable("gateway_answer", "body"),
        resealable("gateway_file", "data"),
        resealable("gateway_shown", "document_number"),
    ]
