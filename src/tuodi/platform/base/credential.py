"""With what an institution's program proves who it is: issued once, sealed at rest, bound to addresses and days.

Checking the signature is the gateway's; here it finds key and secret, and marks a message's number as used.
Both may be asked for before a scope is entered, since only then it is known whose scope it is.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_network
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from tuodi.core.finding import Faults, Finding, Place
from tuodi.platform.base import audit
from tuodi.platform.base.address import within
from tuodi.platform.base.models import Credential, Institution

NONCES_KEPT = timedelta(days=1)
"""Longer than any variant lets a message's time differ from ours."""

FIND = "select * from base_credential_of(%s)"
SPEND = "select base_nonce_spend(%s, %s)"
"""As SQL, for whoever works on a connection of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A credential with its secret, which is told this once."""

    access_key: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the gateway needs to check a message and to enter the sender's scope."""

    number: int
    institution: str
    region: str
    variant: str
    secret: str = field(repr=False)
    addresses: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime | None

    def refusal(self, *, address: str, now: datetime) -> Finding | None:
        """Why it isn't taken from there or then; None: it is."""
        if now < self.starts_at or (self.ends_at is not None and now >= self.ends_at):
            return _finding("credential-expired", "接口凭证不在有效期内", "请医保部门换发凭证")
        if self.addresses and not within(address, list(self.addresses)):
            return _finding("credential-address", f"地址 {address} 不在凭证允许的范围内", "请医保部门登记这个地址")
        return None


def issue(*, institution: str, variant: str, addresses: Sequence[str] = (), ends_at: datetime | None = None) -> Issued:
    """A new credential. Earlier ones stay good until they are revoked, so that programs can change over. Faults."""
    if findings := _findings(institution, addresses):
        raise Faults(findings)
    access_key, secret = secrets.token_hex(16), secrets.token_hex(32)
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into base_credential (institution_id, variant, access_key, secret, addresses, ends_at) "
            "values (%s, %s, %s, %s, %s, %s)",
            [institution, variant, access_key, settings.SEAL.seal(secret), list(addresses), ends_at],
        )
    audit.record(
        act="credential.issue", subject=f"credential:{access_key}", region=_region(institution),
        details={"institution": institution, "variant": variant, "addresses": list(addresses)},
    )  # fmt: skip
    return Issued(access_key=access_key, secret=secret)


def revoke(*, access_key: str, reason: str, now: datetime | None = None) -> None:
    """No message is taken with it from here on. Faults: `credential-unknown`."""
    credential = Credential.objects.filter(access_key=access_key).first()
    if credential is None:
        raise Faults([_finding("credential-unknown", f"没有凭证 {access_key}", "核对访问标识")])
    ends_at = max(now or timezone.now(), credential.starts_at)
    Credential.objects.filter(pk=credential.pk).update(ends_at=ends_at)
    audit.record(
        act="credential.revoke", subject=f"credential:{access_key}", region=_region(credential.institution_id),
        reason=reason,
    )  # fmt: skip


def known(access_key: str) -> Known | None:
    """The credential of an access key, with or without a scope."""
    with connection.cursor() as cursor:
        cursor.execute(FIND, [access_key])
        row = cursor.fetchone()
    return None if row is None else of_row(row)


def of_row(row: Sequence[Any]) -> Known:
    """A row of `FIND` with its secret unsealed."""
    number, institution, region, variant, secret, addresses, starts_at, ends_at = row
    return Known(
        number=number, institution=institution, region=region, variant=variant,
        secret=settings.SEAL.unseal(bytes(secret)), addresses=tuple(addresses), starts_at=starts_at, ends_at=ends_at,
    )  # fmt: skip


def spent_once(*, number: int, nonce: str) -> bool:
    """Marks a message's number as used; False: it was, and this is a replay. In the message's own transaction."""
    with connection.cursor() as cursor:
        cursor.execute(SPEND, [number, nonce])
        return bool(cursor.fetchone()[0])


def prune(now: datetime) -> int:
    """Forgets numbers of messages that are too old to be taken again; how many. The system's."""
    with connection.cursor() as cursor:
        cursor.execute("delete from base_nonce where at < %s", [now - NONCES_KEPT])
        return int(cursor.rowcount)


def _findings(institution: str, addresses: Sequence[str]) -> list[Finding]:
    found = []
    if not Institution.objects.filter(pk=institution).exists():
        found.append(_finding("credential-institution", f"没有机构 {institution}", "先录入机构，或改正代码"))
    for address in addresses:
        try:
            ip_network(address, strict=False)
        except ValueError:
            found.append(
                _finding("credential-network", f"“{address}”不是地址或网段", "写成 10.1.2.3 或 10.1.0.0/16 这样")
            )
    return found


def _region(institution: str) -> str:
    return str(Institution.objects.values_list("region_id", flat=True).get(pk=institution))


def _finding(code: str, message: str, remedy: str) -> Finding:
    return Finding(code=code, message=message, place=Place(path="credential"), remedy=remedy)
