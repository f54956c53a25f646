"""Whose events are settled: a population's folder, real files, or cases; read portion by portion for any policy.

A portion is a block of persons with all their events, and where each lives. Every policy is given the same persons in
the same portions. `lenient`: what a policy does not know of them is left out instead of being refused, so that one
city's people can be tried under another city's document.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tuodi.batch.block import INSURANCE_WORDS, SERVICE_WORDS, Block
from tuodi.batch.convert import Converter, Files, Rows
from tuodi.batch.findings import NOTES
from tuodi.batch.kernel import Ints
from tuodi.batch.layout import MISSING
from tuodi.batch.records import block_of
from tuodi.batch.schema import FEN, IGNORED, Field, Kind, TableSchema, event_schema, opening_schema, status_schema
from tuodi.batch.settle import BlockSettler
from tuodi.batch.sort import expanded, is_csv, parquet_of_csv, sorted_by_person
from tuodi.batch.source import PersonRows, RowFiles, last_person, person_blocks, plain_ids, row_files
from tuodi.core.finding import Faults, Finding, Place
from tuodi.engine.bind import Bound
from tuodi.engine.case import read_case
from tuodi.engine.case_fields import CaseFields, known_fields
from tuodi.engine.record import Case, Person
from tuodi.lab.results import Progress, Tell
from tuodi.language.model import AMOUNTS, Policy, Refuse

PORTION = 1 << 17
"""Events of a portion, at least."""

TOLD = 100
"""Findings about rows that are passed on; more are only counted."""


class Portion(NamedTuple):
    """Some persons with their events. `faulty`: by person, whether a row is wrong. `household`, `county`: by person,
    texts or numbers, or None where nobody says."""

    block: Block
    faulty: Ints
    household: pa.Array | None
    county: pa.Array | None
    findings: tuple[Finding, ...]


class People(Protocol):
    """Somebody's events."""

    @property
    def label(self) -> str:
        """What they are called in a result."""

    @property
    def events(self) -> int:
        """How many events, for progress."""

    @property
    def counties(self) -> Mapping[str, str]:
        """Names of counties by what portions say."""

    def portions(self, settler: BlockSettler, *, lenient: bool = False) -> Iterator[Portion]:
        """All of them, always the same cuts. Raises Faults where the files cannot be read."""


# ---- files -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePeople:
    """Events and statuses as a batch reads them, sorted by person; `persons`: who lives where.

    `recompute`: what the files say that insurance paid is let go where the insurance plan says what it pays, and
    computed anew: for residents in designated institutions.
    """

    label: str
    events_in: tuple[Path, ...]
    statuses: tuple[Path, ...]
    openings: tuple[Path, ...] = ()
    persons: tuple[Path, ...] = ()
    counties: Mapping[str, str] = field(default_factory=dict)
    portion: int = PORTION
    recompute: bool = False

    @property
    def events(self) -> int:
        """How many events."""
        return sum(_rows_in(path) for path in self.events_in)

    def portions(self, settler: BlockSettler, *, lenient: bool = False) -> Iterator[Portion]:
        """All of them. Raises Faults where the files cannot be read, or lack a column."""
        files = self._files(settler.bound, lenient)
        converter = Converter(settler.bound, files, settler.kernel.layout, settler.items)
        statuses = PersonRows(files.statuses, 0, "statuses")
        openings = PersonRows(files.openings, 0, "openings") if files.openings else None
        persons = PersonRows(_lenient(self.persons, _PERSONS), 0, "persons") if self.persons else None
        for events in person_blocks(files.events, 0, self.portion):
            last = last_person(events.table["person"])
            rows = Rows(events, statuses.up_to(last), openings.up_to(last) if openings else None)
            found = converter.convert(rows)
            told = tuple(one.finding for one in found.findings.told if one.finding.code not in NOTES)[:TOLD]
            where = _where(persons.up_to(last).table, found.events.ledger.ids) if persons else (None, None)
            block = uninsured(found.block, settler.bound) if self.recompute else found.block
            yield Portion(block, found.faulty, *where, told)

    def _files(self, bound: Bound, lenient: bool) -> Files:
        """Raises Faults with what is wrong with all of them."""
        tables = {"events": self.events_in, "statuses": self.statuses, "openings": () if lenient else self.openings}
        schemas = with_aside(event_schema(bound)), status_schema(bound), opening_schema()
        findings: list[Finding] = []
        found: list[RowFiles | None] = []
        for paths, schema in zip(tables.values(), schemas, strict=True):
            try:
                read = _lenient if lenient else row_files
                found.append(read(paths, schema) if paths else None)
            except Faults as faults:
                findings += faults.findings
        if findings:
            raise Faults(findings)
        events, statuses, openings = found
        assert events is not None and statuses is not None, "there are events and statuses"
        _refuse_other_names([*self.events_in[:1], *self.statuses[:1], *self.openings[:1], *self.persons[:1]])
        return Files(events, statuses, openings)


