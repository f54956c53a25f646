"""Statements for pages, reports and machines: the month's list, and one of them whole.

Whoever reads inside a scope sees the scope's own. A hospital sees a statement from the day on which it is sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet, Sum

from tuodi.core.finding import Faults, Finding
from tuodi.core.month import Month
from tuodi.platform.base.actor import actor, names_of
from tuodi.platform.base.domain import Desk
from tuodi.platform.clearing import content, models, payment, reading
from tuodi.platform.clearing.application import Claim, claim_of
from tuodi.platform.clearing.domain.disallowance import PaidLine
from tuodi.platform.clearing.domain.payout import Payout
from tuodi.platform.clearing.domain.statement import Row, Totals, totals
from tuodi.platform.clearing.domain.steps import Act, Status
from tuodi.platform.settlement import of_institutions


# ---- the month's statements ------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A statement as a list shows it, in fen. `hospital` stays with the institution; `paid` is its order, if any.

    `net`: relief less disallowances, with those that go back.
    """

    id: int
    region: str
    institution: str
    name: str
    month: Month
    status: Status
    since: datetime
    rows: int
    relief: int
    disallowed: int
    released: int
    hospital: int
    paid: int | None
    paid_on: date | None

    @property
    def net(self) -> int:
        """What the statement comes to before refunds due."""
        return self.relief - self.disallowed + self.released


def statements(
    *, month: Month | None = None, region: str = "", institution: str = "", status: Status | None = None
) -> list[Listed]:
    """Statements that the scope sees, the newest months first; of one month, county, institution or status."""
    found = models.Statement.objects.select_related("institution", "order", "order__payment")
    if month is not None:
        found = found.filter(month=month.first)
    if region:
        found = found.filter(region_id=region)
    if institution:
        found = found.filter(institution_id=institution)
    if status is not None:
        steps = last_steps([*found.values_list("pk", flat=True)])
        found = found.filter(pk__in=[number for number, step in steps.items() if step.status == status.name])
    return _listed(found.order_by("-month", "region_id", "institution_id"))


def months() -> list[Month]:
    """Months of which the scope sees statements, the newest first; a hospital's drafts are none yet."""
    found = dict(models.Statement.objects.values_list("pk", "month"))
    return sorted({Month.of(found[number]) for number in last_steps([*found])}, reverse=True)


def cleared_with(institution: str) -> bool:
    """Whether the scope sees any statement of the institution."""
    return bool(models.Statement.objects.filter(institution_id=institution).exists())


def _listed(found: QuerySet[models.Statement]) -> list[Listed]:
    numbers = [each.pk for each in found]
    steps = last_steps(numbers)
    rows = {
        each["statement_id"]: each
        for each in models.Part.objects.filter(statement_id__in=numbers)
        .values("statement_id")
        .annotate(count=Sum("rows"), relief=Sum("relief_fen"), hospital=Sum("hospital_fen"))
    }
    disallowed = _sums(models.Disallowance.objects.filter(statement_id__in=numbers, withdrawal=None), "fen")
    released = _sums(models.Release.objects.filter(statement_id__in=numbers), "disallowance__fen")
    return [
        _line(each, steps[each.pk], rows[each.pk], disallowed.get(each.pk, 0), released.get(each.pk, 0))
        for each in found
        if each.pk in steps
    ]


def _line(each: models.Statement, last: models.Step, sums: Mapping[str, int], disallowed: int, released: int) -> Listed:
    order = getattr(each, "order", None)
    paid = getattr(order, "payment", None)
    return Listed(
        id=each.pk, region=each.region_id, institution=each.institution_id, name=each.institution.name,
        month=Month.of(each.month), status=Status[last.status], since=last.at, rows=int(sums["count"]),
        relief=int(sums["relief"]), disallowed=disallowed, released=released, hospital=int(sums["hospital"]),
        paid=None if order is None else order.paid_fen, paid_on=None if paid is None else paid.paid_on,
    )  # fmt: skip


def last_steps(numbers: Sequence[int]) -> dict[int, models.Step]:
    """Where each stands; a hospital doesn't know of what is being prepared."""
    last = (
        models.Step.objects.filter(statement_id__in=numbers)
        .order_by("statement_id", "-number")
        .distinct("statement_id")
    )
    hidden = {Status.drawn.name} if actor().desk is Desk.hospital else set()
    return {step.statement_id: step for step in last if step.status not in hidden}


def _sums(found: QuerySet[models.OfStatement], field: str) -> dict[int, int]:
    return {row["statement_id"]: int(row["fen"]) for row in found.values("statement_id").annotate(fen=Sum(field))}


