"""Random cases of the five policies that look for trouble: boundaries, ties, overlaps, and what a policy doesn't know.

Every case is valid in the case format, so settling it gives results and refusals, never errors. What the readings leave
open is not generated: births on 29 February, bed-days of zero, package limits of zero, `opening`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from .common import fen, plain, yuan
from .lists import (
    ANSHAN_16_NAMES,
    NINGBO_SERIOUS_NAMES,
    NINGBO_SPECIAL_NAMES,
    QINGDAO_CATALOGUE,
    QINGDAO_CODES,
    QINGDAO_CODES_UNDER_18,
    QINGDAO_ITEM_SHORT_NAMES,
    QINGDAO_ITEMS,
    QINGDAO_SHORT_NAMES,
    YANGQUAN_24_NAMES,
    YANGQUAN_JOINTS,
    YANGQUAN_OUT_PATIENT_FROM_ANNEX,
    YANGQUAN_OUT_PATIENT_GROUPS,
)

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

ALL_STATUSES = [
    "extreme_poverty", "orphan", "unsupported_child", "priority_child", "subsistence_allowance",
    "subsistence_margin", "returned_to_poverty", "poverty_monitored", "illness_impoverished", "registered_poor",
    "entitled_group", "low_income", "low_income_elderly", "low_income_minor", "severe_disability",
    "family_planning_hardship", "other_hardship_patient", "retrenched_worker", "veteran_party_member",
    "hiv_opportunistic", "disability_living_subsidy", "bravery", "other_special",
]  # fmt: skip
ALL_SERVICES = [
    "inpatient", "outpatient", "outpatient_chronic", "psychiatric_inpatient", "childbirth", "rehabilitation",
    "late_stage_care", "annual_relief",
]  # fmt: skip
WITHOUT_FACILITY = ("late_stage_care", "annual_relief")
# No policy has these in a list that its relief rests on.
DISEASES_OF_NO_LIST = ["感冒", "高血压", "阑尾炎", "骨折", "白内障", "尿道下裂", "肺炎"]
CODES_OF_NO_LIST = ["J18.9", "K35.8", "I10", "Z00.0", "D68.0"]


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """What random cases of one policy are drawn from. `services` and `insurance` are weights."""

    in_force: date
    statuses: Sequence[str]
    services: dict[str, int]
    burdens: Sequence[str]
    diseases: Sequence[str] = ()
    codes: Sequence[str] = ()
    insurance: dict[str, int] = field(default_factory=lambda: {"resident": 76, "employee": 17, "none": 7})


@dataclass(slots=True, kw_only=True)
class Draft:
    """What is fixed for the whole case while its events are drawn."""

    rng: Random
    city: City
    policy: str
    main_year: int
    days: list[date]
    parameters: dict[str, Any]
    burden_so_far: dict[int, int] = field(default_factory=dict)

    def chance(self, share: float) -> bool:
        """True in that share of draws."""
        return self.rng.random() < share


def random_case(policy: str, rng: Random, size: int | None = None) -> dict[str, Any]:
    """A valid case of the policy with `size` events; without a size mostly a handful, now and then forty."""
    city = CITIES[policy]
    if size is None:
        size = rng.choice([1, 1, 2, 2, 3, 3, 4, 5, 6, 8, 12, 20, 40])
    first_year = city.in_force.year + (city.in_force.month > 1)
    main_year = first_year + rng.choice([-1, 0, 0, 0, 0, 0, 1, 1, 1, 2])
    statuses = [random_status(rng, city, main_year) for _ in range(rng.choice([0, 1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 6]))]
    draft = Draft(
        rng=rng,
        city=city,
        policy=policy,
        main_year=main_year,
        days=interesting_days(city, main_year, statuses),
        parameters=random_parameters(rng, policy),
    )
    events = [random_event(draft, f"e{number}", day) for number, day in enumerate(random_days(draft, size), start=1)]
    return {
        "policy": policy,
        "parameters": draft.parameters,
        "person": random_person(draft, statuses, events),
        "events": events,
    }


# ---- the person ------------------------------------------------------------------------------------------------------


def random_person(draft: Draft, statuses: list[dict[str, Any]], events: list[dict[str, Any]]) -> dict[str, Any]:
    """A person whose 18th or 60th birthday may well be the day of an event."""
    rng = draft.rng
    person = {
        "id": f"P{rng.randrange(1000)}",
        "insurance": weighted(rng, draft.city.insurance),
        "statuses": statuses,
    }
    age_is_asked = any("diagnoses" in event for event in events) or any(
        status["status"] == "low_income" for status in statuses
    )
    if age_is_asked or draft.chance(0.8):
        first = min(date.fromisoformat(event["date"]) for event in events)
        person["birth_date"] = min(random_birth_date(draft), first.replace(day=1)).isoformat()
    return person


def random_birth_date(draft: Draft) -> date:
    """Any age; often a birthday that decides, on or beside an interesting day."""
    rng = draft.rng
    day = rng.choice(draft.days) + timedelta(days=rng.choice([-1, 0, 0, 1]))
    born = date(day.year - rng.choice([5, 17, 18, 18, 18, 19, 40, 59, 60, 60, 60, 61, 75]), day.month, min(day.day, 28))
    return born if draft.chance(0.5) else born - timedelta(days=rng.randrange(300))


def random_status(rng: Random, city: City, main_year: int) -> dict[str, Any]:
    """A status over time, mostly one that the policy has a rule for."""
    name = rng.choice(city.statuses if rng.random() < 0.88 else ALL_STATUSES)
    kind = rng.choices(["long", "edge", "any"], [45, 30, 25])[0]
    if kind == "long":
        start = date(main_year - rng.choice([0, 0, 1, 2, 5]), rng.choice([1, 1, 1, 3]), 1)
    else:
        start = rng.choice(edges(main_year, city.in_force)) if kind == "edge" else random_day(rng, main_year)
    status: dict[str, Any] = {"status": name}
    if rng.random() < (0.8 if name == "illness_impoverished" else 0.1):
        status["applied_on"] = start.isoformat()
        start += timedelta(days=rng.choice([0, 0, 1, 20, 45]))
    status["from"] = start.isoformat()
    end = rng.choice([date(start.year + 1, 1, 1), start + timedelta(days=rng.choice([1, 2, 30, 90, 200, 365, 500]))])
    stays_open = rng.random() < (0.75 if kind == "long" else 0.55)
    status["to"] = None if stays_open else end.isoformat()
    return status


# ---- days ------------------------------------------------------------------------------------------------------------


def edges(main_year: int, in_force: date) -> list[date]:
    """Ends of years and months around the main year, and the days around the coming into force."""
    days = [in_force + timedelta(days=shift) for shift in (-1, 0, 1)]
    for year in (main_year - 1, main_year, main_year + 1):
        days += [date(year, 1, 1), date(year, 12, 31), date(year, 12, 1), date(year, 2, 28), date(year, 3, 1)]
        days += [date(year, 4, 30), date(year, 5, 31), date(year, 5, 1), date(year, 9, 30)]
        if year % 4 == 0:
            days += [date(year, 2, 29)] * 3
    return days


def interesting_days(city: City, main_year: int, statuses: Sequence[dict[str, Any]]) -> list[date]:
    """Edges of the calendar, of the statuses, and of what their applications reach back to."""
    days = edges(main_year, city.in_force)
    for status in statuses:
        marks = [date.fromisoformat(status["from"])]
        if status["to"]:
            marks.append(date.fromisoformat(status["to"]))
        if "applied_on" in status:
            applied = date.fromisoformat(status["applied_on"])
            year_before = date(applied.year - 1, applied.month, min(applied.day, 28))
            marks += [applied, year_before, year_before.replace(day=1), date(applied.year + 1, 1, 1)]
        days += [mark + timedelta(days=shift) for mark in marks for shift in (-1, 0, 1)]
    return days


def random_days(draft: Draft, size: int) -> list[date]:
    """The days of the events, mostly in order, sometimes with a late one, sometimes in none."""
    days = [
        draft.rng.choice(draft.days) if draft.chance(0.4) else random_day(draft.rng, draft.main_year)
        for _ in range(size)
    ]
    shape = draft.rng.random()
    if shape < 0.85:
        days.sort()
    if 0.6 < shape < 0.85:
        days.insert(draft.rng.randrange(size), days.pop(draft.rng.randrange(size)))
    return days


def random_day(rng: Random, main_year: int) -> date:
    """A day of the main year, now and then of a year beside it."""
    year = main_year + rng.choice([0, 0, 0, 0, 0, 0, 1, 1, -1, 2])
    return date(year, 1, 1) + timedelta(days=rng.randrange(365))


# ---- an event --------------------------------------------------------------------------------------------------------


def random_event(draft: Draft, name: str, day: date) -> dict[str, Any]:
    """An event with its facility, disease, amounts, and the facts that only this city asks for."""
    rng, city = draft.rng, draft.city
    service = weighted(rng, city.services) if draft.chance(0.93) else rng.choice(ALL_SERVICES)
    event: dict[str, Any] = {"id": name, "date": day.isoformat(), "service": service}
    if service not in WITHOUT_FACILITY or draft.chance(0.3):
        event["facility"] = random_facility(draft)
    add_disease(draft, event)
    event["amounts"] = random_amounts(draft, day.year)
    add_facts(draft, event)
    return event


def random_facility(draft: Draft) -> dict[str, Any]:
    """Mostly designated and in the city; `designated` and the two defaults may be left out."""
    rng = draft.rng
    facility: dict[str, Any] = {
        "level": rng.choice([1, 2, 3]),
        "county": draft.chance(0.7),
        "region": draft.chance(0.8),
    }
    designated = rng.choices([True, False, None], [88, 7, 5])[0]
    if designated is not None:
        facility["designated"] = designated
    for default_true in ("psychiatric", "single_disease"):
        if draft.chance(0.4):
            facility[default_true] = draft.chance(0.7)
    return facility


def add_disease(draft: Draft, event: dict[str, Any]) -> None:
    """None, a certified name (oddly written now and then), or codes."""
    rng, city = draft.rng, draft.city
    kind = rng.choices(["none", "listed", "unlisted", "codes"], [20, 60, 10, 10])[0]
    if kind == "listed" and city.diseases:
        event["disease"] = oddly_written(rng, rng.choice(city.diseases))
    elif kind == "unlisted":
        event["disease"] = oddly_written(rng, rng.choice(DISEASES_OF_NO_LIST))
    elif kind == "codes":
        codes = [*city.codes, *CODES_OF_NO_LIST]
        event["diagnoses"] = [rng.choice(codes) for _ in range(rng.choice([1, 1, 1, 2, 3]))]
    elif draft.chance(0.7):
        event["disease"] = None


def oddly_written(rng: Random, name: str) -> str:
    """The same name with other spacing, brackets, or Roman one."""
    if rng.random() < 0.6:
        return name
    if rng.random() < 0.5:
        name = name.replace("（", "(").replace("）", ")")
    else:
        name = name.replace("(", "（").replace(")", "）")
    if "I 型" in name:
        name = rng.choice(["I型糖尿病", "Ⅰ型糖尿病", "Ⅰ 型糖尿病", "I 型糖尿病"])
    for _ in range(rng.choice([0, 1, 2])):
        place = rng.randrange(len(name) + 1)
        name = name[:place] + rng.choice([" ", "  ", "\u3000", "\t"]) + name[place:]
    return name


# ---- money -----------------------------------------------------------------------------------------------------------


def random_amounts(draft: Draft, year: int) -> dict[str, str]:
    """Seven amounts around a burden that was aimed at a boundary; the payers together never exceed the bill."""
    rng = draft.rng
    if draft.chance(0.03):
        return dict.fromkeys(["total", "in_policy", *PAYERS], "0.00")
    burden = random_burden(draft, year)
    payers = dict.fromkeys(PAYERS, 0)
    for payer in ("basic", "critical_illness", "supplementary"):
        if draft.chance(0.5):
            payers[payer] = rng.randrange(2 * burden + 1)
    named = sum(payers.values())
    in_policy = named + burden
    total = in_policy + rng.choice([0, 0, rng.randrange(burden + 1), rng.randrange(2000_00)])
    if draft.chance(0.25):
        payers["commercial"] = rng.randrange(total - named + 1)
        payers["other_relief"] = rng.randrange(total - named - payers["commercial"] + 1)
    elif draft.chance(0.1):
        payers["other_relief"] = rng.randrange(burden + 1)
    if draft.chance(0.04):
        in_policy = rng.randrange(named + 1)  # insurance paid for more than what is in policy
    draft.burden_so_far[year] = draft.burden_so_far.get(year, 0) + burden
    return {name: yuan(amount) for name, amount in {"total": total, "in_policy": in_policy, **payers}.items()}


PAYERS = ("basic", "critical_illness", "supplementary", "commercial", "other_relief")


def random_burden(draft: Draft, year: int) -> int:
    """Fen: at or beside a boundary, up to a boundary of the year's sum, or any size, often such that a rate ties."""
    rng = draft.rng
    aim = fen(rng.choice(draft.city.burdens)) + rng.choice([-1, 0, 0, 1])
    kind = rng.random()
    if kind < 0.2:
        return max(0, aim)
    if kind < 0.45 and aim > draft.burden_so_far.get(year, 0):
        return aim - draft.burden_so_far.get(year, 0)
    if kind < 0.5:
        return rng.randrange(20)
    burden = int(10 ** rng.uniform(1, 7.2))
    return burden // 10 * 10 + 5 if rng.random() < 0.5 else burden