def folder_people(folder: Path) -> FilePeople:
    """A population's folder: `persons`, `statuses` and `events`, each a Parquet file or a folder of them.

    Raises Faults where one is not there.
    """
    tables = {name: _tables(folder, name) for name in ("events", "statuses", "openings", "persons")}
    missing = [name for name in ("events", "statuses") if not tables[name]]
    if missing:
        raise Faults([_no_table(folder, name) for name in missing])
    said = _manifest(folder)
    label = f"{said['city']} {said['persons']} 人，种子 {said['seed']}（合成）" if "seed" in said else folder.name
    return FilePeople(
        label=label,
        events_in=tables["events"],
        statuses=tables["statuses"],
        openings=tables["openings"],
        persons=tables["persons"],
        counties=said.get("counties", {}),
    )


def parameters_of(folder: Path) -> dict[str, object]:
    """What the population's manifest says that the agency sets; {} where it says nothing."""
    return dict(_manifest(folder).get("parameters", {}))


@contextmanager
def made_ready(people: FilePeople, tell: Tell | None = None, memory: str = "1GB") -> Iterator[FilePeople]:
    """The same, where needed made Parquet of CSV and sorted by person, in a place that lasts as long as this."""
    with tempfile.TemporaryDirectory(prefix="tuodi-people-") as scratch:

        def ready(name: str, paths: tuple[Path, ...]) -> tuple[Path, ...]:
            several = tuple(expanded(paths))
            return _ready(several, Path(scratch) / name, tell, memory) if several else ()

        yield replace(
            people,
            events_in=ready("events", people.events_in),
            statuses=ready("statuses", people.statuses),
            openings=ready("openings", people.openings),
            persons=ready("persons", people.persons),
        )


def _ready(paths: tuple[Path, ...], scratch: Path, tell: Tell | None, memory: str) -> tuple[Path, ...]:
    if any(map(is_csv, paths)):
        made = scratch.with_suffix(".parquet")
        parquet_of_csv(paths, made)
        paths = (made,)
    if all(_ascends(paths)):
        return paths
    if tell is not None:
        tell(Progress("按人排序", 0, 0))
    made = scratch.with_suffix(".sorted.parquet")
    sorted_by_person(paths, made, memory, len(os.sched_getaffinity(0)))
    return (made,)


def _ascends(paths: Sequence[Path]) -> Iterator[bool]:
    """Row group by row group, whether persons don't descend within it and from the one before."""
    last: pa.Scalar | None = None
    for path in paths:
        with _opened(path) as file:
            if "person" not in file.schema_arrow.names:
                return  # said when the columns are checked
            for group in range(file.num_row_groups):
                ids = plain_ids(file.read_row_group(group, columns=["person"])["person"])
                if not len(ids):
                    continue
                yield last is None or pc.less_equal(last, ids[0]).as_py() is True
                yield pc.all(pc.less_equal(ids.slice(0, len(ids) - 1), ids.slice(1))).as_py() is not False
                last = ids[-1]


def _opened(path: Path) -> pq.ParquetFile:
    """The file. Raises Faults where it is none."""
    try:
        return pq.ParquetFile(path)
    except FileNotFoundError:
        raise Faults([_finding("file-missing", "没有这个文件", path, "核对路径")]) from None
    except (pa.ArrowException, OSError) as why:
        message = f"不是完整的 Parquet 文件：{str(why).splitlines()[0][:160]}"
        raise Faults([_finding("file-unreadable", message, path, "文件可能被截断，请重新生成或传送")]) from why


