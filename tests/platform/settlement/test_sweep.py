"""A policy looked at on the real bills, adopted, and what it changes approved by the county as one group."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from time import sleep

import pytest
from django.db import connection

from tests.cli.terminal import tuodi
from tests.platform.settlement.town import (
    AT_CITY,
    CITY,
    COUNTY,
    HOSPITAL,
    OTHER_COUNTY,
    adopt,
    resident,
    settled,
    small_policy,
    stay,
)
from tuodi.core.finding import Faults
from tuodi.ledger.account import Kind
from tuodi.platform.base import work
from tuodi.platform.base.domain import SYSTEM, Desk, Scope
from tuodi.platform.base.scope import entered
from tuodi.platform.fund import audit as books_audit
from tuodi.platform.fund import selectors as books
from tuodi.platform.settlement import audit, draft, group, revision, sweep
from tuodi.platform.settlement.adopted import Wanted, texts
from tuodi.platform.settlement.models import Consent, Outcome, Policy, Proposal, Settlement
from tuodi.platform.settlement.sweep import CountyEffect

OFFICER = Scope(desk=Desk.county, region=COUNTY, staff=7)


@pytest.fixture
def people(town: None, tmp_path: Path) -> list[int]:
    """Three persons with two stays each under a limit of 150; the third lives in the other county."""
    adopt(small_policy(tmp_path / "small", "rate: 100%, limit: {relief: 150}"))
    everybody = [resident("subsistence_allowance", county=county) for county in (COUNTY, COUNTY, OTHER_COUNTY)]
    for who in everybody:
        settled(stay(who, "100"))
        settled(stay(who, "80"))
    work.work_off()
    return everybody


def drafted(folder: Path, *benefits: str, starts_on: date = date(2022, 1, 1), scope: Scope = AT_CITY) -> int:
    wanted = Wanted(region=CITY, starts_on=starts_on, files=texts(small_policy(folder, *benefits)))
    with entered(scope):
        return draft.make(wanted=wanted, reason="提高限额")


def looked(policy: int, scope: Scope = AT_CITY) -> sweep.Progress:
    with entered(scope):
        return sweep.progress(policy)


def codes(raised: pytest.ExceptionInfo[Faults]) -> list[str]:
    return [finding.code for finding in raised.value.findings]


BETTER = "rate: 100%, limit: {relief: 170}"


def test_a_draft_tells_by_county_what_would_change_and_settles_nothing(people: list[int], tmp_path: Path):
    number = drafted(tmp_path / "better", BETTER)
    work.work_off()

    assert (
        CountyEffect(region=COUNTY, persons=2, bills=2, relief=4_000, troubles=0),
        CountyEffect(region=OTHER_COUNTY, persons=1, bills=1, relief=2_000, troubles=0),
    ) == looked(number).counties
    assert (3, 3, True) == (looked(number).persons, looked(number).done, looked(number).finished)
    assert (6, 0) == (Settlement.objects.count(), Proposal.objects.count())
    assert 5_000 == settled(stay(people[0], "50", on=date(2024, 3, 1))).relief
    assert 0 == settled(stay(people[0], "50")).relief


def test_nobody_is_reached_by_a_draft_for_later_days(people: list[int], tmp_path: Path):
    number = drafted(tmp_path / "better", BETTER, starts_on=date(2024, 1, 1))
    work.work_off()

    assert (0, 0, True, ()) == (
        (now := looked(number)).persons, now.done, now.finished, now.counties
    )  # fmt: skip


@pytest.fixture
def adopted_better(people: list[int], tmp_path: Path) -> int:
    """The better limit is looked at, adopted, and everybody has been settled again behind it."""
    number = drafted(tmp_path / "better", BETTER)
    work.work_off()
    with entered(AT_CITY):
        policy = draft.adopt(draft=number, reason="市政府令")
    work.work_off()
    return policy


def test_a_county_approves_with_one_act_what_it_has_seen(adopted_better: int, people: list[int]):
    with entered(OFFICER):
        before = group.group(adopted_better, COUNTY)
        assert (2, 2, 4_000) == (before.waiting.proposals, before.waiting.bills, before.waiting.relief)
        assert 2 == group.approve(policy=adopted_better, region=COUNTY, seen=before.seen, reason="已核对")
        assert 2 == group.group(adopted_better, COUNTY).posting.proposals
    assert 2 == work.work_off()

    with entered(OFFICER):
        after = group.group(adopted_better, COUNTY)
    assert (0, 2, 4_000) == (after.waiting.proposals, after.approved.proposals, after.approved.relief)
    with entered(SYSTEM):
        assert 4_000 == sum(
            sum(books.owed_to(COUNTY, Kind.payable_person, f"settlement:{origin}").values())
            for origin in Settlement.objects.filter(kind="affected").values_list("origin", flat=True).distinct()
        )
        assert 15_000 * 2 == sum(books.owed_to(COUNTY, Kind.payable_institution, HOSPITAL).values())
        assert [] == audit.findings() + books_audit.findings()
        assert 1 == Proposal.objects.filter(decision=None).count()  # the other county's


def test_what_was_not_seen_is_not_approved(adopted_better: int, people: list[int]):
    for scope, seen in ((OFFICER, "2:1:1"), (Scope(desk=Desk.county, region=OTHER_COUNTY, staff=9), "")):
        with pytest.raises(Faults) as raised, entered(scope):
            group.approve(policy=adopted_better, region=COUNTY, seen=seen, reason="")
        assert codes(raised) in (["group-moved"], ["adoption-unknown"])
    with entered(SYSTEM):
        assert 3 == Proposal.objects.filter(decision=None).count()


def test_two_who_approve_at_once_approve_once(adopted_better: int):
    """Be it a second click, or a colleague who looks at one of the proposals."""
    with entered(OFFICER):
        seen = group.group(adopted_better, COUNTY).seen
    one = Proposal.objects.filter(regions=[COUNTY]).latest("pk").pk
    given = threading.Event()

    def approved_by(staff: int, act: Callable[[], object], after: threading.Event | None = None) -> object:
        if after is not None:
            assert after.wait(30)
        try:
            with entered(Scope(desk=Desk.county, region=COUNTY, staff=staff)):
                found = act()
                if after is None:
                    given.set()
                    sleep(0.5)  # they wait by then, or come later: either way they are refused in words
                return found
        except Faults as faults:
            return [finding.code for finding in faults.findings]
        finally:
            connection.close()

    def approves_all() -> int:
        return group.approve(policy=adopted_better, region=COUNTY, seen=seen, reason="已核对")

    with ThreadPoolExecutor(3) as pool:
        all_of_it = pool.submit(approved_by, 7, approves_all)
        again = pool.submit(approved_by, 8, approves_all, given)
        single = pool.submit(approved_by, 9, lambda: revision.approve(proposal=one, on=date(2024, 6, 30)), given)
        assert (2, ["group-moved"], ["already-consented"]) == (all_of_it.result(), again.result(), single.result())
    with entered(SYSTEM):
        assert [7, 7] == list(Consent.objects.values_list("staff_id", flat=True))


def test_of_an_adoption_s_proposals_one_s_own_wait_for_a_colleague(adopted_better: int):
    own = Proposal.objects.filter(regions=[COUNTY]).latest("pk").pk
    with connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")
        cursor.execute("update settlement_proposal set staff_id = %s where id = %s", [OFFICER.staff, own])
        cursor.execute("set session_replication_role = origin")

    with entered(OFFICER):
        seen = group.group(adopted_better, COUNTY).seen
        assert 1 == group.approve(policy=adopted_better, region=COUNTY, seen=seen, reason="已核对")
        left = group.group(adopted_better, COUNTY)
        assert (1, 1) == (left.waiting.proposals, left.posting.proposals)
    with pytest.raises(Faults) as raised, entered(OFFICER):
        group.approve(policy=adopted_better, region=COUNTY, seen=left.seen, reason="已核对")
    assert ["own-proposal"] == codes(raised)


def test_who_was_settled_meanwhile_is_proposed_anew_and_waits_for_another_look(adopted_better: int, people: list[int]):
    """A bill that came between has taken what the new limit has left, which would have been the second's."""
    with entered(OFFICER):
        seen = group.group(adopted_better, COUNTY).seen
        group.approve(policy=adopted_better, region=COUNTY, seen=seen, reason="已核对")
    assert 2_000 == settled(stay(people[0], "50")).relief
    work.work_off()

    with entered(OFFICER):
        now = group.group(adopted_better, COUNTY)
    assert (1, 1, 1) == (now.approved.proposals, now.overtaken.proposals, now.waiting.proposals)
    assert (2, 0) == (now.waiting.bills, now.waiting.relief)


