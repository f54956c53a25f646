"""Walks over what a policy is made of: the values, operands and parameters of an entry, however deep."""

from __future__ import annotations

from collections.abc import Iterator

from tuodi.language.model import (
    AllOf,
    AnyOf,
    Bands,
    Benefit,
    ByCase,
    Dated,
    Fixed,
    Grant,
    LeftOf,
    Not,
    Operand,
    ParameterValue,
    Policy,
    Proportion,
    Quantity,
    QuantityRef,
    ShareOf,
    Test,
    Value,
)


def leaves(value: Value | None) -> Iterator[Fixed | ParameterValue]:
    """The literals and parameters that the value may come to; of a share those that it is a share of."""
    match value:
        case Fixed() | ParameterValue():
            yield value
        case ShareOf(of=whole):
            yield from leaves(whole)
        case Dated(steps=steps):
            for _, step in steps:
                yield from leaves(step)
        case ByCase(cases=cases, otherwise=otherwise):
            for _, case in cases:
                yield from leaves(case)
            yield from leaves(otherwise)


def conditions_in(value: Value | None) -> Iterator[Test]:
    """The tests that choose among a value's cases."""
    match value:
        case ShareOf(of=whole):
            yield from conditions_in(whole)
        case Dated(steps=steps):
            for _, step in steps:
                yield from conditions_in(step)
        case ByCase(cases=cases, otherwise=otherwise):
            for test, case in cases:
                yield test
                yield from conditions_in(case)
            yield from conditions_in(otherwise)


def rates(benefit: Benefit) -> tuple[Value, ...]:
    """The rates of the benefit: one, one a band, or none."""
    match benefit.pay:
        case Proportion(rate=rate):
            return (rate,)
        case Bands(bands=bands):
            return tuple(band.rate for band in bands)
        case _:
            return ()


def stated_values(benefit: Benefit) -> Iterator[Value]:
    """Every value that the benefit states itself; those of its adjustments apart."""
    yield from rates(benefit)
    if isinstance(benefit.pay, Bands):
        yield from (band.end for band in benefit.pay.bands if band.end)
    if isinstance(benefit.pay, Grant):
        yield benefit.pay.amount
    if benefit.above:
        yield benefit.above.amount
    yield from (limit.amount for limit in benefit.limits if limit.amount)


def values_of(benefit: Benefit) -> Iterator[Value]:
    """Every value of the benefit, its adjustments included."""
    yield from stated_values(benefit)
    for adjust in benefit.adjust:
        yield from (value for value in (adjust.plus, adjust.minus, adjust.at_least, adjust.at_most) if value)


def parameters_of(benefit: Benefit) -> frozenset[str]:
    """The parameters without which the benefit has no number."""
    return frozenset(
        leaf.parameter for value in stated_values(benefit) for leaf in leaves(value) if isinstance(leaf, ParameterValue)
    )


def operands(quantity: Quantity) -> tuple[Operand, ...]:
    """The operands of the quantity itself."""
    return (*quantity.take, *quantity.less, *quantity.at_most)


def quantity_named(operand: Operand) -> str | None:
    """The quantity that the operand is, or that it is the rest of."""
    return operand.quantity if isinstance(operand, QuantityRef | LeftOf) else None


def reachable(operand: Operand | None, policy: Policy) -> Iterator[Operand]:
    """The operand and all that its quantities are made of; each quantity is entered once."""
    waiting = [operand] if operand else []
    entered: set[str] = set()
    while waiting:
        each = waiting.pop()
        yield each
        name = quantity_named(each)
        if name and name not in entered and name in policy.quantities:
            entered.add(name)
            waiting.extend(operands(policy.quantities[name]))


def atoms(test: Test | None) -> Iterator[Test]:
    """What the test asks, without its ands, ors and nots."""
    match test:
        case None:
            return
        case AllOf(tests=tests) | AnyOf(tests=tests):
            for each in tests:
                yield from atoms(each)
        case Not(test=inner):
            yield from atoms(inner)
        case _:
            yield test


def conditions_of(policy: Policy) -> Iterator[Test]:
    """Every test in the policy's classes, general conditions, tallies and benefits, those of values included."""
    for person_class in policy.classes:
        yield from _there(person_class.when, *(member.when for member in person_class.members))
    yield from (condition.when for condition in policy.general_conditions)
    yield from _there(*(count.feed.when for count in policy.counts.values() if count.feed))
    for quantity in policy.quantities.values():
        yield from conditions_in(quantity.times)
    for benefit in policy.benefits:
        yield from _there(benefit.when, *(adjust.when for adjust in benefit.adjust))
        for value in values_of(benefit):
            yield from conditions_in(value)


def _there(*tests: Test | None) -> Iterator[Test]:
    yield from (test for test in tests if test)
