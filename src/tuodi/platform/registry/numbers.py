"""Identity numbers while keys change: each number's rows are brought under one index before anybody writes it.

Uniqueness rests on the index. Under two sets of keys a number has two, so whoever writes numbers then does it alone,
after all rows that have an earlier index of them got the one in use. With one set of keys nothing of this happens.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db import connection

from tuodi.platform.base.resealing import WRITING


def aligned(numbers: Iterable[str]) -> None:
    """The index in use finds every row of these numbers; to the end of the transaction nobody else writes any."""
    if not settings.SEAL.changing:
        return
    hold()
    align(settings.SEAL.indexes(number) for number in numbers)


def aligned_roster(roster: int) -> None:
    """As `aligned`, of the numbers on a roster that was kept."""
    if not settings.SEAL.changing:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "select number_sealed from registry_roster_row where roster_id = %s and number_sealed is not null", [roster]
        )
        aligned([settings.SEAL.unseal(bytes(sealed)) for (sealed,) in cursor.fetchall()])


def hold() -> None:
    """Waits until nobody else writes numbers, to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [WRITING])


def align(indexes: Iterable[list[bytes]]) -> None:
    """Each number's indexes, the one in use first: rows under the others get it."""
    pairs = {(earlier, wanted) for wanted, *others in indexes for earlier in others}
    if not pairs:
        return
    earlier, wanted = zip(*sorted(pairs), strict=True)
    with connection.cursor() as cursor:
        cursor.execute("select registry_align(%s, %s)", [list(earlier), list(wanted)])
