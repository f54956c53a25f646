"""What the database itself shows, scope by scope."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tuodi.platform.base.domain import SYSTEM, Desk, Scope, prefix
from tuodi.platform.base.scope import entered


def county(region: str) -> Scope:
    return Scope(desk=Desk.county, region=region)


@pytest.mark.parametrize(("region", "digits"), [("371502", "371502"), ("371500", "3715"), ("370000", "37"), ("", "")])
def test_a_region_covers_what_begins_with_its_digits(region: str, digits: str):
    assert digits == prefix(region)


def asked(expression: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(f"select {expression}")
        return cursor.fetchone()[0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("scope", "region", "sees", "writes"),
    [
        (county("371502"), "371502", True, True),
        (county("371502"), "371521", False, False),
        (county("371502"), "371500", False, False),
        (Scope(desk=Desk.city, region="371500"), "371502", True, False),
        (Scope(desk=Desk.city, region="371500"), "371500", True, True),
        (Scope(desk=Desk.city, region="371500"), "370202", False, False),
        (SYSTEM, "370202", True, True),
        (Scope(desk=Desk.hospital, region="371502", institution="H37150200001"), "371502", False, True),
    ],
)
def test_a_scope_sees_its_region_and_writes_for_no_other(scope: Scope, region: str, sees: bool, writes: bool):
    with entered(scope):
        assert (sees, writes) == (asked(f"tuodi_within('{region}')"), asked(f"tuodi_owns('{region}')"))


@pytest.mark.django_db
def test_behind_a_scope_nothing_is_seen():
    with entered(SYSTEM):
        assert "tuodi_app" == asked("current_user")
    assert not asked("tuodi_within('371502')")
    assert "tuodi_app" != asked("current_user")


@pytest.mark.django_db
def test_scopes_do_not_nest_and_the_outer_one_still_holds():
    with entered(county("371502")):
        with pytest.raises(AssertionError, match="entered once"), entered(county("371521")):
            pass
        assert ("/371502", "tuodi_app") == (asked("tuodi_scope()"), asked("current_user"))


@pytest.mark.django_db(transaction=True)
def test_a_request_asks_the_database_once_to_enter_its_scope_and_never_to_leave_it():
    connection.ensure_connection()
    with CaptureQueriesContext(connection) as asked_for, entered(county("371502")):
        pass
    told = [query["sql"].split()[0] for query in asked_for.captured_queries]
    assert ["BEGIN", "with", "COMMIT"] == told
    assert ("", "", None) == (asked("tuodi_scope()"), asked("tuodi_desk()"), asked("tuodi_staff()"))
    assert "tuodi_app" != asked("current_user")


@pytest.mark.django_db(transaction=True)
def test_a_scope_that_fails_is_forgotten_with_its_transaction():
    with pytest.raises(ZeroDivisionError), entered(county("371502")):
        raise ZeroDivisionError
    assert not asked("tuodi_within('371502')")
    assert "tuodi_app" != asked("current_user")
