"""Tests and values in all their forms, and what is wrong with others."""

from datetime import date
from pathlib import Path

import pytest

from tests.language.written import DISEASES, codes, part, policy
from tuodi.language.model import (
    AllOf,
    AnyOf,
    Between,
    ByCase,
    ClassIn,
    Dated,
    DiseaseIn,
    Fixed,
    Given,
    Is,
    Not,
    Proportion,
    Reached,
    ServiceIn,
    ShareOf,
    Since,
    StatusIn,
    Test,
    Value,
    YearsBefore,
)

FACTS = part(
    "facts:\n"
    "  regimen: {type: choice, label: 方案, choices: [dialysis, transplant], default: null}\n"
    "  deposit: {type: money, label: 押金, default: null}\n"
    "  for_year: {type: year, label: 年度}\n"
    "  filed: {type: flag, label: 备案, default: true}\n"
)
LIST = part("lists:\n  serious: {file: lists/serious.csv, label: 病种, clause: 二}\n")


def is_(fact: str, *values: bool | int | str) -> Is:
    return Is(fact=fact, values=frozenset(values))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{designated: true}", is_("designated", True)),
        ("{level: 3}", is_("level", 3)),
        ("{level: [2, 3]}", is_("level", 2, 3)),
        ("{insurance: resident}", is_("insurance", "resident")),
        ("{age: {at_least: 60}}", Between(fact="age", at_least=60)),
        ("{age: {below: 18}}", Between(fact="age", below=18)),
        ("{age: {at_least: 18, below: 60}}", Between(fact="age", at_least=18, below=60)),
        ("{class: poor}", ClassIn(classes=frozenset({"poor"}))),
        ("{status: [orphan, bravery]}", StatusIn(statuses=frozenset({"orphan", "bravery"}))),
        ("{service: inpatient}", ServiceIn(services=frozenset({"inpatient"}))),
        ("{since: 2024-01-01}", Since(day=date(2024, 1, 1))),
        ("{reached: {relief_of_year: 5000}}", Reached(count="relief_of_year", at_least=Fixed(amount=500_000))),
        ("{not: {level: 1}}", Not(test=is_("level", 1))),
        ("{any: [{level: 1}, {level: 2}]}", AnyOf(tests=(is_("level", 1), is_("level", 2)))),
        ("{all: [{level: 1}, {county: true}]}", AllOf(tests=(is_("level", 1), is_("county", True)))),
        ("{level: 1, all: [{county: true}]}", AllOf(tests=(is_("level", 1), is_("county", True)))),
    ],
)
def test_each_form_of_a_test(tmp_path: Path, written: str, expected: Test) -> None:
    assert expected == policy(tmp_path, ("    of: burden\n", f"    when: {written}\n    of: burden\n")).benefits[0].when


def test_tests_of_declared_facts_and_lists(tmp_path: Path) -> None:
    when = (
        "    when: {regimen: [dialysis], deposit: {at_least: 0.01, below: 500}, filed: false, disease: serious,"
        " for_year: {years_before: 1, given: true}}\n    unless: {regimen: {given: false}}\n"
    )
    facts = (FACTS[0], FACTS[1].replace("type: year, label: 年度", "type: year, label: 年度, default: null"))
    found = policy(
        tmp_path, facts, LIST_BEFORE, ("    of: burden\n", when + "    of: burden\n"), lists={"serious": DISEASES}
    )

    assert (
        AllOf(
            tests=(
                is_("regimen", "dialysis"),
                Between(fact="deposit", at_least=1, below=50_000),
                is_("filed", False),
                DiseaseIn(lists=frozenset({"serious"})),
                Given(fact="for_year"),
                YearsBefore(fact="for_year", years=1),
                Not(test=Not(test=Given(fact="regimen"))),
            )
        )
        == found.benefits[0].when
    )


LIST_BEFORE = ("counts:\n", LIST[1].replace("clauses:\n", "counts:\n"))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{}", ["nothing"]),
        ("[level]", ["not-a-mapping"]),
        ("{levle: 3}", ["unknown-fact"]),
        ("{level: third}", ["not-a-number"]),
        ("{level: {}}", ["nothing"]),
        ("{level: {more_than: 2}}", ["unknown-key"]),
        ("{designated: {at_least: 1}}", ["unknown-key"]),
        ("{age: {at_least: 60, below: 60}}", ["wrong-test"]),
        ("{age: {given: true}}", ["wrong-test"]),
        ("{insurance: [resident, employees]}", ["unknown-choice"]),
        ("{class: rich}", ["unknown-class"]),
        ("{status: rich}", ["unknown-status"]),
        ("{any: {level: 1}}", ["not-a-list"]),
        ("{reached: 5000}", ["not-a-mapping"]),
        ("{level: x, county: y}", ["not-a-number", "not-a-flag"]),
    ],
)
def test_what_is_no_test_is_told(tmp_path: Path, written: str, expected: list[str]) -> None:
    assert expected == codes(tmp_path, ("    of: burden\n", f"    when: {written}\n    of: burden\n"))


