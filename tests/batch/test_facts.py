"""The facts of a block are, event by event, those that the engine reads."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.batch.plain import run_plainly
from tests.engine.by_hand import bound as bits_only
from tests.engine.by_hand import one_of
from tests.engine.test_facts import FACT_TESTS, compound, events, people, policies
from tests.oracle.generate import random_case
from tuodi.batch.facts import BlockReader
from tuodi.batch.kernel import Inputs
from tuodi.batch.layout import MISSING
from tuodi.batch.records import block_of, case_of
from tuodi.engine.bind import Bound, bind
from tuodi.engine.case import read_case
from tuodi.engine.facts import FactReader
from tuodi.engine.record import Case
from tuodi.engine.situation import ItemSituation, Situation
from tuodi.language.load import load_policy
from tuodi.language.model import ClassIn
from tuodi.language.shelf import packaged_policies

POLICIES = sorted(packaged_policies())
NO_COUNTS: Any = SimpleNamespace(families=())


@pytest.mark.parametrize("name", POLICIES)
def test_random_cases_have_the_engines_facts(name: str) -> None:
    policy = load_policy(packaged_policies()[name])
    bound = bind(policy)
    cases = [read_case(random_case(name, Random(seed)), policy) for seed in range(600)]

    compare(bound, cases, BlockReader(bound))


@settings(max_examples=150, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(data=st.data())
def test_any_policy_has_the_engines_facts(data: st.DataObject) -> None:
    policy = data.draw(policies())
    classes = [one.id for one in policy.classes]
    of_class = [st.sampled_from(classes).map(lambda name: ClassIn(classes=frozenset({name})))] if classes else []
    tests = data.draw(st.lists(compound(st.one_of(FACT_TESTS, *of_class)), max_size=4))
    of_item = data.draw(st.lists(compound(FACT_TESTS | st.just(one_of("review", True))), max_size=2))
    per_item = range(len(tests), len(tests) + len(of_item))
    bound = bits_only(
        policy,
        *tests,
        *of_item,
        per_item=per_item,
        built_in=("item_counts:annex",),
        columns=("cap", "bed_days", "age", "basic_layer"),
        year_facts=("for_year",),
    )
    cases = [
        Case("small", None, {}, data.draw(people()), tuple(data.draw(st.lists(events(), max_size=3))), {})
        for _ in range(data.draw(st.integers(1, 3)))
    ]

    with run_plainly():
        compare(bound, cases, BlockReader(bound, folder=Path("/nowhere")))


@pytest.mark.parametrize("name", POLICIES)
def test_a_person_of_a_block_is_a_case_again(name: str) -> None:
    policy = load_policy(packaged_policies()[name])
    bound = bind(policy)
    cases = [read_case(random_case(name, Random(seed)), policy)._replace(parameters={}) for seed in range(50)]

    block = block_of(cases, bound, NO_COUNTS, ())

    assert cases == [case_of(block, person, bound, NO_COUNTS, ()) for person in range(len(cases))]


# ---- comparing -------------------------------------------------------------------------------------------------------


def compare(bound: Bound, cases: Sequence[Case], reader: BlockReader) -> None:
    engine = FactReader(bound)
    expected = [
        engine.situation(person, event)
        for case in cases
        for person in [engine.person(case.person)]
        for event in case.events
    ]

    inputs = reader.read(block_of(cases, bound, NO_COUNTS, reader.items))

    assert [plain(situation, reader.items) for situation in expected] == situations_of(inputs, bound, reader.items)


def plain(situation: Situation, items: Sequence[str]) -> Situation:
    """The situation with the name of an unknown item left out: columns don't keep it."""
    known = [item if item.item in items else item._replace(item="") for item in situation.items]
    return situation._replace(items=tuple(known))


def situations_of(inputs: Inputs, bound: Bound, items: Sequence[str]) -> list[Situation]:
    unknown = np.broadcast_to(inputs.unknown, inputs.word.shape)
    return [
        Situation(
            int(inputs.word[e]),
            int(unknown[e]),
            tuple(number(column[e]) for column in inputs.columns),
            int(inputs.year[e]),
            int(inputs.recognition[e]),
            {name: number(inputs.years[place][e]) for place, name in enumerate(bound.program.year_facts)},
            tuple(
                ItemSituation(item_name(inputs.item[i], items), int(inputs.item_word[i]), int(inputs.burden[i]))
                for i in range(inputs.items_of[e], inputs.items_of[e + 1])
            ),
        )
        for e in range(len(inputs.word))
    ]


def item_name(place: int, items: Sequence[str]) -> str:
    return items[place] if place >= 0 else ""


def number(value: Any) -> int | None:
    return None if value == MISSING else int(value)
