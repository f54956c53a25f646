"""Whether the keys at hand are those that the data were written with: other keys would unseal nothing, and mix.

For each set of keys that some value may need the database has a row. It tells nothing about the keys themselves.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator

from django.conf import settings
from django.db import connection

from tuodi.core.finding import Finding, Place
from tuodi.platform.base.seal import Seal

TEXT = "tuodi"


def differing() -> list[Finding]:
    """Which keys are not those of the data; none either where no data were ever written."""
    with connection.cursor() as cursor:
        cursor.execute("select id, sealed, indexed, chained from base_key_check order by id")
        rows = [(number, bytes(sealed), bytes(indexed), bytes(chained)) for number, sealed, indexed, chained in cursor]
    return [*_differing(rows), *_ahead({row[0] for row in rows})] if rows else []


def keep() -> None:
    """Notes with which sets of keys these data are written, and which is in use; as the owner of the tables.

    From then on the database takes no new number under a set before that one, whoever has missed the change.
    """
    found = settings.KEYS.now()
    with connection.cursor() as cursor:
        for one in found.sets:
            cursor.execute(
                "insert into base_key_check (id, sealed, indexed, chained, mark, in_use)"
                " values (%s, %s, %s, %s, %s, %s)"
                " on conflict (id) do update set mark = excluded.mark, in_use = excluded.in_use",
                [
                    one.number, one.seal.seal(TEXT), one.seal.index(TEXT), _chained(one.chain), one.seal.mark,
                    one.number == found.using,
                ],
            )  # fmt: skip


def forget(*, before: int) -> None:
    """No value needs the sets before this one any more; as the owner of the tables."""
    with connection.cursor() as cursor:
        cursor.execute("delete from base_key_check where id < %s", [before])


def noted() -> set[int]:
    """The numbers of the sets that the data may need."""
    with connection.cursor() as cursor:
        cursor.execute("select id from base_key_check")
        return {number for (number,) in cursor.fetchall()}


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _differing(rows: list[tuple[int, bytes, bytes, bytes]]) -> Iterator[Finding]:
    sets = {one.number: one for one in settings.KEYS.now().sets}
    for number, sealed, indexed, chained in rows:
        if number not in sets:
            yield _finding("keys-differ", f"密钥文件里没有第 {number} 套密钥，而有数据是用它加密的", f"sets[{number}]")
            continue
        one = sets[number]
        well = {
            "sealing": _unseals(one.seal, sealed),
            "indexing": hmac.compare_digest(one.seal.index(TEXT), indexed),
            "chain": hmac.compare_digest(_chained(one.chain), chained),
        }
        for name, same in well.items():
            if not same:
                yield _finding("keys-differ", f"密钥 {name} 不是这些数据所用的那一把", f"sets[{number}].{name}")


def _ahead(known: set[int]) -> Iterator[Finding]:
    """A set is in use that the data know nothing of: these are older data than the file."""
    using = settings.KEYS.now().using
    if using > max(known):
        yield _finding("keys-ahead", f"密钥文件已换到第 {using} 套，而这份数据还没有：数据比密钥文件旧", "using")


def _unseals(seal: Seal, sealed: bytes) -> bool:
    try:
        return seal.unseal(sealed) == TEXT
    except ValueError:
        return False


def _chained(key: bytes) -> bytes:
    return hmac.digest(key, TEXT.encode(), "sha256")


def _finding(code: str, message: str, path: str) -> Finding:
    return Finding(
        code=code,
        message=message,
        place=Place(file=str(settings.KEYS.path), path=path),
        remedy="把这份数据自己的密钥文件放回这里，或用 TUODI_KEYS 指向它；不要用别的密钥继续写入",
    )
