"""The interpreter writes down everything that it does."""

from __future__ import annotations

from tests.engine.programs import TABLES, program, rule, situation
from tuodi.engine.interpret import Executed, Lack, Lacking, Want, interpret
from tuodi.engine.program import Const, FeedRule, Guard, Input, Pay, Select, Slot, Use
from tuodi.engine.situation import ItemSituation, State


def test_every_step_of_every_line_and_tally_is_kept_in_order() -> None:
    paid, pay, use = Const(dst="paid", slot=0), Pay(amount="paid"), Use(count="life")
    tally = Const(dst="tally", slot=0)
    feed = FeedRule(count="year", guard=Guard(), unless=frozenset(), steps=(tally,), amount="tally")
    made = program([rule(0, [paid, pay, use])], table=[Slot(fixed=30)], feeds=[feed])

    passages = interpret(made, situation(), {}, (30,), TABLES).passages

    assert [made.rules[0], None] == [passage.rule for passage in passages]
    assert (Executed(paid, 30), Executed(pay, 30), Executed(use, 1)) == passages[0].steps
    assert (Executed(tally, 30),) == passages[1].steps


def test_a_passage_names_its_item() -> None:
    made = program([rule(0, [Input(dst="paid", column="item_burden")], per_item="catalogue")])

    passages = interpret(made, situation(items=[ItemSituation("甲", 0, 5)]), {}, (), TABLES).passages

    assert [("甲", 5)] == [(passage.item, passage.steps[0].value) for passage in passages]


def test_a_number_that_is_not_there_is_kept_as_nothing() -> None:
    steps = [Input(dst="x", column="in_policy"), Const(dst="paid", slot=0)]
    select = Select(dst="y", cases=((Guard(all=1), "x"),), otherwise="x")
    made = program([rule(0, [*steps, select])], table=[Slot(fixed=1)])

    passages = interpret(made, situation(in_policy=None), {}, (1,), TABLES).passages

    assert [None, 1, None] == [done.value for done in passages[0].steps]


def test_the_counts_move_in_the_state_that_was_given() -> None:
    state: State = {("life", 0): 1}

    interpret(program([rule(0, [Const(dst="paid", slot=0), Use(count="life")])]), situation(), state, (0,), TABLES)

    assert {("life", 0): 2} == state


def test_a_lack_says_what_it_is() -> None:
    assert "item_parameter 单价甲" == str(Lacking(Want(lack=Lack.ITEM_PARAMETER, name="单价", item="甲")))
    assert "case" == str(Lacking(Want(lack=Lack.CASE)))
