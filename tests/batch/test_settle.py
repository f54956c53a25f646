"""Blocks are settled as their cases are, one by one: relief, lines, refusals, layers, counts, what is lacking."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.batch.near_kinks import kinks_of, moved_to_kinks, person_like_worked
from tests.batch.situations import Answer, answer_at, plain_answer
from tests.oracle.generate import random_case
from tests.policies.worked import SHAPES
from tests.policies.worked import policy as worked_policy
from tuodi.batch.records import block_of
from tuodi.batch.settle import BlockSettler
from tuodi.core.finding import Faults, Finding
from tuodi.engine.bind import bind
from tuodi.engine.case import read_case
from tuodi.engine.record import Case
from tuodi.engine.settle import settle_case
from tuodi.engine.situation import State
from tuodi.language.load import load_policy
from tuodi.language.model import Policy
from tuodi.language.shelf import packaged_plans, packaged_policies

POLICIES = sorted(packaged_policies())


@pytest.mark.parametrize("name", POLICIES)
def test_random_histories_end_in_the_engines_fen(name: str) -> None:
    policy = load_policy(packaged_policies()[name])
    settler = BlockSettler(bind(policy, parameters(name)))

    compare(settler, histories(policy, range(400)))


MANY = int(os.environ.get("TUODI_MANY", "1500"))
"""Random persons of each policy in the slow tests: 100 000 take a quarter of an hour."""


@pytest.mark.slow
@pytest.mark.parametrize("name", POLICIES)
def test_many_random_histories_end_in_the_engines_fen(name: str) -> None:
    """Every third bill stands where the solver finds that relief bends, or a fen beside."""
    policy = load_policy(packaged_policies()[name])
    settler = BlockSettler(bind(policy, parameters(name)))
    kinks = kinks_of(packaged_policies()[name])
    assert len(kinks) > 1

    for seeds in portions(MANY):
        raws = [moved_to_kinks(history(policy, seed, None), kinks, Random(seed)) for seed in seeds]
        compare(settler, [read_case(raw, policy) for raw in raws])


@pytest.mark.slow
@pytest.mark.parametrize("folder", SHAPES, ids=lambda folder: folder.name)
def test_many_persons_of_the_test_policies_end_in_the_engines_fen(folder: Path) -> None:
    """Of every shape of policy, at the kinks as well."""
    settlers: dict[str, BlockSettler] = {}
    settled = Counter[str]()

    for seeds in portions(MANY):
        raws = sorted((person_like_worked(folder, seed) for seed in seeds), key=bound_by)
        for key, several in groupby(raws, key=bound_by):
            same = list(several)
            plan = load_policy(packaged_plans()[same[0]["plan"]]) if same[0].get("plan") else None
            if key not in settlers:
                settlers[key] = BlockSettler(bind(worked_policy(folder), same[0].get("parameters"), plan))
            compare(settlers[key], [read_case(raw, worked_policy(folder), plan) for raw in same])
            settled[key] += len(same)

    assert MANY <= settled.total()


def portions(many: int) -> Iterator[range]:
    """Seeds of so many persons, some at a time."""
    return (range(first, min(first + 2000, 1000 + many)) for first in range(1000, 1000 + many, 2000))


def bound_by(raw: dict[str, Any]) -> str:
    """Cases of equal parameters and plan share a block."""
    return json.dumps([raw.get("plan"), raw.get("parameters")], sort_keys=True, ensure_ascii=False)


@pytest.mark.slow
@pytest.mark.parametrize("plan_name", sorted(packaged_plans()))
def test_bills_through_all_three_layers_end_in_the_engines_fen(plan_name: str) -> None:
    name = next(one for one in POLICIES if one.partition("-")[0] == plan_name.partition("-")[0])
    policy, plan = load_policy(packaged_policies()[name]), load_policy(packaged_plans()[plan_name])
    settler = BlockSettler(bind(policy, parameters(name), plan))

    compare(settler, histories(policy, range(3000), plan))


def test_persons_are_settled_apart_from_each_other_in_any_cut() -> None:
    policy = load_policy(packaged_policies()["liaocheng-2022-5"])
    settler = BlockSettler(bind(policy))
    cases = histories(policy, range(60))
    whole = answers(settler, cases)

    assert whole == [one for case in cases for one in answers(settler, [case])]
    assert whole == [one for cut in (cases[:7], cases[7:]) for one in answers(settler, cut)]


def test_no_persons_are_no_answers() -> None:
    settler = BlockSettler(bind(load_policy(packaged_policies()["qingdao-2018-1"])))

    assert [] == answers(settler, [])


# ---- comparing -------------------------------------------------------------------------------------------------------


def compare(settler: BlockSettler, cases: Sequence[Case]) -> None:
    """Each person's answers, counts at the end and findings are those of the engine."""
    layout = settler.kernel.layout
    settled = settler.settle(block_of(cases, settler.bound, layout, settler.items), closings=True)
    states = settler.closing_states(settled)
    faulty = set(settled.faulty.tolist())
    for person, case in enumerate(cases):
        expected = by_engine(settler, case)
        if isinstance(expected, list):
            assert person in faulty
            assert expected == list(settler.findings(settled, person))
            continue
        first, last = settled.block.events_of[person : person + 2]
        found = [
            answer_at(e, settled.inputs, settled.results, settler.items, settler.kernel) for e in range(first, last)
        ]
        assert person not in faulty
        assert expected == (found, states[person])


def by_engine(settler: BlockSettler, case: Case) -> tuple[list[Answer], State] | list[Finding]:
    try:
        result = settle_case(settler.engine, case)
    except Faults as faults:
        return list(faults.findings)
    state = {key: amount for key, amount in result.state.items() if amount}
    return [plain_answer(settlement.outcome) for settlement in result.settlements], state


def answers(settler: BlockSettler, cases: Sequence[Case]) -> list[Answer]:
    settled = settler.settle(block_of(cases, settler.bound, settler.kernel.layout, settler.items))
    events = range(settled.block.size)
    return [answer_at(e, settled.inputs, settled.results, settler.items, settler.kernel) for e in events]


def parameters(name: str) -> dict[str, Any]:
    """Parameters that leave some holes open."""
    return next(
        case["parameters"]
        for seed in range(100)
        if (case := random_case(name, Random(seed))).get("parameters") or seed > 90
    )


def histories(policy: Policy, seeds: range, plan: Policy | None = None) -> list[Case]:
    return [read_case(history(policy, seed, plan), policy, plan) for seed in seeds]


def history(policy: Policy, seed: int, plan: Policy | None) -> dict[str, Any]:
    """A random case, now and then with counts brought along, and with something missing."""
    random = Random(seed)
    case = random_case(policy.document.id, random)
    case["person"]["id"] = f"P{seed}"
    if random.randrange(4) == 0:
        case["opening"] = (
            [
                {"count": count.id, "key": str(case["events"][0]["date"][:4]), "amount": "1234.56"}
                for count in policy.counts.values()
                if [scope.value for scope in count.per] == ["year"] and not count.sum_of and random.randrange(2)
            ]
            if case["events"]
            else []
        )
    for event in case["events"]:
        if random.randrange(60) == 0:
            event["facility"] = {"designated": True} if event.get("facility") else None
            event.pop("bed_days", None)
            event.pop("for_year", None)
        if plan and random.randrange(3):
            event["amounts"] |= {layer.id: None for layer in plan.layers}
    if random.randrange(40) == 0:
        case["person"].pop("birth_date", None)
    return {name: value for name, value in case.items() if name != "plan"}
