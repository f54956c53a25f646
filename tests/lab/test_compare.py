"""The same people under several documents: each figure recomputed from the engine's settlements, to the fen."""

from __future__ import annotations

from collections import Counter, defaultdict
from copy import deepcopy
from functools import cache
from typing import Any

import numpy as np
import pytest

from tests.lab.lab_cases import Settled, by_engine, people, plan, policy, standing
from tuodi.batch.settle import BlockSettler
from tuodi.lab import groups
from tuodi.lab.change import regime
from tuodi.lab.compare import compare, labels_of, later
from tuodi.lab.families import FAMILIES, case_of
from tuodi.lab.people import CasePeople, known_of
from tuodi.lab.results import ComparedRow, Comparison
from tuodi.lab.whom import ORDINARY, OTHER, STANDINGS, DiseaseNames, by_standing
from tuodi.language.model import SERVICES

CITIES = ("liaocheng-2022-5", "yangquan-2019-45", "anshan-2019-37", "ningbo-2019-27", "qingdao-2018-1")


@cache
def crowd() -> CasePeople:
    """People of Liaocheng's random cases, all of whose events lie where every document is in force."""
    source = people("liaocheng-2022-5", 200)
    cases = [shifted(case) for case in source.cases]
    return CasePeople(label="两百人", cases=cases, households=source.households, portion=64)


def shifted(case: Any) -> dict[str, Any]:
    """Days before 2023 are moved into it; every facility says all that anybody asks for."""
    moved = deepcopy(dict(case))
    for event in moved["events"]:
        event["date"] = max(event["date"], "2023-01-01")
        if event.get("facility"):
            event["facility"] = {"level": 2, "county": True, "region": True, **event["facility"]}
    moved["person"].setdefault("birth_date", "1970-01-01")
    return moved


@cache
def comparison() -> Comparison:
    return compare([standing(name) for name in CITIES], crowd())


@cache
def settled(name: str) -> dict[str, Settled]:
    """By person, everybody who could be settled."""
    bound = standing(name).bound
    known = [known_of(case, bound) for case in crowd().cases]
    return {one.person: one for one in by_engine(standing(name), known)}


@cache
def counted() -> frozenset[str]:
    """Persons whom every policy can settle."""
    return frozenset.intersection(*(frozenset(settled(name)) for name in CITIES))


# ---- sums ------------------------------------------------------------------------------------------------------------


def test_nearly_everybody_can_be_settled_everywhere() -> None:
    with_events = [case for case in crowd().cases if case["events"]]

    assert len(counted()) > 0.8 * len(with_events)


@pytest.mark.parametrize("name", CITIES)
def test_the_whole_is_the_sum_of_the_engines_settlements(name: str) -> None:
    row = next(row for row in comparison().policies if row.policy == name)
    cases = [settled(name)[one] for one in counted()]
    events = [event for case in cases for event in case.result.settlements]

    assert (len(cases), len(events)) == (row.persons, row.events)
    assert sum(case.relief for case in cases) == row.relief
    assert sum(case.relief > 0 for case in cases) == row.relieved
    assert sum(event.refusal is not None for event in events) == row.refused
    assert sum(map(burden, events)) == row.burden


@pytest.mark.parametrize("name", CITIES)
def test_each_service_has_the_engines_relief(name: str) -> None:
    expected: dict[str, Counter[str]] = defaultdict(Counter)
    for person in counted():
        for event in settled(name)[person].result.settlements:
            expected[SERVICES[event.event.service]][person] += event.relief
    for row in (one for one in comparison().services if one.policy == name):
        check(row, list(expected.pop(row.group).values()))
    assert not expected


@pytest.mark.parametrize("name", CITIES)
def test_each_standing_on_the_day_has_the_engines_relief(name: str) -> None:
    expected: dict[str, Counter[str]] = defaultdict(Counter)
    for person in counted():
        case = settled(name)[person]
        for event in case.result.settlements:
            expected[standing_of(case.result.case.person.statuses, event.event.day)][person] += event.relief
    for row in (one for one in comparison().classes if one.policy == name):
        check(row, list(expected.pop(row.group).values()))
    assert not expected


