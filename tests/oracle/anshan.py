"""Anshan 鞍医保发〔2019〕37号: out-patient care, ordinary and serious-disease relief, bed-days."""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from .common import IN_PATIENT, Case, Event, Line, Settled, grant, half_up, paid_in_year, proportional, refused, replay
from .lists import ANSHAN_7, ANSHAN_16

IN_FORCE = date(2019, 1, 1)
DESTITUTE = ("extreme_poverty", "orphan")
SUBSISTENCE = ("subsistence_allowance",)
REGISTERED_POOR = ("registered_poor",)
LOW_INCOME = ("low_income",)
BED_DAY = 20_00


def settle(case: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One result per event."""
    return replay(case, settle_event)


def settle_event(case: Case, event: Event, done: Sequence[Settled]) -> Settled:
    """The first class that has a rule for the event settles it; psychiatric bed-days go before everything else."""
    bed_days = paid_by_bed_days(case, event)
    grounds = []
    if event.day < IN_FORCE:
        grounds.append("印发")
    if case.insurance == "none" and not bed_days:
        grounds.append("二")
    if not event.designated:
        grounds.append("三(二)")
    if bed_days and not event.facility.get("psychiatric", True):
        grounds.append("三(二)5(3)")
    if not case.holds(event.day, *DESTITUTE, *SUBSISTENCE, *REGISTERED_POOR, *LOW_INCOME):
        grounds.append("三(一)")
    if bed_days:
        lines: tuple[Line, ...] = (grant("bed-days", "三(二)5(3)", BED_DAY * event.facts["bed_days"]),)
    else:
        lines = lines_of_first_class(case, event, done)
        if not lines:
            grounds += why_no_rule(case, event)
    return refused(event, *grounds) if grounds else Settled(event=event, lines=lines)


def paid_by_bed_days(case: Case, event: Event) -> bool:
    """A psychiatric stay of the three classes for which bed-days take the place of all other relief."""
    return event.service == "psychiatric_inpatient" and case.holds(
        event.day, *DESTITUTE, *SUBSISTENCE, *REGISTERED_POOR
    )


def lines_of_first_class(case: Case, event: Event, done: Sequence[Settled]) -> tuple[Line, ...]:
    """The lines of the first class that has a rule for the event, or none."""
    if event.service in IN_PATIENT:
        return lines_of_stay(case, event, done)
    if not event.facility.get("region"):
        return ()  # out-patient relief stays inside the city
    if event.service == "outpatient":
        return lines_of_visit(case, event, done, "out-patient", "(2)", Fraction(60, 100), 100_00)
    if event.service == "outpatient_chronic" and event.facts.get("regimen") == "transplant_antirejection":
        return lines_of_visit(case, event, done, "anti-rejection", "(3)", Fraction(70, 100), 10_000_00)
    return ()


def lines_of_stay(case: Case, event: Event, done: Sequence[Settled]) -> tuple[Line, ...]:
    """Stays: two lines at most for 特困 and 低保, one for 建档立卡 (7 diseases only) and for low income."""
    one_of_16 = ANSHAN_16.names_disease_of(case, event)
    if case.holds(event.day, *DESTITUTE):
        return ordinary_and_serious(case, event, done, one_of_16, "三(二)3", Fraction(1))
    if case.holds(event.day, *SUBSISTENCE):
        return ordinary_and_serious(case, event, done, one_of_16, "三(二)2", Fraction(70, 100))
    if case.holds(event.day, *REGISTERED_POOR) and ANSHAN_7.names_disease_of(case, event):
        return (one_line(case, event, done, "serious", "三(二)1(4)", Fraction(70, 100), 10_000_00),)
    if case.holds(event.day, *LOW_INCOME) and one_of_16:
        return (one_line(case, event, done, "serious", "三(二)4(2)", Fraction(50, 100), 10_000_00),)
    if case.holds(event.day, *LOW_INCOME):
        return (one_line(case, event, done, "ordinary", "三(二)4(1)", Fraction(50, 100), 5_000_00),)
    return ()


def lines_of_visit(
    case: Case, event: Event, done: Sequence[Settled], benefit: str, item: str, subsistence_rate: Fraction, limit: int
) -> tuple[Line, ...]:
    """Out-patient care: 特困 in full, 低保 at their rate, nobody else."""
    if case.holds(event.day, *DESTITUTE):
        return (one_line(case, event, done, benefit, f"三(二)3{item}", Fraction(1), limit),)
    if case.holds(event.day, *SUBSISTENCE):
        return (one_line(case, event, done, benefit, f"三(二)2{item}", subsistence_rate, limit),)
    return ()


def why_no_rule(case: Case, event: Event) -> list[str]:
    """The clauses that a refusal for want of a rule may name: the paragraphs of the classes that hold."""
    if event.service not in (*IN_PATIENT, "outpatient", "outpatient_chronic"):
        return ["三(二)5(8)"]  # what is not mentioned follows other documents
    item = {"outpatient": "(2)", "outpatient_chronic": "(3)"}.get(event.service, "(4)")
    grounds = []
    for section, statuses in enumerate((REGISTERED_POOR, SUBSISTENCE, DESTITUTE, LOW_INCOME), start=1):
        if case.holds(event.day, *statuses):
            grounds += [f"三(二){section}{item}"] if section != 4 else ["三(二)4"]
    return grounds or ["三(一)"]


def share(case: Case) -> Fraction:
    """Employees have half of every rate and limit."""
    return Fraction(1, 2) if case.insurance == "employee" else Fraction(1)


def one_line(
    case: Case, event: Event, done: Sequence[Settled], benefit: str, clause: str, rate: Fraction, limit: int
) -> Line:
    """A single line on the burden, within the year's limit for that benefit."""
    room = half_up(share(case) * limit) - paid_in_year(done, event.day.year, benefit)
    return proportional(benefit, clause, event.burden(), share(case) * rate, unpaid=event.unpaid, rooms=[room])


def ordinary_and_serious(
    case: Case, event: Event, done: Sequence[Settled], one_of_16: bool, section: str, rate: Fraction
) -> tuple[Line, ...]:
    """Ordinary relief; with one of the 16 diseases also serious-disease relief on what an exhausted limit left over."""
    year = event.day.year
    rate, serious_rate = share(case) * rate, share(case) * Fraction(70, 100)
    ordinary_room = half_up(share(case) * 10_000_00) - paid_in_year(done, year, "ordinary")
    joint_room = half_up(share(case) * 20_000_00) - paid_in_year(done, year, "ordinary", "serious")
    burden = event.burden()
    ordinary = proportional(
        "ordinary", f"{section}(4)", burden, rate, unpaid=event.unpaid, rooms=[ordinary_room, joint_room]
    )
    if not one_of_16:
        return (ordinary,)
    was_cut = ordinary.paid < ordinary.due
    uncovered = burden - ordinary.paid / rate if was_cut else Fraction(0)
    serious = proportional(
        "serious",
        f"{section}(5)",
        uncovered,
        serious_rate,
        unpaid=event.unpaid - ordinary.paid,
        rooms=[joint_room - ordinary.paid],
    )
    return ordinary, serious
