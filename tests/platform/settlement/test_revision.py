"""Cancelled, corrected, settled again: by replay, shown before others change, to the fen in the books."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError

from tests.platform.settlement.town import (
    AT_COUNTY,
    AT_HOSPITAL,
    COUNTY,
    DAY,
    HOSPITAL,
    NEXT_DOOR,
    NEXT_HOSPITAL,
    OTHER_COUNTY,
    TODAY,
    adopt,
    again,
    recognise,
    resident,
    settled,
    small_policy,
    stay,
)
from tuodi.core.finding import Faults
from tuodi.ledger.account import Kind
from tuodi.platform.base.domain import SYSTEM, Desk, Scope
from tuodi.platform.base.models import Audit
from tuodi.platform.base.scope import entered
from tuodi.platform.fund import audit as books_audit
from tuodi.platform.fund import selectors as books
from tuodi.platform.registry import person
from tuodi.platform.settlement import audit, revision
from tuodi.platform.settlement.domain import Amounts, Bill
from tuodi.platform.settlement.models import Concern, Consent, Decision, Proposal
from tuodi.platform.settlement.revision import Revision

CAP = "rate: 100%, limit: {relief: 150}"
OFFICER = Scope(desk=Desk.county, region=COUNTY, staff=7)
COLLEAGUE = Scope(desk=Desk.county, region=COUNTY, staff=8)


@pytest.fixture
def capped(town: None, tmp_path: Path) -> int:
    adopt(small_policy(tmp_path / "small", CAP))
    return resident("subsistence_allowance")


def cancelled(settlement: int | None, scope: Scope = AT_HOSPITAL) -> Revision:
    with entered(scope):
        return revision.cancel(settlement=settlement or 0, on=TODAY, reason="住院结算有误")


def approved(proposal: int | None, scope: Scope = COLLEAGUE) -> Revision:
    with entered(scope):
        return revision.approve(proposal=proposal or 0, on=TODAY)


def owed(kind: Kind, party: str) -> int:
    with entered(SYSTEM):
        return sum(books.owed_to(COUNTY, kind, party).values())


def moved(revised: Revision) -> list[tuple[int, int]]:
    return [(one.old, one.new) for one in revised.differences]


def codes(raised: pytest.ExceptionInfo[Faults]) -> list[str]:
    return [finding.code for finding in raised.value.findings]


def test_a_cancelled_bill_gives_its_limit_back_and_is_reversed(capped: int):
    first = settled(stay(capped, "101"))
    assert ("done", [(10_100, 0)]) == ((revised := cancelled(first.settlement)).state, moved(revised))

    assert 0 == owed(Kind.payable_institution, HOSPITAL)
    assert 10_100 == settled(stay(capped, "101")).relief


def test_a_bill_is_cancelled_once_however_often_it_is_asked(capped: int):
    first = settled(stay(capped, "101"))
    rows = [cancelled(first.settlement).rows for _ in range(2)]

    assert rows[0] == rows[1]


def test_what_was_cancelled_is_not_settled_again_under_its_key(capped: int):
    bill = stay(capped, "101")
    cancelled(settled(bill).settlement)
    with pytest.raises(Faults) as raised:
        settled(bill)

    assert ["settlement-cancelled"] == codes(raised)


def test_where_later_bills_change_too_nothing_moves_before_somebody_else_approves(capped: int):
    first, second = (settled(stay(capped, "101")) for _ in range(2))
    proposed = cancelled(first.settlement, OFFICER)

    assert ("proposed", [(10_100, 0), (4_900, 10_100)]) == (proposed.state, moved(proposed))
    assert 15_000 == owed(Kind.payable_institution, HOSPITAL)
    with pytest.raises(Faults) as raised:
        approved(proposed.proposal, OFFICER)
    assert ["own-proposal"] == codes(raised)

    assert "done" == approved(proposed.proposal).state
    assert 4_900 == owed(Kind.payable_institution, HOSPITAL)
    assert 5_200 == owed(Kind.payable_person, f"settlement:{second.settlement}")
    assert 4_900 == settled(stay(capped, "101")).relief


def test_a_proposal_that_was_overtaken_is_made_anew(capped: int):
    first, _ = (settled(stay(capped, "101")) for _ in range(2))
    proposed = cancelled(first.settlement, OFFICER)
    settled(stay(capped, "101"))
    anew = approved(proposed.proposal)

    assert ("proposed", [(10_100, 0), (4_900, 10_100), (0, 4_900)]) == (anew.state, moved(anew))
    assert "done" == approved(anew.proposal, AT_COUNTY).state


def test_the_same_proposal_is_made_once(capped: int):
    first, _ = (settled(stay(capped, "101")) for _ in range(2))

    assert cancelled(first.settlement, OFFICER).proposal == cancelled(first.settlement, OFFICER).proposal


def test_a_rejected_proposal_moves_nothing(capped: int):
    first, _ = (settled(stay(capped, "101")) for _ in range(2))
    proposed = cancelled(first.settlement, OFFICER)
    with entered(COLLEAGUE):
        revision.reject(proposal=proposed.proposal or 0, reason="票据属实")
    with pytest.raises(Faults) as raised:
        approved(proposed.proposal)

    assert ["proposal-decided"] == codes(raised)
    assert 15_000 == owed(Kind.payable_institution, HOSPITAL)


def test_a_hospital_is_not_shown_what_changes_elsewhere(capped: int):
    first = settled(stay(capped, "101"))
    settled(stay(capped, "101", institution=NEXT_HOSPITAL), NEXT_DOOR)

    assert [(10_100, 0)] == moved(cancelled(first.settlement))


def test_nobody_cancels_what_is_not_theirs(capped: int):
    first = settled(stay(capped, "101"))
    for scope in (NEXT_DOOR, Scope(desk=Desk.county, region="371521"), Scope(desk=Desk.city, region="371500")):
        with pytest.raises(Faults) as raised:
            cancelled(first.settlement, scope)
        assert ["settlement-unknown"] == codes(raised)


def corrected(settlement: int | None, bill: Bill, scope: Scope = AT_HOSPITAL) -> Revision:
    with entered(scope):
        return revision.correct(settlement=settlement or 0, bill=bill, on=TODAY, reason="费用录错")


def test_a_corrected_bill_stands_in_the_place_of_the_first(capped: int):
    bill = stay(capped, "101")
    first = settled(bill)
    revised = corrected(first.settlement, again(bill, key="C1", amounts=Amounts(20_000, 20_000)))

    assert ("done", [(10_100, 15_000)]) == (revised.state, moved(revised))
    assert 15_000 == owed(Kind.payable_institution, HOSPITAL)
    assert 0 == settled(stay(capped, "101")).relief


def test_a_correction_sent_twice_is_one(capped: int):
    bill = stay(capped, "101")
    first = settled(bill)
    better = again(bill, key="C1", amounts=Amounts(20_000, 20_000))

    assert corrected(first.settlement, better).rows == corrected(first.settlement, better).rows


def test_a_status_found_later_pays_the_person_the_difference(town: None, tmp_path: Path):
    adopt(small_policy(tmp_path / "small", CAP))
    who = resident()
    first = settled(stay(who, "101"))
    with entered(SYSTEM):
        recognise(who, "subsistence_allowance", since=date(2023, 1, 1))
    with entered(OFFICER):
        proposed = revision.resettle(person=who, on=TODAY, reason="低保追溯认定")

    assert (0, "proposed", [(0, 10_100)]) == (first.relief, proposed.state, moved(proposed))
    approved(proposed.proposal)
    assert (0, 10_100) == (
        owed(Kind.payable_institution, HOSPITAL),
        owed(Kind.payable_person, f"settlement:{first.settlement}"),
    )


def test_a_status_that_never_was_asks_the_relief_back(capped: int):
    from tuodi.platform.registry import status
    from tuodi.platform.registry.models import Status

    first = settled(stay(capped, "101"))
    with entered(SYSTEM):
        status.withdraw(status=Status.objects.get(person_id=capped).pk, reason="名单有误")
    with entered(OFFICER):
        proposed = revision.resettle(person=capped, on=TODAY, reason="身份撤销")
    approved(proposed.proposal)

    assert 10_100 == owed(Kind.payable_institution, HOSPITAL)
    assert 10_100 == owed(Kind.refund_due, f"settlement:{first.settlement}")


def test_a_change_there_and_back_leaves_no_debts(town: None, tmp_path: Path):
    adopt(small_policy(tmp_path / "small", CAP))
    who = resident()
    first = settled(stay(who, "101"))
    with entered(SYSTEM):
        granted = recognise(who, "subsistence_allowance", since=date(2023, 1, 1))
    for withdraw in (False, True):
        if withdraw:
            from tuodi.platform.registry import status

            with entered(SYSTEM):
                status.withdraw(status=granted, reason="名单有误")
        with entered(OFFICER):
            proposed = revision.resettle(person=who, on=TODAY, reason="身份变动")
        approved(proposed.proposal)

    claim = f"settlement:{first.settlement}"
    assert (0, 0) == (owed(Kind.payable_person, claim), owed(Kind.refund_due, claim))
    with entered(SYSTEM):
        assert [] == books_audit.findings()


def test_other_parameters_settle_the_year_again(town: None, tmp_path: Path):
    adopt(small_policy(tmp_path / "small", CAP))
    who = resident("subsistence_allowance")
    _, second = (settled(stay(who, "101")) for _ in range(2))
    adopt(small_policy(tmp_path / "better", "rate: 100%, limit: {relief: 200}"))
    with entered(OFFICER):
        proposed = revision.resettle(person=who, on=TODAY, reason="限额提高")

    assert [(4_900, 9_900)] == moved(proposed)
    approved(proposed.proposal)
    assert 5_000 == owed(Kind.payable_person, f"settlement:{second.settlement}")


def test_nothing_new_is_nothing_to_approve(capped: int):
    settled(stay(capped, "101"))
    with entered(OFFICER):
        assert "nothing" == revision.resettle(person=capped, on=TODAY, reason="核对").state


def test_what_comes_out_the_same_rests_on_what_is_known_now(capped: int, tmp_path: Path):
    """The second bill gets nothing under either limit; once the first is gone, the limit known by then decides."""
    first = settled(stay(capped, "150"))
    second = settled(stay(capped, "101", on=date(2023, 4, 1)))
    adopt(small_policy(tmp_path / "less", "rate: 100%, limit: {relief: 100}"), starts_on=date(2023, 3, 15))
    with entered(OFFICER):
        assert "nothing" == revision.resettle(person=capped, on=TODAY, reason="限额降低").state
    approved(cancelled(first.settlement, OFFICER).proposal)

    assert (0, 10_000) == (second.relief, owed(Kind.payable_person, f"settlement:{second.settlement}"))


# ---- what is refused -------------------------------------------------------------------------------------------------
def proposed_correction(who: int) -> Revision:
    """A correction with key C1 that moves a later bill, so it waits."""
    first, _ = (settled(stay(who, "101")) for _ in range(2))
    revised = corrected(first.settlement, again(stay(who, "50"), key="C1"), OFFICER)
    assert "proposed" == revised.state
    return revised


def test_a_key_that_another_bill_took_before_the_approval_is_told(capped: int):
    proposed = proposed_correction(capped)
    settled(stay(resident("subsistence_allowance"), "10", key="C1"))
    with pytest.raises(Faults) as raised:
        approved(proposed.proposal)

    assert ["key-taken"] == codes(raised)
    assert 15_000 + 1_000 == owed(Kind.payable_institution, HOSPITAL)
    with entered(COLLEAGUE):
        revision.reject(proposal=proposed.proposal or 0, reason="编号已用")


@pytest.mark.parametrize("others", [0, 1])
def test_nothing_is_cancelled_before_the_bills_day(capped: int, others: int):
    first = settled(stay(capped, "101"))
    for _ in range(others):
        settled(stay(capped, "101"))
    with pytest.raises(Faults) as raised, entered(OFFICER):
        revision.cancel(settlement=first.settlement or 0, on=DAY - timedelta(days=1), reason="票据有误")

    assert {"bill-in-future"} == set(codes(raised))
    assert "nothing" != cancelled(first.settlement).state


def test_nothing_is_approved_before_the_day_of_a_bill_that_it_moves(capped: int):
    proposed = proposed_correction(capped)
    with pytest.raises(Faults) as raised, entered(COLLEAGUE):
        revision.approve(proposal=proposed.proposal or 0, on=DAY - timedelta(days=1))

    assert {"bill-in-future"} == set(codes(raised))


def test_a_correction_that_no_database_keeps_is_told(capped: int):
    bill = stay(capped, "101")
    first = settled(bill)
    with pytest.raises(Faults) as raised:
        corrected(first.settlement, again(bill, key="C\0"))

    assert ["text-unwritable"] == codes(raised)


def test_who_is_nobody_approves_nothing_that_nobody_proposed(capped: int):
    first, _ = (settled(stay(capped, "101")) for _ in range(2))
    proposed = cancelled(first.settlement, AT_COUNTY)
    with pytest.raises(Faults) as raised:
        approved(proposed.proposal, AT_COUNTY)

    assert ["own-proposal"] == codes(raised)
    assert "done" == approved(proposed.proposal, SYSTEM).state


def test_what_a_hospital_proposed_the_county_approves(capped: int):
    first, _ = (settled(stay(capped, "101")) for _ in range(2))

    assert "done" == approved(cancelled(first.settlement, AT_HOSPITAL).proposal, AT_COUNTY).state


# ---- handed over to another county -----------------------------------------------------------------------------------
THERE = Scope(desk=Desk.county, region=OTHER_COUNTY, staff=9)


@pytest.fixture
def moved_away(capped: int) -> tuple[int, int]:
    """A bill at the old county, and one that the new county bears; the first is the second's limit."""
    first = settled(stay(capped, "101"))
    with entered(OFFICER):
        person.hand_over(person=capped, region=OTHER_COUNTY, reason="迁居")
    second = settled(stay(capped, "101"))
    assert OTHER_COUNTY == second.region
    return first.settlement or 0, second.settlement or 0