# ---- what only one city asks -----------------------------------------------------------------------------------------


def add_facts(draft: Draft, event: dict[str, Any]) -> None:
    """The facts of the policy's own."""
    {
        "qingdao-2018-1": qingdao_facts,
        "liaocheng-2022-5": no_facts,
        "yangquan-2019-45": yangquan_facts,
        "anshan-2019-37": anshan_facts,
        "ningbo-2019-27": ningbo_facts,
    }[draft.policy](draft, event)


def no_facts(draft: Draft, event: dict[str, Any]) -> None:
    """Liaocheng asks for nothing of its own."""


def qingdao_facts(draft: Draft, event: dict[str, Any]) -> None:
    """Items of the disease, of other diseases, of no catalogue, and the same one twice; with and without review."""
    rng = draft.rng
    if draft.chance(0.05):
        return
    own = items_of_diseases(event)
    unpaid = fen(event["amounts"]["total"]) - sum(fen(event["amounts"][payer]) for payer in PAYERS)
    items: list[dict[str, Any]] = []
    for _ in range(rng.choice([0, 1, 1, 1, 2, 2, 3, 5])):
        name = rng.choice(own) if own and draft.chance(0.8) else rng.choice([*QINGDAO_ITEMS, "阿司匹林", "维生素C"])
        if items and draft.chance(0.2):
            name = items[-1]["item"]
        if draft.chance(0.3):
            name = rng.choice([short for short, full in QINGDAO_ITEM_SHORT_NAMES.items() if full == name] or [name])
        item: dict[str, Any] = {"item": name, "personal": yuan(random_personal(draft, name, unpaid))}
        if draft.chance(0.15):
            item["expert_review"] = draft.chance(0.6)
        items.append(item)
    event["items"] = items
    if draft.chance(0.3):
        event["expert_review"] = draft.chance(0.7)


