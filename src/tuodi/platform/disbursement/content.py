"""What stands on an order, as the domain knows it: parts, steps, and what of them may be paid now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from tuodi.core.finding import Faults, finding
from tuodi.ledger.account import Source
from tuodi.platform.disbursement import models
from tuodi.platform.disbursement.domain import Act, Part, Step, fingerprint, payable_now
from tuodi.platform.fund import selectors as books


class Told(NamedTuple):
    """An item with its part as ordered, and what of it may be paid now."""

    item: models.Item
    ordered: Part
    now: Part


def order(number: int) -> models.Order:
    """The order of the scope. Faults: `order-unknown`."""
    found: models.Order | None = models.Order.objects.filter(pk=number).first()
    if found is None:
        raise Faults([finding("order-unknown", f"没有编号为 {number} 的支付单", f"order:{number}", "核对编号")])
    return found


def steps(number: int) -> list[Step]:
    """The acts upon the order, in order."""
    return [
        Step(act=Act[step.act], staff=step.staff_id, at=step.at, content=step.content, reason=step.reason)
        for step in models.Step.objects.filter(order_id=number).order_by("number")
    ]


def told(number: int) -> list[Told]:
    """The order's items, each with what the books leave to pay of it now."""
    items = [*models.Item.objects.filter(order_id=number).order_by("number")]
    if not items:
        return []
    net = books.claims(items[0].region_id, *(claim_of(item.settlement_id) for item in items))
    found = []
    for item in items:
        ordered = part_of(item)
        now = payable_now(ordered.sources, net.get(ordered.claim, Counter()))
        found.append(Told(item, ordered, Part(claim=ordered.claim, account=ordered.account, sources=now)))
    return found


def ordered_mark(number: int) -> str:
    """The fingerprint of the order as it was drawn."""
    return fingerprint(part_of(item) for item in models.Item.objects.filter(order_id=number).order_by("number"))


def payable_mark(parts: Iterable[Told]) -> str:
    """The fingerprint of what would be paid now: payment is of just what was seen."""
    return fingerprint(each.now for each in parts)


def part_of(item: models.Item) -> Part:
    """The item as it was ordered."""
    return Part(claim=claim_of(item.settlement_id), account=item.account_id, sources=sources_read(item.sources))


def claim_of(settlement: int) -> str:
    """The party under which the books have what a bill's person is owed or owes: the bill's first row."""
    return f"settlement:{settlement}"


def cause_of(item: models.Item) -> str:
    """Under which cause an item's payment is booked."""
    return f"disbursement:{item.order_id}:{item.number}"


def sources_written(sources: Mapping[Source, int]) -> dict[str, int]:
    """Sources as they are stored: by name."""
    return {source.name: sources[source] for source in Source if sources.get(source)}


def sources_read(written: Mapping[str, int]) -> dict[Source, int]:
    """Sources again."""
    return {Source[name]: fen for name, fen in written.items()}