def test_each_county_consents_to_what_changes_of_its_own_bills(moved_away: tuple[int, int]):
    proposed = cancelled(moved_away[0], AT_HOSPITAL)
    with entered(THERE):
        assert [[COUNTY, OTHER_COUNTY]] == list(Proposal.objects.values_list("regions", flat=True))
        assert [(1, 5_200)] == list(Concern.objects.values_list("bills", "relief_fen"))

    assert "consented" == approved(proposed.proposal).state
    assert (10_100, 0) == (owed(Kind.payable_institution, HOSPITAL), owed_there(moved_away[1]))
    assert "done" == approved(proposed.proposal, THERE).state

    assert (0, 5_200) == (owed(Kind.payable_institution, HOSPITAL), owed_there(moved_away[1]))
    with entered(SYSTEM):
        assert [(CANCELS, COUNTY)] == list(Audit.objects.filter(act=CANCELS).values_list("act", "region_id"))
        assert [] == books_audit.findings() + audit.findings()


def owed_there(settlement: int) -> int:
    with entered(SYSTEM):
        return sum(books.owed_to(OTHER_COUNTY, Kind.payable_person, f"settlement:{settlement}").values())


def test_a_county_consents_once_and_sees_whose_consent_is_missing(moved_away: tuple[int, int]):
    proposed = cancelled(moved_away[0], AT_HOSPITAL)
    approved(proposed.proposal)
    with pytest.raises(Faults) as raised:
        approved(proposed.proposal)

    assert ["already-consented"] == codes(raised)
    with entered(THERE):
        assert [COUNTY] == list(Consent.objects.values_list("region_id", flat=True))


