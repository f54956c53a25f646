"""The registry's doors past row-level security answer the application only, not every role of the server."""

from django.db import migrations

from tuodi.platform.base.rls import ROLE

DOORS = (
    "registry_department(), registry_case_person_at(bigint, date, timestamptz), registry_case_person(bigint, date),"
    " registry_find(bytea), registry_county_of(bytea), registry_hand_over(bigint, text), registry_enrolled_of(bytea[])"
)
CLOSED = f"""
revoke execute on function {DOORS} from public;
grant execute on function {DOORS} to {ROLE};
"""
UNDO = f"""
revoke execute on function {DOORS} from {ROLE};
grant execute on function {DOORS} to public;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0006_indexes")]

    operations = [migrations.RunSQL(CLOSED, UNDO)]
