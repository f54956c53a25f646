"""Each planted fault is named, and untouched orders have none."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.platform.disbursement.office import drawn, faults, paid, payable, ready, refunded, returned

pytestmark = pytest.mark.usefixtures("office")


@pytest.fixture
def worked(office: None) -> None:
    """An order that is paid, of which the bank returned one, and another that is only drawn."""
    payable("1000")
    payable("500")
    number = ready()
    paid(number)
    returned(number, 1)
    payable("700")
    drawn()


def test_untouched_orders_have_no_faults(worked: None):
    assert [] == faults()


@pytest.mark.parametrize(
    ("planted", "named"),
    [
        ("update disbursement_item set sources = '{\"city\": 1}' where number = 1", {"item-sum", "order-changed"}),
        ("update disbursement_item set fen = fen + 1", {"order-sum", "item-sum"}),
        ("update disbursement_item set account_id = (select max(id) from disbursement_account)"
         " where number = 1", {"payee-other", "order-changed"}),
        ("update disbursement_paid set sources = '{\"city\": 90000}', fen = 90000",
         {"paid-above-ordered", "books-differ", "paid-otherwise"}),
        ("update disbursement_paid set fen = fen + 1", {"paid-sum"}),
        ("update disbursement_payment set reference = 'V999'", {"voucher-differs"}),
        ("update disbursement_account set number_sealed ="
         " (select number_sealed from disbursement_account order by id desc limit 1)", {"account-copied"}),
        ("delete from disbursement_paid", {"books-differ", "paid-otherwise"}),
        ("delete from disbursement_payment", {"payment-without-act"}),
        ("delete from disbursement_return", {"return-differs"}),
        ("delete from disbursement_step where act = 'review'", {"order-status"}),
        ("update disbursement_step set staff_id = 7", {"four-eyes"}),
        ("delete from disbursement_step", {"order-without-steps"}),
        ("delete from disbursement_step where act in ('approve', 'review', 'pay')", {"claim-twice"}),
        ("update fund_line set party = 'settlement:999' from fund_entry e where e.id = entry_id"
         " and e.movement = 'payment_to_person' and kind = 'payable_person'", {"books-differ", "owed-below-zero"}),
        ("update fund_entry set cause = 'disbursement:99:1' where cause like 'disbursement:%:1'",
         {"payment-unknown", "books-differ"}),
    ],
)  # fmt: skip
def test_a_planted_fault_is_named(worked: None, planted: str, named: set[str]):
    with connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")
        cursor.execute(planted)
        cursor.execute("set session_replication_role = origin")

    assert named <= {*faults()}


def test_what_is_set_off_against_another_bill_is_named(office: None):
    claim = payable("1000")
    paid(ready())
    assert refunded is not None
    with connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")
        cursor.execute("update fund_entry set movement = 'offset_of_person' where movement = 'payment_to_person'")
        cursor.execute("set session_replication_role = origin")

    assert {"offset-elsewhere", "books-differ"} <= {*faults()}
    assert claim
