"""Rows are sorted by person in the memory that is allowed, and what is lacking is told for what it is."""

from __future__ import annotations

from pathlib import Path
from random import Random

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.batch.files import write_parquet
from tuodi.batch.run import writable
from tuodi.batch.sort import sorted_by_person
from tuodi.core.finding import Faults

ROWS = 150_000


@pytest.fixture(scope="module")
def unsorted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    random = Random(1)
    persons = [f"P{random.randrange(40_000):017d}" if row % 1000 else None for row in range(ROWS)]
    table = pa.table({"person": persons, "id": range(ROWS), "service": ["inpatient"] * ROWS})
    return write_parquet(table, tmp_path_factory.mktemp("unsorted") / "events.parquet")


def test_more_rows_than_memory_are_sorted_range_by_range(unsorted: Path, tmp_path: Path) -> None:
    sorted_by_person([unsorted], tmp_path / "sorted.parquet", "60MB", 1)

    rows = pq.read_table(tmp_path / "sorted.parquet", columns=["person", "x_row"]).to_pylist()
    given = enumerate(pq.read_table(unsorted, columns=["person"])["person"].to_pylist(), 1)
    wanted = sorted(given, key=lambda one: (one[1] is None, one[1] or "", one[0]))
    assert [(person, row) for row, person in wanted] == [(row["person"], row["x_row"]) for row in rows]
    assert ["sorted.parquet"] == [path.name for path in tmp_path.iterdir()]


def test_too_little_memory_is_not_taken_for_a_full_disk(tmp_path: Path) -> None:
    little = {"memory_limit": "2MB", "temp_directory": "", "threads": 1}
    with pytest.raises(Faults) as faults, writable(tmp_path), duckdb.connect(config=little) as connection:
        connection.execute("SELECT x, random() AS y FROM range(2_000_000) AS t(x) ORDER BY y").fetchone()

    assert ["sort-memory"] == [one.code for one in faults.value.findings]


def test_a_disk_without_room_for_what_is_put_aside_is_full(tmp_path: Path) -> None:
    with duckdb.connect(config={"memory_limit": "8MB", "threads": 1}) as connection:
        connection.execute(f"SET temp_directory = '{tmp_path}'")
        connection.execute("SET max_temp_directory_size = '1MB'")
        with pytest.raises(Faults) as faults, writable(tmp_path):
            connection.execute("SELECT x, random() AS y FROM range(2_000_000) AS t(x) ORDER BY y OFFSET 5").fetchone()

    assert ["disk-full"] == [one.code for one in faults.value.findings]
