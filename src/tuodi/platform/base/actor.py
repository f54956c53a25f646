"""Who acts, as the database knows it from the scope, and what people of the offices are called."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.db import connection

from tuodi.platform.base.domain import Desk
from tuodi.platform.base.models import Staff


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


def names_of(staff: Iterable[int | None]) -> dict[int | None, str]:
    """Names by number; the system's own acts, which have no number, have none."""
    return dict(Staff.objects.filter(pk__in={each for each in staff if each is not None}).values_list("id", "name"))
