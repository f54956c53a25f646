"""Whose a bill or a person is: who may cancel, correct or settle anew what was settled."""

from __future__ import annotations

from django.db import connection

from tuodi.core.finding import Faults, finding
from tuodi.platform.registry.county import county_of
from tuodi.platform.settlement.elevated import as_system
from tuodi.platform.settlement.models import Account, Settlement


def own(settlement: int) -> Settlement:
    """The first row of the settlement's bill, if it is the scope's own: a hospital's bill, a county's to bear.

    Raises Faults: `settlement-unknown`.
    """
    row: Settlement | None = Settlement.objects.filter(pk=settlement).first()
    if row is None or not _may_touch(row):
        raise Faults([finding("settlement-unknown", f"没有结算 {settlement}，或不归这里管", remedy="核对编号")])
    if row.pk != row.origin:
        row = Settlement.objects.get(pk=row.origin)
    return row


def own_person(person: int) -> None:
    """The person has bills, and is registered in the scope's county or has had a bill borne by it.

    Raises Faults: `person-unknown`.
    """
    with as_system():
        settled = Account.objects.filter(person_id=person).exists()
    if not settled or not _concerns_us(person):
        raise Faults([finding("person-unknown", f"登记号 {person} 没有结算，或不归这里管", remedy="核对后再办")])


def owns(region: str) -> bool:
    """Whether the scope decides for the county."""
    with connection.cursor() as cursor:
        cursor.execute("select tuodi_desk() in ('county', 'system') and tuodi_owns(%s)", [region])
        return bool(cursor.fetchone()[0])


def home(person: int) -> str:
    """The county that the person is registered in. Inside the system's scope."""
    region = county_of(person)
    assert region is not None, "who has bills is registered"
    return region


def _concerns_us(person: int) -> bool:
    """What a county sees of settlements are those that it bears."""
    county = county_of(person)
    if county is not None and owns(county):
        return True
    borne = Settlement.objects.filter(person_id=person).values_list("region_id", flat=True).first()
    return borne is not None and owns(borne)


def _may_touch(row: Settlement) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "select tuodi_desk() = 'hospital' and tuodi_institution() = %s"
            " or tuodi_desk() in ('county', 'system') and tuodi_owns(%s)",
            [row.institution_id, row.region_id],
        )
        return bool(cursor.fetchone()[0])
