"""Families that stand for many: one bill of each family under every policy, settled by the engine, with reasons.

They are made up, and plain on purpose; each bill is one that every city knows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from tuodi.core.finding import Faults
from tuodi.core.money import format_yuan, parse_yuan
from tuodi.engine.case import read_case
from tuodi.engine.settle import Engine, Settlement, settle_case
from tuodi.lab.answers import INSURANCE
from tuodi.lab.change import Regime
from tuodi.lab.people import known_of
from tuodi.lab.results import FamilyRow
from tuodi.language.model import AMOUNTS, PAYERS


class Family(NamedTuple):
    """Somebody's bill. `amounts`: whole yuan of total, in policy, basic and critical illness insurance.

    `item`: one of a catalogue, with what of it the person bears, in whole yuan.
    """

    label: str
    statuses: tuple[str, ...]
    born: int
    service: str
    level: int
    disease: str
    code: str
    amounts: tuple[int, int, int, int]
    item: tuple[str, int] | None = None


_LOW_INCOME = ("low_income", "low_income_elderly")

FAMILIES: tuple[Family, ...] = (
    Family("特困老人，二级医院肺炎住院", ("extreme_poverty",), 1950, "inpatient", 2, "", "J18.9",
           (9000, 8000, 5200, 0)),
    Family("低保老人，三级医院急性心肌梗死住院", ("subsistence_allowance",), 1953, "inpatient", 3,
           "急性心肌梗死", "I21.9", (62000, 54000, 31500, 4200)),
    Family("低保家庭，孩子白血病住院", ("subsistence_allowance",), 2013, "inpatient", 3, "儿童白血病", "C91.0",
           (150000, 128000, 74000, 16500)),
    Family("低保家庭，尿毒症门诊透析", ("subsistence_allowance",), 1975, "outpatient_chronic", 2, "尿毒症", "N18.5",
           (4200, 4000, 2400, 0)),
    Family("低保家庭，慢性髓细胞白血病门诊用达沙替尼", ("subsistence_allowance",), 1970, "outpatient_chronic", 3,
           "慢性髓细胞白血病", "C92.1", (26000, 21000, 12600, 0), ("达沙替尼", 11000)),
    Family("低收入老人，二级医院脑梗死住院", _LOW_INCOME, 1952, "inpatient", 2, "脑梗死", "I63.9",
           (16000, 14000, 9300, 0)),
    Family("低保边缘家庭，肺癌住院", ("subsistence_margin",), 1968, "inpatient", 3, "肺癌", "C34.9",
           (85000, 72000, 42000, 7000)),
    Family("因病致贫重病患者，乳腺癌住院", ("illness_impoverished",), 1972, "inpatient", 3, "乳腺癌", "C50.9",
           (98000, 83000, 48500, 9000)),
    Family("普通家庭，三级医院住院", (), 1980, "inpatient", 3, "", "K80.2", (30000, 26000, 15200, 0)),
)  # fmt: skip


def family_rows(
    regimes: Mapping[str, Regime], year: int, families: Sequence[Family] = FAMILIES
) -> tuple[FamilyRow, ...]:
    """Each family's first bill of that year, under each policy; these by their labels."""
    engines = [(label, Engine(regime.bound)) for label, regime in regimes.items()]
    return tuple(_row(family, label, engine, year) for family in families for label, engine in engines)


def case_of(family: Family, year: int) -> dict[str, Any]:
    """The family's bill as a case."""
    given = dict(zip(("total", "in_policy", "basic", "critical_illness"), family.amounts, strict=True))
    statuses = [
        {"status": one, "from": f"{year}-02-01", "to": None}
        | ({"applied_on": f"{year}-02-01"} if one == "illness_impoverished" else {})
        for one in family.statuses
    ]
    event: dict[str, Any] = {
        "id": "e1",
        "date": f"{year}-06-15",
        "service": family.service,
        "facility": {"designated": True, "level": family.level, "county": family.level < 3, "region": True},
        "disease": family.disease or None,
        "diagnoses": [family.code],
        "amounts": {name: format_yuan(100 * given.get(name, 0)) for name in AMOUNTS},
    }
    if family.item is not None:
        event["items"] = [{"item": family.item[0], "personal": format_yuan(100 * family.item[1])}]
    person = {"id": "P1", "insurance": "resident", "birth_date": f"{family.born}-05-01", "statuses": statuses}
    return {"person": person, "events": [event]}


def _row(family: Family, label: str, engine: Engine, year: int) -> FamilyRow:
    raw = case_of(family, year)
    bound = engine.bound
    amounts: Mapping[str, int] = {name: parse_yuan(text) for name, text in raw["events"][0]["amounts"].items()}
    unanswered = FamilyRow(
        family=family.label,
        policy=bound.policy.document.id,
        label=label,
        total=amounts["total"],
        burden=_burden(amounts),
        relief=None,
        personal=None,
        clause="",
        reason="",
    )
    try:
        (settlement,) = settle_case(engine, read_case(known_of(raw, bound), bound.policy, bound.plan)).settlements
    except Faults as lacking:
        return replace(unanswered, reason=f"不能结算：{lacking.findings[0].message}")
    return replace(
        unanswered,
        relief=settlement.relief,
        personal=settlement.personal,
        clause="、".join(_clauses(settlement)),
        reason=_reason(settlement),
    )


def _burden(amounts: Mapping[str, int]) -> int:
    insured = sum(amounts[name] for name in INSURANCE)
    return max(0, min(amounts["in_policy"] - insured, amounts["total"] - sum(amounts[name] for name in PAYERS)))


def _clauses(settlement: Settlement) -> Iterator[str]:
    if settlement.refusal is not None:
        yield settlement.refusal.clause
    yield from dict.fromkeys(line.rule.clause for line in settlement.lines)


def _reason(settlement: Settlement) -> str:
    refusal = settlement.refusal
    if refusal is not None:
        return refusal.refusal or ""
    return "、".join(f"{line.rule.label} {format_yuan(line.paid)}" for line in settlement.lines)
