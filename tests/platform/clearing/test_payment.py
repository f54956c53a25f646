"""Approvals, orders, payments: in turn, by different hands, once, and never more than is left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import DatabaseError, connection

from tests.platform.clearing.office import (
    ACCOUNTANT,
    AT_HOSPITAL,
    CASHIER,
    CHIEF,
    CITY,
    CLERK,
    COUNTY,
    COUNTY_SOURCE,
    HOSPITAL,
    IN_APRIL,
    IN_JUNE,
    IN_MAY,
    JUNE,
    MAY,
    approved,
    cancelled,
    cleared,
    confirmed,
    disallowed,
    drawn,
    faults,
    ordered,
    paid,
    position,
    refused,
    sent,
    status,
    treated,
)
from tests.platform.settlement.town import adopt, resident, stay
from tuodi.core.finding import Faults
from tuodi.ledger.account import Kind
from tuodi.ledger.movement import Movement
from tuodi.platform.base.domain import SYSTEM, Desk, Scope
from tuodi.platform.base.scope import entered
from tuodi.platform.clearing import approval, content, payment, refund, selectors
from tuodi.platform.clearing.domain.statement import Amounts as Settled
from tuodi.platform.clearing.domain.steps import Status
from tuodi.platform.fund import selectors as books
from tuodi.platform.settlement import settlement
from tuodi.platform.settlement.domain import Amounts

pytestmark = pytest.mark.usefixtures("office")


def agreed(yuan: str = "1000") -> int:
    """April's statement of one bill, confirmed."""
    treated(yuan)
    number = drawn()
    confirmed(number, sent(number))
    return number


def banked() -> int:
    """What left the county's accounts, in fen."""
    with entered(SYSTEM):
        return -sum(fen for account, fen in books.balances(COUNTY).items() if account.kind is Kind.bank)


def test_an_approved_statement_is_ordered_and_paid_to_the_fen():
    number = agreed("300.01")
    approved(number)
    amounts = ordered(number)
    assert (15_001, {CITY: 7_501, COUNTY_SOURCE: 7_500}) == (amounts.paid, {each.source: each.paid for each in amounts})
    paid(number)

    assert (Status.paid, 15_001, (0, 0)) == (status(number), banked(), position())
    with entered(SYSTEM):
        shown = selectors.statement(number)
    assert (15_001, date(2024, 5, 21), f"V{number}") == (shown.line.paid, shown.line.paid_on, shown.reference)
    assert [] == faults()


@pytest.mark.parametrize(
    ("act", "scope", "code"),
    [
        ("business", CLERK, "four-eyes"),
        ("business", Scope(desk=Desk.county, region=COUNTY), "four-eyes-nobody"),
        ("business", ACCOUNTANT, "statement-desk"),
        ("finance", CHIEF, "statement-desk"),
        ("order", CHIEF, "statement-desk"),
        ("pay", ACCOUNTANT, "four-eyes"),
    ],
)
def test_nobody_approves_or_pays_what_they_prepared_or_ordered(act: str, scope: Scope, code: str):
    number = agreed()
    fingerprint = content_of(number)
    before: dict[str, Callable[[], Any]] = {
        "finance": lambda: approve(approval.approve_business, number, CHIEF),
        "order": lambda: approved(number),
        "pay": lambda: (approved(number), ordered(number)),
    }
    before.get(act, lambda: None)()
    acts: dict[str, Callable[[], Any]] = {
        "business": lambda: approval.approve_business(statement=number, fingerprint=fingerprint),
        "finance": lambda: approval.approve_finance(statement=number, fingerprint=fingerprint),
        "order": lambda: payment.order(statement=number, fingerprint=fingerprint, on=IN_JUNE),
        "pay": lambda: payment.confirm(statement=number, paid_on=IN_JUNE, reference="V", on=IN_JUNE),
    }
    with entered(scope):
        assert code in refused(acts[act])


def test_the_database_itself_lets_nobody_approve_what_they_prepared():
    number = agreed()
    text = (
        "insert into clearing_step (statement_id, region_id, institution_id, number, act, status, content)"
        " values (%s, '', '', 0, 'approve_business', 'approved_by_business', 'x')"
    )
    with entered(CLERK), pytest.raises(DatabaseError, match="INV-27"), connection.cursor() as cursor:
        cursor.execute(text, [number])
    with entered(ACCOUNTANT), pytest.raises(DatabaseError, match="takes no"), connection.cursor() as cursor:
        cursor.execute(text, [number])


