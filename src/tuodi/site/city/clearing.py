"""The city's clearing as it stands today: one statement paid, one late, one objected to, one to be sent.

Each act is done by the account whose it is, on a day that an office would have done it, by the services themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from tuodi.core.month import Month
from tuodi.platform.base import holiday
from tuodi.platform.base.domain import SYSTEM
from tuodi.platform.base.models import Staff
from tuodi.platform.base.scope import entered
from tuodi.platform.base.workdays import ONE_DAY, add_working_days
from tuodi.platform.clearing import approval, disallowance, payment, selectors, statement, term
from tuodi.platform.clearing.domain.lateness import Terms
from tuodi.platform.clearing.domain.steps import Status
from tuodi.site.city.build import Place
from tuodi.site.city.month import month_before

CLERK, CHIEF, ACCOUNTANT, CASHIER = "county1", "chief1", "finance1", "treasury1"
AGREED = Terms(
    pay_within=15, confirm_within=5, within_year=True, draw_on=3, basis="演示：定点医疗机构服务协议第二十二条"
)  # fmt: skip
REASON, CLAUSE = "理疗项目与本次住院的诊断不符，不予支付", "五"
OBJECTION = "理疗是术后康复，有医嘱和病程记录，已附病历，请核对。"

MOST = 500

Acts = Mapping[Status, Callable[[int], Any]]


def cleared(today: date, hospitals: Sequence[Place]) -> bool:
    """Clears the two months before today at two hospitals, as far as they are to stand; True where that was done now.

    Cut short it goes on where it was. Once all four statements are there, they are left to who signs in.
    """
    first, second = hospitals
    last = month_before(today)
    before = month_before(last.first)
    if len(_statements(second)) > 1 or not _staffed():
        return False
    _agree(first.region, before)
    _brought(first, before, _until_paid("hospital1", before, today), today)
    _brought(second, before, _until_confirmed("hospital2", before, today), today)
    _brought(first, last, _until_objected("hospital1", last, today), today)
    _brought(second, last, {}, today)
    return True


# ---- how far each is brought -----------------------------------------------------------------------------------------
def _until_paid(hospital: str, month: Month, today: date) -> Acts:
    sent, ordered, paid = (_working_day(month, number, today) for number in (3, 8, 10))
    return {
        Status.drawn: lambda number: _as(CLERK, statement.send, statement=number, on=sent),
        Status.sent: lambda number: _seen(hospital, statement.confirm, number),
        Status.confirmed: lambda number: _seen(CHIEF, approval.approve_business, number),
        Status.approved_by_business: lambda number: _seen(ACCOUNTANT, approval.approve_finance, number),
        Status.approved_by_finance: lambda number: _seen(ACCOUNTANT, payment.order, number, on=ordered),
        Status.ordered: lambda number: _as(
            CASHIER, payment.confirm, statement=number, paid_on=paid, reference=f"{paid:%Y%m%d}0001", on=paid
        ),
    }


def _until_confirmed(hospital: str, month: Month, today: date) -> Acts:
    """Nobody has approved it since: by now it is late."""
    acts = _until_paid(hospital, month, today)
    return {status: acts[status] for status in (Status.drawn, Status.sent)}


def _until_objected(hospital: str, month: Month, today: date) -> Acts:
    sent = _working_day(month, 3, today)

    def cut_and_send(number: int) -> None:
        _as(CLERK, _cut, number)
        _as(CLERK, statement.send, statement=number, on=sent)

    def object_to(number: int) -> None:
        _as(hospital, _object, number)

    return {Status.drawn: cut_and_send, Status.sent: object_to}


def _cut(number: int) -> None:
    """A third of the largest line, once."""
    paid = [
        (line.paid, row.row.settlement, line.number)
        for row in selectors.page(number, most=MOST)
        if not row.taken_back
        for line in row.lines
        if line.paid
    ]
    if paid and not selectors.statement(number).disallowances:
        fen, settlement, line = max(paid)
        disallowance.add(
            statement=number, settlement=settlement, line=line, fen=-(-fen // 3), reason=REASON, clause=CLAUSE
        )


def _object(number: int) -> None:
    concerned = [each.id for each in selectors.statement(number).disallowances]
    statement.object_to(statement=number, reason=OBJECTION, disallowances=concerned)


# ---- one after the other ---------------------------------------------------------------------------------------------
def _agree(region: str, month: Month) -> None:
    """By when they confirm and are paid; and from now on the county's months are drawn by themselves."""
    with entered(SYSTEM):
        agreed = term.of(region, "", month.first)
    if agreed is None:
        _as(CLERK, term.agree, region=region, starts_on=month.first.replace(month=1, day=1), terms=AGREED)


def _brought(place: Place, month: Month, acts: Acts, today: date) -> None:
    """The month's statement, drawn, and each act that its status asks for, until none does."""
    drawn_on = _working_day(month, 2, today)
    number = _as(CLERK, statement.draw, region=place.region, institution=place.code, month=month, on=drawn_on)
    while act := acts.get(_status(number)):
        act(number)


def _seen(username: str, act: Callable[..., Any], number: int, **named: Any) -> None:
    """The act upon just what the account sees."""

    def look_and_act() -> None:
        act(statement=number, fingerprint=selectors.statement(number).fingerprint, **named)

    _as(username, look_and_act)


def _as(username: str, act: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    with entered(SYSTEM):
        scope = Staff.objects.get(username=username).scope
    with entered(scope):
        return act(*arguments, **named)


def _staffed() -> bool:
    """Not so in a city that was made before there was a second hand at the finance bureau."""
    with entered(SYSTEM):
        return bool(Staff.objects.filter(username=CASHIER).exists())


def _status(number: int) -> Status:
    with entered(SYSTEM):
        return selectors.statement(number).line.status


def _statements(place: Place) -> list[int]:
    with entered(SYSTEM):
        return [line.id for line in selectors.statements(institution=place.code)]


def _working_day(month: Month, count: int, today: date) -> date:
    """So many working days after the month, but no day that is still to come."""
    first = month.following.first
    if first.year not in holiday.calendar().years:
        return min(first, today)
    return min(add_working_days(first - ONE_DAY, count, holiday.calendar()), today)
