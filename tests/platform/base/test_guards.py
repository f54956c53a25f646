"""What the application's role can read is guarded row by row, whichever room a table is of."""

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db

WITHOUT_ROWS_OF_ANYBODY = {
    "base_key_check", "clearing_apart", "clearing_rule", "disbursement_apart", "disbursement_rule", "django_migrations",
    "django_session", "fund_rule", "settlement_document",
}  # fmt: skip
"""Lists and texts that say nothing of a person or of money; and the sessions, which nobody finds without their key."""

FOR_EVERYBODY = {
    "base_agreement", "base_holiday", "base_institution", "base_region", "base_staff", "settlement_policy",
    "settlement_sweep",
}  # fmt: skip
"""Whose rows every desk may read; what a region has adopted is public, and how far bills are held against it."""

BY_ANOTHER = {"settlement_consent", "settlement_decision"}
"""Whose rows are seen by who sees the proposal: a rule that looks it up, under the rules of proposals."""


def asked(query: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def test_every_table_that_can_be_read_has_row_level_security():
    open_tables = asked(
        "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')"
        " and not relrowsecurity and has_any_column_privilege('tuodi_app', oid, 'select')"
    )

    assert set() == {name for (name,) in open_tables} - WITHOUT_ROWS_OF_ANYBODY


def test_every_view_looks_with_the_eyes_of_who_asks():
    views = asked(
        "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'v'"
        " and not coalesce(reloptions::text, '') ~ 'security_invoker=(true|on|1)'"
    )

    assert [] == views


def test_every_rule_of_a_table_asks_for_the_scope():
    careless = asked(
        "select distinct tablename from pg_policies where schemaname = 'public'"
        " and cmd in ('SELECT', 'ALL') and qual !~ '(tuodi_|_managed)'"
    )

    assert set() == {name for (name,) in careless} - FOR_EVERYBODY - BY_ANOTHER


def test_without_a_scope_no_guarded_row_is_seen():
    guarded = asked(
        "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')"
        " and relrowsecurity and has_table_privilege('tuodi_app', oid, 'select')"
    )
    assert len(guarded) > 10

    with connection.cursor() as cursor:
        cursor.execute("set local role tuodi_app")
    for (table,) in guarded:
        if table not in FOR_EVERYBODY:
            assert [(0,)] == asked(f"select count(*) from {table}")


def test_the_role_owns_nothing_and_is_no_member_of_anything():
    assert [(0, 0)] == asked(
        "select (select count(*) from pg_class where relowner = 'tuodi_app'::regrole),"
        " (select count(*) from pg_auth_members where member = 'tuodi_app'::regrole)"
    )
    assert [(False, False, False, False)] == asked(
        "select rolsuper, rolcreaterole, rolbypassrls, rolcanlogin from pg_roles where rolname = 'tuodi_app'"
    )


def test_functions_that_act_as_their_owner_say_where_they_look():
    careless = asked(
        "select proname from pg_proc where pronamespace = 'public'::regnamespace and prosecdef"
        " and not coalesce(proconfig::text, '') like '%search_path=%'"
    )

    assert [] == careless
