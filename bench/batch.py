"""The batch: its compiled loop beside a copy of the same bytes, a loop by hand and SQL; and files to files.

Every figure is CPU time of one thread, taken in turns with what it is compared to: trust the ratios.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow.parquet as pq

from bench import two_lines
from bench.batch_population import write_population
from bench.measure import in_turns
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
        peers(persons, Path(folder))
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


def peers(persons: int, folder: Path) -> None:
    """The two lines of Liaocheng's first class, by other means."""
    loop = made("liaocheng-2022-5", persons, folder)
    loop.run()
    rules = [rule.id for rule in loop.settler.bound.program.rules]
    two_lines.compare(loop.inputs, loop.results, loop.settler.kernel, loop.numbers, rules.index(two_lines.FIRST_RULE))


def files(persons: int, folder: Path, compression: str) -> None:
    """Parquet to Parquet, beside reading and writing the same file without settling anything. Compiled before."""
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
        f"Parquet to Parquet, {compression}: {rows / wall / 1e6:.2f} M events/s as it was; {cpu / rows * 1e9:.0f} ns "
        f"of CPU an event, on two free cores {2 * rows / cpu / 1e6:.2f} M events/s; "
        f"{cpu / copied:.1f} times reading and writing the events' file"
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


if __name__ == "__main__":
    main()