# ---- one statement ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRow:
    """A row with its lines; `row.settlement` opens the settlement, `cause` its entry in the books."""

    row: Row
    lines: tuple[PaidLine, ...]
    cause: str
    taken_back: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownDisallowance:
    """A disallowance, who made it, and whether it was withdrawn or has gone back since. `cause`: its entry's."""

    id: int
    settlement: int
    line: int
    fen: int
    reason: str
    clause: str
    by: str
    at: datetime
    withdrawn: str
    released: bool
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownStep:
    """An act, who did it and when; `concerns` are disallowances."""

    act: Act
    by: str
    at: datetime
    reason: str
    concerns: tuple[int, ...]
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A statement but for its rows, which are read by `rows` and `page`. `fingerprint`: what approvals are given to.

    `payout`: as ordered, or as an order would be now. A hospital's is that of the order, None before it; None while
    more was given back than was due.
    """

    line: Listed
    fingerprint: str
    totals: Totals
    disallowances: tuple[ShownDisallowance, ...]
    releases: tuple[ShownDisallowance, ...]
    steps: tuple[ShownStep, ...]
    payout: Payout | None
    lapses_on: date | None
    reference: str


def statement(number: int) -> Shown:
    """The statement with its sums. Faults: `statement-unknown`."""
    found = content.statement(number)
    listed = _listed(models.Statement.objects.filter(pk=number).select_related("institution", "order__payment"))
    if not listed:
        raise Faults([Finding(code="statement-unknown", message=f"编号为 {number} 的结算单还没有送达")])
    steps = [*models.Step.objects.filter(statement_id=number).order_by("number")]
    order = models.Order.objects.filter(pk=number).select_related("payment").first()
    return Shown(
        line=listed[0],
        fingerprint=content.fingerprint(number),
        totals=totals(content.parts(number), content.sources(number)),
        disallowances=_shown_disallowances(models.Disallowance.objects.filter(statement_id=number)),
        releases=_shown_disallowances(models.Disallowance.objects.filter(release__statement_id=number)),
        steps=_shown_steps(steps),
        payout=_payout(found, order),
        lapses_on=next((step.lapses_on for step in reversed(steps) if step.act == Act.send.name), None),
        reference=order.payment.reference if order is not None and hasattr(order, "payment") else "",
    )


def rows(number: int) -> QuerySet[models.Row]:
    """The statement's rows in their order, to be counted and cut into pages before they are read."""
    return models.Row.objects.filter(statement_id=number).order_by("settlement_id")


def page(number: int, *, after: int = 0, most: int) -> list[ShownRow]:
    """So many rows after the settlement that the page before ended with."""
    return shown_rows(rows(number).filter(pk__gt=after)[:most])


def takes_back_earlier(number: int) -> bool:
    """Whether a cancel or a correction on the statement takes back what an earlier one has cleared."""
    taken_back = rows(number).filter(takes_back__isnull=False)
    return bool(taken_back.exclude(takes_back__in=rows(number).values("pk")).exists())


def row(number: int, settlement: int) -> ShownRow | None:
    """The row of a settlement on the statement or an earlier one of the same institution; None where there is none."""
    return next(iter(shown_rows(_until(number).filter(pk=settlement))), None)


def row_with_key(number: int, key: str) -> int | None:
    """The settlement with the sender's number on the statement or an earlier one of the same institution."""
    institution = content.statement(number).institution_id
    found = _until(number).filter(pk__in=of_institutions.with_key(institution, key)).order_by("-settlement_id").first()
    return None if found is None else int(found.pk)


def _until(number: int) -> QuerySet[models.Row]:
    found = content.statement(number)
    return models.Row.objects.filter(
        region_id=found.region_id, institution_id=found.institution_id, statement__month__lte=found.month
    )


def shown_rows(found: Iterable[models.Row]) -> list[ShownRow]:
    """These rows as they are shown."""
    found = [*found]
    taken_back = models.Row.objects.filter(takes_back__in=[row.pk for row in found])
    gone = {*taken_back.values_list("takes_back", flat=True)}
    return [
        ShownRow(
            row=content.row_of(row), lines=content.lines_of(row), cause=reading.cause_of(row.pk),
            taken_back=row.pk in gone,
        )
        for row in found
    ]  # fmt: skip


def _payout(found: models.Statement, order: models.Order | None) -> Payout | None:
    if order is not None:
        return payment.payout_of(order)
    if actor().desk is Desk.hospital:
        return None
    try:
        return payment.amounts(found)
    except Faults:  # the order and the audit say why; the page is to open all the same
        return None


def _shown_disallowances(found: QuerySet[models.Disallowance]) -> tuple[ShownDisallowance, ...]:
    rows = [*found.select_related("withdrawal", "release").order_by("id")]
    names = names_of(row.staff_id for row in rows)
    return tuple(
        ShownDisallowance(
            id=row.pk, settlement=row.row_id, line=row.line, fen=row.fen, reason=row.reason, clause=row.clause,
            by=names.get(row.staff_id, ""), at=row.at,
            withdrawn=row.withdrawal.reason if hasattr(row, "withdrawal") else "",
            released=hasattr(row, "release"), cause=payment.cause_of_disallowance(row.pk),
        )
        for row in rows
    )  # fmt: skip


def _shown_steps(steps: Sequence[models.Step]) -> tuple[ShownStep, ...]:
    names = names_of(step.staff_id for step in steps)
    return tuple(
        ShownStep(
            act=Act[step.act], by=names.get(step.staff_id, "系统"), at=step.at, reason=step.reason,
            concerns=tuple(step.concerns), fingerprint=step.content,
        )
        for step in steps
    )  # fmt: skip


# ---- applications ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """An institution's application, and whether it was withdrawn."""

    id: int
    institution: str
    name: str
    claim: Claim
    at: datetime
    withdrawn: bool


def applications(*, month: Month | None = None, institution: str = "") -> list[Applied]:
    """Applications that the scope sees, the latest first; of one month or institution."""
    found = models.Application.objects.select_related("institution", "applicationwithdrawal")
    if month is not None:
        found = found.filter(month=month.first)
    if institution:
        found = found.filter(institution_id=institution)
    return [
        Applied(
            id=each.pk, institution=each.institution_id, name=each.institution.name, claim=claim_of(each), at=each.at,
            withdrawn=hasattr(each, "applicationwithdrawal"),
        )
        for each in found.order_by("-id")
    ]  # fmt: skip
