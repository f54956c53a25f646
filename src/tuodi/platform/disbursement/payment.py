"""Payment: finance pays a reviewed order, and records what the bank gave back and what persons give back.

Yangquan 阳医保发〔2019〕45号 七(二): the person is paid straight from the fund's account. The books move when the
payment voucher goes to the bank, under the claims' locks: nothing is paid that a cancel has taken away a moment before,
and a cancel that comes a moment later finds the money paid and claims it back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.db import connection, transaction

from tuodi.core.finding import Faults, Finding, finding
from tuodi.core.money import format_yuan
from tuodi.ledger.account import Account, Kind, Source
from tuodi.ledger.entry import Entry, Line
from tuodi.ledger.movement import Movement
from tuodi.ledger.posting import Part, lines_of
from tuodi.platform.base import audit
from tuodi.platform.disbursement import content, models, step
from tuodi.platform.disbursement.content import Told
from tuodi.platform.disbursement.domain import Act, due
from tuodi.platform.disbursement.here import take_turn
from tuodi.platform.fund import entry as books
from tuodi.platform.fund import selectors

_RETURN = """
insert into disbursement_return (paid_id, order_id, region_id, returned_on, reference, reason)
values (%s, %s, '', %s, %s, %s)
"""


@transaction.atomic
def pay(*, order: int, mark: str, paid_on: date, reference: str, on: date) -> bool:
    """Pays just what was seen under this mark, by the voucher's number; False where that was done already.

    Raises Faults: `order-…`, `four-eyes…`, `payment-…`, and what the books refuse.
    """
    found = content.order(order)
    take_turn(found.region_id)
    if models.Payment.objects.filter(order=found, reference=reference.strip(), paid_on=paid_on).exists():
        return False
    step.judged(found, Act.pay)
    _held(found)
    told = content.told(order)
    if faults := [*_unproven(found, paid_on, reference, on), *_moved(told, mark)]:
        raise Faults(faults)
    for each in told:
        claim, cause = _Claim(found.region_id, each.ordered.claim), content.cause_of(each.item)
        _offset(claim, cause, on)
        _post(claim, Movement.payment_to_person, each.now.sources, cause, paid_on, on, reference.strip())
    step.take(found, Act.pay, mark=mark)
    _written(found, told, paid_on, reference.strip())
    return True


@transaction.atomic
def give_back(*, item: int, returned_on: date, reference: str, reason: str, on: date) -> bool:
    """The bank could not pay the item: its payment is reversed, and it is owed again. False where that was done.

    Raises Faults: `item-not-paid`, `return-…`, and what the books refuse.
    """
    paid = models.Paid.objects.select_related("item__order").filter(pk=item).first()
    if paid is None:
        raise Faults([finding("item-not-paid", "这一笔没有支付过", f"item:{item}", "核对支付单")])
    take_turn(paid.region_id)
    if models.Return.objects.filter(paid=paid, reference=reference.strip(), returned_on=returned_on).exists():
        return False
    if faults := [*_not_returned(paid, returned_on, reference, reason, on)]:
        raise Faults(faults)
    cause = content.cause_of(paid.item)
    books.reverse(
        cause_to_reverse=cause, cause=f"{cause}:return", booked_on=books.booking_day(on, paid.region_id), known_on=on,
        reason=f"{reference.strip()} {reason.strip()}",
    )  # fmt: skip
    _offset(_Claim(paid.region_id, content.claim_of(paid.item.settlement_id)), f"{cause}:return", on)
    with connection.cursor() as cursor:
        cursor.execute(_RETURN, [paid.pk, paid.order_id, returned_on, reference.strip(), reason.strip()])
    audit.record(
        act="disbursement.return", subject=f"order:{paid.order_id}", region=paid.region_id, reason=reason.strip()
    )
    return True


@transaction.atomic
def receive(
    *, region: str, settlement: int, sources: Mapping[Source, int], received_on: date, reference: str, on: date
) -> bool:
    """A person gave back what they were paid too much for a bill; False where the receipt is booked already.

    `settlement`: the first one of the bill. At most what is due of each source. Raises Faults: `refund-…`.
    """
    take_turn(region)
    claim = _Claim(region, content.claim_of(settlement))
    cause = f"refund:{claim.key}:{reference.strip()}"
    if faults := [*_not_received(sources, received_on, reference, on)]:
        raise Faults(faults)
    known = selectors.entry(cause)
    if known is None and (faults := [*_too_much(sources, due(selectors.claims(*claim).get(claim.key, {})))]):
        raise Faults(faults)
    if known is None:
        _offset(claim, cause, on)
    return books.post(
        entry=Entry(
            cause=cause, movement=Movement.refund, happened_on=received_on, reason=reference.strip(),
            booked_on=known.booked_on if known else books.booking_day(on, region),
            known_on=known.known_on if known else on, lines=_lines(Movement.refund, claim, sources),
        )
    )  # fmt: skip


# ---- books -----------------------------------------------------------------------------------------------------------
class _Claim(NamedTuple):
    """In whose books, and under which party."""

    region: str
    key: str


def _held(order: models.Order) -> None:
    """To the end of the transaction nobody else lowers what the order's persons are owed.

    Bill by bill and source by source in the order of `Source`, as whoever changes settlements holds them: neither waits
    for the other for ever.
    """
    for item in models.Item.objects.filter(order=order).order_by("settlement_id"):
        claim = _Claim(order.region_id, content.claim_of(item.settlement_id))
        ordered = content.sources_read(item.sources)
        for source in Source:
            if source in ordered:
                _owed(claim, Kind.payable_person, source)


def _offset(claim: _Claim, cause: str, on: date) -> None:
    """What the books show as owed and as due for the same bill at once goes against each other first."""
    both = {
        source: min(_owed(claim, kind, source) for kind in (Kind.payable_person, Kind.refund_due))
        for source in selectors.owed_to(claim.region, Kind.refund_due, claim.key)
    }
    _post(claim, Movement.offset_of_person, both, f"{cause}:offset", on, on, "同一笔费用的应付与应退相抵")


def _owed(claim: _Claim, kind: Kind, source: Source) -> int:
    return books.owed_held(Account(region=claim.region, source=source, kind=kind, party=claim.key))


def _lines(movement: Movement, claim: _Claim, sources: Mapping[Source, int]) -> tuple[Line, ...]:
    parts = [Part(source=source, fen=fen) for source, fen in sources.items() if fen]
    return lines_of(movement, region=claim.region, parts=parts, party=claim.key)


def _post(
    claim: _Claim,
    movement: Movement,
    sources: Mapping[Source, int],
    cause: str,
    happened_on: date,
    on: date,
    reason: str,
) -> None:
    """Nothing is posted where there is nothing to post."""
    if lines := _lines(movement, claim, sources):
        books.post(
            entry=Entry(
                cause=cause, movement=movement, booked_on=books.booking_day(on, claim.region),
                happened_on=happened_on, known_on=on, lines=lines, reason=reason,
            )
        )  # fmt: skip


def _written(order: models.Order, told: Sequence[Told], paid_on: date, reference: str) -> None:
    models.Payment.objects.create(order=order, region_id=order.region_id, paid_on=paid_on, reference=reference)
    models.Paid.objects.bulk_create(
        models.Paid(
            item=each.item, order=order, region_id=order.region_id, fen=each.now.fen,
            sources=content.sources_written(each.now.sources),
        )
        for each in told
        if each.now.fen
    )  # fmt: skip


# ---- why not ---------------------------------------------------------------------------------------------------------
def _unproven(order: models.Order, paid_on: date, reference: str, on: date) -> Iterator[Finding]:
    if not reference.strip():
        yield finding("payment-reference", "没有写明支付凭证号", "reference", "写财政直接支付凭证的编号")
    elif models.Payment.objects.filter(region_id=order.region_id, reference=reference.strip()).exists():
        message = f"凭证号 {reference.strip()} 已用于另一张支付单"
        yield finding("payment-reference-taken", message, "reference", "核对凭证号")
    if not order.drawn_on <= paid_on <= on:
        message = f"支付日 {paid_on} 不在开单日 {order.drawn_on} 到今天 {on} 之间"
        yield finding("payment-day", message, "paid_on", "照支付凭证写支付日")


def _moved(told: Sequence[Told], mark: str) -> Iterator[Finding]:
    if not sum(each.now.fen for each in told):
        yield finding("payment-nothing", "支付单上的已经都不应支付", "mark", "作废这张支付单")
    elif content.payable_mark(told) != mark:
        yield finding("payment-moved", "应付金额与您看到的不同：有结算刚刚冲销或更正", "mark", "看过新的金额再支付")


def _not_returned(paid: models.Paid, returned_on: date, reference: str, reason: str, on: date) -> Iterator[Finding]:
    if models.Return.objects.filter(paid=paid).exists():
        yield finding("return-twice", "这一笔已经登记过退回", "reference", "核对支付单")
    if not reference.strip():
        yield finding("return-reference", "没有写明银行退回凭证号", "reference", "照银行回单写")
    if not reason.strip():
        yield finding("return-reason", "没有写明银行退回的原因", "reason", "照银行回单写")
    paid_on = models.Payment.objects.get(order_id=paid.order_id).paid_on
    if not paid_on <= returned_on <= on:
        message = f"退回日 {returned_on} 不在支付日 {paid_on} 到今天 {on} 之间"
        yield finding("return-day", message, "returned_on", "照银行回单写退回日")


def _not_received(sources: Mapping[Source, int], received_on: date, reference: str, on: date) -> Iterator[Finding]:
    if not reference.strip():
        yield finding("refund-reference", "没有写明银行凭证号", "reference", "写凭证号")
    if received_on > on:
        yield finding("refund-day", f"到账日 {received_on} 晚于今天 {on}", "received_on", "照银行回单写到账日")
    if min(sources.values(), default=0) < 0 or not sum(sources.values()):
        yield finding("refund-nothing", "退回金额应大于 0", "sources", "照银行回单写金额")


def _too_much(sources: Mapping[Source, int], most: Mapping[Source, int]) -> Iterator[Finding]:
    for source, fen in sources.items():
        if fen > most.get(source, 0):
            message = f"{source}应退 {format_yuan(most.get(source, 0))}，不能退回 {format_yuan(fen)}"
            yield finding("refund-too-much", message, source.name, "核对资金来源和金额")
