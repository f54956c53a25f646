"""The system's own scope for what a right to one bill entails: the person's other bills are settled again with it.

A hospital that cancels its bill sees no other hospital's. The right is tested in the scope that asks; then its
consequences are drawn here, still in the same transaction and under the same name.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from tuodi.platform.base.domain import SYSTEM, Desk


@contextmanager
def as_system() -> Iterator[None]:
    """Until it is left, row-level security holds for the system. Inside a scope only."""
    before = asking()
    assert before[0], "consequences are drawn inside a scope"
    _set(SYSTEM.path, Desk.system.name)
    try:
        yield
    finally:
        if not connection.needs_rollback and connection.connection.info.transaction_status != _FAILED:
            _set(*before)


_FAILED = 3


def asking() -> tuple[str, str]:
    """Path and desk of the scope."""
    with connection.cursor() as cursor:
        cursor.execute("select tuodi_scope(), tuodi_desk()")
        path, desk = cursor.fetchone()
    return str(path), str(desk)


def _set(path: str, desk: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select set_config('tuodi.scope', %s, true), set_config('tuodi.desk', %s, true)", [path, desk])
