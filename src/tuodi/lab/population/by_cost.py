"""Recognitions for what an illness cost: applied for after the bill with which the year's fees pass an amount."""

from __future__ import annotations

import numpy as np

from tuodi.batch.block import STATUS_WORDS
from tuodi.batch.layout import MISSING
from tuodi.lab.population.bills import Bills
from tuodi.lab.population.care import Care, Resident
from tuodi.lab.population.chance import Chance, Flags, Ints, Purpose, Seed
from tuodi.lab.population.running import running
from tuodi.lab.population.settings import Assumptions, City
from tuodi.lab.population.statuses import Periods

_RELIEVED_ANYWAY = ("extreme_poverty", "subsistence_allowance")


def by_cost(
    city: City, assumed: Assumptions, seed: Seed, block: int, people: Resident, care: Care, bills: Bills
) -> Periods:
    """The periods of statuses that the city gives for the cost of an illness; none where it has no such status."""
    words = [place for place, word in enumerate(STATUS_WORDS) if word in _granted_by_cost(city, assumed)]
    rule = assumed.by_cost
    size = people.persons.size
    draws = seed.stream(Purpose.BY_COST, block)
    passed = _day_passed(care, bills, rule.fees * 100, size)
    applies = (passed != MISSING) & ~_relieved(people, passed, size) & (draws.below(1000, size) < rule.applies)
    if not words:
        applies[:] = False
    which = np.array([*words, 0])[draws.below(max(len(words), 1), size)]
    applied = passed + draws.between(*rule.within, size)
    first = _periods(draws, assumed, np.flatnonzero(applies), which, applied)
    again = applies & (draws.below(1000, size) < rule.again)
    second = _periods(draws, assumed, np.flatnonzero(again), which, applied + draws.between(40, 300, size))
    return Periods.joined([first, second])


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _granted_by_cost(city: City, assumed: Assumptions) -> list[str]:
    return [name for name in city.statuses if assumed.statuses[name].course == "by_cost"]


def _day_passed(care: Care, bills: Bills, fees: int, size: int) -> Ints:
    """By person the day on which the year's fees passed the amount, or MISSING."""
    so_far = running(care.person, bills.in_policy)
    passing = np.flatnonzero((so_far >= fees) & (so_far - bills.in_policy < fees))
    days = np.full(size, MISSING)
    days[care.person[passing]] = care.day[passing]
    return days


def _relieved(people: Resident, day: Ints, size: int) -> Flags:
    periods = people.register.periods
    found = [periods.holders(status, day, size) for status in _RELIEVED_ANYWAY]
    relieved: Flags = np.logical_or.reduce(found)
    return relieved


def _periods(draws: Chance, assumed: Assumptions, owner: Ints, which: Ints, applied: Ints) -> Periods:
    rule, size = assumed.by_cost, len(owner)
    start = applied[owner] + draws.between(*rule.decision, size)
    unknown = draws.below(1000, size) < rule.without_application
    return Periods(
        owner=owner,
        status=which[owner],
        start=start,
        end=start + draws.between(*rule.lasts, size),
        applied=np.where(unknown, MISSING, applied[owner]),
    )
