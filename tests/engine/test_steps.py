"""What each step means, to the fen, in both executors at once."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.engine.programs import program, rule, run, situation
from tuodi.engine.program import (
    Above,
    Add,
    Const,
    FeedRule,
    Guard,
    Input,
    ItemConst,
    Load,
    Max,
    Min,
    Pay,
    Post,
    Raise,
    Relieved,
    Rest,
    Room,
    Round,
    RoundOver,
    Scale,
    Select,
    SetBill,
    Slot,
    Step,
    Take,
    Taken,
    Times,
    Uncovered,
    Use,
    Within,
)
from tuodi.engine.situation import ItemSituation, State

A, B, C = (Const(dst=name, slot=place) for place, name in enumerate("abc"))


def _comes_to(step: Step, a: int, b: int = 0, c: int = 0, state: State | None = None) -> int | None:
    """The value of the step's register `x`, where registers a, b, c hold these numbers."""
    made = program(
        [rule(0, [A, B, C, step, Input(dst="paid", column="basic")])],
        table=[Slot(fixed=a), Slot(fixed=b), Slot(fixed=c)],
    )
    return run(made, situation(), state).registers["x"]


@pytest.mark.parametrize(
    ("step", "numbers", "expected"),
    [
        (Add(dst="x", a="a", b="b"), (5, 7), 12),
        (Rest(dst="x", a="a", b="b"), (7, 5), 2),
        (Rest(dst="x", a="a", b="b"), (5, 7), 0),
        (Min(dst="x", a="a", b="b"), (5, 7), 5),
        (Min(dst="x", a="a", b="b"), (7, 5), 5),
        (Max(dst="x", a="a", b="b"), (5, 7), 7),
        (Max(dst="x", a="a", b="b"), (7, 5), 7),
        (Room(dst="x", limit="a", used="b"), (7, 5), 2),
        (Room(dst="x", limit="a", used="b"), (5, 7), 0),
        (Times(dst="x", amount="a", n="b"), (2000, 15), 30000),
        (Scale(dst="x", money="a", rate="b"), (1, 7000), 7000),
        (Round(dst="x", scaled="a"), (4999,), 0),
        (Round(dst="x", scaled="a"), (5000,), 1),
        (Round(dst="x", scaled="a"), (14999,), 1),
        (Round(dst="x", scaled="a"), (15000,), 2),
    ],
)
def test_plain_arithmetic(step: Step, numbers: Sequence[int], expected: int) -> None:
    assert expected == _comes_to(step, *numbers)


@pytest.mark.parametrize(
    ("before", "base", "threshold", "expected"),
    [(0, 100, 200, 0), (0, 200, 200, 0), (0, 201, 200, 1), (150, 100, 200, 50), (200, 100, 200, 100), (900, 9, 200, 9)],
)
def test_above_is_the_part_of_the_basis_past_the_threshold(
    before: int, base: int, threshold: int, expected: int
) -> None:
    step = Above(dst="x", before="a", base="b", threshold="c")

    assert expected == _comes_to(step, before, base, threshold)


@pytest.mark.parametrize(
    ("before", "base", "end", "expected"),
    [
        (0, 50, 300, 0),
        (0, 150, 300, 50),
        (120, 100, 300, 100),
        (250, 100, 300, 50),
        (300, 100, 300, 0),
        (0, 900, 300, 200),
    ],
)
def test_within_is_the_part_of_the_basis_inside_the_band(before: int, base: int, end: int, expected: int) -> None:
    hundred = [Slot(fixed=number) for number in (before, base, end, 100)]
    start = Const(dst="start", slot=3)
    closed = Within(dst="x", before="a", base="b", start="start", end="c")
    opened = Within(dst="y", before="a", base="b", start="start", end=None)
    made = program([rule(0, [A, B, C, start, closed, opened, Input(dst="paid", column="basic")])], table=hundred)

    registers = run(made, situation()).registers

    assert expected == registers["x"]
    assert max(0, before + base - max(before, 100)) == registers["y"]


