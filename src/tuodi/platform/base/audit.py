"""The audit trail: who did what to whom, when and why. One row an act, written in the act's own transaction.

Who it was comes from the scope, so nobody writes under another name: the database compares.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.conf import settings
from django.db import connection
from psycopg.types.json import Jsonb

from tuodi.core.finding import Finding, Place
from tuodi.platform.base import chain

TRIES_TOO_MANY = 8
"""By then an errand has been tried for more than half a day."""


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


def findings(told: Callable[[int], None] = lambda _: None) -> Iterator[Finding]:
    """What is wrong in this room: where the trail was touched, and errands that fail again and again.

    Within the system's scope. `told` hears how many rows are read.
    """
    yield from chain.broken(settings.AUDIT_ENDS, told)
    with connection.cursor() as cursor:
        cursor.execute(
            "select id, topic, key, tries, trouble from base_outbox where done_at is null and tries >= %s order by id",
            [TRIES_TOO_MANY],
        )
        for number, topic, key, tries, trouble in cursor.fetchall():
            yield Finding(
                code="errand-stuck",
                message=f"待办事项 {topic}（{key}）已失败 {tries} 次：{trouble}",
                place=Place(path=f"outbox:{number}"),
                remedy="按所述原因处理；处理后会自动再试",
            )
