"""The tables brought up to date: in order, by one at a time, and only where the database can carry them."""

from __future__ import annotations

from collections.abc import Callable

from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor

from tuodi.core.finding import Faults
from tuodi.platform.base import key_check
from tuodi.platform.base.rls import ROLE

LOCK = 7_806_311

# PostgreSQL lets every account of the server call a new function: those that act as their owner are for the role alone.
_OWNERS = """
select p.oid::regprocedure::text from pg_proc p
where pronamespace = 'public'::regnamespace and prosecdef and pg_get_userbyid(proowner) = current_user
  and exists (select from aclexplode(coalesce(proacl, acldefault('f', proowner))) where grantee = 0)
"""


def waiting() -> list[str]:
    """The changes that the tables still lack, as `fund.0002_closing`."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def apply(told: Callable[[str], None]) -> int:
    """Applies what is waiting, telling each change before it is made; how many. Faults: `keys-differ`.

    A change that fails is undone whole, and those before it stay; the same command goes on from there.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", [LOCK])
    try:
        require_own_keys()
        changes = waiting()
        executor = MigrationExecutor(connection, _each(told))
        executor.migrate(executor.loader.graph.leaf_nodes())
        call_command("migrate", interactive=False, verbosity=0)  # what Django does after the last change
        _close_functions()
        key_check.keep()
        return len(changes)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(%s)", [LOCK])


def _close_functions() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_OWNERS)
        for (function,) in cursor.fetchall():
            cursor.execute(f"revoke execute on function {function} from public")
            cursor.execute(f"grant execute on function {function} to {ROLE}")


def _each(told: Callable[[str], None]) -> Callable[..., None]:
    def progress(action: str, migration: Migration | None = None, _faked: bool = False) -> None:
        if action == "apply_start" and migration is not None:
            told(f"{migration.app_label}.{migration.name}")

    return progress


def require_own_keys() -> None:
    """The keys are those of the data, if there are any. Faults: `keys-differ`."""
    there = "base_key_check" in connection.introspection.table_names()
    if there and (findings := key_check.differing()):
        raise Faults(findings)
