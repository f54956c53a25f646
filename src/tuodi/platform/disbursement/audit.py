"""What payments to persons must stand up to, recounted from orders, settlements and books: every breach by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from django.db.models import Count, Max, Min

from tuodi.core.finding import Finding, finding
from tuodi.core.money import format_yuan
from tuodi.ledger.account import Kind, Source
from tuodi.ledger.entry import Entry
from tuodi.ledger.movement import Movement
from tuodi.platform.base.domain import Desk
from tuodi.platform.disbursement import content, models
from tuodi.platform.disbursement.domain import OPEN, Act, Part, Status, fingerprint, status_of
from tuodi.platform.disbursement.domain import findings as step_findings
from tuodi.platform.fund import selectors as books
from tuodi.platform.settlement import selectors as settlements

NOBODY_LEFT = -1
_BOOKED = (Movement.payment_to_person, Movement.offset_of_person)


def findings() -> list[Finding]:
    """Every breach of INV-46 and INV-47 among what the scope sees; empty where all holds."""
    entries = {entry.cause: entry for entry in books.of_movements(_BOOKED)}
    backs = {entry.reverses: entry for entry in entries.values() if entry.reverses}
    found: list[Finding] = [*_twice(), *_copied()]
    for order in models.Order.objects.order_by("id"):
        found += _steps(order)
        found += _order(order)
        for item in models.Item.objects.filter(order=order).order_by("number"):
            found += _item(item)
            found += _booked(item, entries.get(content.cause_of(item)), backs.get(content.cause_of(item)))
    known = {content.cause_of(item) for item in models.Item.objects.all()}
    found += _unknown(entries.values(), known)
    found += _offsets(entries.values())
    return found


# ---- orders ----------------------------------------------------------------------------------------------------------
def _steps(order: models.Order) -> Iterator[Finding]:
    """Each act followed the ones before it, by another hand, upon the order as it was drawn (INV-47)."""
    steps = content.steps(order.pk)
    if not steps:
        yield _breach("order-without-steps", "INV-47", order, "没有办理过程")
    for place, step in enumerate(steps):
        staff = NOBODY_LEFT if step.staff is None else step.staff
        for why in step_findings(step.act, steps[:place], desk=Desk.system, staff=staff, reason=step.reason):
            yield _breach(why.code, "INV-47", order, why.message)
    mark = content.ordered_mark(order.pk)
    if any(step.content != mark for step in steps if step.act is not Act.pay):
        yield _breach("order-changed", "INV-46", order, "内容与开单、核准时的指纹不符")


def _order(order: models.Order) -> Iterator[Finding]:
    """An order's sum is its items'; it has a payment when it is paid, of just what was seen then."""
    items = models.Item.objects.filter(order=order)
    if (order.items, order.fen) != (len(items), sum(item.fen for item in items)):
        yield _breach("order-sum", "INV-46", order, "合计与各笔之和不等")
    steps = content.steps(order.pk)
    paid = status_of(steps) is Status.paid
    payment = models.Payment.objects.filter(order=order).first()
    if paid != (payment is not None):
        yield _breach("payment-without-act", "INV-46", order, "是否支付与办理过程不符")
    if paid and payment is not None and steps[-1].content != _paid_mark(order):
        yield _breach("paid-otherwise", "INV-46", order, "付出的与支付时看到的不符")


def _paid_mark(order: models.Order) -> str:
    paid = dict(models.Paid.objects.filter(order=order).values_list("item_id", "sources"))
    return fingerprint(
        Part(
            claim=part.claim, account=part.account, sources=content.sources_read(paid.get(item.pk, {}))
        )
        for item in models.Item.objects.filter(order=order).order_by("number")
        for part in (content.part_of(item),)
    )  # fmt: skip


def _twice() -> Iterator[Finding]:
    """A claim stands on one order at a time that is not paid yet."""
    last = models.Step.objects.order_by("order_id", "-number").distinct("order_id")
    opened = {step.order_id for step in last if Status[step.status] in OPEN}
    times = Counter(models.Item.objects.filter(order_id__in=opened).values_list("settlement_id", flat=True))
    for item in models.Item.objects.filter(order_id__in=opened).order_by("id"):
        if times[item.settlement_id] > 1:
            yield _breach("claim-twice", "INV-46", item.order, f"结算 {item.settlement_id} 同时在几张支付单上")


def _copied() -> Iterator[Finding]:
    """What is sealed twice is never the same bytes: an account that has another one's was put there past the keys."""
    numbers = models.Account.objects.values("number_sealed").annotate(
        times=Count("id"), first=Min("id"), last=Max("id")
    )
    for each in numbers.filter(times__gt=1).order_by("first"):
        message = f"收款账户 {each['first']} 与 {each['last']} 的账号是同一份密文，有一份是照抄的（INV-46）"
        yield finding("account-copied", message, f"account:{each['last']}", "停止支付，查明原因")


