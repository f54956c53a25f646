"""Each planted fault is named, and an untouched clearing has none."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from tests.platform.clearing.office import (
    APRIL,
    IN_MAY,
    MAY,
    cancelled,
    cleared,
    disallowed,
    drawn,
    faults,
    sent,
    treated,
)

pytestmark = pytest.mark.usefixtures("office")


@pytest.fixture
def worked(office: None) -> int:
    """A month paid with a disallowance, and one drawn and sent in which its settlement is cancelled."""
    first = treated("1000")
    treated("400")
    april = drawn()
    disallowed(april, first, "100")
    cleared(april)
    cancelled(first, on=IN_MAY)
    treated("3000", on=IN_MAY)
    sent(drawn(MAY), on=date(2024, 6, 5))
    return april


def test_an_untouched_clearing_has_no_faults(worked: int):
    assert [] == faults()


@pytest.mark.parametrize(
    ("planted", "named"),
    [
        ("update clearing_row set relief_fen = relief_fen + 1, sources = '{\"city\": 1}' where kind = 'settled'",
         {"row-differs", "content-changed", "order-differs"}),
        ("update clearing_part set relief_fen = relief_fen + 1", {"sums-differ"}),
        ("update clearing_part set sources = '{\"city\": 1}'", {"sums-differ"}),
        ("update clearing_row set lines = '[]' where kind = 'settled'", {"row-lines-differ"}),
        ("update clearing_row set institution_id = 'H37152100001'", {"row-elsewhere"}),
        ("delete from clearing_row where kind = 'cancelled'", {"row-forgotten", "content-changed"}),
        ("delete from clearing_row where statement_id = (select max(id) from clearing_statement)",
         {"statement-without-rows", "row-forgotten"}),
        ("update clearing_disallowance set fen = 60000", {"disallowed-above-paid", "disallowed-unsplit"}),
        ("update clearing_disallowance set fen = fen + 1", {"content-changed"}),
        ("delete from clearing_release", {"disallowed-and-taken-back", "content-changed"}),
        ("update clearing_step set staff_id = 7 where act = 'approve_business'", {"four-eyes"}),
        ("delete from clearing_step where act = 'approve_finance'", {"statement-status"}),
        ("update clearing_order set paid_fen = paid_fen + 1", {"order-sums"}),
        ("delete from clearing_payment", {"books-differ", "position-differs"}),
        ("delete from clearing_payment; delete from clearing_order", {"order-without-act", "books-differ"}),
        ("delete from fund_line using fund_entry e where e.id = entry_id and e.cause like '%:payment'",
         {"books-differ", "position-differs"}),
        ("update fund_line set fen = 2 * fen from fund_entry e where e.id = entry_id and e.movement = 'disallowance'",
         {"books-differ", "position-differs"}),
        ("delete from fund_line using fund_entry e where e.id = entry_id and e.cause like '%:reverses:%'",
         {"row-differs", "position-differs"}),
    ],
)  # fmt: skip
def test_a_planted_fault_is_named(worked: int, planted: str, named: set[str]):
    with connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")
        cursor.execute(planted)
        cursor.execute("set session_replication_role = origin")

    assert named <= {*faults()}
    assert APRIL


def test_a_settlement_cannot_stand_on_two_statements(worked: int):
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from pg_constraint where conrelid = 'clearing_row'::regclass and contype = 'p'"
            " and conkey = array[(select attnum from pg_attribute where attrelid = 'clearing_row'::regclass"
            " and attname = 'settlement_id')]"
        )
        assert (1,) == cursor.fetchone()
