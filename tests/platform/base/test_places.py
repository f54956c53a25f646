"""Regions and institutions, entered by whoever looks after them."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from tuodi.core.finding import Faults
from tuodi.platform.base import institution, region
from tuodi.platform.base.domain import Desk, Scope
from tuodi.platform.base.models import Agreement, Audit, Institution, Region
from tuodi.platform.base.scope import entered

CITY = Scope(desk=Desk.administrator, region="371500", staff=1)
NEW = {"code": "H37150200009", "name": "东昌府区中医院", "region": "371502", "level": 2}


def codes(caught: pytest.ExceptionInfo[Faults]) -> list[str]:
    return [finding.code for finding in caught.value.findings]


def test_a_city_s_administrator_enters_its_counties_once(regions: object):
    with entered(CITY):
        assert [True, False] == [region.ensure(code="371581", name="临清市") for _ in range(2)]

    assert "临清市" == Region.objects.get(pk="371581").name
    assert ["region.enter"] == list(Audit.objects.values_list("act", flat=True))


def test_no_region_elsewhere_and_none_without_code_and_name(regions: object):
    with entered(CITY), pytest.raises(Faults) as caught:
        region.ensure(code="3715", name=" ")
    assert ["region-code", "region-name"] == codes(caught)

    with pytest.raises(DatabaseError, match="row-level security"), entered(CITY):
        region.ensure(code="370203", name="市北区")


def test_an_institution_is_entered_with_its_agreement(regions: object):
    with entered(CITY):
        institution.enter(**NEW)
        institution.agree(institution=NEW["code"], starts_on=date(2026, 1, 1))
        institution.end_agreement(institution=NEW["code"], ends_on=date(2026, 7, 1), reason="到期不续")
        institution.agree(institution=NEW["code"], starts_on=date(2026, 7, 1), ends_on=date(2027, 1, 1))

    assert [(date(2026, 1, 1), date(2026, 7, 1)), (date(2026, 7, 1), date(2027, 1, 1))] == list(
        Agreement.objects.order_by("starts_on").values_list("starts_on", "ends_on")
    )
    assert 2 == Institution.objects.get(pk=NEW["code"]).level


def test_agreements_of_one_institution_do_not_overlap(regions: object):
    with entered(CITY):
        institution.enter(**NEW)
        institution.agree(institution=NEW["code"], starts_on=date(2026, 1, 1))
        for faulty in ({"starts_on": date(2026, 5, 1)}, {"starts_on": date(2025, 1, 1), "ends_on": date(2026, 1, 2)}):
            with pytest.raises(Faults, match="agreement-overlaps"):
                institution.agree(institution=NEW["code"], **faulty)
        with pytest.raises(IntegrityError, match="base_agreement_apart"), transaction.atomic():
            Agreement.objects.create(institution_id=NEW["code"], starts_on=date(2026, 5, 1))
        with pytest.raises(Faults, match="agreement-order"):
            institution.agree(institution=NEW["code"], starts_on=date(2025, 1, 1), ends_on=date(2025, 1, 1))
        institution.agree(institution=NEW["code"], starts_on=date(2025, 1, 1), ends_on=date(2026, 1, 1))
        with pytest.raises(Faults, match="agreement-none"):
            institution.end_agreement(institution=NEW["code"], ends_on=date(2024, 1, 1), reason="x")


def test_every_fault_of_an_institution_is_told(regions: object):
    with entered(CITY), pytest.raises(Faults) as caught:
        institution.enter(code="x", name="", region="999999", level=4)

    assert ["institution-code", "institution-name", "institution-level", "institution-region"] == codes(caught)


@pytest.mark.parametrize(
    "scope", [Scope(desk=Desk.county, region="371502"), Scope(desk=Desk.administrator, region="370200")]
)
def test_others_enter_none(regions: object, scope: Scope):
    with pytest.raises(DatabaseError, match="row-level security"), entered(scope):
        institution.enter(**NEW)
