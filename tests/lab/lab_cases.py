"""People for the laboratory's tests: random cases of one policy, and what the engine makes of them, case by case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from tests.oracle.generate import random_case
from tuodi.core.finding import Faults
from tuodi.engine.case import read_case
from tuodi.engine.settle import CaseResult, Engine, settle_case
from tuodi.lab.change import Change, Regime, changed_by, regime
from tuodi.lab.people import CasePeople
from tuodi.language.load import load_policy
from tuodi.language.model import Policy
from tuodi.language.shelf import packaged_plans, packaged_policies

POLICIES = sorted(packaged_policies())
PLANS = sorted(packaged_plans())

PARAMETERS: dict[str, dict[str, object]] = {
    "liaocheng-2022-5": {"provincial_income": "4000.00"},
    "ningbo-2019-27": {"other_special_rate": "65%", "high_cost": "20000.00"},
    "qingdao-2018-1": {"item_limits": {"克唑替尼": "50000.00", "达沙替尼": "9000.00", "硼替佐米": "3000.00"}},
}

SETTINGS = {
    "anshan-2019-37": ("benefits.subsistence_stay.rate=72%", "benefits.low_income_stay.limit.ordinary_relief=4000"),
    "liaocheng-2022-5": ("benefits.relief_1.rate=75%", "benefits.relief_2.limit.relief_of_year=9000"),
    "ningbo-2019-27": ("benefits.*.limit.relief_of_year=20000", "parameters.other_special_rate=68%"),
    "qingdao-2018-1": ("benefits.rigid_expenditure.rate=90%",),
    "yangquan-2019-45": ("benefits.stay.rate=75%", "benefits.package_20.rate=18%"),
}
"""A change of each document that keeps what is proved of it."""


@cache
def policy(name: str) -> Policy:
    """A document of the package."""
    return load_policy(packaged_policies()[name])


@cache
def plan(name: str) -> Policy:
    """A sample plan of the package."""
    return load_policy(packaged_plans()[name])


@cache
def standing(name: str) -> Regime:
    """A document as it stands, with what its agency sets."""
    return regime(policy(name), PARAMETERS.get(name))


@cache
def change(name: str) -> Change:
    """The change of SETTINGS."""
    return changed_by(standing(name), SETTINGS[name])


@cache
def people(name: str, size: int = 300, first: int = 0) -> CasePeople:
    """So many persons of random cases, three to a household, in two counties; some in neither."""
    cases = [random_person(name, seed) for seed in range(first, first + size)]
    ids = [case["person"]["id"] for case in cases]
    return CasePeople(
        label=f"随机 {size} 人",
        cases=cases,
        households={one: f"H{place // 3}" for place, one in enumerate(ids) if place % 7},
        county_of={one: ("A", "B")[place % 2] for place, one in enumerate(ids) if place % 5},
        counties={"A": "甲县", "B": "乙县"},
        portion=128,
    )


def random_person(name: str, seed: int) -> dict[str, Any]:
    """A random case without parameters of its own."""
    case = random_case(name, Random(seed))
    case["person"]["id"] = f"P{seed:05d}"
    return {key: value for key, value in case.items() if key in ("policy", "person", "events")}


@dataclass(frozen=True, slots=True)
class Settled:
    """A case under one policy."""

    case: dict[str, Any]
    result: CaseResult

    @property
    def person(self) -> str:
        """Who it is."""
        return str(self.case["person"]["id"])

    @property
    def relief(self) -> int:
        """All that the person receives."""
        return sum(one.relief for one in self.result.settlements)


def by_engine(under: Regime, cases: Sequence[dict[str, Any]]) -> list[Settled]:
    """Every case that has an event and lacks nothing."""
    engine = Engine(under.bound)
    found = []
    for case in cases:
        try:
            read = read_case(case, under.bound.policy, under.bound.plan)
            found.append(Settled(case, settle_case(engine, read)))
        except Faults:
            continue
    return [one for one in found if one.result.settlements]
