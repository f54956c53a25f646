"""What a population is made from: the cities, what is assumed, and the targets it is held against; read from `data/`.

Nothing that could be argued about stands in code. Shares are parts per million or per mille, money is fen.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import Enum
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import yaml

from tuodi.core.finding import Faults, Finding

DATA = Path(__file__).parent / "data"

ByLevel = tuple[int, int, int]
"""Of hospitals of level 1, 2 and 3."""

Range = tuple[int, int]
"""From, to; both included."""

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class County:
    """`code`: of GB/T 2260; `share`: a weight."""

    code: str
    label: str
    share: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Insured:
    """Per mille of adults and elders: insured as employees, and not insured."""

    employee_adult: int
    none_adult: int
    employee_elder: int
    none_elder: int


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """`year`: the one that is made; `targets_of`: the year of the national figures; `visits`: per mille persons.

    `shares`: of a status, where the city's own is known, in parts per million; `parameters`: of the policy.
    """

    id: str
    label: str
    policy: str
    plan: str
    year: int
    targets_of: int
    counties: tuple[County, ...]
    insurance: Insured
    visits: int
    statuses: tuple[str, ...]
    shares: Mapping[str, int]
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdKind:
    """`need`: per mille of the average; `ages`: of the head, in years."""

    id: str
    weight: int
    need: int
    roles: tuple[str, ...]
    ages: Range


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusSpec:
    """How a status is given out; see `assumptions.yaml`. `share` in parts per million, None: the target's."""

    status: str
    course: str
    share: int | None = 0
    unit: str = "person"
    who: str = "everyone"
    among: str = ""
    not_with: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How a status runs, in weights."""

    steady: int
    enters: int
    leaves: int
    breaks: int
    overlaps: int
    struck_off: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ByCost:
    """Recognition for the cost of an illness; `fees` in yuan, chances per mille, days."""

    fees: int
    applies: int
    within: Range
    decision: Range
    lasts: Range
    again: int
    without_application: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InsuredInNeed:
    """Per mille of persons in need, and of children."""

    employee_in_need: int
    none_in_need: int
    employee_child: int
    none_child: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeFactors:
    """Per mille of the average."""

    infant: int
    child: int
    adult: int
    elder: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stays:
    """Stays in hospital; shares per mille."""

    age_factors: AgeFactors
    frailty_spread: int
    level_mix: ByLevel
    serious_level_mix: ByLevel
    bill_spread: ByLevel
    in_policy: ByLevel
    in_policy_spread: int
    county: ByLevel
    region: ByLevel
    not_designated: int
    not_single_disease: int
    referral_not_filed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Chronic:
    """Certified chronic disease: holders per mille by age, claims a year in thousandths, mean claim in yuan."""

    child: int
    adult: int
    elder: int
    claims: int
    mean: int
    spread: int
    in_policy: int
    level_mix: ByLevel


@dataclass(frozen=True, slots=True, kw_only=True)
class Visits:
    """Ordinary visits: mean in yuan, per mille of the average by age."""

    mean: int
    spread: int
    in_policy: int
    level_mix: ByLevel
    child: int
    adult: int
    elder: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Psychiatric:
    """Stays for a severe mental disorder: a year in thousandths, days, yuan a day."""

    stays: int
    in_need: int
    days: Range
    a_day: int
    spread: int
    in_policy: int
    not_psychiatric: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Births:
    """Per mille women of these ages and year."""

    rate: int
    ages: Range
    mean: int
    spread: int
    in_policy: int
    not_lawful: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehabilitation:
    """Of the severely disabled: a year in thousandths."""

    rate: int
    mean: int
    spread: int
    in_policy: int
    not_assessed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What is paid where no sample plan says it: rates per mille, amounts in yuan."""

    employee_above: ByLevel
    employee_rate: ByLevel
    employee_second_above: int
    employee_second_rate: int
    visit_rate: int
    visit_most: int
    birth: int
    rehabilitation_rate: int
    critical_illness_above: int
    critical_illness_rate: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Others:
    """Who else pays: per mille of bills, and the part of what insurance leaves."""

    commercial: int
    commercial_part: Range
    other_relief: int
    other_relief_part: Range


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """How a disease is written, per mille; `nothing`: neither name nor code."""

    name_only: int
    code_only: int
    both: int
    alias: int
    nothing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Applications:
    """Applications in Yangquan, per mille; `annual_above` in yuan."""

    late_stage: int
    late_stage_again: int
    annual_above: int
    annual: int
    annual_again: int
    annual_late: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Packages:
    """Single-disease packages, per mille; `limit`: of the mean bill."""

    stays: int
    claims: int
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueItems:
    """Catalogue items, per mille; limits in yuan."""

    stays: int
    claims: int
    second: int
    part: Range
    reviewed: int
    alias: int
    unknown: int
    drug_limit: int
    device_limit: int
    food_limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagChances:
    """Other facts of a bill, per mille."""

    special_drug: int
    special_drug_part: Range
    injury_from_bravery: int
    high_value_drug: int
    tier_2: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """Everything in `assumptions.yaml`."""

    households: tuple[HouseholdKind, ...]
    statuses: Mapping[str, StatusSpec]
    then: Mapping[str, tuple[str, ...]]
    before: Mapping[str, tuple[str, ...]]
    courses: Mapping[str, Course]
    by_cost: ByCost
    in_need: frozenset[str]
    in_need_factor: int
    insurance: InsuredInNeed
    stays: Stays
    chronic: Chronic
    visits: Visits
    psychiatric: Psychiatric
    births: Births
    rehabilitation: Rehabilitation
    given: Given
    others: Others
    written: Written
    ordinary_codes: tuple[str, ...]
    applications: Applications
    packages: Packages
    items: CatalogueItems
    flags: FlagChances


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A disease: holders per million of children, adults and elders; stays a year and bills in thousandths of usual.

    `icd`: the branches of the code, as a policy's list may write them. `claims` of certified
    out-patient care a year, each of `claim` yuan on average. `code`: what bills carry.
    """

    icd: str
    code: str
    name: str
    sex: str
    child: int
    adult: int
    elder: int
    stays: int
    factor: int
    claims: int
    claim: int
    mark: str


class Kind(Enum):
    """How a target is judged."""

    CALIBRATED = "calibrated"
    EXPECTED = "expected"
    ORIENTATION = "orientation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A published figure; `value` in the measure's own unit, `tolerance` relative; `differs`: why this city is off."""

    id: str
    label: str
    kind: Kind
    measure: str
    of: str
    value: Decimal
    tolerance: Decimal | None
    year: int
    source: str
    confidence: str
    city: str | None
    differs: str


