"""The batch: its compiled loop beside a copy of the same bytes, a loop by hand and SQL; and files to files.

Every figure is CPU time of one thread, taken in turns with what it is compared to: trust the ratios.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import numba
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench.batch_population import write_population
from tuodi.batch.convert import Converter, Files
from tuodi.batch.kernel import Inputs, Numbers, Results
from tuodi.batch.parts import Position
from tuodi.batch.run import Options, rows_of_blocks, run_batch
from tuodi.batch.schema import event_schema, status_schema
from tuodi.batch.settle import BlockSettler
from tuodi.batch.source import row_files
from tuodi.engine.bind import bind
from tuodi.language.load import load_policy
from tuodi.language.model import Policy
from tuodi.language.shelf import packaged_policies

PERSONS = 250_000
ROUNDS = 7
TARGET = 0.35  # of what a copy of the touched bytes allows


class Loop(NamedTuple):
    """A policy's compiled loop with what it works on."""

    settler: BlockSettler
    inputs: Inputs
    numbers: Numbers
    results: Results

    def run(self) -> None:
        self.settler.kernel.run(self.inputs, self.numbers, self.results)

    @property
    def touched(self) -> int:
        """Bytes that the loop reads or writes."""
        columns = [self.inputs.columns[place] for place in self._columns_read()]
        arrays = [*self.inputs[:5], *self.inputs[7:11], *columns, *self.results[:10]]
        return sum(array.nbytes for array in arrays if isinstance(array, np.ndarray))

    def _columns_read(self) -> list[int]:
        program = self.settler.bound.program
        return [program.columns.index(name) for name in self.settler.kernel.layout.local_columns]


def main(persons: int = PERSONS) -> None:
    with tempfile.TemporaryDirectory(prefix="tuodi-bench-") as folder:
        for name in sorted(packaged_policies()):
            kernel(name, persons, Path(folder))
        by_hand(persons, Path(folder))
        for compression in ("snappy", "zstd"):
            files(persons * 4, Path(folder), compression)


