"""Which policy row settles for a region on a day."""

from __future__ import annotations

from datetime import date

from django.db import connection


def policy_on(region: str, day: date) -> int | None:
    """Inside a scope, whosever: what was adopted is public."""
    with connection.cursor() as cursor:
        cursor.execute("select settlement_policy_on(%s, %s)", [region, day])
        (policy,) = cursor.fetchone()
    return None if policy is None else int(policy)
