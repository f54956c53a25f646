"""The properties of a policy, each asked of every way of settling, and answered with the smallest counter-example."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import z3

from tuodi.engine.program import LayerProgram
from tuodi.engine.shape import RELIEF
from tuodi.language.model import Property
from tuodi.proof import obligations
from tuodi.proof.asking import Asker, Tally, Weighed
from tuodi.proof.bills import Scene
from tuodi.proof.classes import ClassOrder
from tuodi.proof.courses import Course
from tuodi.proof.monotony import Monotony
from tuodi.proof.obligations import Wrong
from tuodi.proof.paths import FeedPath, Path
from tuodi.proof.report import Failure, PropertyResult
from tuodi.proof.search import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Prover:
    """Asks about one policy. `layers` has every way through each layer, `caps` the largest limit on each count."""

    asker: Asker
    courses: Sequence[Course]
    layers: Sequence[tuple[LayerProgram, Sequence[Path]]]
    feeds: Sequence[tuple[Scene, FeedPath]]
    caps: Mapping[str, int]

    def results(self) -> tuple[PropertyResult, ...]:
        """Every property, in the order of the language."""
        monotony = Monotony(asker=self.asker, courses=self.courses, layers=self.layers)
        return (
            self._single(Property.LIMIT),
            self._single(Property.BURDEN),
            *monotony.results(),
            self._class_order(),
            self._arithmetic(),
        )

    # ---- limits and burden: one event from any state ----

    def _single(self, of: Property) -> PropertyResult:
        tally = Tally(property=of)
        for course in self.asker.distinct(self.courses):
            for items in course.item_lists():
                tally.questions += 1
                self._ask(tally, self._weighed(of, course, items))
        return self.asker.result(tally)

    def _weighed(self, of: Property, course: Course, items: Sequence[str]) -> Weighed:
        scene = Scene(ground=self.asker.ground, layer=course.layer)
        bill = scene.bill(items)
        walk = scene.settle(course, bill)[-1]
        wrong = obligations.limits(scene, walk, self.caps) if of is Property.LIMIT else obligations.burden(scene, walk)
        return Weighed(scene=scene, course=course, bill=bill, walks=(walk,), wrongs=tuple(wrong))

    def _ask(self, tally: Tally, weighed: Weighed) -> None:
        """One course: first all that could be wrong at once, then benefit by benefit."""
        answer = self.asker.exists(weighed, [wrong.formula for wrong in weighed.wrongs])
        if answer is Answer.NONE:
            return
        benefits = dict.fromkeys(wrong.benefit for wrong in weighed.wrongs)
        refuted = [self._refute(tally, weighed, benefit) for benefit in benefits] if answer is Answer.SOME else []
        if not any(refuted):
            tally.undecided.append("+".join(weighed.course.names))

    def _refute(self, tally: Tally, weighed: Weighed, benefit: str) -> bool:
        wrongs = [wrong for wrong in weighed.wrongs if wrong.benefit == benefit]
        return self.asker.refute(tally, weighed, (benefit,), wrongs)

    # ---- classes: the same event of two persons in a fresh year ----

    def _class_order(self) -> PropertyResult:
        tally = Tally(property=Property.CLASS_ORDER)
        paths = next(paths for layer, paths in self.layers if layer.layer.id == RELIEF)
        order = ClassOrder(ground=self.asker.ground, paths=paths, effort=self.asker.effort)
        for earlier, later in order.pairs():
            tally.questions += 1
            name = f"{earlier}>{later}"
            answer, found = order.worse(earlier, later)
            if answer is not Answer.NONE and found is None:
                tally.undecided.append(name)
            if found:
                declared = self.asker.declared(Property.CLASS_ORDER, (name,))
                tally.failures.append(
                    Failure(property=Property.CLASS_ORDER, names=(name,), counterexample=found, declared=declared)
                )
        return self.asker.result(tally)

    # ---- arithmetic: intervals first, the solver for what they cannot see ----

    def _arithmetic(self) -> PropertyResult:
        tally = Tally(property=Property.INT64)
        for course in self.asker.distinct(self.courses):
            tally.questions += 1
            weighed = self._weighed(Property.BURDEN, course, course.item_lists()[0])
            for benefit, times in obligations.roundings(course.path):
                if times > 1:
                    says = f"应付金额被舍入 {times} 次"
                    always = Wrong(formula=z3.BoolVal(True), says=says, benefit=benefit)
                    self.asker.refute(tally, weighed, (benefit,), [always])
            says = "某一步超出 64 位整数，或对负数舍入"
            unsafe = [
                Wrong(formula=formula, says=says, benefit=course.names[-1])
                for formula in obligations.unsafe(weighed.scene.terms)
            ]
            self._ask(tally, replace(weighed, wrongs=tuple(unsafe)))
        for scene, path in self.feeds:
            tally.questions += 1
            if obligations.unsafe(scene.terms):
                tally.undecided.append(path.feed.count)
        return self.asker.result(tally)
