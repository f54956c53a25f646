"""Who needs which care on which day: stays, claims of certified disease, visits, births, rehabilitation.

Rates are put right once for a city on its trial population, in expectation: so many stays for each hundred residents,
so large a share of them in hospitals of each level, and the published mean bill at each level.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

import numpy as np

from tuodi.batch.block import INSURANCE_WORDS, SERVICE_WORDS
from tuodi.batch.layout import MISSING
from tuodi.lab.population.chance import MILLION, Flags, Ints, Purpose, Quantiles, Seed, lognormal
from tuodi.lab.population.illness import Illness
from tuodi.lab.population.people import YEAR, Persons
from tuodi.lab.population.settings import Assumptions, ByLevel, City, targets_of
from tuodi.lab.population.statuses import Register


class Kind(IntEnum):
    """What an event is for."""

    STAY = 0
    SERIOUS_STAY = 1  # for the person's disease
    PSYCHIATRIC_STAY = 2
    CLAIM = 3  # of an ordinary certified chronic disease
    SERIOUS_CLAIM = 4
    VISIT = 5
    BIRTH = 6
    REHABILITATION = 7
    LATE_STAGE = 8
    ANNUAL = 9


STAYS = (Kind.STAY, Kind.SERIOUS_STAY)

_SERVICE_OF = {
    Kind.STAY: "inpatient",
    Kind.SERIOUS_STAY: "inpatient",
    Kind.PSYCHIATRIC_STAY: "psychiatric_inpatient",
    Kind.CLAIM: "outpatient_chronic",
    Kind.SERIOUS_CLAIM: "outpatient_chronic",
    Kind.VISIT: "outpatient",
    Kind.BIRTH: "childbirth",
    Kind.REHABILITATION: "rehabilitation",
    Kind.LATE_STAGE: "late_stage_care",
    Kind.ANNUAL: "annual_relief",
}
SERVICE_OF = np.array([SERVICE_WORDS.index(_SERVICE_OF[kind]) for kind in Kind])
"""By kind: the place of its service in the case format's list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Care:
    """By event of a block, by person and day: whose, what for, when; `condition`: the person's disease or MISSING."""

    person: Ints
    kind: Ints
    day: Ints
    condition: Ints

    @property
    def size(self) -> int:
        """How many."""
        return len(self.person)

    def is_(self, *kinds: Kind) -> Flags:
        """Whether the event is one of these."""
        wanted = np.zeros(len(Kind), np.bool_)
        wanted[list(kinds)] = True
        found: Flags = wanted[self.kind]
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Resident:
    """A block's persons with what their care hangs on."""

    persons: Persons
    register: Register
    condition: Ints


