"""A batch from files to files: the engine's fen for every person, whatever the files' form, order and interruptions."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.batch.files import (
    event_rows,
    event_table,
    names_of,
    opening_rows,
    opening_table,
    status_rows,
    status_table,
    write_csv,
    write_parquet,
)
from tests.batch.test_settle import history, parameters
from tuodi.batch.run import Options, Summary, run_batch
from tuodi.core.finding import Faults
from tuodi.core.money import parse_yuan
from tuodi.engine.bind import bind
from tuodi.engine.case import read_case
from tuodi.engine.result import event_result
from tuodi.engine.settle import Engine, settle_case
from tuodi.language.load import load_policy
from tuodi.language.shelf import packaged_policies

POLICIES = sorted(packaged_policies())
SMALL = Options(block=100, part=2, workers=2, closings=True)


@pytest.mark.parametrize("name", POLICIES)
def test_files_are_settled_as_their_cases(name: str, tmp_path: Path) -> None:
    cases = raw_cases(name, 300)

    run(name, cases, tmp_path)

    assert expected(name, cases) == written(tmp_path / "out")


@pytest.mark.parametrize("name", ["qingdao-2018-1", "yangquan-2019-45"])
def test_csv_in_any_order_is_settled_as_well(name: str, tmp_path: Path) -> None:
    cases = raw_cases(name, 120)
    said: list[str] = []
    events, statuses = event_rows(cases), status_rows(cases)
    mixed = in_another_order(events)
    paths = {
        "events": write_csv(mixed, names_of(events), tmp_path / "events.csv"),
        "statuses": write_csv(statuses[::-1], names_of(statuses), tmp_path / "statuses.csv"),
        "openings": write_parquet(opening_table(opening_rows(cases)[::-1]), tmp_path / "openings.parquet"),
    }

    policy = load_policy(packaged_policies()[name])
    run_batch(policy, parameters(name), **paths, out=tmp_path / "out", say=said.append, options=SMALL)

    backwards = [case | {"person": case["person"] | {"statuses": case["person"]["statuses"][::-1]}} for case in cases]
    assert expected(name, backwards) == written(tmp_path / "out")
    assert [] == [one for one in ("events", "statuses") if not any(one in text for text in said)]


def in_another_order(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Persons mixed, the events of each in their order."""
    random = Random(1)
    keys = {row["person"]: 0.0 for row in rows}
    places = []
    for row in rows:
        keys[row["person"]] += random.random()
        places.append((keys[row["person"]], row["person"]))
    return [row for _, row in sorted(zip(places, rows, strict=True), key=lambda pair: pair[0])]


# ---- running and comparing -------------------------------------------------------------------------------------------


def raw_cases(name: str, number: int) -> list[dict[str, Any]]:
    """Cases in the order of the persons' names."""
    policy = load_policy(packaged_policies()[name])
    made = [history(policy, seed, None) for seed in range(number)]
    return sorted((case for case in made if case["events"]), key=lambda case: case["person"]["id"])


def run(
    name: str, cases: Sequence[dict[str, Any]], folder: Path, options: Options = SMALL, keep: bool = False, **parts: Any
) -> Summary:
    """Settles the cases' files; `keep`: those that are there already."""
    paths = {"events": folder / "events.parquet", "statuses": folder / "statuses.parquet"}
    if not keep:
        write_parquet(event_table(event_rows(cases)), paths["events"])
        write_parquet(status_table(status_rows(cases)), paths["statuses"])
    if any(case.get("opening") for case in cases):
        paths["openings"] = write_parquet(opening_table(opening_rows(cases)), folder / "openings.parquet")
    policy = load_policy(packaged_policies()[name])
    return run_batch(policy, parameters(name), **{**paths, "out": folder / "out", "options": options, **parts})


def expected(name: str, cases: Sequence[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """Of each event what the engine says; of persons who lack something nothing."""
    policy = load_policy(packaged_policies()[name])
    engine = Engine(bind(policy, parameters(name)))
    found = []
    for raw in cases:
        person = raw["person"]["id"]
        try:
            result = settle_case(engine, read_case(raw, policy))
        except Faults:
            found += [(person, event["id"], None, None, None, None, ()) for event in raw["events"]]
            continue
        for settlement in result.settlements:
            one = event_result(settlement)
            refusal = settlement.refusal.id if settlement.refusal else None
            lines = tuple(sorted((line["benefit"], parse_yuan(line["paid"])) for line in one["lines"]))
            hospital = settlement.outcome.hospital
            found.append((person, one["id"], settlement.relief, settlement.personal, hospital, refusal, lines))
    return found


def written(out: Path) -> list[tuple[Any, ...]]:
    """The same from the result's files."""
    rows = [row for path in sorted(out.glob("events-*.parquet")) for row in pq.read_table(path).to_pylist()]
    items: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for path in sorted(out.glob("items-*.parquet")):
        for row in pq.read_table(path).to_pylist():
            items.setdefault((row["person"], row["id"]), []).append((row["benefit"], row["paid_fen"]))
    return [_row(row, items.get((row["person"], row["id"]), [])) for row in rows]


def _row(row: dict[str, Any], items: list[tuple[str, int]]) -> tuple[Any, ...]:
    apart = row["relief_fen"] is None
    places = [name.removeprefix("benefit_") for name in row if name.startswith("benefit_")]
    lines = [(row[f"benefit_{place}"], row[f"paid_{place}_fen"]) for place in places if row[f"benefit_{place}"]]
    hospital = None if apart else row.get("hospital_fen", 0)
    amounts = (row["relief_fen"], row["personal_fen"], hospital, row["refusal"] or None)
    return (row["person"], row["id"], *amounts, tuple(sorted([*lines, *items])))


def findings(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "findings.jsonl").read_text(encoding="utf-8").splitlines()]
