"""Which rule of a layer applies, and what happens where a fact that decides it is missing: both executors at once."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.engine.programs import lacking, program, rule, run, situation
from tuodi.core.finding import Faults
from tuodi.engine.interpret import Lack
from tuodi.engine.program import (
    Add,
    Bit,
    Const,
    FeedRule,
    Guard,
    Input,
    ItemConst,
    Load,
    Pay,
    Post,
    Program,
    Rest,
    Rule,
    Select,
    Slot,
    Step,
    Times,
    Use,
)
from tuodi.engine.situation import ItemSituation
from tuodi.engine.text import compile_program
from tuodi.language.model import AllOf, AnyOf, Choose, Fixed, Is, Not, ParameterValue, Reached, Test

TABLE = [Slot(fixed=number) for number in (100, 200, 300, 5000, 7000)]


def pays(index: int, slot: int = 0, **parts: object) -> Rule:
    """A rule that pays the table's entry; its rate is that of slot 3 or 4, where asked."""
    paid = f"paid{index}"
    return rule(index, [Const(dst=paid, slot=slot), Pay(amount=paid)], paid=paid, **parts)


def rated(index: int, slot: int, **parts: object) -> Rule:
    """A rule that competes with the rate of the slot."""
    steps = (Const(dst=f"rate{index}", slot=slot),)
    return pays(index, rate_steps=steps, rate=f"rate{index}", **parts)


def refuses(index: int, **parts: object) -> Rule:
    return rule(index, refusal="不予救助", **parts)


def answer(made: Program, word: int = 0, items: Sequence[ItemSituation] = ()) -> tuple[list[int], int | None]:
    """The indexes of the rules that made lines, and of the refusal."""
    outcome = run(made, situation(word, items=items)).outcome
    return [line[0] for line in outcome.lines], outcome.refusal


# ---- guards ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("guard", "words"),
    [
        (Guard(), {0, 1, 2, 3}),
        (Guard(all=3), {3}),
        (Guard(none=1), {0, 2}),
        (Guard(any=(3,)), {1, 2, 3}),
        (Guard(any=(1, 2)), {3}),
        (Guard(all=1, none=2), {1}),
    ],
)
def test_a_guard_asks_for_all_for_none_and_for_one_of_each(guard: Guard, words: set[int]) -> None:
    made = program([pays(0, guard=guard)], table=TABLE)

    assert words == {word for word in range(4) if answer(made, word) == ([0], None)}
    assert words == {word for word in range(4) if guard.holds(word)}


def test_the_first_rule_that_holds_applies_alone_and_may_be_a_refusal() -> None:
    made = program([refuses(0, guard=Guard(all=1)), pays(1, guard=Guard(all=2)), pays(2), refuses(3)], table=TABLE)

    assert ([], 0) == answer(made, 3)
    assert ([1], None) == answer(made, 2)
    assert ([2], None) == answer(made, 0)


def test_where_no_rule_holds_nothing_is_paid() -> None:
    assert ([], None) == answer(program([pays(0, guard=Guard(all=1))], table=TABLE))
    assert ([], None) == answer(program([]))


def test_rules_behind_another_follow_it_in_their_order_where_that_one_applied() -> None:
    rules = [
        pays(0, guard=Guard(all=1)),
        pays(1, after=0, guard=Guard(all=2)),
        pays(2, after=0),
        pays(3, after=1),
        pays(4),
        pays(5, after=4),
    ]
    made = program(rules, table=TABLE)

    assert ([0, 1, 2, 3], None) == answer(made, 3)
    assert ([0, 2], None) == answer(made, 1)
    assert ([4, 5], None) == answer(made, 2)


