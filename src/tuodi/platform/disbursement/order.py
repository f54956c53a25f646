"""Orders: the county draws what the fund owes persons, somebody else approves it, finance reviews it.

Yangquan 阳医保发〔2019〕45号 七(二): what the county decided by hand is applied for at finance, which reviews it. What
an order holds stands still once it is drawn; whoever does not agree voids it, and its claims are free for another one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date

from django.db import transaction

from tuodi.core.finding import Faults, Finding, finding
from tuodi.ledger.account import Source
from tuodi.platform.base.actor import actor
from tuodi.platform.disbursement import bank_account, content, models, step
from tuodi.platform.disbursement.domain import OPEN, Act, Part, findings, fingerprint, owed
from tuodi.platform.disbursement.here import take_turn
from tuodi.platform.fund import selectors as books
from tuodi.platform.settlement import selectors as settlements


@transaction.atomic
def draw(*, region: str, on: date, claims: Collection[int] | None = None) -> int:
    """An order of what these bills' persons are owed, whole; of everybody who can be paid, where none are named.

    `claims`: the first settlements of the bills. Raises Faults: `order-desk`, `claim-…`, `account-missing`,
    `nothing-owed`.
    """
    take_turn(region)
    desk, staff = actor()
    if found := findings(Act.draw, [], desk=desk, staff=staff):
        raise Faults(found)
    elsewhere = taken(region)
    free = {claim: sources for claim, sources in owed_of(region).items() if claim not in elsewhere}
    persons = settlements.persons(free if claims is None else claims)
    accounts = bank_account.latest({*persons.values()}, region)
    if claims is None:
        free = {claim: sources for claim, sources in free.items() if persons.get(claim) in accounts}
    chosen = sorted(free if claims is None else {*claims})
    if faults := [*_faults(chosen, free, persons, accounts)]:
        raise Faults(faults)
    parts = [
        Part(claim=content.claim_of(claim), account=accounts[persons[claim]].pk, sources=free[claim])
        for claim in chosen
    ]
    return _written(region, on, chosen, parts)


def approve(*, order: int) -> None:
    """The county approves what was drawn, by another hand. Raises Faults: `order-…`, `four-eyes…`."""
    _moved(order, Act.approve)


def review(*, order: int) -> None:
    """Finance has reviewed what the county applied for. Raises Faults: `order-…`, `four-eyes…`."""
    _moved(order, Act.review)


def void(*, order: int, reason: str) -> None:
    """The order is not followed; what it held is owed as before. Raises Faults: `order-…`."""
    _moved(order, Act.void, reason)


def taken(region: str) -> dict[int, int]:
    """Claims that stand on an order which is not paid yet, with that order."""
    last = models.Step.objects.filter(region_id=region).order_by("order_id", "-number").distinct("order_id")
    opened = [each.order_id for each in last if each.status in {status.name for status in OPEN}]
    return dict(models.Item.objects.filter(order_id__in=opened).values_list("settlement_id", "order_id"))


@transaction.atomic
def _moved(number: int, act: Act, reason: str = "") -> None:
    found = content.order(number)
    step.take(found, act, mark=content.ordered_mark(number), reason=reason)


def owed_of(region: str) -> dict[int, dict[Source, int]]:
    """What may be ordered, by the first settlement of the bill."""
    found = {claim: owed(net) for claim, net in books.claims(region).items()}
    return {
        int(number): sources
        for claim, sources in found.items()
        if sources and (number := claim.removeprefix("settlement:")).isdigit()
    }


def _written(region: str, on: date, claims: list[int], parts: list[Part]) -> int:
    order = models.Order.objects.create(
        region_id=region, drawn_on=on, items=len(parts), fen=sum(part.fen for part in parts)
    )
    models.Item.objects.bulk_create(
        models.Item(
            order=order, region_id=region, number=number, settlement_id=claim, account_id=part.account,
            sources=content.sources_written(part.sources), fen=part.fen,
        )
        for number, (claim, part) in enumerate(zip(claims, parts, strict=True), 1)
    )  # fmt: skip
    step.take(order, Act.draw, mark=fingerprint(parts))
    return int(order.pk)


def _faults(
    chosen: list[int],
    free: Mapping[int, object],
    persons: Mapping[int, int],
    accounts: Mapping[int, models.Account],
) -> Iterator[Finding]:
    if not chosen:
        yield finding("nothing-owed", "没有可以支付的：没有应付的，或者还没有录入收款账户", "claims", "先录入收款账户")
    for claim in chosen:
        place = content.claim_of(claim)
        if claim not in free:
            message = f"结算 {claim} 没有应付个人的，或者已在另一张支付单上"
            yield finding("claim-not-owed", message, place, "刷新后重新选择")
        elif persons.get(claim) not in accounts:
            yield finding("account-missing", f"结算 {claim} 的收款人没有录入银行账户", place, "先录入收款账户")
