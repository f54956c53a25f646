"""What is to happen after a transaction, put beside its rows: it happens if the transaction holds, and only then."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb


def put(*, topic: str, key: str, payload: Mapping[str, Any] | None = None) -> None:
    """Adds an errand for `tuodi work`, inside a scope. `topic` names who runs it, `key` what it is about."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into base_outbox (topic, key, payload) values (%s, %s, %s)",
            [topic, key, Jsonb(dict(payload or {}))],
        )
