"""A population's files: persons, statuses and events as Parquet, as a batch reads them; report and manifest.

Rows stand by person, then day. Each row group holds whole persons, the same ones whatever the run was like. A
population appears under its name when all of it is written, or not at all.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tuodi.batch.block import INSURANCE_WORDS, OPEN, SERVICE_WORDS, STATUS_WORDS
from tuodi.batch.layout import MISSING
from tuodi.core.finding import Faults, Finding, Place
from tuodi.lab.population.care import SERVICE_OF
from tuodi.lab.population.chance import Ints
from tuodi.lab.population.columns import Columns, Items
from tuodi.lab.population.people import ROLES
from tuodi.lab.population.running import numbered
from tuodi.language.model import AMOUNTS, PAYERS, Fact, FactType

PERSONS, STATUSES, EVENTS = "persons.parquet", "statuses.parquet", "events.parquet"
REPORT, MANIFEST = "report.json", "manifest.json"

GROUP = 8
"""Blocks of a row group."""

_ASCENDING = ("person", "id", "household")
_PLAIN = ("identity", "total_fen", "in_policy_fen")
_EPOCH = 719_163
_SEXES = ("female", "male")


@contextmanager
def whole_folder(out: Path) -> Iterator[Path]:
    """A folder to write into, which takes the name `out` at the end; where anything fails, nothing is left.

    Raises Faults where something stands there already (`folder-exists`), or it can't be written (`disk-full`,
    `out-unwritable`).
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise Faults([_exists(out)])
    scratch: Path | None = None
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=f".{out.name}.", suffix=".partial", dir=out.parent))
        yield scratch
        scratch.chmod(0o755)
        scratch.replace(out)
    except BaseException as why:
        if scratch is not None:
            shutil.rmtree(scratch, ignore_errors=True)
        if isinstance(why, OSError):
            raise Faults([_unwritable(out, why)]) from why
        raise


class Tables:
    """The three tables, written row group by row group. `asked`: the facts of events with their columns' names."""

    def __init__(self, folder: Path, counties: Sequence[str], asked: Mapping[str, Fact]) -> None:
        self._counties, self._asked = tuple(counties), asked
        self._folder = folder
        self._writers: dict[str, pq.ParquetWriter] = {}
        self._waiting: dict[str, list[pa.RecordBatch]] = {PERSONS: [], STATUSES: [], EVENTS: []}
        self._blocks = 0

    def __enter__(self) -> Tables:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            if kind is None:
                self._flush()
        finally:
            for writer in self._writers.values():
                writer.close()

    def write(self, columns: Columns, identity: Ints) -> None:
        """One more block."""
        self._waiting[PERSONS].append(self._persons(columns, identity))
        self._waiting[STATUSES].append(_statuses(columns))
        self._waiting[EVENTS].append(self._events(columns))
        self._blocks += 1
        if self._blocks % GROUP == 0:
            self._flush()

    def _flush(self) -> None:
        for name, batches in self._waiting.items():
            if batches:
                table = pa.Table.from_batches(batches)
                if name not in self._writers:
                    self._writers[name] = _writer(self._folder / name, table.schema)
                self._writers[name].write_table(table, row_group_size=max(table.num_rows, 1))
                batches.clear()

    # ---- rows ----

    def _persons(self, columns: Columns, identity: Ints) -> pa.RecordBatch:
        people = columns.scene.people.persons
        first = people.first + 1
        return pa.RecordBatch.from_pydict(
            {
                "person": pa.array(first + np.arange(people.size)),
                "household": pa.array(first + people.head),
                "relation": _words(people.role, ROLES),
                "sex": _words(people.male.astype(np.int8), _SEXES),
                "birth_date": _days(people.birth),
                "county": _words(people.county, self._counties),
                "insurance": _words(columns.scene.people.register.insurance, INSURANCE_WORDS),
                "identity": _characters(identity),
            }
        )

    def _events(self, columns: Columns) -> pa.RecordBatch:
        care, bills = columns.care, columns.bills
        person = columns.scene.people.persons.first + 1 + care.person
        amounts = {"total": bills.total, "in_policy": bills.in_policy} | {name: columns.payer(name) for name in PAYERS}
        rows = {
            "person": pa.array(person),
            "id": pa.array(person * 1000 + numbered(care.person)),
            "date": _days(care.day),
            "service": _words(SERVICE_OF[care.kind], SERVICE_WORDS),
            "disease": _words(columns.naming.name, columns.scene.illness.names),
            "diagnoses": _codes(columns.naming.code, columns.scene.illness.codes),
            **{f"{name}_fen": pa.array(amounts[name]) for name in AMOUNTS},
            **{name: _fact(columns.facts[fact.id], fact) for name, fact in self._asked.items()},
            "items": _items(columns.items),
        }
        return pa.RecordBatch.from_pydict(rows)


