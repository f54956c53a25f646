"""An order's way, what may be paid of it, and bank accounts: pure."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tuodi.ledger.account import Source
from tuodi.platform.base.domain import Desk
from tuodi.platform.disbursement.domain import (
    NOT_AFTER,
    Act,
    Part,
    Step,
    account_findings,
    due,
    findings,
    fingerprint,
    masked_account,
    owed,
    payable_now,
)

WAY = {Act.draw: 1, Act.approve: 2, Act.review: 3, Act.pay: 4}


def steps(*acts: Act, by: dict[Act, int] | None = None) -> list[Step]:
    return [Step(act=act, staff=(by or WAY)[act], at=datetime(2024, 5, 8, tzinfo=UTC)) for act in acts]


def codes(act: Act, *before: Act, staff: int | None = 9, desk: Desk | None = None, reason: str = "") -> list[str]:
    found = findings(act, steps(*before), desk=desk or act.desks[0], staff=staff, reason=reason)
    return [finding.code for finding in found]


def test_an_order_goes_from_hand_to_hand():
    way = [*WAY]

    assert [[]] * 4 == [codes(act, *way[:place]) for place, act in enumerate(way)]


@pytest.mark.parametrize("act", [Act.approve, Act.review, Act.pay, Act.void])
def test_nothing_is_done_to_what_was_not_drawn_or_is_paid(act: Act):
    assert ["order-status"] == codes(act, reason="不符")
    assert ["order-status"] == codes(act, *WAY, reason="不符", staff=99)


@pytest.mark.parametrize(
    ("act", "earlier"), [(act, each) for act, others in NOT_AFTER.items() for each in Act if each in others]
)
def test_who_had_a_hand_in_it_does_not_judge_it(act: Act, earlier: Act):
    before = [*WAY][: WAY[act] - 1]

    assert ["four-eyes"] == codes(act, *before, staff=WAY[earlier])


def test_an_act_is_its_desk_s_and_somebody_s():
    assert ["order-desk"] == codes(Act.approve, Act.draw, desk=Desk.finance)
    assert ["four-eyes-nobody"] == codes(Act.approve, Act.draw, staff=None)
    assert ["order-reason"] == codes(Act.void, Act.draw)


def test_no_more_is_paid_than_ordered_nor_than_owed_source_by_source():
    ordered = {Source.city: 300, Source.county: 200}

    assert {Source.city: 100, Source.county: 200} == payable_now(ordered, {Source.city: 100, Source.county: 900})
    assert {} == payable_now(ordered, {Source.city: -5, Source.provincial: 7})


def test_what_one_source_is_owed_is_not_kept_back_from_another_s():
    net = {Source.city: -50, Source.county: 80}

    assert ({Source.county: 80}, {Source.city: 50}) == (owed(net), due(net))


def test_the_mark_tells_parts_apart():
    one = Part(claim="settlement:1", account=5, sources={Source.city: 100})

    assert fingerprint([one]) == fingerprint([Part(claim="settlement:1", account=5, sources={Source.city: 100})])
    assert fingerprint([one]) != fingerprint([Part(claim="settlement:1", account=6, sources={Source.city: 100})])
    assert fingerprint([one]) != fingerprint([Part(claim="settlement:1", account=5, sources={Source.county: 100})])


@pytest.mark.parametrize(
    ("holder", "bank", "number", "fields"),
    [
        ("单雄信", "农业银行", "6222 0202-0001 2345 670", []),
        ("单雄信", "农业银行", "15700101040012345", []),
        ("单雄信", "农业银行", "6222020200012345671", ["number"]),
        ("单雄信", "农业银行", "1234567", ["number"]),
        ("", " ", "no", ["holder", "bank", "number"]),
    ],
)
def test_an_account_is_read_as_it_stands_on_the_card(holder: str, bank: str, number: str, fields: list[str]):
    found = account_findings(holder=holder, bank=bank, number=number)

    assert fields == [finding.place.path for finding in found]


def test_an_account_shows_its_last_digits():
    assert "***************5670" == masked_account("6222020200012345670")
