"""Quantities: they end in amounts, and each operand stands where it has a meaning."""

from __future__ import annotations

from collections.abc import Iterator

from tuodi.language.model import (
    Benefit,
    ItemBurden,
    LeftOf,
    Operand,
    ParameterValue,
    Policy,
    Proportion,
    QuantityRef,
    UncoveredOf,
)
from tuodi.language.reading import Kind, Reading
from tuodi.language.tree import Node
from tuodi.language.walk import leaves, operands, quantity_named, reachable, values_of


def quantities_end_somewhere(policy: Policy, reading: Reading) -> None:
    """No quantity is made of itself."""
    made_of = {
        name: [inner for operand in operands(each) if (inner := quantity_named(operand))]
        for name, each in policy.quantities.items()
    }
    for name in made_of:
        if name in _beneath(name, made_of) and name in reading.names[Kind.QUANTITY]:
            node = reading.declared(Kind.QUANTITY, name)
            reading.fault("quantity-circle", node, f"费用口径“{name}”绕了一圈又用到自己", "断开其中一环")


def _beneath(name: str, made_of: dict[str, list[str]]) -> set[str]:
    """All that it is made of, at any depth."""
    found: set[str] = set()
    waiting = list(made_of[name])
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            waiting.extend(made_of.get(each, ()))
    return found


def rests_are_of_something_paid(policy: Policy, reading: Reading) -> None:
    """Of what `left_of` is the rest, some line pays a part."""
    if Kind.BENEFIT in reading.unsound:
        return
    paid = {benefit.of.quantity for benefit in policy.benefits if isinstance(benefit.of, QuantityRef)}
    for operand, node in _each_operand(policy, reading):
        if isinstance(operand, LeftOf) and operand.quantity not in paid:
            message = f"没有一项待遇按“{operand.quantity}”支付，它没有救助后余额"
            reading.fault("left-of-nothing", node, message, "写待遇的 of 所用的费用口径")


def uncovered_stands_alone(policy: Policy, reading: Reading) -> None:
    """`uncovered_of` is a benefit's whole base, behind a line with one rate and limits, without a threshold."""
    benefits = {benefit.id: benefit for benefit in policy.benefits}
    for benefit in policy.benefits:
        if isinstance(benefit.of, UncoveredOf):
            node = reading.node(Kind.BENEFIT, benefit.id, "of")
            for message, remedy in _against(benefit, benefits.get(benefit.of.benefit)):
                reading.fault("uncovered", node, message, remedy)
    for operand, node in _each_operand(policy, reading):
        if isinstance(operand, UncoveredOf):
            reading.fault(
                "uncovered", node, "uncovered_of 只能独自作为待遇的 of", "单列一项待遇：of: {uncovered_of: …}"
            )


def _against(benefit: Benefit, first: Benefit | None) -> Iterator[tuple[str, str]]:
    if first is None:
        return
    if not isinstance(first.pay, Proportion) or not first.limits:
        yield f"“{first.id}”没有单一的比例和限额，算不出超限未覆盖的部分", "uncovered_of 只指一个比例、有限额的待遇"
    if first.above or benefit.above:
        yield "有起付线的待遇算不出超限未覆盖的部分", "删去 above"
    if not isinstance(benefit.pay, Proportion):
        yield "超限未覆盖的部分只能按一个比例救助", "改用 rate"
    if benefit.after != first.id:
        yield f"它不在“{first.id}”之后结算", f"写 after: {first.id}"


def items_stay_with_items(policy: Policy, reading: Reading) -> None:
    """An item's burden, and an item's entry in a table, are asked for only where items are settled one by one."""
    for benefit in policy.benefits:
        if benefit.catalogue:
            continue
        if any(isinstance(operand, ItemBurden) for operand in reachable(benefit.of, policy)):
            node = reading.node(Kind.BENEFIT, benefit.id, "of")
            reading.fault("item-outside", node, "item_burden 只用于逐项结算的待遇", "写 for_each_item: 项目目录")
        by_item = [leaf for value in values_of(benefit) for leaf in leaves(value) if _is_by_item(leaf)]
        if by_item:
            node = reading.node(Kind.BENEFIT, benefit.id)
            reading.fault("item-outside", node, "by: item 只用于逐项结算的待遇", "写 for_each_item: 项目目录")


def _is_by_item(leaf: object) -> bool:
    return isinstance(leaf, ParameterValue) and leaf.by_item


def _each_operand(policy: Policy, reading: Reading) -> Iterator[tuple[Operand, Node]]:
    """Every operand but a benefit's own `of`, with the place of what it stands in."""
    for name, quantity in policy.quantities.items():
        owner = name.partition("__")[0]
        kind = Kind.QUANTITY if name in reading.names[Kind.QUANTITY] else Kind.BENEFIT
        yield from ((operand, reading.node(kind, owner)) for operand in operands(quantity))
    for benefit in policy.benefits:
        if benefit.bill:
            yield benefit.bill, reading.node(Kind.BENEFIT, benefit.id, "bill")
        if benefit.of and not isinstance(benefit.of, UncoveredOf):
            yield benefit.of, reading.node(Kind.BENEFIT, benefit.id, "of")
    for count in policy.counts.values():
        if count.feed:
            yield count.feed.of, reading.node(Kind.COUNT, count.id, "feed", "of")
    for number, warning in enumerate(policy.warnings):
        yield warning.of, reading.item(Kind.WARNING, number)
