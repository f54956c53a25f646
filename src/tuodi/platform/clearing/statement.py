"""Statements: drawn for a month, sent, confirmed or objected to, answered. Each verb is one act inside a scope."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction

from tuodi.core.finding import Faults, Finding, Place
from tuodi.core.money import format_yuan
from tuodi.core.month import Month
from tuodi.platform.base import holiday
from tuodi.platform.base.actor import actor
from tuodi.platform.clearing import content, disallowance, models, reading, step, term
from tuodi.platform.clearing.domain.lateness import lapses_on
from tuodi.platform.clearing.domain.statement import content_hash
from tuodi.platform.clearing.domain.steps import SETTLED_STATUSES, Act, Status, findings
from tuodi.platform.clearing.here import take_turn
from tuodi.platform.clearing.reading import Pending
from tuodi.platform.clearing.schema import BY, PARTS

_OPEN = "insert into clearing_statement (region_id, institution_id, month) values (%s, %s, %s) returning id"


@transaction.atomic
def draw(*, region: str, institution: str, month: Month, on: date) -> int:
    """The institution's statement of the month, its number; drawn again it is the same one.

    On it stands whatever is known by the month's end and stands on none before: cancels and corrections of what was
    cleared earlier, too. Raises Faults: `statement-desk`, `month-not-over`, `statement-out-of-order`,
    `statement-empty`, and for each row that the books don't bear out `row-…`.
    """
    take_turn(region, institution)
    drawn = models.Statement.objects.filter(region_id=region, institution_id=institution, month=month.first).first()
    if drawn is not None:
        return int(drawn.pk)
    desk, staff = actor()
    waiting = reading.pending(region, institution, month.following.first)
    faults = [
        *findings(Act.draw, (), desk=desk, staff=staff),
        *_untimely(region, institution, month, on),
        *_unsound(waiting),
        *_nothing(waiting, institution, month),
    ]
    if faults:
        raise Faults(faults)
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, [region, institution, month.first])
        made = content.statement(cursor.fetchone()[0])
    step.take(made, Act.draw, fingerprint=content_hash([each.row for each in waiting], [], []))
    models.Row.objects.bulk_create([_stored(made, each) for each in waiting], batch_size=1000)
    with connection.cursor() as cursor:
        cursor.execute(f"{PARTS} where statement_id = %s {BY}", [made.pk])
    return int(made.pk)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """What became of one institution's month: a statement's number, or why there is none."""

    institution: str
    statement: int | None
    findings: tuple[Finding, ...]


def draw_all(*, region: str, month: Month, on: date) -> tuple[Drawing, ...]:
    """The month's statements of every institution that has something to clear; each by itself, as `draw`."""
    return tuple(_drawn(region, each.institution, month, on) for each in reading.undrawn(region, month))


@transaction.atomic
def send(*, statement: int, on: date) -> str:
    """To the institution, as it is now; from here on it stands still. Its fingerprint.

    Disallowances of settlements that this statement takes back go back with it (INV-25). Raises Faults:
    `statement-…`, `statement-earlier-open`, `holidays-unknown` where the terms count working days.
    """
    found = content.statement(statement)
    step.judged(found, Act.send)
    if faults := [*_earlier_open(found)]:
        raise Faults(faults)
    disallowance.release_taken_back(found)
    terms = term.of(found.region_id, found.institution_id, on)
    lapses = None if terms is None else lapses_on(on, terms, holiday.calendar())
    fingerprint = content.of(statement).hash
    step.take(found, Act.send, fingerprint=fingerprint, lapses_on=lapses)
    return fingerprint


@transaction.atomic
def confirm(*, statement: int, fingerprint: str) -> None:
    """The institution agrees to just what it saw. Raises Faults: `statement-…`, `statement-changed`."""
    found = content.statement(statement)
    step.judged(found, Act.confirm)
    step.take(found, Act.confirm, fingerprint=seen(statement, fingerprint))


@transaction.atomic
def lapse(*, statement: int, on: date) -> None:
    """The institution has kept silent beyond the agreed days. Raises Faults: `statement-…`, `statement-not-lapsed`."""
    found = content.statement(statement)
    step.judged(found, Act.lapse)
    lapses = models.Step.objects.filter(statement=found, act=Act.send.name).order_by("number").last().lapses_on
    if lapses is None or on <= lapses:
        message = "协议没有约定逾期视同确认" if lapses is None else f"确认期限到 {lapses} 为止，还没有过"
        raise Faults([_finding("statement-not-lapsed", statement, message, "等待医疗机构确认，或先约定确认期限")])
    step.take(found, Act.lapse, fingerprint=content.of(statement).hash, reason=f"确认期限到 {lapses}，逾期未提出异议")


@transaction.atomic
def object_to(*, statement: int, reason: str, disallowances: Sequence[int] = ()) -> None:
    """The institution objects, to some disallowances or to the statement as a whole. Raises Faults: `statement-…`."""
    found = content.statement(statement)
    step.judged(found, Act.object, reason=reason)
    known = {each.id for each in content.of(statement).disallowances}
    if strange := sorted({*disallowances} - known):
        raise Faults([
            _finding("disallowance-unknown", statement, f"结算单上没有编号为 {each} 的扣减", "只选这张结算单上的扣减")
            for each in strange
        ])  # fmt: skip
    step.take(found, Act.object, fingerprint=content.of(statement).hash, reason=reason, concerns=disallowances)


