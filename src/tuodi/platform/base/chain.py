"""The audit trail's chain: each row's code covers the row and the code before it, under a key outside the database.

Acts only insert their row; the sealer follows behind, alone, over rows whose transactions are over. A row that is still
being written is not skipped: it waits until every transaction that began before it is over, and whatever is written
later has a later transaction. Whoever changes, removes or slips in a row, even as the database's superuser, breaks the
chain there, for want of the key.

What the chain cannot show by itself is that its end was cut off together with the rows there. So each run also notes
its end in a file outside of the database (`audit-ends.txt` beside the keys), and `broken` holds the chain against it.

The key may change: the file with the keys tells after which position, and on which code, an earlier one ended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC
from django.conf import settings
from django.db import connection

from tuodi.core.finding import Finding, Place
from tuodi.platform.base.seal import ChainKeys

AT_ONCE = 10_000
LOCK = 7_806_310
"""The advisory lock of the one sealer."""

FIELDS = """
  a.id::text, (extract(epoch from a.at) * 1000000)::bigint::text, coalesce(a.staff_id::text, ''), a.desk,
  a.institution_id, a.region_id, a.act, a.subject, a.reason, a.details::text, a.transaction::text
"""
LAST = """
select b.horizon::text, b.position, b.cluster = c.system_identifier, pg_snapshot_xmin(pg_current_snapshot())::text
from pg_control_system() c left join lateral (select * from base_audit_batch order by id desc limit 1) b on true
"""
# Rows of transactions that are over, in the order in which they are chained. Those before the last horizon were all
# sealed then.
SINCE = "a.transaction >= %(horizon)s::xid8 and a.transaction < %(now)s::xid8"
# At first, and after a restore into another cluster, whose transactions count from elsewhere, every row is in question;
# a row that is seen, and isn't of this cluster, is of a transaction that is over.
ANY = "(a.transaction < %(now)s::xid8 or a.transaction >= pg_snapshot_xmax(pg_current_snapshot()))"
WAITING = f"""
select a.id, {FIELDS} from base_audit a
where {{which}} and not exists (select from base_audit_seal s where s.audit_id = a.id)
order by a.transaction, a.id limit {AT_ONCE}
"""
TRAIL = f"""
select s.position, s.audit_id, s.code, a.id, {FIELDS}
from base_audit_seal s left join base_audit a on a.id = s.audit_id order by s.position
"""
UNSEALED = """
select a.id, a.transaction < %(horizon)s::xid8 as slipped_in from base_audit a
where not exists (select from base_audit_seal s where s.audit_id = a.id)
  and (a.transaction < %(horizon)s::xid8 or a.at < clock_timestamp() - interval '1 day')
order by a.id limit 100
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """Where the chain ends: how many rows it covers, and the last one's code."""

    position: int
    code: bytes

    def __str__(self) -> str:
        return f"{self.position} {self.code.hex()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Last:
    """How far the sealer came: of transactions before `horizon` every row is sealed, where `same` is this cluster."""

    horizon: str
    position: int
    same: bool
    now: str


START = End(position=0, code=bytes(32))


def seal() -> int:
    """Chains the rows that are ready, some thousand at a time, within the system's scope; how many. 0: none is left."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
        last = _last()
        which = SINCE if last.same else ANY
        cursor.execute(WAITING.format(which=which), {"horizon": last.horizon, "now": last.now})
        rows = cursor.fetchall()
    if rows:
        _append(rows)
    if len(rows) < AT_ONCE:
        if not last.same or end().position > last.position:
            _advance(last.now, end().position)
    elif last.same:
        _advance(rows[-1][-1], last.position)  # of the transactions before this one every row is sealed
    return len(rows)


def end() -> End:
    """Where the chain ends now, within the system's scope."""
    with connection.cursor() as cursor:
        cursor.execute("select position, code from base_audit_seal order by position desc limit 1")
        row = cursor.fetchone()
    return End(position=row[0], code=bytes(row[1])) if row else START


