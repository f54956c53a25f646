"""Events that are applications: late-stage care, and one-off relief of a past year; only where a policy has them."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, TypeVar

import numpy as np

from tuodi.batch.layout import MISSING
from tuodi.lab.population.bills import Bills
from tuodi.lab.population.care import STAYS, Care, Kind, Resident
from tuodi.lab.population.chance import Chance, Flags, Ints, Purpose, Seed
from tuodi.lab.population.illness import Illness
from tuodi.lab.population.running import running
from tuodi.lab.population.settings import Assumptions, City
from tuodi.lab.population.statuses import Periods
from tuodi.language.model import Policy

_T = TypeVar("_T")

_LATE_STAGE_FOR = ("extreme_poverty", "orphan", "subsistence_allowance", "entitled_group", "registered_poor")
_ANNUAL_FOR = ("low_income", "low_income_elderly", "low_income_minor", "severe_disability", "illness_impoverished",
               "family_planning_hardship", "other_hardship_patient")  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """A block's care and bills together."""

    care: Care
    bills: Bills


class Applicants:
    """Adds a city's applications to a year; nothing in a city whose policy has none."""

    def __init__(self, city: City, assumed: Assumptions, illness: Illness, policy: Policy) -> None:
        self._rule = assumed.applications
        services = {service for benefit in policy.benefits for service in benefit.services}
        self._late, self._annual = "late_stage_care" in services, "annual_relief" in services
        self._new_year = date(city.year, 1, 1).toordinal()
        self._next = date(city.year + 1, 1, 1).toordinal()
        listed = [found for name, found in illness.listed.items() if name.startswith("late_stage")]
        self._listed = np.logical_or.reduce([np.zeros(len(illness.conditions), np.bool_), *listed])

    def added(self, seed: Seed, block: int, people: Resident, periods: Periods, year: Year) -> Year:
        """The year with its applications, by person and day."""
        draws = seed.stream(Purpose.APPLICATIONS, block)
        if self._late:
            year = _with(year, self._late_stage(draws, people, periods))
        if self._annual:
            year = _with(year, self._annual_relief(draws, people, periods, year))
        return year

    def _late_stage(self, draws: Chance, people: Resident, periods: Periods) -> Care:
        size = people.persons.size
        ill = (people.condition != MISSING) & self._listed[people.condition]
        day = self._new_year + draws.below(self._next - self._new_year, size)
        who = ill & _holds_any(periods, _LATE_STAGE_FOR, day, size)
        first = who & (draws.below(1000, size) < self._rule.late_stage)
        again = first & (draws.below(1000, size) < self._rule.late_stage_again)
        later = np.minimum(day + draws.between(20, 200, size), self._next - 1)
        one, other = np.flatnonzero(first), np.flatnonzero(again)
        return _applications(
            Kind.LATE_STAGE, np.append(one, other), np.append(day[one], later[other]), people.condition
        )

    def _annual_relief(self, draws: Chance, people: Resident, periods: Periods, year: Year) -> Care:
        size = people.persons.size
        costly = _costly(year, self._rule.annual_above * 100, size)
        late = draws.below(1000, size) < self._rule.annual_late
        day = self._next + draws.below(57, size) + np.where(late, 62, 0)
        who = costly & _holds_any(periods, _ANNUAL_FOR, day, size)
        first = who & (draws.below(1000, size) < self._rule.annual)
        again = first & (draws.below(1000, size) < self._rule.annual_again)
        later = day + draws.between(1, 20, size)
        one, other = np.flatnonzero(first), np.flatnonzero(again)
        nothing = np.full(size, MISSING)
        return _applications(Kind.ANNUAL, np.append(one, other), np.append(day[one], later[other]), nothing)


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _holds_any(periods: Periods, statuses: tuple[str, ...], day: Ints, size: int) -> Flags:
    found: Flags = np.logical_or.reduce([periods.holders(status, day, size) for status in statuses])
    return found


def _costly(year: Year, above: int, size: int) -> Flags:
    """Whose in-policy fees of stays come to more than the amount."""
    stays = year.care.is_(*STAYS, Kind.PSYCHIATRIC_STAY)
    so_far = running(year.care.person, np.where(stays, year.bills.in_policy, 0))
    return np.bincount(year.care.person[so_far > above], minlength=size) > 0


def _applications(kind: Kind, person: Ints, day: Ints, condition: Ints) -> Care:
    return Care(person=person, kind=np.full(len(person), kind), day=day, condition=condition[person])


def _with(year: Year, more: Care) -> Year:
    """Both, by person and day; an application has no bill and no institution."""
    person = np.append(year.care.person, more.person)
    order = np.lexsort((np.append(year.care.day, more.day), person))
    care = Care(**{one.name: np.append(getattr(year.care, one.name), getattr(more, one.name))[order]
                   for one in fields(Care)})  # fmt: skip
    return Year(care=care, bills=_padded(year.bills, more.size, order))


def _padded(value: _T, size: int, order: Ints) -> _T:
    """Every column of the record with so many rows that say nothing, in the order."""
    record: Any = value
    changed: dict[str, Any] = {}
    for one in fields(record):
        column = getattr(record, one.name)
        if isinstance(column, np.ndarray):
            blank = MISSING if one.name in ("number", "bed_days") else 0
            changed[one.name] = np.append(column, np.full(size, blank, column.dtype))[order]
        else:
            changed[one.name] = _padded(column, size, order)
    made: _T = replace(record, **changed)
    return made
