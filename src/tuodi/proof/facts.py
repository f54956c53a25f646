"""The facts of an event as unknowns of the solver: which bits can hold together, and a plain person for whom they do.

Statuses, services, lists, days and the document's own facts are unknowns, classes and tests are formulas over them. It
speaks of days on which the document is in force, of certified diseases, and of statuses that began before the day or
(where a cover reaches back) were applied for after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum
from typing import Any

import z3

from tuodi.core.money import LARGEST_FEN
from tuodi.core.period import next_new_year
from tuodi.engine.bind import Bound
from tuodi.engine.names import normal_name
from tuodi.engine.program import Bit, Guard
from tuodi.engine.shape import UNUSED
from tuodi.language.model import (
    BUILT_IN_FACTS,
    SERVICES,
    AllOf,
    AnyOf,
    Between,
    CatalogueEntry,
    ClassIn,
    Cover,
    CoverEnd,
    DiseaseIn,
    Fact,
    FactType,
    Given,
    Is,
    Member,
    Not,
    PersonClass,
    PersonsIn,
    Policy,
    Reached,
    ServiceIn,
    Since,
    StatusIn,
    Test,
    YearsBefore,
)

LARGEST_NUMBER = 36_600
"""The largest whole-number fact (bed-days, say) that is thought of."""


class Standing(Enum):
    """How a status may stand to the day of the event: it is held, or is applied for only later. Both can be."""

    HELD = "held"
    LATER = "later"


OTHER = "other:"
PLAIN: Mapping[str, bool | int | str] = {
    "insurance": "resident",
    "designated": True,
    "level": 2,
    "county": True,
    "region": True,
    "age": 40,
    "month": 6,
    "admission_number": 1,
}
"""What a witness looks like where nothing asks for more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certified:
    """A disease by its name, with the lists that have it and the catalogues that have an item for it."""

    name: str
    lists: frozenset[str]
    items: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FactsFound:
    """The facts of one event. `facts[id]` is None where not given."""

    day: date
    service: str
    disease: Certified | None
    statuses: tuple[tuple[str, Standing], ...]
    facts: Mapping[str, bool | int | str | None]


