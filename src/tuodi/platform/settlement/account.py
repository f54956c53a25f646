"""A person's account that begins in mid-year: counts that they bring along from where they were settled before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import connection

from tuodi.core.finding import Faults, Finding
from tuodi.engine.case import read_case
from tuodi.platform.base import audit
from tuodi.platform.settlement import adopted
from tuodi.platform.settlement.domain import state_written
from tuodi.platform.settlement.elevated import as_system
from tuodi.platform.settlement.models import Account


def open_with(*, person: int, counts: Sequence[Mapping[str, str]], on: date, reason: str) -> None:
    """The person's counts before their first settlement here, as `opening` of the case format. In the county's scope.

    Raises Faults: `person-unknown`, `no-policy`, `account-open` where they have been settled already, and what is wrong
    with a count.
    """
    region, policy = _ground(person, on)
    ready = adopted.ready(policy)
    raw = {"policy": ready.policy.document.id, "person": _NOBODY, "events": [], "opening": list(counts)}
    opening = {ready.policy.document.id: state_written(read_case(raw, ready.policy).opening)}
    with as_system():
        made = Account.objects.get_or_create(
            person_id=person, defaults={"region_id": region, "version": 1, "state": opening, "opening": opening}
        )[1]
    if not made:
        raise _fault("account-open", f"登记号 {person} 已经有结算，不能再设期初累计", "先冲销，或按差额更正")
    audit.record(act="settlement.open", subject=f"person:{person}", region=region, reason=reason)


_NOBODY = {"id": "-", "insurance": "none", "statuses": []}


def _ground(person: int, on: date) -> tuple[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select region_id, settlement_policy_on(region_id, %s) from registry_person"
            " where id = %s and tuodi_desk() in ('county', 'system') and tuodi_owns(region_id)",
            [on, person],
        )
        row = cursor.fetchone()
    if row is None:
        raise _fault("person-unknown", f"没有登记号为 {person} 的人，或不归这里管", "核对后再办")
    if row[1] is None:
        raise _fault("no-policy", f"{row[0]} 在 {on} 没有施行的政策", "由市级设定政策及其施行日")
    return str(row[0]), int(row[1])


def _fault(code: str, message: str, remedy: str) -> Faults:
    return Faults([Finding(code=code, message=message, remedy=remedy)])
