"""The audit trail: who did what to whom, when and why. One row an act, written in the act's own transaction.

Who it was comes from the scope, so nobody writes under another name: the database compares.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb


def record(
    *, act: str, subject: str, region: str = "", reason: str = "", details: Mapping[str, Any] | None = None
) -> None:
    """Adds a row to the trail, inside a scope.

    `act` is a verb of a noun (`settlement.cancel`), `subject` what it was done to (`settlement:17`). `region` is whose
    business it was, the scope's own where it is left out: who reads that region reads the row.
    """
    with connection.cursor() as cursor:
        # No RETURNING: who may write the trail need not be allowed to read it.
        cursor.execute(
            "insert into base_audit (region_id, act, subject, reason, details) "
            "values (coalesce(nullif(%s, ''), tuodi_region()), %s, %s, %s, %s)",
            [region, act, subject, reason, Jsonb(dict(details or {}))],
        )
