"""Who acts, as the database knows it from the scope; and the turn in which a region's orders go."""

from __future__ import annotations

from typing import NamedTuple

from django.db import connection

from tuodi.platform.base.domain import Desk


class Actor(NamedTuple):
    """The desk and the person; the system's own acts have no person."""

    desk: Desk
    staff: int | None


def actor() -> Actor:
    """Who acts in this scope."""
    with connection.cursor() as cursor:
        cursor.execute("select tuodi_desk(), tuodi_staff()")
        desk, staff = cursor.fetchone()
    return Actor(Desk[desk], staff)


def take_turn(region: str) -> None:
    """Waits until nobody else orders or pays for persons in the region; held to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("select disbursement_lock(%s)", [region])
