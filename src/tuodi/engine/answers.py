"""What a policy's tests and values came to for one event, read back from its word of facts.

The program holds a test as a bit and a value as places in the table. Explanation needs them in the policy's own terms:
whether this adjustment was meant, what the rate was before it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from tuodi.core.money import BASIS_POINTS, round_half_up
from tuodi.engine.bind import Bound
from tuodi.language.model import (
    AllOf,
    AnyOf,
    ByCase,
    ClassIn,
    Dated,
    Fixed,
    Not,
    ParameterValue,
    ShareOf,
    Since,
    Test,
    Value,
)

Holds = Callable[[int], bool]
"""Whether a test holds for an event with this word."""

Number = Callable[[int], int | None]
"""What a value is for an event with this word; None where it can't be told apart from the item or has no case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """The questions of one bound policy, each turned into a function of the word."""

    masks: dict[Test, int]
    class_masks: dict[str, int]
    by_path: dict[str, int | None]
    by_parameter: dict[tuple[str, date | None], int | None]

    def holds(self, test: Test | None) -> Holds:
        """A test of the policy, or of its plan. None always holds."""
        match test:
            case None:
                return _always
            case ClassIn(classes=classes):
                return _any_bit(sum(self.class_masks[name] for name in classes))
            case _ if test in self.masks:
                return _any_bit(self.masks[test])
            case Not(test=inner):
                inside = self.holds(inner)
                return lambda word: not inside(word)
            case AllOf(tests=tests):
                each = [self.holds(part) for part in tests]
                return lambda word: all(part(word) for part in each)
        assert isinstance(test, AnyOf), f"{test} has no bit"
        some = [self.holds(part) for part in test.tests]
        return lambda word: any(part(word) for part in some)

    def number(self, value: Value, path: str) -> Number:
        """A value that stands at the path, as the table has it now."""
        match value:
            case Fixed(amount=amount):
                entry = self.by_path.get(path, amount)
                return lambda _: entry
            case ParameterValue():
                return self._parameter(value)
            case ShareOf(share=share, of=of):
                whole = self.number(of, f"{path}.of")
                return lambda word: _share(whole(word), share)
            case Dated(steps=steps):
                dated = [(self.holds(Since(day=day)), self.number(step, f"{path}.{day}")) for day, step in steps]
                return _first([*reversed(dated)])
        return self._by_case(value, path)

    def _by_case(self, value: ByCase, path: str) -> Number:
        cases = [
            (self.holds(test), self.number(inner, f"{path}.cases[{place}]"))
            for place, (test, inner) in enumerate(value.cases)
        ]
        if value.otherwise is not None:
            cases.append((_always, self.number(value.otherwise, f"{path}.otherwise")))
        return _first(cases)

    def _parameter(self, value: ParameterValue) -> Number:
        days = sorted((day for name, day in self.by_parameter if name == value.parameter and day), reverse=True)
        entries = self.by_parameter
        if days:
            dated = [(self.holds(Since(day=day)), _constant(entries[value.parameter, day])) for day in days]
            return _first([*dated])
        return _constant(entries.get((value.parameter, None)))


def answers(bound: Bound) -> Answers:
    """What the bound program knows of its tests and values."""
    bits = bound.program.bits
    slots = list(zip(bound.program.table, bound.table, strict=True))
    return Answers(
        masks={bit.test: bit.mask for bit in bits if bit.test is not None},
        class_masks={bit.id.removeprefix("class:"): bit.mask for bit in bits if bit.id.startswith("class:")},
        by_path={slot.path: number for slot, number in slots if slot.path},
        by_parameter={(slot.parameter, slot.since): number for slot, number in slots if slot.parameter},
    )


def _always(word: int) -> bool:  # noqa: ARG001
    return True


def _any_bit(mask: int) -> Holds:
    return lambda word: bool(word & mask)


def _constant(entry: int | None) -> Number:
    return lambda _: entry


def _first(cases: list[tuple[Holds, Number]]) -> Number:
    return lambda word: next((number(word) for holds, number in cases if holds(word)), None)


def _share(whole: int | None, share: int) -> int | None:
    return None if whole is None else round_half_up(whole * share, BASIS_POINTS)
