"""Messages and answers as they are kept: packed, sealed, and found again by institution, transaction and number."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.db import connection

from tuodi.gateway import models
from tuodi.gateway.national.behaviour import KeptAnswer, MessageKey
from tuodi.gateway.national.envelope import SUCCESS, Request
from tuodi.platform.base.domain import Scope

HEADERS = frozenset(
    {
        *("content-type", "content-length", "user-agent", "host", "x-ca-key", "x-tif-paasid", "x-tif-timestamp"),
        *("-api-name", "-api-version", "-api-timestamp", "-api-access-key"),
    }
)
"""Headers that are kept, as Django names them: no secret and no signature is among them."""

LONGEST_TEXT = 500


def packed(data: bytes) -> bytes:
    """The bytes, compressed and sealed."""
    sealed: bytes = settings.SEAL.seal(zlib.compress(data, 1).decode("latin-1"))
    return sealed


def unpacked(sealed: bytes) -> bytes:
    """The bytes again."""
    return zlib.decompress(settings.SEAL.unseal(bytes(sealed)).encode("latin-1"))


def receive(
    *, scope: Scope, request: Request, body: bytes, headers: Mapping[str, str], address: str, now: datetime
) -> models.Message:
    """Keeps the message as it came. Inside the hospital's scope."""
    kept = {name.lower(): value for name, value in headers.items() if name.lower() in HEADERS}
    row: models.Message = models.Message.objects.create(
        institution_id=scope.institution, region_id=scope.region, at=now, transaction=request.transaction,
        number=request.head.msgid, digest=request.digest, headers={"infno": request.head.infno, **kept},
        address=address, body=packed(body),
    )  # fmt: skip
    return row


def answered(row: models.Message, *, code: int, text: str, body: bytes, kept: bool, now: datetime) -> None:
    """Keeps what the message was answered; `kept` where the same message gets these bytes again."""
    models.Answer.objects.create(
        message=row, institution_id=row.institution_id, region_id=row.region_id, at=now, transaction=row.transaction,
        number=row.number, digest=row.digest, code=code, text=text[:LONGEST_TEXT], kept=kept, body=packed(body),
    )  # fmt: skip


def remembered(key: MessageKey) -> KeptAnswer | None:
    """What is remembered of the message with this key, inside the scope of its institution."""
    names = {"institution_id": key.institution, "transaction": key.transaction, "number": key.message}
    answer = models.Answer.objects.filter(**names, kept=True, code=SUCCESS).first()
    withdrawn = models.Withdrawal.objects.filter(**names).exists()
    if answer is None:
        return KeptAnswer(digest=b"", answer=b"", withdrawn=True) if withdrawn else None
    return KeptAnswer(digest=bytes(answer.digest), answer=unpacked(answer.body), withdrawn=withdrawn)


def withdraw(*, scope: Scope, key: MessageKey, now: datetime) -> None:
    """The number is used up: whatever the message did is gone, or will never be done."""
    models.Withdrawal.objects.get_or_create(
        institution_id=key.institution, transaction=key.transaction, number=key.message,
        defaults={"region_id": scope.region, "at": now},
    )  # fmt: skip


def hold(*parts: object) -> None:
    """Waits until nobody else in a transaction holds the same name, and holds it to the end of this one."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 4105))", ["|".join(map(str, parts))])