@dataclass(slots=True, kw_only=True)
class FactLayer:
    """Formulas of the bits of one event.

    A question about two persons has the statuses of the other one under another name (`as_other`); the event and all
    else of the person are the same.
    """

    bound: Bound
    constraints: list[Any] = field(default_factory=list)
    terms: dict[int, Any] = field(default_factory=dict)
    days: tuple[date, ...] = ()
    diseases: tuple[Certified, ...] = ()
    facts: dict[str, Fact] = field(default_factory=dict)
    classes: dict[str, Any] = field(default_factory=dict)
    state: dict[str, Any] = field(default_factory=dict)
    month: Any = None
    year: Any = None
    wishes: Sequence[Any] = ()

    def __post_init__(self) -> None:
        owners = self._owners()
        self.facts = {**BUILT_IN_FACTS, **{name: fact for owner in owners for name, fact in owner.facts.items()}}
        tests = [bit.test for bit in self.bound.program.bits if bit.test is not None]
        tests += [test for person_class in self.bound.policy.classes for test in _tests_of(person_class)]
        self.days = _days(self.bound.policy, tests)
        self.diseases = _certified(owners)
        self.constraints += [
            *_between(self._number("day"), 0, len(self.days) - 1),
            *_between(self._number("service"), 0, len(SERVICES) - 1),
            *_between(self._number("disease"), -1, len(self.diseases) - 1),
        ]
        self.month = _table([day.month for day in self.days], self._number("day"))
        self.year = _table([day.year for day in self.days], self._number("day"))
        self._bound_facts({name for test in tests for name in _facts_asked(test)})
        self.classes |= {c.id: self._settled_in(c.id) for c in self.bound.policy.classes}
        for bit in self.bound.program.bits:
            self.terms[bit.index] = self._bit(bit)
        self.wishes = self._wishes()

    def _owners(self) -> list[Policy]:
        return [self.bound.plan, self.bound.policy] if self.bound.plan else [self.bound.policy]

    def holds(self, guard: Guard) -> Any:
        """The formula of the guard."""
        parts = [term for index, term in self.terms.items() if guard.all >> index & 1]
        parts += [z3.Not(term) for index, term in self.terms.items() if guard.none >> index & 1]
        parts += [z3.Or([term for index, term in self.terms.items() if mask >> index & 1]) for mask in guard.any]
        return z3.And(parts)

    def only_class(self, class_id: str) -> Any:
        """Settled in this class and in no other."""
        others = [c.id for c in self.bound.policy.classes if c.id != class_id]
        return z3.And(self.classes[class_id], *(z3.Not(self.classes[other]) for other in others))

    def as_other(self, formula: Any) -> Any:
        """The same said of the other person."""
        return z3.substitute(
            formula,
            [(self._status(*status), self._status(*status, person=OTHER)) for status in self._standings()],
        )

    def alike(self, statuses: Iterable[str]) -> list[Any]:
        """Both persons hold these statuses alike."""
        return [
            self._status(name, standing) == self._status(name, standing, person=OTHER)
            for name in statuses
            for standing in Standing
        ]

    def statuses_tested(self) -> frozenset[str]:
        """Statuses that some rule asks for by name."""
        tests = [bit.test for bit in self.bound.program.bits if bit.test is not None]
        return frozenset(name for test in tests for name in _statuses_asked(test))

    # ---- bits ----

    def _bit(self, bit: Bit) -> Any:
        kind, _, name = bit.id.partition(":")
        if bit.id in ("in_force", "day_in_force"):
            return z3.BoolVal(True)
        if kind == "class":
            return self.classes[name]
        if kind == "parameter":
            return z3.BoolVal(True)
        if kind == "item_counts":
            listed = [i for i, disease in enumerate(self.diseases) if disease.items.get(name)]
            return z3.Or([self._number("disease") == i for i in listed])
        if bit.id.startswith(UNUSED):
            return self._state_bit(bit.id)
        assert bit.test is not None, f"the bit {bit.id} has neither a test nor a meaning of its own"
        return self._state_bit(bit.id) if isinstance(bit.test, Reached) else self._test(bit.test)

    def _state_bit(self, name: str) -> Any:
        self.state[name] = z3.Bool(f"state:{name}")
        return self.state[name]

    def _test(self, test: Test) -> Any:
        match test:
            case Is() | Between() | Given() | YearsBefore():
                return self._fact_test(test)
            case DiseaseIn(lists=lists):
                named = [i for i, disease in enumerate(self.diseases) if disease.lists & lists]
                return z3.Or([self._number("disease") == i for i in named])
            case ServiceIn(services=services):
                named = [i for i, service in enumerate(SERVICES) if service in services]
                return z3.Or([self._number("service") == i for i in named])
            case StatusIn(statuses=statuses):
                return z3.Or([self._status(name, Standing.HELD) for name in sorted(statuses)])
            case ClassIn(classes=classes):
                return z3.Or([self.classes[name] for name in sorted(classes)])
            case Since(day=day):
                return z3.Or([self._number("day") == i for i, own in enumerate(self.days) if own >= day])
            case Not(test=inner):
                return z3.Not(self._test(inner))
            case AllOf(tests=tests):
                return z3.And([self._test(part) for part in tests])
            case AnyOf(tests=tests):
                return z3.Or([self._test(part) for part in tests])
        raise AssertionError(f"{test} depends on counts and stands alone")

    def _fact_test(self, test: Is | Between | Given | YearsBefore) -> Any:
        given = z3.Bool(f"given:{test.fact}")
        match test:
            case Given():
                return given
            case YearsBefore(years=years):
                return z3.And(given, self._number(test.fact) == self.year - years)
            case Is(values=values):
                codes = [self._code(test.fact, value) for value in values]
                return z3.And(given, z3.Or([self.fact(test.fact) == code for code in codes]))
            case Between(at_least=at_least, below=below):
                bounds = [self.fact(test.fact) >= at_least] if at_least is not None else []
                bounds += [self.fact(test.fact) < below] if below is not None else []
                return z3.And(given, *bounds)

    def _code(self, name: str, value: bool | int | str) -> Any:
        fact = self.facts[name]
        if fact.type is FactType.FLAG:
            return z3.BoolVal(bool(value))
        return fact.choices.index(str(value)) if fact.type is FactType.CHOICE else int(value)

    def fact(self, name: str) -> Any:
        """The unknown of a fact: a truth, a choice's place, or a number."""
        if name == "month":
            return self.month
        flag = self.facts[name].type is FactType.FLAG
        return z3.Bool(f"fact:{name}") if flag else self._number(name)

    def _number(self, name: str) -> Any:
        return z3.Int(f"fact:{name}")

    def _bound_facts(self, asked_whether_given: set[str]) -> None:
        for name, fact in self.facts.items():
            given = z3.Bool(f"given:{name}")
            optional = name in asked_whether_given or (fact.type is FactType.CHOICE and name != "insurance")
            if not optional:
                self.constraints.append(given)
            low, high = _range(fact)
            if fact.type is not FactType.FLAG and name != "month":
                self.constraints += _between(self._number(name), low, high)

    # ---- persons ----

    def _status(self, name: str, standing: Standing, person: str = "") -> Any:
        return z3.Bool(f"{standing.value}:{person}{name}")

    def _standings(self) -> list[tuple[str, Standing]]:
        return [(name, standing) for name in self.statuses() for standing in Standing]

    def _settled_in(self, class_id: str) -> Any:
        """Settled in the class: it holds and, where the first one settles, none before it."""
        classes = self.bound.policy.classes
        place = next(i for i, person_class in enumerate(classes) if person_class.id == class_id)
        before = classes[:place] if self.bound.policy.persons_in is PersonsIn.FIRST_CLASS else ()
        return z3.And(self._raw(classes[place]), *(z3.Not(self._raw(other)) for other in before))

    def _raw(self, person_class: PersonClass) -> Any:
        ways = z3.Or([self._member(member) for member in person_class.members])
        return z3.And(ways, self._test(person_class.when)) if person_class.when else ways

    def _member(self, member: Member) -> Any:
        if member.class_id is not None:
            way = self._raw(next(c for c in self.bound.policy.classes if c.id == member.class_id))
        else:
            assert member.status is not None
            way = self._covered(member.status, member.cover)
        return z3.And(way, self._test(member.when)) if member.when else way

    def _covered(self, status: str, cover: Cover | None) -> Any:
        """On the days of the status itself, and where it reaches back before a later application."""
        held, later = self._status(status, Standing.HELD), self._status(status, Standing.LATER)
        if cover is None or not cover.months_before:
            return held
        back = z3.And(later, z3.Not(held)) if cover.except_held else later
        return back if cover.until is CoverEnd.APPLICATION else z3.Or(held, back)

    def statuses(self) -> tuple[str, ...]:
        """Every status that the policy knows."""
        named = [m.status for c in self.bound.policy.classes for m in c.members if m.status]
        return tuple(dict.fromkeys([*named, *sorted(self.statuses_tested())]))

    # ---- asking ----

    def solver(self) -> Any:
        """A solver that knows what every event, and every two persons, are like."""
        solver = z3.SimpleSolver()
        solver.add(self.constraints)
        return solver

    def plain(self, solver: Any) -> Any:
        """A model of what the solver holds, as ordinary as it can be."""
        checked = solver.check()
        assert checked == z3.sat, "a witness is asked for only where one exists"
        model = solver.model()
        granted: list[Any] = []
        for wish in self.wishes:
            if not z3.is_true(model.eval(wish, model_completion=True)):
                if solver.check(*granted, wish) != z3.sat:
                    continue
                model = solver.model()
            granted.append(wish)
        return model

    def _wishes(self) -> list[Any]:
        # Of several ways into a class the one named first is kept, and a held status rather than a later application.
        ways = [(name, standing) for standing in reversed(Standing) for name in reversed(self.statuses())]
        wishes = [z3.Not(self._status(*way, person=person)) for way in ways for person in ("", OTHER)]
        wishes += [self._number("disease") == -1, self._number("service") == 0]
        wishes += [self.fact("month") == PLAIN["month"]]
        for name, fact in self.facts.items():
            usual = PLAIN.get(name, fact.default if fact.has_default else None)
            if name == "month":
                continue
            if usual is None:
                wishes.append(z3.Not(z3.Bool(f"given:{name}")))
                wishes.append(self.fact(name) == self._usual(fact))
            else:
                wishes.append(self.fact(name) == self._code(name, usual))
        return wishes

    def _usual(self, fact: Fact) -> Any:
        if fact.type is FactType.FLAG:
            return z3.BoolVal(False)
        return self.year - 1 if fact.type is FactType.YEAR else 1

    def found(self, model: Any, person: str = "") -> FactsFound:
        """What the model says of the event and the person."""

        def value(term: Any) -> Any:
            return model.eval(term, model_completion=True)

        disease = value(self._number("disease")).as_long()
        return FactsFound(
            day=self.days[value(self._number("day")).as_long()],
            service=list(SERVICES)[value(self._number("service")).as_long()],
            disease=self.diseases[disease] if disease >= 0 else None,
            statuses=tuple(
                status for status in self._standings() if z3.is_true(value(self._status(*status, person=person)))
            ),
            facts={name: self._found(fact, value) for name, fact in self.facts.items()},
        )

    def _found(self, fact: Fact, value: Any) -> bool | int | str | None:
        if not z3.is_true(value(z3.Bool(f"given:{fact.id}"))):
            return None
        if fact.type is FactType.FLAG:
            return bool(z3.is_true(value(self.fact(fact.id))))
        number = int(value(self.fact(fact.id)).as_long())
        return fact.choices[number] if fact.type is FactType.CHOICE else number


