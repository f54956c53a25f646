"""Guessing passwords is slowed down: failed tries lock an account, and an address, for longer and longer.

A try is counted before the password is looked at, in a transaction of its own: however many come at once, no more than
the free tries are ever looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How many tries are free, and how long the first lock and the longest one last."""

    free: int
    first: timedelta
    most: timedelta


ACCOUNT = Patience(free=5, first=timedelta(minutes=1), most=timedelta(hours=1))
ADDRESS = Patience(free=30, first=timedelta(minutes=1), most=timedelta(hours=1))  # an office shares one
FORGOTTEN_AFTER = timedelta(days=1)
LONGEST_DOUBLING = 20

_TRY = """
insert into base_lockout as known (key, failures, last_at, locked_until)
values (%(key)s, 1, %(now)s, %(now)s)
on conflict (key) do update set
  failures = case when known.last_at < %(forgotten)s then 1 else known.failures + 1 end,
  locked_until = case
    when known.last_at >= %(forgotten)s and known.failures + 1 >= %(free)s
    then %(now)s + least(%(first)s * (2 ^ least(known.failures + 1 - %(free)s, %(doublings)s)), %(most)s)
    else %(now)s end,
  last_at = %(now)s
where known.locked_until <= %(now)s
returning failures
"""


def taken(*, username: str, address: str, now: datetime) -> datetime | None:
    """Counts a try. None: it may go on; else until when none is taken. Within a scope that is left right after."""
    for key, patience in ((place_key(address), ADDRESS), (account_key(username), ACCOUNT)):
        if not _counted(key, patience, now):
            return _locked_until(key) or now
    return None


def passed(*, username: str, address: str, now: datetime, wholly: bool) -> None:
    """The try was no failure. Of the address that one try is taken back; `wholly` forgets those of the account.

    The failures of others at the address stay: who has an account of their own wins no tries by it.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "update base_lockout set failures = greatest(failures - 1, 0), locked_until = %s where key = %s",
            [now, place_key(address)],
        )
    if wholly:
        forgive(username)


def forgive(username: str) -> None:
    """The account's tries are forgotten: after a success, or by an administrator."""
    with connection.cursor() as cursor:
        cursor.execute("delete from base_lockout where key = %s", [account_key(username)])


def account_key(username: str) -> bytes:
    """An account's key: what somebody typed as a name is not kept, it may have been a password."""
    return bytes(settings.SEAL.index(f"account:{username.strip().casefold()}"))


def place_key(address: str) -> bytes:
    """An address' key."""
    return bytes(settings.SEAL.index(f"address:{address}"))


def prune(now: datetime) -> int:
    """Removes what is forgotten by now; how many rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "delete from base_lockout where last_at < %s and locked_until < %s", [now - FORGOTTEN_AFTER, now]
        )
        return int(cursor.rowcount)


def _counted(key: bytes, patience: Patience, now: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            _TRY,
            {
                "key": key, "now": now, "forgotten": now - FORGOTTEN_AFTER, "free": patience.free,
                "first": patience.first, "most": patience.most, "doublings": LONGEST_DOUBLING,
            },
        )  # fmt: skip
        return cursor.fetchone() is not None


def _locked_until(key: bytes) -> datetime | None:
    with connection.cursor() as cursor:
        cursor.execute("select locked_until from base_lockout where key = %s", [key])
        row = cursor.fetchone()
    return row[0] if row else None
