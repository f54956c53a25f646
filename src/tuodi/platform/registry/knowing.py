"""Two times: a row is superseded under a lock on its person, never changed; and a change of the past is noted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import connection

from tuodi.core.finding import Faults, Finding, Place

TODAY = "(clock_timestamp() at time zone 'Asia/Shanghai')::date"
_NOTE = f"""
insert into registry_change (person_id, region_id, from_day, reason)
select %s, %s, %s::date, %s where %s::date <= {TODAY}
"""


def locked(person: int) -> str:
    """The person's county; no other knowledge about them is written until the transaction ends. Faults: unknown."""
    with connection.cursor() as cursor:
        cursor.execute("select region_id from registry_person where id = %s for no key update", [person])
        row = cursor.fetchone()
    if row is None:
        raise fault("person-unknown", "这里没有登记这个人，或不由本区划办理", "person", "先登记，或请登记地办理")
    return str(row[0])


def moment() -> datetime:
    """Now, by the database's clock; asked for once a lock is held, so that knowledge is in order."""
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
        return now


def note(*, person: int, region: str, from_day: date | None, reason: str) -> None:
    """Notes that what is known of a past day has changed; nothing where the first such day is still to come."""
    if from_day is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, [person, region, from_day, reason, from_day])


def fault(code: str, message: str, path: str, remedy: str) -> Faults:
    """One finding, to be raised."""
    return Faults([Finding(code=code, message=message, place=Place(path=path), remedy=remedy)])


def execute(statement: str, values: Mapping[str, Any]) -> None:
    """One statement, its values by name."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)


def one(statement: str, values: Mapping[str, Any]) -> Any:
    """The one value that the statement answers."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0]
