"""Late knowledge finds settlements by itself: from the row in the registry to the books, and nothing slips between."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.db import connection

from tests.platform.settlement.town import (
    AT_HOSPITAL,
    COUNTY,
    DAY,
    HOSPITAL,
    TODAY,
    adopt,
    recognise,
    resident,
    settled,
    small_policy,
    stay,
)
from tuodi.core.finding import Faults
from tuodi.ledger.account import Kind
from tuodi.platform.base import work
from tuodi.platform.base.domain import SYSTEM, Desk, Scope
from tuodi.platform.base.models import Outbox
from tuodi.platform.base.scope import entered
from tuodi.platform.fund import selectors as books
from tuodi.platform.registry import roster, status
from tuodi.platform.registry.delivery import Delivery, Mode
from tuodi.platform.registry.domain import Department
from tuodi.platform.registry.models import Change, Person, Status
from tuodi.platform.settlement import review, revision, settlement
from tuodi.platform.settlement.models import Account, Proposal, Review

OFFICER, COLLEAGUE = (Scope(desk=Desk.county, region=COUNTY, staff=staff) for staff in (7, 8))


@pytest.fixture
def policy(town: None, tmp_path: Path) -> None:
    adopt(small_policy(tmp_path / "small", "rate: 100%, limit: {relief: 150}"))
    work.work_off()


def test_a_late_roster_pays_the_person_once_another_has_approved(policy: None):
    who = resident()
    first = settled(stay(who, "101"))
    imported(who, "2023-01-01")
    work.work_off()

    with entered(OFFICER):
        proposed = Proposal.objects.get()
        assert [(0, 10_100)] == [(one["old"], one["new"]) for one in proposed.differences]
        assert "done" == revision.approve(proposal=proposed.pk, on=TODAY).state
    with entered(SYSTEM):
        owed = books.owed_to(COUNTY, Kind.payable_person, f"settlement:{first.settlement}")
        assert 10_100 == sum(owed.values())


def imported(who: int, since: str) -> None:
    """A department's roster, in which the person has the allowance since a day long past."""
    from tests.console.conftest import unmasked

    with entered(SYSTEM):
        name = Person.objects.get(pk=who).name
    delivery = Delivery(
        region=COUNTY, department=Department.civil_affairs, mode=Mode.changes, adjusted_on=date(2024, 6, 24),
        effective_on=date(2024, 7, 1), received_on=date(2024, 6, 28),
    )  # fmt: skip
    content = f"姓名,身份证号码,救助对象类别,变动,认定日期\n{name},{unmasked(who)},低保,新增,{since}\n"
    with entered(Scope(desk=Desk.county, region=COUNTY)):
        number = roster.preview(content=content.encode(), file_name="低保.csv", delivery=delivery, today=TODAY)
        roster.take_in(roster=number)


def test_a_change_without_a_difference_ends_silently_and_once(policy: None):
    who = resident("subsistence_allowance")
    settled(stay(who, "101"))
    with entered(SYSTEM):
        recognise(who, "extreme_poverty", since=date(2023, 1, 1))
    work.work_off()

    with entered(SYSTEM):
        assert 0 == Proposal.objects.count()
        assert set(Change.objects.values_list("pk", flat=True)) == set(Review.objects.values_list("pk", flat=True))
        assert 0 == Outbox.objects.filter(done_at=None).count()
        assert "nothing" == review.look_at(change=Change.objects.latest("pk").pk, on=TODAY).state


def test_what_is_known_later_takes_the_place_of_an_open_proposal(policy: None):
    who = resident()
    settled(stay(who, "101"))
    with entered(SYSTEM):
        recognise(who, "subsistence_allowance", since=date(2023, 1, 1))
    work.work_off()
    with entered(SYSTEM):
        status.withdraw(status=Status.objects.get(person_id=who).pk, reason="名单有误")
    work.work_off()

    with entered(OFFICER):
        assert ["overtaken"] == list(Proposal.objects.values_list("decision__decision", flat=True))


