"""What the facts of a program's events rest on: its policy's facts, classes, statuses over time, lists, catalogues."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tuodi.engine.case_fields import all_facts
from tuodi.engine.diseases import CatalogueBook, DiseaseBook
from tuodi.engine.kept import Kept
from tuodi.engine.program import Program
from tuodi.engine.timeline import Timeline
from tuodi.language.model import (
    AllOf,
    AnyOf,
    Catalogue,
    Cover,
    Fact,
    Not,
    PersonClass,
    PersonsIn,
    Policy,
    StatusIn,
    Test,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A way into a class: any of these slots of the timeline, under all these tests."""

    slots: int
    tests: tuple[Test, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FactGround:
    """`ways`: into each class, in the order of precedence. `keys_by`: classes whose application keys a recognition."""

    facts: Mapping[str, Fact]
    ways: Mapping[str, tuple[Way, ...]]
    keys_by: frozenset[str]
    first_class: bool
    timeline: Timeline
    diseases: DiseaseBook
    catalogues: Mapping[str, Catalogue]
    items: CatalogueBook


def fact_ground(program: Program, policy: Policy, plan: Policy | None) -> FactGround:
    """The ground of a program that was lowered from this policy and plan."""
    diseases, items = _BOOKS.of((policy, plan), lambda: _books(policy, plan))
    classes = {person_class.id: person_class for person_class in policy.classes}
    timeline = Timeline(policy.document, _slots(program, policy))
    return FactGround(
        facts=all_facts(policy, plan),
        ways={name: _ways(person_class, classes, timeline) for name, person_class in classes.items()},
        keys_by=_classes_with_cover(classes) or frozenset(classes),
        first_class=policy.persons_in is PersonsIn.FIRST_CLASS,
        timeline=timeline,
        diseases=diseases,
        catalogues=_catalogues(policy, plan),
        items=items,
    )


# ---- books, made once for a policy -----------------------------------------------------------------------------------

_BOOKS: Kept[tuple[DiseaseBook, CatalogueBook]] = Kept()


def _books(policy: Policy, plan: Policy | None) -> tuple[DiseaseBook, CatalogueBook]:
    lists = {**(plan.lists if plan else {}), **policy.lists}
    return DiseaseBook(lists), CatalogueBook(_catalogues(policy, plan))


def _catalogues(policy: Policy, plan: Policy | None) -> dict[str, Catalogue]:
    return {**(plan.catalogues if plan else {}), **policy.catalogues}


# ---- slots and ways --------------------------------------------------------------------------------------------------


def _slots(program: Program, policy: Policy) -> Iterator[tuple[str, Cover | None]]:
    """Each way in which a status is asked to hold."""
    tests = [bit.test for bit in program.bits]
    for person_class in policy.classes:
        tests.append(person_class.when)
        for member in person_class.members:
            tests.append(member.when)
            if member.status is not None:
                yield member.status, member.cover
    for test in tests:
        for status in sorted(_statuses(test)):
            yield status, None


def _statuses(test: Test | None) -> Iterable[str]:
    match test:
        case StatusIn(statuses=statuses):
            return statuses
        case Not(test=inner):
            return _statuses(inner)
        case AllOf(tests=tests) | AnyOf(tests=tests):
            return {status for inner in tests for status in _statuses(inner)}
    return ()


def _ways(person_class: PersonClass, classes: Mapping[str, PersonClass], timeline: Timeline) -> tuple[Way, ...]:
    """Every way into the class, those through other classes included; one for each set of tests."""
    slots: dict[tuple[Test, ...], int] = {}
    for member in person_class.members:
        if member.class_id is not None:
            inner = _ways(classes[member.class_id], classes, timeline)
        else:
            assert member.status is not None, "loaded: a member is a status or a class"
            inner = (Way(slots=timeline.bits[member.status, member.cover], tests=()),)
        for way in inner:
            asked = tuple(test for test in (*way.tests, member.when, person_class.when) if test is not None)
            slots[asked] = slots.get(asked, 0) | way.slots
    return tuple(Way(slots=mask, tests=tests) for tests, mask in slots.items())


def _classes_with_cover(classes: Mapping[str, PersonClass]) -> frozenset[str]:
    """Where several classes are settled at once, one that is granted on application keys the recognition."""
    return frozenset(
        name for name, person_class in classes.items() if any(member.cover for member in person_class.members)
    )