def test_a_fact_that_cannot_be_read_is_not_told_again_where_it_is_asked(tmp_path: Path) -> None:
    facts = part("facts:\n  filed: {type: flag}\n")

    assert ["missing-key"] == codes(tmp_path, facts, ("    of: burden\n", "    when: {filed: true}\n    of: burden\n"))


RATES = part("parameters:\n  share: {type: rate, label: 比例, clause: 二}\n")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("70%", Fixed(amount=7000)),
        ("{from: {2020-01-01: 70%}}", Dated(steps=((date(2020, 1, 1), Fixed(amount=7000)),))),
        (
            "{by: class, cases: {poor: 70%}, otherwise: 50%}",
            ByCase(cases=((ClassIn(classes=frozenset({"poor"})), Fixed(amount=7000)),), otherwise=Fixed(amount=5000)),
        ),
        (
            "{by: service, cases: {inpatient: 70%}}",
            ByCase(cases=((ServiceIn(services=frozenset({"inpatient"})), Fixed(amount=7000)),)),
        ),
        (
            "{cases: [{when: {level: 1}, value: {from: {2021-01-01: 80%}}}]}",
            ByCase(cases=((is_("level", 1), Dated(steps=((date(2021, 1, 1), Fixed(amount=8000)),))),)),
        ),
    ],
)
def test_each_form_of_a_value(tmp_path: Path, written: str, expected: Value) -> None:
    assert Proportion(rate=expected) == policy(tmp_path, ("rate: 70%", f"rate: {written}")).benefits[0].pay


def test_a_share_of_a_parameter_may_exceed_the_whole(tmp_path: Path) -> None:
    income = part("parameters:\n  income: {type: money, label: 收入, clause: 二}\n")
    limit = ("{relief_of_year: 30000}", "{relief_of_year: {share: 150%, of: {parameter: income}}}")
    (found,) = policy(tmp_path, income, limit).benefits[0].limits

    assert isinstance(found.amount, ShareOf)
    assert 15_000 == found.amount.share


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("[70%]", ["wrong-form"]),
        ("{share: 70%}", ["unknown-key"]),
        ("{rate: 70%}", ["unknown-key"]),
        ("{from: {}}", ["nothing"]),
        ("{from: {2020-01-01: 70%, 2019-01-01: 60%}}", ["date-order"]),
        ("{by: level, cases: {1: 70%}, else: 50%}", ["unknown-key"]),
        ("{by: level, otherwise: 50%}", ["missing-key"]),
        ("{by: level, cases: [{when: {level: 1}, value: 70%}]}", ["by-or-when"]),
        ("{cases: {1: 70%}}", ["by-or-when"]),
        ("{by: level, cases: {x: 70%, 2: 0.5}}", ["not-a-number", "rate-without-percent"]),
        ("{by: age, cases: {at_least: 70%}}", ["not-a-number"]),
        ("{cases: [{when: {level: 1}}]}", ["missing-key"]),
        ("{parameter: relief_rate}", ["unknown-parameter"]),
        ("{parameter: relief_rate, by: event}", ["unknown-parameter", "unknown-word"]),
    ],
)
def test_what_is_no_value_is_told(tmp_path: Path, written: str, expected: list[str]) -> None:
    assert expected == codes(tmp_path, ("rate: 70%", f"rate: {written}"))


def test_a_parameter_that_cannot_be_read_is_not_told_again(tmp_path: Path) -> None:
    holes = part("parameters:\n  share: {type: rates, label: 比例, clause: 二}\n")

    assert ["unknown-word"] == codes(tmp_path, holes, ("rate: 70%", "rate: {parameter: share}"))


def test_a_parameter_has_the_unit_of_its_place(tmp_path: Path) -> None:
    assert ["wrong-unit"] == codes(tmp_path, RATES, ("{relief_of_year: 30000}", "{relief_of_year: {parameter: share}}"))