def test_whoever_wrote_what_is_known_late_does_not_approve_what_comes_of_it(policy: None):
    who = resident()
    settled(stay(who, "101"))
    with entered(OFFICER):
        recognise(who, "subsistence_allowance", since=date(2023, 1, 1))
    work.work_off()
    assert ["own-proposal"] == refused_to_officer()

    adopt("liaocheng-2022-5")  # what it proposes takes the place of the open one, with what is known late in it
    work.work_off()
    with entered(OFFICER):
        assert ["overtaken", None] == list(Proposal.objects.order_by("pk").values_list("decision__decision", flat=True))
    assert ["own-proposal"] == refused_to_officer()
    with entered(COLLEAGUE):
        assert "done" == revision.approve(proposal=Proposal.objects.latest("pk").pk, on=TODAY).state


def refused_to_officer() -> list[str]:
    with pytest.raises(Faults) as raised, entered(OFFICER):
        revision.approve(proposal=Proposal.objects.latest("pk").pk, on=TODAY)
    return [finding.code for finding in raised.value.findings]


def test_a_bill_that_was_read_before_a_change_was_looked_at_is_read_again(policy: None):
    who = resident()
    settled(stay(who, "1"))
    bill = stay(who, "101")
    looked = settlement._looked(AT_HOSPITAL, bill)
    with entered(SYSTEM):
        recognise(who, "subsistence_allowance", since=date(2023, 1, 1))
    work.work_off()

    assert _committed(looked, bill) is None
    assert 10_100 == settled(bill).relief


def test_a_first_bill_is_settled_only_on_the_person_as_known(policy: None):
    who = resident()
    bill = stay(who, "101")
    looked = settlement._looked(AT_HOSPITAL, bill)
    with entered(SYSTEM):
        recognise(who, "subsistence_allowance", since=date(2023, 1, 1))
    work.work_off()

    assert _committed(looked, bill) is None
    with entered(SYSTEM):
        assert not Account.objects.filter(person_id=who).exists()
    assert 10_100 == settled(bill).relief


def test_a_bill_that_was_read_before_a_policy_was_adopted_is_read_again(policy: None, tmp_path: Path):
    """Also somebody's first one, which no errand of the adoption would find."""
    bills = [stay(resident("subsistence_allowance"), "101") for _ in range(2)]
    settled(stay(bills[0].person, "1"))
    looked = [settlement._looked(AT_HOSPITAL, bill) for bill in bills]
    adopt(small_policy(tmp_path / "half", "rate: 50%"), starts_on=date(2021, 1, 1))
    work.work_off()

    assert [None, None] == [_committed(*each) for each in zip(looked, bills, strict=True)]
    assert [5_050, 5_050] == [settled(bill).relief for bill in bills]


def _committed(looked: settlement._Looked, bill: settlement.Bill) -> int | None:
    """What was read before, committed now."""
    adjudged = settlement._adjudged(looked, AT_HOSPITAL, bill, TODAY)
    values = settlement._committed(AT_HOSPITAL, bill, TODAY, settlement.Payee.institution, "测试", looked, adjudged)
    row = settlement.connections.asked(settlement.connections.COMMIT, values)
    return None if row[0] is None else int(row[0])


def test_a_bill_leaves_no_errand_behind(policy: None):
    settled(stay(resident("subsistence_allowance"), "101", on=DAY, institution=HOSPITAL))
    with entered(SYSTEM):
        assert set() == set(Outbox.objects.values_list("topic", flat=True)) - {"settlement.review", "settlement.sweep"}
    with connection.cursor() as cursor:
        cursor.execute("select tgname from pg_trigger where tgrelid = 'registry_change'::regclass and not tgisinternal")
        assert "reviewed_later" in {name for (name,) in cursor.fetchall()}
