"""The facts of events that a city's policy and plan ask for, by name: each as a block holds it.

A fact that this page does not know has its default, so that a policy may ask for new ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from tuodi.batch.block import coded, fact_kind
from tuodi.batch.layout import MISSING
from tuodi.lab.population.applications import Year
from tuodi.lab.population.bills import Pricing
from tuodi.lab.population.care import STAYS, Kind, Resident
from tuodi.lab.population.chance import Flags, Ints, Purpose, Seed
from tuodi.lab.population.illness import Illness
from tuodi.lab.population.settings import Assumptions, City
from tuodi.lab.population.statuses import Periods
from tuodi.language.model import Fact

_APPLICATIONS = (Kind.LATE_STAGE, Kind.ANNUAL)
_CLAIMS = (Kind.CLAIM, Kind.SERIOUS_CLAIM)
_TENTH_OF_THOUSAND = 10_000  # fen: limits are round sums


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Everything that a fact may hang on, of one block."""

    city: City
    assumed: Assumptions
    illness: Illness
    pricing: Pricing
    seed: Seed
    block: int
    people: Resident
    periods: Periods
    year: Year

    def per_mille(self, part: int) -> Ints:
        """A draw from 0 to 999 for each event; `part`: of which fact."""
        return self.seed.stream(Purpose.FACTS, self.block, part).below(1000, self.year.care.size)

    def marked(self, *marks: str) -> Flags:
        """Whether the event is for a disease so marked."""
        condition = self.year.care.condition
        marked = np.logical_or.reduce([self.illness.marked(mark) for mark in marks])
        found: Flags = (condition != MISSING) & marked[condition]
        return found


def facts(scene: Scene, known: Mapping[str, Fact]) -> dict[str, Ints]:
    """By name, for every fact that is known: a column of whole numbers, MISSING where not given."""
    size = scene.year.care.size
    columns = {}
    for name, fact in known.items():
        make = _FACTS.get(name)
        column = make(scene) if make else np.full(size, coded(fact, fact.default if fact.has_default else None))
        columns[name] = np.asarray(column).astype(fact_kind(fact))
    return columns


# ---- the institution -------------------------------------------------------------------------------------------------


def _of_facility(name: str, otherwise: int) -> Callable[[Scene], Ints]:
    """An application has no institution; what its fields then mean."""

    def column(scene: Scene) -> Ints:
        given: Ints = getattr(scene.year.bills.facility, name)
        return np.where(scene.year.care.is_(*_APPLICATIONS), otherwise, given)

    return column


def _psychiatric(scene: Scene) -> Ints:
    """Asked only of psychiatric stays; elsewhere the default stands."""
    return np.where(scene.year.care.is_(Kind.PSYCHIATRIC_STAY), scene.year.bills.facility.psychiatric, 1)


def _referral(scene: Scene) -> Ints:
    outside = ~scene.year.bills.facility.region & ~scene.year.care.is_(*_APPLICATIONS)
    return ~(outside & (scene.per_mille(1) < scene.assumed.stays.referral_not_filed))


# ---- the bill --------------------------------------------------------------------------------------------------------


def _package_limit(scene: Scene) -> Ints:
    care, rule = scene.year.care, scene.assumed.packages
    listed = scene.illness.listed.get("serious_26", np.zeros(len(scene.illness.conditions), np.bool_))
    of_list = (care.condition != MISSING) & listed[care.condition]
    share = np.where(care.is_(*STAYS), rule.stays, np.where(care.is_(*_CLAIMS), rule.claims, 0))
    usual = np.where(care.is_(*STAYS), scene.pricing.usual(care.condition), scene.pricing.usual_claim(care.condition))
    limit = (usual * rule.limit // 1000 // _TENTH_OF_THOUSAND + 1) * _TENTH_OF_THOUSAND
    return np.where(of_list & (scene.per_mille(2) < share), limit, MISSING)


def _part_of_fees(scene: Scene, chance: int, part: int) -> Ints:
    """Of claims and stays for a disease with costly drugs: what these cost, in fen."""
    low, high = scene.assumed.flags.special_drug_part
    share = low + scene.per_mille(part + 1) * (high - low) // 1000
    with_drug = scene.marked("drug") & (scene.per_mille(part) < chance)
    return np.where(with_drug, scene.year.bills.in_policy * share // 1000, 0)


def _special_drug(scene: Scene) -> Ints:
    claims = scene.year.care.is_(*_CLAIMS)
    return claims & scene.marked("drug", "rare") & (scene.per_mille(7) < scene.assumed.flags.special_drug)


def _for_year(scene: Scene) -> Ints:
    return np.where(scene.year.care.is_(Kind.ANNUAL), scene.city.year, MISSING)


def _regimen(scene: Scene) -> Ints:
    return np.where(scene.year.care.is_(Kind.SERIOUS_CLAIM) & scene.marked("transplant"), 0, MISSING)


# ---- the person ------------------------------------------------------------------------------------------------------


def _injury(scene: Scene) -> Ints:
    brave = scene.people.register.granted.get("bravery", np.zeros(scene.people.persons.size, np.bool_))
    return brave[scene.year.care.person] & (scene.per_mille(8) < scene.assumed.flags.injury_from_bravery)


def _lawful(scene: Scene) -> Ints:
    return ~(scene.year.care.is_(Kind.BIRTH) & (scene.per_mille(9) < scene.assumed.births.not_lawful))


def _assessed(scene: Scene) -> Ints:
    not_assessed = scene.per_mille(10) < scene.assumed.rehabilitation.not_assessed
    return ~(scene.year.care.is_(Kind.REHABILITATION) & not_assessed)


def _tier(scene: Scene) -> Ints:
    words = scene.seed.stream(Purpose.FACTS, scene.block, 11).below(1000, scene.people.persons.size)
    return (words < scene.assumed.flags.tier_2)[scene.year.care.person]


_FACTS: Mapping[str, Callable[[Scene], Ints]] = {
    "designated": _of_facility("designated", 0),
    "level": _of_facility("level", MISSING),
    "county": _of_facility("county", MISSING),
    "region": _of_facility("region", MISSING),
    "single_disease": _of_facility("single_disease", 1),
    "psychiatric": _psychiatric,
    "admission_number": lambda scene: scene.year.bills.number,
    "bed_days": lambda scene: scene.year.bills.bed_days,
    "referral_filed": _referral,
    "package_limit": _package_limit,
    "special_drug": _special_drug,
    "special_drug_cost": lambda scene: _part_of_fees(scene, scene.assumed.flags.special_drug, 3),
    "high_value_drug_cost": lambda scene: _part_of_fees(scene, scene.assumed.flags.high_value_drug, 5),
    "for_year": _for_year,
    "regimen": _regimen,
    "rare_disease": lambda scene: scene.marked("rare"),
    "injury_from_bravery": _injury,
    "lawful_birth": _lawful,
    "rehab_assessed": _assessed,
    "premium_tier": _tier,
}
