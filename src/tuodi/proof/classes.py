"""Whether a class that comes earlier is ever worse off than a later one: same event, same bill, no counts yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import z3

from tuodi.core.money import format_yuan
from tuodi.engine.shape import state_bits
from tuodi.language.model import PersonClass
from tuodi.proof.bills import Ground, Scene
from tuodi.proof.concrete import concrete
from tuodi.proof.courses import ITEM_NAMES, Course, Stage
from tuodi.proof.examples import ROUND, Instance, counterexample, measures, pinned, wishes
from tuodi.proof.facts import OTHER
from tuodi.proof.paths import Path, same_walk
from tuodi.proof.report import Counterexample
from tuodi.proof.search import Answer, Example, Question, exists, smallest


@dataclass(slots=True, kw_only=True)
class ClassOrder:
    """Compares classes two by two, over the ways through the relief layer, refusals among them.

    Whether one way can pay less than another is asked once for each two that one event can take.
    """

    ground: Ground
    paths: Sequence[Path]
    effort: int
    solver: Any = field(init=False)
    by_class: dict[str, list[Path]] = field(default_factory=dict)
    less: dict[tuple[int, int], Answer] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.solver = self.ground.facts.solver()
        self.solver.add(fresh_bits(self.ground))
        for person_class in self._classes():
            alone = self.ground.facts.only_class(person_class.id)
            self.by_class[person_class.id] = [path for path in self.paths if self._can_be(path.condition, alone)]

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Every class with every later one, by id."""
        return combinations([person_class.id for person_class in self._classes()], 2)

    def worse(self, earlier: str, later: str) -> tuple[Answer, Counterexample | None]:
        """Whether the earlier class can be worse off, with the smallest bill found."""
        answer = Answer.NONE
        for theirs in self.by_class[later]:
            for ours in self.by_class[earlier]:
                less = self._pays_less(ours, theirs)
                if less is Answer.NONE or not self._can_be(*self._both(earlier, ours, later, theirs)):
                    continue
                if less is Answer.SOME:
                    return less, self._counterexample(earlier, ours, later, theirs)
                answer = Answer.UNKNOWN
        return answer, None

    # ---- money ----

    def _pays_less(self, ours: Path, theirs: Path) -> Answer:
        """Whether the first way can pay less than the second, if one event can take them for two persons."""
        if not theirs.lines or same_walk(ours) == same_walk(theirs):
            return Answer.NONE
        key = (id(ours), id(theirs))
        if key not in self.less:
            meet = self._can_be(ours.condition, self.ground.facts.as_other(theirs.condition))
            self.less[key] = exists(self._question(ours, theirs), self.effort) if meet else Answer.NONE
        return self.less[key]

    def _question(self, ours: Path, theirs: Path) -> Question:
        scene = Scene(ground=self.ground, layer=self.ground.relief, fresh=True)
        bill = scene.bill(ITEM_NAMES[:1] if ours.per_item or theirs.per_item else ())
        first, second = (scene.settle(self._course(path), bill)[-1] for path in (ours, theirs))
        facts = self.ground.facts
        given = [*scene.valid, *facts.constraints]
        if self.ground.entangled:
            given += [*fresh_bits(self.ground), ours.condition, facts.as_other(theirs.condition)]
        return Question(
            terms=scene.terms,
            given=given,
            wrong=first.relief.expr < second.relief.expr,
            wishes=wishes(scene.terms),
            measures=measures(scene.terms),
        )

    def _at_a_usual_bill(self, instances: Sequence[Instance], example: Example) -> str:
        """What both get of 10,000 yuan, where that shows it too: the smallest bill is often one of a few fen."""
        usual = {**example, "total": ROUND, "in_policy": ROUND}
        ours, theirs = (concrete(self.ground, one.course, usual)[-1].relief for one in instances)
        if ours >= theirs:
            return ""
        return f"（{format_yuan(ROUND)} 元的账单，{format_yuan(ours)} 元比 {format_yuan(theirs)} 元）"

    def _course(self, path: Path) -> Course:
        return Course(stages=(Stage(layer=self.ground.relief, path=path),))

    # ---- persons ----

    def _both(self, earlier: str, ours: Path, later: str, theirs: Path) -> list[Any]:
        """One event of a person of the earlier class alone on the first way, of the later alone on the second."""
        facts = self.ground.facts
        ways_in = {m.status for c in self._classes() if c.id in (earlier, later) for m in c.members}
        return [
            ours.condition,
            facts.only_class(earlier),
            facts.as_other(z3.And(theirs.condition, facts.only_class(later))),
            *facts.alike(facts.statuses_tested() - ways_in),
        ]

    def _counterexample(self, earlier: str, ours: Path, later: str, theirs: Path) -> Counterexample | None:
        smallest_found = smallest(self._question(ours, theirs), self.effort)
        if smallest_found is None:
            return None
        facts, example = self.ground.facts, smallest_found.example
        solver = facts.solver()
        solver.add(*fresh_bits(self.ground), *self._both(earlier, ours, later, theirs))
        solver.add(*pinned(self.ground, [ours, theirs], example))
        if solver.check() != z3.sat:
            return None
        model = facts.plain(solver)
        instances = [
            Instance(course=self._course(ours), found=facts.found(model)),
            Instance(course=self._course(theirs), found=facts.found(model, OTHER)),
        ]
        labels = {person_class.id: person_class.label for person_class in self._classes()}
        says = f"“{labels[earlier]}”所得少于“{labels[later]}”{self._at_a_usual_bill(instances, example)}"
        return counterexample(self.ground, instances, example, says)

    def _classes(self) -> tuple[PersonClass, ...]:
        return self.ground.bound.policy.classes

    def _can_be(self, *conditions: Any) -> bool:
        return bool(self.solver.check(*conditions) == z3.sat)


def fresh_bits(ground: Ground) -> list[Any]:
    """Bits that hang on counts, where every count is zero."""
    return [
        ground.facts.state[bit.bit.id] == (bit.at_least is None or bit.at_least <= 0)
        for bit in state_bits(ground.bound.program)
    ]
