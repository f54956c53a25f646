"""How the lines of one benefit are told: everything that does not depend on the event is looked up once.

The numbers come from the registers that the line kept, so what is told is what was settled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from tuodi.core.citation import Citation
from tuodi.core.money import BASIS_POINTS, round_half_up
from tuodi.engine.answers import Answers, Holds, Number, answers
from tuodi.engine.bind import Bound
from tuodi.engine.line import LimitLeft, Line
from tuodi.engine.outcome import read_by, registers_of
from tuodi.engine.program import Rule
from tuodi.engine.why import Adjusted, Formula, GrantWhy, LimitWhy, LineWhy, Part, ThresholdWhy
from tuodi.language.model import (
    BUILT_IN_FACTS,
    Adjust,
    AllOf,
    Benefit,
    Column,
    Count,
    Grant,
    ItemBurden,
    LeftOf,
    Operand,
    Policy,
    Proportion,
    Quantity,
    QuantityRef,
    Refuse,
    TallyOf,
    Target,
    Test,
    UncoveredOf,
    Unpaid,
)
from tuodi.language.words import Words


class Scene(NamedTuple):
    """One line, the registers that it kept, and the word that its guards saw."""

    line: Line
    registers: tuple[int | None, ...]
    word: int


_Told = Callable[[Scene], Part]


class _Adjusting(NamedTuple):
    """An adjustment: for whom, and what is said of it."""

    holds: Holds
    said: Adjusted


class _Stated(NamedTuple):
    """A number of the document: what it is before adjusting, and what may adjust it."""

    number: Number
    adjusts: tuple[_Adjusting, ...]

    def told(self, word: int) -> tuple[int | None, tuple[Adjusted, ...]]:
        """The number before adjusting, where something adjusted it, and what did."""
        held = tuple(adjust.said for adjust in self.adjusts if adjust.holds(word)) if self.adjusts else ()
        return (self.number(word), held) if held else (None, ())


class _LimitTold(NamedTuple):
    label: str
    citation: Citation
    stated: _Stated


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """One benefit's."""

    benefit: Benefit
    citation: Citation
    basis: _Told | None
    measure: str  # label of the count in `above`, or of the basis
    above: _Stated | None
    rate: _Stated | None
    limits: Mapping[str, _LimitTold]
    each: str  # label of the fact in a grant's `each`

    def told(self, scene: Scene) -> LineWhy:
        """The line with every reason."""
        line, benefit = scene.line, self.benefit
        stated, adjusted = self.rate.told(scene.word) if self.rate is not None else (None, ())
        return LineWhy(
            benefit.id,
            benefit.label,
            self.citation,
            benefit.layer,
            line.item,
            self.basis(scene) if self.basis is not None else None,
            self._threshold(scene) if self.above is not None else None,
            line.part,
            line.rate,
            stated,
            adjusted,
            line.bands,
            GrantWhy(line.amount, line.each, self.each) if line.amount is not None else None,
            line.due,
            tuple([self._limit(limit, scene.word) for limit in line.limits]),
            line.limited,
            line.bill,
            line.cut_by,
            line.paid,
        )

    def _threshold(self, scene: Scene) -> ThresholdWhy:
        line = scene.line
        assert self.above is not None and line.threshold is not None and line.before is not None
        assert line.base is not None and self.benefit.above is not None, "a threshold is on a basis"
        stated, adjusted = self.above.told(scene.word)
        count = self.benefit.above.count
        return ThresholdWhy(line.threshold, count, self.measure, line.before, line.before + line.base, stated, adjusted)

    def _limit(self, limit: LimitLeft, word: int) -> LimitWhy:
        count, amount, used, room, left = limit
        label, citation, number = self.limits[count]
        stated, adjusted = number.told(word)
        return LimitWhy(count, label, citation, amount, used, room, left, stated, adjusted)


