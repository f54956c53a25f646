"""Where this room's sealed values lie."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from tuodi.platform.base.resealing import Column, resealed

_TOLD = "a.details ->> 'number' ~ '^([0-9a-f]{2})+$' and a.act = 'person.correct'"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailSecrets:
    """Sealed values that rows of the trail tell. Those rows never change: beside them stands the value sealed anew."""

    name: str = "审计记录中的原号码"
    at_once: int = 1_000

    def left(self) -> int:
        """Rows whose value is not, or not in its newest form, beside them."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"select count(*) from base_audit a left join base_trail_secret s on s.audit_id = a.id"
                f" where {_TOLD} and substr(coalesce(s.sealed, decode(a.details ->> 'number', 'hex')), 1, 8) <> %s",
                [settings.SEAL.ring().using.mark],
            )
            return int(cursor.fetchone()[0])

    def batch(self, after: int) -> tuple[int, int | None]:
        """Puts them beside, or seals those anew that are there."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"select a.id, coalesce(s.sealed, decode(a.details ->> 'number', 'hex')) from base_audit a"
                f" left join base_trail_secret s on s.audit_id = a.id"
                f" where a.id > %s and {_TOLD} order by a.id limit %s",
                [after, self.at_once],
            )
            rows = [(number, bytes(sealed)) for number, sealed in cursor.fetchall()]
            earlier = [(number, resealed(sealed)) for number, sealed in rows if not settings.SEAL.current(sealed)]
            done = [(number, sealed) for number, sealed in earlier if sealed is not None]
            cursor.executemany(
                "insert into base_trail_secret (audit_id, sealed) values (%s, %s)"
                " on conflict (audit_id) do update set sealed = excluded.sealed",
                done,
            )
        return len(done), rows[-1][0] if len(rows) == self.at_once else None


SEALED = (
    Column(name="接口凭证的密钥", table="base_credential", column="secret"),
    Column(name="动态码的密钥", table="base_staff", column="two_factor"),
    TrailSecrets(),
)