class Needs:
    """Draws the care of a city's people. `level_mix`: of ordinary stays; `bill_scale`: by level, per million."""

    def __init__(self, city: City, assumed: Assumptions, illness: Illness, trial: Sequence[Resident]) -> None:
        self._city, self._assumed, self._illness = city, assumed, illness
        self._new_year = date(city.year, 1, 1).toordinal()
        self._days = date(city.year + 1, 1, 1).toordinal() - self._new_year
        self._frailty: Quantiles = lognormal(assumed.stays.frailty_spread)
        self._psychiatric = illness.marked("psychiatric")
        self._stay_scale = MILLION
        self.level_mix: ByLevel = assumed.stays.level_mix
        self.bill_scale: ByLevel = (0, 0, 0)
        self._put_right(trial)

    def care(self, seed: Seed, block: int, people: Resident) -> Care:
        """Everything that the block's persons need in the year."""
        draws = seed.stream(Purpose.CARE, block)
        person, kind, day = [], [], []
        for of_kind, counts in self._counts(seed, block, people):
            who = np.repeat(np.arange(people.persons.size), counts)
            person.append(who)
            kind.append(np.full(len(who), of_kind))
            day.append(self._new_year + draws.below(self._days, len(who)))
        columns = [np.concatenate(several) for several in (person, kind, day)]
        order = np.argsort(columns[0] * 1024 + columns[2] - self._new_year, kind="stable")
        who, kinds, days = (column[order] for column in columns)
        own = np.isin(kinds, (Kind.SERIOUS_STAY, Kind.PSYCHIATRIC_STAY, Kind.SERIOUS_CLAIM))
        return Care(person=who, kind=kinds, day=days, condition=np.where(own, people.condition[who], MISSING))

    # ---- how often ----

    def _counts(self, seed: Seed, block: int, people: Resident) -> Iterator[tuple[Kind, Ints]]:
        size = people.persons.size
        draws = seed.stream(Purpose.CARE, block, 1)
        frailty = draws.quantiles(self._frailty, size)
        general, own = self._stay_rates(people)
        scaled = (general * self._stay_scale * frailty + MILLION * MILLION // 2) // (MILLION * MILLION)
        yield Kind.STAY, draws.counts(scaled)
        yield Kind.SERIOUS_STAY, draws.counts(own)
        yield Kind.PSYCHIATRIC_STAY, draws.counts(self._psychiatric_rates(people))
        yield Kind.CLAIM, self._chronic(people.persons, draws.below(1000, size), draws.below(1000, size))
        claims = self._of_condition(people, self._illness.claims)
        yield Kind.SERIOUS_CLAIM, claims - draws.below(claims // 3 + 1, size)
        yield Kind.VISIT, draws.counts(self._visit_rates(people.persons))
        yield Kind.BIRTH, self._births(people.persons, draws.below(1000, size))
        rehabilitated = people.register.granted.get("severe_disability", np.zeros(size, np.bool_))
        yield Kind.REHABILITATION, draws.counts(np.where(rehabilitated, self._assumed.rehabilitation.rate, 0))

    def _stay_rates(self, people: Resident) -> tuple[Ints, Ints]:
        """Per mille a year: ordinary stays before they are put right, and stays for the person's disease."""
        persons, factors = people.persons, self._assumed.stays.age_factors
        factor = np.where(persons.is_elder, factors.elder, factors.adult)
        factor = np.where(persons.is_child, np.where(persons.age < 4 * YEAR, factors.infant, factors.child), factor)
        need = np.where(people.register.in_need, self._assumed.in_need_factor, 1000)
        return factor * need // 1000, self._of_condition(people, self._illness.stays)

    def _psychiatric_rates(self, people: Resident) -> Ints:
        assumed = self._assumed.psychiatric
        ill = (people.condition != MISSING) & self._psychiatric[people.condition]
        return np.where(ill, np.where(people.register.in_need, assumed.in_need, assumed.stays), 0)

    def _chronic(self, persons: Persons, held: Ints, claims: Ints) -> Ints:
        """Claims of those who hold a certificate of an ordinary chronic disease."""
        chronic = self._assumed.chronic
        share = np.where(persons.is_child, chronic.child, np.where(persons.is_elder, chronic.elder, chronic.adult))
        most = 2 * chronic.claims // 1000
        return np.where(held < share, 1 + claims * (most - 1) // 1000, 0)

    def _visit_rates(self, persons: Persons) -> Ints:
        visits = self._assumed.visits
        by_age = np.where(persons.is_child, visits.child, np.where(persons.is_elder, visits.elder, visits.adult))
        return self._city.visits * by_age // 1000

    def _births(self, persons: Persons, words: Ints) -> Ints:
        births = self._assumed.births
        youngest, oldest = (age * YEAR for age in births.ages)
        mothers = ~persons.male & (persons.age >= youngest) & (persons.age < oldest)
        return (mothers & (words < births.rate)).astype(np.int64)

    @staticmethod
    def _of_condition(people: Resident, column: Ints) -> Ints:
        return np.where(people.condition != MISSING, column[people.condition], 0)

    # ---- put right ----

    def _put_right(self, trial: Sequence[Resident]) -> None:
        wanted = {(target.measure, target.of): target.value for target in targets_of(self._city)}
        residents = general = own = heavy = 0
        for people in trial:
            insured = people.register.insurance == INSURANCE_WORDS.index("resident")
            rates, serious = (rate[insured] for rate in self._stay_rates(people))
            residents += len(rates)
            general += int(rates.sum())
            own += int(serious.sum())
            heavy += int((serious * self._of_condition(people, self._illness.factor)[insured]).sum())
        stays = int(wanted["stays_per_hundred", "resident"] * 10) * residents
        self._stay_scale = max(stays - own, 0) * MILLION // general
        self._put_levels_right(own * 1000 // stays, heavy // max(own, 1))

    def _put_levels_right(self, serious: int, heavy: int) -> None:
        """`serious`: per mille of stays; `heavy`: what a bill of these is on average, per mille of others."""
        mix, of_serious = self._assumed.stays.level_mix, self._assumed.stays.serious_level_mix
        rest = [max(all_ * 1000 - serious * own, 0) for all_, own in zip(mix, of_serious, strict=True)]
        self.level_mix = rest[0], rest[1], rest[2]
        scales = [
            MILLION * (left + serious * own) // (left + serious * own * heavy // 1000)
            for left, own in zip(rest, of_serious, strict=True)
        ]
        self.bill_scale = scales[0], scales[1], scales[2]
