"""Changing the keys of running data: a new set, its use, sealing everything anew, and the end of the earlier set.

Each step may be taken again, and an interruption between any two lines leaves what went before: the file with the keys
is replaced whole, and all else is transactions. A set is known to every program before anything is under it, and its
keys are thrown away only once nothing is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from time import monotonic, sleep
from typing import Any

from django.conf import settings
from django.db import connection

from tuodi.core.finding import Faults, Finding, finding
from tuodi.platform.base import audit, chain, key_check, resealing
from tuodi.platform.base.domain import SYSTEM
from tuodi.platform.base.scope import entered
from tuodi.site import keys as key_file

LOCK = 7_806_312
"""The advisory lock of whoever changes keys."""
DRAINED_WITHIN_SECONDS = 60
_RUNNING = """
select pid, xact_start from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid() and xact_start < %s order by xact_start limit 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Which sets there are, which one is in use, what is still under earlier ones, and whether that is being done."""

    sets: tuple[int, ...]
    using: int
    left: tuple[tuple[str, int], ...]
    recovery_codes: int
    working: bool

    @property
    def ready(self) -> bool:
        """Whether a set waits for its use."""
        return self.sets[-1] > self.using

    @property
    def done(self) -> bool:
        """Whether nothing is under an earlier set any more."""
        return not any(count for _, count in self.left)


def standing() -> Standing:
    """How far a change of keys is."""
    found = _keys()
    with entered(SYSTEM):
        return Standing(
            sets=tuple(one.number for one in found.sets), using=found.using, left=tuple(resealing.left()),
            recovery_codes=_recovery_codes(found.using), working=resealing.waiting(),
        )  # fmt: skip


def make() -> int:
    """Adds a set, which seals nothing yet; its number. Where one waits already it is that one."""
    with _alone():
        found = _keys()
        if found.last.number > found.using:
            key_check.keep()
            return found.last.number
        if len(found.sets) > 1:
            raise Faults([finding("keys-changing", "上一次更换还没有结束", "sets", "先运行 tuodi keys retire")])
        key_file.replaced(settings.KEYS.path, found.with_new_set())
        key_check.keep()
        number = _keys().last.number
        with entered(SYSTEM):
            audit.record(act="keys.make", subject=f"keys:{number}")
        return number


def use() -> int:
    """From here on the last set seals, indexes and chains, and the background seals everything anew; its number.

    Faults: `keys-none-new`; `keys-busy` where a transaction doesn't end. Run again, it sees to it that the background
    goes on.
    """
    with _alone():
        found = _keys()
        number = found.last.number
        if len(found.sets) == 1:
            raise Faults([finding("keys-none-new", "没有新的一套密钥", "sets", "先运行 tuodi keys new")])
        assert number in key_check.noted(), "a set is noted when it is made"
        if found.using != number:
            _drained()
            _turn(found)
        key_check.keep()
        with entered(SYSTEM):
            resealing.begin()
        return number


def retire(*, void_codes: bool) -> int:
    """Throws the earlier sets' keys away; how many sets. `void_codes`: recovery codes under them become void.

    Faults: `keys-needed`, with what is still under them; `keys-one`. The chain's earlier keys stay.
    """
    with _alone():
        found = _keys()
        earlier = [one.number for one in found.sets if one.number < found.using]
        if not earlier:
            raise Faults([finding("keys-one", "没有已停用的密钥", "sets", "不需要做什么")])
        _drained()
        with entered(SYSTEM):
            if findings := list(_needing(found.using, void_codes=void_codes)):
                raise Faults(findings)
            _void_codes(found.using)
            audit.record(act="keys.retire", subject=f"keys:{found.using - 1}", details={"sets": earlier})
        key_check.forget(before=found.using)
        key_file.replaced(settings.KEYS.path, found.without_earlier_sets())
        return len(earlier)


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _keys() -> key_file.Keys:
    found: key_file.Keys = settings.KEYS.now()
    return found


@contextmanager
def _alone() -> Iterator[None]:
    """One at a time, on however many machines. Faults: `keys-busy`."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            raise Faults([finding("keys-busy", "另一个 tuodi keys 正在运行", "keys", "等它结束后再运行")])
        try:
            yield
        finally:
            cursor.execute("select pg_advisory_unlock(%s)", [LOCK])


def _drained() -> None:
    """Waits until every transaction is over that runs now: what began before the last step is done. Faults: busy."""
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        begun = cursor.fetchone()[0]
        until = monotonic() + DRAINED_WITHIN_SECONDS
        while running := _running(cursor, begun):
            if monotonic() > until:
                raise Faults([_busy(running)])
            sleep(0.1)


def _running(cursor: Any, begun: datetime) -> tuple[int, datetime] | None:
    """The oldest transaction of another connection that began before that moment."""
    cursor.execute(_RUNNING, [begun])
    row: tuple[int, datetime] | None = cursor.fetchone()
    return row


def _busy(running: tuple[int, datetime]) -> Finding:
    process, since = running
    message = f"数据库连接 {process} 的事务从 {since:%H:%M:%S} 起一直没有结束"
    return finding("keys-busy", message, "pg_stat_activity", "等备份、核对等结束，或结束这个连接，再试一次")


def _turn(found: key_file.Keys) -> None:
    """The file is replaced while nobody chains, and nobody who began without the new set still writes numbers."""
    with entered(SYSTEM), connection.cursor() as cursor:
        for lock in (chain.LOCK, resealing.WRITING):
            cursor.execute("select pg_advisory_xact_lock(%s)", [lock])
        audit.record(act="keys.use", subject=f"keys:{found.last.number}")
        end = chain.end()
        key_file.replaced(settings.KEYS.path, found.with_last_in_use(position=end.position, code=end.code))


def _needing(using: int, *, void_codes: bool) -> Iterator[Finding]:
    for name, count in resealing.left():
        if count:
            yield finding(
                "keys-needed", f"{name}：还有 {count} 条在用旧密钥", name, "让 tuodi work 运行到没有剩余，再试一次"
            )
    if not void_codes and (codes := _recovery_codes(using)):
        yield finding(
            "keys-needed", f"还有 {codes} 个没有用过的备用码在用旧密钥；它们无法换密钥", "recovery",
            "请这些人重新启用动态码；或加 --void-codes，使这些备用码作废",
        )  # fmt: skip


def _recovery_codes(using: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from base_recovery where used_at is null and key_set < %s", [using])
        return int(cursor.fetchone()[0])


def _void_codes(using: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("delete from base_recovery where used_at is null and key_set < %s", [using])
