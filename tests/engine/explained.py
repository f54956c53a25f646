"""Policies of a few benefits for explanations: as data in test_explain, in sentences in test_narrate."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.engine.small import small_policy
from tests.engine.told import bill, settled
from tuodi.engine.explain import Explanation, explain
from tuodi.language.model import Policy

BODY = """
facts:
  days: {type: count, label: 住院床日}
  package: {type: money, label: 打包限额, default: null}
  drugs: {type: money, label: 特药费用, default: 0}
  for_year: {type: year, label: 申请年度, default: null}
parameters:
  income: {type: money, label: 人均收入, clause: 一}
  share: {type: rate, label: 比例, clause: 一}
counts:
  burden: {per: year, clause: 三, label: 年度负担}
  relief: {per: year, clause: 三, label: 年度救助限额}
  joint: {per: year, clause: 三, label: 年度合计}
  used: {per: life, clause: 三, label: 大病关怀次数}
  left: {per: year, clause: 三, label: 全年自付, feed: {of: unpaid, services: [inpatient]}}
quantities:
  own: {label: 合规负担, take: in_policy, less: [basic, critical_illness], at_most: [unpaid]}
  half: {label: 特药的一半, take: [drugs, own], times: 50%}
  whole_year: {label: 全年, take: [{tally: left}, unpaid]}
clauses:
  一: {is: [classes, benefit], says: 一}
  二: {is: benefit, says: 二}
  三: {is: benefit, says: 三}
  四: {is: benefit, says: 四}
"""
DOCUMENT = "测试〔2023〕1号"


def policy_of(tmp_path: Path, *benefits: str, more: str = "") -> Policy:
    """The policy of these benefits for the poor, each of clause 二; what a benefit says later counts."""
    told = [
        f"  - {{id: b{place}, label: 待遇{place}, clause: 二, for: poor, {text}}}"
        for place, text in enumerate(benefits)
    ]
    return small_policy(tmp_path, BODY + more + "benefits:\n" + "\n".join(told) + "\n")


def why(policy: Policy, *events: dict[str, Any], lang: str = "zh", **more: Any) -> Explanation:
    """Of the last of the events."""
    return explain(settled(policy, *events, **more).settlements[-1], lang)


def told(
    tmp_path: Path, *benefits: str, event: dict[str, Any] | None = None, more: str = "", **settling: Any
) -> Explanation:
    """Of one bill of 50 000 yuan, 45 000 of it in policy, 31 000 of it paid by insurance."""
    usual = bill("50000.00", "45000.00", "28000.00", "3000.00")
    return why(policy_of(tmp_path, *benefits, more=more), event or usual, **settling)


STAY = "services: [inpatient], of: own, rate: 70%, limit: {relief: 30000}"
CARE = bill("0.00", service="late_stage_care")


PLAN = """
layers:
  - {id: basic, label: 居民医保}
  - {id: supplementary, label: 补充医保}
counts:
  basic_paid: {per: year, clause: 样, label: 基本医保限额}
quantities:
  cost: {label: 医保费用, take: in_policy}
benefits:
  - {id: basic_stay, label: 住院, clause: 样, layer: basic, for: everyone, services: [inpatient], of: cost, above: 900,
     rate: 60%, limit: {basic_paid: 120000}, adjust: [{changes: above, clause: 样, when: {level: 3}, times: 50%}]}
  - {id: drugs_stay, label: 特药, clause: 样, layer: supplementary, for: everyone, services: [inpatient], of: unpaid,
     rate: 10%}
  - {id: elsewhere, label: 门诊, clause: 样, layer: basic, for: everyone, services: [outpatient], refuse: 不支付}
clauses:
  样: {is: benefit, says: 样例}
"""

TILTS = """
insurance_tilts:
  - id: tilt
    clause: 四
    layer: basic
    benefits: [basic_stay]
    for: [subsistence_allowance]
    adjust: [{changes: rate, plus: 5%}, {changes: rate, when: {level: 1}, plus: 9%}, {changes: limit, none: true}]
  - {id: other, clause: 四, layer: basic, benefits: [elsewhere], adjust: [{changes: rate, plus: 5%}]}
  - {id: everybody, clause: 四, layer: supplementary, adjust: [{changes: rate, plus: 1%}]}
"""


def layered(tmp_path: Path) -> tuple[Policy, Policy]:
    """A policy, and an insurance plan that it bends."""
    plan = small_policy(tmp_path, PLAN, kind="plan", name="plan")
    policy = policy_of(tmp_path, STAY, more=TILTS)
    return policy, replace(plan, document=replace(plan.document, number="样例"))
