"""The facts of an event, told plainly: date by date, test by test, in three values (None: cannot be told).

Written from the rules and not from the package's way of doing it: no slots, no masks, no generated source.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from tuodi.core.period import age_on, first_of_month, months_back, next_new_year
from tuodi.engine.bind import Bound
from tuodi.engine.record import Event, Item, Person, StatusPeriod
from tuodi.language.model import (
    BUILT_IN_FACTS,
    AllOf,
    AnyOf,
    Between,
    ClassIn,
    Cover,
    CoverEnd,
    DiseaseIn,
    FactSource,
    Given,
    Is,
    Not,
    PersonClass,
    PersonsIn,
    Reached,
    ServiceIn,
    Since,
    StatusIn,
    Test,
    YearsBefore,
)

Truth = bool | None


def all_of(truths: Iterable[Truth]) -> Truth:
    truths = list(truths)
    return False if False in truths else None if None in truths else True


def any_of(truths: Iterable[Truth]) -> Truth:
    truths = list(truths)
    return True if True in truths else None if None in truths else False


def negated(truth: Truth) -> Truth:
    return None if truth is None else not truth


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A way in which a class is reached on the day: whether it is, whether it is in force, the application's day."""

    truth: Truth
    in_force: bool
    key: int


@dataclass(slots=True, kw_only=True)
class PlainFacts:
    """What one event of one person comes to."""

    bound: Bound
    person: Person
    event: Event
    item: Item | None = None

    # ---- what a situation has ----

    def words(self) -> tuple[set[str], set[str]]:
        """Ids of the bits that are set, and of those that cannot be told."""
        return self.told(per_item=False)

    def item_words(self) -> tuple[set[str], set[str]]:
        """The same of the bits of an item."""
        return self.told(per_item=True)

    def told(self, per_item: bool) -> tuple[set[str], set[str]]:
        bits = [bit for bit in self.bound.program.bits if bit.per_item is per_item]
        truths = {bit.id: self.bit(bit.id, bit.test) for bit in bits}
        known = {name for name, truth in truths.items() if truth}
        return known, {name for name, truth in truths.items() if truth is None}

    def recognition(self) -> int:
        """Of the first class that is settled; where several may be, of the first that is granted on application."""
        classes = self.bound.policy.classes
        on_application = [one for one in classes if any(member.cover for member in one.members)]
        for one in on_application or classes:
            if self.settled(one.id):
                return min(held.key for held in self.held(one.id) if held.truth and held.in_force)
        return 0

    def bit(self, name: str, test: Test | None) -> Truth:
        if name == "day_in_force":
            return self.day_in_force()
        if name == "in_force":
            return any_of([self.day_in_force(), *(self.settled(one.id) for one in self.bound.policy.classes)])
        if name.startswith("class:"):
            return self.settled(name.removeprefix("class:"))
        if name.startswith("item_counts:"):
            return self.item_counts(name.removeprefix("item_counts:"))
        return False if test is None or _hangs_on_counts(test) else self.truth(test)

    # ---- the day and the classes ----

    def day_in_force(self) -> bool:
        document = self.bound.policy.document
        return document.start <= self.event.date and (document.end is None or self.event.date < document.end)

    def settled(self, name: str) -> Truth:
        """Held and in force; where the first class settles, also that no class before it holds."""
        truth = any_of(held.truth for held in self.held(name) if held.in_force)
        if self.bound.policy.persons_in is PersonsIn.EVERY_CLASS:
            return truth
        for one in self.bound.policy.classes:
            if one.id == name:
                break
            truth = all_of([truth, negated(any_of(held.truth for held in self.held(one.id)))])
        return truth

    def held(self, name: str) -> list[Held]:
        one = self.class_named(name)
        found = []
        for member in one.members:
            if member.class_id is not None:
                ways = self.held(member.class_id)
            else:
                assert member.status is not None
                ways = self.by_status(member.status, member.cover)
            tests = [test for test in (member.when, one.when) if test is not None]
            for way in ways:
                truth = all_of([way.truth, *(self.truth(test, of_class=True) for test in tests)])
                found.append(Held(truth=truth, in_force=way.in_force, key=way.key))
        return found

    def class_named(self, name: str) -> PersonClass:
        return next(one for one in self.bound.policy.classes if one.id == name)

    def by_status(self, status: str, cover: Cover | None) -> list[Held]:
        periods = [period for period in self.person.statuses if period.status == status]
        if cover is None:
            return [
                Held(truth=True, in_force=self.day_in_force(), key=_applied(period).toordinal())
                for period in periods
                if _is_held(period, self.event.date)
            ]
        found = []
        for period in counted(periods, cover):
            applied, day = _applied(period), self.event.date
            first, last = covered(period, cover)
            if not first <= day < last:
                continue
            reached_back = day < applied
            if reached_back and cover.except_held and any(_is_recognised(other, day) for other in periods):
                continue
            in_force = self.day_in_force() or (reached_back and self._applied_in_force(applied))
            found.append(Held(truth=True, in_force=in_force, key=applied.toordinal()))
        return found

    def _applied_in_force(self, applied: date) -> bool:
        document = self.bound.policy.document
        return document.start <= applied and (document.end is None or applied < document.end)

    # ---- tests ----

    def truth(self, test: Test, of_class: bool = False) -> Truth:
        match test:
            case Not(test=inner):
                return negated(self.truth(inner, of_class))
            case AllOf(tests=tests):
                return all_of(self.truth(inner, of_class) for inner in tests)
            case AnyOf(tests=tests):
                return any_of(self.truth(inner, of_class) for inner in tests)
            case ServiceIn(services=services):
                return self.event.service in services
            case StatusIn(statuses=statuses):
                return any(
                    period.status in statuses and _is_held(period, self.event.date) for period in self.person.statuses
                )
            case Since(day=day):
                return self.event.date >= day
            case ClassIn(classes=classes) if of_class:
                return any_of(held.truth for name in classes for held in self.held(name))
            case ClassIn(classes=classes):
                return any_of(self.settled(name) for name in classes)
            case DiseaseIn(lists=lists):
                return any_of(truth for (list_id, _), truth in self.diseases().items() if list_id in lists)
        return self.fact_truth(test)

    def fact_truth(self, test: Any) -> Truth:
        value, optional = self.fact(test.fact)
        if isinstance(test, Given):
            return value is not None
        if value is None:
            return False if optional else None
        match test:
            case Is(values=values):
                return any(type(value) is type(one) and value == one for one in values)
            case Between(at_least=at_least, below=below):
                return (at_least is None or at_least <= value) and (below is None or value < below)
            case YearsBefore(years=years):
                return self.event.year - value == years
        raise AssertionError(test)

    def fact(self, name: str) -> tuple[Any, bool]:
        """The value, and whether None is an answer of its own."""
        if name == "insurance":
            return self.person.insurance, True
        if name == "month":
            return self.event.date.month, True
        if name == "age":
            birth = self.person.birth
            if birth is None:
                return None, False
            return age_on(date(birth // 10000, birth // 100 % 100, birth % 100), self.event.date), False
        plan = self.bound.plan.facts if self.bound.plan else {}
        fact = {**BUILT_IN_FACTS, **plan, **self.bound.policy.facts}[name]
        if fact.source is FactSource.PERSON:
            return self.person.facts[name], fact.has_default
        if fact.source is FactSource.ITEM and self.item is not None and self.item.facts.get(name) is not None:
            return self.item.facts[name], fact.has_default
        return self.event.facts[name], fact.has_default

    # ---- diseases and items ----

    def diseases(self) -> dict[tuple[str, str], Truth]:
        """Each disease of each list, as (list, name): whether it is the event's."""
        found = {}
        lists = {**(self.bound.plan.lists if self.bound.plan else {}), **self.bound.policy.lists}
        for one in lists.values():
            for disease in one.diseases:
                certified = self.event.disease is not None and plain(self.event.disease) in [
                    plain(name) for name in (disease.name, *disease.aliases)
                ]
                coded = any(
                    code.replace(".", "").upper().startswith(prefix.replace(".", ""))
                    for code in self.event.diagnoses
                    for prefix in disease.icd10
                )
                if disease.needs_below_age is not None:
                    age = self.fact("age")[0]
                    told = None if age is None else age < disease.needs_below_age
                else:
                    told = not disease.needs
                found[one.id, disease.name] = any_of([certified, all_of([coded, told])])
        return found

    def item_counts(self, catalogue_id: str) -> Truth:
        assert self.item is not None
        catalogue = self.bound.policy.catalogues[catalogue_id]
        names = {plain(name): entry.item for entry in catalogue.entries for name in (entry.item, *entry.aliases)}
        item = names.get(plain(self.item.item))
        diseases = self.diseases()
        return any_of(diseases[catalogue.diseases, entry.disease] for entry in catalogue.entries if entry.item == item)


def plain(name: str) -> str:
    table = str.maketrans("（）ⅠⅡⅧ", "()\0\1\2")
    text = "".join(name.split()).translate(table)
    return text.replace("\0", "I").replace("\1", "II").replace("\2", "VIII")


def counted(periods: list[StatusPeriod], cover: Cover) -> list[StatusPeriod]:
    ordered = sorted(periods, key=_applied)
    if not cover.one_application_per_year:
        return ordered
    kept: list[StatusPeriod] = []
    for period in ordered:
        if all(_applied(other).year != _applied(period).year for other in kept):
            kept.append(period)
    return kept


def covered(period: StatusPeriod, cover: Cover) -> tuple[date, date]:
    """The first day, and the day after the last."""
    applied, end = _applied(period), _end(period)
    first = applied
    if period.applied_on is not None:
        first = months_back(applied, cover.months_before)
        first = first_of_month(first) if cover.from_first_of_month else first
    if cover.until is CoverEnd.YEAR_END:
        end = min(end, next_new_year(applied))
    if cover.until is CoverEnd.APPLICATION:
        end = min(end, applied)
    return first, end


def _applied(period: StatusPeriod) -> date:
    return date.fromordinal(period.start if period.applied_on is None else period.applied_on)


def _end(period: StatusPeriod) -> date:
    return date.max if period.end is None else date.fromordinal(period.end)


def _is_held(period: StatusPeriod, day: date) -> bool:
    return date.fromordinal(period.start) <= day < _end(period)


def _is_recognised(period: StatusPeriod, day: date) -> bool:
    return _applied(period) <= day < _end(period)


def _hangs_on_counts(test: Test) -> bool:
    match test:
        case Reached():
            return True
        case Not(test=inner):
            return _hangs_on_counts(inner)
        case AllOf(tests=tests) | AnyOf(tests=tests):
            return any(_hangs_on_counts(inner) for inner in tests)
    return False
