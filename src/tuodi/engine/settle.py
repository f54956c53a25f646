"""One person's events, in the order given: each settled to the fen, with what moved and why at hand.

A settlement is kept compact; its lines, notes, explanation and receipt are derived on demand. A cancelled, changed or
backdated event is never subtracted: `replay` settles the history again from there and says what differs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from tuodi.core.citation import Citation
from tuodi.core.finding import Faults, Finding, Place
from tuodi.engine.bind import Bound
from tuodi.engine.fact_text import ITEM_COUNTS
from tuodi.engine.facts import FactReader, PersonFacts
from tuodi.engine.line import Line, line_readers
from tuodi.engine.outcome import Outcome, OutcomeLine, Stuck
from tuodi.engine.program import Rule
from tuodi.engine.record import Case, Event, Person
from tuodi.engine.shape import RELIEF
from tuodi.engine.situation import Situation, State
from tuodi.engine.text import compile_program

if TYPE_CHECKING:
    from tuodi.engine.interpret import Interpretation

NOT_LISTED = "不在目录内"
NOT_FOR_DISEASE = "不属于本病种的目录项目"


class Engine:
    """A policy with its numbers, ready to settle. One engine serves any number of cases with the same parameters."""

    __slots__ = (
        "_run",
        "bound",
        "catalogue_bits",
        "compiled",
        "documents",
        "facts",
        "listed_items",
        "readers",
        "rules",
    )

    def __init__(self, bound: Bound) -> None:
        self.bound = bound
        self.facts = FactReader(bound)
        self.compiled = compile_program(bound.program)
        self._run = self.compiled.run
        self.rules = bound.program.rules
        self.readers = line_readers(bound.program)
        self.documents = _documents(bound)
        self.catalogue_bits = sum(bit.mask for bit in bound.program.bits if bit.id.startswith(ITEM_COUNTS))
        self.listed_items = {
            entry.item: catalogue.clause
            for catalogue in bound.policy.catalogues.values()
            for entry in catalogue.entries
        }

    def person(self, person: Person) -> PersonFacts:
        """What stays the same for all events of a case."""
        return self.facts.person(person)

    def settle(self, person: PersonFacts, event: Event, state: State) -> Settlement:
        """The event settled, and the counts in `state` moved.

        Raises Faults, with `state` as it was, where the event lacks something: paths lead from the event, or start with
        `person` or `parameters`.
        """
        situation = self.facts.situation(person, event)
        bound = self.bound
        try:
            outcome = self._run(situation, state, bound.table, bound.item_tables)
        except (Stuck, TypeError) as why:
            raise self._faults(person, event, situation, state) from why
        return Settlement(self, event, situation, outcome)

    def _faults(self, person: PersonFacts, event: Event, situation: Situation, state: State) -> Faults:
        from tuodi.engine.interpret import Lacking
        from tuodi.engine.lacks import findings

        try:
            self.interpret(situation, dict(state))
        except Lacking as lacking:
            return Faults(findings(lacking.want, self.bound, event, person.person))
        raise AssertionError("INV-13 the readings of a policy agree")

    def interpret(self, situation: Situation, state: State) -> Interpretation:
        """The same event step by step; `state` is as it stood before the event, and moves."""
        from tuodi.engine.interpret import interpret

        return interpret(self.bound.program, situation, state, self.bound.table, self.bound.item_tables)

    def line(self, kept: OutcomeLine) -> Line:
        """A line of an outcome, in full."""
        return self.readers[kept[0]].line(kept)

    def citation(self, rule: Rule) -> Citation:
        """The rule's clause, with the document that it is a clause of."""
        return Citation(document=self.documents[rule.index], clause=rule.clause)


def _documents(bound: Bound) -> tuple[str, ...]:
    """The document's number by rule index: a plan's rules are clauses of the plan."""
    of_plan = {layer.id: bound.plan.document.number for layer in bound.plan.layers} if bound.plan else {}
    return tuple(of_plan.get(rule.layer, bound.policy.document.number) for rule in bound.program.rules)


class Note(NamedTuple):
    """A catalogue item that was not relieved, and why."""

    item: str
    clause: str
    reason: str


