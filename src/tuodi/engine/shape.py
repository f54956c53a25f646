"""Questions about the shape of a program that each of its executors asks before the first event."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tuodi.core.finding import Faults, Finding
from tuodi.engine.program import Bit, Program, Rule, Step
from tuodi.language.model import AllOf, AnyOf, Fixed, Not, Reached, Test

RELIEF = "relief"
"""The layer that is medical assistance itself; what any other layer pays is a payer's."""

UNUSED = "unused:"


@dataclass(frozen=True, slots=True, kw_only=True)
class StateBit:
    """A bit that the executor sets from the counts as they stand when the event begins.

    `at_least` None: set while the count is 0. Else: set once the count stands at so many fen.
    """

    bit: Bit
    count: str
    at_least: int | None


def state_bits(program: Program) -> tuple[StateBit, ...]:
    """The bits that depend on counts, in the order of the word.

    Raises Faults for a `reached` that a program cannot answer: inside a compound condition, or with a moving amount.
    """
    return tuple(found for bit in program.bits if (found := _state_bit(bit)) is not None)


def _state_bit(bit: Bit) -> StateBit | None:
    if bit.id.startswith(UNUSED):
        return StateBit(bit=bit, count=bit.id.removeprefix(UNUSED), at_least=None)
    if bit.test is None or not _asks_counts(bit.test):
        return None
    if isinstance(bit.test, Reached) and isinstance(bit.test.at_least, Fixed):
        return StateBit(bit=bit, count=bit.test.count, at_least=bit.test.at_least.amount)
    raise Faults(
        [
            Finding(
                code="reached-unanswerable",
                message=f"条件“{bit.label}”里的“累计达到”不能在结算时判断",
                remedy="“累计达到”写成单独的条件，数额直接写明",
            )
        ]
    )


def _asks_counts(test: Test) -> bool:
    match test:
        case Reached():
            return True
        case Not(test=inner):
            return _asks_counts(inner)
        case AllOf(tests=tests) | AnyOf(tests=tests):
            return any(_asks_counts(part) for part in tests)
    return False


def descendants(program: Program, head: Rule) -> tuple[Rule, ...]:
    """The rules that are settled behind the head, or behind one of these, in the order of their index."""
    family = {head.index}
    for rule in program.rules:  # a parent stands before its children
        if rule.after in family:
            family.add(rule.index)
    return tuple(program.rules[index] for index in sorted(family - {head.index}))


def applied_by(program: Program) -> frozenset[int]:
    """Indexes of the rules of which something later asks whether they applied."""
    parents = {rule.after for rule in program.rules if rule.after is not None}
    spared = {index for feed in program.feeds for index in feed.unless}
    return frozenset(parents | spared)


def all_steps(program: Program) -> Iterator[Step]:
    """Every step of rules and feeds."""
    for rule in program.rules:
        yield from rule.rate_steps
        yield from rule.steps
    for feed in program.feeds:
        yield from feed.steps
