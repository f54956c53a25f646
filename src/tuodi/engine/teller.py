"""How the lines of each benefit are told: by a function, written once, from the registers that a line kept.

Everything that does not depend on the event, labels, clauses, which amounts make the basis, is settled when the
function is written. The numbers come from the registers, so what is told is what was settled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tuodi.core.citation import Citation
from tuodi.engine.answers import Answers, Holds, Number, answers
from tuodi.engine.bind import Bound
from tuodi.engine.line import BY_BILL, BandPart
from tuodi.engine.outcome import read_by, registers_of
from tuodi.engine.program import NO_LIMIT, LimitTrace, Rule, Trace
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
    Unpaid,
)
from tuodi.language.words import Words

TAKEN = "前面各项已救助"

Teller = Callable[[str | None, tuple[int | None, ...], int], LineWhy]
"""told(item, registers, word): the line with every reason. `word` is what its guards saw."""

_TYPES = (Part, Formula, ThresholdWhy, LimitWhy, GrantWhy, LineWhy, BandPart)


def tellers(bound: Bound) -> dict[int, Teller]:
    """By the rule index of every benefit that pays."""
    rules = {rule.id: rule for rule in bound.program.rules}
    known = answers(bound)
    owners = [bound.policy] if bound.plan is None else [bound.plan, bound.policy]
    return {
        rules[benefit.id].index: _Telling(
            bound=bound, owner=owner, known=known, benefit=benefit, rule=rules[benefit.id]
        ).teller()
        for owner in owners
        for benefit in owner.benefits
        if not isinstance(benefit.pay, Refuse)
    }


@dataclass(slots=True, kw_only=True)
class _Telling:
    """The source of one benefit's function while it is written. Texts and functions come in as its globals."""

    bound: Bound
    owner: Policy  # of the benefit: the policy, or the plan
    known: Answers
    benefit: Benefit
    rule: Rule
    lines: list[str] = field(default_factory=list)
    names: dict[str, Any] = field(default_factory=dict)

    def teller(self) -> Teller:
        trace = self.rule.trace
        assert trace is not None, "a benefit that pays has a trace"
        registers = registers_of(self.rule)
        self.names = {"new": tuple.__new__, **{made.__name__: made for made in _TYPES}}
        self.write(f"{', '.join(f'x{place}' for place in range(len(registers)))}, = registers")
        self._exact_basis(trace)
        self._told(trace)
        exec(compile("def told(item, registers, word):\n" + "\n".join(self.lines), "<tuodi told>", "exec"), self.names)
        told: Teller = self.names["told"]
        return told

    def write(self, *lines: str) -> None:
        """The lines, inside the function."""
        self.lines += [f" {line}" for line in lines]

    def given(self, value: object) -> str:
        """The name under which the function knows the value."""
        name = f"g{len(self.names)}"
        self.names[name] = value
        return name

    def register(self, name: str | None) -> str:
        """The function's variable for a register of the line; `None` where the line has no such thing."""
        return "None" if name is None else f"x{registers_of(self.rule).index(name)}"

    def made(self, kind: type, *parts: str) -> str:
        """An expression that makes the tuple, at a third of what its constructor takes."""
        return f"new({kind.__name__}, ({', '.join(parts)}))"

    # ---- the line ----

    def _exact_basis(self, trace: Trace) -> None:
        """A scaled basis in fen, for show, half up."""
        if trace.base_over is not None:
            base, over = self.register(trace.base), self.register(trace.base_over)
            self.write(f"{base} = (2 * {base} + {over}) // (2 * {over}) if {over} else 0")

    def _told(self, trace: Trace) -> None:
        benefit = self.benefit
        fixed = [self.given(value) for value in (benefit.id, benefit.label, self._citation(), benefit.layer)]
        basis, threshold = self._basis(trace), self._threshold(trace)
        rate = self._stated("rate", self._rate(), Target.RATE)
        limits = self._tuple([self._limit(limit) for limit in trace.limits])
        bands = self._tuple(
            [
                self.made(BandPart, *[self.register(name) for name in (band.start, band.end, band.part, band.rate)])
                for band in trace.bands
            ]
        )
        part, rated, due = (self.register(name) for name in (trace.part, trace.rate, trace.due))
        limited, bill, paid = (self.register(name) for name in (trace.limited, trace.bill, trace.paid))
        parts = [*fixed, "item", basis, threshold, part, rated, rate, bands, self._grant(trace), due, limits]
        self.write(f"return {self.made(LineWhy, *parts, limited, bill, self._cut_by(trace), paid)}")

    def _cut_by(self, trace: Trace) -> str:
        """As `Line.cut_by`."""
        due, limited, paid = (self.register(name) for name in (trace.due, trace.limited, trace.paid))
        by_limit = "".join(
            f"{limit.count!r} if {self.register(limit.room)} == {limited} else " for limit in trace.limits
        )
        return f"{BY_BILL!r} if {paid} < {limited} else None if {limited} == {due} else {by_limit}None"

    def _tuple(self, parts: Sequence[str]) -> str:
        return f"({''.join(part + ', ' for part in parts)})"

    def _citation(self, clause: str | None = None) -> Citation:
        return Citation(document=self.owner.document.number, clause=clause or self.benefit.clause)

    def _count(self, name: str) -> Count:
        return self.owner.counts[name]

    def _grant(self, trace: Trace) -> str:
        if not isinstance(self.benefit.pay, Grant):
            return "None"
        each = self.benefit.pay.each
        label = "" if each is None else (self.owner.facts.get(each) or BUILT_IN_FACTS[each]).label
        return self.made(GrantWhy, self.register(trace.amount), self.register(trace.each), self.given(label))

    def _threshold(self, trace: Trace) -> str:
        above = self.benefit.above
        if above is None:
            return "None"
        number = self.known.number(above.amount, f"benefits.{self.benefit.id}.above")
        stated = self._stated("above", number, Target.ABOVE)
        label = "" if above.count is None else self._count(above.count).label
        before, base = self.register(trace.before), self.register(trace.base)
        counted = [repr(above.count), self.given(label), before, f"{before} + {base}"]
        return self.made(ThresholdWhy, self.register(trace.threshold), *counted, stated)

    def _rate(self) -> Number:
        if isinstance(self.benefit.pay, Proportion):
            return self.known.number(self.benefit.pay.rate, f"benefits.{self.benefit.id}.rate")
        return _nothing

    def _limit(self, trace: LimitTrace) -> str:
        amount = next(limit.amount for limit in self.benefit.limits if limit.count == trace.count)
        assert amount is not None, "a limit that is traced has an amount"
        number = self.known.number(amount, f"benefits.{self.benefit.id}.limit.{trace.count}")
        stated = self._stated(f"limit{len(self.names)}", number, Target.LIMIT, trace.count)
        count = self._count(trace.count)
        fixed = [repr(trace.count), self.given(count.label), self.given(self._citation(count.clause))]
        limit, used, room = (self.register(name) for name in (trace.limit, trace.used, trace.room))
        left = f"{room} - {self.register(self.rule.trace.paid if self.rule.trace else None)}"
        lifted = self.made(LimitWhy, *fixed, "None", used, room, "None", stated)
        return f"{self.made(LimitWhy, *fixed, limit, used, room, left, stated)} if {limit} < {NO_LIMIT} else {lifted}"

    # ---- adjustments ----

    def _stated(self, name: str, number: Number, target: Target, count: str | None = None) -> str:
        """Two fields: the number before adjusting, and what adjusted it; written only where something may."""
        adjusts = list(self._adjusts(target, count))
        if not adjusts:
            return "None, ()"

        def stated(word: int) -> tuple[int | None, tuple[Adjusted, ...]]:
            held = tuple([said for holds, said in adjusts if holds(word)])
            return (number(word), held) if held else (None, ())

        self.write(f"{name}_was, {name}_by = {self.given(stated)}(word)")
        return f"{name}_was, {name}_by"

    def _adjusts(self, target: Target, count: str | None) -> Iterator[tuple[Holds, Adjusted]]:
        """The benefit's own, then how the document, on the days when it is in force, bends a plan's benefit."""
        for adjust in self.benefit.adjust:
            if _meant(adjust, target, count):
                yield self.known.holds(adjust.when), self._said(adjust, self.owner)
        in_force = self.bound.program.bit("day_in_force").mask
        for tilt in self.bound.policy.insurance_tilts if self.owner.is_plan else ():
            if tilt.layer == self.benefit.layer and (not tilt.benefits or self.benefit.id in tilt.benefits):
                for adjust in tilt.adjust:
                    if _meant(adjust, target, count):
                        bent = _for_whom(tilt.when, adjust)
                        yield _both(in_force, self.known.holds(bent.when)), self._said(bent, self.bound.policy)

    def _said(self, adjust: Adjust, owner: Policy) -> Adjusted:
        citation = Citation(document=owner.document.number, clause=adjust.clause)
        return Adjusted(citation, Words(policy=owner).adjusts([adjust]))

    # ---- the basis ----

    def _basis(self, trace: Trace) -> str:
        """An expression for the whole basis, with its parts where it is made of any."""
        operand = self.benefit.of
        if operand is None:
            return "None"
        if isinstance(operand, QuantityRef | LeftOf):
            return self._quantity_of(operand)[1]
        return self.made(Part, self._label(operand), self.register(trace.base), "None")

    def _label(self, operand: Operand) -> str:
        match operand:
            case ItemBurden():
                return "item + '个人负担'"
            case TallyOf(count=count):
                return self.given(self._count(count).label)
        return self.given(Words(policy=self.owner).operand(operand))

    def _operand(self, operand: Operand) -> tuple[str, str]:
        """The amount's expression, and the part's."""
        if isinstance(operand, QuantityRef | LeftOf):
            return self._quantity_of(operand)
        amount = self._read(_kept_as(operand))
        return amount, self.made(Part, self._label(operand), amount, "None")

    def _read(self, name: str) -> str:
        return self.register(read_by(self.rule)[name])

    def _quantity_of(self, operand: QuantityRef | LeftOf) -> tuple[str, str]:
        quantity = self.owner.quantities[operand.quantity]
        whole = self._quantity(quantity)
        if isinstance(operand, QuantityRef):
            return whole
        taken = self._read(f"taken {quantity.id}")
        gone = taken, self.made(Part, self.given(TAKEN), taken, "None")
        return self._formula(self._label(operand), [whole], "None", [gone], [])

    def _quantity(self, quantity: Quantity) -> tuple[str, str]:
        take, less, at_most = (
            [self._operand(operand) for operand in operands]
            for operands in (quantity.take, quantity.less, quantity.at_most)
        )
        times = "None"
        if quantity.times is not None:
            times = f"times{len(self.names)}"
            number = self.known.number(quantity.times, f"quantities.{quantity.id}.times")
            self.write(f"{times} = {self.given(number)}(word)")
        return self._formula(self.given(quantity.label), take, times, less, at_most)

    def _formula(
        self,
        label: str,
        take: list[tuple[str, str]],
        times: str,
        less: list[tuple[str, str]],
        at_most: list[tuple[str, str]],
    ) -> tuple[str, str]:
        """The amount, made again from its parts, and the part with them."""
        amount = f"m{len(self.lines)}"
        self.write(f"{amount} = {' + '.join(one for one, _ in take)}")
        if times != "None":
            self.write(f"{amount} = ({amount} * {times} + 5000) // 10000")
        self.write(*[f"{amount} -= {one}" for one, _ in less], f"if {amount} < 0: {amount} = 0")
        self.write(*[f"if {amount} > {one}: {amount} = {one}" for one, _ in at_most])
        parts = [self._tuple([part for _, part in parts]) for parts in (take, less, at_most)]
        formula = self.made(Formula, parts[0], times, parts[1], parts[2])
        return amount, self.made(Part, label, amount, formula)


def _kept_as(operand: Operand) -> str:
    """The name by which `outcome.read_by` knows what was read."""
    match operand:
        case Column(name=name):
            return name
        case Unpaid():
            return "unpaid"
        case TallyOf(count=count, year=year):
            return f"count {count} {year}"
    assert isinstance(operand, ItemBurden), "loaded: what a limit left uncovered stands only as a whole basis"
    return "item_burden"


def _meant(adjust: Adjust, target: Target, count: str | None) -> bool:
    return adjust.changes is target and (adjust.count is None or adjust.count == count)


def _for_whom(when: Test | None, adjust: Adjust) -> Adjust:
    """The adjustment for those whom the tilt is for."""
    tests = tuple(test for test in (when, adjust.when) if test is not None)
    return replace(adjust, when=AllOf(tests=tests) if len(tests) > 1 else next(iter(tests), None))


def _both(mask: int, holds: Holds) -> Holds:
    return lambda word: bool(word & mask) and holds(word)


def _nothing(word: int) -> None:
    """Of bands: each has a rate of its own."""
