"""What one policy makes of a portion of people, by event and by person, in whole fen: the figures all else adds up.

Burden is the same for every policy: what of the fees in policy the person bears before relief,
max(0, min(in policy - basic - critical illness - supplementary, total - all payers)).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from tuodi.batch.block import Block
from tuodi.batch.kernel import Inputs, Ints, Results, computed_layers, numbers_of
from tuodi.batch.loop import Say
from tuodi.batch.settle import BlockSettler, Settled
from tuodi.core.finding import Finding
from tuodi.engine.bind import Bound
from tuodi.engine.program import Rule
from tuodi.engine.shape import RELIEF
from tuodi.language.model import AMOUNTS, PAYERS

NOBODY = -1
"""In no class."""

INSURANCE = ("basic", "critical_illness", "supplementary")
"""Payers that burden is after."""


class Answer(NamedTuple):
    """By event. `in_class`: the place of the class that the event is counted under, in the document's order, or NOBODY.

    `payers` are those before relief by name, layers that were computed included; `unpaid` is what they leave of the
    bill; `stuck` events lack a fact.
    """

    relief: Ints
    personal: Ints
    refusal: Ints
    stuck: Ints
    payers: dict[str, Ints]
    unpaid: Ints
    burden: Ints
    in_class: Ints
    inputs: Inputs
    results: Results


class Lines(NamedTuple):
    """Lines of relief at one place: rule index, fen, event."""

    rule: Ints
    paid: Ints
    event: Ints


class Judge:
    """One bound policy, ready to answer."""

    def __init__(self, bound: Bound, on_compile: Say | None = None) -> None:
        self.bound = bound
        self.settler = BlockSettler(bound, on_compile)
        self.computed = computed_layers(bound.program)
        self.relieving = np.array([rule.layer == RELIEF for rule in bound.program.rules])
        self._classes = _Classes.of(bound)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """By index."""
        return self.bound.program.rules

    def settled(self, block: Block) -> Settled:
        """The block settled."""
        return self.settler.settle(block)

    def settled_with(self, inputs: Inputs, bound: Bound) -> Results:
        """The same events with another table of the same program; nothing is read or compiled again."""
        kernel = self.settler.kernel
        results = kernel.results(inputs)
        kernel.run(inputs, numbers_of(bound, kernel.layout, self.settler.items), results)
        return results

    def answer(self, inputs: Inputs, results: Results) -> Answer:
        """What the results come to."""
        payers = self._payers(inputs, results)
        total, in_policy = self._column(inputs, "total"), self._column(inputs, "in_policy")
        unpaid = np.maximum(total - sum(payers.values()), 0)
        insured = sum(paid for name, paid in payers.items() if name in INSURANCE or name not in PAYERS)
        return Answer(
            relief=results.relief,
            personal=results.personal,
            refusal=results.refusal,
            stuck=results.stuck,
            payers=payers,
            unpaid=unpaid,
            burden=np.maximum(np.minimum(in_policy - insured, unpaid), 0),
            in_class=self._classes.of_events(inputs.word, self._head_rule(inputs, results)),
            inputs=inputs,
            results=results,
        )

    def lines(self, answer: Answer) -> Iterator[Lines]:
        """Every line of relief, also at 0.00."""
        results, items_of = answer.results, answer.inputs.items_of
        for rules, paid in zip(results.line_rule, results.line_paid, strict=True):
            event = np.flatnonzero(self._relieves(rules))
            yield Lines(rules[event], paid[event], event)
        if len(results.item_line_rule):
            owner = np.repeat(np.arange(len(answer.relief)), np.diff(items_of))
            for rules, paid in zip(results.item_line_rule, results.item_line_paid, strict=True):
                row = np.flatnonzero(self._relieves(rules))
                yield Lines(rules[row], paid[row], owner[row])

    def findings(self, settled: Settled, persons: Ints) -> tuple[Finding, ...]:
        """What events of these persons lack."""
        return tuple(one for person in persons.tolist() for one in self.settler.findings(settled, person))

    # ---- parts ----

    def _relieves(self, rules: Ints) -> Ints:
        relieves: Ints = (rules >= 0) & self.relieving[rules]
        return relieves

    def _payers(self, inputs: Inputs, results: Results) -> dict[str, Ints]:
        """What was given; of layers that were computed what came out."""
        paid = {name: np.maximum(self._column(inputs, name), 0) for name in PAYERS}
        nothing = np.zeros(len(inputs.word), np.int64)
        for place, layer in enumerate(self.computed):
            computed = results.layer_paid[place]
            paid[layer] = np.where(computed >= 0, computed, paid.get(layer, nothing))
        return paid

    def _column(self, inputs: Inputs, name: str) -> Ints:
        column: Ints = inputs.columns[tuple(AMOUNTS).index(name)].astype(np.int64)
        return column

    def _head_rule(self, inputs: Inputs, results: Results) -> Ints:
        """The first relieving rule of each event; NOBODY where none did."""
        head = np.full(len(inputs.word), NOBODY, np.int64)
        if len(results.item_line_rule) and len(inputs.item):
            owner = np.repeat(np.arange(len(head)), np.diff(inputs.items_of))
            for rules in results.item_line_rule[::-1]:
                row = np.flatnonzero(self._relieves(rules))[::-1]
                head[owner[row]] = rules[row]
        for rules in results.line_rule[::-1]:
            found = self._relieves(rules)
            head[found] = rules[found]
        return head


# ---- classes ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Classes:
    """Bits of the classes in the document's order, and by rule those that its guard names; all where it names none."""

    bits: tuple[int, ...]
    of_rule: Ints

    @classmethod
    def of(cls, bound: Bound) -> _Classes:
        """The classes of the policy."""
        bits = tuple(bound.program.bit(f"class:{one.id}").mask for one in bound.policy.classes)
        every = sum(bits)
        named = []
        for rule in bound.program.rules:
            asked = rule.guard.all
            for mask in rule.guard.any:
                asked |= mask
            named.append(asked & every or every)
        return cls(bits=bits, of_rule=np.array([*named, every], np.int64))

    def of_events(self, word: Ints, rule: Ints) -> Ints:
        """The first class that holds on the event's day and that its rule serves; of refused events any class."""
        found = np.full(len(word), NOBODY, np.int16)
        held = word & self.of_rule[rule]
        for place in range(len(self.bits) - 1, -1, -1):
            found[held & self.bits[place] != 0] = place
        return found


