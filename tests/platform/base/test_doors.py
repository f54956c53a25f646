"""Functions that look past row-level security, of every room: only the application may call them."""

import pytest
from django.db import connection

from tuodi.platform.base.rls import ROLE

# What a trigger runs is called by nobody. A function without grants of its own is everybody's; grantee 0 is everybody.
DOORS = """
select p.oid::regprocedure::text,
       exists (select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
               where a.grantee = 0 and a.privilege_type = 'EXECUTE'),
       p.prorettype = 'trigger'::regtype or has_function_privilege(%s, p.oid, 'execute')
from pg_proc p where p.prosecdef and p.pronamespace = 'public'::regnamespace
"""


@pytest.fixture
def doors(db: None) -> list[tuple[str, bool, bool]]:
    with connection.cursor() as cursor:
        cursor.execute(DOORS, [ROLE])
        return list(cursor.fetchall())


def test_no_function_with_its_owners_rights_is_everybodys(doors: list[tuple[str, bool, bool]]):
    assert doors
    assert [] == [name for name, everybodys, _ in doors if everybodys]


def test_the_application_may_call_every_one_of_them(doors: list[tuple[str, bool, bool]]):
    assert [] == [name for name, _, applications in doors if not applications]