def test_the_highest_rate_is_taken_then_the_fewest_limits_then_the_first() -> None:
    def chosen(*rules: Rule) -> list[int]:
        made = program(rules, layers=[("relief", Choose.HIGHEST_RATE)], table=TABLE)
        return answer(made)[0]

    assert [1] == chosen(rated(0, 3), rated(1, 4))
    assert [0] == chosen(rated(0, 4), rated(1, 3))
    assert [1] == chosen(rated(0, 4, limit_count=2), rated(1, 4, limit_count=1))
    assert [0] == chosen(rated(0, 4, limit_count=1), rated(1, 4, limit_count=1))
    assert [1] == chosen(pays(0), rated(1, 3))
    assert [0] == chosen(pays(0), pays(1))


def test_in_a_competition_leading_refusals_go_first_and_the_others_only_where_no_benefit_holds() -> None:
    rules = [
        refuses(0, guard=Guard(all=1)),
        rated(1, 3, guard=Guard(all=2)),
        refuses(2, guard=Guard(all=4)),
        refuses(3),
    ]
    made = program(rules, layers=[("relief", Choose.HIGHEST_RATE)], table=TABLE)

    assert ([], 0) == answer(made, 7)
    assert ([1], None) == answer(made, 6)
    assert ([], 2) == answer(made, 4)
    assert ([], 3) == answer(made, 0)
    only = program([refuses(0)], layers=[("relief", Choose.HIGHEST_RATE)])
    assert ([], 0) == answer(only)


def test_all_rules_that_hold_apply_and_a_refusal_only_where_none_does() -> None:
    rules = [refuses(0, guard=Guard(all=4)), pays(1, guard=Guard(all=1)), pays(2, after=1), pays(3, guard=Guard(all=2))]
    made = program([*rules, refuses(4)], layers=[("relief", Choose.ALL)], table=TABLE)

    assert ([1, 2, 3], None) == answer(made, 7)
    assert ([3], None) == answer(made, 2)
    assert ([], 0) == answer(made, 4)
    assert ([], 4) == answer(made, 0)


# ---- items -----------------------------------------------------------------------------------------------------------


def items(*words: int) -> list[ItemSituation]:
    return [ItemSituation("甲", word, 1000) for word in words]


def test_a_catalogue_rule_makes_a_line_for_each_item_that_it_is_for() -> None:
    made = program([pays(0, guard=Guard(all=1), per_item="catalogue"), refuses(1)], table=TABLE)

    assert ([0, 0], None) == answer(made, items=items(1, 0, 1))
    assert ([], 1) == answer(made, items=items(0))
    assert ([], 1) == answer(made)


def test_a_catalogue_rule_can_follow_another_and_be_followed() -> None:
    rules = [pays(0), pays(1, after=0, per_item="catalogue"), pays(2, after=1)]

    assert ([0, 1, 1, 2], None) == answer(program(rules, table=TABLE), items=items(0, 0))
    assert ([0], None) == answer(program(rules, table=TABLE))


def test_a_catalogue_rule_competes_with_the_rate_of_its_first_item() -> None:
    rate = Select(dst="rate", cases=((Guard(all=1), "high"),), otherwise="low")
    steps = (Const(dst="low", slot=3), Const(dst="high", slot=4), rate)
    by_item = pays(0, per_item="catalogue", rate_steps=steps, rate="rate")
    made = program([by_item, rated(1, 3)], layers=[("relief", Choose.HIGHEST_RATE)], table=TABLE)

    assert ([0, 0], None) == answer(made, items=items(1, 0))
    assert ([1], None) == answer(made)


# ---- bits that hang on counts ----------------------------------------------------------------------------------------

UNUSED = Bit(index=0, id="unused:life", label="未用")


def once(count: str = "life", **parts: object) -> Rule:
    return rule(0, [Const(dst="paid", slot=0), Pay(amount="paid"), Use(count=count)], guard=Guard(all=1), **parts)


def test_once_is_used_up_by_applying() -> None:
    made = program([once(), refuses(1)], bits=[UNUSED], table=TABLE)

    first = run(made, situation())
    second = run(made, situation(), first.state)

    assert (None, 1) == (first.outcome.refusal, second.outcome.refusal)
    assert (1, 0) == (first.outcome.word, second.outcome.word)