def test_only_what_was_seen_is_approved():
    number = agreed()
    with entered(CHIEF):
        assert ["statement-changed"] == refused(approval.approve_business, statement=number, fingerprint="other")


def test_what_is_sent_back_is_changed_sent_and_approved_anew():
    first = treated("1000")
    number = drawn()
    confirmed(number, sent(number))
    approve(approval.approve_business, number, CHIEF)
    with entered(ACCOUNTANT):
        approval.send_back(statement=number, reason="有一笔超范围用药")
    disallowed(number, first, "100")
    confirmed(number, sent(number))
    approved(number)

    assert 40_000 == ordered(number).paid
    assert [] == faults()


def test_a_statement_of_cancels_alone_pays_nothing_and_what_is_due_is_kept_back_from_the_next():
    number = treated("1000")
    cleared(drawn())
    cancelled(number, on=IN_MAY)
    amounts = cleared(drawn(MAY), on=date(2024, 6, 5))
    assert (-50_000, 0, 0, 50_000) == (amounts.relief, amounts.offset, amounts.paid, amounts.left_due)
    treated("1600", on=IN_JUNE)
    amounts = cleared(drawn(JUNE), on=date(2024, 7, 5))

    assert (80_000, 50_000, 30_000) == (amounts.relief, amounts.offset, amounts.paid)
    assert (80_000, (0, 0)) == (banked(), position())
    assert [] == faults()


def test_what_is_cancelled_before_its_statement_is_paid_is_paid_as_approved_and_kept_back_after():
    first = treated("1000")
    april = drawn()
    cancelled(first, on=IN_MAY)
    assert 50_000 == cleared(april, on=date(2024, 5, 20)).paid
    assert (0, 50_000) == position()
    treated("3000", on=IN_MAY)
    amounts = cleared(drawn(MAY), on=date(2024, 6, 5))

    assert (100_000, 100_000) == (amounts.relief, amounts.paid)
    assert banked() == 150_000
    assert position()[0] == position()[1]
    assert [] == faults()


def test_money_that_was_given_back_is_not_kept_back_again():
    number = treated("1000")
    cleared(drawn())
    cancelled(number, on=IN_MAY)
    cleared(drawn(MAY), on=date(2024, 6, 5))
    back = {"region": COUNTY, "institution": HOSPITAL, "received_on": IN_JUNE, "reference": "R1", "on": IN_JUNE}
    with entered(CASHIER):
        assert ["refund-too-much"] == refused(refund.receive, sources={CITY: 25_001}, **back)
        assert [True, False] == [
            refund.receive(sources={CITY: 25_000, COUNTY_SOURCE: 20_000}, **back)
            for _ in range(2)  # type: ignore[arg-type]
        ]
        assert ["refund-reference", "refund-nothing"] == refused(
            refund.receive, **{**back, "reference": " "}, sources={CITY: 0}
        )
    treated("1000", on=IN_JUNE)
    amounts = cleared(drawn(JUNE), on=date(2024, 7, 5))

    assert (5_000, 45_000, (0, 0)) == (amounts.offset, amounts.paid, position())
    assert [] == faults()


def test_statements_are_ordered_in_turn():
    agreed()
    treated("500", on=IN_MAY)
    second = drawn(MAY)
    confirmed(second, sent(second, on=date(2024, 6, 5)))
    approved(second)

    assert ["order-out-of-turn"] == refused(ordered, second)


@pytest.mark.parametrize(
    ("paid_on", "reference", "expected"),
    [
        (date(2024, 5, 19), "V1", ["payment-day"]),
        (date(2024, 5, 22), "V1", ["payment-day"]),
        (date(2024, 5, 21), " ", ["payment-reference"]),
    ],
)
def test_a_payment_has_the_bank_s_number_and_day(paid_on: date, reference: str, expected: list[str]):
    number = agreed()
    approved(number)
    ordered(number, on=date(2024, 5, 20))
    with entered(CASHIER):
        assert expected == refused(
            payment.confirm, statement=number, paid_on=paid_on, reference=reference, on=date(2024, 5, 21)
        )