def test_either_county_may_refuse(moved_away: tuple[int, int]):
    proposed = cancelled(moved_away[0], AT_HOSPITAL)
    approved(proposed.proposal)
    with entered(THERE):
        revision.reject(proposal=proposed.proposal or 0, reason="票据属实")
    with entered(COLLEAGUE):
        assert ["rejected"] == list(Decision.objects.values_list("decision", flat=True))

    assert 10_100 == owed(Kind.payable_institution, HOSPITAL)


def test_the_database_approves_nothing_without_every_county_nor_by_the_proposer(moved_away: tuple[int, int]):
    proposed = cancelled(moved_away[0], OFFICER)
    approved(proposed.proposal)
    with pytest.raises(DatabaseError, match="INV-45"), entered(SYSTEM):
        Decision.objects.create(proposal_id=proposed.proposal, region_id=COUNTY, decision="approved")
    other = cancelled(moved_away[1], THERE)
    assert "done" == other.state
    with pytest.raises(DatabaseError, match="INV-45"), entered(Scope(desk=Desk.county, region=OTHER_COUNTY, staff=7)):
        Consent.objects.create(proposal_id=proposed.proposal, region_id=OTHER_COUNTY, staff_id=7)


def test_what_the_new_county_finds_out_is_the_old_ones_to_approve(capped: int):
    """A status of before the first bill's day would change that bill alone, which the old county has borne."""
    who = resident()
    first = settled(stay(who, "50"))
    with entered(OFFICER):
        person.hand_over(person=who, region=OTHER_COUNTY, reason="迁居")
    with entered(SYSTEM):
        recognise(who, "subsistence_allowance", since=date(2023, 1, 1))
    with entered(THERE):
        proposed = revision.resettle(person=who, on=TODAY, reason="低保追溯认定")
        assert ("proposed", [(0, 5_000)]) == (proposed.state, moved(proposed))
        assert not Proposal.objects.filter(pk=proposed.proposal).exists()
    with pytest.raises(Faults) as raised:
        approved(proposed.proposal, THERE)

    assert ["proposal-unknown"] == codes(raised)
    assert "done" == approved(proposed.proposal).state
    assert 5_000 == owed(Kind.payable_person, f"settlement:{first.settlement}")


CANCELS = "settlement.cancel"


def test_the_old_county_previews_its_own_bill_and_not_the_new_ones(capped: int, moved_away: tuple[int, int]):
    with entered(OFFICER):
        assert "preview" == revision.preview(act="cancel", person=capped, settlement=moved_away[0]).state
        with pytest.raises(Faults) as raised:
            revision.preview(act="cancel", person=capped, settlement=moved_away[1])
    assert ["settlement-unknown"] == codes(raised)


def test_a_hospital_previews_what_changes_of_its_own(capped: int):
    first = settled(stay(capped, "101"))
    settled(stay(capped, "101", institution=NEXT_HOSPITAL), NEXT_DOOR)
    with entered(AT_HOSPITAL):
        assert [(10_100, 0)] == moved(revision.preview(act="cancel", person=capped, settlement=first.settlement))
