"""Cases in a few words, settled and told: for tests of what comes after settling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.engine.small import small_policy
from tuodi.engine.bind import bind
from tuodi.engine.case import read_case
from tuodi.engine.record import Case
from tuodi.engine.settle import CaseResult, Engine, settle_case
from tuodi.language.model import AMOUNTS, Policy

POOR = {"status": "subsistence_allowance", "from": "2023-01-01", "to": None}
MARGIN = {"status": "subsistence_margin", "from": "2023-01-01", "to": None}


def bill(total: str | None, in_policy: str | None = None, *payers: str | None, **fields: Any) -> dict[str, Any]:
    """An event; what is not said is a designated hospital of level 3 in the county, a stay on 2023-03-01."""
    amounts = [total, in_policy or total, *payers]
    return {
        "id": "e1",
        "date": "2023-03-01",
        "service": "inpatient",
        "facility": {"designated": True, "level": 3, "county": True, "region": True, **fields.pop("facility", {})},
        "disease": None,
        "amounts": dict(zip(AMOUNTS, amounts + ["0.00"] * (7 - len(amounts)), strict=True)),
        **fields,
    }


def case(
    policy: Policy,
    events: Sequence[Mapping[str, Any]],
    *,
    statuses: Sequence[Mapping[str, Any]] = (POOR,),
    plan: Policy | None = None,
    opening: Sequence[Mapping[str, Any]] = (),
    **person: Any,
) -> Case:
    """The person's events, with ids e1, e2, ... unless they say otherwise."""
    numbered = [{**event, "id": event["id"] if event["id"] != "e1" else f"e{n}"} for n, event in enumerate(events, 1)]
    someone = {"id": "P1", "insurance": "resident", "birth_date": "1950-01-01", "statuses": list(statuses), **person}
    raw = {"policy": policy.document.id, "person": someone, "events": numbered}
    if opening:
        raw["opening"] = list(opening)
    if plan is not None:
        raw["plan"] = plan.document.id
    return read_case(raw, policy, plan)


def settled(
    policy: Policy,
    *events: Mapping[str, Any],
    parameters: Mapping[str, object] | None = None,
    plan: Policy | None = None,
    **more: Any,
) -> CaseResult:
    """The events of one person settled."""
    engine = Engine(bind(policy, parameters or {}, plan))
    return settle_case(engine, case(policy, events, plan=plan, **more))


CATALOGUE = """
lists:
  diseases: {file: lists/diseases.csv, label: 病种, clause: 附件}
catalogues:
  goods: {file: lists/goods.csv, diseases: diseases, label: 目录, clause: 附件}
facts:
  expert_review: {type: flag, label: 专家评审同意, of: item, default: false}
parameters:
  prices: {type: money_by_item, catalogue: goods, clause: 一, label: 最高额, set_by: 市医保局}
counts:
  item_relief: {per: [item, year], clause: 一, label: 项目年度限额}
benefits:
  - id: goods
    label: 项目救助
    clause: 一
    for: poor
    services: [inpatient]
    for_each_item: goods
    of: item_burden
    rate: 50%
    limit: {item_relief: {parameter: prices, by: item}}
    adjust:
      - {changes: limit, when: {expert_review: true}, times: 120%}
clauses:
  一: {is: [classes, benefit], says: 全文}
  附件: {is: benefit, says: 目录}
"""


def catalogue_policy(folder: Path) -> Policy:
    """Two diseases, each with a drug of its own; half of what the person bears, up to a price for each."""
    lists = folder / "goods" / "lists"
    lists.mkdir(parents=True)
    (lists / "diseases.csv").write_text("name,aliases,icd10,needs,note\n甲病,,,,\n乙病,,,,\n", "utf-8")
    goods = "disease,item,kind,aliases\n甲病,甲药,drug,甲\n甲病,甲械,device,\n乙病,乙药,drug,\n"
    (lists / "goods.csv").write_text(goods, "utf-8")
    return small_policy(folder, CATALOGUE, name="goods")