def _lenient(paths: Sequence[Path], schema: TableSchema) -> RowFiles:
    """The files, of which only the columns that the schema knows are read. Raises Faults where one is missing."""
    findings: list[Finding] = []
    starts, first = [0], None
    for path in paths:
        with _opened(path) as file:
            arrow = file.schema_arrow
            findings += [one for one in schema.findings(arrow, str(path)) if one.code != "column-unknown"]
            starts.append(starts[-1] + file.metadata.num_rows)
            first = first or arrow
    if findings:
        raise Faults(findings)
    assert first is not None, "there is at least one file"
    names = tuple(map(str, paths))
    return RowFiles(paths=tuple(paths), names=names, schema=schema, starts=tuple(starts), arrow=first)


def uninsured(block: Block, bound: Bound) -> Block:
    """The block without what insurance paid, where the bound plan is to say it."""
    if bound.plan is None:
        return block
    events = block.events
    insurance = np.repeat(block.persons.insurance, np.diff(block.events_of))
    covered = (insurance == INSURANCE_WORDS.index("resident")) & (events.facts["designated"] == 1)
    amounts = dict(zip(AMOUNTS, events.amounts, strict=True))
    for layer in bound.plan.layers:
        if layer.id in amounts:
            told = np.array([word in _services_of(bound.plan, layer.id) for word in SERVICE_WORDS])
            amounts[layer.id] = np.where(covered & told[events.service], MISSING, amounts[layer.id])
    return replace(block, events=replace(events, amounts=tuple(amounts.values())))


def _services_of(plan: Policy, layer: str) -> frozenset[str]:
    """Services of which the plan's layer says what it pays."""
    paying = [one for one in plan.benefits if one.layer == layer and not isinstance(one.pay, Refuse)]
    return frozenset(service for benefit in paying for service in benefit.services)


class WithAside(TableSchema):
    """Also what a file sets aside under `x_`, where this policy asks for it: a population's facts for other cities."""

    __slots__ = ()

    def field_of(self, column: str) -> str | None:
        """The field that the column carries, under its own name or set aside."""
        return TableSchema.field_of(self, column) or TableSchema.field_of(self, column.removeprefix(IGNORED))

    def column_of(self, field: str, schema: pa.Schema) -> str | None:
        """The column that carries the field, rather under its own name."""
        if self.fields[field].idle:
            return None
        names = (field, f"{field}{FEN}", f"{IGNORED}{field}", f"{IGNORED}{field}{FEN}")
        return next((name for name in names if name in schema.names), None)


def with_aside(schema: TableSchema) -> TableSchema:
    """The schema that reads what is set aside, too."""
    return WithAside(title=schema.title, fields=schema.fields)


_PERSONS = TableSchema(
    title="人员表",
    fields={
        "person": Field(name="person", kind=Kind.NAME, says="个人编号", needed=True),
        "household": Field(name="household", kind=Kind.NAME, says="家庭编号"),
        "county": Field(name="county", kind=Kind.TEXT, says="县（市、区）"),
    },
)


def _where(table: pa.Table, ids: pa.Array) -> tuple[pa.Array | None, pa.Array | None]:
    """Household and county of the persons; null where the table does not have one of them."""
    rows = pc.index_in(ids, value_set=plain_ids(table["person"]))
    found = [
        plain_ids(table[name]).take(rows) if name in table.column_names else None for name in ("household", "county")
    ]
    return found[0], found[1]


def _refuse_other_names(paths: Sequence[Path]) -> None:
    """Persons must be named alike in all tables: by text, or by whole numbers. Raises Faults."""
    kinds = {path: _named_by_number(path) for path in paths}
    differing = [path for path, kind in kinds.items() if kind is not None and kind != kinds[paths[0]]]
    if differing:
        reason = "个人编号在各张表里类型不同"
        raise Faults([_finding("person-type", reason, differing[0], "各张表都用文字，或都用整数")])


def _named_by_number(path: Path) -> bool | None:
    """Whether the table names persons by whole numbers; None where it does not name them."""
    with _opened(path) as file:
        arrow = file.schema_arrow
        return bool(pa.types.is_integer(arrow.field("person").type)) if "person" in arrow.names else None