class Settlement(NamedTuple):
    """One event as it was settled. Amounts in fen. `moved` of the outcome says which count went from what to what."""

    engine: Engine
    event: Event
    situation: Situation
    outcome: Outcome

    @property
    def relief(self) -> int:
        """Everything that medical assistance pays for the event."""
        return self.outcome.relief

    @property
    def personal(self) -> int:
        """What is left of the whole bill for the person."""
        return self.outcome.personal

    @property
    def refusal(self) -> Rule | None:
        """The rule that said no; its `refusal` is the reason."""
        index = self.outcome.refusal
        return None if index is None else self.engine.rules[index]

    @property
    def all_lines(self) -> tuple[Line, ...]:
        """Every benefit that applied, of insurance layers computed here too, in the order of settling."""
        return tuple([self.engine.line(kept) for kept in self.outcome.lines])

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every benefit of medical assistance that applied."""
        return tuple(line for line in self.all_lines if line.rule.layer == RELIEF)

    @property
    def layers(self) -> dict[str, int]:
        """What each insurance layer that was computed here paid; empty where payments were given."""
        computed = zip(self._layers_before_relief(), self.outcome.layers, strict=True)
        return {layer: paid for layer, (paid, _) in computed if paid is not None}

    def _layers_before_relief(self) -> list[str]:
        layers = self.engine.bound.program.layers
        return [layer.layer.id for layer in layers if layer.layer.id != RELIEF]

    @property
    def notes(self) -> tuple[Note, ...]:
        """Items of the event that no catalogue counts for its disease."""
        return tuple(
            self._note(item.item) for item in self.situation.items if not item.word & self.engine.catalogue_bits
        )

    def _note(self, item: str) -> Note:
        listed = self.engine.listed_items
        if item in listed:
            return Note(item, listed[item], NOT_FOR_DISEASE)
        return Note(item, next(iter(listed.values()), ""), NOT_LISTED)


class CaseResult(NamedTuple):
    """A case with all its events settled. `opening`: the counts before the first event, `state`: after the last."""

    engine: Engine
    case: Case
    settlements: tuple[Settlement, ...]
    opening: State
    state: State


def settle_case(engine: Engine, case: Case) -> CaseResult:
    """All events of the case in the order given, from the counts that the person brings along.

    Raises Faults with what every event lacks; paths lead from the case.
    """
    opening = {key: amount for key, amount in case.opening.items() if amount}
    state = dict(opening)
    settlements = _settled(engine, case.person, case.events, state)
    return CaseResult(engine, case, settlements, opening, state)


def _settled(
    engine: Engine, person: Person, events: Sequence[Event], state: State, first: int = 0
) -> tuple[Settlement, ...]:
    """The events settled onto the state. `first` is the place of the first one in the case, for messages."""
    facts = engine.person(person)
    settlements = []
    faults: list[Finding] = []
    for place, event in enumerate(events, first):
        try:
            settlements.append(engine.settle(facts, event, state))
        except Faults as lacking:
            faults += [_at(finding, place) for finding in lacking.findings]
    if faults:
        raise Faults(faults)
    return tuple(settlements)


def _at(finding: Finding, place: int) -> Finding:
    path = finding.place.path
    if not path.startswith(("person.", "parameters.")):
        path = f"events[{place}].{path}".removesuffix(".")
    return Finding(code=finding.code, message=finding.message, place=Place(path=path), remedy=finding.remedy)


# ---- cancelling and changing -----------------------------------------------------------------------------------------


class Kind(Enum):
    """What happened to an event between two histories."""

    CANCELLED = "cancelled"
    CHANGED = "changed"
    ADDED = "added"
    AFFECTED = "affected"  # untouched itself, and settled otherwise because of what came before it


class LineDifference(NamedTuple):
    """A line in both histories, in fen; None where one history has no such line."""

    benefit: str
    clause: str
    item: str | None
    old: int | None
    new: int | None


class EventDifference(NamedTuple):
    """An event that was touched, or settled otherwise. None is a history without it; `lines` only those that differ."""

    event: str
    kind: Kind
    old: Settlement | None
    new: Settlement | None
    lines: tuple[LineDifference, ...]

    @property
    def relief(self) -> int:
        """By how much relief rises, in fen; negative where it falls."""
        return (self.new.relief if self.new else 0) - (self.old.relief if self.old else 0)


class Added(NamedTuple):
    """A new event, and the id of the event behind which it stands; None: before all others."""

    event: Event
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """The history as it was settled, as it is settled now, and every difference, in the order of the new history."""

    old: CaseResult
    new: CaseResult
    differences: tuple[EventDifference, ...]


def replay(
    engine: Engine,
    case: Case,
    opening: State,
    *,
    cancelled: Sequence[str] = (),
    changed: Mapping[str, Event] | None = None,
    added: Sequence[Added] = (),
    person: Person | None = None,
) -> Replay:
    """The case without the cancelled, with the changed and added events, settled again from `opening`.

    `opening` are the counts before the case's first event: a snapshot. `changed` is by event id. `person` is the person
    as known now, where a status was granted, ended or corrected with effect on days that are settled already.

    Raises Faults where an id names no event or names two, where an event is both cancelled and changed, where an id
    would stand twice in the new history, and where either history lacks something.
    """
    edit = _Edit(cancelled=frozenset(cancelled), changed=changed or {}, added=tuple(added))
    edit.refuse_unclear(case.events)
    steps = edit.steps(case.events)
    events = tuple(step.event for step in steps if step.event is not None)
    now = case._replace(events=events, person=person or case.person)
    first = (
        0 if person else next((place for place, step in enumerate(steps) if step.kind is not Kind.AFFECTED), len(steps))
    )
    start = {key: amount for key, amount in opening.items() if amount}
    state = dict(start)
    kept = _settled(engine, case.person, case.events[:first], state)
    old = _continued(engine, case, start, state, kept)
    new = _continued(engine, now, start, state, kept)
    return Replay(old=old, new=new, differences=tuple(_differences(steps, old, new)))


def _continued(engine: Engine, case: Case, opening: State, so_far: State, kept: tuple[Settlement, ...]) -> CaseResult:
    state = dict(so_far)
    rest = _settled(engine, case.person, case.events[len(kept) :], state, len(kept))
    return CaseResult(engine, case, kept + rest, opening, state)


class _Step(NamedTuple):
    """One place of the two histories together: whether the old one has an event there, and the new one's."""

    was: bool
    event: Event | None
    kind: Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class _Edit:
    """What is to be different in a history."""

    cancelled: frozenset[str]
    changed: Mapping[str, Event]
    added: tuple[Added, ...]

    def refuse_unclear(self, events: Sequence[Event]) -> None:
        """Raises Faults for each id that does not name exactly one event, and for one that is told two things."""
        ids = [event.id for event in events]
        faults = [
            Finding(
                code="unknown-event",
                message=f"要冲销、更改或插在其后的事件“{name}”在案例里出现 {ids.count(name)} 次",
                remedy="用案例里只出现一次的事件编号",
            )
            for name in sorted(self._named())
            if ids.count(name) != 1
        ]
        faults += [
            Finding(code="edited-twice", message=f"事件“{name}”既要冲销又要更改", remedy="只写其中一项")
            for name in sorted(self.cancelled & set(self.changed))
        ]
        faults += [
            Finding(code="duplicate-event", message=f"改后的历史里事件编号“{name}”重复", remedy="每个事件用不同的编号")
            for name in sorted(self._repeated(events))
        ]
        if faults:
            raise Faults(faults)

    def _named(self) -> set[str]:
        return {*self.cancelled, *self.changed, *(one.after for one in self.added if one.after is not None)}

    def _repeated(self, events: Sequence[Event]) -> set[str]:
        """Ids that the edit would put twice into the new history."""
        kept = [event.id for event in events if event.id not in self.cancelled and event.id not in self.changed]
        put = [event.id for event in [*self.changed.values(), *[one.event for one in self.added]]]
        return {name for name in put if (kept + put).count(name) > 1}

    def steps(self, events: Sequence[Event]) -> list[_Step]:
        """Both histories side by side. A cancelled event keeps its place, so that others can stand behind it."""
        steps = self._added_after(None)
        for event in events:
            if event.id in self.cancelled:
                steps.append(_Step(True, None, Kind.CANCELLED))
            elif event.id in self.changed:
                steps.append(_Step(True, self.changed[event.id], Kind.CHANGED))
            else:
                steps.append(_Step(True, event, Kind.AFFECTED))
            steps += self._added_after(event.id)
        return steps

    def _added_after(self, after: str | None) -> list[_Step]:
        return [_Step(False, one.event, Kind.ADDED) for one in self.added if one.after == after]


