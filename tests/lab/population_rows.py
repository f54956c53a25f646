"""The rows of a population's files as cases of the case format."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tuodi.engine.case_fields import known_fields
from tuodi.language.model import AMOUNTS, APPLICATIONS, CASE_FACTS, Policy

FACILITY = ("designated", "level", "county", "region", "psychiatric", "single_disease")


def cases(folder: Path, policy: Policy, parameters: Mapping[str, object], persons: set[int]) -> list[dict[str, Any]]:
    """A case for each of these persons who has an event."""
    statuses = _by_person(pq.read_table(folder / "statuses.parquet"), persons)
    events = _by_person(pq.read_table(folder / "events.parquet"), persons)
    return [
        {
            "policy": policy.document.id,
            "parameters": dict(parameters),
            "person": person_of(statuses[person]),
            "events": [event_of(row, policy) for row in events[person]],
        }
        for person in sorted(events)
    ]


def person_of(rows: list[dict[str, Any]]) -> dict[str, Any]:
    periods = [row for row in rows if row["status"] is not None]
    return {
        "id": str(rows[0]["person"]),
        "insurance": rows[0]["insurance"],
        "birth_date": rows[0]["birth_date"].isoformat(),
        "statuses": [period_of(row) for row in periods],
    }


def period_of(row: dict[str, Any]) -> dict[str, Any]:
    period = {"status": row["status"], "from": row["from"].isoformat(), "to": _day(row["to"])}
    return period | ({"applied_on": _day(row["applied_on"])} if row["applied_on"] else {})


def event_of(row: dict[str, Any], policy: Policy) -> dict[str, Any]:
    event = {
        "id": str(row["id"]),
        "date": row["date"].isoformat(),
        "service": row["service"],
        "disease": row["disease"],
        "diagnoses": row["diagnoses"],
        "amounts": {name: yuan(row[f"{name}_fen"]) for name in AMOUNTS},
        **{name: given(row, name) for name in facts_of(policy) if given(row, name) is not None},
    }
    if row["service"] not in APPLICATIONS:
        event["facility"] = {name: row[name] for name in FACILITY}
    if row.get("items"):
        event["items"] = [
            {"item": item["item"], "personal": yuan(item["personal_fen"]), "expert_review": item["expert_review"]}
            for item in row["items"]
        ]
    return event


def facts_of(policy: Policy) -> set[str]:
    """Facts of events: the policy's, and those that only others ask for."""
    return {*CASE_FACTS, *known_fields(policy).event_facts}


def given(row: dict[str, Any], name: str) -> Any:
    return yuan(row[f"{name}_fen"]) if row.get(f"{name}_fen") is not None else row.get(name)


def yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02}"


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _by_person(table: pa.Table, persons: set[int]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for row in table.to_pylist():
        if row["person"] in persons:
            found.setdefault(row["person"], []).append(row)
    return found