def test_once_an_item_and_year_is_used_up_for_that_item_alone() -> None:
    made = program([once("item", per_item="catalogue"), refuses(1)], bits=[Bit(index=0, id="unused:item", label="")],
                   table=TABLE)  # fmt: skip

    both = run(made, situation(items=items(0)))

    assert ([0], None) == ([line[0] for line in both.outcome.lines], both.outcome.refusal)
    assert 1 == run(made, situation(items=items(0)), both.state).outcome.refusal
    assert None is run(made, situation(items=[ItemSituation("乙", 0, 1)]), both.state).outcome.refusal


def test_an_items_guard_sees_the_events_bits_that_hang_on_counts() -> None:
    made = program([once(per_item="catalogue"), refuses(1)], bits=[UNUSED], table=TABLE)

    assert ([0], None) == answer(made, items=items(0))


def test_a_count_reaches_an_amount_by_what_it_was_before_the_event() -> None:
    bit = Bit(index=0, id="reached", label="", test=Reached(count="year", at_least=Fixed(amount=500)))
    grows = rule(0, [Const(dst="paid", slot=2), Post(count="year", amount="paid")], guard=Guard(none=1))
    made = program([grows, refuses(1)], bits=[bit], table=TABLE)

    first = run(made, situation())
    second = run(made, situation(), first.state)
    third = run(made, situation(), second.state)

    assert [None, None, 1] == [both.outcome.refusal for both in (first, second, third)]


def test_a_count_of_a_year_that_is_not_given_matters_only_where_it_decides() -> None:
    bit = Bit(index=0, id="unused:applied", label="")
    made = program([once("applied"), refuses(1)], bits=[bit], table=TABLE)
    spared = program([pays(0, guard=Guard(none=2)), once("applied")], bits=[bit], table=TABLE)

    assert 1 == lacking(made, situation(for_year=None)).want.bits
    assert 1 == run(made, situation(), {("applied", 2022): 1}).outcome.refusal
    assert [0] == [line[0] for line in run(spared, situation(for_year=None)).outcome.lines]


@pytest.mark.parametrize(
    "test",
    [
        AllOf(tests=(Is(fact="designated", values=frozenset({True})), Reached(count="year", at_least=Fixed(amount=1)))),
        AnyOf(tests=(Reached(count="year", at_least=Fixed(amount=1)),)),
        Not(test=Reached(count="year", at_least=Fixed(amount=1))),
        Reached(count="year", at_least=ParameterValue(parameter="prices")),
    ],
)
def test_a_test_on_counts_that_a_program_cannot_answer_is_a_fault(test: Test) -> None:
    made = program([pays(0)], bits=[Bit(index=0, id="odd", label="怪条件", test=test)], table=TABLE)

    with pytest.raises(Faults, match="怪条件"):
        compile_program(made)


def test_other_tests_are_answered_by_the_facts() -> None:
    test = AllOf(
        tests=(Is(fact="designated", values=frozenset({True})), Not(test=Is(fact="county", values=frozenset())))
    )
    made = program(
        [pays(0, guard=Guard(all=1)), refuses(1)], bits=[Bit(index=0, id="b", label="", test=test)], table=TABLE
    )

    assert ([0], None) == answer(made, 1)
    assert ([], 1) == answer(made, 0)


# ---- what is missing -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "word", "bits"),
    [
        ([pays(0, guard=Guard(all=1))], 0, 1),
        ([pays(0, guard=Guard(none=1))], 0, 1),
        ([pays(0, guard=Guard(any=(3,)))], 0, 1),
        ([refuses(0, guard=Guard(all=1)), pays(1)], 0, 1),
        ([pays(0), pays(1, after=0, guard=Guard(all=1))], 0, 1),
        ([pays(0, guard=Guard(all=1), per_item="catalogue")], 0, 1),
    ],
)
def test_a_decision_that_hangs_on_an_unknown_fact_stops(rules: list[Rule], word: int, bits: int) -> None:
    want = lacking(program(rules, table=TABLE), situation(word, unknown=1, items=items(0))).want

    assert (Lack.FACT, bits) == (want.lack, want.bits)
    assert want.rule is not None


