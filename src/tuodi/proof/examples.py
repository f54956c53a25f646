"""From an example of the solver to a counter-example that can be settled: a plain person, cases, amounts in yuan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import z3

from tuodi.core.money import format_yuan
from tuodi.engine.program import Input, LayerProgram
from tuodi.engine.shape import RELIEF
from tuodi.language.model import PAYERS
from tuodi.proof.bills import Ground
from tuodi.proof.concrete import concrete
from tuodi.proof.courses import Course
from tuodi.proof.facts import FactsFound
from tuodi.proof.paths import Path
from tuodi.proof.report import Counterexample
from tuodi.proof.search import Example
from tuodi.proof.terms import Terms
from tuodi.proof.walk import Walk
from tuodi.proof.witness import Settled, Witness, plainest, settled


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """One case of a counter-example: who takes which course, and whether with the larger bill."""

    course: Course
    found: FactsFound
    grown: bool = False


def counterexample(ground: Ground, instances: Sequence[Instance], example: Example, says: str) -> Counterexample:
    """The example as cases, with what they come to by the steps, and whether the engine agrees."""
    walks = [concrete(ground, one.course, example, one.grown)[-1] for one in instances]
    cases = plainest(ground, [_witness(ground, one).case(example, one.grown) for one in instances])
    outcomes = [settled(ground, case) for case in cases]
    agree = [
        _agrees(one.course.layer, walk, outcome) for one, walk, outcome in zip(instances, walks, outcomes, strict=True)
    ]
    return Counterexample(
        cases=tuple(cases),
        relief=tuple(walk.relief for walk in walks),
        personal=tuple(walk.personal() for walk in walks),
        reproduced=all(agree),
        says=f"{says}：{'；'.join(_amounts(walk) for walk in walks)}",
    )


def facts_of(ground: Ground, course: Course, example: Example) -> FactsFound:
    """Plain facts of an event that takes the course, with the example's numbers where steps read them."""
    solver = ground.facts.solver()
    solver.add(*course.conditions, *pinned(ground, [stage.path for stage in course.stages], example))
    return ground.facts.found(ground.facts.plain(solver))


def pinned(ground: Ground, paths: Sequence[Path], example: Example) -> list[Any]:
    """What the example says of facts that steps read: given, and with this number."""
    steps = [step for path in paths for line in path.lines for step in line.rule.steps]
    read = {step.column for step in steps if isinstance(step, Input)} & {*ground.facts.facts}
    return [
        formula
        for name in sorted(read)
        for formula in (z3.Bool(f"given:{name}"), z3.Int(f"fact:{name}") == example[f"fact:{name}"])
    ]


def wishes(terms: Terms) -> list[Any]:
    """What makes an example simple: a fresh year, no other payers, all in policy, round parameters."""
    known = terms.unknowns
    wished = [term.expr == 0 for name, term in known.items() if name.startswith("count:")]
    wished += [known[name].expr == 0 for name in reversed(list(PAYERS)) if name in known]
    wished += [known["in_policy"].expr == known["total"].expr]
    wished += [known["more:in_policy"].expr == known["more"].expr] if "more" in known else []
    wished += [term.expr == ROUND for name, term in known.items() if name.startswith(("parameter:", "entry:"))]
    wished += [known["item:0"].expr <= known["total"].expr] if "item:0" in known else []
    return wished


ROUND = 10_000_00
"""An amount that the agency has not set, where any would do: 10,000 yuan."""


def measures(terms: Terms) -> list[str]:
    """What is made small, in order: the bill, what it grows by, what else there is."""
    first = [name for name in ("total", "more", "in_policy") if name in terms.unknowns]
    return [*first, *(name for name in terms.unknowns if name.startswith(("item:", "count:", "fact:", *PAYERS)))]


def _witness(ground: Ground, one: Instance) -> Witness:
    rules = [line.rule for stage in one.course.stages for line in stage.path.lines]
    catalogue = next((rule.per_item for rule in rules if rule.per_item), None)
    return Witness(ground=ground, found=one.found, catalogue=catalogue)


def _agrees(layer: LayerProgram, walk: Walk[int], outcome: Settled | None) -> bool:
    if outcome is None:
        return False
    if layer.layer.id != RELIEF:
        return outcome.layers.get(layer.layer.id) == walk.relief
    return (outcome.relief, outcome.personal) == (walk.relief, walk.personal())


def _amounts(walk: Walk[int]) -> str:
    total, paid, personal = (format_yuan(fen) for fen in (walk.columns["total"], walk.relief, walk.personal()))
    return f"账单 {total} 元，支付 {paid} 元，个人负担 {personal} 元"
