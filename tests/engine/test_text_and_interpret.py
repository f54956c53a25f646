"""Text and interpreter are two readings of one program: the same fen, the same counts, and stopped by the same lack."""

from __future__ import annotations

import typing
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from tests.engine.programs import TABLE, TABLES, programs, situations
from tuodi.engine import interpret, text
from tuodi.engine.interpret import Lacking
from tuodi.engine.outcome import Stuck
from tuodi.engine.program import Program, Step
from tuodi.engine.situation import Situation, State


def test_each_step_exists_in_each_reader() -> None:
    steps = set(typing.get_args(Step))

    assert steps == set(text.WRITERS)
    assert steps == set(interpret.READERS)


@given(made=programs(), events=st.lists(situations(), min_size=1, max_size=4))
def test_both_settle_any_history_of_any_program_alike(made: Program, events: list[Situation]) -> None:
    compiled = text.compile_program(made)
    by_text: State = {}
    by_hand: State = {}

    for event in events:
        assert _interpreted(made, event, by_hand) == _run(compiled, event, by_text)
        assert by_hand == by_text


def test_random_programs_settle_often_enough_to_say_something() -> None:
    seen: Counter[str] = Counter()

    @given(made=programs(), event=situations())
    def look(made: Program, event: Situation) -> None:
        outcome = _run(text.compile_program(made), event, {})
        if outcome is None:
            seen["stuck"] += 1
        else:
            seen["line" if outcome.lines else "refused" if outcome.refusal is not None else "nothing"] += 1

    look()

    assert {"stuck", "line", "refused", "nothing"} == set(seen)


def _interpreted(made: Program, event: Situation, state: State) -> object:
    try:
        return interpret.interpret(made, event, state, TABLE, TABLES).outcome
    except Lacking:
        return None


def _run(compiled: text.Compiled, event: Situation, state: State) -> typing.Any:
    try:
        return compiled.run(event, state, TABLE, TABLES)
    except (Stuck, TypeError):
        return None
