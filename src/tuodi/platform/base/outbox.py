"""What is to happen after a transaction, put beside its rows: it happens if the transaction holds, and only then."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb


def put(*, topic: str, key: str, payload: Mapping[str, Any] | None = None, due_at: datetime | None = None) -> None:
    """Adds an errand for `tuodi work`, inside a scope. `topic` names who runs it, `key` what it is about.

    It is run at once, or not before the moment at which it is due.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into base_outbox (topic, key, payload, due_at)"
            " values (%s, %s, %s, coalesce(%s, clock_timestamp()))",
            [topic, key, Jsonb(dict(payload or {})), due_at],
        )


def waits(*, topic: str, key: str, until: datetime, but: int = 0) -> bool:
    """Whether such an errand waits that is due by then, other than the numbered one; within the system's scope."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select exists (select from base_outbox where topic = %s and key = %s and done_at is null"
            " and due_at <= %s and id <> %s)",
            [topic, key, until, but],
        )
        return bool(cursor.fetchone()[0])