# ---- what a policy speaks of ---------------------------------------------------------------------------------------


def _days(policy: Policy, tests: Iterable[Test]) -> tuple[date, ...]:
    """Days enough to tell apart whatever tests on days and months can: some in every month between two such days."""
    start, end = policy.document.start, policy.document.end
    marks = sorted({start, *(day for test in tests for day in _days_asked(test) if day > start)})
    days = []
    for mark, following in zip(marks, [*marks[1:], end], strict=True):
        stop = min(following or date.max, next_new_year(next_new_year(mark)))
        first_of_months = {date(d.year, d.month, 1) for d in (mark + timedelta(n) for n in range((stop - mark).days))}
        days += sorted({max(mark, first.replace(day=15)) for first in first_of_months if first.replace(day=15) < stop})
    return tuple(dict.fromkeys(days)) or (start,)


def _certified(owners: Sequence[Policy]) -> tuple[Certified, ...]:
    """One disease for each set of lists and catalogues that some disease is in; the first in the lists' order."""
    lists = {name: listed for owner in owners for name, listed in owner.lists.items()}
    names = {name: {normal_name(n) for d in row.diseases for n in (d.name, *d.aliases)} for name, row in lists.items()}
    found: dict[object, Certified] = {}
    rows = (disease for listed in lists.values() for disease in listed.diseases)
    for disease in rows:
        own = {normal_name(name) for name in (disease.name, *disease.aliases)}
        items = {
            catalogue.id: tuple(_items_for(catalogue.entries, own))
            for owner in owners
            for catalogue in owner.catalogues.values()
        }
        in_lists = frozenset(name for name, known in names.items() if normal_name(disease.name) in known)
        kind = (in_lists, frozenset(name for name, entries in items.items() if entries))
        found.setdefault(kind, Certified(name=disease.name, lists=in_lists, items=items))
    return tuple(found.values())


