"""`python -m bench.large 10 100 300`: files of so many million events settled, each in a process of its own: how fast,
and how much memory at most.

A small population is repeated under new names and written as a stream. Disk: 30 bytes an event.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from bench.batch_population import CHUNK, population, writer
from tuodi.language.load import load_policy
from tuodi.language.shelf import packaged_policies

POLICY = "liaocheng-2022-5"

RUN = """
import json, resource, sys, time
from pathlib import Path
from tuodi.batch.run import Options, run_batch
from tuodi.language.load import load_policy
from tuodi.language.shelf import packaged_policies
folder = Path(sys.argv[1])
policy = load_policy(packaged_policies()[sys.argv[2]])
start = time.perf_counter()
done = run_batch(policy, events=folder / "events.parquet", statuses=folder / "statuses.parquet", out=folder / "out",
                 options=Options(compression=sys.argv[3]))
wall = time.perf_counter() - start
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps([done.sums["events"], done.sums["relief_fen"], wall, used.ru_utime + used.ru_stime, used.ru_maxrss]))
"""


def main(millions: list[int], compression: str = "snappy") -> None:
    """Each size in turn; the files of one are gone before the next are written."""
    for size in millions:
        with tempfile.TemporaryDirectory(prefix="tuodi-bench-") as name:
            folder = Path(name)
            write_repeated(size * 1_000_000, folder, compression)
            command = [sys.executable, "-c", RUN, name, POLICY, compression]
            said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            events, relief, wall, cpu, peak = json.loads(said)
            print(
                f"{events / 1e6:6.1f} M events: {wall:6.1f} s, {events / wall / 1e6:5.2f} M events/s; "
                f"{cpu / events * 1e9:4.0f} ns of CPU an event, two free cores {2 * events / cpu / 1e6:5.2f} M/s; "
                f"at most {peak / 1024:5.0f} MB; relief {relief / 100:,.2f} yuan",
                flush=True,
            )
            shutil.rmtree(folder / "out")


def write_repeated(events: int, folder: Path, compression: str) -> None:
    """At least so many events: one portion of a population again and again, each time of other persons."""
    bills, statuses = next(population(load_policy(packaged_policies()[POLICY]), CHUNK, texts=False, seed=1))
    writers = (
        writer(folder / "events.parquet", _renamed(bills, 0), compression),
        writer(folder / "statuses.parquet", _renamed(statuses, 0), compression),
    )
    for portion in range(-(-events // len(bills))):
        for one, table in zip(writers, (bills, statuses), strict=True):
            one.write_table(_renamed(table, portion * CHUNK), row_group_size=1 << 18)
    for one in writers:
        one.close()


def _renamed(table: pa.Table, first: int) -> pa.Table:
    """The same rows of other persons, named by texts of 18 signs as identity numbers are."""
    numbers = pc.add(table["person"], 10**17 + first)
    return table.set_column(0, "person", numbers.cast(pa.string()))


if __name__ == "__main__":
    sizes = [int(word) for word in sys.argv[1:] if word.isdigit()]
    main(sizes or [10], "zstd" if "zstd" in sys.argv else "snappy")