def city_named(name: str) -> City:
    """The city. Raises Faults (`unknown-city`)."""
    raw = _yaml("cities.yaml")
    if name not in raw:
        known = "、".join(f"{city}（{entry['label']}）" for city, entry in raw.items())
        raise Faults([Finding(code="unknown-city", message=f"没有城市“{name}”的设定", remedy=f"可用的城市：{known}")])
    entry = dict(raw[name])
    return City(
        id=name,
        counties=tuple(County(**county) for county in entry.pop("counties")),
        insurance=Insured(**entry.pop("insurance")),
        statuses=tuple(entry.pop("statuses")),
        shares={status: int(share_of(text) * 1_000_000) for status, text in entry.pop("shares", {}).items()},
        parameters=entry.pop("parameters", {}),
        **entry,
    )


def cities() -> tuple[str, ...]:
    """Their names."""
    return tuple(_yaml("cities.yaml"))


@cache
def assumptions() -> Assumptions:
    """What is assumed for every city."""
    raw = dict(_yaml("assumptions.yaml"))
    specs = raw.pop("statuses")
    return Assumptions(
        households=tuple(_section(HouseholdKind, entry) for entry in raw.pop("households")),
        statuses={name: _status(name, entry) for name, entry in specs.items()},
        then={name: tuple(names) for name, names in raw.pop("then").items()},
        before={name: tuple(names) for name, names in raw.pop("before").items()},
        courses={name: Course(**entry) for name, entry in raw.pop("courses").items()},
        in_need=frozenset(raw.pop("in_need")),
        in_need_factor=raw.pop("in_need_factor"),
        ordinary_codes=tuple(raw.pop("ordinary_codes")),
        **{name: _section(_SECTIONS[name], entry) for name, entry in raw.items()},
    )


