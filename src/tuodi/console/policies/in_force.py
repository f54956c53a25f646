"""Which policy row settles for a region on a day. What was adopted is everybody's to read, whatever the scope."""

from __future__ import annotations

from datetime import date

from django.db import connection

from tuodi.platform.settlement.elevated import as_system


def policy_on(region: str, day: date) -> int | None:
    """Inside a scope."""
    with as_system(), connection.cursor() as cursor:
        cursor.execute("select settlement_policy_on(%s, %s)", [region, day])
        (policy,) = cursor.fetchone()
    return None if policy is None else int(policy)
