"""Who is recognised as what, from when to when.

How many hold a status is put right once for a city, on a trial population of its own: of those who may hold it, such a
share is drawn that on 1 July as many persons hold it as the figure says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from tuodi.batch.block import INSURANCE_WORDS, OPEN, STATUS_WORDS
from tuodi.batch.layout import MISSING
from tuodi.lab.population.chance import MILLION, Chance, Flags, Ints, Purpose, Seed, Weights
from tuodi.lab.population.people import BLOCK, ROLES, YEAR, Census, Persons
from tuodi.lab.population.settings import Assumptions, City, Course, StatusSpec, target_share

TRIAL_BLOCKS = 12

_FIRST_OF_MONTH = 700_000
_ON_APPLICATION = 600_000
_UNITS_OF_TRIAL = 40_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Periods:
    """By person of a block (`owner`), in listing order: a word of the case format, start <= day < end, application."""

    owner: Ints
    status: Ints
    start: Ints
    end: Ints
    applied: Ints

    @classmethod
    def joined(cls, several: Sequence[Periods]) -> Periods:
        """All of them, by person, in the order given."""
        columns = {name: np.concatenate([getattr(one, name) for one in several]) for name in _FIELDS}
        order = np.argsort(columns["owner"], kind="stable")
        return cls(**{name: column[order] for name, column in columns.items()})

    def holders(self, status: str, day: int | Ints, size: int) -> Flags:
        """Who of the block holds the status on the day, or each on a day of their own."""
        own = day if isinstance(day, int) else day[self.owner]
        rows = (self.status == STATUS_WORDS.index(status)) & (self.start <= own) & (own < self.end)
        return np.bincount(self.owner[rows], minlength=size) > 0


_FIELDS = ("owner", "status", "start", "end", "applied")


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """`granted[status]`: who holds it at some time; `in_need`: whom a status makes likely to be ill; `insurance`: a
    place in the case format's list."""

    periods: Periods
    granted: Mapping[str, Flags]
    in_need: Flags
    insurance: Ints


