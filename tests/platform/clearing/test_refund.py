"""Refunds: an institution that gives back early loses nothing, and gives back no more than an order left due."""

from __future__ import annotations

from datetime import date

import pytest

from tests.platform.clearing.office import (
    ACCOUNTANT,
    CASHIER,
    CITY,
    COUNTY,
    COUNTY_SOURCE,
    HOSPITAL,
    IN_JUNE,
    IN_MAY,
    JUNE,
    MAY,
    approved,
    cancelled,
    cleared,
    confirmed,
    drawn,
    faults,
    ordered,
    paid,
    position,
    refused,
    sent,
    treated,
)
from tuodi.core.month import Month
from tuodi.ledger.account import Source
from tuodi.ledger.entry import Entry
from tuodi.ledger.movement import Movement
from tuodi.ledger.posting import Part, lines_of
from tuodi.platform.base.domain import SYSTEM
from tuodi.platform.base.scope import entered
from tuodi.platform.clearing import refund, selectors
from tuodi.platform.fund import entry as books

pytestmark = pytest.mark.usefixtures("office")

MARCH = Month(2024, 3)


def halves(fen: int) -> dict[Source, int]:
    """The city's half and the county's."""
    return {CITY: fen // 2, COUNTY_SOURCE: fen // 2}


def given_back(fen: int, *, on: date, reference: str = "R1") -> bool:
    """The hospital gives back in money."""
    with entered(CASHIER):
        return refund.receive(
            region=COUNTY, institution=HOSPITAL, sources=halves(fen), received_on=on, reference=reference, on=on
        )


def acceptable() -> dict[Source, int]:
    """What it can give back now."""
    with entered(ACCOUNTANT):
        return refund.acceptable(COUNTY, HOSPITAL)


def paid_and_cancelled() -> None:
    """April's bill of 100.00, relieved with 50.00 and paid, is cancelled on 8 May; May has a new one of 60.00."""
    number = treated("100")
    assert 5_000 == cleared(drawn()).paid
    cancelled(number, on=IN_MAY)


def test_a_cancel_waits_for_its_own_statement_before_money_is_given_back_for_it():
    """Of 50.00 the May order keeps back 30.00, and leaves 20.00: these can be given back, and June is paid whole."""
    paid_and_cancelled()
    assert (5_000, {}) == (position()[1], acceptable())
    assert ["refund-waits", "refund-waits"] == refused(given_back, 5_000, on=date(2024, 5, 10))
    treated("60", on=date(2024, 5, 12))
    may = cleared(drawn(MAY), on=date(2024, 6, 6))
    assert (-2_000, 0, 2_000, halves(2_000)) == (may.relief, may.paid, may.left_due, acceptable())

    assert given_back(2_000, on=date(2024, 6, 7))
    treated("100", on=IN_JUNE)
    june = cleared(drawn(JUNE), on=date(2024, 7, 6))
    assert (5_000, 0, 5_000, {}) == (june.paid, june.offset, june.relief, acceptable())
    assert ((3_000, 3_000), []) == (position(), faults())


def test_of_what_the_books_have_due_only_what_an_order_left_is_taken():
    """After May's order the books have 50.00 due, 30.00 payable: the statement set these off, and 20.00 is left."""
    paid_and_cancelled()
    treated("60", on=date(2024, 5, 12))
    assert 2_000 == cleared(drawn(MAY), on=date(2024, 6, 6)).left_due

    assert (3_000, 5_000) == position()
    assert ["refund-waits", "refund-waits"] == refused(given_back, 5_000, on=date(2024, 6, 10))
    assert ["refund-waits", "refund-waits"] == refused(given_back, 2_002, on=date(2024, 6, 10))
    assert ["refund-too-much", "refund-too-much"] == refused(given_back, 5_002, on=date(2024, 6, 10))
    assert [True, False] == [given_back(2_000, on=date(2024, 6, 10)) for _ in range(2)]
    assert ["refund-waits", "refund-waits"] == refused(given_back, 2, on=date(2024, 6, 11), reference="R2")
    treated("100", on=IN_JUNE)
    assert 5_000 == cleared(drawn(JUNE), on=date(2024, 7, 6)).paid
    assert (position()[0], []) == (position()[1], faults())


def test_what_is_left_due_is_taken_once_the_books_have_it():
    """A cancel in May uses up what April's approved statement pays: until that is paid, the books have nothing due."""
    first = treated("100", on=date(2024, 3, 8))
    cleared(drawn(MARCH), on=date(2024, 4, 5))
    treated("100")
    april = drawn()
    confirmed(april, sent(april))
    approved(april)
    ordered(april)
    cancelled(first, on=IN_MAY)
    may = drawn(MAY)
    confirmed(may, sent(may, on=date(2024, 6, 5)))
    approved(may)
    assert 5_000 == ordered(may, on=date(2024, 6, 5)).left_due
    assert ({}, (0, 0)) == (acceptable(), position())
    assert ["refund-too-much", "refund-too-much"] == refused(given_back, 5_000, on=IN_JUNE)

    paid(april, on=IN_JUNE)
    assert given_back(5_000, on=IN_JUNE)
    assert ((0, 0), []) == (position(), faults())


def test_more_given_back_than_was_due_is_found_and_nothing_is_ordered_over_it():
    """Planted: the books take 50.00 while the cancel still waits. no order may drop them."""
    paid_and_cancelled()
    planted(5_000)
    assert ["refunds-below-zero", "refunds-below-zero"] == faults()
    treated("60", on=date(2024, 5, 12))
    may = drawn(MAY)
    confirmed(may, sent(may, on=date(2024, 6, 6)))
    approved(may)

    assert ["refunds-below-zero", "refunds-below-zero"] == refused(ordered, may, on=date(2024, 6, 6))
    with entered(ACCOUNTANT):
        assert None is selectors.statement(may).payout


def planted(fen: int) -> None:
    """A refund that the books were given past clearing."""
    parts = [Part(source=source, fen=part) for source, part in halves(fen).items()]
    on = date(2024, 5, 10)
    with entered(SYSTEM):
        books.post(
            entry=Entry(
                cause=f"refund:{HOSPITAL}:planted", movement=Movement.refund, booked_on=on, happened_on=on, known_on=on,
                lines=lines_of(Movement.refund, region=COUNTY, party=HOSPITAL, parts=parts), reason="planted",
            )
        )  # fmt: skip
