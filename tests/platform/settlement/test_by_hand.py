"""What the county does itself: paper bills, counts brought along, admissions without a deposit, changes looked at."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import psycopg
import pytest

from tests.platform.settlement.town import (
    AT_COUNTY,
    AT_HOSPITAL,
    COUNTY,
    FAR_HOSPITAL,
    HOSPITAL,
    OTHER_COUNTY,
    TODAY,
    adopt,
    resident,
    settled,
    small_policy,
    stay,
)
from tuodi.core.finding import Faults
from tuodi.ledger.account import Kind
from tuodi.platform.base.domain import SYSTEM, Desk, Scope
from tuodi.platform.base.scope import entered
from tuodi.platform.fund import selectors as books
from tuodi.platform.settlement import account, audit, revision, waiver
from tuodi.platform.settlement.domain import Facility
from tuodi.platform.settlement.models import Settlement
from tuodi.platform.settlement.settlement import settle, settle_by_hand

CAP = "rate: 100%, limit: {relief: 150}"


@pytest.fixture
def capped(town: None, tmp_path: Path) -> int:
    adopt(small_policy(tmp_path / "small", CAP))
    return resident("subsistence_allowance")


def by_hand(bill, scope: Scope = AT_COUNTY):
    return settle_by_hand(scope=scope, bill=bill, on=TODAY, reason="异地就医手工报销")


def codes(raised: pytest.ExceptionInfo[Faults]) -> list[str]:
    return [finding.code for finding in raised.value.findings]


def test_a_paper_bill_is_payable_to_the_person_and_draws_on_the_same_limit(capped: int):
    settled(stay(capped, "101"))
    answer = by_hand(stay(capped, "101", institution=FAR_HOSPITAL))

    with entered(SYSTEM):
        assert {4_900} == set(books.owed_to(COUNTY, Kind.payable_person, f"settlement:{answer.settlement}").values())
    assert {"county": False, "region": False} == {
        name: Settlement.objects.get(pk=answer.settlement).event["facility"][name] for name in ("county", "region")
    }


def test_a_hospital_that_is_not_in_the_list_is_described_on_the_bill(capped: int):
    bill = stay(capped, "101", institution="")
    with pytest.raises(Faults) as raised:
        by_hand(bill)
    assert ["institution-unknown"] == codes(raised)

    answer = by_hand(replace(bill, facility=Facility(level=2)))
    assert 2 == Settlement.objects.get(pk=answer.settlement).event["facility"]["level"]


def test_a_county_settles_its_own_people_only(capped: int):
    with pytest.raises(Faults) as raised:
        by_hand(stay(capped, "101"), Scope(desk=Desk.county, region=OTHER_COUNTY))

    assert ["person-unknown"] == codes(raised)


def test_nobody_settles_in_a_part_that_is_not_theirs(capped: int):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        settle(scope=AT_COUNTY, bill=stay(capped, "101"), on=TODAY)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        by_hand(stay(capped, "101"), AT_HOSPITAL)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        settle(scope=Scope(desk=Desk.finance, region=COUNTY), bill=stay(capped, "101"), on=TODAY)


def test_counts_that_a_person_brings_along_are_used_up(capped: int):
    counts = [{"count": "relief", "key": "2023", "amount": "100.00"}]
    for typed in ([{**counts[0], "amount": "10.00"}], counts):  # mended while nothing is settled
        with entered(AT_COUNTY):
            account.open_with(person=capped, counts=typed, on=TODAY, reason="年中上线")
    first = settled(stay(capped, "101"))

    assert 5_000 == first.relief
    with entered(AT_HOSPITAL):
        revision.cancel(settlement=first.settlement or 0, on=TODAY, reason="票据有误")
    assert 5_000 == settled(stay(capped, "101")).relief
    with entered(SYSTEM):
        assert [] == audit.findings()
    with pytest.raises(Faults) as raised, entered(AT_COUNTY):
        account.open_with(person=capped, counts=counts, on=TODAY, reason="再来一次")
    assert ["account-open"] == codes(raised)


@pytest.mark.parametrize(
    ("statuses", "service", "institution", "granted"),
    [
        (["subsistence_allowance"], "inpatient", HOSPITAL, True),
        (["subsistence_allowance"], "outpatient", HOSPITAL, False),
        (["subsistence_allowance"], "inpatient", FAR_HOSPITAL, False),
        (["subsistence_margin"], "inpatient", HOSPITAL, False),
        ([], "inpatient", HOSPITAL, False),
    ],
)
def test_who_pays_no_deposit_is_told_at_admission(
    town: None, statuses: list[str], service: str, institution: str, granted: bool
):
    adopt("liaocheng-2022-5")
    scope = Scope(desk=Desk.hospital, region=COUNTY, institution=institution)
    answer = waiver.at_admission(
        scope=scope, person=resident(*statuses), institution=institution, service=service, on=date(2024, 3, 1)
    )

    assert (granted, "五") == (answer.granted, answer.citation.clause if answer.citation else "")


def test_a_policy_without_a_waiver_says_so(capped: int):
    answer = waiver.at_admission(
        scope=AT_HOSPITAL, person=capped, institution=HOSPITAL, service="inpatient", on=date(2024, 3, 1)
    )

    assert (False, None) == (answer.granted, answer.citation)