def items_of_diseases(event: dict[str, Any]) -> list[str]:
    """What the catalogue has for the event's diseases, by name or code: to draw from, no judgement."""
    name = plain(event.get("disease") or "")
    own = [
        item
        for disease, items in QINGDAO_CATALOGUE.items()
        for item in items
        if name == plain(disease) or QINGDAO_SHORT_NAMES.get(name) == disease
    ]
    for code in event.get("diagnoses", []):
        for disease, prefixes in {**QINGDAO_CODES, **QINGDAO_CODES_UNDER_18}.items():
            if code.startswith(tuple(prefixes.split())):
                own += QINGDAO_CATALOGUE[disease]
    return own


def random_personal(draft: Draft, name: str, unpaid: int) -> int:
    """An item's own burden: around its maximum, around 120 % of it, around what the bill leaves, or a part of that."""
    rng = draft.rng
    maximum = fen(draft.parameters["item_limits"].get(name, "1000.00"))
    aim = rng.choice([maximum, maximum * 6 // 5, maximum // 5, maximum // 2, unpaid])
    kind = rng.random()
    personal = max(0, aim + rng.choice([-1, 0, 1])) if kind < 0.5 else rng.randrange(unpaid + 1)
    # A burden above what the bill leaves is odd but not an error: it is cut.
    return personal if rng.random() < 0.15 else min(personal, unpaid)


def yangquan_facts(draft: Draft, event: dict[str, Any]) -> None:
    """Package limits (also where they mean nothing), special drugs, referrals, and applications in and out of time."""
    rng = draft.rng
    if event["service"] == "annual_relief":
        day = date.fromisoformat(event["date"])
        event["for_year"] = day.year - 1 if draft.chance(0.85) else rng.choice([day.year, day.year - 2, 2019])
        if draft.chance(0.6):
            event["date"] = date(event["for_year"] + 1, *rng.choice(APPLICATION_DAYS)).isoformat()
    if draft.chance(0.45):
        limit = rng.choice([500000, 800050, 12345, fen(event["amounts"]["total"]), fen(event["amounts"]["in_policy"])])
        event["package_limit"] = yuan(max(1, limit + rng.choice([-1, 0, 0, 1])))
    elif draft.chance(0.1):
        event["package_limit"] = None
    if draft.chance(0.2):
        event["special_drug"] = draft.chance(0.7)
    if draft.chance(0.4):
        event["referral_filed"] = draft.chance(0.5)


APPLICATION_DAYS = [(1, 1), (1, 1), (1, 20), (2, 1), (2, 28), (2, 28), (3, 1), (12, 31)]


def anshan_facts(draft: Draft, event: dict[str, Any]) -> None:
    """Bed-days for psychiatric stays, and the anti-rejection regimen."""
    if event["service"] == "psychiatric_inpatient" or draft.chance(0.03):
        event["bed_days"] = draft.rng.choice([1, 2, 7, 30, 31, 365])
    if draft.chance(0.75 if event["service"] == "outpatient_chronic" else 0.03):
        event["regimen"] = "transplant_antirejection"


def ningbo_facts(draft: Draft, event: dict[str, Any]) -> None:
    """The four yes-or-no facts, left at their defaults or said."""
    for name, share, truth in (
        ("rare_disease", 0.2, 0.6),
        ("injury_from_bravery", 0.25, 0.7),
        ("lawful_birth", 0.4, 0.6),
        ("rehab_assessed", 0.4, 0.6),
    ):
        if draft.chance(share):
            event[name] = draft.chance(truth)


def random_parameters(rng: Random, policy: str) -> dict[str, Any]:
    """What the document leaves to the agency."""
    if policy == "qingdao-2018-1":
        return {"item_limits": {item: yuan(random_maximum(rng)) for item in QINGDAO_ITEMS}}
    if policy == "ningbo-2019-27":
        return {"other_special_rate": rng.choice([None, "0.70", "0.70", "0.50", "0.90"])}
    return {}


def random_maximum(rng: Random) -> int:
    """A yearly maximum in fen, round or not."""
    return rng.choice([50_000_00, 10_000_00, 3_000_00, 333_33, 100_01, int(10 ** rng.uniform(2, 7))])


def weighted(rng: Random, weights: dict[str, int]) -> str:
    """One of the keys, in proportion to its weight."""
    return rng.choices(list(weights), list(weights.values()))[0]


# ---- the five cities -------------------------------------------------------------------------------------------------

CITIES = {
    "qingdao-2018-1": City(
        in_force=date(2018, 1, 1),
        statuses=["subsistence_allowance", "extreme_poverty", "orphan"],
        services={"inpatient": 55, "outpatient_chronic": 35, "psychiatric_inpatient": 5, "outpatient": 5},
        burdens=["50000.00", "10000.00", "3000.00", "60000.00"],
        diseases=[*QINGDAO_CATALOGUE, *QINGDAO_SHORT_NAMES],
        codes=["C92.1", "C18.7", "C61", "C64", "C90.00", "I60.9", "E70.0", "C91.0", "D66", "C34.1", "E74.0", "Q65.0"],
    ),
    "liaocheng-2022-5": City(
        in_force=date(2022, 12, 27),
        statuses=[
            "extreme_poverty",
            "subsistence_allowance",
            "returned_to_poverty",
            "orphan",
            "unsupported_child",
            "priority_child",
            "subsistence_margin",
            "subsistence_margin",
            "poverty_monitored",
            "illness_impoverished",
            "illness_impoverished",
            "illness_impoverished",
        ],
        services={"inpatient": 55, "outpatient_chronic": 35, "psychiatric_inpatient": 5, "outpatient": 5},
        burdens=[
            "3000.00",
            "5000.00",
            "10000.00",
            "16666.67",  # 5000 is left after 70 %
            "17000.00",  # class 2: 10000 is left after half of what exceeds 3000
            "33000.00",
            "42857.14",
            "42857.15",
            "43333.33",
            "43333.34",
        ],
        diseases=["肺癌", "尿毒症"],
        codes=["C34.1"],
    ),
    "yangquan-2019-45": City(
        in_force=date(2020, 1, 1),
        statuses=[
            "extreme_poverty",
            "orphan",
            "subsistence_allowance",
            "entitled_group",
            "registered_poor",
            "low_income_elderly",
            "low_income_minor",
            "severe_disability",
            "family_planning_hardship",
            "other_hardship_patient",
            "low_income",
            "low_income",
            "illness_impoverished",
        ],
        services={
            "inpatient": 45,
            "outpatient_chronic": 25,
            "annual_relief": 13,
            "late_stage_care": 7,
            "psychiatric_inpatient": 5,
            "outpatient": 5,
        },
        burdens=[
            "3000.00",
            "6000.00",
            "20000.00",
            "20000.00",
            "21428.57",
            "21428.58",
            "30000.00",
            "66666.67",
            "100000.00",
        ],
        diseases=[
            *YANGQUAN_24_NAMES,
            *YANGQUAN_JOINTS,
            *YANGQUAN_OUT_PATIENT_GROUPS,
            *YANGQUAN_OUT_PATIENT_FROM_ANNEX,
            *["戈谢病", "庞贝氏病"] * 5,
        ],
        codes=[
            "C50.9",
            "N18.5",
            "I63.9",
            "D66",
            "C92.1",
            "B20.1",
            "D46.9",
            "C22.0",
            "C91.0",
            "Q21.1",
            "E70.0",
            "E75.2",
        ],
    ),
    "anshan-2019-37": City(
        in_force=date(2019, 1, 1),
        statuses=["extreme_poverty", "orphan", "subsistence_allowance", "registered_poor", "low_income"],
        services={"inpatient": 55, "outpatient": 17, "outpatient_chronic": 16, "psychiatric_inpatient": 12},
        burdens=[
            "100.00",
            "166.66",
            "166.67",
            "10000.00",
            "14285.71",
            "14285.72",
            "20000.00",
            "24285.71",
            "28571.42",
            "28571.43",
        ],
        diseases=[*ANSHAN_16_NAMES * 2, "肝癌", "膀胱癌", "儿童脑瘫", "重性精神病", "I 型糖尿病"],
        codes=["C50.9", "N18.5", "I63.9", "D66", "C92.1", "B20", "C91.0", "Q21.1", "C22.0", "A15.0", "C34.9"],
        insurance={"resident": 58, "employee": 33, "none": 9},
    ),
    "ningbo-2019-27": City(
        in_force=date(2019, 9, 30),
        statuses=[
            "extreme_poverty",
            "orphan",
            "subsistence_allowance",
            "priority_child",
            "unsupported_child",
            "subsistence_margin",
            "illness_impoverished",
            "illness_impoverished",
            "illness_impoverished",
            "retrenched_worker",
            "veteran_party_member",
            "entitled_group",
            "hiv_opportunistic",
            "disability_living_subsidy",
            "bravery",
            "other_special",
            "severe_disability",
            "severe_disability",
            "severe_disability",
        ],
        services={
            "inpatient": 40,
            "outpatient": 20,
            "outpatient_chronic": 15,
            "rehabilitation": 12,
            "childbirth": 6,
            "psychiatric_inpatient": 7,
        },
        burdens=["500.00", "714.28", "714.29", "833.33", "6000.00", "80000.00", "114285.71", "114285.72", "133333.33"],
        diseases=[*NINGBO_SERIOUS_NAMES, *NINGBO_SPECIAL_NAMES],
        codes=["C50.9", "N18.5", "I63.9", "D66", "B20", "D61.9", "Q21.1", "Q25.0", "F84.0", "E11.2", "M32.1", "C22.0"],
    ),
}


# ---- for hypothesis --------------------------------------------------------------------------------------------------


def cases(policy: str) -> SearchStrategy[dict[str, Any]]:
    """Valid random cases that shrink by losing events and statuses, then by plainer events."""
    from hypothesis import strategies as st

    seeds = st.integers(min_value=0, max_value=2**32 - 1)
    sizes = st.integers(min_value=1, max_value=40)
    # 0 drops, 1 makes plain: that is what shrinking tries first, and what random draws seldom give.
    treatments = st.lists(st.integers(min_value=0, max_value=15), min_size=46, max_size=46)
    return st.builds(
        lambda seed, size, treatment: thinned(random_case(policy, Random(seed), size), treatment),
        seeds,
        sizes,
        treatments,
    )


def thinned(case: dict[str, Any], treatment: Sequence[int]) -> dict[str, Any]:
    """The case without the events and statuses that are treated with 0, and with plain amounts where it is 1."""
    person, events = case["person"], case["events"]
    of_events, of_statuses = treatment[:40], treatment[40:]
    kept = [plain_event(event) if how == 1 else event for event, how in zip(events, of_events, strict=False) if how]
    statuses = [
        status
        for number, status in enumerate(person["statuses"])
        if number >= len(of_statuses) or of_statuses[number] != 0
    ]
    return {**case, "person": {**person, "statuses": statuses}, "events": kept or events[:1]}


def plain_event(event: dict[str, Any]) -> dict[str, Any]:
    """The event with the same burden but no payers and nothing outside the policy."""
    amounts = {name: fen(amount) for name, amount in event["amounts"].items()}
    unpaid = amounts["total"] - sum(amounts[payer] for payer in PAYERS)
    burden = max(0, min(unpaid, amounts["in_policy"] - sum(amounts[payer] for payer in PAYERS[:3])))
    nobody_paid = dict.fromkeys(event["amounts"], "0.00")
    return {**event, "amounts": {**nobody_paid, "total": yuan(burden), "in_policy": yuan(burden)}}