def test_a_draft_is_adopted_once_it_was_looked_through_and_by_the_city(people: list[int], tmp_path: Path):
    number = drafted(tmp_path / "better", BETTER)
    with pytest.raises(Faults) as raised, entered(AT_CITY):
        draft.adopt(draft=number, reason="急")
    assert ["draft-unfinished"] == codes(raised)
    work.work_off()
    with pytest.raises(Faults) as raised, entered(OFFICER):
        draft.adopt(draft=number, reason="越权")
    assert ["adoption-not-yours"] == codes(raised)
    with entered(AT_CITY):
        draft.adopt(draft=number, reason="市政府令")
    with pytest.raises(Faults) as raised, entered(AT_CITY):
        draft.adopt(draft=number, reason="市政府令")

    assert ["draft-adopted"] == codes(raised)
    assert [number] == list(Policy.objects.filter(drafted_as__isnull=False).values_list("drafted_as", flat=True))


def test_a_killed_worker_leaves_the_rest_to_others(people: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Batches of two; each errand done twice comes to the same."""
    monkeypatch.setattr(sweep, "BATCH", 2)
    number = drafted(tmp_path / "better", BETTER)
    runners = work.known()
    assert work.one_errand(runners)
    assert (3, 0, False) == ((now := looked(number)).persons, now.done, now.finished)
    assert work.one_errand(runners)
    with entered(SYSTEM):
        first = Outcome.objects.get(policy_id=number)
        sweep.reach(policy=number, person=first.person_id, on=date(2024, 6, 30))
    work.work_off()

    assert (3, 6_000, True) == ((now := looked(number)).done, now.relief, now.finished)


def test_the_command_shows_what_changes_and_adopts_only_when_told_to(people: list[int], tmp_path: Path):
    folder = str(small_policy(tmp_path / "better", BETTER))
    asked = ("policy", "adopt", folder, "--region", CITY, "--from", "2022-01-01", "--reason", "市政府令")
    looked_at = tuodi(*asked)
    assert (0, "看了 3 人：3 笔会改变，救助合计 60.00 元。") == (looked_at.code, looked_at.out.splitlines()[-1]), (
        looked_at.err
    )
    assert not Policy.objects.filter(drafted_as__isnull=False).exists()

    assert 0 == tuodi(*asked, "--yes").code
    assert 1 == Policy.objects.filter(drafted_as__isnull=False).count()
    assert 2 == tuodi(*asked, "--shares", "me=100%").code
    wrong = tuodi(*asked, "--parameters", "ceiling=1.00", "--shares", "county=60%")
    assert (1, True) == (wrong.code, "ceiling" in wrong.err), wrong.err
