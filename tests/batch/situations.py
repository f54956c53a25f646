"""Situations, as the engine's facts layer hands them over, turned into the columns of a kernel, and back again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from tuodi.batch.kernel import Inputs, Ints, Kernel, Results
from tuodi.batch.layout import MISSING, KernelLayout
from tuodi.engine.outcome import Outcome, Stuck
from tuodi.engine.program import Program
from tuodi.engine.situation import Situation, State
from tuodi.engine.text import compile_program


class History(NamedTuple):
    """One person's situations in order, from the counts that the person brings along."""

    opening: State
    situations: Sequence[Situation]


class Answer(NamedTuple):
    """What an event came to, as both readers can say it: lines are (rule, item, paid)."""

    relief: int
    personal: int
    hospital: int
    refusal: int | None
    layers: tuple[int | None, ...]
    lines: tuple[tuple[int, str | None, int], ...]


def inputs_of(
    program: Program, layout: KernelLayout, histories: Sequence[History], items: Sequence[str], wide: bool = True
) -> Inputs:
    """The columns of all histories. An item that the catalogue does not know is -1."""
    situations = [situation for history in histories for situation in history.situations]
    listed = [item for situation in situations for item in situation.items]
    money = np.int64 if wide else np.int32
    number = {item: place for place, item in enumerate(items)}
    openings = [_openings(layout, history.opening, number) for history in histories]
    flat = [opening for several in openings for opening in several]
    years = [_ints([situation.years[fact] for situation in situations], np.int16) for fact in program.year_facts]
    return Inputs(
        events_of=_offsets(len(history.situations) for history in histories),
        word=_ints([situation.word for situation in situations], np.int64),
        unknown=_ints([situation.unknown for situation in situations], np.int64),
        year=_ints([situation.year for situation in situations], np.int16),
        recognition=_ints([situation.recognition for situation in situations], np.int32),
        years=tuple(years) or (np.empty(0, np.int16),),
        columns=tuple(
            _ints([situation.columns[place] for situation in situations], money)
            for place in range(len(program.columns))
        ),
        items_of=_offsets(len(situation.items) for situation in situations),
        item=_ints([number.get(item.item, -1) for item in listed], np.int16),
        item_word=_ints([item.word for item in listed], np.int64),
        burden=_ints([item.burden for item in listed], money),
        openings_of=_offsets(map(len, openings)),
        opening_family=_ints([one[0] for one in flat], np.int64),
        opening_key=_ints([one[1] for one in flat], np.int64),
        opening_place=_ints([one[2] for one in flat], np.int64),
        opening_amount=_ints([one[3] for one in flat], np.int64),
    )


def answers_of(inputs: Inputs, results: Results, items: Sequence[str], kernel: Kernel) -> list[Answer | None]:
    """By event; None where it was stuck."""
    return [None if results.stuck[e] else answer_at(e, inputs, results, items, kernel) for e in range(len(inputs.word))]


def closings_of(results: Results, closed: int, persons: int, layout: KernelLayout, items: Sequence[str]) -> list[State]:
    """The counts at the end, by person."""
    states: list[State] = [{} for _ in range(persons)]
    for at in range(closed):
        family = layout.families[results.closing_family[at]]
        key = family.unpacked(int(results.closing_key[at]), items)
        states[results.closing_person[at]][family.counts[results.closing_place[at]], key] = int(
            results.closing_amount[at]
        )
    return states


def settled_by_text(
    program: Program,
    histories: Sequence[History],
    table: Sequence[int | None],
    item_tables: Mapping[str, Mapping[str, int]],
) -> tuple[list[Answer | None], list[State]]:
    """The same by the engine."""
    run = compile_program(program).run
    answers: list[Answer | None] = []
    states = []
    for history in histories:
        state = {key: amount for key, amount in history.opening.items() if amount}
        for situation in history.situations:
            try:
                answers.append(plain_answer(run(situation, state, table, item_tables)))
            except (Stuck, TypeError):
                answers.append(None)
        states.append({key: amount for key, amount in state.items() if amount})
    return answers, states


def plain_answer(outcome: Outcome) -> Answer:
    # registers begin with what was paid; a line's own place among others of the event is its order
    lines = tuple((rule, item, registers[0]) for rule, item, registers, _ in outcome.lines)
    layers = tuple(paid for paid, _ in outcome.layers)
    return Answer(
        outcome.relief, outcome.personal, outcome.hospital, outcome.refusal, layers, tuple(sorted(lines, key=_order))
    )


def answer_at(e: int, inputs: Inputs, results: Results, items: Sequence[str], kernel: Kernel) -> Answer:
    lines = [
        (int(results.line_rule[place, e]), None, int(results.line_paid[place, e]))
        for place in range(kernel.layout.lines)
        if results.line_rule[place, e] >= 0
    ]
    lines += [
        (int(results.item_line_rule[place, i]), items[inputs.item[i]], int(results.item_line_paid[place, i]))
        for place in range(kernel.layout.item_lines)
        for i in range(inputs.items_of[e], inputs.items_of[e + 1])
        if results.item_line_rule[place, i] >= 0
    ]
    refusal = int(results.refusal[e])
    layers = tuple(None if paid == MISSING else int(paid) for paid in results.layer_paid[:, e])
    return Answer(
        int(results.relief[e]),
        int(results.personal[e]),
        int(results.hospital[e]) if kernel.layout.caps_bills else 0,
        None if refusal < 0 else refusal,
        layers,
        tuple(sorted(lines, key=_order)),
    )


def _order(line: tuple[int, str | None, int]) -> tuple[int, str, int]:
    return line[0], line[1] or "", line[2]


def _openings(layout: KernelLayout, opening: State, items: Mapping[str, int]) -> list[tuple[int, int, int, int]]:
    found = []
    for (count, key), amount in opening.items():
        family = layout.family_of(count)
        found.append((family, layout.families[family].packed(key, items), layout.place_of(count), amount))
    return found


def _offsets(sizes: object) -> Ints:
    return np.array([0, *accumulate(sizes)], np.int64)  # type: ignore[call-overload]


def _ints(values: Sequence[int | None], kind: type[np.signedinteger]) -> Ints:
    return np.array([MISSING if value is None else value for value in values], kind)
