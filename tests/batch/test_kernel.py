"""The compiled loop settles every program as the engine does: each line, refusal and count, to the fen."""

from __future__ import annotations

import os
import subprocess
import sys
import typing
from pathlib import Path
from random import Random

import pytest

from tests.batch.plain import plain_loop
from tests.batch.random_programs import ITEMS, random_plan, random_policy
from tests.batch.situations import History, answers_of, closings_of, inputs_of, settled_by_text
from tuodi.batch.kernel import Kernel, numbers_of
from tuodi.batch.kernel_text import WRITERS
from tuodi.core.finding import Faults
from tuodi.engine import program as steps
from tuodi.engine.bind import Bound, bind
from tuodi.engine.program import Bit, Program
from tuodi.engine.situation import ItemSituation, Key, Situation, State
from tuodi.language.load import load_policy
from tuodi.language.model import AMOUNTS, Scope
from tuodi.language.shelf import packaged_plans, packaged_policies

POLICIES = sorted(packaged_policies())


def test_each_step_exists_in_this_reader() -> None:
    assert set(typing.get_args(steps.Step)) == set(WRITERS)


@pytest.mark.parametrize("seed", [*range(40), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(40, 200))])
def test_a_random_program_is_settled_as_by_the_engine(seed: int, tmp_path: Path) -> None:
    random = Random(seed)
    plan = random_plan(random) if seed % 3 == 0 else None
    parameters: dict[str, object] = {"by_item": dict.fromkeys(ITEMS[: random.randrange(4)], "1500.00")}
    parameters |= {"rate": "62.5%"} if random.randrange(2) else {}
    parameters |= {"sum": "1234.56"} if random.randrange(2) else {}
    bound = bind(random_policy(random), parameters, plan)

    compare(bound, histories(random, bound.program, 30), Kernel(bound.program, folder=tmp_path), compiled=False)


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize("wide", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_a_policy_of_the_package_is_settled_as_by_the_engine(name: str, wide: bool) -> None:
    policy = load_policy(packaged_policies()[name])
    items = [entry.item for catalogue in policy.catalogues.values() for entry in catalogue.entries]
    limits: dict[str, object] = {"item_limits": dict.fromkeys(items, "30000.00")} if items else {}
    bound = bind(policy, limits)

    compare(bound, histories(Random(name), bound.program, 400, items), Kernel(bound.program), wide=wide, items=items)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(packaged_plans()))
def test_an_insurance_plan_is_settled_as_by_the_engine(name: str) -> None:
    plan = load_policy(packaged_plans()[name])
    policy = next(one for one in packaged_policies() if one.partition("-")[0] == name.partition("-")[0])
    bound = bind(load_policy(packaged_policies()[policy]), {}, plan)

    compare(bound, histories(Random(name), bound.program, 400), Kernel(bound.program))


def test_another_rate_has_the_same_shape() -> None:
    policy = load_policy(packaged_policies()["ningbo-2019-27"])

    one, other = (Kernel(bind(policy, {"other_special_rate": rate}).program) for rate in ("70%", "55%"))

    assert one.loop.shape == other.loop.shape
    assert one.loop.source == other.loop.source


def test_a_word_that_is_too_wide_is_refused() -> None:
    program = bind(load_policy(packaged_policies()["liaocheng-2022-5"])).program
    bits = tuple(Bit(index=place, id=f"bit{place}", label="") for place in range(63))

    with pytest.raises(Faults) as faults:
        Kernel(steps.Program(**{name: getattr(program, name) for name in program.__slots__} | {"bits": bits}))

    assert ["word-too-wide"] == [finding.code for finding in faults.value.findings]


@pytest.mark.slow
def test_a_second_process_compiles_nothing(tmp_path: Path) -> None:
    code = (
        "from tests.batch.test_kernel import *\n"
        "said = []\n"
        "bound = bind(load_policy(packaged_policies()['qingdao-2018-1']))\n"
        "kernel = Kernel(bound.program, on_compile=lambda: said.append('compiling'))\n"
        "compare(bound, histories(Random(1), bound.program, 60), kernel)\n"
        "print(said)"
    )
    environment = {**os.environ, "TUODI_CACHE": str(tmp_path)}
    command = [sys.executable, "-c", code]
    said = [
        subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout for _ in range(2)
    ]

    assert ["['compiling']\n", "[]\n"] == said


@pytest.mark.slow
def test_no_array_is_read_beyond_its_end() -> None:
    environment = {**os.environ, "NUMBA_BOUNDSCHECK": "1"}
    chosen = "-k=package_is_settled and False"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", __file__, chosen]

    assert 0 == subprocess.run(command, env=environment, check=False).returncode


