"""Ningbo 甬医保发〔2019〕27号: eleven classes; of all rules that apply, the one with the highest rate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from .common import (
    IN_PATIENT,
    INSURANCE_PAYERS,
    Case,
    Event,
    Line,
    Settled,
    grant,
    paid_in_year,
    proportional,
    refused,
    replay,
)
from .lists import NINGBO_LISTED

IN_FORCE = date(2019, 9, 30)
CLASS_STATUSES = {
    1: ("extreme_poverty", "orphan"),
    2: ("subsistence_allowance", "priority_child", "unsupported_child"),
    3: ("subsistence_margin",),
    5: ("retrenched_worker",),
    6: ("veteran_party_member",),
    8: ("hiv_opportunistic",),
    9: ("disability_living_subsidy",),
    10: ("bravery",),
    11: ("other_special",),
}
OUT_PATIENT = ("outpatient", "outpatient_chronic")
CARE = (*IN_PATIENT, *OUT_PATIENT, "rehabilitation")
YEAR_LIMIT = 80_000_00
ORDINARY_OUT_PATIENT_LIMIT = 500_00
REHABILITATION_LIMIT = 3_000_00

# The benefits that draw on the 80000: those of stays and out-patient care of every class but 1 and 10.
STAYS = "stays and listed diseases"
ORDINARY = "ordinary out-patient"
ORDINARY_CLASS_1 = "ordinary out-patient, class 1"
REHABILITATION = "rehabilitation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule that applies: its benefit, rate, what it is a rate of, and the room that each of its limits has left."""

    benefit: str
    clause: str
    rate: Fraction
    base: int
    rooms: tuple[int, ...] = ()