def broken(noted: Path | None = None, told: Callable[[int], None] = lambda _: None) -> Iterator[Finding]:
    """Each place where the trail and its chain differ, in order; `told` hears how many rows are read.

    The first place is what was touched. Where a row was changed, the codes after it still follow from the stored one,
    so one change is one finding. Within the system's scope.
    """
    position, code = 0, START.code
    with connection.chunked_cursor() as cursor:
        keys = _trail(cursor)
        ends = {**(_noted(noted) if noted else {}), **keys.ends()}
        for number, audit_id, stored, found, *fields in cursor:
            position += 1
            if number != position:
                yield _finding("audit-seal-missing", f"校验链缺第 {position} 至 {number - 1} 号", f"seal:{position}")
                position = number
            elif found is None:
                yield _finding("audit-row-missing", f"审计记录 {audit_id} 被删除", f"audit:{audit_id}")
            elif _code(keys.key(position), code, fields) != bytes(stored):
                yield _finding("audit-row-changed", f"审计记录 {audit_id} 或它的校验码被改动", f"audit:{audit_id}")
            code = bytes(stored)
            if ends.pop(position, code) != code:
                yield _finding("audit-chain-replaced", f"第 {position} 号校验码与当时记下的不同", f"seal:{position}")
            told(position)
    yield from _cut_off(ends, position)
    yield from _unsealed()


def note(file: Path, end: End) -> None:
    """Adds the chain's end to the file outside of the database, after the transaction that sealed it."""
    with file.open("a", encoding="ascii") as lines:
        lines.write(f"{end}\n")


def _trail(cursor: Any) -> ChainKeys:
    """Asks for the trail, and gives the keys that made all of it: they may change at any moment."""
    while True:
        keys: ChainKeys = settings.CHAIN()
        cursor.execute(TRAIL)
        if settings.CHAIN() == keys:
            return keys


def _last() -> Last:
    """How far the sealer came, and which transactions are over now."""
    with connection.cursor() as cursor:
        cursor.execute(LAST)
        horizon, position, same, now = cursor.fetchone()
    return Last(horizon=horizon or "0", position=position or 0, same=bool(same), now=now)


def _append(rows: list[tuple[int | str, ...]]) -> None:
    """The codes of the rows, at the end of the chain."""
    before = end()
    position, code, keys = before.position, before.code, settings.CHAIN()
    seals = []
    for audit_id, *fields in rows:
        position += 1
        code = _code(keys.key(position), code, [str(field) for field in fields])
        seals.append((position, audit_id, code))
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into base_audit_seal (position, audit_id, code) "
            "select * from unnest(%s::bigint[], %s::bigint[], %s::bytea[])",
            [list(column) for column in zip(*seals, strict=True)],
        )


def _advance(horizon: str, position: int) -> None:
    """From which transaction on the next run looks, and how long the chain was when all that was ready was in it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into base_audit_batch (id, position, horizon, cluster) "
            "select 1, %s, %s::xid8, system_identifier from pg_control_system() "
            "on conflict (id) do update set at = clock_timestamp(), "
            "position = excluded.position, horizon = excluded.horizon, cluster = excluded.cluster",
            [position, horizon],
        )


def _code(key: bytes, before: bytes, fields: list[str]) -> bytes:
    """HMAC-SM3 over the code before and the row; each field with its length, so that no two rows read alike."""
    mac = HMAC(key, hashes.SM3())
    mac.update(before)
    for field in fields:
        raw = field.encode()
        mac.update(len(raw).to_bytes(8, "big") + raw)
    return mac.finalize()


def _noted(file: Path) -> dict[int, bytes]:
    if not file.exists():
        return {}
    lines = (line.split() for line in file.read_text(encoding="ascii").splitlines() if line.strip())
    return {int(position): bytes.fromhex(code) for position, code in lines}


def _cut_off(ends: dict[int, bytes], position: int) -> Iterator[Finding]:
    if later := [noted for noted in ends if noted > position]:
        yield _finding(
            "audit-cut-off",
            f"审计记录只到第 {position} 号，而第 {max(later)} 号已经封存过：末尾被截去",
            f"seal:{position}",
        )


def _unsealed() -> Iterator[Finding]:
    """Rows without a code: written behind the sealer's back, or waiting for longer than it ever takes."""
    last = _last()
    with connection.cursor() as cursor:
        cursor.execute(UNSEALED, {"horizon": last.horizon if last.same else "0"})
        for audit_id, slipped_in in cursor.fetchall():
            if slipped_in:
                yield _finding("audit-row-inserted", f"审计记录 {audit_id} 是事后插入的", f"audit:{audit_id}")
            else:
                yield Finding(
                    code="audit-unsealed",
                    message=f"审计记录 {audit_id} 一天多没有封存",
                    place=Place(path=f"audit:{audit_id}"),
                    remedy="让 tuodi work 一直运行；若它在运行，查有没有长期不结束的数据库事务",
                )


def _finding(code: str, message: str, path: str) -> Finding:
    return Finding(
        code=code, message=message, place=Place(path=path),
        remedy="保留现场，查数据库管理员的操作和服务器日志；从备份核对这一条",
    )  # fmt: skip
