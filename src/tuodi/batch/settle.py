"""A block settled: facts read, the compiled program run, persons whom an event lacks something for set apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from tuodi.batch.block import Block
from tuodi.batch.facts import BlockReader
from tuodi.batch.kernel import Inputs, Ints, Kernel, Results, numbers_of
from tuodi.batch.loop import Say
from tuodi.batch.records import case_of
from tuodi.core.finding import Faults, Finding
from tuodi.engine.bind import Bound
from tuodi.engine.record import Case
from tuodi.engine.settle import Engine, settle_case
from tuodi.engine.situation import Key, State


class Settled(NamedTuple):
    """A block with what it came to. `faulty`: persons of whom an event lacks something, so that none of theirs counts.

    `closed`: how many closing counts `results` holds.
    """

    block: Block
    inputs: Inputs
    results: Results
    faulty: Ints
    closed: int


class BlockSettler:
    """A bound policy, ready to settle blocks; any number of threads may do so at once."""

    __slots__ = ("_reader", "bound", "engine", "kernel", "numbers")

    def __init__(self, bound: Bound, on_compile: Say | None = None, folder: Path | None = None) -> None:
        self.bound = bound
        self.kernel = Kernel(bound.program, on_compile, folder)
        self._reader = BlockReader(bound, on_compile, folder)
        self.numbers = numbers_of(bound, self.kernel.layout, self._reader.items)
        self.engine = Engine(bound)

    @property
    def items(self) -> tuple[str, ...]:
        """The catalogues' items by number."""
        return self._reader.items

    def settle(self, block: Block, closings: bool = False) -> Settled:
        """Every event of the block, each person's in order. With `closings` the counts at the end are kept too."""
        inputs = self.read(block)
        results = self.kernel.results(inputs, closings)
        closed = self.kernel.run(inputs, self.numbers, results)
        return Settled(block, inputs, results, _faulty(block, results), closed)

    def read(self, block: Block) -> Inputs:
        """The facts of the block."""
        return self._reader.read(block)

    def case(self, block: Block, person: int) -> Case:
        """The person of the block, as the engine settles one."""
        return case_of(block, person, self.bound, self.kernel.layout, self.items)

    def findings(self, settled: Settled, person: int) -> tuple[Finding, ...]:
        """What a faulty person's events lack, in the engine's words; paths lead from the person's case."""
        try:
            settle_case(self.engine, self.case(settled.block, person))
        except Faults as faults:
            return faults.findings
        raise AssertionError("INV-13 the readings of a policy agree")

    def closing_states(self, settled: Settled) -> list[State]:
        """By person the counts after the last event."""
        states: list[State] = [{} for _ in settled.block.events_of[:-1]]
        for person, count, key, amount in closing_rows(settled, self.kernel, self.items):
            states[person][count, key] = amount
        return states


def closing_rows(settled: Settled, kernel: Kernel, items: Sequence[str]) -> Iterator[tuple[int, str, Key, int]]:
    """(person, count, key, amount) of every count that stands above 0 at the end."""
    results = settled.results
    for row in range(settled.closed):
        family = kernel.layout.families[results.closing_family[row]]
        count = family.counts[results.closing_place[row]]
        key = family.unpacked(int(results.closing_key[row]), items)
        yield int(results.closing_person[row]), count, key, int(results.closing_amount[row])


def _faulty(block: Block, results: Results) -> Ints:
    """Places of the persons with a stuck event."""
    if not results.stuck.any():
        return np.empty(0, np.int64)
    events = np.flatnonzero(results.stuck)
    return np.unique(np.searchsorted(block.events_of, events, side="right") - 1)