# ---- items -----------------------------------------------------------------------------------------------------------
def _item(item: models.Item) -> Iterator[Finding]:
    """An item goes to its bill's person, is the sum of its sources, and is paid at most as it was ordered."""
    person = settlements.persons([item.settlement_id]).get(item.settlement_id)
    if item.account.person_id != person or item.account.region_id != item.region_id:
        yield _breach("payee-other", "INV-46", item.order, f"第 {item.number} 笔的账户不是结算的对象的")
    ordered = content.sources_read(item.sources)
    paid = _paid(item)
    if item.fen != sum(ordered.values()):
        yield _breach("item-sum", "INV-46", item.order, f"第 {item.number} 笔与各资金来源之和不等")
    if models.Paid.objects.filter(item=item).exclude(fen=sum(paid.values())).exists():
        yield _breach("paid-sum", "INV-46", item.order, f"第 {item.number} 笔付出的与各资金来源之和不等")
    for source, fen in paid.items():
        if fen > ordered.get(source, 0):
            message = f"第 {item.number} 笔{source}付出 {format_yuan(fen)}，超过开单的"
            yield _breach("paid-above-ordered", "INV-46", item.order, message)


def _paid(item: models.Item) -> dict[Source, int]:
    row = models.Paid.objects.filter(item=item).first()
    return {} if row is None else content.sources_read(row.sources)


def _booked(item: models.Item, entry: Entry | None, back: Entry | None) -> Iterator[Finding]:
    """The books have paid just this, to this claim; and have it back where the bank returned it."""
    claim = content.claim_of(item.settlement_id)
    if _moved(entry, claim) != _paid(item) or (entry is not None and entry.movement is not Movement.payment_to_person):
        yield _breach("books-differ", "INV-46", item.order, f"账簿的 {content.cause_of(item)} 与支付单不一致")
    payment = models.Payment.objects.filter(order_id=item.order_id).first()
    if entry and payment and (entry.happened_on, entry.reason) != (payment.paid_on, payment.reference):
        message = f"账簿的 {content.cause_of(item)} 与支付单的支付日或凭证号不一致"
        yield _breach("voucher-differs", "INV-46", item.order, message)
    returned = models.Return.objects.filter(paid_id=item.pk).exists()
    if returned != (back is not None):
        message = f"第 {item.number} 笔的退回与账簿的冲销不一致"
        yield _breach("return-differs", "INV-46", item.order, message)


def _moved(entry: Entry | None, claim: str) -> dict[Source, int]:
    lines = entry.lines if entry is not None else ()
    return {
        line.account.source: line.fen
        for line in lines
        if line.account.kind is Kind.payable_person and line.account.party == claim
    }


# ---- books -----------------------------------------------------------------------------------------------------------
def _unknown(entries: Iterable[Entry], known: set[str]) -> Iterator[Finding]:
    """Nobody is paid past an order."""
    for entry in entries:
        cause = entry.reverses or entry.cause
        if entry.movement is Movement.payment_to_person and cause not in known:
            message = f"账簿的 {entry.cause} 支付个人，没有支付单（INV-46）"
            yield finding("payment-unknown", message, entry.cause, "停止支付，查明原因")


def _offsets(entries: Iterable[Entry]) -> Iterator[Finding]:
    """What is set off stays within one bill's claim, source by source."""
    for entry in entries:
        if entry.movement is not Movement.offset_of_person:
            continue
        sums: Counter[tuple[str, Source]] = Counter()
        for line in entry.lines:
            sums[line.account.party, line.account.source] += line.fen
        if any(sums.values()):
            message = f"账簿的 {entry.cause} 用一笔费用抵扣另一笔（INV-46）"
            yield finding("offset-elsewhere", message, entry.cause, "查明原因")


def _breach(code: str, invariant: str, order: models.Order, message: str) -> Finding:
    return finding(code, f"{message}（{invariant}）", f"order:{order.pk}", "停止支付，查明原因")
