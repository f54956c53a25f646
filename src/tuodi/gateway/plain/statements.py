"""Clearing statements as the hospital has them: the list, one whole, confirmed, objected to."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Router
from pydantic import Field, StringConstraints

from tuodi.core.month import Month
from tuodi.gateway.plain.findings import WRONG, Findings
from tuodi.gateway.plain.gate import Signed
from tuodi.gateway.plain.persons import scope_of
from tuodi.gateway.plain.words import PAGE, After, Given, MonthText, Most, Number, Reason, Told, Yuan, yuan
from tuodi.platform.base.scope import entered
from tuodi.platform.clearing import selectors, statement
from tuodi.platform.clearing.domain.payout import Payout
from tuodi.platform.clearing.domain.steps import Act, Status
from tuodi.platform.clearing.selectors import Listed, ShownDisallowance, ShownRow

router = Router(auth=Signed(), tags=["statements"])

StatusWord = Literal[
    "drawn", "sent", "confirmed", "objected", "answered", "approved_by_business", "approved_by_finance", "ordered",
    "paid",
]  # fmt: skip
ActWord = Literal[
    "draw", "send", "confirm", "lapse", "object", "answer", "approve_business", "approve_finance", "send_back", "order",
    "pay",
]  # fmt: skip
assert set(StatusWord.__args__) == set(Status.__members__)  # type: ignore[attr-defined]
assert set(ActWord.__args__) == set(Act.__members__)  # type: ignore[attr-defined]


# ---- what is given ---------------------------------------------------------------------------------------------------
class ConfirmGiven(Given):
    """The fingerprint of what was seen: a statement that changed meanwhile is not confirmed."""

    fingerprint: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class ObjectionGiven(Given):
    """Why, and to which disallowances; to none: to the statement as a whole."""

    reason: Reason
    disallowances: Annotated[list[Number], Field(max_length=1000)] = Field(default_factory=list)


# ---- what is told ----------------------------------------------------------------------------------------------------
class StatementLine(Told):
    """A statement as a list shows it. `net`: relief less disallowances, with those that go back."""

    statement: Number
    region: str
    month: str
    status: StatusWord
    since: datetime
    rows: int
    relief: Yuan
    disallowed: Yuan
    released: Yuan
    net: Yuan
    paid: Yuan | None
    paid_on: date | None


class StatementList(Told):
    """The hospital's statements, the newest months first."""

    statements: list[StatementLine]


class RowTold(Told):
    """A settlement, a cancel or a correction, with what it changes."""

    settlement: Number
    kind: Literal["settled", "cancelled", "correction"]
    takes_back: Number | None
    happened_on: date
    known_on: date
    insurance: str
    service: str
    total: Yuan
    in_policy: Yuan
    relief: Yuan
    personal: Yuan
    hospital: Yuan
    taken_back: bool


class DisallowanceTold(Told):
    """What the county doesn't accept of a line, with reason and clause."""

    disallowance: Number
    settlement: Number
    line: int
    amount: Yuan
    reason: str
    clause: str
    withdrawn: str
    released: bool


class StepTold(Told):
    """What was done, and when."""

    act: ActWord
    at: datetime
    reason: str
    disallowances: list[Number]


class PayoutTold(Told):
    """What the order pays: relief less disallowances, with those that go back, less refunds due."""

    relief: Yuan
    disallowed: Yuan
    released: Yuan
    offset: Yuan
    paid: Yuan
    left_due: Yuan


class StatementTold(Told):
    """A statement. `rows` is a page of it, and `next` what to ask for as `after` to have the next one; null: the last.

    `payout` null: there is no order yet; `lapses_on`: silence confirms.
    """

    statement: StatementLine
    fingerprint: str
    rows: list[RowTold]
    next: Number | None
    disallowances: list[DisallowanceTold]
    releases: list[DisallowanceTold]
    steps: list[StepTold]
    payout: PayoutTold | None
    lapses_on: date | None