@pytest.mark.parametrize("choose", list(Choose))
def test_an_unknown_fact_that_decides_nothing_counts_as_missing(choose: Choose) -> None:
    rules = [
        rated(0, 4, guard=Guard(all=2)),  # holds, and has the highest rate
        rated(1, 3, guard=Guard(all=5)),  # cannot hold
        refuses(2, guard=Guard(all=1)),  # stands behind what holds
    ]
    made = program(rules, layers=[("relief", choose)], table=TABLE)

    outcome = run(made, situation(2, unknown=1)).outcome

    assert ([0], None) == ([line[0] for line in outcome.lines], outcome.refusal)


def test_one_of_several_that_is_known_makes_the_unknown_one_needless() -> None:
    made = program([pays(0, guard=Guard(any=(3,)))], table=TABLE)

    assert [0] == [line[0] for line in run(made, situation(2, unknown=1)).outcome.lines]


def test_a_competitor_with_a_lower_rate_may_stay_unknown_but_not_one_with_a_higher() -> None:
    def made(unknown_slot: int, known_slot: int) -> Program:
        rules = [rated(0, unknown_slot, guard=Guard(all=1)), rated(1, known_slot)]
        return program(rules, layers=[("relief", Choose.HIGHEST_RATE)], table=TABLE)

    assert [1] == [line[0] for line in run(made(3, 4), situation(unknown=1)).outcome.lines]
    assert 1 == lacking(made(4, 3), situation(unknown=1)).want.bits


def test_a_value_that_hangs_on_an_unknown_fact_stops() -> None:
    select = Select(dst="paid", cases=((Guard(all=1), "a"),), otherwise="a")
    made = program([rule(0, [Const(dst="a", slot=0), select, Pay(amount="paid")])], table=TABLE)

    assert (Lack.FACT, 1) == (lacking(made, situation(unknown=1)).want.lack, 1)


def test_a_tally_that_hangs_on_an_unknown_fact_stops() -> None:
    feed = FeedRule(count="year", guard=Guard(all=1), unless=frozenset(), steps=(Const(dst="x", slot=0),), amount="x")
    made = program([pays(0)], table=TABLE, feeds=[feed])

    want = lacking(made, situation(unknown=1)).want

    assert (Lack.FACT, None) == (want.lack, want.rule)


@pytest.mark.parametrize(
    ("steps", "lack", "name"),
    [
        ([Input(dst="x", column="in_policy"), Add(dst="paid", a="x", b="x")], Lack.COLUMN, "in_policy"),
        ([Input(dst="x", column="number"), Times(dst="paid", amount="x", n="x")], Lack.COLUMN, "number"),
        ([Load(dst="paid", count="applied")], Lack.YEAR, "for_year"),
        ([Load(dst="paid", count="year", year="for_year")], Lack.YEAR, "for_year"),
        ([Const(dst="x", slot=5), Rest(dst="paid", a="x", b="x")], Lack.PARAMETER, "rate"),
        ([Const(dst="paid", slot=5), Pay(amount="paid")], Lack.PARAMETER, "rate"),
        ([Select(dst="paid", cases=((Guard(all=1), "x"),), otherwise=None)], Lack.CASE, ""),
    ],
)
def test_a_number_that_is_not_there_stops_where_it_is_used(steps: list[Step], lack: Lack, name: str) -> None:
    table = [*TABLE, Slot(parameter="rate")]
    made = program([rule(0, steps)], table=table, columns=["number"])
    event = situation(in_policy=None, more=(None,), for_year=None)

    want = lacking(made, event, {("year", 2023): 3}).want

    assert (lack, name) == (want.lack, want.name)
    assert want.rule is not None


