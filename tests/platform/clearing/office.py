"""The desks that clear a county's hospital, and short words for what they do. Amounts in yuan, days in 2024."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.platform.settlement.town import (
    AT_HOSPITAL,
    COUNTY,
    HOSPITAL,
    adopt,
    resident,
    small_policy,
    stay,
)
from tuodi.core.finding import Faults
from tuodi.core.month import Month
from tuodi.ledger.account import Kind, Source
from tuodi.platform.base.domain import SYSTEM, Desk, Scope
from tuodi.platform.base.scope import entered
from tuodi.platform.clearing import approval, audit, content, disallowance, payment, selectors, statement
from tuodi.platform.clearing.domain.payout import Payout
from tuodi.platform.clearing.domain.steps import Status
from tuodi.platform.fund import audit as books_audit
from tuodi.platform.fund import selectors as books
from tuodi.platform.settlement import revision, settlement

CLERK, CHIEF = (Scope(desk=Desk.county, region=COUNTY, staff=staff) for staff in (7, 8))
ACCOUNTANT, CASHIER = (Scope(desk=Desk.finance, region=COUNTY, staff=staff) for staff in (21, 22))
HALVES = "funding:\n  - {id: halves, clause: 一, pays: benefit_0, payers: {市级财政: 50%, 县级财政: 50%}}\n"
APRIL, MAY, JUNE = (Month(2024, month) for month in (4, 5, 6))
IN_APRIL, IN_MAY, IN_JUNE, IN_JULY = (date(2024, month, 8) for month in (4, 5, 6, 7))
CITY, COUNTY_SOURCE = Source.city, Source.county


def adopted(folder: Path) -> None:
    """The city relieves half of what the poor bear, half of it from the city's budget and half from the county's."""
    small = small_policy(folder / "small", "rate: 50%, limit: {relief: 1000000}", funding=HALVES)
    text = (small / "policy.yaml").read_text(encoding="utf-8")
    (small / "policy.yaml").write_text(text.replace("[classes, benefit]", "[classes, benefit, funding]"), "utf-8")
    adopt(small)


def treated(yuan: str, *, on: date = IN_APRIL, scope: Scope = AT_HOSPITAL, county: str = COUNTY) -> int:
    """Somebody poor is treated and settled at the hospital; the settlement."""
    bill = stay(resident("subsistence_allowance", county=county), yuan, on=on, institution=scope.institution)
    answer = settlement.settle(scope=scope, bill=bill, on=on)
    assert answer.settlement is not None
    return answer.settlement


def cancelled(number: int, *, on: date, scope: Scope = AT_HOSPITAL) -> int:
    """The hospital cancels; the new settlement."""
    with entered(scope):
        return revision.cancel(settlement=number, on=on, reason="重复结算").rows[0]


def drawn(month: Month = APRIL, *, scope: Scope = CLERK, hospital: str = HOSPITAL) -> int:
    """The month's statement."""
    with entered(scope):
        return statement.draw(region=scope.region, institution=hospital, month=month, on=month.following.first)


def disallowed(number: int, of: int, yuan: str, *, line: int = 1, scope: Scope = CLERK) -> int:
    """Taken off a line."""
    with entered(scope):
        return disallowance.add(
            statement=number, settlement=of, line=line, fen=fen(yuan), reason="不合规用药", clause="七(一)"
        )


def sent(number: int, *, on: date = date(2024, 5, 6), scope: Scope = CLERK) -> str:
    """To the hospital; the fingerprint."""
    with entered(scope):
        return statement.send(statement=number, on=on)


def confirmed(number: int, fingerprint: str, scope: Scope = AT_HOSPITAL) -> None:
    """By the hospital."""
    with entered(scope):
        statement.confirm(statement=number, fingerprint=fingerprint)


def approved(number: int, by: Scope = CHIEF, finance: Scope = ACCOUNTANT) -> None:
    """By both sides."""
    with entered(by):
        approval.approve_business(statement=number, fingerprint=content.of(number).hash)
    with entered(finance):
        approval.approve_finance(statement=number, fingerprint=content.of(number).hash)


def ordered(number: int, *, on: date = date(2024, 5, 20), scope: Scope = ACCOUNTANT) -> Payout:
    """The order."""
    with entered(scope):
        return payment.order(statement=number, fingerprint=content.of(number).hash, on=on)


def paid(number: int, *, on: date = date(2024, 5, 21), scope: Scope = CASHIER) -> None:
    """The bank has done it."""
    with entered(scope):
        payment.confirm(statement=number, paid_on=on, reference=f"V{number}", on=on)


def cleared(number: int, *, on: date = date(2024, 5, 6)) -> Payout:
    """From sending to payment, without an objection."""
    confirmed(number, sent(number, on=on))
    approved(number)
    amounts = ordered(number, on=on)
    paid(number, on=on)
    return amounts


def status(number: int) -> Status:
    """Where it stands."""
    with entered(SYSTEM):
        return selectors.statement(number).line.status


def fen(yuan: str) -> int:
    """Of a text like 12.50 or 12."""
    whole, _, part = yuan.partition(".")
    return int(whole) * 100 + int((part or "0").ljust(2, "0"))


def position(hospital: str = HOSPITAL) -> tuple[int, int]:
    """What is payable to the hospital, and what it has to give back, in fen."""
    with entered(SYSTEM):
        return tuple(  # type: ignore[return-value]
            sum(books.owed_to(COUNTY, kind, hospital).values()) for kind in (Kind.payable_institution, Kind.refund_due)
        )


def faults() -> list[str]:
    """What the audits of clearing and of the books find."""
    with entered(SYSTEM):
        return [finding.code for finding in (*audit.findings(), *books_audit.findings())]


def refused(act: Callable[..., Any], *arguments: Any, **named: Any) -> list[str]:
    """The codes with which the act is refused."""
    with pytest.raises(Faults) as told:
        act(*arguments, **named)
    return [finding.code for finding in told.value.findings]
