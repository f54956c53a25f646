"""What each property does with the solver: a course and a bill are weighed, an answer becomes failure or verdict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import z3

from tuodi.core.money import format_yuan
from tuodi.language.model import KnownException, Property
from tuodi.proof.bills import Bill, Ground, Scene
from tuodi.proof.courses import Course
from tuodi.proof.examples import Instance, counterexample, facts_of, measures, wishes
from tuodi.proof.obligations import Wrong
from tuodi.proof.reachable import Invariant, assumed
from tuodi.proof.report import Counterexample, Failure, PropertyResult, Verdict
from tuodi.proof.search import Answer, Found, Question, exists, smallest
from tuodi.proof.terms import Term
from tuodi.proof.walk import Walk

SAYS: Mapping[Property, str] = {
    Property.LIMIT: (
        "任何累计状态下，一项待遇支付后，每个限额的累计不超过支付前的累计与该待遇本身限额中的较大者；"
        "未写限额却计入某限额累计的待遇，不使累计超过各待遇限额中的最大者"
    ),
    Property.BURDEN: (
        "每项按比例的待遇不超过其计算基数，同一基数的各项合计不超过该基数，按账单的各项合计不超过账单未支付的部分"
    ),
    Property.MONOTONE_RELIEF: ("累计、事实与各方支付不变，账单增加任意数额（其中任意部分属政策范围内），救助不减少"),
    Property.MONOTONE_PERSONAL: (
        "累计、事实与各方支付不变，账单增加任意数额（其中任意部分属政策范围内），个人负担不减少"
    ),
    Property.CLASS_ORDER: "没有任何累计时，同一账单，仅属前一类的人所得救助不少于仅属后一类的人",
    Property.INT64: (
        "账单不超过 99999999.99 元、累计不超过 1000 亿元时，每一步都在 64 位整数之内，只对不小于零的数四舍五入，"
        "每项待遇只舍入一次"
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A course, a bill and what would be wrong of it: one walk, or those of the bill and of the larger one."""

    scene: Scene
    course: Course
    bill: Bill
    walks: tuple[Walk[Term], ...]
    wrongs: tuple[Wrong, ...]


@dataclass(slots=True, kw_only=True)
class Tally:
    """What is being collected for one property."""

    property: Property
    started: float = field(default_factory=monotonic)
    questions: int = 0
    failures: list[Failure] = field(default_factory=list)
    undecided: list[str] = field(default_factory=list)

    def knows(self, names: tuple[str, ...]) -> bool:
        """Whether a failure of these names is at hand."""
        return any(failure.names == names for failure in self.failures)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Asks about one policy. `effort` is what one question may cost."""

    ground: Ground
    invariants: Sequence[Invariant]
    effort: int

    def distinct(self, courses: Sequence[Course]) -> Iterator[Course]:
        """Courses, those once that differ by facts alone."""
        seen = set()
        for course in courses:
            if course.arithmetic not in seen or self.ground.entangled:
                seen.add(course.arithmetic)
                yield course

    def exists(self, weighed: Weighed, formulas: Sequence[Any]) -> Answer:
        """Whether some bill makes one of the formulas true."""
        return exists(self._question(weighed, formulas), self.effort) if formulas else Answer.NONE

    def smallest(self, weighed: Weighed, formulas: Sequence[Any]) -> Found | None:
        """The smallest such bill found."""
        return smallest(self._question(weighed, formulas), self.effort)

    def known(self, weighed: Weighed) -> list[Any]:
        """What holds besides the walks' own definitions: of bills, of reachable counts, and of the facts where guards
        ask for numbers."""
        known = [*weighed.scene.valid, *assumed(self._holding(weighed.course), weighed.walks[0])]
        if self.ground.entangled:
            known += [*weighed.course.conditions, *self.ground.facts.constraints]
            known += self.ground.linked(weighed.walks[0])
        return known

    def refute(self, tally: Tally, weighed: Weighed, names: tuple[str, ...], wrongs: Sequence[Wrong]) -> bool:
        """Notes the failure with its smallest counter-example; whether one was found."""
        if tally.knows(names):
            return True
        found = self.smallest(weighed, [wrong.formula for wrong in wrongs])
        if found is None:
            return False
        broken = next(wrong for wrong in wrongs if found.satisfies(wrong.formula))
        says = f"{'、'.join(weighed.course.names)} {self._said(broken, found)}"
        tally.failures.append(
            Failure(
                property=tally.property,
                names=names,
                counterexample=self._counterexample(weighed, found, says),
                declared=self.declared(tally.property, names),
            )
        )
        return True

    def declared(self, of: Property, names: tuple[str, ...]) -> KnownException | None:
        """The exception that covers such a failure."""
        return next((exception for exception in self._exceptions(of) if exception.benefits & {*names}), None)

    def result(self, tally: Tally) -> PropertyResult:
        """What has been collected, with a verdict."""
        failing = {name for failure in tally.failures for name in failure.names}
        stale = tuple(
            (exception, name)
            for exception in self._exceptions(tally.property)
            for name in sorted(exception.benefits - failing)
            if not any(name in undecided.split("+") for undecided in tally.undecided)
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

    # ---- helpers ----

    def _question(self, weighed: Weighed, formulas: Sequence[Any]) -> Question:
        terms = weighed.scene.terms
        return Question(
            terms=terms,
            given=self.known(weighed),
            wrong=z3.Or(formulas),
            wishes=wishes(terms),
            measures=measures(terms),
        )

    def _holding(self, course: Course) -> list[Invariant]:
        """What holds of the counts where the course begins: not what ties together counts that an earlier layer of the
        same event has moved, of which some rise only at the event's end."""
        moved = self.ground.moved_before(course.stages[0].layer)
        return [inv for inv in self.invariants if len(inv.counts) == 1 or not moved & {*inv.counts}]

    def _said(self, wrong: Wrong, found: Found) -> str:
        return wrong.says.format(*(format_yuan(found.value(term.expr)) for term in wrong.shown))

    def _counterexample(self, weighed: Weighed, found: Found, says: str) -> Counterexample:
        facts = facts_of(self.ground, weighed.course, found.example)
        sizes = (False, True) if len(weighed.walks) > 1 else (False,)
        instances = [Instance(course=weighed.course, found=facts, grown=grown) for grown in sizes]
        return counterexample(self.ground, instances, found.example, says)

    def _exceptions(self, of: Property) -> list[KnownException]:
        owners = [owner for owner in (self.ground.bound.policy, self.ground.bound.plan) if owner]
        return [exception for owner in owners for exception in owner.known_exceptions if exception.property is of]


def _verdict(tally: Tally) -> Verdict:
    if any(failure.declared is None for failure in tally.failures):
        return Verdict.FAILS
    if tally.undecided:
        return Verdict.UNDECIDED
    return Verdict.DECLARED if tally.failures else Verdict.HOLDS
