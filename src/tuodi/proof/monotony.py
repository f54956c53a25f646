"""Whether more bill can mean less relief, or less to pay for the person: one event, with a bill and a larger one.

First line by line: what each line does to the growth is a small lemma that uses those before it, and what is asked
follows from all of them. Where that does not do, the whole event is asked about at once. Of several computed layers
each is taken for itself; where that shows too little, the layers before it are walked too, in every way that events
take.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from time import monotonic

import z3

from tuodi.engine.program import LayerProgram
from tuodi.engine.shape import RELIEF
from tuodi.language.model import Property
from tuodi.proof import obligations
from tuodi.proof.asking import Asker, Tally, Weighed
from tuodi.proof.bills import Scene
from tuodi.proof.courses import Course, chains
from tuodi.proof.obligations import Wrong
from tuodi.proof.paths import Path
from tuodi.proof.report import PropertyResult
from tuodi.proof.search import Answer, Premises

CHAINS_MOST = 60
"""So many ways through earlier layers are looked at for one course."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Monotony:
    """The two properties, asked of every course. `layers` has every way through each layer, refusals too."""

    asker: Asker
    courses: Sequence[Course]
    layers: Sequence[tuple[LayerProgram, Sequence[Path]]]

    def results(self) -> tuple[PropertyResult, PropertyResult]:
        """Relief, and the person's own payment."""
        relief, personal = (Tally(property=of) for of in (Property.MONOTONE_RELIEF, Property.MONOTONE_PERSONAL))
        for course in self.asker.distinct(self.courses):
            for items in course.item_lists():
                weighed = self._weighed(course, items)
                lines = self._learned(weighed)
                for place, tally in enumerate((relief, personal)):
                    tally.questions += 1
                    self._ask(tally, weighed, lines, place)
        relief.started += (monotonic() - relief.started) / 2  # the two share their work
        personal.started = relief.started
        return self.asker.result(relief), self.asker.result(personal)

    def _ask(self, tally: Tally, weighed: Weighed, lines: Premises, place: int) -> None:
        names, wrong = weighed.course.names, weighed.wrongs[place]
        if tally.knows(names) or lines.rule_out(wrong.formula):
            return
        answer = self.asker.exists(weighed, [wrong.formula])
        if answer is Answer.SOME and self._stands_alone(weighed.course):
            answered = self.asker.refute(tally, weighed, names, [wrong])
        else:
            answered = answer is Answer.NONE or self._in_whole_events(tally, weighed, place)
        if not answered:
            tally.undecided.append("+".join(names))

    def _weighed(self, course: Course, items: Sequence[str]) -> Weighed:
        scene = Scene(ground=self.asker.ground, layer=course.stages[0].layer)
        bill = scene.bill(items)
        grown = scene.grown(bill)
        smaller, larger = scene.settle(course, bill), scene.settle(course, grown)
        falls = obligations.relief_falls(smaller[-1], larger[-1])
        if course.layer.layer.id == RELIEF:
            less = obligations.personal_falls(smaller[-1], larger[-1])
        else:
            less = obligations.outpays(scene, smaller, larger)
        wrongs = (
            Wrong(formula=falls, says="账单增加，支付反而减少", benefit=course.names[-1]),
            Wrong(formula=less, says="账单增加，个人负担反而减少", benefit=course.names[-1]),
        )
        return Weighed(scene=scene, course=course, bill=bill, walks=(smaller[-1], larger[-1]), wrongs=wrongs)

    # ---- line by line ----

    def _learned(self, weighed: Weighed) -> Premises:
        """What holds of the bills and, as each line in turn is shown, of what the lines do to the growth."""
        terms = weighed.scene.terms
        known = Premises(self.asker.effort, [*terms.bounds, *self.asker.known(weighed)])
        for lemma in obligations.lemmas(terms, *weighed.walks):
            parts = lemma.parts
            if not known.rule_out(z3.Not(z3.And(parts)), lemma.definitions):
                parts = [part for part in parts if known.rule_out(z3.Not(part), lemma.definitions)]
            known.learn(parts)
        return known

    # ---- several layers ----

    def _stands_alone(self, course: Course) -> bool:
        return course.layer == self.layers[0][0]

    def _in_whole_events(self, tally: Tally, weighed: Weighed, place: int) -> bool:
        """Asks again with the layers before it computed: whether that gives an answer for every way through them."""
        course = weighed.course
        before = [entry for entry in self.layers if entry[0].layer.id in self._before(course)]
        whole = list(islice(self._chains(before, course), CHAINS_MOST + 1))
        for longer in whole[:CHAINS_MOST]:
            for items in longer.item_lists():
                asked = self._weighed(longer, items)
                answer = self.asker.exists(asked, [asked.wrongs[place].formula])
                if answer is Answer.SOME:
                    return self.asker.refute(tally, asked, course.names, [asked.wrongs[place]])
                if answer is Answer.UNKNOWN:
                    return False
        return len(whole) <= CHAINS_MOST

    def _before(self, course: Course) -> list[str]:
        names = [layer.layer.id for layer, _ in self.layers]
        return names[: names.index(course.layer.layer.id)]

    def _chains(self, before: Sequence[tuple[LayerProgram, Sequence[Path]]], course: Course) -> Iterator[Course]:
        """Every way through the layers before, that an event of the course can take."""
        solver = self.asker.ground.facts.solver()
        solver.add(*course.conditions)
        for chain in chains(before, course.stages[-1]):
            if solver.check(*chain.conditions) == z3.sat:
                yield chain