def test_a_price_that_is_not_set_names_its_item() -> None:
    steps = [ItemConst(dst="paid", parameter="prices"), Pay(amount="paid")]
    made = program([rule(0, steps, per_item="catalogue")])

    want = lacking(made, situation(items=[ItemSituation("丙", 0, 1)])).want

    assert (Lack.ITEM_PARAMETER, "prices", "丙") == (want.lack, want.name, want.item)


def test_a_value_without_a_case_names_its_first_place_in_the_table() -> None:
    select = Select(dst="paid", cases=((Guard(all=1), "b"), (Guard(all=2), "a")), otherwise=None)
    made = program([rule(0, [Const(dst="a", slot=1), Const(dst="b", slot=2), select])], table=TABLE)

    assert (Lack.CASE, 1) == (lacking(made, situation()).want.lack, lacking(made, situation()).want.slot)


def test_a_number_that_is_not_there_and_not_used_is_no_lack() -> None:
    select = Select(dst="paid", cases=((Guard(all=1), "x"),), otherwise="a")
    steps = [Input(dst="x", column="in_policy"), Const(dst="a", slot=0), select, Pay(amount="paid")]

    both = run(program([rule(0, steps)], table=TABLE), situation(in_policy=None))

    assert 100 == both.outcome.relief


@pytest.mark.parametrize("missing", ["total", "basic"])
def test_a_bill_without_an_amount_stops(missing: str) -> None:
    event = situation(total=None) if missing == "total" else situation(payers=(None, 0, 0, 0, 0))

    want = lacking(program([pays(0)], table=TABLE), event).want

    assert (Lack.COLUMN, missing, None) == (want.lack, want.name, want.rule)


def test_an_event_that_stops_late_leaves_no_trace() -> None:
    steps = [Const(dst="paid", slot=0), Post(count="year", amount="paid"), Post(count="life", amount="paid")]
    late = rule(1, [Input(dst="x", column="in_policy"), Add(dst="y", a="x", b="x")], paid="y", after=0)

    lacking(program([rule(0, steps), late], table=TABLE), situation(in_policy=None), {("year", 2023): 5})


# ---- layers ----------------------------------------------------------------------------------------------------------

LAYERS = (("basic", Choose.FIRST_RULE), ("extra", Choose.FIRST_RULE), ("relief", Choose.FIRST_RULE))


def layered() -> Program:
    basic = pays(0, 2, layer="basic", guard=Guard(all=1))
    no_basic = refuses(1, layer="basic", guard=Guard(all=2))
    extra = pays(2, 1, layer="extra", guard=Guard(all=4))
    steps = [Input(dst="b", column="basic"), Input(dst="payers", column="payers"), Input(dst="paid", column="unpaid")]
    return program([basic, no_basic, extra, rule(3, steps)], layers=LAYERS, table=TABLE)


def test_what_a_layer_pays_is_a_payer_for_the_next() -> None:
    both = run(layered(), situation(5, total=1000, payers=(None, 50, 0, 0, 0)))

    assert (300, 550, 450) == tuple(both.registers[name] for name in ("b", "payers", "paid"))
    assert ((300, None), (200, None)) == both.outcome.layers
    assert 450 == both.outcome.personal


def test_a_payment_that_is_given_is_taken_as_it_is() -> None:
    both = run(layered(), situation(1, total=1000, payers=(0, 0, 0, 0, 0)))

    assert (0, 0, 1000) == tuple(both.registers[name] for name in ("b", "payers", "paid"))
    assert ((None, None), (0, None)) == both.outcome.layers


def test_a_layer_may_refuse() -> None:
    both = run(layered(), situation(2, total=1000, payers=(None, 0, 0, 0, 0)))

    assert ((0, 1), (0, None)) == both.outcome.layers
    assert None is both.outcome.refusal


def test_a_payer_that_is_neither_given_nor_computed_stops() -> None:
    want = lacking(layered(), situation(0, payers=(None, 0, 0, 0, 0))).want

    assert (Lack.LAYER, "basic") == (want.lack, want.name)
