"""What must hold of the terms of one event, or of two that are compared: the properties, each as formulas gone wrong.

Every function gives pairs of what would be wrong, as a Chinese phrase, and the formula under which it is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import z3

from tuodi.engine.program import NO_LIMIT, Post, Round, RoundOver, Select
from tuodi.language.model import Benefit, Fixed, Grant, LeftOf, Limit, QuantityRef, TallyOf, UncoveredOf
from tuodi.proof.bills import Ground, Scene, is_of_items
from tuodi.proof.paths import Path
from tuodi.proof.terms import Term, Terms, total
from tuodi.proof.walk import LineOf, Walk

Line = LineOf[Term]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """A formula under which a property is broken, and where. `says` has a place for each number shown, in yuan."""

    formula: Any
    says: str
    benefit: str
    shown: tuple[Term, ...] = ()


# ---- limits ----------------------------------------------------------------------------------------------------------


def limits(scene: Scene, walk: Walk[Term], caps: Mapping[str, int]) -> Iterator[Wrong]:
    """After a line: count <= max(count before, its limit); so too at the end of the event.

    A line that draws on a count which others limit, without any limit on it, leaves it at most at the largest of
    theirs (`caps`).
    """
    for line in walk.lines:
        yield from _limits_of_line(scene, line, caps)
    drawn: dict[str, list[tuple[Line, Term]]] = {}
    for line in walk.lines:
        for count, limit in limits_of(scene, line).items():
            if not is_of_items(scene.ground, count):
                drawn.setdefault(count, []).append((line, limit))
    for count, lines in drawn.items():
        largest = reduce(scene.terms.most, [limit for _, limit in lines])
        yield _over(scene, lines[-1][0], count, walk.opened(count), walk.stands(count), largest)


def _limits_of_line(scene: Scene, line: Line, caps: Mapping[str, int]) -> Iterator[Wrong]:
    for count, limit in limits_of(scene, line).items():
        if count in line.after:
            yield _over(scene, line, count, line.before[count], line.after[count], limit)
    for count in unlimited(scene.ground, line):
        if count in caps:
            yield _over(scene, line, count, line.before[count], line.after[count], scene.terms.whole(caps[count]))
    for count in _forgotten(scene, line):
        says = f"没有用上“{scene.ground.bound.program.counts[count].label}”"
        yield Wrong(formula=z3.BoolVal(True), says=says, benefit=line.chosen.rule.id)


def _over(scene: Scene, line: Line, count: str, before: Term, after: Term, limit: Term) -> Wrong:
    label = scene.ground.bound.program.counts[count].label
    over = after.expr > scene.terms.most(before, limit).expr
    return Wrong(
        formula=over,
        says=f"使“{label}”从 {{}} 元升到 {{}} 元，超过 {{}} 元",
        benefit=line.chosen.rule.id,
        shown=(before, after, limit),
    )


def limits_of(scene: Scene, line: Line) -> dict[str, Term]:
    """Every limit that the policy gives the line: as the program applies it or, where it does not, as it is written."""
    trace = line.chosen.rule.trace
    found = {limit.count: line.registers[limit.limit] for limit in trace.limits} if trace else {}
    for limit in _written(scene.ground, line):
        if limit.count not in found and isinstance(limit.amount, Fixed):
            found[limit.count] = scene.terms.whole(limit.amount.amount)
    return found


def _forgotten(scene: Scene, line: Line) -> list[str]:
    """Limits of the policy that the program does not apply, and whose amount depends on the event."""
    known = limits_of(scene, line)
    return [
        limit.count for limit in _written(scene.ground, line) if limit.amount is not None and limit.count not in known
    ]


def unlimited(ground: Ground, line: Line) -> list[str]:
    """Counts that the line draws on without a limit on them, or on a sum that they are in."""
    named = {limit.count for limit in _written(ground, line) if limit.amount is not None}
    counts = ground.bound.program.counts
    bound = named | {member for name in named for member in counts[name].sum_of}
    return [step.count for step in line.chosen.rule.steps if isinstance(step, Post) and step.count not in bound]


def caps_of(scene: Scene, walk: Walk[Term]) -> dict[str, int]:
    """The largest value of each limit of the walk, by count; lifted limits apart."""
    caps: dict[str, int] = {}
    for line in walk.lines:
        for count, limit in limits_of(scene, line).items():
            if limit.high < NO_LIMIT:
                caps[count] = max(caps.get(count, 0), limit.high)
    return caps


def _written(ground: Ground, line: Line) -> tuple[Limit, ...]:
    benefit = benefit_of(ground, line.chosen.rule.id)
    return benefit.limits if benefit else ()


def benefit_of(ground: Ground, name: str) -> Benefit | None:
    """The benefit behind a rule, of policy or plan."""
    owners = [owner for owner in (ground.bound.policy, ground.bound.plan) if owner]
    return next((benefit for owner in owners for benefit in owner.benefits if benefit.id == name), None)


# ---- burden ----------------------------------------------------------------------------------------------------------


def burden(scene: Scene, walk: Walk[Term]) -> Iterator[Wrong]:
    """A line pays at most its base, lines on one quantity together at most that quantity, lines on a bill together at
    most what is unpaid of it. Grants have neither.

    What a limit left uncovered is no whole fen: a line on it pays less than a fen above it.
    """
    ground, terms = scene.ground, scene.terms
    lines = [line for line in walk.lines if _is_proportional(ground, line)]
    for line in lines:
        trace = line.chosen.rule.trace
        assert trace is not None
        base = line.at(trace.base)
        if base is not None:
            over = line.at(trace.base_over)
            paid = terms.whole(0) if over is None else terms.product(line.paid, over)
            above = line.paid.expr > base.expr if over is None else paid.expr >= base.expr + over.expr
            yield Wrong(
                formula=above, says="支付 {} 元，超过其计算基数", benefit=line.chosen.rule.id, shown=(line.paid,)
            )
    for base, drawn in _by_quantity(ground, lines):
        together = total(line.paid for line in drawn)
        yield Wrong(
            formula=together.expr > base.expr,
            says="与同一基数的其他待遇合计支付 {} 元，超过基数 {} 元",
            benefit=drawn[-1].chosen.rule.id,
            shown=(together, base),
        )
    billed = [line for line in lines if not _is_on_tally(ground, line)]
    if billed:
        together = total(line.paid for line in billed)
        yield Wrong(
            formula=together.expr > walk.unpaid.expr,
            says="合计支付 {} 元，超过账单未支付的 {} 元",
            benefit=billed[-1].chosen.rule.id,
            shown=(together, walk.unpaid),
        )


def _is_proportional(ground: Ground, line: Line) -> bool:
    benefit = benefit_of(ground, line.chosen.rule.id)
    return benefit is not None and not isinstance(benefit.pay, Grant)


def _is_on_tally(ground: Ground, line: Line) -> bool:
    benefit = benefit_of(ground, line.chosen.rule.id)
    return benefit is not None and isinstance(benefit.of, TallyOf)


def _by_quantity(ground: Ground, lines: list[Line]) -> Iterator[tuple[Term, list[Line]]]:
    """Lines that draw on one quantity, with the quantity: the base of the first of them."""
    drawn: dict[str, list[Line]] = {}
    for line in lines:
        quantity = _quantity_of(ground, line.chosen.rule.id)
        if quantity is not None:
            drawn.setdefault(quantity, []).append(line)
    for together in drawn.values():
        trace = together[0].chosen.rule.trace
        base = together[0].at(trace.base) if trace else None
        if len(together) > 1 and base is not None:
            yield base, together


def _quantity_of(ground: Ground, name: str) -> str | None:
    benefit = benefit_of(ground, name)
    match benefit.of if benefit else None:
        case QuantityRef(quantity=quantity) | LeftOf(quantity=quantity):
            return quantity
        case UncoveredOf(benefit=parent):
            return _quantity_of(ground, parent)
    return None


# ---- monotony --------------------------------------------------------------------------------------------------------


def relief_falls(smaller: Walk[Term], larger: Walk[Term]) -> Any:
    """The larger bill gets less."""
    return larger.relief.expr < smaller.relief.expr


def personal_falls(smaller: Walk[Term], larger: Walk[Term]) -> Any:
    """The person with the larger bill is left with less to pay."""
    return larger.personal().expr < smaller.personal().expr


@dataclass(frozen=True, slots=True, kw_only=True)
class Lemma:
    """What may hold of one line of both bills, and the definitions of that line alone."""

    parts: list[Any]
    definitions: list[Any]


def lemmas(terms: Terms, smaller: Walk[Term], larger: Walk[Term]) -> Iterator[Lemma]:
    """What is tried of each line in order: of the larger bill it pays no less, leaves no less of its base and of the
    bill; and it pays no more than its base."""
    for small, large in zip(smaller.lines, larger.lines, strict=True):
        parts = [small.paid.expr <= large.paid.expr, small.left.expr <= large.left.expr]
        trace = small.chosen.rule.trace
        bases = [(line.at(trace.base), line) for line in (small, large)] if trace and not trace.base_over else []
        known = [(base, line) for base, line in bases if base is not None]
        parts += [line.paid.expr <= base.expr for base, line in known]
        if known:
            (low, _), (high, _) = known
            parts.append(large.paid.expr - small.paid.expr <= high.expr - low.expr)
        definitions = [formula for line in (small, large) for formula in terms.definitions[slice(*line.made)]]
        parts = [part for part in parts if not isinstance(part, bool) or not part]
        yield Lemma(parts=[z3.BoolVal(False) if part is False else part for part in parts], definitions=definitions)


def outpays(scene: Scene, smaller: Sequence[Walk[Term]], larger: Sequence[Walk[Term]]) -> Any:
    """An insurance layer, with those before it, pays more than the growth; or more than what of it is in policy, though
    something of the smaller bill is left unpaid."""
    known = scene.terms.unknowns
    raised = [known[f"more:{name}"] for name in scene.ground.computed_before(scene.layer)]
    grown = [scene.terms.minus(large.relief, small.relief) for small, large in zip(smaller, larger, strict=True)]
    together = total([*grown, *raised])
    beyond_policy = z3.And(together.expr > known["more:in_policy"].expr, smaller[-1].bill_left.expr > 0)
    return z3.Or(together.expr > known["more"].expr, beyond_policy)


# ---- arithmetic ------------------------------------------------------------------------------------------------------


def unsafe(terms: Terms) -> list[Any]:
    """A number outside 64 bits, or one below zero rounded; only where intervals don't rule it out."""
    return [*terms.wide, *terms.negative]


def roundings(path: Path) -> Iterator[tuple[str, int]]:
    """Of each line that a bill moves: its benefit, and how often what is due is rounded between its base and it."""
    for chosen in path.lines:
        trace = chosen.rule.trace
        if trace is not None and trace.base is not None:
            yield chosen.rule.id, _rounded(chosen.rule.steps, trace.base, trace.due)


def _rounded(steps: tuple[Any, ...], base: str, due: str) -> int:
    """How many rounding steps stand between base and due, on whatever way."""
    operands = {step.dst: _operands(step) for step in steps if hasattr(step, "dst")}
    moved = {base}
    for register, read in operands.items():
        if moved & read:
            moved.add(register)
    waiting, between = [due], set[str]()
    while waiting:
        register = waiting.pop()
        if register in moved - between - {base}:
            between.add(register)
            waiting += operands.get(register, ())
    return sum(isinstance(step, Round | RoundOver) and step.dst in between for step in steps)


def _operands(step: Any) -> set[str]:
    """The registers that the step reads, among other words."""
    read = {getattr(step, name) for name in step.__dataclass_fields__ if name != "dst"}
    cases = {register for _, register in step.cases} if isinstance(step, Select) else set()
    return {word for word in read if isinstance(word, str)} | cases
