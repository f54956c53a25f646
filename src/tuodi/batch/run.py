"""A batch from files to files: reading, settling and writing at once, in flat memory, resumed after an interruption."""

from __future__ import annotations

import os
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import orjson
import pyarrow as pa

from tuodi import __version__
from tuodi.batch.convert import Converter, Files, Rows
from tuodi.batch.findings import Findings, RowFinding
from tuodi.batch.loop import Say
from tuodi.batch.output import TableWriter
from tuodi.batch.part_files import PartFiles, finding_line
from tuodi.batch.parts import Part, Position, Workplace, workplace, write_whole
from tuodi.batch.prefetch import prefetched
from tuodi.batch.schema import TableSchema, event_schema, opening_schema, status_schema
from tuodi.batch.settle import BlockSettler
from tuodi.batch.sort import expanded, is_csv, parquet_of_csv, sorted_by_person
from tuodi.batch.source import PersonRows, RowFiles, Unsorted, last_person, person_blocks, row_files
from tuodi.batch.work import Done, Worker
from tuodi.core.finding import Faults, Finding, Place
from tuodi.engine.bind import bind
from tuodi.language.model import Policy

COMPILING = "正在编译：同一形状的政策只在第一次"


class Progress(NamedTuple):
    """How far a run is. `settled` of `total` events, `began` of them in an earlier session; seconds of this one."""

    settled: int
    total: int
    began: int
    seconds: float

    @property
    def rate(self) -> float:
        """Events a second."""
        return (self.settled - self.began) / self.seconds if self.seconds > 0 else 0.0

    @property
    def seconds_left(self) -> float | None:
        """At the rate so far; None: nothing is known of it yet."""
        return (self.total - self.settled) / self.rate if self.rate else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a run works. `block`: events that are settled at once; `part`: blocks to a file; `closings`: keep where the
    counts stand at the end; `explain_one_in`: of so many persons one is explained, 0 none; `encoding` of CSV files;
    `workers`: threads that settle, 0 as many as there are processors."""

    block: int = 1 << 17
    part: int = 16
    workers: int = 0
    compression: str = "snappy"
    closings: bool = False
    explain_one_in: int = 0
    encoding: str = "utf-8"
    memory: str = "1GB"
    fresh: bool = False


class Inputs(NamedTuple):
    """The files of each table, as given; a folder stands for the files in it."""

    events: Sequence[Path]
    statuses: Sequence[Path]
    openings: Sequence[Path] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a run came to. `sums` add up over all events; `findings`: how many by code; `told`: those written down."""

    out: Path
    sums: Mapping[str, int]
    findings: Mapping[str, int]
    told: Sequence[RowFinding]

    @property
    def is_clean(self) -> bool:
        """Whether no person was set apart."""
        return not self.sums.get("persons_set_apart")


def run_batch(  # noqa: PLR0913
    policy: Policy,
    parameters: Mapping[str, object] | None = None,
    *,
    events: Path | Sequence[Path],
    statuses: Path | Sequence[Path],
    out: Path,
    openings: Path | Sequence[Path] = (),
    plan: Policy | None = None,
    progress: Callable[[Progress], None] | None = None,
    say: Callable[[str], None] | None = None,
    options: Options | None = None,
    kind: Callable[..., Run] | None = None,
) -> Summary:
    """Settles the events of all persons and writes the folder `out`; an interrupted run goes on where it was.

    Persons with faulty rows are set apart, and told in `findings.jsonl`; all others are settled. `say` is told what
    takes long (compiling, sorting). Raises Faults where nothing can be settled: parameters, columns, unreadable files,
    a full disk. Then `out` does not exist. `kind`: what makes the run, `Run` where nothing is said.
    """
    options = options or Options()
    given = Inputs(_listed(events), _listed(statuses), _listed(openings))
    settler = BlockSettler(bind(policy, parameters, plan), on_compile=_saying(say, COMPILING))
    fingerprint = _fingerprint(settler, given, options)
    with writable(out), workplace(out, fingerprint, options.fresh) as place:
        run = (kind or Run)(settler=settler, given=given, place=place, options=options, say=say, progress=progress)
        run.to_the_end()
        return run.finished()


