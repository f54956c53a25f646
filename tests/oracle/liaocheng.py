"""Liaocheng 聊政办发〔2022〕5号: relief and re-relief for two groups of classes, and 因病致贫 on application."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from .common import (
    IN_PATIENT,
    Case,
    Event,
    Line,
    Settled,
    Status,
    paid_in_year,
    part_above,
    proportional,
    refused,
    replay,
)

IN_FORCE = date(2022, 12, 27)
CLASS_1 = (
    "extreme_poverty",
    "subsistence_allowance",
    "returned_to_poverty",
    "orphan",
    "unsupported_child",
    "priority_child",
)
CLASS_2 = ("subsistence_margin", "poverty_monitored")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What 三(四) sets for one of the two classes; money in fen."""

    clause: str
    deductible: int
    rate: Fraction
    limit: int
    re_deductible: int
    re_limit: int


RE_RATE = Fraction(70, 100)
FIGURES = {
    "class 1": Figures(
        clause="三(四)1",
        deductible=0,
        rate=Fraction(70, 100),
        limit=30_000_00,
        re_deductible=5_000_00,
        re_limit=20_000_00,
    ),
    "class 2": Figures(
        clause="三(四)2",
        deductible=3_000_00,
        rate=Fraction(50, 100),
        limit=15_000_00,
        re_deductible=10_000_00,
        re_limit=15_000_00,
    ),
}


def settle(case: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One result per event."""
    return replay(case, settle_event)


def settle_event(case: Case, event: Event, done: Sequence[Settled]) -> Settled:
    """The person's first class on the day alone decides."""
    group = group_on(case, event.day)
    grounds = []
    # Only a recognition that may reach back covers a day before the document (see `cover`).
    if event.day < IN_FORCE and not group.startswith("class 3"):
        grounds.append("印发")
    if case.insurance == "none":
        grounds.append("三(三)")
    if not event.designated:
        grounds.append("三(三)")
    if not group:
        grounds.append("二(一)")
    if event.service not in (*IN_PATIENT, "outpatient_chronic"):
        grounds.append("三(三)")
    if grounds:
        return refused(event, *grounds)
    if group in FIGURES:
        return Settled(event=event, lines=relief_and_re_relief(event, FIGURES[group], done), group=group)
    return Settled(event=event, lines=(illness_line(event, group, done),), group=group)


def group_on(case: Case, day: date) -> str:
    """Class "class 1", "class 2", "class 3 #n" for the n-th status of the person, or "" for none."""
    if case.holds(day, *CLASS_1):
        return "class 1"
    if case.holds(day, *CLASS_2):
        return "class 2"
    for number, status in recognitions(case):
        first, after_last = cover(status)
        if first <= day < after_last:
            return f"class 3 #{number}"
    return ""


# ---- 三(四): classes 1 and 2 share the year's counts -----------------------------------------------------------------


def relief_and_re_relief(event: Event, figures: Figures, done: Sequence[Settled]) -> tuple[Line, Line]:
    """Relief on the burden above its deductible, then re-relief on the year's rests above theirs."""
    year = event.day.year
    this_year = [settled for settled in done if settled.event.day.year == year and settled.group in FIGURES]
    burden = event.burden()
    burdens_before = sum(settled.event.burden() for settled in this_year)
    relief = proportional(
        "relief",
        figures.clause,
        part_above(figures.deductible, burdens_before, burden),
        figures.rate,
        unpaid=event.unpaid,
        rooms=[figures.limit - paid_in_year(done, year, "relief")],
    )
    rests_before = burdens_before - paid_in_year(done, year, "relief")
    re_relief = proportional(
        "re-relief",
        figures.clause,
        part_above(figures.re_deductible, rests_before, burden - relief.paid),
        RE_RATE,
        unpaid=event.unpaid - relief.paid,
        rooms=[figures.re_limit - paid_in_year(done, year, "re-relief")],
    )
    return relief, re_relief


# ---- 四(一): 因病致贫, one deductible and one limit for a recognition ------------------------------------------------


def illness_line(event: Event, group: str, done: Sequence[Settled]) -> Line:
    """60 % of the recognition's burdens above 10000, at most 20000."""
    same_recognition = [settled for settled in done if settled.group == group]
    burdens_before = sum(settled.event.burden() for settled in same_recognition)
    return proportional(
        "illness",
        "四(一)",
        part_above(10_000_00, burdens_before, event.burden()),
        Fraction(60, 100),
        unpaid=event.unpaid,
        rooms=[20_000_00 - sum(settled.relief for settled in same_recognition)],
    )


def recognitions(case: Case) -> list[tuple[int, Status]]:
    """The applications that count, by day of application; a second one in a calendar year is ignored."""
    applications = [
        (number, status) for number, status in enumerate(case.statuses) if status.name == "illness_impoverished"
    ]
    applications.sort(key=lambda numbered: (applied_on(numbered[1]), numbered[0]))
    counted: list[tuple[int, Status]] = []
    for number, status in applications:
        if all(applied_on(status).year != applied_on(other).year for _, other in counted):
            counted.append((number, status))
    return counted


def applied_on(status: Status) -> date:
    """The day of the application; without one, the day from which the status is held."""
    return status.applied or status.start


def cover(status: Status) -> tuple[date, date]:
    """First covered day, and the day after the last: back twelve months, to the end of the year of application.

    An application made before the document was in force covers no day before it.
    """
    applied = applied_on(status)
    first = status.start if status.applied is None else date(applied.year - 1, applied.month, 1)
    if applied < IN_FORCE:
        first = max(first, IN_FORCE)
    new_year = date(applied.year + 1, 1, 1)
    return first, new_year if status.end is None else min(new_year, status.end)