def _items_for(entries: Sequence[CatalogueEntry], disease_names: set[str]) -> list[str]:
    return [entry.item for entry in entries if normal_name(entry.disease) in disease_names]


def _range(fact: Fact) -> tuple[int, int]:
    match fact.id, fact.type:
        case "level", _:
            return 1, 3
        case "age", _:
            return 0, 110
        case "admission_number", _:
            return 1, 99
        case _, FactType.CHOICE:
            return 0, len(fact.choices) - 1
        case _, FactType.YEAR:
            return 1950, 2150
        case _, FactType.MONEY:
            return 0, LARGEST_FEN
    return 0, LARGEST_NUMBER


def _between(term: Any, low: int, high: int) -> list[Any]:
    return [term >= low, term <= high]


def _table(values: Sequence[int], place: Any) -> Any:
    """values[place] as a term."""
    term: Any = z3.IntVal(values[-1])
    for i, value in enumerate(values[:-1]):
        term = z3.If(place == i, value, term)
    return term


def _parts(test: Test) -> tuple[Test, ...]:
    match test:
        case AllOf(tests=tests) | AnyOf(tests=tests):
            return tests
        case Not(test=inner):
            return (inner,)
    return ()


def _atoms(test: Test) -> Iterable[Test]:
    parts = _parts(test)
    return [test] if not parts else [atom for part in parts for atom in _atoms(part)]


def _tests_of(person_class: PersonClass) -> list[Test]:
    whens = [person_class.when, *(member.when for member in person_class.members)]
    return [when for when in whens if when is not None]


def _days_asked(test: Test) -> list[date]:
    return [atom.day for atom in _atoms(test) if isinstance(atom, Since)]


def _facts_asked(test: Test) -> set[str]:
    return {atom.fact for atom in _atoms(test) if isinstance(atom, Given)}


def _statuses_asked(test: Test) -> set[str]:
    return {name for atom in _atoms(test) if isinstance(atom, StatusIn) for name in atom.statuses}
