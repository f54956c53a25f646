"""The text that a program compiles to: one function for each shape, whatever its numbers and labels."""

from __future__ import annotations

from dataclasses import replace

from tests.engine.programs import TABLES, program, rule, situation
from tuodi.engine.outcome import registers_of, undo
from tuodi.engine.program import Const, Guard, Input, Load, Pay, Post, Slot, Taken, Trace
from tuodi.engine.situation import State
from tuodi.engine.text import compile_program


def _paying(amount: int, label: str = "一") -> object:
    steps = [Const(dst="paid", slot=0), Pay(amount="paid"), Post(count="year", amount="paid")]
    return program([replace(rule(0, steps), label=label)], table=[Slot(fixed=amount)])


def test_programs_of_one_shape_share_one_function() -> None:
    one, other = compile_program(_paying(100)), compile_program(_paying(200, "二"))

    assert one.shape == other.shape
    assert one.run is other.run


def test_another_shape_is_another_function() -> None:
    guarded = program([rule(0, [Const(dst="paid", slot=0)], guard=Guard(all=1))], table=[Slot(fixed=100)])

    assert compile_program(_paying(100)).shape != compile_program(guarded).shape


def test_numbers_come_from_the_table() -> None:
    compiled = compile_program(_paying(100))

    assert [100, 250] == [compiled.run(situation(), {}, (number,), TABLES).relief for number in (100, 250)]


def test_texts_of_a_policy_stand_in_the_source_only_as_literals() -> None:
    label = '"\n    raise SystemExit  # '
    steps = [Const(dst=label, slot=0), Pay(amount=label), Load(dst="x", count="year", year=label)]
    odd = replace(rule(0, steps, paid=label), id=label, label=label, clause=label)

    source = compile_program(program([odd], table=[Slot(fixed=1)])).source

    assert [] == [line for line in source.splitlines() if line.strip().startswith("raise SystemExit")]


def test_a_line_keeps_its_trace_and_all_that_it_read() -> None:
    steps = (
        Input(dst="in", column="in_policy"),
        Input(dst="again", column="in_policy"),
        Load(dst="stood", count="year"),
        Taken(dst="taken", quantity="burden"),
    )
    trace = Trace(paid="paid", base="in", due="paid", limited="paid")

    assert ("paid", "in", "again", "stood", "taken") == registers_of(rule(0, steps, trace=trace))
    assert () == registers_of(rule(0, refusal="不予救助"))


def test_undoing_puts_counts_back_and_leaves_no_zero() -> None:
    state: State = {("year", 2023): 7, ("life", 0): 3}

    undo(state, [(("year", 2023), 2, 5), (("year", 2023), 5, 7), (("life", 0), 0, 3)])

    assert {("year", 2023): 2} == state
