"""Which rules can hold at once: every test as a formula over a few variables with small domains.

An event is a choice of one value for each variable: the service, each status (held or not), each fact (a value for
each interval that some test tells apart), the lists that a disease is in. Whether some event makes a set of formulas
true is found by trying, with three-valued evaluation. What the variables can't tell, covers, uses, limits, is free:
so "can't hold" is certain, and "can hold" may need an event that never comes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import NamedTuple

from tuodi.language.model import (
    BUILT_IN_FACTS,
    SERVICES,
    AllOf,
    AnyOf,
    Benefit,
    Between,
    ClassIn,
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
    ServiceIn,
    Since,
    StatusIn,
    Test,
)
from tuodi.language.parts.lists import normalised_name
from tuodi.language.walk import atoms, conditions_of, parameters_of

Answer = object
"""A value of a variable: a service, True, a number, a set of lists, None for a fact that is not given."""

Event = dict[str, Answer]
"""The values chosen so far, by variable."""


class Lit(NamedTuple):
    """The variable has one of the values."""

    variable: str
    values: frozenset[Answer]


class And(NamedTuple):
    """All of them."""

    parts: tuple[Formula, ...]


class Or(NamedTuple):
    """One of them."""

    parts: tuple[Formula, ...]


class No(NamedTuple):
    """Not that."""

    part: Formula


Formula = Lit | And | Or | No

# ---- solving ---------------------------------------------------------------------------------------------------------


class Undecided(Exception):
    """Trying has taken too long: nobody writes such conditions for people."""


class Solver:
    """Tries events over the domains, at most `patience` steps in all."""

    def __init__(self, domains: Mapping[str, tuple[Answer, ...]], patience: int = 200_000) -> None:
        self.domains = domains
        self.patience = patience

    def example(self, formulas: Iterable[Formula]) -> Event | None:
        """An event, as far as it matters, for which all formulas hold; None if there is none. Raises Undecided."""
        return self._search(list(formulas), {})

    def _search(self, formulas: list[Formula], chosen: Event) -> Event | None:
        self.patience -= 1
        if self.patience < 0:
            raise Undecided
        open_formulas = []
        for formula in formulas:
            truth = holds(formula, chosen)
            if truth is False:
                return None
            if truth is None:
                open_formulas.append(formula)
        return self._branch(open_formulas, chosen) if open_formulas else dict(chosen)

    def _branch(self, formulas: list[Formula], chosen: Event) -> Event | None:
        variable = _first_open(formulas[0], chosen)
        for value in self.domains[variable]:
            chosen[variable] = value
            found = self._search(formulas, chosen)
            if found is not None:
                return found
        del chosen[variable]
        return None


def holds(formula: Formula, chosen: Event) -> bool | None:
    """Whether it holds; None while that hangs on variables without a value."""
    if isinstance(formula, Lit):
        return chosen[formula.variable] in formula.values if formula.variable in chosen else None
    if isinstance(formula, No):
        truth = holds(formula.part, chosen)
        return None if truth is None else not truth
    return _settled(formula.parts, chosen, by=isinstance(formula, Or))


def _settled(parts: tuple[Formula, ...], chosen: Event, *, by: bool) -> bool | None:
    """`by` as soon as one part is it, the opposite when all are the opposite."""
    result: bool | None = not by
    for part in parts:
        truth = holds(part, chosen)
        if truth is by:
            return by
        if truth is None:
            result = None
    return result


def _first_open(formula: Formula, chosen: Event) -> str:
    """A variable without a value that the formula hangs on."""
    if isinstance(formula, Lit):
        return formula.variable
    if isinstance(formula, No):
        return _first_open(formula.part, chosen)
    return _first_open(next(part for part in formula.parts if holds(part, chosen) is None), chosen)


# ---- a policy as formulas --------------------------------------------------------------------------------------------

_BOUNDS = {"month": (1, 12), "level": (1, 3), "admission_number": (1, None)}
_YES = frozenset({True})


class Space:
    """The variables of a policy with their domains, and its tests and rules as formulas."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.facts: Mapping[str, Fact] = {**BUILT_IN_FACTS, **policy.facts}
        self.domains: dict[str, tuple[Answer, ...]] = {"service": tuple(SERVICES)}
        asked = [atom for test in conditions_of(policy) for atom in atoms(test)]
        for name in {atom.fact for atom in asked if isinstance(atom, Is | Between | Given)}:
            self.domains[f"fact:{name}"] = tuple(self._values(self.facts[name], asked))
        self.hits = tuple(self._hits())
        self.domains["disease"] = self.hits
        self.days = sorted({atom.day for atom in asked if isinstance(atom, Since)})
        self.domains["day"] = tuple(range(len(self.days) + 1))
        self.solver = Solver(self.domains)
        self.conditions = {each.id: self.formula(each.when) for each in policy.general_conditions}
        self.classes = self._class_formulas()

    def _values(self, fact: Fact, asked: list[Test]) -> Iterator[Answer]:
        """One value for each interval that the tests tell apart; None where the fact may be missing."""
        if fact.has_default and fact.default is None:
            yield None
        if fact.type is FactType.FLAG:
            yield from (True, False)
        elif fact.type is FactType.CHOICE:
            yield from fact.choices
        else:
            least, most = _BOUNDS.get(fact.id, (0, None))
            starts = {least, *(start for atom in asked for start in _starts(atom, fact.id))}
            yield from sorted(start for start in starts if start >= least and (most is None or start <= most))

    def _hits(self) -> Iterator[frozenset[str]]:
        """The sets of lists that an event's diseases can be in: one disease's, or those of two."""
        listed: dict[str, set[str]] = {}
        for each in self.policy.lists.values():
            for disease in each.diseases:
                for name in (disease.name, *disease.aliases):
                    listed.setdefault(normalised_name(name), set()).add(each.id)
        single = {frozenset(), *(frozenset(lists) for lists in listed.values())}
        yield from sorted(single | {a | b for a, b in combinations(single, 2)}, key=sorted)

    def example(self, *formulas: Formula) -> Event | None:
        """An event for which all of them hold; None if there is none. Raises Undecided."""
        return self.solver.example(formulas)

    # ---- tests -------------------------------------------------------------------------------------------------------

    def formula(self, test: Test) -> Formula:
        """The test as a formula."""
        match test:
            case AllOf(tests=tests):
                return And(tuple(self.formula(each) for each in tests))
            case AnyOf(tests=tests):
                return Or(tuple(self.formula(each) for each in tests))
            case Not(test=inner):
                return No(self.formula(inner))
            case _:
                return self._atom(test)

    def _atom(self, test: Test) -> Formula:
        match test:
            case ServiceIn(services=services):
                return Lit("service", services)
            case StatusIn(statuses=statuses):
                return Or(tuple(self._switch(f"status:{name}") for name in sorted(statuses)))
            case ClassIn(classes=classes):
                return Or(tuple(self.classes[name] for name in sorted(classes)))
            case DiseaseIn(lists=lists):
                return Lit("disease", frozenset(hit for hit in self.hits if not lists.isdisjoint(hit)))
            case Since(day=day):
                return Lit("day", frozenset(range(self.days.index(day) + 1, len(self.days) + 1)))
            case Is() | Between() | Given():
                values = self.domains[f"fact:{test.fact}"]
                return Lit(f"fact:{test.fact}", frozenset(value for value in values if _admits(test, value)))
            case _:  # a past year, a count that has been reached: free
                return self._switch(str(test))

    def _switch(self, variable: str) -> Formula:
        """A variable that is true or false."""
        self.domains[variable] = (True, False)
        return Lit(variable, _YES)

    # ---- classes -----------------------------------------------------------------------------------------------------

    def _class_formulas(self) -> dict[str, Formula]:
        """For each class: to be settled in it. In `first_class`, to be in none before it."""
        inside: dict[str, Formula] = {}
        settled: dict[str, Formula] = {}
        for each in self.policy.classes:
            before = tuple(No(other) for other in inside.values())
            inside[each.id] = self._inside(each, inside)
            alone = self.policy.persons_in is PersonsIn.FIRST_CLASS and before
            settled[each.id] = And((inside[each.id], *before)) if alone else inside[each.id]
        return settled

    def _inside(self, each: PersonClass, inside: Mapping[str, Formula]) -> Formula:
        member = Or(tuple(self._member(one, each, inside) for one in each.members))
        return And((member, self.formula(each.when))) if each.when else member

    def _member(self, one: Member, each: PersonClass, inside: Mapping[str, Formula]) -> Formula:
        if one.class_id:
            held = inside[one.class_id]
        elif one.cover:
            held = self._switch(f"cover:{one.status}:{each.id}")
        else:
            held = self._switch(f"status:{one.status}")
        return And((held, self.formula(one.when))) if one.when else held

    # ---- rules -------------------------------------------------------------------------------------------------------

    def guard(self, benefit: Benefit) -> Formula:
        """When the benefit applies."""
        parts: list[Formula] = [Lit("service", benefit.services)]
        if benefit.classes:
            parts.append(self.formula(ClassIn(classes=benefit.classes)))
        if benefit.when:
            parts.append(self.formula(benefit.when))
        parts += [formula for name, formula in self.conditions.items() if name not in benefit.waives]
        if benefit.once:
            parts.append(self._switch(f"unused:{benefit.once}"))
        if benefit.catalogue:
            parts.append(self._switch(f"items:{benefit.catalogue}"))
        optional = (name for name in parameters_of(benefit) if self.policy.parameters[name].optional)
        parts += [self._switch(f"parameter:{name}") for name in sorted(optional)]
        return And(tuple(parts))


def _starts(atom: Test, fact: str) -> Iterator[int]:
    """Where the intervals begin that the test tells apart."""
    if isinstance(atom, Between) and atom.fact == fact:
        yield from (start for start in (atom.at_least, atom.below) if start is not None)
    if isinstance(atom, Is) and atom.fact == fact:
        yield from (start for value in atom.values if isinstance(value, int) for start in (value, value + 1))


def _admits(test: Is | Between | Given, value: Answer) -> bool:
    """Whether the test holds for the value of its fact; of one that is not given none does."""
    if isinstance(test, Given):
        return value is not None
    if isinstance(test, Is):
        return value in test.values
    least, end = test.at_least, test.below
    return isinstance(value, int) and (least is None or value >= least) and (end is None or value < end)