# ---- by person -------------------------------------------------------------------------------------------------------


def by_person(amounts: Ints, events_of: Ints) -> Ints:
    """The sum of each person's events; exact."""
    running = np.concatenate([[0], np.cumsum(amounts, dtype=np.int64)])
    sums: Ints = running[events_of[1:]] - running[events_of[:-1]]
    return sums


def last_class(in_class: Ints, events_of: Ints) -> Ints:
    """The class of each person's last event that is in one; NOBODY without one."""
    marked = np.where(in_class >= 0, np.arange(len(in_class)), -1)
    latest = np.maximum.accumulate(marked) if len(marked) else marked
    ends = np.maximum(events_of[1:], 1) - 1
    last = latest[ends] if len(latest) else np.full(len(events_of) - 1, -1)
    in_own = (last >= events_of[:-1]) & (events_of[1:] > events_of[:-1])
    return np.where(in_own, in_class[np.maximum(last, 0)] if len(in_class) else NOBODY, NOBODY)


def owners(events_of: Ints) -> Ints:
    """By event the place of its person."""
    return np.repeat(np.arange(len(events_of) - 1), np.diff(events_of))


def added(places: Ints, amounts: Ints, size: int) -> Ints:
    """Sums by place, of so many places; exact."""
    sums = np.zeros(size, np.int64)
    np.add.at(sums, places, amounts)
    return sums
