"""Asking the solver: does anything satisfy this, and what is the smallest bill that does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import InitVar, dataclass, field
from enum import Enum
from typing import Any

import z3

from tuodi.proof.terms import Terms


class Answer(Enum):
    """What the solver says of a question."""

    NONE = "none"
    SOME = "some"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Is there a bill for which `wrong` is true?

    `wishes` make an example simpler, in order of weight; `measures` are made small, in order, once they are settled.
    """

    terms: Terms
    given: Sequence[Any]
    wrong: Any
    wishes: Sequence[Any] = ()
    measures: Sequence[str] = ()


Example = Mapping[str, int]
"""A number for each unknown, by its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An example, and the solver's model of it."""

    example: Example
    model: Any

    def value(self, expr: Any) -> int:
        """What the number is in the example."""
        return expr if isinstance(expr, int) else int(self.model.eval(expr, model_completion=True).as_long())

    def satisfies(self, formula: Any) -> bool:
        """Whether the formula is true in the example."""
        return bool(z3.is_true(self.model.eval(formula, model_completion=True)))


def exists(question: Question, effort: int) -> Answer:
    """Whether such a bill exists. `effort` is what one answer may cost, in the solver's units of work."""
    return _answer(_solver(question, effort).check())


@dataclass(slots=True)
class Premises:
    """What is known; asked again and again whether something follows from it."""

    effort: InitVar[int]
    known: InitVar[Sequence[Any]]
    _solver: Any = field(init=False)

    def __post_init__(self, effort: int, known: Sequence[Any]) -> None:
        self._solver = z3.SimpleSolver()
        self._solver.set("rlimit", effort)
        self._solver.add(*known)

    def learn(self, formulas: Sequence[Any]) -> None:
        """These hold too."""
        self._solver.add(*formulas)

    def rule_out(self, wrong: Any, given: Sequence[Any] = ()) -> bool:
        """Whether the solver shows that it cannot be, if what is given holds besides."""
        self._solver.push()
        self._solver.add(*given, wrong)
        answer = self._solver.check()
        self._solver.pop()
        return bool(answer == z3.unsat)


def smallest(question: Question, effort: int) -> Found | None:
    """The simplest such bill found: wishes granted where they can be, then each measure bisected. None: none found.

    A step of the bisection that takes too long counts as "none smaller".
    """
    solver = _solver(question, effort)
    if solver.check() != z3.sat:
        return None
    model = solver.model()
    for wish in question.wishes:
        solver.push()
        solver.add(wish)
        if z3.is_true(model.eval(wish, model_completion=True)):
            continue
        if solver.check() == z3.sat:
            model = solver.model()
        else:
            solver.pop()
    for name in question.measures:
        model = _bisected(solver, model, z3.Int(name))
    example = {name: model.eval(z3.Int(name), model_completion=True).as_long() for name in question.terms.unknowns}
    return Found(example=example, model=model)


def _bisected(solver: Any, model: Any, measure: Any) -> Any:
    """The model with the least measure, which the solver then keeps."""
    low, high = 0, model.eval(measure, model_completion=True).as_long()
    while low < high:
        middle = (low + high) // 2
        solver.push()
        solver.add(measure <= middle)
        if solver.check() == z3.sat:
            model = solver.model()
            high = model.eval(measure, model_completion=True).as_long()
        else:
            low = middle + 1
        solver.pop()
    solver.add(measure == high)
    return model


def _solver(question: Question, effort: int) -> Any:
    solver = z3.SimpleSolver()
    solver.set("rlimit", effort)
    solver.add(*question.terms.facts, *question.given, question.wrong)
    return solver


def _answer(checked: Any) -> Answer:
    if checked == z3.unsat:
        return Answer.NONE
    return Answer.SOME if checked == z3.sat else Answer.UNKNOWN
