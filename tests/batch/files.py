"""Cases as the files of a batch: events and statuses, in Parquet or CSV, in the order of the persons' names."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as pq

from tuodi.language.model import AMOUNTS


def event_rows(cases: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One row for each event of the raw cases."""
    return [_event(case["person"]["id"], event) for case in cases for event in case["events"]]


def status_rows(cases: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One row for each status; one without for a person who has none."""
    rows = []
    for case in cases:
        person = {name: value for name, value in case["person"].items() if name not in ("id", "statuses")}
        person["person"] = case["person"]["id"]
        rows += [person | status for status in case["person"]["statuses"]] or [person]
    return rows


def opening_rows(cases: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One row for each count that a person brings along."""
    return [{"person": case["person"]["id"], **one} for case in cases for one in case.get("opening", ())]


def event_table(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Typed columns, amounts as decimals."""
    kinds = {name: pa.decimal128(18, 2) for name in (*AMOUNTS, "package_limit")}
    return _table(rows, {**kinds, "diagnoses": pa.list_(pa.string())}, ("person", "id", "date", "service", *AMOUNTS))


def status_table(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Days as texts."""
    names = ("person", "insurance", "birth_date", "status", "from", "to", "applied_on")
    return _table(rows, dict.fromkeys(names, pa.string()), names)


def opening_table(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Amounts as texts."""
    names = ("person", "count", "key", "amount")
    return _table(rows, dict.fromkeys(names, pa.string()), names)


def write_parquet(table: pa.Table, path: Path, row_group: int = 1000) -> Path:
    """The path, where the table now stands."""
    pq.write_table(table, path, row_group_size=row_group)
    return path


def write_csv(rows: Sequence[Mapping[str, Any]], names: Sequence[str], path: Path) -> Path:
    """The same as texts."""
    columns = {name: [_text(row.get(name)) for row in rows] for name in names}
    csv.write_csv(pa.table(columns, schema=pa.schema([(name, pa.string()) for name in names])), path)
    return path


def names_of(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Every column that some row has."""
    return list(dict.fromkeys(name for row in rows for name in row))


def _event(person: str, event: Mapping[str, Any]) -> dict[str, Any]:
    row = {name: value for name, value in event.items() if name not in ("facility", "amounts")}
    return {"person": person, **row, **(event.get("facility") or {}), **event["amounts"]}


def _table(rows: Sequence[Mapping[str, Any]], kinds: Mapping[str, pa.DataType], names: Sequence[str]) -> pa.Table:
    columns = {}
    for name in dict.fromkeys([*names, *names_of(rows)]):
        values = [row.get(name) for row in rows]
        kind = kinds.get(name)
        if kind is not None and pa.types.is_decimal(kind):
            values = [None if value is None else Decimal(value) for value in values]
        columns[name] = pa.array(values, kind)
    return pa.table(columns)


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ";".join(value) if all(isinstance(one, str) for one in value) else json.dumps(value, ensure_ascii=False)
    return None if value is None else str(value)