# ---- endpoints -------------------------------------------------------------------------------------------------------
@router.get("/statements", response={200: StatementList, WRONG: Findings})
def listed(request: HttpRequest, month: MonthText | None = None) -> StatementList:
    """The hospital's statements, of one month or all that were sent."""
    asked = None if month is None else Month(int(month[:4]), int(month[5:]))
    with entered(scope_of(request)):
        return StatementList(statements=[_line(one) for one in selectors.statements(month=asked)])


@router.get("/statements/{number}", response={200: StatementTold, WRONG: Findings})
def shown(request: HttpRequest, number: Number, after: After = "0", most: Most = PAGE) -> StatementTold:
    """A statement whole; its rows a page at a time, those after a settlement."""
    with entered(scope_of(request)):
        return _told(int(number), int(after), most)


@router.post("/statements/{number}/confirm", response={200: StatementTold, WRONG: Findings})
def confirmed(request: HttpRequest, number: Number, seen: ConfirmGiven) -> StatementTold:
    """The hospital agrees to just what it saw."""
    with entered(scope_of(request)):
        statement.confirm(statement=_sent(number), fingerprint=seen.fingerprint)
        return _told(int(number))


@router.post("/statements/{number}/object", response={200: StatementTold, WRONG: Findings})
def objected(request: HttpRequest, number: Number, objection: ObjectionGiven) -> StatementTold:
    """The hospital objects; the county answers."""
    with entered(scope_of(request)):
        named = [int(one) for one in objection.disallowances]
        statement.object_to(statement=_sent(number), reason=objection.reason, disallowances=named)
        return _told(int(number))


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _sent(number: str) -> int:
    """The statement, unless it is still being prepared: of that the hospital doesn't know. Faults."""
    return selectors.statement(int(number)).line.id


def _line(one: Listed) -> StatementLine:
    return StatementLine(
        statement=str(one.id), region=one.region, month=str(one.month), status=one.status.name,  # type: ignore[arg-type]
        since=one.since, rows=one.rows, relief=yuan(one.relief), disallowed=yuan(one.disallowed),
        released=yuan(one.released), net=yuan(one.net), paid=None if one.paid is None else yuan(one.paid),
        paid_on=one.paid_on,
    )  # fmt: skip


def _told(number: int, after: int = 0, most: int = PAGE) -> StatementTold:
    found, rows = selectors.statement(number), selectors.page(number, after=after, most=most + 1)
    return StatementTold(
        statement=_line(found.line), fingerprint=found.fingerprint, rows=[_row(one) for one in rows[:most]],
        next=str(rows[most - 1].row.settlement) if len(rows) > most else None,
        disallowances=[_disallowance(one) for one in found.disallowances],
        releases=[_disallowance(one) for one in found.releases],
        steps=[
            StepTold(
                act=one.act.name, at=one.at, reason=one.reason, disallowances=[str(each) for each in one.concerns]  # type: ignore[arg-type]
            )
            for one in found.steps
        ],
        payout=None if found.payout is None else _payout(found.payout), lapses_on=found.lapses_on,
    )  # fmt: skip


def _row(one: ShownRow) -> RowTold:
    row, amounts = one.row, one.row.amounts
    return RowTold(
        settlement=str(row.settlement), kind=row.kind.name,  # type: ignore[arg-type]
        takes_back=None if row.takes_back is None else str(row.takes_back), happened_on=row.happened_on,
        known_on=row.known_on, insurance=row.insurance, service=row.service, total=yuan(amounts.total),
        in_policy=yuan(amounts.in_policy), relief=yuan(amounts.relief), personal=yuan(amounts.personal),
        hospital=yuan(amounts.hospital), taken_back=one.taken_back,
    )  # fmt: skip


def _disallowance(one: ShownDisallowance) -> DisallowanceTold:
    return DisallowanceTold(
        disallowance=str(one.id), settlement=str(one.settlement), line=one.line, amount=yuan(one.fen),
        reason=one.reason, clause=one.clause, withdrawn=one.withdrawn, released=one.released,
    )  # fmt: skip


def _payout(payout: Payout) -> PayoutTold:
    return PayoutTold(
        relief=yuan(payout.relief), disallowed=yuan(payout.disallowed), released=yuan(payout.released),
        offset=yuan(payout.offset), paid=yuan(payout.paid), left_due=yuan(payout.left_due),
    )  # fmt: skip
