"""What is missing is said with clause, event, value and way out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.engine.small import small_policy
from tests.engine.told import bill, catalogue_policy, settled
from tuodi.core.finding import Faults, Finding
from tuodi.language.model import FactSource, Policy

HEAD = """
facts:
  bed_days: {type: count, label: 住院床日}
  package: {type: money, label: 限额}
  for_year: {type: year, label: 申请年度}
  transplant: {type: flag, label: 移植}
counts:
  year: {per: year, clause: 一, label: 年度限额}
  applied: {per: {applied_year: for_year}, clause: 一, label: 申请年度}
parameters:
  share: {type: rate, label: 比例, clause: 一, set_by: 市医保局}
  income: {type: money, label: 人均收入, clause: 一}
general_conditions:
  - {id: near, clause: 三, when: {county: true}, refusal: 不在县域内}
benefits:
"""

CLAUSES = """
clauses:
  一: {is: [classes, benefit], says: 一}
  二: {is: benefit, says: 二}
  三: {is: benefit, says: 三}
"""


def lacks(
    tmp_path: Path, benefit: str, *, parameters: dict[str, Any] | None = None, classes: str = "", **event: Any
) -> Finding:
    """The one finding for a stay of 1000 yuan, where this is the only benefit."""
    benefit = f"  - {{id: only, label: 待遇, clause: 二, for: poor, services: [inpatient], {benefit}}}\n"
    policy = small_policy(tmp_path, HEAD + benefit + classes + CLAUSES)
    return found(policy, parameters=parameters, **event)


def found(policy: Policy, *, parameters: dict[str, Any] | None = None, **event: Any) -> Finding:
    """The one finding for a stay of 1000 yuan."""
    person = event.pop("person", {})
    with pytest.raises(Faults) as faults:
        settled(policy, bill("1000.00", **event), parameters=parameters, **person)
    (finding,) = faults.value.findings
    return finding


BOTH = "{any: [{all: [{for_year: {years_before: 1}}, {designated: true}]}, {level: 1}]}"


@pytest.mark.parametrize(
    ("benefit", "label", "path"),
    [
        ("of: unpaid, rate: 70%", "县域内", "facility.county"),
        ("waives: [near], when: {level: 3}, of: unpaid, rate: 70%", "医院级别", "facility.level"),
        ("waives: [near], when: {bed_days: {at_least: 3}}, of: unpaid, rate: 70%", "住院床日", "bed_days"),
        (f"waives: [near], unless: {BOTH}, of: unpaid, rate: 70%", "申请年度", "for_year"),
        ("waives: [near], of: unpaid, rate: {cases: [{when: {not: {region: true}}, value: 50%}], otherwise: 70%}",
         "市域内", "facility.region"),
    ],
)  # fmt: skip
def test_a_fact_that_decides_is_asked_for_where_it_belongs(tmp_path: Path, benefit: str, label: str, path: str) -> None:
    missing = {"county": None, "level": None, "region": None}
    facility = {name: value for name, value in missing.items() if path == f"facility.{name}"}

    finding = lacks(tmp_path, benefit, facility=facility)

    assert "missing-fact" == finding.code
    assert f"events[0].{path}" == finding.place.path
    assert f"“{label}”" in finding.message
    assert finding.message.startswith("事件 e1：按")
    assert finding.remedy.startswith(f"补上 {path}，")


def test_an_age_asks_for_the_day_of_birth(tmp_path: Path) -> None:
    benefit = "waives: [near], when: {age: {at_least: 60}}, of: unpaid, rate: 70%"

    finding = lacks(tmp_path, benefit, person={"birth_date": None})

    assert ("person.birth_date", "补上 person.birth_date，如 1950-01-01") == (finding.place.path, finding.remedy)


def test_a_fact_of_the_person_is_asked_of_the_person(tmp_path: Path) -> None:
    benefit = (
        "{id: only, clause: 二, for: poor, services: [inpatient], when: {transplant: true}, of: unpaid, rate: 70%}"
    )
    policy = small_policy(tmp_path, f"{HEAD}  - {benefit}\n{CLAUSES}")
    of_person = {"transplant": replace(policy.facts["transplant"], source=FactSource.PERSON)}

    finding = found(replace(policy, general_conditions=(), facts={**policy.facts, **of_person}))

    assert "person.transplant" == finding.place.path


@pytest.mark.parametrize(
    ("benefit", "code", "path", "label"),
    [
        ("waives: [near], amount: 20, each: bed_days", "missing-fact", "events[0].bed_days", "住院床日"),
        ("waives: [near], of: package, rate: 70%", "missing-fact", "events[0].package", "限额"),
        ("waives: [near], of: {tally: applied}, rate: 70%", "missing-fact", "events[0].for_year", "申请年度"),
    ],
)
def test_a_number_that_is_computed_with_is_asked_for(
    tmp_path: Path, benefit: str, code: str, path: str, label: str
) -> None:
    finding = lacks(tmp_path, benefit)

    assert (code, path) == (finding.code, finding.place.path)
    assert f"按二“待遇”计算时需要“{label}”" in finding.message


def test_an_unset_parameter_says_who_sets_it(tmp_path: Path) -> None:
    finding = lacks(tmp_path, "waives: [near], of: unpaid, rate: {parameter: share}")

    assert ("unset-parameter", "parameters.share") == (finding.code, finding.place.path)
    assert "事件 e1：按二“待遇”计算时需要参数“比例”，没有给出" == finding.message
    assert "在 parameters.share 里给出它（由市医保局确定）" == finding.remedy


def test_an_unset_parameter_that_nobody_is_named_for(tmp_path: Path) -> None:
    finding = lacks(tmp_path, "waives: [near], of: unpaid, above: {share: 10%, of: {parameter: income}}, rate: 70%")

    assert "在 parameters.income 里给出它" == finding.remedy


def test_an_item_without_a_price_is_named(tmp_path: Path) -> None:
    goods = [{"item": "甲", "personal": "100.00"}]
    policy = catalogue_policy(tmp_path)

    with pytest.raises(Faults) as faults:
        settled(policy, bill("1000.00", disease="甲病", items=goods))

    (finding,) = faults.value.findings
    assert ("unset-parameter", "parameters.prices.甲药") == (finding.code, finding.place.path)
    assert "需要参数“最高额”里“甲药”的数值，没有给出" in finding.message


def test_a_day_before_the_first_value_has_none(tmp_path: Path) -> None:
    finding = lacks(tmp_path, "waives: [near], of: unpaid, rate: {from: {2023-06-01: 70%}}")

    assert "no-value" == finding.code
    assert "政策的数值 benefits.only.rate在 2023-03-01 的这一情形下没有规定" in finding.message
    assert "events[0]" == finding.place.path


def test_a_parameter_before_its_first_day_has_none(tmp_path: Path) -> None:
    benefit = "waives: [near], of: unpaid, rate: {parameter: share}"

    finding = lacks(tmp_path, benefit, parameters={"share": {"2023-06-01": "70%"}})

    assert ("no-value", "parameters.share") == (finding.code, finding.place.path)
    assert "参数“比例”在 2023-03-01" in finding.message


def test_a_value_for_no_such_case_names_itself(tmp_path: Path) -> None:
    finding = lacks(tmp_path, "waives: [near], of: unpaid, rate: {by: level, cases: {1: 80%, 2: 70%}}")

    assert "benefits.only.rate在" in finding.message


def test_a_class_that_hangs_on_a_missing_fact_asks_for_it(tmp_path: Path) -> None:
    classes = """
classes:
  - {id: old, label: 老人, clause: 一, any: [{status: subsistence_allowance, when: {age: {at_least: 60}}}]}
  - {id: poor, label: 贫困, clause: 一, any: [{class: old}]}
no_class: {clause: 一}
"""

    finding = lacks(tmp_path, "of: unpaid, rate: 70%", classes=classes, person={"birth_date": None})

    assert "person.birth_date" == finding.place.path


def test_a_disease_that_needs_an_age_asks_for_the_day_of_birth(tmp_path: Path) -> None:
    lists = tmp_path / "small" / "lists"
    lists.mkdir(parents=True)
    (lists / "diseases.csv").write_text("name,aliases,icd10,needs,note\n甲病,,C91,age under 18,\n", "utf-8")
    listed = "lists:\n  serious: {file: lists/diseases.csv, label: 病种, clause: 一}\n"

    finding = lacks(
        tmp_path,
        "waives: [near], when: {disease: serious}, of: unpaid, rate: 70%",
        classes=listed,
        person={"birth_date": None},
        diagnoses=["C91.0"],
    )

    assert "person.birth_date" == finding.place.path