@dataclass(slots=True, kw_only=True)
class Run:
    """A run on this machine; another kind of run may sort and settle elsewhere (`batch.spark`)."""

    settler: BlockSettler
    given: Inputs
    place: Workplace
    options: Options
    say: Callable[[str], None] | None
    progress: Callable[[Progress], None] | None

    def to_the_end(self) -> None:
        """Settles everything; a table that turns out not to be sorted is sorted, and all begins again."""
        while True:
            files = self.files()
            try:
                return self.settle(files)
            except Unsorted as unsorted:
                self.place.forget_parts()
                self.sort(unsorted.table, files)

    # ---- files ----

    def files(self) -> Files:
        """The tables, from prepared files where there are any. Raises Faults with what is wrong with all of them."""
        bound = self.settler.bound
        findings: list[Finding] = []
        found: list[RowFiles | None] = []
        schemas = (event_schema(bound), status_schema(bound), opening_schema())
        for name, paths, schema in zip(Inputs._fields, self.given, schemas, strict=True):
            try:
                found.append(self.table(name, paths, schema) if paths else None)
            except Faults as faults:
                findings += faults.findings
        if findings:
            raise Faults(findings)
        events, statuses, openings = found
        assert events is not None and statuses is not None
        files = Files(events, statuses, openings)
        _refuse_other_names(files)
        return files

    def table(self, name: str, paths: Sequence[Path], schema: TableSchema) -> RowFiles:
        """One table."""
        names = [str(path) for path in paths]
        ready = self.prepared(f"{name}-sorted")
        if ready.exists():
            return row_files(expanded([ready]), schema, names)
        if any(is_csv(path) for path in paths):
            ready = self.prepared(name)
            if not ready.exists():
                parquet_of_csv(paths, ready, self.options.encoding)
            return row_files([ready], schema, names)
        return row_files(paths, schema, names)

    def prepared(self, name: str) -> Path:
        """Where a prepared table stands, or would."""
        folder = self.place.folder / "prepared"
        folder.mkdir(exist_ok=True)
        return folder / f"{name}.parquet"

    def sort(self, name: str, files: Files) -> None:
        """Prepares a sorted table."""
        ready = self.prepared(f"{name}-sorted")
        assert not ready.exists(), "a sorted table is sorted"
        if self.say is not None:
            self.say(f"{name} 没有按人排列，正在排序")
        table: RowFiles = getattr(files, name)
        sorted_by_person(table.paths, ready, self.options.memory, self.workers)

    @property
    def workers(self) -> int:
        """Threads that settle."""
        return self.options.workers or len(os.sched_getaffinity(0))

    # ---- settling ----

    def settle(self, files: Files) -> None:
        """Reads, settles and writes from where the run stands."""
        settler = self.settler
        converter = Converter(settler.bound, files, settler.kernel.layout, settler.items)
        writer = TableWriter(settler=settler, closings=self.options.closings)
        worker = Worker(settler=settler, converter=converter, writer=writer, explain_one_in=self.options.explain_one_in)
        start = self.place.position
        clock = time.monotonic()
        with PartFiles(self.place.folder, len(self.place.parts), self.options.compression) as part:
            for done, end in self.blocks(worker, files, start):
                part.write(done)
                if part.blocks == self.options.part:
                    self.place.add(part.closed(end))
                self.tell(Progress(end.events, files.events.rows, start.events, time.monotonic() - clock))
            if part.blocks:
                self.place.add(part.closed(end))

    def blocks(self, worker: Worker, files: Files, start: Position) -> Iterator[tuple[Done, Position]]:
        """Every block, settled, in order, with the rows that come after it. A few are under way at a time."""
        with ThreadPoolExecutor(self.workers, "settle") as pool:
            under_way: deque[tuple[Future[Done], Position]] = deque()
            try:
                for rows, end in prefetched(rows_of_blocks(files, start, self.options.block), 2):
                    under_way.append((pool.submit(worker.done, rows), end))
                    if len(under_way) > self.workers + 1:
                        future, end_of_first = under_way.popleft()
                        yield future.result(), end_of_first
                while under_way:
                    future, end_of_first = under_way.popleft()
                    yield future.result(), end_of_first
            finally:
                for future, _ in under_way:
                    future.cancel()

    def tell(self, progress: Progress) -> None:
        """Tells how far the run is."""
        if self.progress is not None:
            self.progress(progress)

    # ---- the end ----

    def finished(self) -> Summary:
        """Puts the findings of all parts together, and makes the folder the result."""
        findings = Findings()
        for number, part in enumerate(self.place.parts):
            findings.add_all(_read_findings(self.place.folder / f"findings-{number:05d}.jsonl", part.findings))
        write_whole(self.place.folder / "findings.jsonl", b"".join(map(finding_line, findings.told)))
        sums = self.place.sums()
        self.place.finish(
            {
                "policy": self.settler.bound.policy.document.id,
                "sums": dict(sums),
                "findings": dict(findings.counts),
                "rules": _rules(self.settler),
                "fingerprint": self.place.fingerprint,
            }
        )
        return Summary(out=self.place.out, sums=sums, findings=findings.counts, told=findings.told)


