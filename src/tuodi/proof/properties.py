"""The properties of a policy, each asked of every way of settling, and answered with the smallest counter-example."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import z3

from tuodi.engine.program import LayerProgram
from tuodi.engine.shape import RELIEF, state_bits
from tuodi.language.model import Between, Is, KnownException, Property
from tuodi.proof import obligations
from tuodi.proof.bills import ITEM_NAMES, Bill, Ground, Scene
from tuodi.proof.classes import ClassOrder
from tuodi.proof.examples import Instance, counterexample, facts_of, measures, wishes
from tuodi.proof.obligations import Wrong
from tuodi.proof.paths import Path, same_walk
from tuodi.proof.reachable import Invariant, assumed
from tuodi.proof.report import Counterexample, Failure, PropertyResult, Verdict
from tuodi.proof.search import Answer, Found, Question, exists, smallest
from tuodi.proof.terms import Term
from tuodi.proof.walk import Walk

SAYS: Mapping[Property, str] = {
    Property.LIMIT: "任何累计状态下，一项待遇支付后，每个限额的累计不超过支付前的累计与该待遇本身限额中的较大者；"
    "未写限额却计入某限额累计的待遇，不使累计超过各待遇限额中的最大者",
    Property.BURDEN: "每项按比例的待遇不超过其计算基数，同一基数的各项合计不超过该基数，按账单的各项合计不超过账单未支付的部分",
    Property.MONOTONE_RELIEF: "累计、事实与各方支付不变，账单增加任意数额（其中任意部分属政策范围内），救助不减少",
    Property.MONOTONE_PERSONAL: "累计、事实与各方支付不变，账单增加任意数额（其中任意部分属政策范围内），个人负担不减少",
    Property.CLASS_ORDER: "没有任何累计时，同一账单，仅属前一类的人所得救助不少于仅属后一类的人",
    Property.INT64: "账单不超过 99999999.99 元、累计不超过 1000 亿元时，每一步都在 64 位整数之内，只对不小于零的数四舍五入，每项待遇只舍入一次",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A way through a layer that is asked about."""

    layer: LayerProgram
    path: Path

    @property
    def names(self) -> tuple[str, ...]:
        """The benefits on the way."""
        return self.path.benefits


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A course with a state, a bill and what would be wrong of it."""

    scene: Scene
    course: Course
    bill: Bill
    walks: tuple[Walk[Term], ...]
    wrongs: tuple[Wrong, ...]


@dataclass(slots=True, kw_only=True)
class _Tally:
    """What is being collected for one property."""

    property: Property
    started: float = field(default_factory=monotonic)
    questions: int = 0
    failures: list[Failure] = field(default_factory=list)
    undecided: list[str] = field(default_factory=list)

    def knows(self, names: tuple[str, ...]) -> bool:
        """Whether a failure of these names is at hand."""
        return any(failure.names == names for failure in self.failures)


@dataclass(slots=True, kw_only=True)
class Prover:
    """Asks the solver about one policy. `patience` is in milliseconds for each question."""

    ground: Ground
    courses: Sequence[Course]
    refused: Sequence[Path]
    invariants: Sequence[Invariant]
    patience: int
    caps: Mapping[str, int]

    def results(self) -> tuple[PropertyResult, ...]:
        """Every property, in the order of the language."""
        relief, personal = self._monotone()
        return (
            self._single(Property.LIMIT),
            self._single(Property.BURDEN),
            relief,
            personal,
            self._class_order(),
            self._arithmetic(),
        )

    # ---- limits and burden: one event from any state ----

    def _single(self, of: Property) -> PropertyResult:
        tally = _Tally(property=of)
        for course in self._distinct():
            for items in _item_lists(course.path):
                self._ask(tally, self._weighed(of, course, items))
        return self._result(tally)

    def _weighed(self, of: Property, course: Course, items: Sequence[str]) -> Weighed:
        scene = Scene(ground=self.ground, layer=course.layer)
        bill = scene.bill(items)
        walk = scene.settle(course.path, bill)
        wrong = obligations.limits(scene, walk, self.caps) if of is Property.LIMIT else obligations.burden(scene, walk)
        return Weighed(scene=scene, course=course, bill=bill, walks=(walk,), wrongs=tuple(wrong))

    def _ask(self, tally: _Tally, weighed: Weighed) -> None:
        """One course: first all that could be wrong at once, then what of it is."""
        tally.questions += 1
        answer = self._exists(weighed, [wrong.formula for wrong in weighed.wrongs])
        if answer is Answer.UNKNOWN:
            tally.undecided.append("+".join(weighed.course.names))
        if answer is not Answer.SOME:
            return
        for benefit in dict.fromkeys(wrong.benefit for wrong in weighed.wrongs):
            mine = [wrong for wrong in weighed.wrongs if wrong.benefit == benefit]
            if not tally.knows((benefit,)):
                found = self._smallest(weighed, [wrong.formula for wrong in mine])
                if found:
                    first = next(wrong for wrong in mine if found.satisfies(wrong.formula))
                    tally.failures.append(self._failure(tally.property, (benefit,), weighed, found, first.says))

    # ---- monotony: the same event with a larger bill ----

    def _monotone(self) -> tuple[PropertyResult, PropertyResult]:
        relief, personal = (_Tally(property=of) for of in (Property.MONOTONE_RELIEF, Property.MONOTONE_PERSONAL))
        for course in self._distinct():
            for items in _item_lists(course.path):
                self._ask_both(relief, personal, self._compared(course, items))
        elapsed = monotonic() - relief.started
        relief.started = personal.started = monotonic() - elapsed / 2
        return self._result(relief), self._result(personal)

    def _ask_both(self, relief: _Tally, personal: _Tally, weighed: Weighed) -> None:
        for tally in (relief, personal):
            tally.questions += 1
        if self._exists(weighed, [wrong.formula for wrong in weighed.wrongs]) is Answer.NONE:
            return
        for tally, wrong in zip((relief, personal), weighed.wrongs, strict=True):
            if tally.knows(weighed.course.names):
                continue
            answer = self._exists(weighed, [wrong.formula])
            if answer is Answer.UNKNOWN:
                tally.undecided.append("+".join(weighed.course.names))
            found = self._smallest(weighed, [wrong.formula]) if answer is Answer.SOME else None
            if found:
                names = weighed.course.names
                tally.failures.append(self._failure(tally.property, names, weighed, found, wrong.says))

    def _compared(self, course: Course, items: Sequence[str]) -> Weighed:
        scene = Scene(ground=self.ground, layer=course.layer)
        bill = scene.bill(items)
        grown = scene.grown(bill)
        smaller, larger = scene.settle(course.path, bill), scene.settle(course.path, grown)
        falls = obligations.relief_falls(smaller, larger)
        if course.layer.layer.id == RELIEF:
            less = obligations.personal_falls(smaller, larger)
        else:
            less = obligations.outpays(scene, smaller, larger)
        name = course.names[-1]
        wrongs = (
            Wrong(formula=falls, says="账单增加，支付反而减少", benefit=name),
            Wrong(formula=less, says="账单增加，个人负担反而减少", benefit=name),
        )
        return Weighed(scene=scene, course=course, bill=bill, walks=(smaller, larger), wrongs=wrongs)

    # ---- classes: the same event of two persons in a fresh year ----

    def _class_order(self) -> PropertyResult:
        tally = _Tally(property=Property.CLASS_ORDER)
        order = ClassOrder(ground=self.ground, paths=self._relief_paths(), patience=self.patience)
        for earlier, later in order.pairs():
            tally.questions += 1
            name = f"{earlier}>{later}"
            answer, found = order.worse(earlier, later)
            if answer is Answer.UNKNOWN:
                tally.undecided.append(name)
            if found:
                declared = self._declared(Property.CLASS_ORDER, (name,))
                tally.failures.append(
                    Failure(property=Property.CLASS_ORDER, names=(name,), counterexample=found, declared=declared)
                )
        return self._result(tally)

    # ---- arithmetic: intervals first, the solver for what they cannot see ----

    def _arithmetic(self) -> PropertyResult:
        tally = _Tally(property=Property.INT64)
        for course in self._distinct():
            weighed = self._weighed(Property.BURDEN, course, ITEM_NAMES[:1])
            for benefit, times in obligations.roundings(course.path):
                if times > 1 and not tally.knows((benefit,)):
                    found = self._smallest(weighed, [z3.BoolVal(True)])
                    assert found is not None
                    says = f"应付金额被舍入 {times} 次"
                    tally.failures.append(self._failure(Property.INT64, (benefit,), weighed, found, says))
            unsafe = obligations.unsafe(weighed.scene.terms)
            says = "某一步超出 64 位整数，或对负数舍入"
            wrongs = tuple(Wrong(formula=formula, says=says, benefit=course.names[-1]) for formula in unsafe)
            tally.questions += 1
            if wrongs:
                tally.questions -= 1
                self._ask(tally, Weighed(scene=weighed.scene, course=course, bill=weighed.bill, walks=weighed.walks, wrongs=wrongs))
        return self._result(tally)

    def _relief_paths(self) -> list[Path]:
        return [*(course.path for course in self.courses if course.layer.layer.id == RELIEF), *self.refused]

    # ---- asking ----

    def _distinct(self) -> Iterator[Course]:
        """Courses, those once that differ by facts alone."""
        seen = set()
        for course in self.courses:
            walk = (course.layer.layer.id, same_walk(course.path))
            if walk not in seen or self._entangled():
                seen.add(walk)
                yield course

    def _exists(self, weighed: Weighed, formulas: Sequence[Any]) -> Answer:
        if not formulas:
            return Answer.NONE
        return exists(self._question(weighed, formulas), self.patience)

    def _smallest(self, weighed: Weighed, formulas: Sequence[Any]) -> Found | None:
        return smallest(self._question(weighed, formulas), self.patience)

    def _question(self, weighed: Weighed, formulas: Sequence[Any]) -> Question:
        scene = weighed.scene
        given = [*scene.valid, *assumed(self.invariants, weighed.walks[0])]
        if self._entangled():
            given += [weighed.course.path.condition, *self.ground.facts.constraints, *self.ground.linked(weighed.walks[0])]
        return Question(
            terms=scene.terms,
            given=given,
            wrong=z3.Or(formulas),
            wishes=wishes(scene.terms),
            measures=measures(scene.terms),
        )

    def _entangled(self) -> bool:
        """Whether guards ask for counts, or for numbers that steps read: then facts and money are one question."""
        program = self.ground.bound.program
        asked = {bit.test.fact for bit in program.bits if isinstance(bit.test, Is | Between)}
        return bool(state_bits(program)) or bool(asked & {*program.columns})

    # ---- answers ----

    def _failure(self, of: Property, names: tuple[str, ...], weighed: Weighed, found: Found, says: str) -> Failure:
        return Failure(
            property=of,
            names=names,
            counterexample=self._counterexample(weighed, found, says),
            declared=self._declared(of, names),
        )

    def _counterexample(self, weighed: Weighed, found: Found, says: str) -> Counterexample:
        course = weighed.course
        facts = facts_of(self.ground, course.path, found.example)
        sizes = (False, True) if len(weighed.walks) > 1 else (False,)
        instances = [Instance(path=course.path, found=facts, grown=grown) for grown in sizes]
        says = f"{'、'.join(course.names)} {says}"
        return counterexample(self.ground, course.layer, instances, found.example, says)

    def _declared(self, of: Property, names: tuple[str, ...]) -> KnownException | None:
        return next((e for e in self._exceptions(of) if e.benefits & {*names}), None)

    def _exceptions(self, of: Property) -> list[KnownException]:
        return [exception for exception in self.ground.bound.policy.known_exceptions if exception.property is of]

    def _result(self, tally: _Tally) -> PropertyResult:
        failing = {name for failure in tally.failures for name in failure.names}
        stale = tuple(
            (exception, name)
            for exception in self._exceptions(tally.property)
            for name in sorted(exception.benefits - failing)
            if name not in tally.undecided
        )
        return PropertyResult(
            property=tally.property,
            verdict=_verdict(tally),
            says=SAYS[tally.property],
            questions=tally.questions,
            failures=tuple(tally.failures),
            undecided=tuple(dict.fromkeys(tally.undecided)),
            stale=stale,
            milliseconds=int((monotonic() - tally.started) * 1000),
        )


def _verdict(tally: _Tally) -> Verdict:
    if any(failure.declared is None for failure in tally.failures):
        return Verdict.FAILS
    if tally.undecided:
        return Verdict.UNDECIDED
    return Verdict.DECLARED if tally.failures else Verdict.HOLDS


def _item_lists(path: Path) -> tuple[tuple[str, ...], ...]:
    """What items an event of the path has: none, one, two, or one twice."""
    first, second = ITEM_NAMES
    return ((first,), (first, second), (first, first)) if path.per_item else ((),)