@pytest.mark.parametrize(
    ("limited", "paid", "expected"),
    [(700, 700, 1000 * 7000 - 700 * 10000), (699, 650, 1000 * 7000 - 650 * 10000), (700, 650, 0)],
)
def test_uncovered_is_what_a_limit_cut_and_nothing_that_the_bill_cut(limited: int, paid: int, expected: int) -> None:
    table = [Slot(fixed=number) for number in (1000, 7000, 700, limited, paid)]
    names = ("base", "rate", "due", "limited", "cut")
    steps: list[Step] = [Const(dst=name, slot=place) for place, name in enumerate(names)]
    steps.append(Uncovered(dst="x", base="base", rate="rate", due="due", limited="limited", paid="cut"))
    made = program([rule(0, [*steps, Input(dst="paid", column="basic")])], table=table)

    assert (expected if limited < 700 else 0) == run(made, situation()).registers["x"]


@pytest.mark.parametrize(
    ("scaled", "rate", "over", "expected"),
    [
        (30_000_000, 7000, 7000, 3000),
        (1, 5000, 10000, 0),  # 0.00005 fen
        (10000, 5000, 10000, 1),  # half a fen, up
        (9999, 5000, 10000, 0),
        (30_000_000, 7000, 0, 0),
    ],
)
def test_round_over_divides_once_and_rounds_once(scaled: int, rate: int, over: int, expected: int) -> None:
    step = RoundOver(dst="x", scaled="a", rate="b", over="c")

    assert expected == _comes_to(step, scaled, rate, over)


def test_load_reads_the_count_at_the_events_key_or_at_a_named_year() -> None:
    state: State = {("year", 2023): 5, ("year", 2022): 7, ("life", 0): 1, ("recognition", 7): 2, ("applied", 2022): 3}
    state["other_year", 2023] = 10

    assert 5 == _comes_to(Load(dst="x", count="year"), 0, state=state)
    assert 7 == _comes_to(Load(dst="x", count="year", year="for_year"), 0, state=state)
    assert 1 == _comes_to(Load(dst="x", count="life"), 0, state=state)
    assert 2 == _comes_to(Load(dst="x", count="recognition"), 0, state=state)
    assert 3 == _comes_to(Load(dst="x", count="applied"), 0, state=state)
    assert 15 == _comes_to(Load(dst="x", count="both"), 0, state=state)
    assert 0 == _comes_to(Load(dst="x", count="year"), 0)


def test_select_takes_the_first_case_that_holds() -> None:
    first, second = (Guard(all=1), "a"), (Guard(all=2), "b")
    step = Select(dst="x", cases=(first, second), otherwise="c")
    made = program(
        [rule(0, [A, B, C, step, Input(dst="paid", column="basic")])],
        table=[Slot(fixed=1), Slot(fixed=2), Slot(fixed=3)],
    )

    assert [1, 2, 1, 3] == [run(made, situation(word)).registers["x"] for word in (1, 2, 3, 0)]


def test_inputs_are_columns_or_what_the_bill_has_come_to() -> None:
    columns = ("total", "in_policy", "basic", "number", "payers", "unpaid", "bill_left")
    inputs = [Input(dst=name, column=name) for name in columns]
    pay = Const(dst="paid", slot=0)
    after = Input(dst="after", column="bill_left")
    made = program([rule(0, [*inputs, pay, Pay(amount="paid"), after])], table=[Slot(fixed=250)], columns=["number"])

    registers = run(made, situation(total=1000, in_policy=900, payers=(300, 50, 0, 0, 0), more=(3,))).registers

    assert [1000, 900, 300, 3, 350, 650, 650] == [registers[name] for name in columns]
    assert 400 == registers["after"]


def test_pay_adds_up_and_never_leaves_less_than_nothing_of_the_bill() -> None:
    pays = [Const(dst="paid", slot=0), Pay(amount="paid"), Pay(amount="paid"), Input(dst="left", column="bill_left")]
    made = program([rule(0, pays)], table=[Slot(fixed=400)])

    both = run(made, situation(total=1000, payers=(300, 0, 0, 0, 0)))

    assert 800 == both.outcome.relief
    assert 0 == both.outcome.personal
    assert 0 == both.registers["left"]


@pytest.mark.parametrize(("charged", "hospital", "personal"), [(800, 200, 500), (1200, 0, 700), (200, 800, 0)])
def test_what_exceeds_the_charge_is_the_hospitals(charged: int, hospital: int, personal: int) -> None:
    steps = [Const(dst="charged", slot=0), SetBill(charged="charged"), Input(dst="paid", column="bill_left")]
    made = program([rule(0, [*steps, Input(dst="x", column="unpaid")])], table=[Slot(fixed=charged)])

    both = run(made, situation(total=1000, payers=(300, 0, 0, 0, 0)))

    assert (hospital, personal) == (both.outcome.hospital, both.outcome.personal)
    assert personal == both.registers["paid"] == both.registers["x"]


