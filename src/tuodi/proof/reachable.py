"""What is true of the counts after any number of events: facts that each rule, run once, cannot break.

Candidates come from the lines themselves: what a line draws on stays within its limit, nothing is drawn while the count
above which it pays is below the threshold, and never more than what lies above it, all draws on one count together.
From them the largest set that every way of settling preserves is kept: what remains holds by induction from zero.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import z3

from tuodi.core.money import format_yuan
from tuodi.engine.program import NO_LIMIT, Post, Raise
from tuodi.language.model import Count
from tuodi.proof.bills import Ground, Scene
from tuodi.proof.courses import ITEM_NAMES, Course
from tuodi.proof.paths import FeedPath
from tuodi.proof.report import ReachableFact
from tuodi.proof.terms import Term
from tuodi.proof.walk import LineOf, Walk


@dataclass(frozen=True, slots=True, kw_only=True)
class Invariant:
    """A formula over counts at one key. It says nothing of a state where one of them is not known."""

    counts: tuple[str, ...]
    formula: Callable[[Sequence[Any]], Any]
    says: str

    def of(self, known: Mapping[tuple[str, str], Term], place: str) -> Any | None:
        """The formula at the place, or None where some count is not known there."""
        terms = [known.get((count, place)) for count in self.counts]
        return self.formula([term.expr for term in terms if term]) if all(terms) else None

    def fact(self) -> ReachableFact:
        """The invariant for a report."""
        return ReachableFact(counts=self.counts, says=self.says)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One event's walk, with what holds of it: from the counts before to the counts after."""

    walk: Walk[Term]
    given: Sequence[Any]


def reachable(
    ground: Ground, courses: Iterable[tuple[Scene, Course]], feeds: Iterable[tuple[Scene, FeedPath]], effort: int
) -> tuple[Invariant, ...]:
    """The largest set of candidates that no event breaks."""
    moves = [_move(scene, scene.settle(course, scene.bill(ITEM_NAMES[:1]))[-1]) for scene, course in courses]
    candidates = _candidates(ground, moves)
    moves += [_move(scene, scene.grow(feed, scene.bill(()))) for scene, feed in feeds]
    touching = [(move, _complete(move.walk, candidates)) for move in moves]
    kept = list(candidates)
    while True:
        survivors = kept
        for move, places in touching:
            survivors = _preserved(move, places, survivors, effort)
        if len(survivors) == len(kept):
            return tuple(kept)
        kept = survivors


def assumed(invariants: Iterable[Invariant], walk: Walk[Term]) -> list[Any]:
    """The invariants for the counts with which the walk began."""
    places = {place for _, place in walk.before}
    found = [invariant.of(walk.before, place) for invariant in invariants for place in places]
    return [formula for formula in found if formula is not None]


def _move(scene: Scene, walk: Walk[Term]) -> Move:
    return Move(walk=walk, given=[*scene.terms.facts, *scene.valid])


def _complete(walk: Walk[Term], candidates: Sequence[Invariant]) -> list[str]:
    """Opens every count that shares a candidate with one that the walk moves; the places at which it moves some."""
    places = sorted({place for _, place in walk.counts if place in ITEM_NAMES})
    moved = {count for count, _ in walk.counts}
    for invariant in candidates:
        if moved & {*invariant.counts}:
            for count in invariant.counts:
                for place in places:
                    walk.load(count, place)
    return places


def _preserved(move: Move, places: list[str], candidates: list[Invariant], effort: int) -> list[Invariant]:
    """Those candidates that hold after the move, if all of them hold before it; the others may still be needed less."""
    touched = [(inv, place) for inv in candidates for place in places if _is_moved(move.walk, inv, place)]
    if not touched:
        return candidates
    solver = z3.SimpleSolver()
    solver.set("rlimit", effort)
    solver.add(*move.given, *assumed(candidates, move.walk))
    standing = {(inv.says, place): inv.of(move.walk.counts, place) for inv, place in touched}
    dropped: set[str] = set()
    while standing:
        checked = solver.check(z3.Or([z3.Not(formula) for formula in standing.values()]))
        if checked == z3.unsat:
            break
        if checked == z3.unknown:
            dropped |= {says for says, _ in standing}
            break
        model = solver.model()
        broken = {
            key for key, formula in standing.items() if not z3.is_true(model.eval(formula, model_completion=True))
        }
        dropped |= {says for says, _ in broken}
        standing = {key: formula for key, formula in standing.items() if key not in broken}
    return [candidate for candidate in candidates if candidate.says not in dropped]