@cache
def conditions() -> tuple[Condition, ...]:
    """The diseases that are told apart."""
    with (DATA / "conditions.csv").open(encoding="utf-8", newline="") as file:
        return tuple(_condition(row) for row in csv.DictReader(file))


def targets_of(city: City) -> tuple[Target, ...]:
    """The figures that this city is held against: of each, the one of the nearest year."""
    nearest: dict[str, Target] = {}
    for entry in _yaml("targets.yaml"):
        target = _target(entry, city)
        if target.city not in (None, city.id):
            continue
        known = nearest.get(target.id)
        if known is None or abs(target.year - city.targets_of) < abs(known.year - city.targets_of):
            nearest[target.id] = target
    return tuple(nearest.values())


def target_share(city: City, status: str) -> int:
    """The target's share of persons who hold the status, in parts per million."""
    (share,) = [one.value for one in targets_of(city) if (one.measure, one.of) == ("share_of_persons", status)]
    return int(share * 1_000_000)


def share_of(text: str) -> Decimal:
    """`3.1%` as 0.031; a plain number as it is."""
    return Decimal(text[:-1]) / 100 if text.endswith("%") else Decimal(text)


def data_hash() -> str:
    """The SHA-256 of all data that a population is made from."""
    digest = sha256()
    for path in sorted(DATA.iterdir()):
        digest.update(path.read_bytes())
    return digest.hexdigest()


# ---- helpers ---------------------------------------------------------------------------------------------------------

_SECTIONS: Mapping[str, type[Any]] = {
    "by_cost": ByCost,
    "insurance": InsuredInNeed,
    "stays": Stays,
    "age_factors": AgeFactors,
    "chronic": Chronic,
    "visits": Visits,
    "psychiatric": Psychiatric,
    "births": Births,
    "rehabilitation": Rehabilitation,
    "given": Given,
    "others": Others,
    "written": Written,
    "applications": Applications,
    "packages": Packages,
    "items": CatalogueItems,
    "flags": FlagChances,
}


@cache
def _yaml(name: str) -> Any:
    return yaml.safe_load((DATA / name).read_text(encoding="utf-8"))


def _section(kind: type[_T], entry: Mapping[str, Any]) -> _T:
    """The section with all its fields; lists as tuples, what is told by level in the order of levels."""
    assert {one.name for one in fields(kind)} == set(entry), f"{kind.__name__} has these fields"  # type: ignore[arg-type]
    return kind(**{name: _value(name, value) for name, value in entry.items()})


def _value(name: str, value: Any) -> Any:
    match value:
        case list():
            return tuple(value)
        case {1: first, 2: second, 3: third}:
            return first, second, third
        case dict():
            return _section(_SECTIONS[name], value)
    return value


def _status(name: str, entry: Mapping[str, Any]) -> StatusSpec:
    entry = dict(entry)
    text = entry.pop("share", "0")
    share = None if text == "target" else int(share_of(text) * 1_000_000)
    return StatusSpec(status=name, share=share, **{key: _value(key, value) for key, value in entry.items()})


def _condition(row: Mapping[str, str]) -> Condition:
    words = {"icd", "code", "name", "sex", "mark"}
    values: dict[str, Any] = {name: text if name in words else int(text) for name, text in row.items()}
    return Condition(**values)


def _target(entry: Mapping[str, Any], city: City) -> Target:
    ((measure, of),) = entry["measure"].items()
    return Target(
        id=entry["id"],
        label=entry["label"],
        kind=Kind(entry["kind"]),
        measure=measure,
        of=str(of),
        value=share_of(entry["value"]),
        tolerance=share_of(entry["tolerance"]) if "tolerance" in entry else None,
        year=entry["year"],
        source=entry["source"],
        confidence=entry["confidence"],
        city=entry.get("city"),
        differs=entry.get("differs", {}).get(city.id, ""),
    )
