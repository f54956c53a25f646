"""The turn in which a region's orders go."""

from __future__ import annotations

from django.db import connection


def take_turn(region: str) -> None:
    """Waits until nobody else orders or pays for persons in the region; held to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("select disbursement_lock(%s)", [region])
