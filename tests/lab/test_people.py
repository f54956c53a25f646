"""People in files: any order, CSV or Parquet, whole or broken; where they live; insurance computed anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as pq
import pytest

from tests.lab.lab_cases import change, plan, policy, standing
from tuodi.batch.settle import BlockSettler
from tuodi.core.finding import Faults
from tuodi.lab.change import regime
from tuodi.lab.people import FilePeople, Portion, folder_people, made_ready, parameters_of
from tuodi.lab.population.make import make_population
from tuodi.lab.results import WhatIf
from tuodi.lab.what_if import what_if

NAME = "liaocheng-2022-5"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small population of Liaocheng."""
    out = tmp_path_factory.mktemp("people") / "town"
    make_population("liaocheng", 3000, 7, out)
    return out


@cache
def figures(folder: Path) -> WhatIf:
    return what_if(change(NAME), folder_people(folder))


def test_a_population_is_read_with_its_households_and_counties(town: Path) -> None:
    found = figures(town)
    persons = pq.read_table(town / "persons.parquet").to_pylist()
    home = {row["person"]: row["household"] for row in persons}
    county = {row["person"]: row["county"] for row in persons}

    assert found.persons.num_rows > 1000
    for row in found.persons.to_pylist():
        assert (home[row["person"]], county[row["person"]]) == (row["household"], row["county"])
    assert {"东昌府区", "临清市"} <= {row.group for row in found.counties}
    assert "合成" in found.people


def test_any_cut_gives_the_same_figures(town: Path) -> None:
    cut = replace(folder_people(town), portion=50)
    found = what_if(change(NAME), cut)

    assert figures(town).measures == found.measures
    assert figures(town).warnings == found.warnings
    assert figures(town).effects == found.effects


def test_unsorted_csv_gives_the_same_figures(town: Path, tmp_path: Path) -> None:
    for name in ("events", "statuses", "persons"):
        table = pq.read_table(town / f"{name}.parquet")
        flat = pa.table({one: _flat(table[one]) for one in table.column_names if one != "items"})
        order = _shuffled(flat)
        csv.write_csv(flat.take(order), tmp_path / f"{name}.csv")
    with made_ready(folder_people(tmp_path)) as ready:
        found = what_if(change(NAME), ready)

    assert figures(town).measures == found.measures
    assert figures(town).bands == found.bands


def test_insurance_computed_anew_is_what_the_population_says(town: Path) -> None:
    insured = regime(policy(NAME), None, plan("liaocheng-resident-2022"))
    settler = BlockSettler(insured.bound)
    given = list(folder_people(town).portions(settler))
    anew = list(replace(folder_people(town), recompute=True).portions(settler))

    assert any((portion.block.events.amounts[2] < 0).any() for portion in anew)
    for one, other in zip(given, anew, strict=True):
        assert settler.settle(one.block).results.relief.tolist() == settler.settle(other.block).results.relief.tolist()
        assert settler.settle(other.block).results.stuck.sum() == 0


def test_what_a_policy_does_not_know_is_left_out_only_where_that_is_asked(town: Path, tmp_path: Path) -> None:
    table = pq.read_table(town / "events.parquet")
    odd = _with(town, tmp_path, events=table.append_column("shoe_size", pa.array([42] * table.num_rows)))
    settler = BlockSettler(standing(NAME).bound)

    with pytest.raises(Faults) as caught:
        list(odd.portions(settler))

    assert ["column-unknown"] == [one.code for one in caught.value.findings]
    assert _events(odd.portions(settler, lenient=True)) == _events(folder_people(town).portions(settler))


def test_a_wrong_row_sets_its_person_apart_and_says_where(town: Path, tmp_path: Path) -> None:
    table = pq.read_table(town / "events.parquet")
    place = table.column_names.index("total_fen")
    totals = table["total_fen"].to_pylist()
    totals[10] = -5
    broken = _with(town, tmp_path, events=table.set_column(place, "total_fen", pa.array(totals)))
    found = what_if(change(NAME), broken)

    assert 1 == found.set_apart
    assert any(one.place.line == 11 for one in found.findings)
    assert figures(town).measure("persons").before - 1 == found.measure("persons").before


@pytest.mark.parametrize(
    ("wrong", "code"), [("missing", "table-missing"), ("cut", "file-unreadable"), ("column", "column-missing")]
)
def test_files_that_cannot_be_read_are_findings(town: Path, tmp_path: Path, wrong: str, code: str) -> None:
    for name in ("statuses", "events"):
        (tmp_path / f"{name}.parquet").write_bytes((town / f"{name}.parquet").read_bytes())
    events = tmp_path / "events.parquet"
    if wrong == "missing":
        events.unlink()
    elif wrong == "cut":
        events.write_bytes(events.read_bytes()[:1000])
    else:
        pq.write_table(pq.read_table(events).drop_columns(["service"]), events)

    with pytest.raises(Faults) as caught:
        what_if(change(NAME), folder_people(tmp_path))

    assert code in {one.code for one in caught.value.findings}


def test_persons_are_named_alike_in_all_tables(town: Path, tmp_path: Path) -> None:
    statuses = pq.read_table(town / "statuses.parquet")
    named = statuses.set_column(0, "person", statuses["person"].cast(pa.string()))

    with pytest.raises(Faults) as caught:
        what_if(change(NAME), _with(town, tmp_path, statuses=named))

    assert ["person-type"] == [one.code for one in caught.value.findings]


def test_a_manifest_says_what_the_agency_sets(town: Path, tmp_path: Path) -> None:
    assert isinstance(parameters_of(town), dict)
    assert {} == parameters_of(tmp_path)


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _with(town: Path, out: Path, **tables: pa.Table) -> FilePeople:
    """The town with other tables."""
    for name in ("persons", "statuses", "events"):
        table = tables.get(name)
        if table is None:
            (out / f"{name}.parquet").write_bytes((town / f"{name}.parquet").read_bytes())
        else:
            pq.write_table(table, out / f"{name}.parquet")
    return folder_people(out)


def _events(portions: Iterator[Portion]) -> list[list[int]]:
    return [portion.block.events.day.tolist() for portion in portions]


def _flat(column: pa.ChunkedArray) -> pa.Array:
    """A column as CSV can hold it."""
    if pa.types.is_list(column.type):
        return pa.array([";".join(one) for one in column.to_pylist()])
    return column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column


def _shuffled(table: pa.Table) -> list[int]:
    """Another order of persons; each one's rows stay in theirs, which counts."""
    persons = table["person"].to_pylist()
    drawn = {person: Random(person).random() for person in dict.fromkeys(persons)}
    return sorted(range(len(persons)), key=lambda row: (drawn[persons[row]], row))
