"""Sealing anew what is under an earlier set of keys: batch by batch in the background, while everything runs.

A room names in its module `sealed` where its sealed values lie: `SEALED = (Column(...), ...)`. An errand does a batch
and leaves the next one, in one transaction: a worker that is killed has done a batch or hasn't. What is read meanwhile
opens under either set.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from django.apps import apps
from django.conf import settings
from django.db import connection

from tuodi.platform.base import outbox
from tuodi.platform.base.work import Errand

TOPIC = "keys.reseal"
WRITING = 7_806_313
"""The advisory lock of whoever writes identity numbers while keys change."""


class Sealed(Protocol):
    """Where sealed values lie. Everything happens within the system's scope."""

    @property
    def name(self) -> str:
        """For people."""

    def left(self) -> int:
        """How many values are not under the set in use."""

    def batch(self, after: int) -> tuple[int, int | None]:
        """Seals some rows behind `after` anew: how many, and behind which to go on; None: there are no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of sealed values in a table with a key that counts."""

    name: str
    table: str
    column: str
    key: str = "id"
    at_once: int = 2_000

    def left(self) -> int:
        """All rows are looked at."""
        with connection.cursor() as cursor:
            cursor.execute(f"select count(*) from {self.table} where {self._earlier}", [_mark()])
            return int(cursor.fetchone()[0])

    def batch(self, after: int) -> tuple[int, int | None]:
        """A value that doesn't open stays as it is, and is counted as left."""
        rows = self.waiting(after)
        news = [(number, sealed, resealed(sealed)) for number, sealed in rows]
        done = [(number, before, sealed) for number, before, sealed in news if sealed is not None]
        with connection.cursor() as cursor:
            cursor.execute(
                f"update {self.table} t set {self.column} = n.sealed"
                f" from unnest(%s::bigint[], %s::bytea[], %s::bytea[]) as n (id, before, sealed)"
                f" where t.{self.key} = n.id and t.{self.column} = n.before",
                [list(values) for values in zip(*done, strict=True)] if done else [[], [], []],
            )
        return len(done), self.last(rows)

    def waiting(self, after: int) -> list[tuple[int, bytes]]:
        """The next rows under an earlier set: key and value, held to the end of the transaction."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"select {self.key}, {self.column} from {self.table} where {self.key} > %s and {self._earlier}"
                f" order by {self.key} limit %s for no key update",
                [after, _mark(), self.at_once],
            )
            return [(number, bytes(sealed)) for number, sealed in cursor.fetchall()]

    def last(self, rows: Sequence[tuple[int, bytes]]) -> int | None:
        """Behind which row to go on."""
        return rows[-1][0] if len(rows) == self.at_once else None

    @property
    def _earlier(self) -> str:
        return f"{self.column} is not null and substr({self.column}, 1, 8) <> %s"


def resealed(sealed: bytes) -> bytes | None:
    """The same text under the set in use; None where it does not open, and nothing better is known than to leave it."""
    try:
        return bytes(settings.SEAL.seal(settings.SEAL.unseal(sealed)))
    except ValueError:
        return None


def places() -> list[Sealed]:
    """What the rooms' modules `sealed` name, in the rooms' order."""
    found: list[Sealed] = []
    for room in apps.get_app_configs():
        name = f"{room.name}.sealed"
        if room.name.startswith("tuodi.") and importlib.util.find_spec(name):
            found += importlib.import_module(name).SEALED
    return found


def left() -> list[tuple[str, int]]:
    """Of each place its name and how many values are not under the set in use. Within the system's scope."""
    return [(place.name, place.left()) for place in places()]


def begin() -> bool:
    """Leaves the first errand, unless one waits already. Within the system's scope."""
    if waiting():
        return False
    _go_on(place=0, after=0, resealed=0)
    return True


def waiting() -> bool:
    """Whether an errand of this kind waits, or is being run."""
    with connection.cursor() as cursor:
        cursor.execute("select exists (select from base_outbox where topic = %s and done_at is null)", [TOPIC])
        return bool(cursor.fetchone()[0])


def run(errand: Errand) -> None:
    """A batch, and the errand for the next one. After the last place all are counted, and gone over again if any is."""
    place, after, count = (int(errand.payload[name]) for name in ("place", "after", "resealed"))
    known = places()
    done, last = known[place].batch(after)
    if last is not None:
        _go_on(place=place, after=last, resealed=count + done)
    elif place + 1 < len(known):
        _go_on(place=place + 1, after=0, resealed=count + done)
    elif count + done and any(number for _, number in left()):
        _go_on(place=0, after=0, resealed=0)  # something was written under an earlier set meanwhile


def _go_on(*, place: int, after: int, resealed: int) -> None:
    number = settings.KEYS.now().using
    outbox.put(topic=TOPIC, key=f"set:{number}", payload={"place": place, "after": after, "resealed": resealed})


def _mark() -> bytes:
    return bytes(settings.SEAL.ring().using.mark)