def _statuses(columns: Columns) -> pa.RecordBatch:
    """A row for each period; one without a status for each person who has none."""
    people, periods = columns.scene.people, columns.scene.periods
    rows = np.maximum(np.bincount(periods.owner, minlength=people.persons.size), 1)
    owner = np.repeat(np.arange(people.persons.size), rows)
    place = np.full(len(owner), MISSING)
    place[np.isin(owner, periods.owner)] = np.arange(len(periods.owner))
    return pa.RecordBatch.from_pydict(
        {
            "person": pa.array(people.persons.first + 1 + owner),
            "insurance": _words(people.register.insurance[owner], INSURANCE_WORDS),
            "birth_date": _days(people.persons.birth[owner]),
            "status": _words(_at(periods.status, place), STATUS_WORDS),
            "from": _days(_at(periods.start, place)),
            "to": _days(_at(np.where(periods.end == OPEN, MISSING, periods.end), place)),
            "applied_on": _days(_at(periods.applied, place)),
        }
    )


def _writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    """What ascends is written as differences; what hardly repeats, plainly."""
    ascending = {name for name in _ASCENDING if name in schema.names}
    plain = {name for name in _PLAIN if name in schema.names}
    return pq.ParquetWriter(
        path,
        schema,
        compression="snappy",
        use_dictionary=[name for name in schema.names if name not in ascending | plain],
        column_encoding=dict.fromkeys(ascending, "DELTA_BINARY_PACKED"),
    )


# ---- manifest --------------------------------------------------------------------------------------------------------


def write_manifest(folder: Path, said: Mapping[str, object]) -> None:
    """What the population is, and each file's size, hash and rows. Nothing in it hangs on the clock."""
    files = {}
    for path in sorted(folder.iterdir()):
        files[path.name] = {"bytes": path.stat().st_size, "sha256": _hash(path)}
        if path.suffix == ".parquet":
            files[path.name]["rows"] = pq.read_metadata(path).num_rows
    write_json(folder / MANIFEST, {**said, "files": files})


def write_json(path: Path, value: object) -> None:
    """The value, to be read by people too."""
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


# ---- columns ---------------------------------------------------------------------------------------------------------


def _words(places: Ints, words: Sequence[str]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(_null_where_missing(places.astype(np.int32)), pa.array(words, pa.string()))


def _days(ordinals: Ints) -> pa.Array:
    missing = ordinals == MISSING
    days = np.where(missing, 0, ordinals - _EPOCH).astype(np.int32)
    return pa.array(days, mask=missing).cast(pa.date32())


def _null_where_missing(numbers: Ints) -> pa.Array:
    return pa.array(numbers, mask=numbers == MISSING)


def _fact(numbers: Ints, fact: Fact) -> pa.Array:
    match fact.type:
        case FactType.FLAG:
            return pa.array(numbers == 1, mask=numbers == MISSING)
        case FactType.CHOICE:
            return _words(numbers, fact.choices)
    return _null_where_missing(numbers)


def _codes(places: Ints, codes: Sequence[str]) -> pa.Array:
    """A list of one code, or none."""
    given = places != MISSING
    offsets = np.concatenate([[0], np.cumsum(given)]).astype(np.int32)
    flat = _words(places[given], codes).cast(pa.string())
    return pa.ListArray.from_arrays(pa.array(offsets), flat)


def _items(items: Items) -> pa.Array:
    """As `items.item` etc. of the case format, the amounts in fen."""
    names = pa.array([*items.names], pa.string())
    flat = pa.StructArray.from_arrays(
        [
            pa.DictionaryArray.from_arrays(pa.array(items.item.astype(np.int32)), names).cast(pa.string()),
            pa.array(items.personal),
            pa.array(items.reviewed == 1),
        ],
        names=["item", "personal_fen", "expert_review"],
    )
    return pa.ListArray.from_arrays(pa.array(items.items_of.astype(np.int32)), flat)


def _characters(rows: Ints) -> pa.Array:
    """Rows of characters as texts."""
    size, length = rows.shape
    offsets = np.arange(0, (size + 1) * length, length, dtype=np.int32)
    return pa.StringArray.from_buffers(size, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(rows)))


def _at(column: Ints, place: Ints) -> Ints:
    if not len(column):
        return np.full(len(place), MISSING)
    return np.where(place == MISSING, MISSING, column[place])


def _hash(path: Path) -> str:
    """The file's SHA-256, once it is safe on the disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        digest: Any = sha256()
        while part := file.read(1 << 20):
            digest.update(part)
        return str(digest.hexdigest())


def _exists(out: Path) -> Finding:
    return Finding(
        code="folder-exists",
        message=f"{out} 已经存在，里面有东西",
        place=Place(file=str(out)),
        remedy="换一个文件夹，或先把它移走",
    )


def _unwritable(out: Path, why: OSError) -> Finding:
    full = why.errno == errno.ENOSPC
    return Finding(
        code="disk-full" if full else "out-unwritable",
        message="磁盘已满" if full else f"写不了：{str(why)[:160]}",
        place=Place(file=str(out)),
        remedy="腾出空间或换一个位置，再运行一次；没有留下写了一半的文件",
    )
