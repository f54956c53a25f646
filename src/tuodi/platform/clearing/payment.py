"""Payment: an approved statement is ordered, its disallowances and offsets booked, and paid once the bank has done so.

All books move through the fund's poster. What is payable never falls below zero on the way: where a cancel that is
cleared later has used it up already, it is claimed back first, and stays due for the later statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from django.db import transaction

from tuodi.core.finding import Faults, Finding, Place
from tuodi.core.money import format_yuan
from tuodi.core.month import Month
from tuodi.ledger.account import Account, Kind, Source
from tuodi.ledger.entry import Entry
from tuodi.ledger.movement import Movement
from tuodi.ledger.posting import Part, lines_of
from tuodi.platform.clearing import content, models, step
from tuodi.platform.clearing.content import Content
from tuodi.platform.clearing.domain.disallowance import sources_of
from tuodi.platform.clearing.domain.payout import Payout, SourcePayout, payout, still_due
from tuodi.platform.clearing.domain.steps import Act
from tuodi.platform.clearing.statement import seen
from tuodi.platform.fund import entry as books
from tuodi.platform.fund import selectors as fund

OWN_MOVEMENTS = (Movement.claim_on_institution, Movement.offset, Movement.relief_by_institution)


@transaction.atomic
def order(*, statement: int, fingerprint: str, on: date) -> Payout:
    """The order of an approved statement: what it pays, never below zero, with its disallowances and offsets booked.

    Raises Faults: `statement-…`, `four-eyes…`, `order-out-of-turn`, `refunds-below-zero`, and what the books refuse.
    """
    found = content.statement(statement)
    step.judged(found, Act.order)
    if faults := [*_out_of_turn(found)]:
        raise Faults(faults)
    seen(statement, fingerprint)
    told = content.of(statement)
    ordered = amounts(found)
    _book(found, told, ordered, on)
    step.take(found, Act.order, fingerprint=fingerprint)
    models.Order.objects.create(
        statement=found, region_id=found.region_id, institution_id=found.institution_id,
        sources=[_written(each) for each in ordered], relief_fen=ordered.relief, disallowed_fen=ordered.disallowed,
        released_fen=ordered.released, offset_fen=ordered.offset, paid_fen=ordered.paid,
        left_due_fen=ordered.left_due, ordered_on=on,
    )  # fmt: skip
    return ordered


@transaction.atomic
def confirm(*, statement: int, paid_on: date, reference: str, on: date) -> None:
    """The bank has paid the order; `reference` is its number. An order of nothing is closed the same way.

    Raises Faults: `statement-…`, `four-eyes…`, `payment-reference`, `payment-day`, and what the books refuse.
    """
    found = content.statement(statement)
    step.judged(found, Act.pay)
    ordered = models.Order.objects.get(statement=found)
    if faults := [*_unproven(ordered, paid_on, reference, on)]:
        raise Faults(faults)
    paid = {each.source: each.paid for each in payout_of(ordered) if each.paid}
    _claim(
        found,
        {source: fen - _held(found, Kind.payable_institution, source) for source, fen in paid.items()},
        "payment",
        on,
    )
    cause = f"{cause_of(statement)}:payment"
    _post(found, Movement.payment_to_institution, paid, cause, paid_on, on, reference.strip())
    step.take(found, Act.pay, fingerprint=content.of(statement).hash)
    models.Payment.objects.create(
        statement=ordered, region_id=found.region_id, institution_id=found.institution_id, paid_on=paid_on,
        reference=reference.strip(),
    )  # fmt: skip


def amounts(statement: models.Statement) -> Payout:
    """What an order would pay now. Raises Faults: `refunds-below-zero`."""
    due = refunds_due(statement.region_id, statement.institution_id, statement.month)
    if faults := [*below_zero(due, f"statement:{statement.pk}")]:
        raise Faults(faults)
    disallowed, released = content.kept_on(statement.pk), content.released_on(statement.pk)
    return payout(content.sources(statement.pk), sources_of(disallowed), sources_of(released), due)


def below_zero(due: Mapping[Source, int], path: str) -> Iterator[Finding]:
    """More was given back than any order had left due: what the institution is owed again is not lost in silence."""
    for source, fen in due.items():
        if fen < 0:
            message = f"{source}多退 {format_yuan(-fen)}：退回比各支付单结余的应退还多（INV-26）"
            yield Finding(
                code="refunds-below-zero", message=message, place=Place(path=path), remedy="停止支付，查明原因"
            )


def refunds_due(region: str, institution: str, before: date | None = None) -> dict[Source, int]:
    """What the institution has to give back: left by orders, recovered since, not repaid. `before`: months before it.

    What a cancel that stands on a later statement brought is left to that one. Never below zero: a refund is taken only
    when an order has left it due. Where it is all the same, that is told and not dropped (INV-26).
    """
    orders = models.Order.objects.filter(region_id=region, institution_id=institution)
    if before is not None:
        orders = orders.filter(statement__month__lt=before)
    return still_due(map(payout_of, orders), _otherwise_due(region, institution))


def payout_of(ordered: models.Order) -> Payout:
    """The stored order's amounts."""
    return Payout(
        sources=tuple(
            SourcePayout(
                source=Source[each["source"]], relief=each["relief"], disallowed=each["disallowed"],
                released=each["released"], due=each["due"],
            )
            for each in ordered.sources
        )
    )  # fmt: skip