def _is_moved(walk: Walk[Term], invariant: Invariant, place: str) -> bool:
    known = [(count, place) for count in invariant.counts]
    return all(key in walk.counts for key in known) and any(walk.counts[key] is not walk.before[key] for key in known)


# ---- candidates ------------------------------------------------------------------------------------------------------


@dataclass(slots=True, kw_only=True)
class _Drawn:
    """What lines say of the counts they draw on: largest limits, and the least threshold of each measured count."""

    limits: dict[str, int] = field(default_factory=dict)
    thresholds: dict[tuple[str, str], int] = field(default_factory=dict)
    posted: set[str] = field(default_factory=set)
    measures: set[str] = field(default_factory=set)


def _candidates(ground: Ground, moves: Sequence[Move]) -> list[Invariant]:
    """Limits, thresholds, and what may bound what; together only counts that the same one layer moves, because others
    of the event stand half moved where a later layer begins."""
    drawn = _Drawn()
    for move in moves:
        for line in move.walk.lines:
            _learn(drawn, line)
    counts = ground.bound.program.counts
    found = [_within(counts, name, limit) for name, limit in sorted(drawn.limits.items()) if limit < NO_LIMIT]
    pairs = [
        _above(counts, (paid,), measured, threshold)
        for (paid, measured), threshold in sorted(drawn.thresholds.items())
        if _move_together(ground, paid, measured)
    ]
    known = {inv.counts for inv in pairs}
    for measured in sorted(drawn.measures):
        others = [name for name in sorted(drawn.posted | drawn.measures) if _move_together(ground, name, measured)]
        alike = [name for name in others if name != measured]
        groups = [(*names, measured) for size in (1, 2) for names in combinations(alike, size)]
        pairs += [_above(counts, names[:-1], measured, 0) for names in groups if names not in known]
    return [*found, *pairs[:_MOST]]


_MOST = 60
"""So many candidates about several counts are tried; a policy with more counts keeps the first of them."""


def _learn(drawn: _Drawn, line: LineOf[Term]) -> None:
    rule = line.chosen.rule
    posted = {step.count for step in rule.steps if isinstance(step, Post)}
    drawn.posted |= posted
    drawn.measures |= {step.count for step in rule.steps if isinstance(step, Raise)}
    for trace in rule.trace.limits if rule.trace else ():
        limit = line.registers[trace.limit].high
        drawn.limits[trace.count] = max(drawn.limits.get(trace.count, 0), limit)
    if rule.trace and rule.trace.measure and rule.trace.threshold:
        threshold = line.registers[rule.trace.threshold].low
        for paid in posted:
            pair = (paid, rule.trace.measure)
            drawn.thresholds[pair] = min(drawn.thresholds.get(pair, threshold), threshold)


def _move_together(ground: Ground, one: str, other: str) -> bool:
    """Whether both stand at one key, and one and the same layer alone moves them."""
    a, b = ground.bound.program.counts[one], ground.bound.program.counts[other]
    layers = [layer.layer.id for layer in ground.bound.program.layers]
    movers = {name for name in layers if {one, other} & ground.moved_by(name)}
    return (a.per, a.year_fact) == (b.per, b.year_fact) and not a.sum_of and not b.sum_of and len(movers) == 1


def _within(counts: Mapping[str, Count], name: str, limit: int) -> Invariant:
    members = counts[name].sum_of or (name,)
    return Invariant(
        counts=tuple(members),
        formula=lambda exprs: sum(exprs) <= limit,
        says=f"“{counts[name].label}”不超过 {format_yuan(limit)} 元",
    )


def _above(counts: Mapping[str, Count], paid: tuple[str, ...], measured: str, threshold: int) -> Invariant:
    """All drawn together lies in what the measured count has above the threshold; nothing below it."""
    names = "与".join(f"“{counts[name].label}”" for name in paid)
    over = f"超过 {format_yuan(threshold)} 元的部分" if threshold else ""
    return Invariant(
        counts=(*paid, measured),
        formula=lambda exprs: z3.Or(sum(exprs[:-1]) == 0, sum(exprs[:-1]) + threshold <= exprs[-1]),
        says=f"{names}{'合计' if len(paid) > 1 else ''}不超过“{counts[measured].label}”{over}",
    )
