"""A population is the same however it is made, whole or not there at all, and nobody in it could be somebody."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from tuodi.core.finding import Faults
from tuodi.lab.population import PopulationReport, cities, make_population
from tuodi.lab.population import files as population_files
from tuodi.lab.population.files import EVENTS, GROUP, MANIFEST, PERSONS, REPORT, STATUSES
from tuodi.lab.population.identity import check_digit
from tuodi.lab.population.people import BLOCK

CITY, SIZE = "liaocheng", 2 * BLOCK + 5000


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> PopulationReport:
    return make_population(CITY, SIZE, 7, tmp_path_factory.mktemp("made") / "population")


def hashes(folder: Path) -> dict[str, str]:
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def rows(folder: Path, name: str) -> dict[str, Any]:
    table = pq.read_table(folder / name)
    return {column: np.asarray(table[column]) for column in table.column_names if column not in ("diagnoses", "items")}


# ---- the same --------------------------------------------------------------------------------------------------------


def test_the_number_of_workers_changes_no_byte(made: PopulationReport, tmp_path: Path) -> None:
    make_population(CITY, SIZE, 7, tmp_path / "again", workers=3)

    assert hashes(made.folder) == hashes(tmp_path / "again")


def test_another_seed_makes_other_people(made: PopulationReport, tmp_path: Path) -> None:
    make_population(CITY, 3000, 8, tmp_path / "other")

    ours, others = rows(made.folder, PERSONS), rows(tmp_path / "other", PERSONS)
    assert (ours["birth_date"][:3000] != others["birth_date"]).mean() > 0.99


def test_a_larger_population_has_the_same_people_at_its_beginning(made: PopulationReport, tmp_path: Path) -> None:
    make_population(CITY, BLOCK, 7, tmp_path / "small")

    for name in (PERSONS, STATUSES, EVENTS):
        small, large = pq.read_table(tmp_path / "small" / name), pq.read_table(made.folder / name)
        assert small.equals(large.slice(0, small.num_rows))


def test_row_groups_hold_the_same_persons_whatever_was_written_at_once(
    made: PopulationReport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(population_files, "GROUP", 1)
    make_population(CITY, SIZE, 7, tmp_path / "cut")

    file = pq.ParquetFile(tmp_path / "cut" / EVENTS)
    groups = [file.read_row_group(group)["person"].to_numpy() for group in range(file.num_row_groups)]
    assert [0, 1, 2] == [int((group[0] - 1) // BLOCK) for group in groups]
    assert all((group - 1) // BLOCK == number for number, group in enumerate(groups) for group in [group[-1]])
    assert pq.read_table(tmp_path / "cut" / EVENTS).equals(pq.read_table(made.folder / EVENTS))
    assert GROUP > 1


# ---- whole -----------------------------------------------------------------------------------------------------------


def test_the_manifest_knows_every_file_by_its_hash(made: PopulationReport) -> None:
    manifest = json.loads((made.folder / MANIFEST).read_text(encoding="utf-8"))
    told = {name: file["sha256"] for name, file in manifest["files"].items()}

    assert {name: text for name, text in hashes(made.folder).items() if name != MANIFEST} == told
    assert {PERSONS, STATUSES, EVENTS, REPORT} == set(told)
    assert manifest["synthetic"] is True
    assert SIZE == manifest["persons"] == manifest["files"][PERSONS]["rows"]


def test_what_is_interrupted_leaves_nothing(tmp_path: Path) -> None:
    def interrupted(*_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_population(CITY, 2000, 1, tmp_path / "gone", interrupted)

    assert [] == list(tmp_path.iterdir())


def test_progress_is_told_block_by_block(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    make_population(CITY, BLOCK + 10, 1, tmp_path / "told", lambda done, of: told.append((done, of)))

    assert [(BLOCK, BLOCK + 10), (BLOCK + 10, BLOCK + 10)] == told


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")

    assert "folder-exists" == code_of(CITY, 10, 1, tmp_path)
    assert ["mine.txt"] == [path.name for path in tmp_path.iterdir()]


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    assert "out-unwritable" == code_of(CITY, 10, 1, tmp_path / "file" / "below")


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    def full(*_: int) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(Faults) as faults:
        make_population(CITY, 2000, 1, tmp_path / "full", full)

    assert ["disk-full"] == [finding.code for finding in faults.value.findings]
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("city", "persons", "seed", "code"),
    [
        ("atlantis", 10, 1, "unknown-city"),
        (CITY, 0, 1, "persons-out-of-range"),
        (CITY, 100_000_001, 1, "persons-out-of-range"),
        (CITY, 10, -1, "seed-out-of-range"),
    ],
)
def test_what_cannot_be_made_is_told(tmp_path: Path, city: str, persons: int, seed: int, code: str) -> None:
    assert code == code_of(city, persons, seed, tmp_path / "out")
    assert [] == list(tmp_path.iterdir())


def code_of(city: str, persons: int, seed: int, out: Path) -> str:
    with pytest.raises(Faults) as faults:
        make_population(city, persons, seed, out)
    (finding,) = faults.value.findings
    return finding.code


# ---- people ----------------------------------------------------------------------------------------------------------


def test_nobody_is_without_a_household(made: PopulationReport) -> None:
    persons = rows(made.folder, PERSONS)
    heads = persons["person"][persons["relation"] == "head"]

    assert set(heads) == set(persons["household"])
    assert (persons["household"] <= persons["person"]).all()
    assert (np.diff(persons["household"]) >= 0).all()
    assert made.households == len(heads)


def test_families_are_of_plausible_ages(made: PopulationReport) -> None:
    persons = rows(made.folder, PERSONS)
    born = persons["birth_date"].astype("datetime64[D]").astype(int)
    of_head = born[persons["household"] - 1]

    children, parents = persons["relation"] == "child", persons["relation"] == "parent"
    assert (born[children] - of_head[children] > 14 * 365).all()
    assert (of_head[parents] - born[parents] > 14 * 365).mean() > 0.99
    assert (persons["birth_date"] < np.datetime64("2023-01-01")).all()
    assert (persons["birth_date"] > np.datetime64("1920-01-01")).all()


def test_everybody_stands_in_the_table_of_statuses_as_in_that_of_persons(made: PopulationReport) -> None:
    persons, statuses = rows(made.folder, PERSONS), rows(made.folder, STATUSES)
    place = statuses["person"] - 1

    assert set(persons["person"]) == set(statuses["person"])
    assert (np.diff(statuses["person"]) >= 0).all()
    assert (persons["insurance"][place] == statuses["insurance"]).all()
    assert (persons["birth_date"][place] == statuses["birth_date"]).all()


def test_no_status_is_held_before_birth_or_application(made: PopulationReport) -> None:
    statuses = rows(made.folder, STATUSES)
    held = ~np.isnat(statuses["from"])
    start, applied = statuses["from"][held], statuses["applied_on"][held]

    assert (start >= statuses["birth_date"][held]).all()
    assert (start >= applied)[~np.isnat(applied)].all()
    assert held.sum() == made.periods


def test_events_stand_by_person_and_day_each_with_its_own_number(made: PopulationReport) -> None:
    events = rows(made.folder, EVENTS)
    same = np.diff(events["person"]) == 0

    assert (np.diff(events["person"]) >= 0).all()
    assert (np.diff(events["date"])[same] >= np.timedelta64(0)).all()
    assert (np.diff(events["id"]) > 0).all()


def test_a_bill_is_never_smaller_than_its_parts(made: PopulationReport) -> None:
    events = rows(made.folder, EVENTS)
    payers = sum(events[f"{name}_fen"] for name in ("basic", "critical_illness", "supplementary", "commercial"))

    assert (events["in_policy_fen"] <= events["total_fen"]).all()
    assert (payers + events["other_relief_fen"] <= events["total_fen"]).all()
    assert (events["basic_fen"] + events["critical_illness_fen"] <= events["in_policy_fen"]).all()


def test_stays_are_numbered_in_the_year(made: PopulationReport) -> None:
    events = rows(made.folder, EVENTS)
    stays = np.isin(events["service"], ["inpatient", "psychiatric_inpatient"])
    person, number = events["person"][stays], events["admission_number"][stays]
    first = np.diff(person, prepend=0) != 0

    assert (number[first] == 1).all()
    assert (np.diff(number)[~first[1:]] == 1).all()
    assert np.isnan(events["admission_number"][~stays]).all()


# ---- identity numbers ------------------------------------------------------------------------------------------------


def test_an_identity_number_is_valid_unique_and_of_no_county(made: PopulationReport) -> None:
    persons = rows(made.folder, PERSONS)
    numbers = list(persons["identity"])

    assert len(numbers) == len(set(numbers))
    assert all(number[17] == check_digit(number[:17]) for number in numbers)
    assert {"3715"} == {number[:4] for number in numbers}
    assert {number[4:6] for number in numbers} <= {str(county) for county in range(91, 99)}
    assert [number[6:14] for number in numbers] == [str(day).replace("-", "") for day in persons["birth_date"]]
    assert [int(number[16]) % 2 == 1 for number in numbers] == list(persons["sex"] == "male")


def test_the_check_digit_is_that_of_the_standard() -> None:
    assert "X" == check_digit("11010519491231002")  # the two examples that the standard itself gives
    assert "4" == check_digit("44052418800101001")


# ---- the report ------------------------------------------------------------------------------------------------------


def test_the_report_says_what_was_made(made: PopulationReport) -> None:
    text = made.text()
    events = rows(made.folder, EVENTS)

    assert "聊城市 2023 年的合成人群（种子 7），不对应任何真实的人" in text
    assert "低保人口占比" in text
    assert SIZE == made.persons
    assert made.events == len(events["person"]) == sum(made.by_service.values())
    assert made.data() == json.loads((made.folder / REPORT).read_text(encoding="utf-8"))


def test_a_small_population_keeps_its_targets_within_the_error_of_sampling(made: PopulationReport) -> None:
    assert () == made.missed


def test_the_five_cities_can_be_made() -> None:
    assert {"liaocheng", "qingdao", "yangquan", "anshan", "ningbo"} == set(cities())