@pytest.mark.parametrize("name", CITIES)
def test_households_by_the_burden_of_all_in_them(name: str) -> None:
    burdens: Counter[str] = Counter()
    reliefs: Counter[str] = Counter()
    for person in counted():
        case = settled(name)[person]
        own = sum(map(burden, case.result.settlements))
        if own:
            home = crowd().households.get(person, person)
            burdens[home] += own
            reliefs[home] += case.relief
    expected: dict[str, list[int]] = defaultdict(list)
    for home, amount in burdens.items():
        expected[groups.band_names()[int(groups.band_of(np.array([amount]))[0])]].append(reliefs[home])
    for row in (one for one in comparison().households if one.policy == name):
        check(row, expected.pop(row.group))
    assert not expected


@pytest.mark.parametrize("name", CITIES)
def test_refusals_with_their_clauses(name: str) -> None:
    expected: Counter[tuple[str, str | None]] = Counter()
    for person in counted():
        for event in settled(name)[person].result.settlements:
            if event.refusal is not None:
                expected[event.refusal.clause, event.refusal.refusal] += 1
    found: Counter[tuple[str, str | None]] = Counter()
    for row in comparison().reasons:
        if row.policy == name:
            found[row.clause, row.reason] += row.events

    assert expected == found


def check(row: ComparedRow, reliefs: list[int]) -> None:
    """The figures of a group, from what each one in it receives."""
    ordered = sorted(reliefs)
    received = [one for one in ordered if one]
    assert (len(ordered), sum(ordered), len(received)) == (row.number, row.relief, row.relieved)
    assert ordered[(len(ordered) - 1) // 2] == row.median
    assert (received[(len(received) - 1) // 2] if received else None) == row.typical
    assert (2 * sum(ordered) + len(ordered)) // (2 * len(ordered)) == row.mean


# ---- groups ----------------------------------------------------------------------------------------------------------


def test_one_disease_has_one_name_whatever_a_list_calls_it() -> None:
    names = DiseaseNames.of([policy(name) for name in CITIES])
    cases = [
        disease_case(place, disease, codes)
        for place, (disease, codes) in enumerate(
            [("食道癌", []), ("食管癌", []), (None, ["C15.9"]), ("感冒", []), (None, ["C15.1", "J18.9"])]
        )
    ]
    settler = BlockSettler(standing("yangquan-2019-45").bound)
    (portion,) = CasePeople(label="", cases=cases).portions(settler, lenient=True)
    grouping = names.grouping(portion.block)
    found = [grouping.names[place] for place in grouping.place.tolist()]

    assert found[0] == found[1] == found[2] == found[4]
    assert OTHER == found[3]


def test_the_group_is_that_of_the_day() -> None:
    case = disease_case(1, None, [])
    case["person"]["statuses"] = [{"status": "subsistence_allowance", "from": "2023-01-01", "to": "2023-03-01"}]
    before, on = deepcopy(case), deepcopy(case)
    before["events"][0]["date"], on["events"][0]["date"] = "2023-02-28", "2023-03-01"
    settler = BlockSettler(standing("liaocheng-2022-5").bound)
    (portion,) = CasePeople(label="", cases=[before, on]).portions(settler, lenient=True)
    grouping = by_standing(portion.block)

    assert ["低保对象", ORDINARY] == [grouping.names[place] for place in grouping.place.tolist()]


def test_cities_are_named_by_their_issuers() -> None:
    five = [policy(name) for name in CITIES]

    assert ["聊城市", "阳泉市", "鞍山市", "宁波市", "青岛市"] == labels_of(five)
    assert len(set(labels_of([five[0], five[0], five[1]]))) == 2
    assert labels_of([five[0], five[0]])[0].startswith("聊城市 ")


# ---- days ------------------------------------------------------------------------------------------------------------


def test_days_are_moved_until_every_document_is_in_force() -> None:
    case = disease_case(1, None, [])
    case["person"]["statuses"] = [{"status": "subsistence_allowance", "from": "2018-01-01", "to": None}]
    case["events"][0]["date"] = "2018-05-01"
    found = compare([standing("qingdao-2018-1"), standing("liaocheng-2022-5")], CasePeople(label="", cases=[case]))

    assert any("后移 5 年，到 2023 年" in note for note in found.notes)
    assert 0 < found.policies[1].relief
    assert not any("施行前" in row.reason for row in found.reasons)


def test_moving_days_keeps_month_and_day_and_what_is_open() -> None:
    case = disease_case(1, None, [])
    case["person"] |= {"birth_date": "2000-02-28"}
    case["person"]["statuses"] = [{"status": "subsistence_allowance", "from": "2020-02-29", "to": None}]
    case["events"][0]["date"] = "2020-12-31"
    settler = BlockSettler(standing("yangquan-2019-45").bound)
    (portion,) = CasePeople(label="", cases=[case]).portions(settler, lenient=True)
    moved = settler.case(later(portion.block, 3), 0)

    assert "2023-12-31" == moved.events[0].date.isoformat()
    assert 20030228 == moved.person.birth
    assert None is moved.person.statuses[0].end
    assert portion.block is later(portion.block, 0)


# ---- families --------------------------------------------------------------------------------------------------------


def test_each_family_is_settled_by_the_engine_under_each_policy() -> None:
    found = {(row.family, row.policy): row for row in comparison().families}

    assert len(FAMILIES) * len(CITIES) == len(found)
    for family in FAMILIES:
        for name in CITIES:
            row, bound = found[family.label, name], standing(name).bound
            (case,) = by_engine(standing(name), [known_of(case_of(family, 2023), bound)])
            assert (case.relief, case.result.settlements[0].personal) == (row.relief, row.personal)
            assert row.reason and row.clause


def test_a_family_that_a_policy_cannot_settle_has_no_amount() -> None:
    unset = regime(policy("qingdao-2018-1"))
    case = disease_case(1, None, [])
    found = compare([unset], CasePeople(label="", cases=[case]))
    rows = [row for row in found.families if row.relief is None]

    assert rows
    assert all(row.reason.startswith("不能结算：") and row.personal is None and row.share is None for row in rows)


def test_nobody_is_no_rows() -> None:
    found = compare([standing("liaocheng-2022-5")], CasePeople(label="没有人", cases=[]))

    assert () == found.families == found.classes == found.households
    assert [(0, 0)] == [(row.persons, row.relief) for row in found.policies]
    assert ["policies"] == [one.id for one in found.sheets()]


def test_a_policy_with_a_plan_reads_the_same_people() -> None:
    insured = regime(policy("liaocheng-2022-5"), None, plan("liaocheng-resident-2022"))
    found = compare([standing("liaocheng-2022-5"), insured], crowd())

    assert found.policies[0].relief == found.policies[1].relief


# ---- plain computations ----------------------------------------------------------------------------------------------


def burden(event: Any) -> int:
    total, in_policy, basic, critical, supplementary, commercial, other = event.event.amounts
    insured = basic + critical + supplementary
    return int(max(0, min(in_policy - insured, total - insured - commercial - other)))


def standing_of(statuses: Any, day: int) -> str:
    held = {one.status for one in statuses if one.start <= day and (one.end is None or day < one.end)}
    return next((group for group, words in STANDINGS.items() if held & set(words)), ORDINARY)


def disease_case(number: int, disease: str | None, codes: list[str]) -> dict[str, Any]:
    amounts = {"total": "20000.00", "in_policy": "18000.00", "basic": "8000.00"}
    rest = dict.fromkeys(("critical_illness", "supplementary", "commercial", "other_relief"), "0.00")
    return {
        "policy": "any",
        "person": {
            "id": f"P{number}",
            "insurance": "resident",
            "birth_date": "1970-01-01",
            "statuses": [{"status": "subsistence_allowance", "from": "2020-01-01", "to": None}],
        },
        "events": [
            {
                "id": "e1",
                "date": "2023-03-01",
                "service": "inpatient",
                "facility": {"designated": True, "level": 2, "county": True, "region": True},
                "disease": disease,
                "diagnoses": codes,
                "amounts": amounts | rest,
            }
        ],
    }
