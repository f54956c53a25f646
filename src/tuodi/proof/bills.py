"""Any bill, any state, and what a bill is when it grows, as terms; and an event of it settled along a way.

Unknowns are named: `total`, `in_policy`, `basic` …; `more` and `more:in_policy` (what a bill grows by); `fact:<id>`,
`item:<name>`, `count:<id>@<place>`, `parameter:<id>@<day>`, `entry:<parameter>:<item>`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import z3

from tuodi.core.money import LARGEST_FEN
from tuodi.engine.bind import Bound
from tuodi.engine.program import LayerProgram, Post, Raise, Slot, Use
from tuodi.engine.settle import Engine
from tuodi.engine.shape import RELIEF, state_bits
from tuodi.language.model import AMOUNTS, PAYERS, Between, FactType, Is, ParameterType, Scope
from tuodi.proof.courses import Course, settle
from tuodi.proof.facts import LARGEST_NUMBER, FactLayer
from tuodi.proof.paths import FeedPath
from tuodi.proof.terms import Term, Terms, total
from tuodi.proof.walk import CountKey, ItemOf, Walk

LARGEST_COUNT = 10**13
"""The most that a count is thought to hold: 100,000,000,000 yuan, a thousand of the largest bills."""

OPEN_RATE = 7_000
"""Stands for a rate that the agency has not set (70 %)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What every question about one policy rests on. `parameters` as a case gives them.

    `engines` keeps what settles counter-examples, by their parameters.
    """

    bound: Bound
    facts: FactLayer
    parameters: Mapping[str, object] = field(default_factory=dict)
    engines: dict[str, Engine] = field(default_factory=dict)

    @property
    def relief(self) -> LayerProgram:
        """The layer of medical assistance."""
        return next(layer for layer in self.bound.program.layers if layer.layer.id == RELIEF)

    def computed_before(self, layer: LayerProgram) -> tuple[str, ...]:
        """Layers that pay before this one."""
        layers = [other.layer.id for other in self.bound.program.layers]
        return tuple(layers[: layers.index(layer.layer.id)])

    def moved_before(self, layer: LayerProgram) -> frozenset[str]:
        """Counts that layers before this one move."""
        layers = self.computed_before(layer)
        return frozenset(count for name in layers for count in self.moved_by(name))

    def moved_by(self, layer: str) -> frozenset[str]:
        """Counts that the rules of a layer move."""
        steps = [step for rule in self.bound.program.rules if rule.layer == layer for step in rule.steps]
        return frozenset(step.count for step in steps if isinstance(step, Post | Raise | Use))

    @property
    def entangled(self) -> bool:
        """Whether guards ask for counts, or for numbers that steps read: then facts and money are one question."""
        program = self.bound.program
        asked = {bit.test.fact for bit in program.bits if isinstance(bit.test, Is | Between)}
        return bool(state_bits(program)) or bool(asked & {*program.columns})

    def open_slots(self) -> tuple[Slot, ...]:
        """Places of the table that no parameter has filled."""
        pairs = zip(self.bound.program.table, self.bound.table, strict=True)
        return tuple(slot for slot, number in pairs if number is None)

    def is_rate(self, slot: Slot) -> bool:
        """Whether the open place takes a rate."""
        assert slot.parameter is not None
        return self.bound.program.parameters[slot.parameter].type is ParameterType.RATE

    def numbers(self, open_money: int) -> tuple[int, ...]:
        """The table in whole numbers, with a representative for what is open."""
        pairs = zip(self.bound.program.table, self.bound.table, strict=True)
        return tuple(
            number if number is not None else OPEN_RATE if self.is_rate(slot) else open_money for slot, number in pairs
        )

    def table(self, terms: Terms) -> list[Term]:
        """The table in terms; an amount that is open may be any."""
        pairs = zip(self.bound.program.table, self.bound.table, strict=True)
        return [terms.whole(number) if number is not None else self._open(terms, slot) for slot, number in pairs]

    def _open(self, terms: Terms, slot: Slot) -> Term:
        if self.is_rate(slot):
            return terms.whole(OPEN_RATE)
        return terms.unknown(f"parameter:{slot.parameter}@{slot.since or ''}", 0, LARGEST_FEN)

    def linked(self, walk: Walk[Term]) -> list[Any]:
        """What the bits that hang on counts say of the counts before the event."""
        links = []
        for state_bit in state_bits(self.bound.program):
            count = walk.opened(state_bit.count)
            holds = count.expr == 0 if state_bit.at_least is None else count.expr >= state_bit.at_least
            links.append(self.facts.state[state_bit.bit.id] == holds)
        return links


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """Columns of one event, what payers paid before the layer, and its items."""

    columns: Mapping[str, Term]
    payers: tuple[Term, ...]
    items: tuple[ItemOf[Term], ...]
    grown: bool = False


@dataclass(slots=True, kw_only=True)
class Scene:
    """One event of any person, in terms, from the layer on: `terms.facts` and `valid` hold of every bill made here."""

    ground: Ground
    layer: LayerProgram
    terms: Terms = field(default_factory=Terms)
    valid: list[Any] = field(default_factory=list)
    fresh: bool = False
    table: list[Term] = field(init=False)

    def __post_init__(self) -> None:
        self.table = self.ground.table(self.terms)

    def bill(self, items: Sequence[str] = ("",)) -> Bill:
        """Any bill that a case may state; with `items` as catalogue items, by name."""
        columns = {name: self._amount(name) for name in ("total", "in_policy")}
        payers = {name: self._payer(name) for name in (*PAYERS, *self._more_payers())}
        columns |= payers
        columns |= {name: self._fact(name) for name in self._fact_columns()}
        burdens = [self.terms.unknown(f"item:{place}", 0, LARGEST_FEN) for place, _ in enumerate(items)]
        self._is_valid(columns["total"], columns["in_policy"], list(payers.values()))
        return Bill(
            columns=columns,
            payers=tuple(payers.values()),
            items=tuple(ItemOf(name=name, burden=burden) for name, burden in zip(items, burdens, strict=True)),
        )

    def grown(self, bill: Bill) -> Bill:
        """The bill with `more` on it, of which some is in policy, and some of the first item's.

        Given payers and facts stay. Layers that are computed before this one pay more, by no more than the growth, and
        by no more than what of it is in policy unless they left nothing unpaid of the smaller bill: this is what
        `obligations.outpays` asks of each of them.
        """
        more, inside = self._amount("more"), self._amount("more:in_policy")
        raised = {name: self._amount(f"more:{name}") for name in self.ground.computed_before(self.layer)}
        growth = {"total": more, "in_policy": inside, **raised}
        columns = {
            name: self.terms.plus(term, growth[name]) if name in growth else term for name, term in bill.columns.items()
        }
        payers = tuple(columns[name] for name in (*PAYERS, *self._more_payers()))
        together = total(raised.values())
        nothing_left = total(bill.payers).expr == bill.columns["total"].expr
        self.valid += [inside.expr <= more.expr, together.expr <= more.expr]
        self.valid += [z3.Or(together.expr <= inside.expr, nothing_left)] if raised else []
        self._is_valid(columns["total"], columns["in_policy"], list(payers))
        items = bill.items
        if items:
            of_item = self._amount("more:item")
            self.valid.append(total([of_item, *raised.values()]).expr <= more.expr)
            items = (ItemOf(name=items[0].name, burden=self.terms.plus(items[0].burden, of_item)), *items[1:])
        return Bill(columns=columns, payers=payers, items=items, grown=True)

    def settle(self, course: Course, bill: Bill) -> list[Walk[Term]]:
        """The event's lines, layer by layer, up to its end."""

        def start(columns: Mapping[str, Term], payers: Term) -> Walk[Term]:
            return self.walk(replace(bill, columns=columns), payers)

        return settle(course, start, bill.columns, total(bill.payers), bill.items)

    def grow(self, path: FeedPath, bill: Bill) -> Walk[Term]:
        """A tally's growth after an event that was relieved of any amount up to what is unpaid."""
        walk = self.walk(bill, total(bill.payers))
        walk.relief = self._amount("relieved")
        self.valid.append(walk.relief.expr <= walk.unpaid.expr)
        walk.feed(path.feed, path.picks)
        return walk

    def walk(self, bill: Bill, payers: Term) -> Walk[Term]:
        """A layer of the event at its beginning."""
        return Walk(
            numbers=self.terms,
            program=self.ground.bound.program,
            table=self.table,
            entry=lambda parameter, item: self.terms.unknown(f"entry:{parameter}:{item}", 0, LARGEST_FEN),
            columns=bill.columns,
            payers=payers,
            opening=self._grown_count if bill.grown else self._count,
        )

    def _count(self, key: CountKey) -> Term:
        count, place = key
        if self.fresh:
            return self.terms.whole(0)
        return self.terms.unknown(f"count:{count}@{place}", 0, LARGEST_COUNT)

    def _grown_count(self, key: CountKey) -> Term:
        """A count of which an earlier layer of the same event has drawn more, by no more than it paid more."""
        count = self._count(key)
        if key[0] not in self.ground.moved_before(self.layer):
            return count
        layers = self.ground.computed_before(self.layer)
        drawn = self._amount(f"more:count:{key[0]}")
        self.valid.append(drawn.expr <= total(self._amount(f"more:{name}") for name in layers).expr)
        return self.terms.plus(count, drawn)

    def _is_valid(self, whole: Term, in_policy: Term, payers: list[Term]) -> None:
        self.valid += [in_policy.expr <= whole.expr, total(payers).expr <= whole.expr, whole.expr <= LARGEST_FEN]

    def _amount(self, name: str) -> Term:
        return self.terms.unknown(name, 0, LARGEST_FEN)

    def _payer(self, name: str) -> Term:
        """A payer; one whose layer is computed only now or later has paid nothing yet."""
        layers = [layer.layer.id for layer in self.ground.bound.program.layers]
        paid = name not in layers or name in self.ground.computed_before(self.layer)
        return self._amount(name) if paid else self.terms.whole(0)

    def _more_payers(self) -> list[str]:
        return [name for name in self.ground.computed_before(self.layer) if name not in PAYERS]

    def _fact_columns(self) -> list[str]:
        return [name for name in self.ground.bound.program.columns if name not in AMOUNTS]

    def _fact(self, name: str) -> Term:
        fact = self.ground.facts.facts.get(name)
        high = LARGEST_FEN if fact is None or fact.type is FactType.MONEY else LARGEST_NUMBER
        return self.terms.unknown(f"fact:{name}", 0, high)


def is_of_items(ground: Ground, count: str) -> bool:
    """Whether the count is kept for each item."""
    return Scope.ITEM in ground.bound.program.counts[count].per
