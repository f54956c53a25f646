"""The turn in which all that concerns an institution goes."""

from __future__ import annotations

from django.db import connection


def take_turn(region: str, institution: str) -> None:
    """Waits until nobody else clears the institution in this region; held to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("select clearing_lock(%s, %s)", [region, institution])
