"""All that is proved of one policy: properties with their counter-examples, reachable facts, kinks and cliffs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from time import monotonic

from tuodi.core.money import format_rate
from tuodi.engine.bind import Bound, bind
from tuodi.language.model import ParameterType, Policy
from tuodi.proof.asking import Asker
from tuodi.proof.bills import OPEN_RATE, Ground, Scene
from tuodi.proof.courses import ITEM_NAMES, Course, Stage
from tuodi.proof.curves import curves, switches
from tuodi.proof.examples import ROUND
from tuodi.proof.facts import FactLayer
from tuodi.proof.obligations import caps_of
from tuodi.proof.paths import FeedPath, PathFinder
from tuodi.proof.properties import Prover
from tuodi.proof.reachable import reachable
from tuodi.proof.report import ProofReport

EFFORT = 20_000_000
"""What one question may cost in the solver's own units: about a second, and the same verdict on every machine."""


def prove(
    policy: Policy,
    parameters: Mapping[str, object] | None = None,
    plan: Policy | None = None,
    effort: int = EFFORT,
) -> ProofReport:
    """Every property of the policy with the agency's parameters, as a case gives them, and its insurance plan.

    Amounts that are not set may be any; a rate that is not set is taken as 70 %, and the report says so.
    Raises Faults for wrong parameters.
    """
    return prove_bound(bind(policy, parameters, plan), parameters, effort)


def prove_bound(bound: Bound, parameters: Mapping[str, object] | None = None, effort: int = EFFORT) -> ProofReport:
    """The same for a program that is at hand. `parameters` are those it was bound with, for cases to be written."""
    started = monotonic()
    ground = Ground(bound=bound, facts=FactLayer(bound=bound), parameters=parameters or {})
    finder = PathFinder(program=bound.program, facts=ground.facts, table=ground.numbers(ROUND))
    layers = [(layer, finder.paths(layer)) for layer in bound.program.layers]
    courses = [
        Course(stages=(Stage(layer=layer, path=path),)) for layer, paths in layers for path in paths if path.lines
    ]
    walked = [(Scene(ground=ground, layer=course.layer), course) for course in courses]
    feeds = [(Scene(ground=ground, layer=ground.relief), feed) for feed in finder.feeds()]
    invariants = reachable(ground, walked, feeds, effort)
    prover = Prover(
        asker=Asker(ground=ground, invariants=invariants, effort=effort),
        courses=courses,
        layers=layers,
        feeds=feeds,
        caps=_caps(walked),
    )
    return ProofReport(
        policy=bound.policy.document.id,
        policy_hash=bound.policy.content_hash,
        parameters_hash=bound.parameters_hash,
        plan=bound.plan.document.id if bound.plan else None,
        properties=prover.results(),
        reachable=tuple(invariant.fact() for invariant in invariants),
        curves=curves(ground, [course.path for course in courses]),
        switches=switches(ground),
        assumptions=_assumptions(ground, feeds),
        milliseconds=int((monotonic() - started) * 1000),
    )


def _caps(walked: Sequence[tuple[Scene, Course]]) -> dict[str, int]:
    """The largest limit that any line has on each count."""
    caps: dict[str, int] = {}
    for scene, course in walked:
        walk = scene.settle(course, scene.bill(ITEM_NAMES[:1]))[-1]
        for count, limit in caps_of(scene, walk).items():
            caps[count] = max(caps.get(count, 0), limit)
    return caps


def _assumptions(ground: Ground, feeds: Sequence[tuple[Scene, FeedPath]]) -> tuple[str, ...]:
    """What the proof takes for granted, in sentences."""
    said = ["账单各项为分的整数，不超过 99999999.99 元，政策范围内费用与各方支付合计均不超过总费用"]
    for slot in ground.open_slots():
        hole = ground.bound.program.parameters[str(slot.parameter)]
        if hole.type is ParameterType.RATE:
            said.append(f"参数“{hole.label}”未确定，按 {format_rate(OPEN_RATE)} 代入")
        else:
            said.append(f"参数“{hole.label}”未确定，对任意金额成立")
    tables = [hole for hole in ground.bound.program.parameters.values() if hole.type is ParameterType.MONEY_BY_ITEM]
    said += [f"参数“{hole.label}”的每一项，对任意金额成立" for hole in tables]
    if any(rule.per_item for rule in ground.bound.program.rules):
        said.append("一次结算至多两个目录项目，或同一项目两次，各项目的事实相同")
    if len(ground.bound.program.layers) > 1:
        said.append("逐层证明：前面各层已支付的金额可为任意数")
    if feeds:
        said.append("合计项的增长与当次救助无关地成立")
    return tuple(dict.fromkeys(said))
