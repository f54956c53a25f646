"""Where the registry's sealed numbers lie. An index is made anew with its number, on all rows that have it alike."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from tuodi.platform.base.resealing import Column, resealed
from tuodi.platform.registry.numbers import align, hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers(Column):
    """A column of sealed numbers beside which the index stands."""

    column: str = "number_sealed"
    at_once: int = 1_000

    def batch(self, after: int) -> tuple[int, int | None]:
        """The indexes first: persons and rows of rosters stay joined by them at every moment."""
        hold()
        rows = self.waiting(after)
        news = [(number, sealed, _opened(sealed)) for number, sealed in rows]
        known = [(number, sealed, text) for number, sealed, text in news if text is not None]
        align([settings.SEAL.indexes(text) for _, _, text in known])
        done = [(number, before, resealed(before)) for number, before, _ in known]
        with connection.cursor() as cursor:
            cursor.execute(
                f"update {self.table} t set number_sealed = n.sealed"
                f" from unnest(%s::bigint[], %s::bytea[], %s::bytea[]) as n (id, before, sealed)"
                f" where t.{self.key} = n.id and t.number_sealed = n.before",
                [list(values) for values in zip(*done, strict=True)] if done else [[], [], []],
            )
        return len(done), self.last(rows)


def _opened(sealed: bytes) -> str | None:
    try:
        return str(settings.SEAL.unseal(sealed))
    except ValueError:
        return None


SEALED = (
    Numbers(name="人员的身份证号码", table="registry_person"),
    Numbers(name="名单上的身份证号码", table="registry_roster_row"),
)