def kernel(name: str, persons: int, folder: Path) -> None:
    loop = made(name, persons, folder)
    block = np.ones(loop.touched // 16, np.int64)
    copy = np.empty_like(block)
    ours, memory = in_turns(loop.run, lambda: np.copyto(copy, block))
    events = len(loop.inputs.word)
    share = memory / ours * loop.touched / (2 * block.nbytes)
    print(
        f"{name:18} {events / ours / 1e6:6.1f} M events/s a core, {loop.touched / events:5.1f} bytes an event, "
        f"{share:.2f} of what memory copy allows (target {TARGET})"
    )


def by_hand(persons: int, folder: Path) -> None:
    """The two lines of Liaocheng's first class, written by hand for nothing else, and as SQL."""
    loop = made("liaocheng-2022-5", persons, folder)
    offsets, columns = loop.inputs.events_of, loop.inputs.columns
    out = np.empty(len(loop.inputs.word), np.int64)
    two_lines(offsets, loop.inputs.year, loop.inputs.word, *columns[:5], out)
    ours, theirs = in_turns(loop.run, lambda: two_lines(offsets, loop.inputs.year, loop.inputs.word, *columns[:5], out))
    print(f"by hand, two lines of one class: ours takes {ours / theirs:.1f} times as long, with all lines and refusals")
    owner = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
    table = pa.table({"person": owner, "year": loop.inputs.year, "n": np.arange(len(owner)),
                      **{f"c{place}": column for place, column in enumerate(columns[:5])}})  # fmt: skip
    with duckdb.connect(config={"threads": "1"}) as connection:
        connection.register("events", table)
        start = time.process_time()
        connection.execute(TWO_LINES).fetchone()
        print(f"DuckDB, the same two lines: {(time.process_time() - start) / ours:.0f} times as long as ours")


def files(persons: int, folder: Path, compression: str) -> None:
    """Parquet to Parquet, beside reading and writing the same files without settling anything."""
    policy = load_policy(packaged_policies()["liaocheng-2022-5"])
    events, statuses = write_population(policy, persons, folder / compression, compression=compression)
    out = folder / "out"
    rows = pq.ParquetFile(events).metadata.num_rows
    wall, cpu = time.perf_counter(), time.process_time()
    run_batch(policy, events=events, statuses=statuses, out=out, options=Options(compression=compression))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    start = time.process_time()
    pq.write_table(pq.read_table(events), folder / "copy.parquet", compression=compression)
    copied = time.process_time() - start
    print(
        f"Parquet to Parquet, {compression}: {rows / wall / 1e6:.2f} M events/s, {cpu / rows * 1e9:.0f} ns of CPU an "
        f"event, {cpu / copied:.1f} times reading and writing the events' file"
    )
    shutil.rmtree(out)


# ---- helpers ---------------------------------------------------------------------------------------------------------


def made(name: str, persons: int, folder: Path) -> Loop:
    policy = load_policy(packaged_policies()[name])
    events, statuses = write_population(policy, persons, folder / name)
    bound = bind(policy, parameters(policy))
    settler = BlockSettler(bound)
    tables = Files(row_files([events], event_schema(bound)), row_files([statuses], status_schema(bound)), None)
    rows, _ = next(rows_of_blocks(tables, Position(), 1 << 40))
    block = Converter(bound, tables, settler.kernel.layout, settler.items).convert(rows).block
    inputs = settler.read(block)
    shutil.rmtree(folder / name)
    return Loop(settler, inputs, settler.numbers, settler.kernel.results(inputs))


def parameters(policy: Policy) -> dict[str, Any]:
    items = [entry.item for catalogue in policy.catalogues.values() for entry in catalogue.entries]
    return {"item_limits": dict.fromkeys(items, "50000.00")} if items else {}


def in_turns(*several: Callable[[], object]) -> list[float]:
    """CPU seconds of each, the best of some rounds."""
    for one in several:
        one()
    best = [float("inf")] * len(several)
    for _ in range(ROUNDS):
        for place, one in enumerate(several):
            start = time.process_time()
            one()
            best[place] = min(best[place], time.process_time() - start)
    return best


@numba.njit(error_model="numpy")
def two_lines(offsets, year, word, total, in_policy, basic, critical, supplementary, out):  # type: ignore[no-untyped-def]  # noqa: PLR0913
    for person in range(len(offsets) - 1):
        now = -1
        relief = rest = again = 0
        for e in range(offsets[person], offsets[person + 1]):
            if year[e] != now:
                now = year[e]
                relief = rest = again = 0
            paid_by = np.int64(basic[e]) + critical[e] + supplementary[e]
            burden = max(0, min(np.int64(in_policy[e]) - paid_by, np.int64(total[e]) - paid_by))
            first = min((burden * 7000 + 5000) // 10000, max(0, 3_000_000 - relief)) if word[e] & 4 else 0
            left = burden - first
            above = min(left, max(0, rest + left - 500_000))
            second = min((above * 7000 + 5000) // 10000, max(0, 2_000_000 - again)) if word[e] & 4 else 0
            relief += first
            rest += left
            again += second
            out[e] = first + second


TWO_LINES = """
WITH burdens AS (SELECT person, year, n, greatest(0, least(c1, c0) - c2 - c3 - c4)::BIGINT AS burden FROM events),
dues AS (SELECT *, sum((burden * 7000 + 5000) // 10000) OVER w AS due,
         (burden * 7000 + 5000) // 10000 AS one FROM burdens WINDOW w AS (PARTITION BY person, year ORDER BY n)),
firsts AS (SELECT *, least(3000000, due) - least(3000000, due - one) AS first FROM dues),
rests AS (SELECT *, sum(burden - first) OVER w AS rest FROM firsts WINDOW w AS (PARTITION BY person, year ORDER BY n)),
agains AS (SELECT *, (greatest(0, least(burden - first, rest - 500000)) * 7000 + 5000) // 10000 AS again FROM rests),
sums AS (SELECT *, sum(again) OVER w AS due2 FROM agains WINDOW w AS (PARTITION BY person, year ORDER BY n))
SELECT sum(first + least(2000000, due2) - least(2000000, due2 - again)) FROM sums
"""


if __name__ == "__main__":
    main()
