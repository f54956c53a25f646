"""What the registry must stand up to, recounted from the rows alone, without believing the constraints that hold it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.conf import settings
from django.db import connection

from tuodi.core.finding import Finding, Place
from tuodi.platform.registry.delivery import WRITES, RosterState
from tuodi.platform.registry.identity import Identity, identity
from tuodi.platform.registry.models import Person

BATCH = 2_000

_STATUS_TWICE = """
select a.id, b.id from registry_status a join registry_status b
  on b.person_id = a.person_id and b.status = a.status and b.id > a.id
where daterange(a.starts_on, a.ends_on) && daterange(b.starts_on, b.ends_on)
  and tstzrange(a.known_from, a.known_until) && tstzrange(b.known_from, b.known_until)
order by 1, 2
"""
_INSURANCE_TWICE = """
select a.id, b.id from registry_insurance a join registry_insurance b
  on b.person_id = a.person_id and b.id > a.id
where daterange(a.starts_on, a.ends_on) && daterange(b.starts_on, b.ends_on)
  and tstzrange(a.known_from, a.known_until) && tstzrange(b.known_from, b.known_until)
order by 1, 2
"""
_OUT_OF_ORDER = """
select n.id from registry_status n join registry_status o on o.id = n.supersedes_id
where n.person_id <> o.person_id or n.status <> o.status or o.known_until is null or n.known_from < o.known_until
union all
select id from registry_status where known_until < known_from or known_from > clock_timestamp()
order by 1
"""
_IMPORTS = """
select r.id, (select count(*) from registry_roster_row w where w.roster_id = r.id and w.kind = any(%s)),
  (select count(*) from registry_status s where s.roster_id = r.id), r.state
from registry_roster r order by r.id
"""


def findings() -> Iterator[Finding]:
    """Every breach of INV-38 to INV-40 among what the scope sees, and every person whose number is not their own."""
    yield from _pairs(_STATUS_TWICE, "status-twice", "身份", "INV-38")
    yield from _pairs(_INSURANCE_TWICE, "insurance-twice", "参保", "INV-38")
    for (row,) in _rows(_OUT_OF_ORDER):
        yield _breach("knowledge-out-of-order", "INV-39", f"status:{row}", f"身份记录 {row} 与它所取代的记录不相接")
    yield from _imports()
    yield from _persons()


def _pairs(statement: str, code: str, what: str, number: str) -> Iterator[Finding]:
    for first, second in _rows(statement):
        message = f"{what}记录 {first} 与 {second} 在同一天、同一时刻都成立"
        yield _breach(code, number, f"{code.partition('-')[0]}:{second}", message)


def _imports() -> Iterator[Finding]:
    """An imported roster has written what it said, another one nothing."""
    for roster, planned, written, stored in _rows(_IMPORTS, [kind.name for kind in WRITES]):
        state = str(stored)
        done = state in (RosterState.imported.name, RosterState.undone.name)
        if written != (planned if done else 0):
            message = f"名单 {roster}（{RosterState[state]}）应写 {planned if done else 0} 条，实有 {written} 条"
            yield _breach("import-differs", "INV-40", f"roster:{roster}", message)


def _persons() -> Iterator[Finding]:
    """The sealed number is the indexed one, and says the birth and sex that stand beside it."""
    for row in Person.objects.order_by("id").iterator(chunk_size=BATCH):
        try:
            who = identity(settings.SEAL.unseal(bytes(row.number_sealed)), date.max)
        except ValueError as why:
            yield _breach("number-unreadable", "", f"person:{row.id}", str(why))
            continue
        told = isinstance(who, Identity) and (who.birth_date, who.sex.name) == (row.birth_date, row.sex)
        if not told or not (isinstance(who, Identity) and settings.SEAL.same(who.number, bytes(row.number_index))):
            yield _breach("number-differs", "", f"person:{row.id}", f"人员 {row.id} 的号码与指纹、出生日期或性别不符")


def _rows(statement: str, *values: object) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values) or None)
        rows: list[tuple[object, ...]] = cursor.fetchall()
    return rows


def _breach(code: str, number: str, path: str, message: str) -> Finding:
    remedy = f"违反 {number}：停用登记写入，查明是谁绕过程序改了数据库" if number else "核对密钥文件和该人的原件"
    return Finding(code=code, message=message, place=Place(path=path), remedy=remedy)
