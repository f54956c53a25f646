"""Persons are paid what they are owed, once, by several hands; and give back what was too much."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import DatabaseError, connection

from tests.platform.disbursement.office import (
    CASHIER,
    CHIEF,
    CLERK,
    IN_MAY,
    REVIEWER,
    bank,
    cancelled,
    drawn,
    faults,
    mark,
    paid,
    payable,
    person_of,
    position,
    ready,
    refunded,
    refused,
    relieved,
    returned,
    stands,
    with_account,
)
from tests.platform.settlement.town import COUNTY, OTHER_COUNTY, again, stay
from tuodi.core.finding import Faults
from tuodi.ledger.account import Source
from tuodi.platform.base import resealing
from tuodi.platform.base.domain import SYSTEM, Desk, Scope
from tuodi.platform.base.scope import entered
from tuodi.platform.disbursement import bank_account, models, order, selectors
from tuodi.platform.disbursement.domain import Status
from tuodi.platform.disbursement.sealed import SEALED
from tuodi.platform.fund import selectors as books
from tuodi.platform.registry import person
from tuodi.platform.settlement import revision
from tuodi.platform.settlement.domain import Bill
from tuodi.platform.settlement.models import Settlement

pytestmark = pytest.mark.usefixtures("office")


def status(number: int) -> Status:
    with entered(SYSTEM):
        return selectors.order(number).line.status


def corrected(settlement: int, yuan: str) -> None:
    """The county corrects the bill."""
    row = Settlement.objects.get(pk=settlement)
    bill: Bill = again(stay(row.person_id, yuan, on=row.happened_on, institution=row.institution_id))
    with entered(CLERK):
        revision.correct(settlement=settlement, bill=bill, on=IN_MAY, reason="金额录错")


# ---- the way ---------------------------------------------------------------------------------------------------------
def test_a_paper_bill_is_paid_to_the_fen_by_source(office: None):
    first, second = payable("1000.01"), payable("33.33")
    number = ready()

    assert paid(number)
    assert [(50_001, 0, 0), (1_667, 0, 0)] == [stands(first), stands(second)]
    assert -51_668 == bank()
    with entered(SYSTEM):
        (item, _) = selectors.order(number).items
        assert {Source.city: 25_001, Source.county: 25_000} == item.now
    assert Status.paid is status(number)
    assert [] == faults()


def test_a_retry_pays_nothing_twice(office: None):
    payable("1000")
    number = ready()
    seen = mark(number)

    assert [True, False] == [paid(number, seen=seen) for _ in range(2)]
    assert ["order-status"] == refused(lambda: paid(number, seen=seen, reference="another"))
    assert -50_000 == bank()


def test_nobody_pays_what_they_ordered(office: None):
    payable("1000")
    number = drawn()

    def as_clerk() -> None:
        with entered(CLERK):
            order.approve(order=number)

    assert ["four-eyes"] == refused(as_clerk)
    with entered(CHIEF):
        order.approve(order=number)
    with entered(REVIEWER):
        order.review(order=number)
    assert ["four-eyes"] == refused(lambda: paid(number, scope=REVIEWER))
    assert ["order-desk"] == refused(lambda: paid(number, scope=Scope(desk=Desk.county, region=COUNTY, staff=9)))


def test_a_claim_stands_on_one_order_until_that_is_void(office: None):
    claim = payable("1000")
    number = drawn(claim)

    assert ["claim-not-owed"] == refused(lambda: drawn(claim))
    assert ["nothing-owed"] == refused(drawn)
    with entered(REVIEWER):
        order.void(order=number, reason="账户有误")
    assert Status.drawn is status(drawn(claim))


def test_who_has_no_account_is_named_and_left_out_of_all(office: None):
    without, with_one = relieved("1000"), payable("500")

    assert ["account-missing"] == refused(lambda: drawn(without, with_one))
    with entered(SYSTEM):
        assert [with_one] == [item.settlement for item in selectors.order(drawn_in_system()).items]


def drawn_in_system() -> int:
    return order.draw(region=COUNTY, on=IN_MAY)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({"reference": " "}, "payment-reference"),
        ({"on": date(2024, 5, 7)}, "payment-day"),
        ({"seen": "0" * 64}, "payment-moved"),
    ],
)
def test_a_payment_has_a_voucher_a_day_and_was_looked_at(office: None, typed: dict[str, object], code: str):
    payable("1000")
    number = ready()

    assert [code] == refused(lambda: paid(number, **typed))  # type: ignore[arg-type]
    assert (Status.reviewed, 0) == (status(number), bank())


def test_a_voucher_pays_one_order(office: None):
    payable("1000")
    paid(ready(), reference="V1")
    payable("500")
    number = ready()

    assert ["payment-reference-taken"] == refused(lambda: paid(number, reference="V1"))


# ---- what changes between --------------------------------------------------------------------------------------------
def test_what_is_cancelled_before_it_is_paid_is_not_paid(office: None):
    gone, stays = payable("1000"), payable("500")
    number = ready()
    seen = mark(number)
    cancelled(gone)

    assert ["payment-moved"] == refused(lambda: paid(number, seen=seen))
    assert paid(number)
    assert [(0, 0, 0), (25_000, 0, 0)] == [stands(gone), stands(stays)]
    assert [] == faults()


def test_an_order_of_nothing_any_more_is_not_paid(office: None):
    gone = payable("1000")
    number = ready()
    cancelled(gone)

    assert ["payment-nothing"] == refused(lambda: paid(number))


@pytest.mark.parametrize(("yuan", "first", "left"), [("800", 40_000, 0), ("1200", 50_000, 10_000)])
def test_what_is_corrected_before_it_is_paid_is_paid_up_to_what_is_owed_and_ordered(
    office: None, yuan: str, first: int, left: int
):
    claim = payable("1000")
    number = ready()
    corrected(claim, yuan)

    assert paid(number)
    assert (first, left, 0) == stands(claim)
    if left:
        paid(ready(claim), reference="rest")
        assert (first + left, 0, 0) == stands(claim)
    assert [] == faults()


def test_what_was_paid_too_much_is_due_from_the_person_and_given_back(office: None):
    claim = payable("1000")
    paid(ready())
    corrected(claim, "800")

    assert (50_000, 0, 10_000) == stands(claim)
    assert ["nothing-owed"] == refused(drawn)
    assert ["refund-too-much"] == refused(lambda: refunded(claim, city=5_001))
    assert [True, False] == [refunded(claim, city=5_000, county=5_000) for _ in range(2)]
    assert (50_000, 0, 0) == stands(claim)
    assert -40_000 == bank()
    assert [] == faults()


def test_what_the_bank_returns_is_owed_again(office: None):
    claim = payable("1000")
    number = ready()
    paid(number)

    assert [True, False] == [returned(number) for _ in range(2)]
    assert ["return-twice"] == refused(lambda: returned(number, reference="R2"))
    assert ((0, 50_000, 0), 0) == (stands(claim), bank())
    with_account(claim, "15700101040012345")
    again_number = ready(claim)
    assert paid(again_number)
    assert ((50_000, 0, 0), -50_000) == (stands(claim), bank())
    assert [None, False] == [each.returned_on and False for each in reversed(position(claim).payments)]
    assert [] == faults()


def test_a_bill_that_was_cancelled_and_returned_owes_nobody_anything(office: None):
    claim = payable("1000")
    number = ready()
    paid(number)
    cancelled(claim)
    assert (50_000, 0, 50_000) == stands(claim)

    returned(number)

    assert (0, 0, 0) == stands(claim)
    with entered(SYSTEM):
        assert {} == books.claims(COUNTY)
    assert [] == faults()


@pytest.mark.parametrize(
    ("typed", "code"),
    [({"reference": ""}, "refund-reference"), ({"city": 0}, "refund-nothing"), ({"on": date(2024, 7, 1)}, None)],
)
def test_a_refund_says_how_much_and_by_what(office: None, typed: dict[str, object], code: str | None):
    claim = payable("1000")
    paid(ready())
    cancelled(claim)
    said = {"city": 100, **typed}

    assert [code] == ([None] if refunded_or_none(claim, said) else refused(lambda: refunded(claim, **said)))  # type: ignore[arg-type]


def refunded_or_none(claim: int, said: dict[str, object]) -> bool:
    try:
        return refunded(claim, **said)  # type: ignore[arg-type]
    except Faults:
        return False


# ---- at once ---------------------------------------------------------------------------------------------------------
def at_once(*works: Callable[[], object]) -> list[object]:
    gate = threading.Barrier(len(works))

    def begun(work: Callable[[], object]) -> object:
        try:
            gate.wait()
            return work()
        except (Faults, DatabaseError) as why:
            return why
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(begun, works))


def test_two_payers_at_once_pay_once(office: None):
    claim = payable("1000")
    number = ready()
    seen = mark(number)
    other = Scope(desk=Desk.finance, region=COUNTY, staff=23)
    works = [lambda who=who: paid(number, seen=seen, scope=who, reference=f"V{who.staff}") for who in (CASHIER, other)]
    outcome = at_once(*works)

    assert 1 == sum(one is True for one in outcome)
    assert ((50_000, 0, 0), -50_000) == (stands(claim), bank())
    assert [] == faults()


def test_drawing_at_once_orders_each_claim_once(office: None):
    payable("1000")
    outcome = at_once(*[drawn] * 3)

    assert 1 == sum(isinstance(one, int) for one in outcome)
    assert 1 == models.Item.objects.count()


def test_a_cancel_and_a_payment_at_once_leave_nothing_unaccounted(office: None):
    claims = [payable("1000") for _ in range(4)]
    numbers = [(claim, ready(claim)) for claim in claims]
    marks = {number: mark(number) for _, number in numbers}
    for claim, number in numbers:
        at_once(lambda n=number: paid(n, seen=marks[n]), lambda c=claim: cancelled(c))

    assert {(0, 0, 0), (50_000, 0, 50_000)} >= {stands(claim) for claim in claims}
    assert [] == faults()


# ---- whose -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("scope", "orders", "accounts"),
    [
        (CLERK, 1, 1), (CASHIER, 1, 1),
        (Scope(desk=Desk.city, region="371500"), 1, 0), (Scope(desk=Desk.supervisor, region="371500"), 1, 0),
        (Scope(desk=Desk.county, region=OTHER_COUNTY), 0, 0), (Scope(desk=Desk.township, region=COUNTY), 0, 0),
    ],
    ids=lambda each: f"{each.desk.name}{each.region}" if isinstance(each, Scope) else str(each),
)  # fmt: skip
def test_orders_and_accounts_are_seen_by_their_desks(office: None, scope: Scope, orders: int, accounts: int):
    payable("1000")
    drawn()
    with entered(scope):
        assert (orders, accounts) == (models.Order.objects.count(), models.Account.objects.count())
        if orders:
            (line,) = selectors.orders()
            assert [accounts] == [int(item.payee is not None) for item in selectors.order(line.id).items]


def test_an_account_is_sealed_and_masked(office: None):
    claim = payable("1000")
    with entered(CLERK):
        stored = models.Account.objects.get()
        (shown,) = selectors.claims(COUNTY)

    assert b"6222" not in bytes(stored.number_sealed)
    assert shown.payee is not None
    assert ("单**", "***************5670") == (shown.payee.holder, shown.payee.number)
    assert claim == shown.settlement


def test_somebody_else_s_account_needs_a_basis(office: None):
    claim = relieved("1000")

    def entered_for(basis: str) -> None:
        with entered(CLERK):
            bank_account.enter(
                person=person_of(claim), region=COUNTY, holder="单雄忠", bank="农业银行", number="15700101040012345",
                basis=basis,
            )  # fmt: skip

    assert ["account-basis"] == refused(lambda: entered_for(""))
    entered_for("父亲，监护人证明 2024-3")
    with entered(CLERK):
        assert selectors.claims(COUNTY)[0].payee is not None


def test_whoever_was_handed_over_has_no_account_of_anybody_s_without_a_basis(office: None):
    """The county still owes the bill, and no longer sees the name that the account is held against."""
    claim = relieved("1000")
    with entered(SYSTEM):
        person.hand_over(person=person_of(claim), region=OTHER_COUNTY, reason="迁居")

    def entered_for(basis: str) -> None:
        with entered(CLERK):
            bank_account.enter(
                person=person_of(claim), region=COUNTY, holder="程知节", bank="农业银行", number="15700101040012345",
                basis=basis,
            )  # fmt: skip

    assert ["account-basis"] == refused(lambda: entered_for(" "))
    entered_for("已核对身份证和银行卡")
    assert paid(ready(claim))


def test_an_account_is_sealed_anew_when_keys_change_and_nothing_else_of_it_is_touched(office: None):
    payable("1000")
    with entered(SYSTEM):
        assert {("收款账户的户名", 0), ("收款账户的账号", 0)} <= {*resealing.left()}
        for column in SEALED:  # as if it lay under an earlier set
            anew(column.column)
        assert [("单**", "***************5670")] == [
            (shown.payee.holder, shown.payee.number) for shown in selectors.claims(COUNTY) if shown.payee
        ]
    assert "23000" == stopped("update disbursement_account set bank = '别的银行'")


def anew(column: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"select id, {column} from disbursement_account")
        ((number, sealed),) = cursor.fetchall()
        cursor.execute(
            f"update disbursement_account set {column} = %s where id = %s", [resealing.resealed(bytes(sealed)), number]
        )


# ---- past the services -----------------------------------------------------------------------------------------------
ITEM = (
    "insert into disbursement_item (order_id, region_id, number, settlement_id, account_id, sources, fen)"
    " select {order}, '', 9, {claim}, {account}, '{sources}', {fen}"
)
NEW_ORDER = "insert into disbursement_order (region_id, drawn_on, items, fen) values ('371502', '2024-05-08', 1, {fen})"


@pytest.mark.parametrize(
    ("sources", "fen", "whose", "state"),
    [
        ('{"city": 25000, "county": 25000}', 50_000, "own", None),
        ('{"city": 25001, "county": 25000}', 50_001, "own", "TP046"),
        ('{"city": 25000}', 50_000, "own", "TP046"),
        ('{"city": 25000}', 25_000, "other", "TP046"),
    ],
)
def test_also_the_owner_of_the_tables_orders_only_what_is_owed_to_its_person(
    office: None, sources: str, fen: int, whose: str, state: str | None
):
    claim, other = payable("1000"), payable("700")
    account = models.Account.objects.get(person_id=person_of(claim if whose == "own" else other)).pk
    with connection.cursor() as cursor:
        cursor.execute(NEW_ORDER.format(fen=fen))
        cursor.execute("select max(id) from disbursement_order")
        (number,) = cursor.fetchone()
        assert state == stopped(ITEM.format(order=number, claim=claim, account=account, sources=sources, fen=fen))


@pytest.mark.parametrize(
    ("statement", "state"),
    [
        ("insert into disbursement_step (order_id, region_id, number, act, status, content)"
         " values ({order}, '', 0, 'pay', 'paid', '')", "TP001"),
        ("insert into disbursement_payment (order_id, region_id, paid_on, reference)"
         " values ({order}, '', '2024-05-08', 'V')", "TP046"),
        ("insert into disbursement_paid (item_id, order_id, region_id, sources, fen)"
         " select id, order_id, '', sources, fen from disbursement_item", "TP046"),
        ("insert into disbursement_item (order_id, region_id, number, settlement_id, account_id, sources, fen)"
         " select order_id, '', 2, settlement_id, account_id, sources, fen from disbursement_item", "TP046"),
        ("update disbursement_item set fen = 1", "23000"),
        ("delete from disbursement_account", "23000"),
    ],
)  # fmt: skip
def test_also_the_owner_of_the_tables_pays_only_what_went_its_way(office: None, statement: str, state: str):
    payable("1000")
    assert state == stopped(statement.format(order=drawn()))


def stopped(statement: str) -> str | None:
    """The state with which the database stops it; None where it doesn't."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as why:
        return getattr(why.__cause__, "sqlstate", "")
    return None
