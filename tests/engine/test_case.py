"""A line of a case file is read, or refused with everything that is wrong with it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.by_hand import (
    CATALOGUE,
    FACTS,
    LISTS,
    RAW_AMOUNTS,
    count,
    names,
    ordinal,
    raw_case,
    raw_event,
    raw_person,
    read,
    read_event,
    small,
)
from tuodi.core.finding import Faults, Finding
from tuodi.engine.case import CaseNames, case_names, read_case
from tuodi.engine.record import Item, StatusPeriod
from tuodi.language.model import AMOUNTS, Benefit, Choose, Fixed, Grant, Layer, Policy, Scope

PLAIN = small()
RICH = small(facts=FACTS, lists=LISTS, catalogues={"annex": CATALOGUE}, counts={"used": count("used", Scope.LIFE)})
PLAN = replace(
    small(id="plan", is_plan=True),
    layers=(
        Layer(id="basic", label="基本医保", choose=Choose.FIRST_RULE),
        Layer(id="drugs", label="特药", choose=Choose.FIRST_RULE),
    ),
)


def findings(raw: object, policy: Policy = PLAIN, plan: Policy | None = None) -> list[Finding]:
    with pytest.raises(Faults) as caught:
        read_case(raw, policy, plan)
    return list(caught.value.findings)


def codes(raw: object, policy: Policy = PLAIN, plan: Policy | None = None) -> list[tuple[str, str]]:
    return [(finding.code, finding.place.path) for finding in findings(raw, policy, plan)]


def test_the_case_of_the_format_is_read() -> None:
    case = read(PLAIN)

    assert ("small", None, {}, {}) == (case.policy, case.plan, case.parameters, case.opening)
    person = case.person
    assert ("P1", "resident", 19500101, {}) == (person.id, person.insurance, person.birth, person.facts)
    first, second = case.person.statuses
    assert StatusPeriod("subsistence_allowance", date(2023, 1, 1).toordinal(), None, None) == first
    applied = date(2023, 5, 10).toordinal()
    assert StatusPeriod("illness_impoverished", applied, date(2024, 1, 1).toordinal(), applied) == second
    event = case.events[0]
    assert ("e1", date(2023, 3, 1), 20230301, 2023) == (event.id, event.date, event.ymd, event.year)
    assert ("inpatient", None, (), ()) == (event.service, event.disease, event.diagnoses, event.items)
    assert (50_000_00, 45_000_00, 28_000_00, 3_000_00, 0, 0, 0) == event.amounts
    assert {"designated": True, "level": 3, "county": True, "psychiatric": True}.items() <= event.facts.items()


def test_what_may_be_missing_means_what_the_format_says() -> None:
    event = read_event(PLAIN, facility={}, disease=...)

    assert event.facts == {
        "designated": False,
        "level": None,
        "county": None,
        "region": None,
        "psychiatric": True,
        "single_disease": True,
        "admission_number": None,
    }
    assert event.disease is None


def test_birth_date_end_and_application_may_be_missing_or_null() -> None:
    person = raw_person(birth_date=..., statuses=[{"status": "orphan", "from": "2023-01-01"}])
    nulls = raw_person(
        birth_date=None, statuses=[{"status": "orphan", "from": "2023-01-01", "to": None, "applied_on": None}]
    )

    assert read(PLAIN, raw_case(person=person)).person == read(PLAIN, raw_case(person=nulls)).person
    assert read(PLAIN, raw_case(person=person)).person.birth is None


def test_a_case_without_parameters_gives_none() -> None:
    assert {} == read(PLAIN, raw_case(parameters=...)).parameters


def test_parameters_are_left_to_the_binding() -> None:
    assert {"rate": "70%"} == read(PLAIN, raw_case(parameters={"rate": "70%"})).parameters


@pytest.mark.parametrize("service", ["late_stage_care", "annual_relief"])
@pytest.mark.parametrize("facility", [..., None, {"designated": True}])
def test_an_application_needs_no_facility(service: str, facility: object) -> None:
    event = read_event(PLAIN, service=service, facility=facility)

    assert (facility == {"designated": True}) is event.facts["designated"]


def test_facts_of_the_policy_are_read_where_they_stand() -> None:
    case = read(
        RICH,
        raw_case(
            raw_event(
                bed_days=12,
                for_year=2022,
                cap="8000.00",
                regimen="dialysis",
                filed=False,
                told=True,
                review=True,
                facility={"designated": True, "beds": 400},
            ),
            person=raw_person(income="30000.00", rural=True),
        ),
    )

    assert {"income": 30_000_00, "rural": True} == case.person.facts
    assert {
        "bed_days": 12,
        "for_year": 2022,
        "cap": 8_000_00,
        "regimen": "dialysis",
        "filed": False,
        "told": True,
        "review": True,
        "dose": None,
        "beds": 400,
        "level": None,
    }.items() <= case.events[0].facts.items()


def test_a_fact_that_is_not_given_has_its_default_or_none() -> None:
    case = read(RICH)

    assert {"income": None, "rural": False} == case.person.facts
    assert {"bed_days": None, "cap": None, "regimen": None, "filed": True, "told": None}.items() <= (
        case.events[0].facts.items()
    )


@pytest.mark.parametrize("name", ["bed_days", "for_year", "cap", "regimen", "told", "dose"])
def test_null_is_not_given(name: str) -> None:
    assert read_event(RICH, **{name: None}).facts[name] is None


def test_items_keep_their_own_facts_apart() -> None:
    items = [
        {"item": "达沙替尼", "personal": "300.00"},
        {"item": "达沙替尼", "personal": "0.50", "review": True, "dose": None},
        {"item": "无名药", "personal": "1", "dose": 3},
    ]

    event = read_event(RICH, items=items)

    first, second, third = event.items
    assert Item("达沙替尼", 300_00, {}) == first
    assert Item("达沙替尼", 50, {"review": True}) == second
    assert Item("无名药", 1_00, {"dose": 3}) == third
    assert event.facts["review"] is False


def test_a_disease_that_no_list_names_is_read() -> None:
    assert "感冒" == read_event(PLAIN, disease="感冒").disease
    assert "" == read_event(PLAIN, disease="").disease


def test_diagnoses_are_read() -> None:
    assert ("C34.1", "i10") == read_event(PLAIN, diagnoses=["C34.1", "i10"]).diagnoses
    assert () == read_event(PLAIN, diagnoses=None).diagnoses


@pytest.mark.parametrize(("text", "fen"), [("0", 0), ("0.5", 50), ("12.05", 1205), ("99999999.99", 9_999_999_999)])
def test_money_is_yuan_with_at_most_two_decimals(text: str, fen: int) -> None:
    assert fen == read_event(PLAIN, amounts={**dict.fromkeys(AMOUNTS, "0"), "total": text}).amounts[0]


def test_events_keep_their_order_whatever_their_days() -> None:
    case = read(PLAIN, raw_case(raw_event(id="b", date="2023-05-01"), raw_event(id="a", date="2023-01-01")))

    assert ["b", "a"] == names(case.events)


def test_the_same_status_twice_is_no_fault() -> None:
    twice = [{"status": "orphan", "from": "2023-01-01", "to": None}] * 2

    assert 2 == len(read(PLAIN, raw_case(person=raw_person(statuses=twice))).person.statuses)


def test_an_empty_period_is_no_fault() -> None:
    empty = [{"status": "orphan", "from": "2023-01-01", "to": "2023-01-01"}]

    assert 1 == len(read(PLAIN, raw_case(person=raw_person(statuses=empty))).person.statuses)


def test_a_case_may_have_no_events() -> None:
    assert () == read(PLAIN, raw_case(events=[])).events


# ---- with an insurance plan ------------------------------------------------------------------------------------------


def test_what_the_plan_computes_may_be_null() -> None:
    event = read_event(PLAIN, PLAN, amounts={**RAW_AMOUNTS, "basic": None})

    assert (50_000_00, 45_000_00, None, 3_000_00, 0, 0, 0) == event.amounts


def test_what_the_plan_computes_may_be_given() -> None:
    assert 28_000_00 == read_event(PLAIN, PLAN).amounts[2]


def test_what_is_null_is_not_missing() -> None:
    without = {name: text for name, text in RAW_AMOUNTS.items() if name != "basic"}

    assert [("missing-field", "events[0].amounts.basic")] == codes(raw_case(raw_event(amounts=without)), PLAIN, PLAN)


def test_what_the_plan_does_not_compute_may_not_be_null() -> None:
    raw = raw_case(raw_event(amounts={**RAW_AMOUNTS, "critical_illness": None}))

    assert [("money-not-text", "events[0].amounts.critical_illness")] == codes(raw, PLAIN, PLAN)


def test_a_plan_is_named_or_not() -> None:
    assert "plan" == read_case(raw_case(plan="plan"), PLAIN, PLAN).plan
    assert read_case(raw_case(), PLAIN, PLAN).plan is None
    assert read_case(raw_case(plan=None), PLAIN).plan is None


@pytest.mark.parametrize("plan", [None, PLAN])
def test_another_plan_than_the_one_in_use_is_refused(plan: Policy | None) -> None:
    assert [("wrong-plan", "plan")] == codes(raw_case(plan="other"), PLAIN, plan)


# ---- which policy a case asks for ------------------------------------------------------------------------------------


def test_a_case_names_its_policy_and_plan() -> None:
    assert CaseNames(policy="small", plan=None) == case_names(raw_case())
    assert CaseNames(policy="small", plan="sample") == case_names({"policy": "small", "plan": "sample", "x": 1})


@pytest.mark.parametrize("raw", [None, [], "case", {}, {"policy": 5}, {"policy": "  "}, {"policy": "small", "plan": 1}])
def test_a_case_without_a_policy_names_none(raw: object) -> None:
    with pytest.raises(Faults):
        case_names(raw)


def test_another_policy_than_the_one_in_use_is_refused() -> None:
    assert [("wrong-policy", "policy")] == codes(raw_case(policy="other"))


# ---- faults ----------------------------------------------------------------------------------------------------------


def _numbered(faults: Sequence[tuple[object, str, str]]) -> list[str]:
    return [f"{place} {code}" for place, (_, code, _) in enumerate(faults)]


def _amount(**amounts: object) -> dict[str, Any]:
    return raw_case(raw_event(amounts={**RAW_AMOUNTS, **amounts}))


def _status(**parts: object) -> dict[str, Any]:
    period = {"status": "orphan", "from": "2023-01-01", "to": None, **parts}
    return raw_case(person=raw_person(statuses=[{name: value for name, value in period.items() if value is not ...}]))


def _facility(**parts: object) -> dict[str, Any]:
    return raw_case(raw_event(facility=parts))


TOTAL = "events[0].amounts.total"

FAULTS: list[tuple[object, str, str]] = [
    ([], "wrong-type", ""),
    (raw_case(policy=...), "missing-field", "policy"),
    (raw_case(person=...), "missing-field", "person"),
    (raw_case(events=...), "missing-field", "events"),
    (raw_case(parameters=[]), "wrong-type", "parameters"),
    (raw_case(events={}), "wrong-type", "events"),
    (raw_case(evnts=[]), "unknown-field", "evnts"),
    (raw_case(person=[]), "wrong-type", "person"),
    (raw_case(person=raw_person(id=...)), "missing-field", "person.id"),
    (raw_case(person=raw_person(id=1)), "wrong-type", "person.id"),
    (raw_case(person=raw_person(id="")), "empty-text", "person.id"),
    (raw_case(person=raw_person(insurance=...)), "missing-field", "person.insurance"),
    (raw_case(person=raw_person(insurance=None)), "wrong-type", "person.insurance"),
    (raw_case(person=raw_person(insurance="居民医保")), "unknown-insurance", "person.insurance"),
    (raw_case(person=raw_person(birth_date="1950")), "bad-date", "person.birth_date"),
    (raw_case(person=raw_person(birthdate="1950-01-01")), "unknown-field", "person.birthdate"),
    (raw_case(person=raw_person(statuses=...)), "missing-field", "person.statuses"),
    (raw_case(person=raw_person(statuses={})), "wrong-type", "person.statuses"),
    (raw_case(person=raw_person(statuses=["orphan"])), "wrong-type", "person.statuses[0]"),
    (raw_case(person=raw_person(age=70)), "unknown-field", "person.age"),
    (_status(status="低保"), "unknown-status", "person.statuses[0].status"),
    (_status(status=["orphan"]), "wrong-type", "person.statuses[0].status"),
    (_status(**{"from": None}), "wrong-type", "person.statuses[0].from"),
    (_status(**{"from": ...}), "missing-field", "person.statuses[0].from"),
    (_status(**{"from": "2023-02-30"}), "bad-date", "person.statuses[0].from"),
    (_status(to="2022-12-31"), "period-reversed", "person.statuses[0].to"),
    (_status(applied_on="2023-01-02"), "from-before-application", "person.statuses[0].from"),
    (_status(until=None), "unknown-field", "person.statuses[0].until"),
    (raw_case(None), "wrong-type", "events[0]"),
    (raw_case("e1"), "wrong-type", "events[0]"),
    (raw_case(raw_event(id=...)), "missing-field", "events[0].id"),
    (raw_case(raw_event(id=7)), "wrong-type", "events[0].id"),
    (raw_case(raw_event(id=" ")), "empty-text", "events[0].id"),
    (raw_case(raw_event(date=...)), "missing-field", "events[0].date"),
    (raw_case(raw_event(date=20230301)), "wrong-type", "events[0].date"),
    (raw_case(raw_event(date="2023/03/01")), "bad-date", "events[0].date"),
    (raw_case(raw_event(date="2023-W09-3")), "bad-date", "events[0].date"),
    (raw_case(raw_event(date="1023-03-01")), "bad-date", "events[0].date"),
    (raw_case(raw_event(date="9" * 100)), "bad-date", "events[0].date"),
    (raw_case(raw_event(service="hospice")), "unknown-service", "events[0].service"),
    (raw_case(raw_event(service=None)), "wrong-type", "events[0].service"),
    (raw_case(raw_event(service={})), "wrong-type", "events[0].service"),
    (raw_case(raw_event(service=...)), "missing-field", "events[0].service"),
    (raw_case(raw_event(facility=...)), "missing-field", "events[0].facility"),
    (raw_case(raw_event(facility=None)), "wrong-type", "events[0].facility"),
    (raw_case(raw_event(facility=[])), "wrong-type", "events[0].facility"),
    (_facility(designated=1), "wrong-type", "events[0].facility.designated"),
    (_facility(designated=None), "wrong-type", "events[0].facility.designated"),
    (_facility(designatd=True), "unknown-field", "events[0].facility.designatd"),
    (_facility(level=True), "wrong-type", "events[0].facility.level"),
    (_facility(level="3"), "wrong-type", "events[0].facility.level"),
    (_facility(level=3.0), "wrong-type", "events[0].facility.level"),
    (_facility(level=4), "number-out-of-range", "events[0].facility.level"),
    (_facility(level=0), "number-out-of-range", "events[0].facility.level"),
    (_facility(level=10**50), "number-out-of-range", "events[0].facility.level"),
    (_facility(level=float("nan")), "wrong-type", "events[0].facility.level"),
    (_facility(county="yes"), "wrong-type", "events[0].facility.county"),
    (raw_case(raw_event(admission_number=0)), "number-out-of-range", "events[0].admission_number"),
    (raw_case(raw_event(disease=5)), "wrong-type", "events[0].disease"),
    (raw_case(raw_event(disease=False)), "wrong-type", "events[0].disease"),
    (raw_case(raw_event(diagnoses="C34")), "wrong-type", "events[0].diagnoses"),
    (raw_case(raw_event(diagnoses=["C34", 5])), "wrong-type", "events[0].diagnoses[1]"),
    (raw_case(raw_event(diagnoses=[""])), "empty-text", "events[0].diagnoses[0]"),
    (raw_case(raw_event(month=3)), "unknown-field", "events[0].month"),
    (raw_case(raw_event(bed_day=3)), "unknown-field", "events[0].bed_day"),
    (raw_case(raw_event(amounts=...)), "missing-field", "events[0].amounts"),
    (raw_case(raw_event(amounts=[])), "wrong-type", "events[0].amounts"),
    (raw_case(raw_event(amounts={**RAW_AMOUNTS, "tax": "0.00"})), "unknown-field", "events[0].amounts.tax"),
    (_amount(total=50000), "money-not-text", TOTAL),
    (_amount(total=50000.0), "money-not-text", TOTAL),
    (_amount(total=float("inf")), "money-not-text", TOTAL),
    (_amount(total=True), "money-not-text", TOTAL),
    (_amount(total=None), "money-not-text", TOTAL),
    (_amount(total="50000.000"), "money-decimals", TOTAL),
    (_amount(total="-0.01"), "money-negative", TOTAL),
    (_amount(total="100000000.00"), "money-too-large", TOTAL),
    (_amount(total="9" * 5000), "money-too-large", TOTAL),
    (_amount(total=""), "money-malformed", TOTAL),
    (_amount(total="050.00"), "money-malformed", TOTAL),
    (_amount(total="５00.00"), "money-malformed", TOTAL),
    (_amount(total="1,000.00"), "money-malformed", TOTAL),
    (_amount(total="1e3"), "money-malformed", TOTAL),
    (_amount(total="1_0"), "money-malformed", TOTAL),
    (_amount(total="NaN"), "money-malformed", TOTAL),
    (_amount(total="50000.00\n"), "money-malformed", TOTAL),
    (_amount(total=" 50000.00"), "money-malformed", TOTAL),
    (_amount(in_policy="50000.01"), "in-policy-above-total", "events[0].amounts.in_policy"),
    (_amount(basic="47000.01"), "payers-above-total", "events[0].amounts"),
    (raw_case(raw_event(), raw_event()), "duplicate-event", "events[1].id"),
    (raw_case(opening={}), "wrong-type", "opening"),
]


@pytest.mark.parametrize(("raw", "code", "path"), FAULTS, ids=_numbered(FAULTS))
def test_a_fault_is_found_where_it_is(raw: object, code: str, path: str) -> None:
    assert (code, path) in codes(raw)


@pytest.mark.parametrize("raw", [raw for raw, _, _ in FAULTS], ids=_numbered(FAULTS))
def test_a_fault_says_what_would_mend_it(raw: object) -> None:
    assert all(finding.message and finding.remedy and len(str(finding)) < 300 for finding in findings(raw))


RICH_FAULTS: list[tuple[dict[str, Any], str, str]] = [
    ({"bed_days": -1}, "number-out-of-range", "events[0].bed_days"),
    ({"bed_days": 40_000}, "number-out-of-range", "events[0].bed_days"),
    ({"bed_days": "3"}, "wrong-type", "events[0].bed_days"),
    ({"bed_days": True}, "wrong-type", "events[0].bed_days"),
    ({"for_year": 23}, "number-out-of-range", "events[0].for_year"),
    ({"cap": 8000}, "money-not-text", "events[0].cap"),
    ({"regimen": "transplent"}, "unknown-choice", "events[0].regimen"),
    ({"regimen": True}, "wrong-type", "events[0].regimen"),
    ({"filed": None}, "wrong-type", "events[0].filed"),
    ({"told": "true"}, "wrong-type", "events[0].told"),
    ({"beds": 3}, "unknown-field", "events[0].beds"),
    ({"items": None}, "wrong-type", "events[0].items"),
    ({"items": {}}, "wrong-type", "events[0].items"),
    ({"items": ["达沙替尼"]}, "wrong-type", "events[0].items[0]"),
    ({"items": [{"item": "达沙替尼"}]}, "missing-field", "events[0].items[0].personal"),
    ({"items": [{"personal": "1.00"}]}, "missing-field", "events[0].items[0].item"),
    ({"items": [{"item": "", "personal": "1.00"}]}, "empty-text", "events[0].items[0].item"),
    ({"items": [{"item": "达沙替尼", "personal": 1}]}, "money-not-text", "events[0].items[0].personal"),
    ({"items": [{"item": "达沙替尼", "personal": "1.00", "filed": True}]}, "unknown-field", "events[0].items[0].filed"),
    ({"items": [{"item": "达沙替尼", "personal": "1.00", "review": 1}]}, "wrong-type", "events[0].items[0].review"),
]


@pytest.mark.parametrize(("parts", "code", "path"), RICH_FAULTS, ids=_numbered(RICH_FAULTS))
def test_a_fault_in_the_policys_own_fields_is_found(parts: dict[str, Any], code: str, path: str) -> None:
    assert [(code, path)] == codes(raw_case(raw_event(**parts)), RICH)


def test_a_fact_of_a_person_is_not_one_of_an_event() -> None:
    assert [("unknown-field", "events[0].income")] == codes(raw_case(raw_event(income="1.00")), RICH)
    assert [("money-not-text", "person.income")] == codes(raw_case(person=raw_person(income=1)), RICH)


def test_all_faults_are_found_at_once() -> None:
    raw = raw_case(
        raw_event(date="yesterday", amounts={**RAW_AMOUNTS, "basic": "1.234", "other_relief": ...}),
        raw_event(id="e2", service="hospice", colour="red"),
        raw_event(id="e2"),
        person=raw_person(insurance="private", statuses=[{"status": "poor", "from": "2023-01-01", "to": "2022-01-01"}]),
        extra=1,
    )
    del raw["events"][0]["amounts"]["other_relief"]

    assert [
        ("unknown-field", "extra"),
        ("unknown-insurance", "person.insurance"),
        ("period-reversed", "person.statuses[0].to"),
        ("unknown-status", "person.statuses[0].status"),
        ("bad-date", "events[0].date"),
        ("missing-field", "events[0].amounts.other_relief"),
        ("money-decimals", "events[0].amounts.basic"),
        ("unknown-field", "events[1].colour"),
        ("unknown-service", "events[1].service"),
        ("duplicate-event", "events[2].id"),
    ] == codes(raw)


def test_events_without_an_id_are_not_each_others_duplicates() -> None:
    assert [("empty-text", "events[0].id"), ("empty-text", "events[1].id")] == codes(
        raw_case(raw_event(id=""), raw_event(id=""))
    )


@pytest.mark.parametrize(
    ("raw", "remedy"),
    [
        (raw_case(evnts=[], events=...), "是否为“events”？"),
        (raw_case(zzz=1), "删去这个字段"),
        (_status(status="低保"), "是否为“subsistence_allowance”？"),
        (_status(status="orphans"), "是否为“orphan”？"),
        (raw_case(raw_event(service="住院")), "是否为“inpatient”？"),
        (raw_case(person=raw_person(insurance="x")), "可用的有：resident、employee、none"),
        (raw_case(person=raw_person(insurance="x" * 100)), "可用的有：resident、employee、none"),
    ],
)
def test_what_was_probably_meant_is_said(raw: object, remedy: str) -> None:
    assert remedy in [finding.remedy for finding in findings(raw)]


def test_long_input_is_not_repeated_in_a_message() -> None:
    raw = raw_case(raw_event(**{"field" * 10_000: 1}), policy="p" * 10_000, plan="q" * 10_000)

    assert all(len(str(finding)) < 300 for finding in findings(raw))


# ---- counts brought along --------------------------------------------------------------------------------------------

COUNTED = replace(
    RICH,
    counts={
        one.id: one
        for one in (
            count("by_year", Scope.YEAR),
            count("by_life", Scope.LIFE),
            count("by_application", Scope.RECOGNITION),
            count("by_item", Scope.ITEM, Scope.YEAR),
            count("by_applied_year", Scope.APPLIED_YEAR, year_fact="for_year"),
            count("together", Scope.YEAR, sum_of=("by_year",)),
        )
    },
)


def _opening(*entries: object) -> dict[str, Any]:
    return raw_case(opening=list(entries))


def _entry(name: str, key: object, amount: object = "12.50") -> dict[str, object]:
    return {"count": name, "key": key, "amount": amount}


@pytest.mark.parametrize(
    ("name", "key", "expected"),
    [
        ("by_year", "2023", 2023),
        ("by_life", "life", 0),
        ("by_application", "2023-05-10", ordinal("2023-05-10")),
        ("by_item", "达沙替尼片/2023", ("达沙替尼", 2023)),
        ("by_item", "八因子/注射/2023", ("凝血因子Ⅷ", 2023)),
        ("by_applied_year", "2022", 2022),
    ],
)
def test_a_count_is_brought_along_under_its_key(name: str, key: str, expected: object) -> None:
    assert {(name, expected): 1250} == read(COUNTED, _opening(_entry(name, key))).opening


@pytest.mark.parametrize(
    ("entry", "code", "path"),
    [
        ([], "wrong-type", "opening[0]"),
        ({"count": "by_year", "key": "2023"}, "missing-field", "opening[0].amount"),
        ({"key": "2023", "amount": "1.00"}, "missing-field", "opening[0].count"),
        (_entry("by_day", "2023"), "unknown-count", "opening[0].count"),
        (_entry("together", "2023"), "count-read-only", "opening[0].count"),
        (_entry("by_year", 2023), "wrong-type", "opening[0].key"),
        (_entry("by_year", "23"), "bad-key", "opening[0].key"),
        (_entry("by_year", "2023/2024"), "bad-key", "opening[0].key"),
        (_entry("by_life", "2023"), "bad-key", "opening[0].key"),
        (_entry("by_application", "2023"), "bad-key", "opening[0].key"),
        (_entry("by_item", "无名药/2023"), "bad-key", "opening[0].key"),
        (_entry("by_item", "2023"), "bad-key", "opening[0].key"),
        (_entry("by_year", "2023", 12), "money-not-text", "opening[0].amount"),
        (_entry("by_year", "2023", "-1.00"), "money-negative", "opening[0].amount"),
    ],
)
def test_a_fault_in_what_is_brought_along_is_found(entry: object, code: str, path: str) -> None:
    assert [(code, path)] == codes(_opening(entry), COUNTED)


def test_a_count_is_brought_along_once() -> None:
    twice = _opening(_entry("by_item", "达沙替尼/2023"), _entry("by_item", "达沙替尼片/2023"))

    assert [("duplicate-opening", "opening[1].key")] == codes(twice, COUNTED)


USED = replace(
    RICH,
    counts={"uses": count("uses", Scope.LIFE)},
    benefits=(
        Benefit(
            id="once",
            label="一次",
            clause="一",
            layer="relief",
            services=frozenset({"late_stage_care"}),
            pay=Grant(amount=Fixed(amount=5_000_00)),
            once="uses",
        ),
    ),
)


@pytest.mark.parametrize("amount", [1, "1"], ids=["number", "text"])
def test_uses_are_brought_along_as_a_whole_number(amount: object) -> None:
    assert {("uses", 0): 1} == read(USED, _opening(_entry("uses", "life", amount))).opening


@pytest.mark.parametrize("amount", ["1.00", -1, True, None, "9" * 100])
def test_uses_are_no_money(amount: object) -> None:
    assert ["opening[0].amount"] == [path for _, path in codes(_opening(_entry("uses", "life", amount)), USED)]


# ---- fields of the format that another policy asks for ---------------------------------------------------------------

OF_OTHERS = {
    "bed_days": 3, "regimen": "transplant_antirejection", "package_limit": "20000.00", "special_drug": True,
    "referral_filed": False, "for_year": 2022, "rare_disease": True, "injury_from_bravery": False, "lawful_birth": True,
    "rehab_assessed": None, "expert_review": True,
    "items": [{"item": "克唑替尼", "personal": "1.00", "expert_review": True}],
}  # fmt: skip


def test_a_bill_may_carry_what_only_another_policy_asks_for() -> None:
    plain, full = read_case(raw_case(), PLAIN), read_case(raw_case(raw_event(**OF_OTHERS)), PLAIN)

    assert plain.events[0].facts == full.events[0].facts
    assert ["克唑替尼"] == [item.item for item in full.events[0].items]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("bed_days", -1, "number-out-of-range"),
        ("package_limit", "1.005", "money-decimals"),
        ("regimen", "other", "unknown-choice"),
        ("rare_disease", "true", "wrong-type"),
        ("items", [{"item": "克唑替尼", "personal": "1.00", "expert_review": "x"}], "wrong-type"),
        ("items", [{"item": "克唑替尼"}], "missing-field"),
    ],
)
def test_what_only_another_policy_asks_for_is_checked_all_the_same(field: str, value: object, code: str) -> None:
    assert [code] == [finding.code for finding in findings(raw_case(raw_event(**{field: value})), PLAIN)]


# ---- any input -------------------------------------------------------------------------------------------------------

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(raw=JSON)
def test_whatever_is_no_case_is_refused_with_findings(raw: object) -> None:
    assert findings(raw, RICH)


@st.composite
def damaged(draw: st.DrawFn, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """A sound record in which up to three fields, at any depth, are dropped, replaced or added."""
    record = copy.deepcopy(make())
    for _ in range(draw(st.integers(0, 3))):
        inner = record
        while True:
            name = draw(st.sampled_from([*inner, "extra"]) if inner else st.just("extra"))
            if not isinstance(inner.get(name), dict) or draw(st.booleans()):
                break
            inner = inner[name]
        if draw(st.booleans()):
            inner.pop(name, None)
        else:
            inner[name] = copy.deepcopy(draw(st.sampled_from(_ODD) | JSON))
    return record


_ODD = ["0.00", "1.5", "-1.00", "x", "", None, True, False, 0, 1, 3, 2022, "2023-01-01", "orphan", "resident", [], {}]


@given(case=damaged(raw_case))
def test_a_damaged_case_is_read_or_refused(case: dict[str, Any]) -> None:
    with suppress(Faults):
        read_case(case, RICH)