def tellers(bound: Bound) -> dict[int, Teller]:
    """By the rule index of every benefit that pays."""
    rules = {rule.id: rule for rule in bound.program.rules if rule.trace is not None}
    known = answers(bound)
    owners = [bound.policy] if bound.plan is None else [bound.plan, bound.policy]
    return {
        rules[benefit.id].index: _Making(bound=bound, owner=owner, known=known, rule=rules[benefit.id]).teller(benefit)
        for owner in owners
        for benefit in owner.benefits
        if not isinstance(benefit.pay, Refuse)
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Making:
    """Makes the teller of one benefit."""

    bound: Bound
    owner: Policy  # of the benefit: the policy, or the plan
    known: Answers
    rule: Rule

    def teller(self, benefit: Benefit) -> Teller:
        pay, path = benefit.pay, f"benefits.{benefit.id}"
        above, rate = None, None
        if benefit.above is not None:
            above = self._stated(benefit, self.known.number(benefit.above.amount, f"{path}.above"), Target.ABOVE)
        if isinstance(pay, Proportion):
            rate = self._stated(benefit, self.known.number(pay.rate, f"{path}.rate"), Target.RATE)
        elif not isinstance(pay, Grant):
            rate = self._stated(benefit, _nothing, Target.RATE)
        return Teller(
            benefit=benefit,
            citation=self._citation(benefit.clause),
            basis=self._operand(benefit.of) if benefit.of is not None else None,
            measure=self._measure(benefit),
            above=above,
            rate=rate,
            limits=dict(self._limits(benefit)),
            each=self._fact_label(pay.each) if isinstance(pay, Grant) and pay.each else "",
        )

    def _citation(self, clause: str) -> Citation:
        return Citation(document=self.owner.document.number, clause=clause)

    def _count(self, name: str) -> Count:
        return self.owner.counts[name]

    def _fact_label(self, name: str) -> str:
        fact = self.owner.facts.get(name) or BUILT_IN_FACTS[name]
        return fact.label

    def _measure(self, benefit: Benefit) -> str:
        if benefit.above is not None and benefit.above.count is not None:
            return self._count(benefit.above.count).label
        return ""

    def _limits(self, benefit: Benefit) -> Iterable[tuple[str, _LimitTold]]:
        for limit in benefit.limits:
            if limit.amount is not None:
                count = self._count(limit.count)
                number = self.known.number(limit.amount, f"benefits.{benefit.id}.limit.{limit.count}")
                stated = self._stated(benefit, number, Target.LIMIT, limit.count)
                yield limit.count, _LimitTold(count.label, self._citation(count.clause), stated)

    # ---- adjustments ----

    def _stated(self, benefit: Benefit, number: Number, target: Target, count: str | None = None) -> _Stated:
        own = [self._adjusting(adjust, self.owner) for adjust in benefit.adjust if _meant(adjust, target, count)]
        return _Stated(number, (*own, *self._tilts(benefit, target, count)))

    def _adjusting(self, adjust: Adjust, owner: Policy) -> _Adjusting:
        citation = Citation(document=owner.document.number, clause=adjust.clause)
        return _Adjusting(self.known.holds(adjust.when), Adjusted(citation, Words(policy=owner).adjusts([adjust])))

    def _tilts(self, benefit: Benefit, target: Target, count: str | None) -> Iterable[_Adjusting]:
        """How the document bends a plan's benefit."""
        for tilt in self.bound.policy.insurance_tilts if self.owner.is_plan else ():
            if tilt.layer == benefit.layer and (not tilt.benefits or benefit.id in tilt.benefits):
                for adjust in tilt.adjust:
                    if _meant(adjust, target, count):
                        yield self._adjusting(_both(tilt.when, adjust), self.bound.policy)

    # ---- the basis ----

    def _operand(self, operand: Operand) -> _Told:
        words = Words(policy=self.owner)
        match operand:
            case UncoveredOf():
                label = words.operand(operand)
                return lambda scene: Part(label, _number(scene.line.base))
            case ItemBurden():
                place = self._place("item_burden")
                return lambda scene: Part(f"{scene.line.item}个人负担", _number(scene.registers[place]))
            case QuantityRef(quantity=name):
                return self._quantity(self.owner.quantities[name])
            case LeftOf(quantity=name):
                return self._left(words.operand(operand), self.owner.quantities[name])
            case Column(name=name):
                return self._read(words.operand(operand), name)
            case Unpaid():
                return self._read(words.operand(operand), "unpaid")
            case TallyOf(count=count, year=year):
                return self._read(self._count(count).label, f"count {count} {year}")

    def _place(self, name: str) -> int:
        """Where what the rule read stands among the registers that its lines keep."""
        return registers_of(self.rule).index(read_by(self.rule)[name])

    def _read(self, label: str, name: str) -> _Told:
        place = self._place(name)
        return lambda scene: Part(label, _number(scene.registers[place]))

    def _left(self, label: str, quantity: Quantity) -> _Told:
        whole, taken = self._quantity(quantity), self._read(TAKEN, f"taken {quantity.id}")

        def told(scene: Scene) -> Part:
            all_of_it, gone = whole(scene), taken(scene)
            amount = max(0, all_of_it.amount - gone.amount)
            return Part(label, amount, Formula((all_of_it,), None, (gone,), ()))

        return told

    def _quantity(self, quantity: Quantity) -> _Told:
        take = [self._operand(part) for part in quantity.take]
        less = [self._operand(part) for part in quantity.less]
        at_most = [self._operand(part) for part in quantity.at_most]
        times: Number = _nothing
        if quantity.times is not None:
            times = self.known.number(quantity.times, f"quantities.{quantity.id}.times")

        def told(scene: Scene) -> Part:
            formula = Formula(
                tuple([part(scene) for part in take]),
                times(scene.word),
                tuple([part(scene) for part in less]),
                tuple([part(scene) for part in at_most]),
            )
            return Part(quantity.label, _amount(formula), formula)

        return told


TAKEN = "前面各项已救助"


def _amount(formula: Formula) -> int:
    amount = sum([part.amount for part in formula.take])
    if formula.times is not None:
        amount = round_half_up(amount * formula.times, BASIS_POINTS)
    amount = max(0, amount - sum([part.amount for part in formula.less]))
    return min([amount, *[part.amount for part in formula.at_most]])


def _meant(adjust: Adjust, target: Target, count: str | None) -> bool:
    return adjust.changes is target and (adjust.count is None or adjust.count == count)


def _both(when: Test | None, adjust: Adjust) -> Adjust:
    """The adjustment for those whom the tilt is for."""
    tests = tuple(test for test in (when, adjust.when) if test is not None)
    return replace(adjust, when=AllOf(tests=tests) if len(tests) > 1 else next(iter(tests), None))


def _nothing(word: int) -> None:  # noqa: ARG001
    return None


def _number(value: int | None) -> int:
    assert value is not None, "a line that was settled has its numbers"
    return value