def rows_of_blocks(files: Files, start: Position, size: int) -> Iterator[tuple[Rows, Position]]:
    """The rows of each block in every table, and where these stand after it."""
    statuses = PersonRows(files.statuses, start.statuses, "statuses")
    openings = PersonRows(files.openings, start.openings, "openings") if files.openings else None
    for events in person_blocks(files.events, start.events, size):
        last = last_person(events.table["person"])
        rows = Rows(events, statuses.up_to(last), openings.up_to(last) if openings else None)
        yield rows, Position(events.end, statuses.at, openings.at if openings else 0)
    for table in (statuses, openings):
        if table is not None:
            table.to_the_end()


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _listed(paths: Path | Sequence[Path]) -> list[Path]:
    return expanded([paths] if isinstance(paths, Path) else paths)


def _saying(say: Callable[[str], None] | None, text: str) -> Say | None:
    if say is None:
        return None
    return lambda: say(text)


def _fingerprint(settler: BlockSettler, given: Inputs, options: Options) -> dict[str, Any]:
    """What makes two runs the same run."""
    bound = settler.bound
    how = {name: value for name, value in asdict(options).items() if name not in ("workers", "memory", "fresh")}
    return {
        "version": __version__,
        "policy": bound.policy.content_hash,
        "plan": bound.plan.content_hash if bound.plan else None,
        "parameters": bound.parameters_hash,
        "options": how,
        **{name: [_file(path) for path in paths] for name, paths in zip(Inputs._fields, given, strict=True)},
    }


def _file(path: Path) -> tuple[str, int, int]:
    try:
        stat = path.stat()
    except FileNotFoundError:
        raise Faults([_finding("file-missing", "没有这个文件", path, "核对路径")]) from None
    return str(path.resolve()), stat.st_size, stat.st_mtime_ns


def _refuse_other_names(files: Files) -> None:
    """Persons must be named alike in all tables: by text, or by whole numbers."""
    kinds = {pa.types.is_integer(table.arrow.field("person").type) for table in files if table is not None}
    if len(kinds) > 1:
        path = Path(files.statuses.names[0])
        raise Faults([_finding("person-type", "个人编号在各张表里类型不同", path, "各张表都用文字，或都用整数")])


@contextmanager
def writable(out: Path) -> Iterator[None]:
    """A full disk, a folder that may not be written, or too little memory to sort in, as a finding."""
    try:
        yield
    except duckdb.OutOfMemoryException as why:
        if "max_temp_directory_size" in str(why):  # what it may take there is what the disk has left
            raise Faults([_finding("disk-full", "磁盘已满：排序的临时文件放不下", out, _ROOM)]) from why
        reason, remedy = "给排序的内存不够", "用 Options(memory=…) 多给内存，再运行一次：会从断处继续"
        raise Faults([_finding("sort-memory", reason, out, remedy)]) from why
    except (OSError, duckdb.IOException) as why:
        full = getattr(why, "errno", None) == 28 or "no space" in str(why).lower()
        code, reason = ("disk-full", "磁盘已满") if full else ("out-unwritable", f"写不了：{str(why)[:160]}")
        raise Faults([_finding(code, reason, out, _ROOM)]) from why


_ROOM = "腾出空间或换一个位置，再运行一次：会从断处继续"


def _finding(code: str, message: str, path: Path, remedy: str) -> Finding:
    return Finding(code=code, message=message, place=Place(file=str(path)), remedy=remedy)


def _read_findings(path: Path, counts: Mapping[str, int]) -> Findings:
    findings = Findings(counts=Counter(counts))
    for line in path.read_bytes().splitlines():
        raw = orjson.loads(line)
        place = Place(file=raw["file"], line=raw["row"], path=raw["column"])
        finding = Finding(code=raw["code"], message=raw["message"], place=place, remedy=raw["remedy"])
        findings.told.append(RowFinding(finding, raw["person"]))
    return findings


def _rules(settler: BlockSettler) -> list[dict[str, str | None]]:
    """What the ids in the tables stand for."""
    return [
        {"id": rule.id, "clause": rule.clause, "label": rule.label, "refusal": rule.refusal}
        for rule in settler.bound.program.rules
    ]


__all__ = ["Inputs", "Options", "Part", "Progress", "Run", "Summary", "rows_of_blocks", "run_batch", "writable"]
