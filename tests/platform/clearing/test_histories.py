"""Any history of treating, cancelling, disallowing and clearing ends in right books."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from random import Random

import pytest

from tests.platform.clearing.office import (
    CASHIER,
    COUNTY,
    HOSPITAL,
    cancelled,
    cleared,
    disallowed,
    drawn,
    faults,
    position,
    treated,
)
from tuodi.core.finding import Faults
from tuodi.core.month import Month
from tuodi.ledger.account import Kind
from tuodi.platform.base.domain import SYSTEM
from tuodi.platform.base.scope import entered
from tuodi.platform.clearing import payment, refund, selectors
from tuodi.platform.fund import selectors as books

pytestmark = [pytest.mark.usefixtures("office"), pytest.mark.slow]

MONTHS = [Month(2024, number) for number in range(1, 6)]


@pytest.mark.parametrize("seed", range(6))
def test_sums_of_parts_are_the_ledger_s(seed: int):
    chance = Random(seed)
    settled: list[int] = []
    waiting: list[tuple[int, date]] = []
    given = 0
    for month in MONTHS:
        work(chance, month, settled)
        with suppress(Faults):  # a month in which nothing happened has no statement
            number = drawn(month)
            object_to_some(chance, number)
            waiting.append((number, month.following.first.replace(day=chance.randint(5, 20))))
        while waiting and chance.random() < 0.7:
            given += clear(chance, *waiting.pop(0))
        assert [] == faults()
    for number, on in waiting:
        given += clear(chance, number, max(on, MONTHS[-1].following.first))

    assert [] == faults()
    with entered(SYSTEM):
        statements = selectors.statements()
        bank = sum(fen for account, fen in books.balances(COUNTY).items() if account.kind is Kind.bank)
        relief = sum(fen for account, fen in books.balances(COUNTY).items() if account.kind is Kind.relief)
    payable, due = position()
    assert sum(each.paid or 0 for each in statements) - given == -bank
    assert sum(each.net for each in statements) + left_due() == -bank
    assert sum(each.net for each in statements) == relief == -bank + payable - due


def work(chance: Random, month: Month, settled: list[int]) -> None:
    """Some are treated in the month, and some bills of whenever are cancelled."""
    for day in sorted(chance.sample(range(1, 28), chance.randint(0, 5))):
        on = date(month.year, month.month, day)
        if settled and chance.random() < 0.4:
            cancelled(settled.pop(chance.randrange(len(settled))), on=on)
        else:
            settled.append(treated(f"{chance.randint(1, 3000)}.{chance.randint(0, 99):02}", on=on))


def object_to_some(chance: Random, number: int) -> None:
    """The county takes something off some lines."""
    with entered(SYSTEM):
        rows = [each for each in selectors.shown_rows(selectors.rows(number)) if each.lines and not each.taken_back]
    for each in rows:
        if chance.random() < 0.5:
            fen = chance.randint(1, each.lines[0].paid)
            disallowed(number, each.row.settlement, f"{fen // 100}.{fen % 100:02}")


def clear(chance: Random, number: int, on: date) -> int:
    """The statement is cleared, and some of what is due then given back: how much."""
    amounts = cleared(number, on=on)
    assert all(each.paid >= 0 and each.net - each.due == each.paid - each.left_due for each in amounts)
    with entered(CASHIER):
        back = {source: chance.randint(0, fen) for source, fen in refund.acceptable(COUNTY, HOSPITAL).items()}
        if any(back.values()):
            refund.receive(
                region=COUNTY, institution=HOSPITAL, sources=back, received_on=on, reference=f"R{number}", on=on
            )
    return sum(back.values())


def left_due() -> int:
    """What the hospital still has to give back after all orders."""
    with entered(SYSTEM):
        return sum(payment.refunds_due(COUNTY, HOSPITAL).values())
