"""The ways that an event can take through a layer: which rules settle it, and which case each of their values takes.

Which way an event takes depends on facts and on no money (INV-09), so that ways are found before any arithmetic: each
is a list of chosen rules and a formula over the facts. Ways that no person and event can take are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import z3

from tuodi.engine.program import FeedRule, LayerProgram, Program, Rule, Select, Step
from tuodi.engine.shape import descendants
from tuodi.language.model import Choose
from tuodi.proof.facts import FactLayer
from tuodi.proof.plain import Plain
from tuodi.proof.walk import Chosen, Picks, rate_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """One way through a layer. `lines` is empty where `refusal` is the answer, or where no rule applies."""

    layer: str
    lines: tuple[Chosen, ...]
    refusal: Rule | None
    condition: Any  # z3.BoolRef over the facts and the bits that hang on counts

    @property
    def benefits(self) -> tuple[str, ...]:
        """Ids of the benefits that settle, in order."""
        return tuple(chosen.rule.id for chosen in self.lines)

    @property
    def per_item(self) -> bool:
        """Whether a rule settles items."""
        return any(chosen.rule.per_item is not None for chosen in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPath:
    """One way in which a tally grows."""

    feed: FeedRule
    picks: Picks
    condition: Any


@dataclass(slots=True, kw_only=True)
class PathFinder:
    """Finds the ways of one program. `table` has a number for every slot, a representative one for an open rate."""

    program: Program
    facts: FactLayer
    table: Sequence[int]
    solver: Any = field(init=False)

    def __post_init__(self) -> None:
        self.solver = self.facts.solver()

    def paths(self, layer: LayerProgram) -> tuple[Path, ...]:
        """Every way through the layer that some event takes, refusals too."""
        heads = [self.program.rules[index] for index in layer.heads]
        if layer.layer.choose is Choose.ALL:
            return tuple(self._all(layer.layer.id, heads))
        return tuple(self._one(layer.layer.id, self._ranked(layer, heads)))

    def feeds(self) -> tuple[FeedPath, ...]:
        """Every way in which a tally grows."""
        return tuple(
            FeedPath(feed=feed, picks=picks, condition=z3.And(self.facts.holds(feed.guard), condition))
            for feed in self.program.feeds
            for picks, condition in self._ways(self.facts.holds(feed.guard), feed.steps)
        )

    # ---- which head ----

    def _one(self, layer: str, heads: Sequence[tuple[Rule, Any]]) -> Iterator[Path]:
        """Of heads in order of precedence the first whose condition holds."""
        none_before: Any = z3.BoolVal(True)
        for rule, condition in heads:
            applies = z3.And(condition, none_before)
            yield from self._settled(layer, [rule], applies)
            none_before = z3.And(none_before, z3.Not(condition))

    def _ranked(self, layer: LayerProgram, heads: list[Rule]) -> list[tuple[Rule, Any]]:
        """Heads in order of precedence; in a competition a rule stands once for each rate that it can have."""
        if layer.layer.choose is Choose.FIRST_RULE:
            return [(rule, self.facts.holds(rule.guard)) for rule in heads]
        benefits = [rule for rule in heads if rule.refusal is None]
        place = heads.index(benefits[0]) if benefits else len(heads)
        rated = [
            (-rate, rule.limit_count, order, rule, z3.And(self.facts.holds(rule.guard), condition))
            for order, rule in enumerate(benefits)
            for rate, condition in self._rates(rule)
        ]
        ranked = [(rule, condition) for *_, rule, condition in sorted(rated, key=lambda row: row[:3])]
        first = [(rule, self.facts.holds(rule.guard)) for rule in heads[:place]]
        rest = [(rule, self.facts.holds(rule.guard)) for rule in heads[place:] if rule.refusal is not None]
        return [*first, *ranked, *rest]

    def _rates(self, rule: Rule) -> Iterator[tuple[int, Any]]:
        if rule.rate is None:
            yield 0, z3.BoolVal(True)
            return
        for picks, condition in self._ways(self.facts.holds(rule.guard), rule.rate_steps):
            yield rate_of(rule, picks, self.program, Plain(), self.table), condition

    def _all(self, layer: str, heads: list[Rule]) -> Iterator[Path]:
        """Every benefit that holds; the refusals only where none does."""
        benefits = [rule for rule in heads if rule.refusal is None]
        for chosen, condition in self._subsets(benefits, z3.BoolVal(True)):
            if chosen:
                yield from self._settled(layer, chosen, condition)
            else:
                refusals = [(rule, self.facts.holds(rule.guard)) for rule in heads if rule.refusal is not None]
                yield from self._one(layer, [(rule, z3.And(condition, holds)) for rule, holds in refusals])

    def _subsets(self, rules: Sequence[Rule], condition: Any) -> Iterator[tuple[list[Rule], Any]]:
        """Which of the rules hold, for every choice of them that some event makes."""
        if not rules:
            yield [], condition
            return
        for holds in (True, False):
            guard = self.facts.holds(rules[0].guard)
            narrower = z3.And(condition, guard if holds else z3.Not(guard))
            if self._can_be(narrower):
                for chosen, whole in self._subsets(rules[1:], narrower):
                    yield ([rules[0], *chosen] if holds else chosen), whole

    # ---- what is settled with it ----

    def _settled(self, layer: str, heads: list[Rule], condition: Any) -> Iterator[Path]:
        if not self._can_be(condition):
            return
        if heads[0].refusal is not None:
            yield Path(layer=layer, lines=(), refusal=heads[0], condition=condition)
            return
        for rules, whole in self._with_followers(heads, condition):
            for picks, picked in self._ways(whole, [step for rule in rules for step in _steps(rule)]):
                lines = tuple(Chosen(rule=rule, picks=picks) for rule in rules)
                yield Path(layer=layer, lines=lines, refusal=None, condition=z3.And(whole, picked))

    def _with_followers(self, heads: list[Rule], condition: Any) -> Iterator[tuple[list[Rule], Any]]:
        """The heads, each with those of its followers whose guard and whose parent hold."""
        if not heads:
            yield [], condition
            return
        for followers, narrower in self._following(list(descendants(self.program, heads[0])), [heads[0]], condition):
            for rest, whole in self._with_followers(heads[1:], narrower):
                yield [*followers, *rest], whole

    def _following(self, waiting: list[Rule], chain: list[Rule], condition: Any) -> Iterator[tuple[list[Rule], Any]]:
        if not waiting:
            yield chain, condition
            return
        first, rest = waiting[0], waiting[1:]
        if first.after not in {rule.index for rule in chain}:
            yield from self._following(rest, chain, condition)
            return
        guard = self.facts.holds(first.guard)
        for holds in (True, False):
            narrower = z3.And(condition, guard if holds else z3.Not(guard))
            if self._can_be(narrower):
                yield from self._following(rest, [*chain, first] if holds else chain, narrower)

    def _ways(self, condition: Any, steps: Sequence[Step]) -> Iterator[tuple[Picks, Any]]:
        """Every choice of cases that some event with the condition makes; one that lacks a value is a fault, no way."""
        selects = [step for step in steps if isinstance(step, Select)]
        yield from self._picked(selects, {}, condition, z3.BoolVal(True))

    def _picked(self, selects: Sequence[Select], picks: Picks, given: Any, picked: Any) -> Iterator[tuple[Picks, Any]]:
        if not selects:
            yield picks, picked
            return
        select = selects[0]
        none_before: Any = z3.BoolVal(True)
        for case, (guard, _) in enumerate(select.cases):
            holds = self.facts.holds(guard)
            narrower = z3.And(picked, none_before, holds)
            if self._can_be(given, narrower):
                yield from self._picked(selects[1:], {**picks, select.dst: case}, given, narrower)
            none_before = z3.And(none_before, z3.Not(holds))
        narrower = z3.And(picked, none_before)
        if select.otherwise is not None and self._can_be(given, narrower):
            yield from self._picked(selects[1:], {**picks, select.dst: None}, given, narrower)

    def _can_be(self, *conditions: Any) -> bool:
        return bool(self.solver.check(*conditions) == z3.sat)


def same_walk(path: Path) -> tuple[tuple[int, tuple[tuple[str, int | None], ...]], ...]:
    """What makes two ways the same arithmetic: rules and cases taken."""
    return tuple((chosen.rule.index, tuple(sorted(chosen.picks.items()))) for chosen in path.lines)


def _steps(rule: Rule) -> tuple[Step, ...]:
    return (*rule.rate_steps, *rule.steps)
