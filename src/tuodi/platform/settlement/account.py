"""A person's account that begins in mid-year: counts that they bring along from where they were settled before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import connection

from tuodi.core.finding import Faults, finding
from tuodi.engine.case import read_case
from tuodi.platform.base import audit
from tuodi.platform.registry.county import county_of
from tuodi.platform.settlement import adopted
from tuodi.platform.settlement.adjudging import Counts
from tuodi.platform.settlement.asked import held
from tuodi.platform.settlement.domain import state_written
from tuodi.platform.settlement.elevated import as_system
from tuodi.platform.settlement.models import Account, Settlement
from tuodi.platform.settlement.whose import owns


def open_with(*, person: int, counts: Sequence[Mapping[str, str]], on: date, reason: str) -> None:
    """The person's counts before their first settlement here, as `opening` of the case format. In the county's scope.

    Given again before anything is settled, they take the place of the earlier ones. Raises Faults: `person-unknown`,
    `no-policy`, `account-open` where they have been settled already, and what is wrong with a count.
    """
    region, policy = _ground(person, on)
    ready = adopted.ready(policy)
    raw = {"policy": ready.policy.document.id, "person": _NOBODY, "events": [], "opening": list(counts)}
    opening = {ready.policy.document.id: state_written(read_case(raw, ready.policy).opening)}
    with as_system():
        _written(person, region, opening)
    audit.record(act="settlement.open", subject=f"person:{person}", region=region, reason=reason)


def _written(person: int, region: str, opening: Counts) -> None:
    """Under the person's lock, so that no bill is settled meanwhile."""
    given = {"region_id": region, "version": 1, "state": opening, "opening": opening}
    if Account.objects.get_or_create(person_id=person, defaults=given)[1]:
        return
    account = held(person)
    if Settlement.objects.filter(person_id=person).exists():
        what = f"登记号 {person} 已经有结算，不能再设期初累计"
        raise Faults([finding("account-open", what, remedy="先冲销，或按差额更正")])
    Account.objects.filter(pk=person).update(state=opening, opening=opening, version=account.version + 1)


_NOBODY = {"id": "-", "insurance": "none", "statuses": []}


def _ground(person: int, on: date) -> tuple[str, int]:
    region = county_of(person)
    if region is None or not owns(region):
        raise Faults([finding("person-unknown", f"没有登记号为 {person} 的人，或不归这里管", remedy="核对后再办")])
    with connection.cursor() as cursor:
        cursor.execute("select settlement_policy_on(%s, %s)", [region, on])
        (policy,) = cursor.fetchone()
    if policy is None:
        what = f"{region} 在 {on} 没有施行的政策"
        raise Faults([finding("no-policy", what, remedy="由市级设定政策及其施行日")])
    return region, int(policy)
