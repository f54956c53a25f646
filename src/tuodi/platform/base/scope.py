"""Entering a scope: from here to the end of the transaction the database itself shows and takes only what is theirs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from tuodi.platform.base.domain import Scope
from tuodi.platform.base.rls import ROLE

# In one round trip: what was set before is read before anything is set.
_ENTER = f"""
with before as materialized (
  select current_setting('role') as role, coalesce(current_setting('tuodi.scope', true), '') as scope
)
select role, scope,
  set_config('role', '{ROLE}', true), set_config('tuodi.scope', %s, true), set_config('tuodi.desk', %s, true),
  set_config('tuodi.institution', %s, true), set_config('tuodi.staff', %s, true)
from before
"""
_LEAVE = """
select set_config('role', %s, true), set_config('tuodi.scope', '', true), set_config('tuodi.desk', '', true),
       set_config('tuodi.institution', '', true), set_config('tuodi.staff', '', true)
"""


@contextmanager
def entered(scope: Scope) -> Iterator[None]:
    """One transaction in which row-level security holds for this scope. Entered once: scopes do not nest.

    Outside of it the application's role sees no guarded row, and may write none: all that is set here is the
    transaction's own, and forgotten with it.
    """
    goes_on = connection.in_atomic_block
    with transaction.atomic():
        role = _enter(scope)
        try:
            yield
        finally:
            if goes_on:
                _leave(role)


def _enter(scope: Scope) -> str:
    """The role that was in force until now."""
    with connection.cursor() as cursor:
        cursor.execute(_ENTER, arguments(scope))
        role, outer, *_ = cursor.fetchone()
    assert not outer, "a scope is entered once in a transaction"
    return str(role)


def arguments(scope: Scope) -> list[str]:
    """The scope as the database's settings, in the order scope, desk, institution, staff."""
    return [scope.path, scope.desk.name, scope.institution, "" if scope.staff is None else str(scope.staff)]


def _leave(role: str) -> None:
    """Where an outer transaction goes on, as around a test; a transaction that failed forgets by itself."""
    if connection.needs_rollback or connection.connection is None or connection.connection.info.transaction_status == 3:
        return
    with connection.cursor() as cursor:
        cursor.execute(_LEAVE, [role])
