"""`make bench`: all comparisons that need no server of their own, one after the other; `make bench SHORT=1` on little.

The engine beside others, the batch's loop beside others, and files to files. What needs a database
(`python -m bench.settlement`, `python -m bench.registry`) and what takes longer (`python -m bench.large 100 300`) is
called by its name.
"""

from __future__ import annotations

import sys

from bench import batch, engine, large

SHORT_PERSONS = 20_000


def main(short: bool) -> None:
    print("== engine: one case after another")
    engine.main(short)
    print("\n== batch: the compiled loop, and files to files")
    batch.main(SHORT_PERSONS if short else batch.PERSONS)
    if not short:
        print("\n== batch: ten million events in a process of its own")
        large.main([10])


if __name__ == "__main__":
    main("short" in sys.argv[1:])
