"""What a change does in the books when money has moved already, and how relief is split over those who bear it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.platform.settlement.town import (
    AT_HOSPITAL,
    COUNTY,
    HOSPITAL,
    TODAY,
    adopt,
    again,
    recognise,
    resident,
    settled,
    small_policy,
    stay,
)
from tuodi.ledger.account import Kind, Source
from tuodi.ledger.entry import Entry
from tuodi.ledger.movement import Movement
from tuodi.ledger.posting import Part, lines_of
from tuodi.platform.base.domain import SYSTEM
from tuodi.platform.base.scope import entered
from tuodi.platform.fund import audit as books_audit
from tuodi.platform.fund import entry as books
from tuodi.platform.fund import selectors
from tuodi.platform.registry import status
from tuodi.platform.settlement import audit, revision
from tuodi.platform.settlement.domain import Amounts

HALVES = "funding:\n  - {id: halves, clause: 一, pays: [benefit_0], payers: {市级财政: 50%, 县级财政: 50%}}\n"


@pytest.fixture
def poor(town: None, tmp_path: Path) -> int:
    folder = small_policy(tmp_path / "small", "rate: 100%, limit: {relief: 150}", funding=HALVES)
    file = folder / "policy.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("is: [classes, benefit]", "is: [classes, benefit, funding]"), encoding="utf-8")
    adopt(folder)
    return resident("subsistence_allowance")


def owed(kind: Kind, party: str) -> dict[str, int]:
    with entered(SYSTEM):
        return {source.name: fen for source, fen in selectors.owed_to(COUNTY, kind, party).items()}


def paid(movement: Movement, party: str, cause: str) -> None:
    """Everything that is owed to the party is paid, or refunded by it."""
    (kind,) = movement.debits if movement is not Movement.refund else movement.credits
    parts = [Part(source=Source[source], fen=fen) for source, fen in owed(kind, party).items()]
    lines = lines_of(movement, region=COUNTY, parts=parts, party=party)
    with entered(SYSTEM):
        books.post(
            entry=Entry(
                cause=cause, movement=movement, booked_on=TODAY, happened_on=TODAY, known_on=TODAY, lines=lines,
                reason="支付",
            )
        )  # fmt: skip


def changed(act) -> None:
    with entered(SYSTEM):
        made = act()
        if made.proposal:
            revision.approve(proposal=made.proposal, on=TODAY)


def all_stands_up() -> None:
    with entered(SYSTEM):
        assert [] == audit.findings()
        assert [] == books_audit.findings()


def test_an_odd_fen_goes_to_the_earlier_half(poor: int):
    settled(stay(poor, "101.01"))

    assert {"city": 5_051, "county": 5_050} == owed(Kind.payable_institution, HOSPITAL)


def test_a_bill_that_was_paid_out_already_becomes_a_claim_on_the_hospital(poor: int):
    first = settled(stay(poor, "101"))
    paid(Movement.payment_to_institution, HOSPITAL, "clearing:1")
    changed(lambda: revision.cancel(settlement=first.settlement or 0, on=TODAY, reason="票据有误"))

    assert ({}, {"city": 5_050, "county": 5_050}) == (
        owed(Kind.payable_institution, HOSPITAL),
        owed(Kind.refund_due, HOSPITAL),
    )
    all_stands_up()


def test_a_difference_that_was_paid_out_already_becomes_a_claim_on_the_person(town: None, tmp_path: Path):
    adopt(small_policy(tmp_path / "small", "rate: 100%, limit: {relief: 150}"))
    who = resident()
    claim = f"settlement:{settled(stay(who, '101')).settlement}"
    with entered(SYSTEM):
        granted = recognise(who, "subsistence_allowance", since=date(2023, 1, 1))
    changed(lambda: revision.resettle(person=who, on=TODAY, reason="追溯"))
    paid(Movement.payment_to_person, claim, "payment:1")
    with entered(SYSTEM):
        status.withdraw(status=granted, reason="名单有误")
    changed(lambda: revision.resettle(person=who, on=TODAY, reason="撤销"))

    assert ({}, {"county": 10_100}) == (owed(Kind.payable_person, claim), owed(Kind.refund_due, claim))
    all_stands_up()


def test_what_was_refunded_already_is_owed_again(town: None, tmp_path: Path):
    adopt(small_policy(tmp_path / "small", "rate: 100%, limit: {relief: 150}"))
    who = resident()
    with entered(SYSTEM):
        granted = recognise(who, "subsistence_allowance", since=date(2023, 1, 1))
    claim = f"settlement:{settled(stay(who, '101')).settlement}"
    with entered(SYSTEM):
        status.withdraw(status=granted, reason="名单有误")
    changed(lambda: revision.resettle(person=who, on=TODAY, reason="撤销"))
    paid(Movement.refund, claim, "refund:1")
    with entered(SYSTEM):
        recognise(who, "subsistence_allowance", since=date(2023, 1, 1))
    changed(lambda: revision.resettle(person=who, on=TODAY, reason="恢复"))

    assert ({"county": 10_100}, {}) == (owed(Kind.payable_person, claim), owed(Kind.refund_due, claim))
    all_stands_up()


def test_a_late_change_is_booked_in_an_open_month(poor: int):
    from tuodi.core.month import Month

    bill = stay(poor, "101")
    first = settled(bill)
    with entered(SYSTEM):
        books.close(region=COUNTY, month=Month.of(TODAY), closed_on=date(2024, 7, 1))
    better = again(bill, key="C1", amounts=Amounts(5_000, 5_000))
    with entered(AT_HOSPITAL):
        revision.correct(settlement=first.settlement or 0, bill=better, on=TODAY, reason="更正")
    second = settled(stay(poor, "20"))

    with entered(SYSTEM):
        late = [one for one in selectors.records() if isinstance(one, Entry)][1:]
    days = {one.booked_on for one in late}
    assert {date(2024, 7, 1)} == days
    assert 2_000 == second.relief
    all_stands_up()