def _differences(steps: Sequence[_Step], old: CaseResult, new: CaseResult) -> Iterator[EventDifference]:
    before, after = iter(old.settlements), iter(new.settlements)
    for step in steps:
        was = next(before) if step.was else None
        now = next(after) if step.event is not None else None
        lines = tuple(_line_differences(was, now))
        if step.kind is not Kind.AFFECTED or lines or _answer(was) != _answer(now):
            known = now or was
            assert known is not None, "a place holds an event in one history at least"
            yield EventDifference(known.event.id, step.kind, was, now, lines)


def _answer(settlement: Settlement | None) -> tuple[int, int, int | None]:
    assert settlement is not None, "an event that nobody touched is in both histories"
    return settlement.relief, settlement.personal, settlement.outcome.refusal


def _line_differences(old: Settlement | None, new: Settlement | None) -> Iterator[LineDifference]:
    """Lines are the same line if benefit, item and the how-many-eth of these are."""
    before, after = _numbered(old), _numbered(new)
    for key in dict.fromkeys([*before, *after]):
        was, now = before.get(key), after.get(key)
        line = now or was
        if line is not None and (was is None or now is None or was.paid != now.paid):
            paid = [None if one is None else one.paid for one in (was, now)]
            yield LineDifference(line.rule.id, line.rule.clause, line.item, *paid)


def _numbered(settlement: Settlement | None) -> dict[tuple[int, str | None, int], Line]:
    numbered: dict[tuple[int, str | None, int], Line] = {}
    for line in settlement.all_lines if settlement else ():
        number = 0
        while (line.rule.index, line.item, number) in numbered:
            number += 1
        numbered[line.rule.index, line.item, number] = line
    return numbered
