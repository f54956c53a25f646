"""The fund's year adds up what the engine settles, case by case, and is the same to the fen."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from tests.lab.lab_cases import POLICIES, Settled, by_engine, people, standing
from tuodi.engine.funding import funding_of, split
from tuodi.engine.settle import Settlement
from tuodi.lab.answers import INSURANCE
from tuodi.lab.budget import BY_CASE, UNSAID
from tuodi.lab.report.year import FundYear, fund_year
from tuodi.lab.results import Progress
from tuodi.language.model import AMOUNTS, PAYERS, SERVICES


@cache
def year(name: str) -> FundYear:
    return fund_year(standing(name).bound, people(name))


@cache
def settled(name: str) -> list[Settled]:
    return by_engine(standing(name), people(name).cases)  # type: ignore[arg-type]


def events(name: str) -> list[Settlement]:
    return [event for case in settled(name) for event in case.result.settlements]


@pytest.mark.parametrize("name", POLICIES)
def test_all_relief_is_in_every_table(name: str) -> None:
    found, relief = year(name), sum(event.relief for event in events(name))

    assert relief == found.relief
    for rows in (found.months, found.classes, found.services, found.benefits, found.budgets, found.bands):
        assert relief == sum(one.relief for one in rows)


@pytest.mark.parametrize("name", POLICIES)
def test_persons_are_counted_once(name: str) -> None:
    found = year(name)
    with_events = [case for case in settled(name) if case.result.settlements]

    assert len(with_events) == found.persons
    assert sum(case.relief > 0 for case in with_events) == found.relieved
    assert found.concerned == sum(one.persons for one in found.bands)
    assert found.relieved == sum(one.persons for one in found.bands[1:])
    assert len([case for case in people(name).cases if case["events"]]) == found.persons + found.set_apart


@pytest.mark.parametrize("name", POLICIES)
def test_months_and_services_hold_the_relief_of_their_events(name: str) -> None:
    by_month: Counter[str] = Counter()
    by_service: Counter[str] = Counter()
    for event in events(name):
        by_month[event.event.date.isoformat()[:7]] += event.relief
        by_service[SERVICES[event.event.service]] += event.relief
    found = year(name)

    assert {month: fen for month, fen in by_month.items() if fen} == {
        one.month: one.relief for one in found.months if one.relief
    }
    assert {service: fen for service, fen in by_service.items() if fen} == {
        one.group: one.relief for one in found.services if one.relief
    }


@pytest.mark.parametrize("name", POLICIES)
def test_budgets_bear_what_each_line_is_split_into(name: str) -> None:
    policy = standing(name).policy
    expected: Counter[str] = Counter()
    for event in events(name):
        for line in event.lines:
            funding = funding_of(policy, line.rule.id)
            if funding is None:
                expected[UNSAID] += line.paid
            elif funding.when is not None:
                expected[BY_CASE] += line.paid
            else:
                for one in split(line.paid, funding.payers):
                    expected[one.payer] += one.fen
    found: Counter[str] = Counter()
    for row in year(name).budgets:
        found[row.payer] += row.relief

    assert +expected == +found


@pytest.mark.parametrize("name", POLICIES)
def test_every_refusal_is_counted_under_its_clause_and_reason(name: str) -> None:
    expected = Counter(
        (event.refusal.clause, event.refusal.refusal) for event in events(name) if event.refusal is not None
    )

    assert expected == {(one.clause, one.reason): one.events for one in year(name).refusals}
    assert year(name).refused == sum(one.of_concerned for one in year(name).refusals)


@pytest.mark.parametrize("name", POLICIES)
def test_the_classes_hold_all_events_and_the_rest_those_concerned(name: str) -> None:
    found = year(name)

    assert len(events(name)) == sum(one.events for one in found.classes)
    assert found.events == sum(one.events for one in found.months) == sum(one.events for one in found.services)
    assert burden(events(name)) == sum(one.burden for one in found.classes)
    assert found.burden <= burden(events(name))


def test_the_way_from_the_bill_to_the_family_begins_with_the_whole() -> None:
    steps = {one.step: one.amount for one in year("liaocheng-2022-5").steps}
    found = year("liaocheng-2022-5")

    assert ["医疗总费用", 10_000] == [found.steps[0].step, found.steps[0].of_total]
    assert (found.relief, found.personal) == (steps["医疗救助"], steps["个人自付"])
    assert {PAYERS[name] for name in PAYERS} >= set(steps) - {
        "医疗总费用",
        "政策范围外费用",
        "医院承担",
        "医疗救助",
        "个人自付",
    }


def test_progress_reaches_the_last_event() -> None:
    told: list[Progress] = []
    fund_year(standing("liaocheng-2022-5").bound, people("liaocheng-2022-5"), told.append)

    assert people("liaocheng-2022-5").events == told[-1].total >= told[-1].done > 0


def test_nobody_gives_a_year_of_zeros() -> None:
    from dataclasses import replace

    found = fund_year(standing("liaocheng-2022-5").bound, replace(people("liaocheng-2022-5"), cases=[]))

    assert (0, 0, 0, ()) == (found.relief, found.persons, found.events, found.months)


def burden(several: list[Settlement]) -> int:
    return sum(map(_burden, several))


def _burden(event: Settlement) -> int:
    """As `lab.answers` says: what of the fees in policy the person bears before relief."""
    given = dict(zip(AMOUNTS, (amount or 0 for amount in event.event.amounts), strict=True))
    insured = sum(given[name] for name in INSURANCE)
    unpaid = max(0, given["total"] - sum(given[name] for name in PAYERS))
    return max(0, min(given["in_policy"] - insured, unpaid))