def test_an_order_of_nothing_is_closed_the_same_way():
    bill = stay(resident(), "700", on=IN_APRIL)
    settlement.settle(scope=AT_HOSPITAL, bill=bill, on=IN_APRIL)
    amounts = cleared(drawn())

    assert ((), 0, 0) == (amounts.sources, amounts.paid, banked())
    assert [] == faults()


def test_what_exceeds_a_package_limit_is_shown_and_stays_with_the_hospital():
    """Yangquan 四(二)4: of 40000 at a limit of 30000, insurance pays 21000, relief 20 % of the limit, nobody 10000."""
    adopt("yangquan-2019-45", starts_on=date(2024, 1, 1))
    bill = replace(
        stay(resident("subsistence_allowance"), "40000", on=IN_APRIL),
        amounts=Amounts(4_000_000, 4_000_000, basic=2_100_000), disease="肺癌", facts={"package_limit": "30000.00"},
    )  # fmt: skip
    settlement.settle(scope=AT_HOSPITAL, bill=bill, on=IN_APRIL)
    number = drawn()
    with entered(SYSTEM):
        shown, rows = selectors.statement(number), selectors.page(number, most=10)
    amounts = cleared(number)

    assert (1_000_000, 600_000, 600_000) == (shown.line.hospital, shown.line.net, amounts.paid)
    assert Settled(total=4_000_000, in_policy=4_000_000, relief=600_000, personal=300_000, hospital=1_000_000) == (
        shown.totals.whole.amounts
    )
    assert ["四(二)4"] == [line.clause for row in rows for line in row.lines]
    assert {CITY: 300_000, COUNTY_SOURCE: 300_000} == {each.source: each.paid for each in amounts}
    assert [] == faults()


# ---- at the same moment ----------------------------------------------------------------------------------------------
def at_once(*acts: Callable[[], Any]) -> list[str]:
    """All of them begin together, each on a connection of its own; done, or the first code of the refusal."""
    barrier, results = Barrier(len(acts)), [""] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            barrier.wait()
            act()
            results[place] = "done"
        except Faults as refusal:
            results[place] = refusal.findings[0].code
        finally:
            connection.close()

    threads = [Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(results)


def approve(act: Callable[..., None], number: int, scope: Scope) -> None:
    with entered(scope):
        act(statement=number, fingerprint=content.of(number).hash)


def content_of(number: int) -> str:
    with entered(SYSTEM):
        return content.of(number).hash


def test_two_officers_who_draw_the_same_month_draw_one_statement():
    treated("1000")
    treated("500")
    numbers: list[int] = []
    assert ["done"] * 3 == at_once(*[lambda: numbers.append(drawn()) for _ in range(3)])

    assert 1 == len(set(numbers))
    with entered(SYSTEM):
        assert [2] == [each.rows for each in selectors.statements()]


def test_of_two_chiefs_who_approve_at_once_one_does():
    number = agreed()
    other = Scope(desk=Desk.county, region=COUNTY, staff=9)
    results = at_once(
        *[lambda scope=scope: approve(approval.approve_business, number, scope) for scope in (CHIEF, other)]
    )

    assert ["done", "statement-status"] == results


def test_a_statement_that_is_ordered_and_paid_twice_at_once_is_paid_once():
    number = agreed()
    approved(number)
    assert ["done", "statement-status"] == at_once(*[lambda: ordered(number) for _ in range(2)])
    assert ["done", "statement-status", "statement-status"] == at_once(*[lambda: paid(number) for _ in range(3)])

    assert 50_000 == banked()
    with entered(SYSTEM):
        entries = books.entries([f"statement:{number}:payment"])
    assert [Movement.payment_to_institution] == [entry.movement for entry in entries]
    assert [] == faults()


def test_a_cancel_at_the_moment_of_payment_leaves_the_books_right():
    first = treated("1000")
    number = drawn()
    confirmed(number, sent(number))
    approved(number)
    ordered(number)
    assert ["done", "done"] == at_once(lambda: paid(number), lambda: cancelled(first, on=IN_MAY))

    assert (50_000, (0, 50_000)) == (banked(), position())
    assert [] == faults()
