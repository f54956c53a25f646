"""The proof reads steps, facts and ways exactly as the engine settles them (INV-13)."""

from __future__ import annotations

from functools import cache
from typing import Any, get_args

import pytest
import z3
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.proof.policies import FIVE, SHAPES, document
from tuodi.engine import program
from tuodi.engine.bind import bind
from tuodi.engine.shape import RELIEF
from tuodi.language.model import PAYERS
from tuodi.proof.bills import Ground, Scene
from tuodi.proof.concrete import concrete
from tuodi.proof.courses import ITEM_NAMES, Course, Stage
from tuodi.proof.examples import ROUND, Instance, counterexample, facts_of
from tuodi.proof.facts import FactLayer
from tuodi.proof.paths import PathFinder
from tuodi.proof.search import Example
from tuodi.proof.walk import STEPS


def test_every_step_has_its_one_meaning() -> None:
    assert {*get_args(program.Step)} == {*STEPS}


DOCUMENTS = (*FIVE, *sorted(entry.name for entry in SHAPES.iterdir() if entry.is_dir()))


@cache
def ground_and_courses(name: str) -> tuple[Ground, tuple[Course, ...]]:
    bound = bind(document(name))
    ground = Ground(bound=bound, facts=FactLayer(bound=bound))
    finder = PathFinder(program=bound.program, facts=ground.facts, table=ground.numbers(ROUND))
    paths = [path for path in finder.paths(ground.relief) if path.lines]
    return ground, tuple(Course(stages=(Stage(layer=ground.relief, path=path),)) for path in paths)


@st.composite
def bills(draw: st.DrawFn) -> tuple[str, Course, Example]:
    """A document, one of its ways of settling, and a bill with counts for it."""
    name = draw(st.sampled_from(DOCUMENTS))
    ground, courses = ground_and_courses(name)
    course = draw(st.sampled_from(courses))
    scene = Scene(ground=ground, layer=course.layer)
    walk = scene.settle(course, scene.bill(ITEM_NAMES[:1] if course.path.per_item else ()))[-1]
    linked = ground.linked(walk)
    amount = st.integers(0, 6_000_000) | st.sampled_from([0, 1, 500_000, 1_000_000, 1_000_001, 2_000_000, 3_000_000])
    example = {unknown: draw(amount) for unknown in scene.terms.unknowns}
    example |= {unknown: draw(st.integers(0, 60)) for unknown in example if unknown.startswith("fact:bed")}
    example |= {unknown: 0 for unknown in example if unknown.startswith("count:") and "_used" in unknown}
    example = _balanced(example)
    assume(_is_taken(ground, course, linked, example))
    return name, course, example


def _is_taken(ground: Ground, course: Course, linked: list[Any], example: Example) -> bool:
    """Whether an event with these counts and numbers can take the course."""
    solver = z3.SimpleSolver()
    solver.add(*course.conditions, *ground.facts.constraints, *linked)
    solver.add(*(z3.Int(unknown) == number for unknown, number in example.items()))
    return bool(solver.check() == z3.sat)


def _balanced(example: dict[str, int]) -> dict[str, int]:
    """The amounts as parts of a bill that is large enough for them."""
    payers = [payer for payer in PAYERS if payer in example]
    total = max(example["total"], example["in_policy"], sum(example[payer] for payer in payers))
    return example | {"total": total}


@given(bills())
@settings(max_examples=80)
def test_the_terms_come_to_the_same_numbers_as_the_integers(drawn: tuple[str, Course, Example]) -> None:
    name, course, example = drawn
    ground, _ = ground_and_courses(name)
    scene = Scene(ground=ground, layer=course.layer)
    terms = scene.settle(course, scene.bill(ITEM_NAMES[:1] if course.path.per_item else ()))[-1]
    integers = concrete(ground, course, example)[-1]

    solver = z3.SimpleSolver()
    solver.add(*scene.terms.facts, *(z3.Int(unknown) == number for unknown, number in example.items()))

    assert z3.sat == solver.check()
    model = solver.model()
    for of_terms, of_integers in zip(terms.lines, integers.lines, strict=True):
        found = {
            register: term.expr if term.known else model.eval(term.expr, model_completion=True).as_long()
            for register, term in of_terms.registers.items()
        }
        assert of_integers.registers == found


@given(bills())
@settings(max_examples=80)
def test_the_engine_settles_what_the_steps_come_to(drawn: tuple[str, Course, Example]) -> None:
    name, course, example = drawn
    ground, _ = ground_and_courses(name)
    instance = Instance(course=course, found=facts_of(ground, course, example))

    found = counterexample(ground, [instance], example, "随机账单")

    assert found.reproduced, (course.names, found)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_benefit_of_a_document_is_on_some_way(name: str) -> None:
    _, courses = ground_and_courses(name)

    settled = {benefit for course in courses for benefit in course.names}

    rules = bind(document(name)).program.rules
    assert {rule.id for rule in rules if rule.refusal is None and rule.layer == RELIEF} == settled
