"""`run_batch`, with the settling done by the workers of a Spark cluster: the same files, byte by byte."""

from __future__ import annotations

import pickle
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from tuodi import __version__
from tuodi.batch.convert import Files
from tuodi.batch.parts import Part
from tuodi.batch.run import Options, Progress, Run, Summary, run_batch
from tuodi.batch.source import FILE, ROW, RowFiles
from tuodi.batch.spark.borders import Borders, borders_of
from tuodi.batch.spark.cluster import Cluster, check_ground, cluster
from tuodi.batch.spark.orders import Law, Orders, marker, part_of
from tuodi.batch.spark.worker import pieces_of, plain_schema, read_pieces, settled_parts
from tuodi.core.finding import Faults
from tuodi.language.model import Policy

PIECE = 1 << 20
"""Rows that are read at a time where a table is to be sorted."""


def run_on_spark(  # noqa: PLR0913
    policy: Policy,
    parameters: Mapping[str, object] | None = None,
    *,
    master: str,
    events: Path | Sequence[Path],
    statuses: Path | Sequence[Path],
    out: Path,
    openings: Path | Sequence[Path] = (),
    plan: Policy | None = None,
    progress: Callable[[Progress], None] | None = None,
    say: Callable[[str], None] | None = None,
    options: Options | None = None,
) -> Summary:
    """As `run_batch`, on the cluster of this master (`spark://host:port`, `yarn`, `local[2]`, …).

    All files, and `out`, stand where every machine sees them under the same path. An unfinished run goes on where it
    was, on a cluster or on one machine. Raises Faults as `run_batch`, and where the cluster cannot be had.
    """
    check_ground(master)
    law = Law(policy=policy, parameters=dict(parameters or {}), plan=plan)
    return run_batch(
        policy,
        parameters,
        events=events,
        statuses=statuses,
        out=out,
        openings=openings,
        plan=plan,
        progress=progress,
        say=say,
        options=options,
        kind=partial(SparkRun, law=law, master=master),
    )


@dataclass(slots=True, kw_only=True)
class SparkRun(Run):
    """A run whose tables are sorted and whose parts are settled by a cluster."""

    law: Law
    master: str
    at: Cluster | None = None

    def to_the_end(self) -> None:
        """Settles everything. What is wrong with the files is told before a cluster is asked for."""
        self.files()
        with cluster(self.master, self.place.out, self.say) as self.at:
            Run.to_the_end(self)

    def sort(self, name: str, files: Files) -> None:
        """Prepares a sorted table, as a folder of files whose names follow the order of the persons."""
        ready = self.prepared(f"{name}-sorted")
        assert not ready.exists(), "a sorted table is sorted"
        if self.say is not None:
            self.say(f"{name} 没有按人排列，正在排序")
        table: RowFiles = getattr(files, name)
        pieces, temporary = pieces_of(table, PIECE), ready.with_suffix(".tmp").resolve()
        refused = temporary.with_suffix(".refused")
        work = partial(read_pieces, _absolute(table), pieces, refused)
        try:
            self.cluster.sort(work, len(pieces), plain_schema(table), ("person", FILE, ROW), temporary)
        except Faults:
            if refused.exists():
                part_of(refused.read_bytes())
            raise
        temporary.rename(ready)

    @property
    def cluster(self) -> Cluster:
        """The cluster, while there is one."""
        assert self.at is not None, "a run sorts and settles inside to_the_end"
        return self.at

    # ---- settling ----

    def settle(self, files: Files) -> None:
        """Has every part settled that is not settled yet, and writes them down in order."""
        if self.say is not None:
            self.say("正在看人在哪里分开，把账单分给各台机器")
        clock = time.monotonic()
        waiting = deque(borders_of(files, self.place.position, len(self.place.parts), self.options))
        self.take(waiting)
        missing = [part for part in waiting if not self.marker(part).exists()]
        began = files.events.rows - sum(part.events for part in missing)

        def look() -> None:
            self.take(waiting)
            open_ = sum(part.events for part in missing if not self.marker(part).exists())
            self.tell(Progress(files.events.rows - open_, files.events.rows, began, time.monotonic() - clock))

        settled = self.settled(files, missing, look)
        while waiting:
            part = waiting.popleft()
            self.place.add(settled.get(part.number) or part_of(self.marker(part).read_bytes()))
        look()

    def take(self, waiting: deque[Borders]) -> None:
        """Writes down the parts that are whole, as far as none before them is wanting."""
        while waiting and self.marker(waiting[0]).exists():
            self.place.add(part_of(self.marker(waiting.popleft()).read_bytes()))

    def marker(self, part: Borders) -> Path:
        """Where a worker says that the part is whole."""
        return marker(self.prepared("x").parent, part.number)

    def settled(self, files: Files, parts: Sequence[Borders], look: Callable[[], None]) -> dict[int, Part]:
        """The parts as the workers answer them, by number; `look` is called now and then. Raises Faults."""
        if not parts:
            return {}
        folder = self.place.folder.resolve()
        orders = Orders(
            version=__version__,
            law=self.law,
            files=Files(
                _absolute(files.events),
                _absolute(files.statuses),
                _absolute(files.openings) if files.openings else None,
            ),
            folder=folder,
            options=self.options,
        )
        work = partial(settled_parts, pickle.dumps(orders), parts)
        answers = self.cluster.answers(work, len(parts), look)
        return {part.number: part_of(answer) for part, answer in zip(parts, answers, strict=True)}


def _absolute(table: RowFiles) -> RowFiles:
    """The same files, wherever a process was started."""
    return replace(table, paths=tuple(path.resolve() for path in table.paths))
