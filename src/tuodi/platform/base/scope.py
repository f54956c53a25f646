"""Entering a scope: from here to the end of the transaction the database itself shows and takes only what is theirs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from tuodi.platform.base.domain import Scope
from tuodi.platform.base.rls import ROLE

_ENTER = f"""
select set_config('role', '{ROLE}', true), set_config('tuodi.scope', %s, true), set_config('tuodi.desk', %s, true),
       set_config('tuodi.institution', %s, true), set_config('tuodi.staff', %s, true)
"""


@contextmanager
def entered(scope: Scope) -> Iterator[None]:
    """One transaction in which row-level security holds for this scope. Entered once: scopes do not nest.

    Outside of it the application's role sees no guarded row, and may write none.
    """
    assert not _inside(), "a scope is entered once in a transaction"
    with transaction.atomic():
        before = _settings()
        with connection.cursor() as cursor:
            cursor.execute(_ENTER, arguments(scope))
        try:
            yield
        finally:
            _leave(before)


def arguments(scope: Scope) -> list[str]:
    """The scope as the database's settings, in the order scope, desk, institution, staff."""
    return [scope.path, scope.desk.name, scope.institution, "" if scope.staff is None else str(scope.staff)]


def _inside() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select coalesce(current_setting('tuodi.scope', true), '')")
        return bool(cursor.fetchone()[0])


def _settings() -> str:
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('role')")
        return str(cursor.fetchone()[0])


def _leave(role: str) -> None:
    """Needed where an outer transaction goes on, as around a test; a transaction that failed forgets by itself."""
    if connection.needs_rollback or connection.connection is None or connection.connection.info.transaction_status == 3:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "select set_config('role', %s, true), set_config('tuodi.scope', '', true), "
            "set_config('tuodi.desk', '', true)",
            [role],
        )
