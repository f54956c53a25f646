"""Disallowances: what can be taken off, when, and what becomes of it when the settlement is taken back."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, connection

from tests.platform.clearing.office import (
    ACCOUNTANT,
    AT_HOSPITAL,
    CLERK,
    IN_MAY,
    MAY,
    cancelled,
    cleared,
    disallowed,
    drawn,
    faults,
    ordered,
    position,
    refused,
    sent,
    treated,
)
from tuodi.platform.base.domain import SYSTEM
from tuodi.platform.base.scope import entered
from tuodi.platform.clearing import disallowance, selectors

pytestmark = pytest.mark.usefixtures("office")


def of(number: int) -> list[tuple[int, bool, bool]]:
    """Each disallowance: fen, withdrawn, gone back."""
    with entered(SYSTEM):
        shown = selectors.statement(number).disallowances
        return [(each.fen, bool(each.withdrawn), each.released) for each in shown]


def test_at_most_what_a_line_paid_is_taken_off_it():
    number = treated("1000")
    first = drawn()
    disallowed(first, number, "450")

    assert ["disallowance-above-paid"] == refused(disallowed, first, number, "50.01")
    disallowed(first, number, "50")
    assert [(45_000, False, False), (5_000, False, False)] == of(first)
    assert [] == faults()


def test_what_lacks_is_told_at_once():
    number = treated("1000")
    first = drawn()
    with entered(CLERK):
        assert ["disallowance-reason", "disallowance-clause", "disallowance-line"] == refused(
            disallowance.add, statement=first, settlement=number, line=2, fen=1, reason="", clause=" "
        )
        assert ["disallowance-row"] == refused(
            disallowance.add, statement=first, settlement=number + 99, line=1, fen=1, reason="x", clause="y"
        )


def test_a_withdrawn_one_is_as_if_it_had_never_been():
    number = treated("1000")
    first = drawn()
    one = disallowed(first, number, "500")
    with entered(CLERK):
        disallowance.withdraw(disallowance=one, reason="核对有误")
        assert ["disallowance-withdrawn"] == refused(disallowance.withdraw, disallowance=one, reason="核对有误")
    disallowed(first, number, "500")

    assert [(50_000, True, False), (50_000, False, False)] == of(first)


@pytest.mark.parametrize("scope", [AT_HOSPITAL, ACCOUNTANT], ids=["hospital", "finance"])
def test_only_the_county_takes_off(scope: object):
    number = treated("1000")
    first = drawn()
    sent(first)
    with entered(scope):  # type: ignore[arg-type]
        assert "statement-desk" in refused(
            disallowance.add, statement=first, settlement=number, line=1, fen=1, reason="x", clause="y"
        )


def test_the_database_itself_takes_off_no_more_than_was_paid():
    number = treated("1000")
    first = drawn()
    text = (
        "insert into clearing_disallowance (statement_id, region_id, institution_id, settlement_id, line, fen, sources,"
        " reason, clause) values (%s, '', '', %s, 1, %s, jsonb_build_object('city', %s::bigint), 'x', 'y')"
    )
    with entered(CLERK), pytest.raises(DatabaseError, match="INV-25"), connection.cursor() as cursor:
        cursor.execute(text, [first, number, 50_001, 50_001])


def test_what_is_found_later_is_taken_off_a_later_statement():
    number = treated("1000")
    cleared(drawn())
    treated("200", on=IN_MAY)
    second = drawn(MAY)
    disallowed(second, number, "30")
    amounts = cleared(second, on=date(2024, 6, 5))

    assert (10_000, 3_000, 7_000) == (amounts.relief, amounts.disallowed, amounts.paid)
    assert (0, 0) == position()
    assert [] == faults()


def test_a_cancelled_settlement_gives_its_disallowance_back_so_that_it_counts_once():
    number = treated("1000")
    first = drawn()
    disallowed(first, number, "100")
    assert 40_000 == cleared(first).paid
    cancelled(number, on=IN_MAY)
    treated("2000", on=IN_MAY)
    second = drawn(MAY)
    amounts = cleared(second, on=date(2024, 6, 5))

    assert (50_000, 0, 10_000, 60_000) == (amounts.relief, amounts.disallowed, amounts.released, amounts.paid)
    assert [(10_000, False, True)] == of(first)
    assert position()[0] == position()[1]
    assert [] == faults()


def test_nothing_is_taken_off_what_was_taken_back():
    number = treated("1000")
    treated("200")
    cancelled(number, on=date(2024, 4, 20))

    assert ["disallowance-taken-back"] == refused(disallowed, drawn(), number, "1")


def test_an_earlier_statement_s_disallowance_that_went_back_is_not_withdrawn():
    number = treated("1000")
    first = drawn()
    one = disallowed(first, number, "100")
    cleared(first)
    cancelled(number, on=IN_MAY)
    sent(drawn(MAY), on=date(2024, 6, 5))
    with entered(CLERK):
        assert ["statement-status", "disallowance-released"] == refused(
            disallowance.withdraw, disallowance=one, reason="x"
        )


def test_a_disallowance_is_booked_against_the_sources_that_bore_the_line():
    number = treated("300.01")
    first = drawn()
    disallowed(first, number, "50.01")
    with entered(SYSTEM):
        assert 15_001 == selectors.statement(first).line.relief
    amounts = cleared(first)

    assert {"city": (7_501, 2_501, 5_000), "county": (7_500, 2_500, 5_000)} == {
        each.source.name: (each.relief, each.disallowed, each.paid) for each in amounts
    }
    assert [] == faults()


def test_an_unapproved_statement_has_no_order():
    treated("1000")
    first = drawn()
    sent(first)

    assert ["statement-status"] == refused(ordered, first)