@transaction.atomic
def answer(*, statement: int, reason: str, withdraw: Sequence[int] = ()) -> str:
    """The county answers: it withdraws these disallowances and stands by the others. The new fingerprint.

    Raises Faults: `statement-…`, `disallowance-…`.
    """
    found = content.statement(statement)
    step.judged(found, Act.answer, reason=reason)
    for each in dict.fromkeys(withdraw):
        disallowance.withdraw(disallowance=each, reason=reason, of=statement)
    fingerprint = content.of(statement).hash
    step.take(found, Act.answer, fingerprint=fingerprint, reason=reason, concerns=withdraw)
    return fingerprint


def seen(statement: int, fingerprint: str) -> str:
    """The fingerprint, if the statement still has it: nobody approves what changed under their eyes.

    What was sent is read again row by row.
    """
    sent = content.status(statement) is not Status.drawn
    if fingerprint != (content.of(statement).hash if sent else content.fingerprint(statement)):
        message = "结算单的内容与您看到的不同"
        raise Faults([_finding("statement-changed", statement, message, "重新打开结算单，核对后再办理")])
    return fingerprint


# ---- why a statement cannot be drawn or sent -------------------------------------------------------------------------
def _untimely(region: str, institution: str, month: Month, on: date) -> Iterator[Finding]:
    place = Place(path=f"{region} {institution} {month}")
    if on < month.following.first:
        yield Finding(
            code="month-not-over", message=f"{month} 还没有结束", place=place,
            remedy=f"{month.following.first} 起生成这个月的结算单",
        )  # fmt: skip
    later = models.Statement.objects.filter(
        region_id=region, institution_id=institution, month__gt=month.first
    ).order_by("-month").first()  # fmt: skip
    if later is not None:
        yield Finding(
            code="statement-out-of-order", message=f"{Month.of(later.month)} 的结算单已经生成，{month} 不能再生成",
            place=place, remedy="此前没有列入的结算，列入下一个月的结算单",
        )  # fmt: skip


def _unsound(waiting: Iterable[Pending]) -> Iterator[Finding]:
    for each in waiting:
        place = Place(path=reading.cause_of(each.row.settlement))
        if each.elsewhere:
            message = f"结算 {each.row.settlement} 取代的是另一医疗机构或另一县的结算"
            remedy = "先冲销原结算，再由新的机构结算"
            yield Finding(code="row-elsewhere", message=message, place=place, remedy=remedy)
        elif not each.row.splits:
            booked = sum(each.row.sources.values())
            message = (
                f"结算 {each.row.settlement} 的救助金额 {format_yuan(each.row.amounts.relief)}，"
                f"账簿记 {format_yuan(booked)}"
            )
            remedy = "先查明账簿与结算的差异，再生成结算单"
            yield Finding(code="row-not-booked", message=message, place=place, remedy=remedy)


def _nothing(waiting: Sequence[Pending], institution: str, month: Month) -> Iterator[Finding]:
    if not waiting:
        message = f"到 {month} 月末，{institution} 没有要清算的结算"
        yield Finding(code="statement-empty", message=message, place=Place(path=institution), remedy="不用生成结算单")


def _earlier_open(statement: models.Statement) -> Iterator[Finding]:
    """What an earlier statement disallows must be settled before a later one releases it."""
    earlier = models.Statement.objects.filter(
        region_id=statement.region_id, institution_id=statement.institution_id, month__lt=statement.month
    ).order_by("month")
    for each in earlier:
        if (status := content.status(each.pk)) not in SETTLED_STATUSES:
            message = f"{Month.of(each.month)} 的结算单还是“{status}”"
            yield _finding("statement-earlier-open", each.pk, message, "先办结较早月份的确认或异议")


def _drawn(region: str, institution: str, month: Month, on: date) -> Drawing:
    try:
        number = draw(region=region, institution=institution, month=month, on=on)
    except Faults as why:
        return Drawing(institution=institution, statement=None, findings=why.findings)
    return Drawing(institution=institution, statement=number, findings=())


# ---- helpers ---------------------------------------------------------------------------------------------------------
def _stored(statement: models.Statement, waiting: Pending) -> models.Row:
    row = waiting.row
    return models.Row(
        settlement_id=row.settlement, statement=statement, region_id=statement.region_id,
        institution_id=statement.institution_id, kind=row.kind.name, takes_back=row.takes_back,
        happened_on=row.happened_on, known_on=row.known_on, insurance=row.insurance, service=row.service,
        total_fen=row.amounts.total, in_policy_fen=row.amounts.in_policy, relief_fen=row.amounts.relief,
        personal_fen=row.amounts.personal, hospital_fen=row.amounts.hospital,
        sources=content.sources_written(row.sources), lines=content.lines_written(waiting.lines),
    )  # fmt: skip


def _finding(code: str, statement: int, message: str, remedy: str) -> Finding:
    return Finding(code=code, message=message, place=Place(path=f"statement:{statement}"), remedy=remedy)