def settle(case: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One result per event."""
    return replay(case, settle_event)


def settle_event(case: Case, event: Event, done: Sequence[Settled]) -> Settled:
    """The highest rate of all rules that apply; among equals fewer limits, then the document's order."""
    classes = classes_on(case, event.day)
    reached_back = is_reach_back_day(case, event.day)
    grounds = []
    if event.day < IN_FORCE:
        classes = set()  # only the reach-back of a later application is in force before the document
        if not reached_back:
            grounds.append("附则")
    if not event.designated:
        grounds.append("三(二)")
    if not classes and not reached_back:
        grounds.append("二")
    lines = birth(case, event) if event.service == "childbirth" else best_rule(case, event, done, classes, reached_back)
    if not lines:
        grounds += why_no_rule(event)
    return refused(event, *grounds) if grounds else Settled(event=event, lines=lines)


def birth(case: Case, event: Event) -> tuple[Line, ...]:
    """900 for a lawful birth of a person on 低保 from the day the document is in force."""
    if event.day >= IN_FORCE and event.says("lawful_birth", True) and case.holds(event.day, "subsistence_allowance"):
        return (grant("birth", "三(二)3(1)", 900_00),)
    return ()


def best_rule(
    case: Case, event: Event, done: Sequence[Settled], classes: set[int], reached_back: bool
) -> tuple[Line, ...]:
    """The line of the best of all rules that apply, or none."""
    rules = rules_of(case, event, done, classes, reached_back)
    if not rules:
        return ()
    rule = min(rules, key=lambda rule: (-rule.rate, len(rule.rooms)))
    return (proportional(rule.benefit, rule.clause, rule.base, rule.rate, unpaid=event.unpaid, rooms=rule.rooms),)


def why_no_rule(event: Event) -> list[str]:
    """The clauses that a refusal for want of a rule may name."""
    if event.day < IN_FORCE:
        return ["附则"]
    if event.service == "childbirth":
        return ["三(二)3(1)", "二"]
    if event.service in IN_PATIENT:
        return ["三(二)1", "二"]
    if event.service in OUT_PATIENT:
        return ["三(二)2", "三(二)1", "二"]
    return ["三(二)3(2)", "二"] if event.service == "rehabilitation" else ["三(二)", "二"]


# ---- the classes of 二 -----------------------------------------------------------------------------------------------


def classes_on(case: Case, day: date) -> set[int]:
    """The classes that hold on the day, reach-back apart."""
    classes = {number for number, statuses in CLASS_STATUSES.items() if case.holds(day, *statuses)}
    if is_recognised(case, day):
        classes.add(4)
    if case.insurance == "resident" and case.holds(day, "entitled_group"):
        classes.add(7)
    return classes


def is_recognised(case: Case, day: date) -> bool:
    """Whether a recognition of 因病致贫 holds: from the application, or from its start where none is on record."""
    return any(
        (status.applied or status.start) <= day and (status.end is None or day < status.end)
        for status in case.statuses
        if status.name == "illness_impoverished"
    )


def is_reach_back_day(case: Case, day: date) -> bool:
    """Within twelve months before an application made under the document, and no recognition holds yet."""
    if is_recognised(case, day):
        return False
    return any(
        status.applied is not None
        and status.applied >= IN_FORCE
        and a_year_before(status.applied) <= day < status.applied
        for status in case.statuses
        if status.name == "illness_impoverished"
    )


def a_year_before(day: date) -> date:
    """The same day of the year before; 28 February for 29 February."""
    return date(day.year - 1, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)


# ---- the rules of 三(二), in the order of the document ---------------------------------------------------------------


def rules_of(case: Case, event: Event, done: Sequence[Settled], classes: set[int], reached_back: bool) -> list[Rule]:
    """All rules that apply to the event."""
    rules = []
    listed = NINGBO_LISTED.names_disease_of(case, event)
    year_room = YEAR_LIMIT - paid_in_year(done, event.day.year, STAYS, ORDINARY)
    if event.service in IN_PATIENT:
        rules += rules_of_stay(case, event, "三(二)1", year_room, classes, reached_back)
    rules += rules_of_injury(event, classes)
    if event.service in OUT_PATIENT and listed:
        rules += rules_of_stay(case, event, "三(二)2", year_room, classes, reached_back)
    if event.service in OUT_PATIENT and not listed:
        rules += rules_of_ordinary_out_patient(case, event, done, year_room, classes)
    rules += rules_of_rehabilitation(case, event, done, classes)
    rules += rules_of_rare_disease(event, classes)
    return rules


def rules_of_stay(
    case: Case, event: Event, clause: str, year_room: int, classes: set[int], reached_back: bool
) -> list[Rule]:
    """Stays, and out-patient care of a listed disease: class 1 without limit, the others within the 80000."""
    base = event.burden()
    rules = []
    if 1 in classes:
        rules.append(Rule(benefit="class 1", clause=clause, rate=Fraction(1), base=base))
    rates = rates_below_class_1(case, classes)
    if reached_back:
        rates.append(Fraction(60, 100))
    return rules + [Rule(benefit=STAYS, clause=clause, rate=rate, base=base, rooms=(year_room,)) for rate in rates]


def rates_below_class_1(case: Case, classes: set[int]) -> list[Fraction]:
    """70 % for classes 2 to 9; for class 11 the rate that the agency has set, if it has."""
    rates = []
    if classes & {2, 3, 4, 5, 6, 7, 8, 9}:
        rates.append(Fraction(70, 100))
    if 11 in classes and case.parameters["other_special_rate"] is not None:
        rates.append(Fraction(case.parameters["other_special_rate"]))
    return rates


def rules_of_injury(event: Event, classes: set[int]) -> list[Rule]:
    """Class 10, for the injury from the act only: in full, wherever it is treated."""
    if 10 in classes and event.says("injury_from_bravery", False) and event.service in CARE:
        return [Rule(benefit="injury", clause="三(二)1", rate=Fraction(1), base=event.burden())]
    return []


def rules_of_ordinary_out_patient(
    case: Case, event: Event, done: Sequence[Settled], year_room: int, classes: set[int]
) -> list[Rule]:
    """Other out-patient care: 500 a year for all classes, for those below class 1 also inside the 80000."""
    base = event.burden((*INSURANCE_PAYERS, "other_relief"))
    room = ORDINARY_OUT_PATIENT_LIMIT - paid_in_year(done, event.day.year, ORDINARY, ORDINARY_CLASS_1)
    rules = []
    if 1 in classes:
        rules.append(Rule(benefit=ORDINARY_CLASS_1, clause="三(二)2", rate=Fraction(1), base=base, rooms=(room,)))
    return rules + [
        Rule(benefit=ORDINARY, clause="三(二)2", rate=rate, base=base, rooms=(room, year_room))
        for rate in rates_below_class_1(case, classes)
    ]


def rules_of_rehabilitation(case: Case, event: Event, done: Sequence[Settled], classes: set[int]) -> list[Rule]:
    """Persons of a class with a severe disability whom an assessment says that it helps."""
    if event.service != "rehabilitation" or not classes or not event.says("rehab_assessed", True):
        return []
    if not case.holds(event.day, "severe_disability"):
        return []
    room = REHABILITATION_LIMIT - paid_in_year(done, event.day.year, REHABILITATION)
    base = event.burden()
    return [Rule(benefit=REHABILITATION, clause="三(二)3(2)", rate=Fraction(50, 100), base=base, rooms=(room,))]


def rules_of_rare_disease(event: Event, classes: set[int]) -> list[Rule]:
    """Rare diseases of the province's list: any class, in full."""
    if classes and event.says("rare_disease", False) and event.service in CARE:
        return [Rule(benefit="rare disease", clause="三(二)3(4)", rate=Fraction(1), base=event.burden())]
    return []