class Registrar:
    """Gives statuses to the persons of a city."""

    def __init__(self, city: City, assumed: Assumptions, census: Census) -> None:
        self._city, self._assumed = city, assumed
        self._runs = {name: _Run(city, course) for name, course in assumed.courses.items()}
        self._specs = [spec for name in city.statuses if (spec := assumed.statuses[name]).course != "by_cost"]
        self._chances: dict[str, int] = {}
        trial = Seed.of(city.id, -1)
        blocks = [census.persons(trial, block, BLOCK) for block in range(TRIAL_BLOCKS)]
        self._put_right(trial, blocks)

    def register(self, seed: Seed, block: int, persons: Persons) -> Register:
        """The statuses of the block's persons; those for the cost of an illness are not among them."""
        granted: dict[str, Flags] = {}
        periods: list[Periods] = []
        for spec in self._specs:
            holds = granted[spec.status] = self._drawn(spec, seed, block, persons, granted)
            periods += self._periods(spec, seed, block, persons, holds)
        needy = [granted[name] for name in granted if name in self._assumed.in_need]
        in_need = np.logical_or.reduce([np.zeros(persons.size, np.bool_), *needy])
        words = seed.stream(Purpose.INSURANCE, block).below(1000, persons.size)
        return Register(
            periods=Periods.joined(periods),
            granted=granted,
            in_need=in_need,
            insurance=self._insurance(persons, in_need, words),
        )

    def _insurance(self, persons: Persons, in_need: Flags, words: Ints) -> Ints:
        """Employees and the uninsured, per mille; all others are residents."""
        own, rest = self._city.insurance, self._assumed.insurance
        employee = np.where(persons.is_elder, own.employee_elder, own.employee_adult)
        employee = np.where(persons.is_child, rest.employee_child, employee)
        employee = np.where(in_need & ~persons.is_child, rest.employee_in_need, employee)
        none = np.where(persons.is_elder, own.none_elder, own.none_adult)
        none = np.where(in_need, rest.none_in_need, np.where(persons.is_child, rest.none_child, none))
        resident, employed, uninsured = (INSURANCE_WORDS.index(word) for word in ("resident", "employee", "none"))
        return np.where(words < employee, employed, np.where(words >= 1000 - none, uninsured, resident))

    # ---- how many ----

    def _put_right(self, seed: Seed, blocks: Sequence[Persons]) -> None:
        """Sets the chance of each status, in parts per million of one of average need."""
        granted: list[dict[str, Flags]] = [{} for _ in blocks]
        everybody = sum(persons.size for persons in blocks)
        for spec in self._specs:
            weights = sum(
                int(self._weights(spec, persons, known).sum()) for persons, known in zip(blocks, granted, strict=True)
            )
            wanted = self._share(spec) * everybody * self._runs[spec.course].held_by
            self._chances[spec.status] = min(wanted // max(weights, 1), MILLION)
            for block, (persons, known) in enumerate(zip(blocks, granted, strict=True)):
                known[spec.status] = self._drawn(spec, seed, block, persons, known)

    def _share(self, spec: StatusSpec) -> int:
        own = self._city.shares.get(spec.status, spec.share)
        return target_share(self._city, spec.status) if own is None else own

    # ---- who ----

    def _drawn(self, spec: StatusSpec, seed: Seed, block: int, persons: Persons, granted: Mapping[str, Flags]) -> Flags:
        words = seed.stream(Purpose.STATUSES, block, STATUS_WORDS.index(spec.status)).words(persons.size)
        if spec.unit == "household":
            words = words[persons.head]
        chance = self._chances[spec.status] * self._weights(spec, persons, granted) // 1000
        holds: Flags = words < (np.minimum(chance, MILLION) << 32) // MILLION
        return holds

    def _weights(self, spec: StatusSpec, persons: Persons, granted: Mapping[str, Flags]) -> Ints:
        """How readily each person gets it, per mille of the average; 0 for those who may not."""
        may = _WHO[spec.who](persons, self._assumed)
        if spec.among:
            may = may & granted[spec.among]
        for other in spec.not_with:
            if other in granted:
                may = may & ~(_by_household(persons, granted[other]) if spec.unit == "household" else granted[other])
        need = np.array([kind.need for kind in self._assumed.households])[persons.kind]
        if spec.unit == "household":
            return np.where(may, need, 0)
        if spec.who == "alone":
            return np.where(may, np.where(persons.is_elder, 1000, 200), 0)
        return np.where(may, 1000, 0)

    # ---- when ----

    def _periods(self, spec: StatusSpec, seed: Seed, block: int, persons: Persons, holds: Flags) -> Iterator[Periods]:
        holders = np.flatnonzero(holds)
        units = persons.head[holders] if spec.unit == "household" else holders
        different, back = np.unique(units, return_inverse=True)
        draws = seed.stream(Purpose.COURSES, block, STATUS_WORDS.index(spec.status))
        for name, rows, start, end, applied in self._spans(spec, draws, len(different)):
            place = np.full(len(different), MISSING)
            place[rows] = np.arange(len(rows))
            mine = place[back]
            owner, at = holders[mine != MISSING], mine[mine != MISSING]
            born = persons.birth[owner]
            yield Periods(
                owner=owner,
                status=np.full(len(owner), STATUS_WORDS.index(name)),
                start=np.maximum(start[at], born),
                end=np.maximum(end[at], born),
                applied=np.where(applied[at] >= born, applied[at], MISSING),
            )

    def _spans(self, spec: StatusSpec, draws: Chance, size: int) -> Iterator[tuple[str, Ints, Ints, Ints, Ints]]:
        """Status, rows, start, end and application: of the status itself, and of what goes before and after it."""
        run = self._runs[spec.course].drawn(draws, size)
        yield spec.status, np.arange(size), run.start, run.end, run.applied
        second = np.flatnonzero(run.again != MISSING)
        again = run.again[second]
        yield spec.status, second, again, np.full(len(second), OPEN), np.full(len(second), MISSING)
        yield from self._neighbours(spec, draws, run)

    def _neighbours(self, spec: StatusSpec, draws: Chance, run: _Spans) -> Iterator[tuple[str, Ints, Ints, Ints, Ints]]:
        size = len(run.start)
        follows, precedes = draws.hits(MILLION // 2, size), draws.hits(MILLION // 3, size)
        earlier = run.start - draws.between(200, 1500, size)
        after = [name for name in self._assumed.then.get(spec.status, ()) if name in self._city.statuses]
        before = [name for name in self._assumed.before.get(spec.status, ()) if name in self._city.statuses]
        if after:
            rows = np.flatnonzero(follows & run.leaves)
            none = np.full(len(rows), MISSING)
            yield after[0], rows, run.end[rows], np.full(len(rows), OPEN), none
        if before:
            rows = np.flatnonzero(precedes & run.enters)
            yield before[0], rows, earlier[rows], run.start[rows], np.full(len(rows), MISSING)


# ---- who may hold it -------------------------------------------------------------------------------------------------


def _without_parents(persons: Persons, assumed: Assumptions) -> Flags:
    kinds = [place for place, kind in enumerate(assumed.households) if "grandchild" in kind.roles]
    found: Flags = np.isin(persons.kind, kinds) & (persons.role == ROLES.index("grandchild")) & persons.is_child
    return found


def _alone(persons: Persons, assumed: Assumptions) -> Flags:
    kinds = [place for place, kind in enumerate(assumed.households) if len(kind.roles) == 1]
    return np.isin(persons.kind, kinds)


_WHO: Mapping[str, Callable[[Persons, Assumptions], Flags]] = {
    "everyone": lambda persons, _: np.ones(persons.size, np.bool_),
    "alone": _alone,
    "child_without_parents": _without_parents,
    "child": lambda persons, _: persons.is_child,
    "adult": lambda persons, _: ~persons.is_child & ~persons.is_elder,
    "elder": lambda persons, _: persons.is_elder,
    "fifty": lambda persons, _: persons.age >= 50 * YEAR,
    "seventy_five": lambda persons, _: persons.age >= 75 * YEAR,
    "eighty_five": lambda persons, _: persons.age >= 85 * YEAR,
}


def _by_household(persons: Persons, some: Flags) -> Flags:
    """Whether anyone of the person's household is one of these."""
    found: Flags = (np.bincount(persons.head[some], minlength=persons.size) > 0)[persons.head]
    return found


# ---- how it runs -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spans:
    """By holder: a period, and where there is one the first day of a second, open one (`again`, else MISSING)."""

    start: Ints
    end: Ints
    applied: Ints
    again: Ints
    enters: Flags
    leaves: Flags


_UNSTEADY = ("enters", "leaves", "breaks", "overlaps", "struck_off")


class _Run:
    """A course in the city's year. `held_by`: the inverse share of holders who hold it on 1 July, in thousandths."""

    def __init__(self, city: City, course: Course) -> None:
        self._names = tuple(Course.__dataclass_fields__)
        self._weights = Weights(getattr(course, name) for name in self._names)
        self._new_year = date(city.year, 1, 1).toordinal()
        self._next = date(city.year + 1, 1, 1).toordinal()
        run = self.drawn(Seed.of(city.id, -1).stream(Purpose.COURSES, 1 << 30), _UNITS_OF_TRIAL)
        day = middle_of(city)
        held = (run.start <= day) & (day < run.end) | ((run.again != MISSING) & (run.again <= day))
        self.held_by = 1000 * _UNITS_OF_TRIAL // int(held.sum())

    def drawn(self, draws: Chance, size: int) -> _Spans:
        """A course for each of so many holders."""
        way = draws.picks(self._weights, size)
        enters, leaves, breaks, overlaps, struck_off = (way == self._names.index(name) for name in _UNSTEADY)
        on_first = draws.hits(_FIRST_OF_MONTH, size)
        long_ago = _first_of_month(self._new_year - draws.between(20, 8 * YEAR, size), on_first)
        day = _first_of_month(self._new_year + draws.between(31, self._next - self._new_year - 1, size), on_first)
        later = self._next + draws.between(0, 2 * YEAR, size)
        gap = draws.between(20, 150, size)
        ends = np.where(draws.hits(MILLION // 10, size), later, OPEN)
        start = np.where(enters, day, long_ago)
        end = np.where(leaves | breaks, day, np.where(overlaps, day + gap, np.where(struck_off, self._next, ends)))
        again = np.where(breaks, day + gap, np.where(overlaps, day, MISSING))
        asked = start - draws.between(0, 45, size)
        known = draws.hits(_ON_APPLICATION, size) & enters
        return _Spans(
            start=start,
            end=np.where(enters, OPEN, end),
            applied=np.where(known, asked, MISSING),
            again=again,
            enters=enters,
            leaves=leaves,
        )


def middle_of(city: City) -> int:
    """1 July of the year: the day on which holders of a status are counted."""
    return date(city.year, 7, 1).toordinal()


def _first_of_month(days: Ints, wanted: Flags) -> Ints:
    """Ordinals brought back to the first of their month, where wanted."""
    months = (days - _EPOCH).astype("datetime64[D]").astype("datetime64[M]")
    return np.where(wanted, months.astype("datetime64[D]").astype(np.int64) + _EPOCH, days)


_EPOCH = date(1970, 1, 1).toordinal()
