"""What was adopted is read past row-level security by the application only, not by every role of the server."""

from django.db import migrations

from tuodi.platform.base.rls import ROLE

CLOSED = f"""
revoke execute on function settlement_adopted(bigint) from public;
grant execute on function settlement_adopted(bigint) to {ROLE};
"""
UNDO = f"""
revoke execute on function settlement_adopted(bigint) from {ROLE};
grant execute on function settlement_adopted(bigint) to public;
"""


class Migration(migrations.Migration):
    dependencies = [("settlement", "0004_policies_are_public")]

    operations = [migrations.RunSQL(CLOSED, UNDO)]