def test_a_count_is_posted_at_once_and_raised_once_when_the_event_ends() -> None:
    steps: list[Step] = [Const(dst="paid", slot=0)]
    steps += [Post(count="year", amount="paid"), Load(dst="posted", count="year")]
    steps += [
        Raise(count="life", amount="paid"),
        Raise(count="life", amount="posted"),
        Load(dst="raised", count="life"),
    ]
    made = program([rule(0, steps)], table=[Slot(fixed=30)])

    both = run(made, situation(), {("year", 2023): 5})

    assert 35 == both.registers["posted"]
    assert 0 == both.registers["raised"]
    assert {("year", 2023): 35, ("life", 0): 30} == both.state
    assert [(("year", 2023), 5, 35), (("life", 0), 0, 30)] == list(both.outcome.moved)


def test_a_rise_of_nothing_is_no_move() -> None:
    steps = [Const(dst="paid", slot=0), Post(count="year", amount="paid"), Raise(count="life", amount="paid")]

    both = run(program([rule(0, steps)], table=[Slot(fixed=0)]), situation())

    assert {} == both.state
    assert [] == both.outcome.moved


def test_use_counts_once_more_also_where_nothing_was_paid() -> None:
    steps = [Const(dst="paid", slot=0), Use(count="applied")]

    both = run(program([rule(0, steps)], table=[Slot(fixed=0)]), situation(for_year=2021), {("applied", 2021): 1})

    assert {("applied", 2021): 2} == both.state


def test_what_lines_took_of_a_quantity_is_known_to_later_lines_of_the_layer() -> None:
    take = [Const(dst="paid", slot=0), Take(quantity="burden", amount="paid"), Take(quantity="rest", amount="paid")]
    then = [Taken(dst="second", quantity="burden"), Pay(amount="second"), Take(quantity="burden", amount="second")]
    made = program([rule(0, take), rule(1, [*then, Taken(dst="x", quantity="burden")], paid="second", after=0)],
                   table=[Slot(fixed=30)])  # fmt: skip

    registers = run(made, situation()).registers

    assert (30, 60) == (registers["second"], registers["x"])


def test_a_tally_grows_by_what_relief_has_left() -> None:
    steps = (Input(dst="u", column="unpaid"), Relieved(dst="r"), Rest(dst="x", a="u", b="r"))
    feeds = [FeedRule(count="year", guard=Guard(all=1), unless=frozenset(), steps=steps, amount="x")]
    benefit = rule(0, [Const(dst="paid", slot=0), Pay(amount="paid")])
    made = program([benefit], table=[Slot(fixed=100)], feeds=feeds)
    event = situation(1, total=1000, payers=(300, 0, 0, 0, 0))

    assert {("year", 2023): 600} == run(made, event).state
    assert {} == run(made, event._replace(word=0)).state


def test_a_tally_is_spared_by_the_benefits_it_names() -> None:
    steps = (Input(dst="x", column="unpaid"),)
    feeds = [FeedRule(count="year", guard=Guard(), unless=frozenset({0}), steps=steps, amount="x")]
    rules = [rule(0, [Const(dst="paid", slot=0)], guard=Guard(all=1)), rule(1, refusal="不予救助")]
    made = program(rules, table=[Slot(fixed=0)], feeds=feeds)

    assert {} == run(made, situation(1)).state
    assert {("year", 2023): 700_000} == run(made, situation(0)).state


def test_an_items_line_reads_its_own_burden_price_and_count() -> None:
    steps: list[Step] = [Input(dst="burden", column="item_burden"), ItemConst(dst="price", parameter="prices")]
    steps += [Load(dst="used", count="item"), Room(dst="room", limit="price", used="used")]
    steps += [Min(dst="paid", a="burden", b="room"), Pay(amount="paid"), Post(count="item", amount="paid")]
    made = program([rule(0, steps, per_item="catalogue")])
    items = [ItemSituation("甲", 0, 50_000), ItemSituation("乙", 0, 50_000), ItemSituation("甲", 0, 50_000)]

    both = run(made, situation(items=items))

    assert [("甲", 50_000), ("乙", 30_000), ("甲", 20_000)] == [(line[1], line[2][0]) for line in both.outcome.lines]
    assert {("item", ("甲", 2023)): 70_000, ("item", ("乙", 2023)): 30_000} == both.state