def _tables(folder: Path, name: str) -> tuple[Path, ...]:
    for path in (folder / f"{name}.parquet", folder / name, folder / f"{name}.csv"):
        if path.exists():
            return tuple(expanded([path]))
    return ()


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / "manifest.json"
    said = orjson.loads(path.read_bytes()) if path.is_file() else {}
    return said if isinstance(said, dict) else {}


def _rows_in(path: Path) -> int:
    with _opened(path) as file:
        return int(file.metadata.num_rows)


def _no_table(folder: Path, name: str) -> Finding:
    remedy = "人群的文件夹里要有 events.parquet 和 statuses.parquet，可以用 tuodi lab population 生成"
    return _finding("table-missing", f"文件夹里没有 {name}.parquet", folder, remedy)


def _finding(code: str, message: str, path: Path, remedy: str) -> Finding:
    return Finding(code=code, message=message, place=Place(file=str(path)), remedy=remedy)


# ---- cases -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePeople:
    """Decoded cases of the case format; `households` and `county_of` by the person's id."""

    label: str
    cases: Sequence[Mapping[str, Any]]
    households: Mapping[str, str] = field(default_factory=dict)
    county_of: Mapping[str, str] = field(default_factory=dict)
    counties: Mapping[str, str] = field(default_factory=dict)
    portion: int = 4096

    @property
    def events(self) -> int:
        """How many events."""
        return sum(len(case.get("events", ())) for case in self.cases)

    def portions(self, settler: BlockSettler, *, lenient: bool = False) -> Iterator[Portion]:
        """All cases that have an event; one that cannot be read has none that counts."""
        raw = iter([case for case in self.cases if case.get("events")])
        while several := tuple(islice(raw, self.portion)):
            yield self._portion(several, settler, lenient)

    def _portion(self, several: Sequence[Mapping[str, Any]], settler: BlockSettler, lenient: bool) -> Portion:
        bound = settler.bound
        cases: list[Case] = []
        findings: list[Finding] = []
        faulty = np.zeros(len(several), np.bool_)
        for place, raw in enumerate(several):
            try:
                cases.append(read_case(known_of(raw, bound) if lenient else raw, bound.policy, bound.plan))
            except Faults as faults:
                findings += faults.findings
                faulty[place] = True
                cases.append(_NOBODY._replace(person=_NOBODY.person._replace(id=str(raw["person"].get("id", "")))))
        ids = [str(raw["person"].get("id", "")) for raw in several]
        return Portion(
            block=block_of(cases, bound, settler.kernel.layout, settler.items),
            faulty=faulty,
            household=pa.array([self.households.get(one) for one in ids], pa.string()) if self.households else None,
            county=pa.array([self.county_of.get(one) for one in ids], pa.string()) if self.county_of else None,
            findings=tuple(findings[:TOLD]),
        )


def known_of(raw: Mapping[str, Any], bound: Bound) -> dict[str, Any]:
    """The case without what the policy does not know, and without counts of another policy."""
    known = known_fields(bound.policy, bound.plan)
    of_event = {*_EVENT, *known.event_facts} - (set() if known.catalogues else {"items"})
    person = _only(raw["person"], {*_PERSON, *known.person_facts})
    events = [_event_of(_only(event, of_event), known) for event in raw["events"]]
    return {"policy": known.policy.document.id, "person": person, "events": events}


def _event_of(event: dict[str, Any], known: CaseFields) -> dict[str, Any]:
    if event.get("facility"):
        event["facility"] = _only(event["facility"], known.facility_facts)
    if event.get("items"):
        event["items"] = [_only(one, {*_ITEM, *known.item_facts}) for one in event["items"]]
    return event


def _only(raw: Mapping[str, Any], names: Container[str]) -> dict[str, Any]:
    return {name: value for name, value in raw.items() if name in names}


_NOBODY = Case("", None, {}, Person("", "none", None, (), {}), (), {})
"""Stands in the block for a case that cannot be read."""

_EVENT = ("id", "date", "service", "facility", "disease", "diagnoses", "amounts", "items")
_PERSON = ("id", "insurance", "birth_date", "statuses")
_ITEM = ("item", "personal")
