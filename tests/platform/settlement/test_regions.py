"""Who sees which settlements: the database decides, whatever a page asks for."""

from pathlib import Path

import pytest

from tests.platform.settlement.town import (
    AT_HOSPITAL,
    COUNTY,
    NEXT_DOOR,
    NEXT_HOSPITAL,
    OTHER_COUNTY,
    TODAY,
    adopt,
    again,
    resident,
    settled,
    small_policy,
    stay,
)
from tuodi.core.finding import Faults
from tuodi.platform.base.domain import SYSTEM, Desk, Scope
from tuodi.platform.base.scope import entered
from tuodi.platform.settlement import revision, selectors
from tuodi.platform.settlement.domain import BilledItem
from tuodi.platform.settlement.models import Account, Proposal, Settlement


@pytest.fixture
def two(town: None, tmp_path: Path) -> dict[str, int]:
    """A settlement of each county's own person, each at the other county's hospital."""
    adopt(small_policy(tmp_path / "small", "rate: 100%, limit: {relief: 150}"))
    here, there = resident("subsistence_allowance"), resident("subsistence_allowance", county=OTHER_COUNTY)
    return {
        COUNTY: settled(stay(here, "101", institution=NEXT_HOSPITAL), NEXT_DOOR).settlement or 0,
        OTHER_COUNTY: settled(stay(there, "101"), AT_HOSPITAL).settlement or 0,
    }


@pytest.mark.parametrize(
    ("scope", "seen"),
    [
        (Scope(desk=Desk.county, region=COUNTY), {COUNTY}),
        (Scope(desk=Desk.county, region=OTHER_COUNTY), {OTHER_COUNTY}),
        (Scope(desk=Desk.finance, region=COUNTY), {COUNTY}),
        (Scope(desk=Desk.city, region="371500"), {COUNTY, OTHER_COUNTY}),
        (Scope(desk=Desk.city, region="370200"), set()),
        (Scope(desk=Desk.township, region=COUNTY), set()),
        (Scope(desk=Desk.department, region=COUNTY), set()),
        (AT_HOSPITAL, {OTHER_COUNTY}),
        (NEXT_DOOR, {COUNTY}),
        (SYSTEM, {COUNTY, OTHER_COUNTY}),
    ],
    ids=lambda one: f"{one.desk.name}-{one.region}" if isinstance(one, Scope) else "",
)
def test_a_scope_sees_its_own_settlements(two: dict[str, int], scope: Scope, seen: set[str]):
    with entered(scope):
        assert {two[region] for region in seen} == set(Settlement.objects.values_list("pk", flat=True))


def test_accounts_are_no_hospitals_business(two: dict[str, int]):
    with entered(AT_HOSPITAL):
        assert 0 == Account.objects.count()


def test_an_insurer_sees_the_bills_of_its_business_and_what_they_used_up(two: dict[str, int]):
    """What it runs is relief by catalogue: bills with items."""
    here = Scope(desk=Desk.insurer, region="371500")
    with entered(here):
        assert (0, 0) == (Settlement.objects.count(), Account.objects.count())
    who = Settlement.objects.get(pk=two[COUNTY]).person_id
    with_items = again(stay(who, "10"), items=(BilledItem(item="克唑替尼", personal=1_000),))
    number = settled(with_items).settlement
    with entered(here):
        assert [number] == list(Settlement.objects.values_list("pk", flat=True))
        assert [who] == list(Account.objects.values_list("person_id", flat=True))


def test_an_explanation_is_given_to_who_sees_the_settlement(two: dict[str, int]):
    with entered(Scope(desk=Desk.county, region=COUNTY)):
        assert 10_100 == selectors.explanation(two[COUNTY]).relief
        with pytest.raises(Settlement.DoesNotExist):
            selectors.explanation(two[OTHER_COUNTY])


def test_proposals_of_another_county_are_neither_seen_nor_approved(town: None, tmp_path: Path):
    adopt(small_policy(tmp_path / "small", "rate: 100%, limit: {relief: 150}"))
    who = resident("subsistence_allowance")
    first, _ = (settled(stay(who, "101")) for _ in range(2))
    with entered(AT_HOSPITAL):
        proposed = revision.cancel(settlement=first.settlement or 0, on=TODAY, reason="票据有误")
    with entered(Scope(desk=Desk.county, region=OTHER_COUNTY)):
        assert 0 == Proposal.objects.count()
        with pytest.raises(Faults) as raised:
            revision.approve(proposal=proposed.proposal or 0, on=TODAY)

    assert ["proposal-unknown"] == [finding.code for finding in raised.value.findings]
