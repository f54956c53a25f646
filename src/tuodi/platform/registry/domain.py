"""Departments, what each may recognise, and from which day a change of what is known matters. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from tuodi.core.period import first_of_month, months_back
from tuodi.language.model import INSURANCES, STATUSES

REACH_BACK_MONTHS = 12
"""How far before an application a recognition counts at most; Liaocheng and Ningbo: 12 months."""

ENROLLED = tuple(word for word in INSURANCES if word != "none")
"""The insurances that somebody can be enrolled in."""


class Department(Enum):
    """Who recognises statuses and hands in rosters."""

    civil_affairs = "民政"
    veterans = "退役军人"
    rural_revitalisation = "乡村振兴"
    disabled_federation = "残联"
    health = "卫健"
    public_security = "公安"
    healthcare_security = "医保"

    def __str__(self) -> str:
        return self.value


_HEALTHCARE_TOO = ("illness_impoverished", "other_special")

RECOGNISES: Mapping[Department, frozenset[str]] = {
    Department.civil_affairs: frozenset(
        {
            "extreme_poverty", "orphan", "unsupported_child", "priority_child", "subsistence_allowance",
            "subsistence_margin", "low_income", "low_income_elderly", "low_income_minor", "retrenched_worker",
            "veteran_party_member", *_HEALTHCARE_TOO,
        }
    ),
    Department.veterans: frozenset({"entitled_group"}),
    Department.rural_revitalisation: frozenset({"returned_to_poverty", "poverty_monitored", "registered_poor"}),
    Department.disabled_federation: frozenset({"severe_disability", "disability_living_subsidy"}),
    Department.health: frozenset({"family_planning_hardship", "hiv_opportunistic"}),
    Department.public_security: frozenset({"bravery"}),
    Department.healthcare_security: frozenset({"other_hardship_patient", *_HEALTHCARE_TOO}),
}  # fmt: skip
"""Which department recognises which status, over the five documents; each status has at least one."""

assert set(STATUSES) == frozenset().union(*RECOGNISES.values()), "every status is somebody's to recognise"


class Sex(Enum):
    """As the seventeenth digit of an identity number says it."""

    male = "男"
    female = "女"

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A status over the days `starts_on <= day < ends_on` (None: open). `applied_on` never lies after the start."""

    status: str
    starts_on: date
    ends_on: date | None = None
    applied_on: date | None = None

    @property
    def matters_from(self) -> date:
        """The first day on which it can change a settlement: an application may reach back before the start."""
        if self.applied_on is None:
            return self.starts_on
        return min(self.starts_on, first_of_month(months_back(self.applied_on, REACH_BACK_MONTHS)))


def first_difference(old: Held | None, new: Held | None) -> date | None:
    """The first day on which the two differ for a settlement; None where they don't."""
    if old == new:
        return None
    if old is None or new is None:
        one = old or new
        assert one is not None, "two that differ are not both nothing"
        return one.matters_from
    if (old.status, old.starts_on, old.applied_on) != (new.status, new.starts_on, new.applied_on):
        return min(old.matters_from, new.matters_from)
    return min(end for end in (old.ends_on, new.ends_on) if end is not None)
