"""The hot path's own connections, one a thread: two prepared statements, each a transaction of its own.

They stand beside Django's, so that a failure of the one never breaks the other. Statements go through libpq itself;
text in, text out, which costs a third of what a cursor does.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from django.db import connection as django_connection
from psycopg import pq

from tuodi.platform.base.rls import ROLE

LOOK, COMMIT = b"look", b"commit"
_STATEMENTS = {
    LOOK: "select * from settlement_look({})".format(", ".join(f"${n}" for n in range(1, 10))),
    COMMIT: "select settlement_commit({})".format(", ".join(f"${n}" for n in range(1, 35))),
}
_LOCAL = threading.local()

Row = list[bytes | None]


def asked(statement: bytes, values: Sequence[bytes | None]) -> Row:
    """The first row of the statement, in text. Raises psycopg's errors."""
    connection = _connection()
    result = connection.pgconn.exec_prepared(statement, values)  # type: ignore[arg-type]  # None is null
    if result.status != pq.ExecStatus.TUPLES_OK:
        raise psycopg.errors.error_from_result(result, encoding="utf-8")
    return [result.get_value(0, column) for column in range(result.nfields)]


def fetched(statement: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
    """The rows of any other statement, on the same connection. Raises psycopg's errors."""
    return _connection().execute(statement, values).fetchall()


@contextmanager
def in_line(person: int) -> Iterator[None]:
    """One of those at a time who have already lost once about this person. No line where the server is not there."""
    with suppress(psycopg.OperationalError):
        fetched("select pg_advisory_lock(4104, hashtext(%s))", [str(person)])
    try:
        yield
    finally:
        with suppress(psycopg.OperationalError):
            fetched("select pg_advisory_unlock_all()", [])


def dropped() -> None:
    """Gives the thread's connection up, after it broke; the next statement opens another."""
    connection: psycopg.Connection | None = getattr(_LOCAL, "connection", None)
    _LOCAL.connection = None
    if connection is not None:
        connection.close()


def _connection() -> psycopg.Connection:
    connection: psycopg.Connection | None = getattr(_LOCAL, "connection", None)
    if connection is None or connection.closed or _LOCAL.database != django_connection.settings_dict["NAME"]:
        connection = _LOCAL.connection = _opened()
    return connection


def _opened() -> psycopg.Connection:
    connection = psycopg.connect(**_parameters(), autocommit=True)
    connection.execute(f"set role {ROLE}")
    connection.execute("set enable_seqscan = off")  # a plan made while the tables were empty is kept as they grow
    for name, statement in _STATEMENTS.items():
        result = connection.pgconn.prepare(name, statement.encode())
        if result.status != pq.ExecStatus.COMMAND_OK:
            raise psycopg.errors.error_from_result(result, encoding="utf-8")
    _LOCAL.database = django_connection.settings_dict["NAME"]
    return connection


def _parameters() -> dict[str, Any]:
    """Where Django's own connection leads."""
    parameters = dict(django_connection.get_connection_params())
    for own in ("cursor_factory", "context", "prepare_threshold", "assume_role"):
        parameters.pop(own, None)
    return parameters
