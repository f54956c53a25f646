"""Yangquan 阳医保发〔2019〕45号: out-patient, in-patient, one-off, single-disease package and late-stage relief."""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from .common import (
    ALL_PAYERS,
    IN_PATIENT,
    Case,
    Event,
    Line,
    Settled,
    fen,
    grant,
    paid_in_year,
    proportional,
    refused,
    replay,
)
from .lists import YANGQUAN_24, YANGQUAN_26, YANGQUAN_OUT_PATIENT, YANGQUAN_RARE

IN_FORCE = date(2020, 1, 1)
DESTITUTE = ("extreme_poverty", "orphan")
CARE = (*IN_PATIENT, "outpatient", "outpatient_chronic")
KEY_GROUPS = (*DESTITUTE, "subsistence_allowance", "entitled_group")
LOW_INCOME = (
    "low_income_elderly",
    "low_income_minor",
    "severe_disability",
    "family_planning_hardship",
    "other_hardship_patient",
)


def settle(case: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One result per event."""
    return replay(case, settle_event)


def settle_event(case: Case, event: Event, done: Sequence[Settled]) -> Settled:
    """Conditions for everybody first; then late-stage care, one-off relief, or care in a facility."""
    grounds = []
    if event.day < IN_FORCE:
        grounds.append("附则")
    if case.insurance == "none":
        grounds.append("四(一)")
    if event.service == "late_stage_care":
        return late_stage_care(case, event, done, grounds)
    if event.service == "annual_relief":
        return annual_relief(case, event, done, grounds)
    if not event.designated:
        grounds.append("四(二)3")
    outcome = care(case, event, done)
    return refused(event, *grounds, *outcome.grounds) if grounds else outcome


def care(case: Case, event: Event, done: Sequence[Settled]) -> Settled:
    """The rules for stays and out-patient care, in their order: the first that applies."""
    stay = event.service in IN_PATIENT
    destitute = case.holds(event.day, *DESTITUTE)
    registered_poor = case.holds(event.day, "registered_poor")
    if in_package(case, event) and package_rate(case, event.day):
        return package(case, event)
    if stay and destitute and not registered_poor:
        return one_line(event, "stay of the destitute", "四(二)3", Fraction(1))
    if event.service in CARE and YANGQUAN_RARE.names_disease_of(case, event):
        return one_line(event, "rare", "四(二)3", Fraction(70, 100), left(done, event, 15_000_00, "rare"))
    if stay and not registered_poor and case.holds(event.day, "subsistence_allowance", "entitled_group"):
        return one_line(event, "stay", "四(二)3", Fraction(70, 100), left(done, event, 15_000_00, "stay"))
    if relieved_out_patient(case, event) and destitute:
        return one_line(event, "out-patient", "四(二)2", Fraction(1), left(done, event, 3_000_00, "out-patient"))
    if relieved_out_patient(case, event) and case.holds(event.day, "subsistence_allowance"):
        return one_line(event, "out-patient", "四(二)2", Fraction(50, 100), left(done, event, 3_000_00, "out-patient"))
    return refused(event, *why_no_rule(case, event))


def why_no_rule(case: Case, event: Event) -> list[str]:
    """The clauses that a refusal of care may name: that of the service, and who is relieved at all."""
    if event.service in IN_PATIENT and case.holds(event.day, "registered_poor"):
        return ["四(二)3", "四(一)"]
    if event.service not in CARE:
        return ["四(二)"]
    by_service = "四(二)3" if event.service in IN_PATIENT else "四(二)2"
    if case.holds(event.day, *KEY_GROUPS, "registered_poor") or low_income_or_impoverished(case, event.day):
        return [by_service]
    return ["四(一)", by_service]


def one_line(event: Event, benefit: str, clause: str, rate: Fraction, *rooms: int) -> Settled:
    """An event settled by one proportional line on the burden after all payers."""
    return Settled(
        event=event,
        lines=(proportional(benefit, clause, event.burden(ALL_PAYERS), rate, unpaid=event.unpaid, rooms=rooms),),
    )


def left(done: Sequence[Settled], event: Event, limit: int, benefit: str) -> int:
    """What the year's limit of a benefit has left."""
    return limit - paid_in_year(done, event.day.year, benefit)


def relieved_out_patient(case: Case, event: Event) -> bool:
    """Long-term out-patient care of a listed disease, or under the special-drug cover."""
    return event.service == "outpatient_chronic" and (
        event.says("special_drug", False) or YANGQUAN_OUT_PATIENT.names_disease_of(case, event)
    )


def low_income_or_impoverished(case: Case, day: date) -> bool:
    """Low-income classes and 因病致贫; plain low income counts for the old and the young only."""
    if case.holds(day, *LOW_INCOME, "illness_impoverished"):
        return True
    return case.holds(day, "low_income") and (case.age(day) >= 60 or case.age(day) < 18)


# ---- 四(二)4: the single-disease package -----------------------------------------------------------------------------


def in_package(case: Case, event: Event) -> bool:
    """A resident's stay or long-term out-patient care of one of the 26 diseases, at a hospital that offers it."""
    return (
        case.insurance == "resident"
        and event.service in (*IN_PATIENT, "outpatient_chronic")
        and event.facts.get("package_limit") is not None
        and YANGQUAN_26.names_disease_of(case, event)
        and bool(event.facility.get("single_disease", True))
        and (bool(event.facility.get("region")) or event.says("referral_filed", True))
    )


def package_rate(case: Case, day: date) -> Fraction | None:
    """20 % for the key groups, 10 % for low-income and 因病致贫, None for others."""
    if case.holds(day, *KEY_GROUPS):
        return Fraction(20, 100)
    if low_income_or_impoverished(case, day):
        return Fraction(10, 100)
    return None


def package(case: Case, event: Event) -> Settled:
    """A share of the fees within the package limit; what exceeds the limit is the hospital's."""
    limit = fen(event.facts["package_limit"])
    rate = package_rate(case, event.day)
    assert rate is not None
    line = proportional(
        "package",
        "四(二)4",
        min(event.in_policy, limit),
        rate,
        unpaid=max(0, min(event.total, limit) - event.paid_by_others),
    )
    return Settled(event=event, lines=(line,), chargeable=limit)


# ---- 四(二)3, fourth paragraph: the one-off relief -------------------------------------------------------------------


def annual_relief(case: Case, event: Event, done: Sequence[Settled], grounds: list[str]) -> Settled:
    """Half of what exceeds 20000 in the year's in-patient burdens left after relief, at most 5000, once a year."""
    year = event.facts["for_year"]
    if year < IN_FORCE.year:
        grounds.append("附则")
    if (event.day.year, event.day.month) not in [(year + 1, 1), (year + 1, 2)]:
        grounds.append("四(二)3")
    if not low_income_or_impoverished(case, event.day):
        grounds += ["四(一)", "四(二)3"]
    if case.holds(event.day, *KEY_GROUPS):
        grounds.append("四(二)3")
    if any(line.benefit == f"one-off for {year}" for settled in done for line in settled.lines):
        grounds.append("四(二)3")
    if grounds:
        return refused(event, *grounds)
    stays_left = sum(left_after_relief(settled) for settled in done if settled.event.day.year == year)
    line = proportional(
        f"one-off for {year}",
        "四(二)3",
        max(0, stays_left - 20_000_00),
        Fraction(50, 100),
        unpaid=None,  # an application has no bill of its own
        rooms=[5_000_00],
    )
    return Settled(event=event, lines=(line,))


def left_after_relief(settled: Settled) -> int:
    """The burden that relief left of a designated stay; nothing for package stays, which stand apart."""
    event = settled.event
    if event.service not in IN_PATIENT or not event.designated:
        return 0
    if any(line.benefit == "package" for line in settled.lines):
        return 0
    return event.burden(ALL_PAYERS) - settled.relief


# ---- 四(二)5: late-stage care ---------------------------------------------------------------------------------------


def late_stage_care(case: Case, event: Event, done: Sequence[Settled], grounds: list[str]) -> Settled:
    """5000 once in a life."""
    if not case.holds(event.day, *KEY_GROUPS, "registered_poor"):
        grounds += ["四(一)", "四(二)5"]
    if not YANGQUAN_24.names_disease_of(case, event):
        grounds.append("四(二)5")
    if any(line.benefit == "late-stage care" for settled in done for line in settled.lines):
        grounds.append("四(二)5")
    if grounds:
        return refused(event, *grounds)
    line: Line = grant("late-stage care", "四(二)5", 5_000_00)
    return Settled(event=event, lines=(line,))