def cause_of_disallowance(disallowance: int) -> str:
    """Under which cause a disallowance is booked; its release takes that entry back."""
    return f"disallowance:{disallowance}"


def cause_of(statement: int) -> str:
    """What the causes of a statement's entries begin with."""
    return f"statement:{statement}"


def _otherwise_due(region: str, institution: str) -> dict[Source, int]:
    """What came to the refunds due by no statement, openings and recoveries, less what was given back in money."""
    return fund.moved_on(region, Kind.refund_due, institution, apart_from=OWN_MOVEMENTS)


# ---- books -----------------------------------------------------------------------------------------------------------
def _book(statement: models.Statement, told: Content, ordered: Payout, on: date) -> None:
    """Releases first: they raise what is payable. Then what lowers it, after claiming back what is gone."""
    for release in told.releases:
        cause = cause_of_disallowance(release.disallowance)
        booked_on = books.booking_day(on, statement.region_id)
        books.reverse(
            cause_to_reverse=cause, cause=f"{cause}:release", booked_on=booked_on, known_on=on,
            reason=f"结算已冲销或重算（结算 {release.settlement}），扣减退还",
        )  # fmt: skip
    _claim(statement, _lacking(statement, ordered), "order", on)
    rows = {row.settlement: row for row in told.rows}
    for each in told.disallowances:
        happened_on = rows[each.settlement].happened_on if each.settlement in rows else statement.month
        _post(
            statement, Movement.disallowance, each.sources, cause_of_disallowance(each.id), happened_on, on,
            f"{each.clause} {each.reason}",
        )  # fmt: skip
    offsets = {each.source: each.offset for each in ordered if each.offset}
    _post(statement, Movement.offset, offsets, f"{cause_of(statement.pk)}:offset", on, on, "抵扣医疗机构应退款")


def _lacking(statement: models.Statement, ordered: Payout) -> dict[Source, int]:
    """What must be claimed so that what is payable covers disallowances and offset, and what is due the offset."""
    return {
        each.source: max(
            each.disallowed + each.offset - _held(statement, Kind.payable_institution, each.source),
            each.offset - _held(statement, Kind.refund_due, each.source),
        )
        for each in ordered
        if each.disallowed + each.offset
    }


def _held(statement: models.Statement, kind: Kind, source: Source) -> int:
    """What is owed to, or by, the institution; to the end of the transaction nobody else lowers it."""
    account = Account(region=statement.region_id, source=source, kind=kind, party=statement.institution_id)
    return books.owed_held(account)


def _claim(statement: models.Statement, lacking: Mapping[Source, int], what: str, on: date) -> None:
    parts = {source: fen for source, fen in lacking.items() if fen > 0}
    reason = "已被以后冲销的结算占用，先列医疗机构应退"
    _post(statement, Movement.claim_on_institution, parts, f"{cause_of(statement.pk)}:claim:{what}", on, on, reason)


def _post(
    statement: models.Statement,
    movement: Movement,
    sources: Mapping[Source, int],
    cause: str,
    happened_on: date,
    on: date,
    reason: str,
) -> None:
    """Nothing is posted where there is nothing to post."""
    parts = [Part(source=source, fen=fen) for source, fen in sources.items() if fen]
    lines = lines_of(movement, region=statement.region_id, parts=parts, party=statement.institution_id)
    if lines:
        books.post(
            entry=Entry(
                cause=cause, movement=movement, booked_on=books.booking_day(on, statement.region_id),
                happened_on=happened_on, known_on=on, lines=lines, reason=reason,
            )
        )  # fmt: skip


def _written(each: SourcePayout) -> dict[str, object]:
    return {
        "source": each.source.name, "relief": each.relief, "disallowed": each.disallowed, "released": each.released,
        "due": each.due,
    }  # fmt: skip


# ---- why an order or a payment cannot be -----------------------------------------------------------------------------
def _out_of_turn(statement: models.Statement) -> Iterator[Finding]:
    earlier = models.Statement.objects.filter(
        region_id=statement.region_id, institution_id=statement.institution_id, month__lt=statement.month, order=None
    ).order_by("month")
    for each in earlier:
        message = f"{Month.of(each.month)} 的结算单还没有开支付单"
        place = Place(path=f"statement:{each.pk}")
        yield Finding(code="order-out-of-turn", message=message, place=place, remedy="按月份先后开支付单")


def _unproven(ordered: models.Order, paid_on: date, reference: str, on: date) -> Iterable[Finding]:
    place = Place(path=f"statement:{ordered.pk}")
    if not reference.strip():
        message = "没有写明银行凭证号"
        yield Finding(
            code="payment-reference", message=message, place=place, remedy="写凭证号；金额为 0 的，写“无需支付”"
        )
    if not ordered.ordered_on <= paid_on <= on:
        message = f"支付日 {paid_on} 不在开单日 {ordered.ordered_on} 到今天 {on} 之间"
        yield Finding(code="payment-day", message=message, place=place, remedy="照银行回单写支付日")