# ---- comparing -------------------------------------------------------------------------------------------------------


def compare(
    bound: Bound,
    several: list[History],
    kernel: Kernel,
    compiled: bool = True,
    wide: bool = True,
    items: typing.Sequence[str] = ITEMS,
) -> None:
    """Settles by both readers; every event's answer and every count must be the same. Once more without what people
    bring along and without the counts at the end, for then the loop keeps less of a person."""
    items = tuple(dict.fromkeys(items))
    numbers = numbers_of(bound, kernel.layout, items)
    loop = kernel.loop if compiled else plain_loop(kernel.loop.source)
    for some, closings in ((several, True), ([History({}, one.situations) for one in several], False)):
        inputs = inputs_of(bound.program, kernel.layout, some, items, wide)
        results = kernel.results(inputs, closings)
        arguments = kernel.arguments(inputs, numbers, results, 0, len(some))
        closed = loop(arguments) if compiled else loop(*arguments)
        answers, states = settled_by_text(bound.program, some, bound.table, bound.item_tables)

        assert answers == answers_of(inputs, results, items, kernel)
        assert closed == 0 or states == closings_of(results, closed, len(some), kernel.layout, items)
        assert closings is (closed > 0)
        assert any(answer is not None for answer in answers)


def histories(random: Random, program: Program, persons: int, items: typing.Sequence[str] = ITEMS) -> list[History]:
    """Any word is some event's: persons with random words, amounts, years and openings."""
    return [
        History(
            opening(random, program, items), [situation(random, program, items) for _ in range(random.randrange(9))]
        )
        for _ in range(persons)
    ]


def situation(random: Random, program: Program, items: typing.Sequence[str]) -> Situation:
    shares = [random.choice([0, 1, 2]) for _ in range(6)]
    total = random.choice([0, 1, 99, random.randrange(100_000), random.randrange(20_000_000)])
    amounts = [total, total * shares[0] // 2, *(total * share // 10 for share in shares[1:])]
    columns: list[int | None] = [*amounts]
    columns += [random.choice([None, 0, 3, random.randrange(5000)]) for _ in program.columns[len(AMOUNTS) :]]
    computed = [program.columns.index(one.layer.id) for one in program.layers if one.layer.id in AMOUNTS]
    if random.randrange(2):  # a layer computes what is not given; every other amount is always there
        columns = [None if place in computed else amount for place, amount in enumerate(columns)]
    word = likely(random, program)
    return Situation(
        word,
        word_of(random, program, 1, 30) & ~word if random.randrange(4) == 0 else 0,
        tuple(columns),
        random.choice([2023, 2024]),
        random.choice([0, 738000, 738400]),
        {name: random.choice([None, 2022, 2023]) for name in program.year_facts},
        tuple(item_situation(random, program, word, items) for _ in range(random.choice([0, 0, 1, 3]))),
    )


def likely(random: Random, program: Program) -> int:
    return word_of(random, program, 6, 10) | (program.bit("in_force").mask if random.randrange(9) else 0)


def word_of(random: Random, program: Program, chances: int, of: int) -> int:
    """Bits at random, those apart that the counts decide."""
    return sum(bit.mask for bit in program.bits if random.randrange(of) < chances and not bit.id.startswith("unused:"))


def item_situation(random: Random, program: Program, word: int, items: typing.Sequence[str]) -> ItemSituation:
    own = sum(bit.mask for bit in program.bits if bit.per_item and random.randrange(3))
    others = sum(bit.mask for bit in program.bits if bit.per_item)
    known = items and random.randrange(8)
    counted = own if known else 0
    name = random.choice(items) if known else "不知名"
    return ItemSituation(name, word & ~others | counted, random.choice([0, 1, random.randrange(9_000_000)]))


def opening(random: Random, program: Program, items: typing.Sequence[str]) -> State:
    state: State = {}
    for count in program.counts.values():
        if not count.sum_of and random.randrange(5) == 0 and (items or Scope.ITEM not in count.per):
            parts = [key_part(random, scope, items) for scope in count.per]
            key: Key = parts[0] if len(parts) == 1 else tuple(parts)
            state[count.id, key] = random.choice([1, 250_000])
    return state


def key_part(random: Random, scope: Scope, items: typing.Sequence[str]) -> int | str:
    choices: dict[Scope, list[int | str]] = {
        Scope.YEAR: [2022, 2023, 2024],
        Scope.LIFE: [0],
        Scope.RECOGNITION: [0, 738000],
        Scope.ITEM: [*items],
        Scope.APPLIED_YEAR: [2022, 2023],
    }
    return random.choice(choices[scope])
