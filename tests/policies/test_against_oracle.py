"""Random histories settle to the fen as an independent, naive calculator written from the texts says."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.oracle import settle as naive
from tests.oracle.generate import random_case
from tests.policies.worked import HOME, POLICIES, result_in

IDS = [folder.name for folder in POLICIES]


@pytest.mark.parametrize("policy", IDS)
@given(seed=st.integers(0, 2**32))
def test_random_histories_equal_the_naive_replay(policy: str, seed: int) -> None:
    case = random_case(policy, random.Random(seed), None)

    assert _expected(naive(case)) == _engine(result_in(HOME, case)["events"])


@pytest.mark.slow
@pytest.mark.parametrize("policy", IDS)
def test_many_random_histories_equal_the_naive_replay(policy: str) -> None:
    differing = []
    for seed in range(10_000):
        case = random_case(policy, random.Random(f"{policy}/{seed}"), None)
        if _expected(naive(case)) != _engine(result_in(HOME, case)["events"]):
            differing.append(seed)

    assert [] == differing


def _expected(events: list[dict[str, object]]) -> list[tuple[object, ...]]:
    return [
        (
            event["id"],
            event["relief"],
            event["personal"],
            event["refused"],
            [(line["clause"], line["paid"]) for line in event["lines"]],  # type: ignore[attr-defined]
        )
        for event in events
    ]


def _engine(events: list[dict[str, object]]) -> list[tuple[object, ...]]:
    return [
        (
            event["id"],
            event["relief"],
            event["personal"],
            event["refusal"] is not None,
            [(line["clause"], line["paid"]) for line in event["lines"]],  # type: ignore[attr-defined]
        )
        for event in events
    ]
