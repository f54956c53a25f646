"""A city sets the policy that its counties settle by; no county widens or narrows it by one of its own."""

from django.db import migrations

from tuodi.platform.base.domain import Desk
from tuodi.platform.base.rls import ROLE

CITIES = f"""
-- A county's code ends in other digits than 00, whoever's desk is said to stand there.
create function settlement_may_adopt(p_region text) returns boolean language sql stable parallel safe
  return tuodi_owns(p_region)
    and (tuodi_desk() = '{Desk.system.name}' or tuodi_desk() = '{Desk.city.name}' and right(p_region, 2) = '00');
drop policy adds on settlement_policy;
create policy adds on settlement_policy for insert to {ROLE} with check (settlement_may_adopt(region_id));
"""
UNDO = f"""
drop policy adds on settlement_policy;
create policy adds on settlement_policy for insert to {ROLE}
  with check (tuodi_desk() in ('county', 'city', 'system') and tuodi_owns(region_id));
drop function settlement_may_adopt(text);
"""


class Migration(migrations.Migration):
    dependencies = [("settlement", "0005_adopted_is_the_applications")]

    operations = [migrations.RunSQL(CITIES, UNDO)]
