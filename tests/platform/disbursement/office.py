"""The desks that pay persons, and short words for what they do. Amounts in yuan, days in 2024."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.platform.settlement.town import COUNTY, HOSPITAL, resident, stay
from tuodi.core.finding import Faults
from tuodi.ledger.account import Kind, Source
from tuodi.platform.base.domain import SYSTEM, Desk, Scope
from tuodi.platform.base.scope import entered
from tuodi.platform.disbursement import audit, bank_account, order, payment, selectors
from tuodi.platform.disbursement.selectors import Position
from tuodi.platform.fund import audit as books_audit
from tuodi.platform.fund import selectors as books
from tuodi.platform.registry.models import Person
from tuodi.platform.settlement import audit as settlement_audit
from tuodi.platform.settlement import revision
from tuodi.platform.settlement.models import Settlement
from tuodi.platform.settlement.settlement import settle_by_hand

CLERK, CHIEF = (Scope(desk=Desk.county, region=COUNTY, staff=staff) for staff in (7, 8))
REVIEWER, CASHIER = (Scope(desk=Desk.finance, region=COUNTY, staff=staff) for staff in (21, 22))
IN_APRIL, IN_MAY, IN_JUNE = (date(2024, month, 8) for month in (4, 5, 6))
CARD = "6222020200012345670"


def relieved(yuan: str, *, on: date = IN_APRIL, who: int | None = None) -> int:
    """Somebody poor brings a paper bill and is relieved of half of it; the settlement."""
    person = resident("subsistence_allowance") if who is None else who
    bill = stay(person, yuan, on=on, institution=HOSPITAL)
    answer = settle_by_hand(scope=CLERK, bill=bill, on=on, reason="异地就医手工报销")
    assert answer.settlement is not None
    return answer.settlement


def person_of(settlement: int) -> int:
    """Whose bill it is."""
    return Settlement.objects.get(pk=settlement).person_id


def with_account(settlement: int, number: str = CARD) -> int:
    """The bill's person has said where to be paid; the settlement."""
    with entered(CLERK):
        person = person_of(settlement)
        bank_account.enter(
            person=person, region=COUNTY, holder=Person.objects.get(pk=person).name, bank="农业银行东昌府支行",
            number=number,
        )  # fmt: skip
    return settlement


def payable(yuan: str, **named: Any) -> int:
    """A paper bill of somebody with a bank account."""
    return with_account(relieved(yuan, **named))


def drawn(*claims: int, on: date = IN_MAY, scope: Scope = CLERK) -> int:
    """An order of these bills, of all where none are named."""
    with entered(scope):
        return order.draw(region=COUNTY, claims=claims or None, on=on)


def ready(*claims: int) -> int:
    """An order that only has to be paid."""
    number = drawn(*claims)
    with entered(CHIEF):
        order.approve(order=number)
    with entered(REVIEWER):
        order.review(order=number)
    return number


def mark(number: int) -> str:
    """What the order would pay now, as one mark."""
    with entered(CASHIER):
        return selectors.order(number).mark


def paid(number: int, *, seen: str = "", reference: str = "", scope: Scope = CASHIER, on: date = IN_MAY) -> bool:
    """The cashier looks and pays."""
    seen = seen or mark(number)
    with entered(scope):
        return payment.pay(order=number, mark=seen, paid_on=on, reference=reference or f"V{number}", on=on)


def returned(number: int, item: int = 0, *, reference: str = "R1") -> bool:
    """The bank gives the order's item back."""
    with entered(CASHIER):
        pk = selectors.order(number).items[item].id
        return payment.give_back(item=pk, returned_on=IN_JUNE, reference=reference, reason="账号与户名不符", on=IN_JUNE)


def refunded(settlement: int, reference: str = "B1", *, on: date = IN_JUNE, **sources: int) -> bool:
    """The person gives back so many fen, by source."""
    with entered(CASHIER):
        return payment.receive(
            region=COUNTY, settlement=settlement, sources={Source[name]: fen for name, fen in sources.items()},
            received_on=on, reference=reference, on=on,
        )  # fmt: skip


def cancelled(settlement: int, on: date = IN_MAY) -> None:
    """The county cancels the bill."""
    with entered(CLERK):
        revision.cancel(settlement=settlement, on=on, reason="账单作废")


def position(settlement: int) -> Position:
    """How the bill stands with its person."""
    with entered(SYSTEM):
        return selectors.position(COUNTY, settlement)


def stands(settlement: int) -> tuple[int, int, int]:
    """Paid, still owed, to be given back, in fen."""
    found = position(settlement)
    return found.paid, found.owed, found.due


def bank() -> int:
    """What stands on the county's bank accounts."""
    with entered(SYSTEM):
        return sum(fen for account, fen in books.balances(COUNTY).items() if account.kind is Kind.bank)


def refused(act: Callable[[], object]) -> list[str]:
    """The codes of what the act is refused for."""
    with pytest.raises(Faults) as raised:
        act()
    return [finding.code for finding in raised.value.findings]


def faults() -> list[str]:
    """What the audits of orders, books and settlements find."""
    with entered(SYSTEM):
        found = [*audit.findings(), *books_audit.findings(), *settlement_audit.findings()]
        return [finding.code for finding in found]
