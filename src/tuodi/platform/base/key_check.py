"""Whether the keys in use are those that the data were written with: other keys would unseal nothing, and mix."""

from __future__ import annotations

import hmac

from django.conf import settings
from django.db import connection

from tuodi.core.finding import Finding, Place

TEXT = "tuodi"


def differing() -> list[Finding]:
    """Which keys are not those of the data; none either where no data were ever written."""
    with connection.cursor() as cursor:
        cursor.execute("select sealed, indexed, chained from base_key_check")
        row = cursor.fetchone()
    if row is None:
        return []
    sealed, indexed, chained = (bytes(each) for each in row)
    well = {
        "sealing": _unseals(sealed),
        "indexing": settings.SEAL.same(TEXT, indexed),
        "chain": hmac.compare_digest(_chained(), chained),
    }
    return [_finding(name) for name, same in well.items() if not same]


def keep() -> None:
    """Notes once with which keys these data are written; as the owner of the tables."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into base_key_check (id, sealed, indexed, chained) values (1, %s, %s, %s) on conflict do nothing",
            [settings.SEAL.seal(TEXT), settings.SEAL.index(TEXT), _chained()],
        )


def _unseals(sealed: bytes) -> bool:
    try:
        return bool(settings.SEAL.unseal(sealed) == TEXT)
    except ValueError:
        return False


def _chained() -> bytes:
    return hmac.digest(settings.CHAIN_KEY, TEXT.encode(), "sha256")


def _finding(name: str) -> Finding:
    return Finding(
        code="keys-differ",
        message=f"密钥 {name} 不是这些数据所用的那一把",
        place=Place(file=str(settings.KEYS_FILE), path=name),
        remedy="把原来的密钥文件放回这里，或用 TUODI_KEYS 指向它；不要用新密钥继续写入",
    )
