"""What is missing is said with clause, event, value and way out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.engine.small import small_policy
from tests.engine.told import bill, case, catalogue_policy, settled
from tuodi.core.finding import Faults, Finding
from tuodi.engine.bind import bind
from tuodi.engine.settle import Engine, settle_case
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


COMPOUND = "{any: [{all: [{class: old}, {status: orphan}]}, {all: [{designated: false}, {region: false}]}]}"


def test_conditions_inside_a_condition_are_asked_for_too(tmp_path: Path) -> None:
    classes = """
classes:
  - {id: poor, label: 贫困, clause: 一, any: [subsistence_allowance]}
  - id: old
    label: 老人
    clause: 一
    any: [{status: subsistence_allowance, when: {age: {at_least: 60}}}]
    when: {not: {level: 1}}
no_class: {clause: 一}
persons_in: every_class
"""
    benefit = f"waives: [near], when: {COMPOUND}, of: unpaid, rate: 70%"
    statuses = [{"status": name, "from": "2023-01-01", "to": None} for name in ("subsistence_allowance", "orphan")]
    nobody_knows = {"birth_date": None, "statuses": statuses}

    finding = lacks(tmp_path, benefit, classes=classes, person=nobody_knows)

    assert "person.birth_date" == finding.place.path


@pytest.mark.parametrize("asks", ["once: applied", "when: {reached: {applied: 500}}"])
def test_a_count_by_the_year_applied_for_asks_for_that_year(tmp_path: Path, asks: str) -> None:
    finding = lacks(tmp_path, f"waives: [near], {asks}, of: unpaid, rate: 70%")

    assert "events[0].for_year" == finding.place.path


def test_a_count_that_names_no_year_asks_for_none(tmp_path: Path) -> None:
    benefit = "when: {reached: {year: 500}}, of: unpaid, rate: 70%"

    finding = lacks(tmp_path, benefit, facility={"county": None})

    assert "events[0].facility.county" == finding.place.path


def test_a_tally_asks_in_the_name_of_the_bill(tmp_path: Path) -> None:
    rest = """
counts:
  year: {per: year, clause: 一, label: 年度, feed: {of: unpaid, services: [inpatient], when: {level: 3}}}
benefits:
  - {id: only, clause: 一, for: poor, services: [inpatient], of: unpaid, rate: 70%}
"""
    finding = found(small_policy(tmp_path, rest), facility={"level": None})

    assert "事件 e1：结算账单判断时需要“医院级别”，没有给出" == finding.message


def test_an_item_whose_disease_needs_an_age_asks_for_the_day_of_birth(tmp_path: Path) -> None:
    policy = catalogue_policy(tmp_path)
    entry = replace(policy.lists["diseases"].diseases[0], icd10=("C91",), needs="age under 18", needs_below_age=18)
    aged = replace(policy.lists["diseases"], diseases=(entry, *policy.lists["diseases"].diseases[1:]))
    goods = [{"item": "甲药", "personal": "100.00"}]

    finding = found(
        replace(policy, lists={"diseases": aged}),
        parameters={"prices": {"甲药": "100.00"}},
        diagnoses=["C91.0"],
        items=goods,
        person={"birth_date": None},
    )

    assert "person.birth_date" == finding.place.path


def test_an_amount_of_the_bill_is_asked_for_by_its_name(tmp_path: Path) -> None:
    rest = "benefits:\n  - {id: only, clause: 一, for: poor, services: [inpatient], of: unpaid, rate: 70%}\n"
    policy = small_policy(tmp_path, rest)
    event = case(policy, [bill("1000.00")]).events[0]
    whole = case(policy, [bill("1000.00")])._replace(events=(event._replace(amounts=(None, *event.amounts[1:])),))

    with pytest.raises(Faults) as faults:
        settle_case(Engine(bind(policy)), whole)

    (finding,) = faults.value.findings
    assert ("missing-amount", "events[0].amounts.total") == (finding.code, finding.place.path)
    assert "“医疗总费用”" in finding.message
