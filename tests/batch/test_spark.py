"""The batch on a real Spark cluster, a master and two workers: the same bytes as on one machine, whatever happens.

Run by `make spark-test` in an environment of its own: pyspark is too large for the ordinary one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
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
from tests.batch.spark_cluster import HOST, RunningCluster, running_cluster
from tests.batch.test_run import in_another_order, parameters, raw_cases
from tests.batch.test_run_faults import EVENT, STATUS, events_with, statuses_with
from tests.cli.terminal import tuodi
from tuodi.batch.run import Options, Progress, Summary, run_batch
from tuodi.core.finding import Faults
from tuodi.lab.people import parameters_of
from tuodi.lab.population import make_population
from tuodi.language.load import load_policy
from tuodi.language.shelf import packaged_policies

if find_spec("pyspark") is None:
    pytest.skip("needs pyspark: make spark-test", allow_module_level=True)

from tuodi.batch.spark.run import run_on_spark

pytestmark = pytest.mark.slow

NAME = "liaocheng-2022-5"
WITH_ITEMS = "qingdao-2018-1"
SMALL = Options(block=500, part=2, workers=2, closings=True, explain_one_in=50)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCluster]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_LOCAL_IP", HOST)
        with running_cluster(tmp_path_factory.mktemp("cluster")) as running:
            yield running


# ---- equality --------------------------------------------------------------------------------------------------------


def test_a_population_comes_to_the_bytes_of_one_machine(cluster: RunningCluster, tmp_path: Path) -> None:
    """Of the policy whose tables are the most; others stand below, and on one machine all are settled alike."""
    folder = population("qingdao")
    given = {table: folder / f"{table}.parquet" for table in ("events", "statuses")}

    one, many = both(WITH_ITEMS, given, tmp_path, cluster, law=parameters_of(folder))

    assert one.sums == many.sums
    assert 1_000 < one.sums["events"]
    assert contents(one) == contents(many)


def test_rows_that_are_wrong_are_told_by_file_and_row_as_on_one_machine(
    cluster: RunningCluster, tmp_path: Path
) -> None:
    given = {
        "events": write_parquet(events_with(*WRONG_EVENTS), tmp_path / "账单 events.parquet"),
        "statuses": write_parquet(statuses_with(*WRONG_STATUSES), tmp_path / "statuses.parquet"),
    }

    one, many = both(NAME, given, tmp_path, cluster, options=replace(SMALL, block=1, part=1))

    assert {"money-negative", "bad-date", "status-overlap", "duplicate-event", "event-without-person"} <= set(
        many.findings
    )
    assert one.findings == many.findings
    assert contents(one) == contents(many)


WRONG_EVENTS = (
    {"person": 1, "basic": "-1.00"},
    {"person": 2, "date": "0001-01-01"},
    {"person": 3, "add": {"date": "2023-04-01"}},
    {"person": 5, "add": {"person": "P9"}},
)
WRONG_STATUSES = ({"person": 4, "add": {"from": "2023-02-01"}},)


def test_more_findings_of_a_code_than_are_written_down_are_counted_as_on_one_machine(
    cluster: RunningCluster, tmp_path: Path
) -> None:
    rows = [{"person": f"P{number:05}", **EVENT, "basic": "-1.00"} for number in range(2_500)]
    persons = [{"person": row["person"], **STATUS} for row in rows]
    given = {
        "events": write_parquet(event_table(rows), tmp_path / "events.parquet"),
        "statuses": write_parquet(status_table(persons), tmp_path / "statuses.parquet"),
    }

    one, many = both(NAME, given, tmp_path, cluster)

    assert 2_500 == many.findings["money-negative"]
    assert contents(one) == contents(many)


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_tables_out_of_order_are_sorted_by_the_cluster(form: str, cluster: RunningCluster, tmp_path: Path) -> None:
    cases = raw_cases("yangquan-2019-45", 300)
    events, statuses = in_another_order(event_rows(cases)), status_rows(cases)[::-1]
    half = len(events) // 2
    if form == "csv":
        names = names_of(events)
        several = [
            write_csv(part, names, tmp_path / f"{place}.csv")
            for place, part in enumerate((events[:half], events[half:]))
        ]
        rows = write_csv(statuses, names_of(statuses), tmp_path / "statuses.csv")
    else:
        table = event_table(events)
        several = [
            write_parquet(table.slice(*cut), tmp_path / f"事 件%20{cut[0]}.parquet") for cut in ((0, half), (half,))
        ]
        rows = write_parquet(status_table(statuses), tmp_path / "statuses.parquet")
    openings = write_parquet(opening_table(opening_rows(cases)[::-1]), tmp_path / "openings.parquet")
    said: list[str] = []

    one, many = both(
        "yangquan-2019-45",
        {"events": several, "statuses": rows, "openings": openings},
        tmp_path,
        cluster,
        law=parameters("yangquan-2019-45"),
        say=said.append,
    )

    assert ["events", "statuses", "openings"] == [text.split()[0] for text in said if "正在排序" in text]
    assert contents(one) == contents(many)


def test_columns_of_all_types_are_sorted_by_the_cluster(cluster: RunningCluster, tmp_path: Path) -> None:
    """Words encoded, whole numbers without a sign, a column of nothing, and rows without a person."""
    rows = [{"person": person, **EVENT, "id": row} for row, person in enumerate((7, 3, None, 5, 1))]
    events = event_table(rows)
    for name, kind in (("person", pa.uint32()), ("id", pa.int16()), ("service", pa.dictionary(pa.int8(), pa.string()))):
        place = events.column_names.index(name)
        events = events.set_column(place, name, events[name].cast(kind))
    statuses = pa.table(
        {"person": [7, 5, 3, 1], "insurance": ["resident"] * 4, "status": pa.nulls(4), "from": pa.nulls(4)}
    )
    given = {
        "events": write_parquet(events, tmp_path / "events.parquet"),
        "statuses": write_parquet(statuses, tmp_path / "statuses.parquet"),
    }

    one, many = both(NAME, given, tmp_path, cluster)

    assert {"event-without-person": 1} == many.findings
    assert contents(one) == contents(many)


def test_workers_may_compile_the_same_policy_at_once(
    cluster: RunningCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = population("liaocheng")
    given = {table: folder / f"{table}.parquet" for table in ("events", "statuses")}
    policy, law = load_policy(packaged_policies()[NAME]), parameters_of(folder)
    one = run_batch(policy, law, **given, out=tmp_path / "one", options=SMALL)
    monkeypatch.setenv("TUODI_CACHE", str(tmp_path / "cache"))  # where nothing is compiled yet

    many = run_on_spark(policy, law, master=cluster.master, **given, out=tmp_path / "many", options=SMALL)

    assert contents(one) == contents(many)
    assert list(tmp_path.glob("cache/**/*.nbc"))


# ---- what can happen -------------------------------------------------------------------------------------------------


def test_a_worker_killed_in_the_middle_changes_nothing(cluster: RunningCluster, tmp_path: Path) -> None:
    folder = population("liaocheng")
    given = {table: folder / f"{table}.parquet" for table in ("events", "statuses")}
    options = replace(SMALL, block=100, part=1)
    victim, killed = cluster.processes[-1], []

    def kill(progress: Progress) -> None:
        if progress.settled and not killed:
            killed.append(progress)
            cluster.kill(victim)
            cluster.start_worker()

    one, many = both(NAME, given, tmp_path, cluster, law=parameters_of(folder), options=options, progress=kill)

    assert killed[0].settled < killed[0].total
    assert contents(one) == contents(many)
    cluster.wait_for(2)


def test_an_interrupted_run_goes_on_where_it_was_on_one_machine_too(cluster: RunningCluster, tmp_path: Path) -> None:
    folder = population("liaocheng")
    given = {table: folder / f"{table}.parquet" for table in ("events", "statuses")}
    options = replace(SMALL, block=100, part=1)
    law, policy = parameters_of(folder), load_policy(packaged_policies()[NAME])
    whole = run_batch(policy, law, **given, out=tmp_path / "whole", options=options)

    def stop(progress: Progress) -> None:
        if progress.settled:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_on_spark(policy, law, master=cluster.master, **given, out=tmp_path / "out", options=options, progress=stop)
    told: list[Progress] = []
    assert not (tmp_path / "out").exists()
    on_one = run_batch(policy, law, **given, out=tmp_path / "out", options=options, progress=told.append)

    assert told[0].began > 0
    assert contents(whole) == contents(on_one)


def test_a_page_that_is_broken_stops_the_run_as_on_one_machine(cluster: RunningCluster, tmp_path: Path) -> None:
    cases = [case | {"opening": []} for case in raw_cases(NAME, 60)]
    for order in (1, -1):
        path = write_parquet(event_table(event_rows(cases)[::order]), tmp_path / f"broken{order}.parquet")
        content = bytearray(path.read_bytes())
        place = pq.read_metadata(path).row_group(0).column(_column_of(path, "basic")).data_page_offset
        for byte in range(place, place + 300):
            content[byte] ^= 0x5A
        path.write_bytes(content)
        statuses = write_parquet(status_table(status_rows(cases)), tmp_path / "statuses.parquet")

        found = refused(cluster, tmp_path, events=path, statuses=statuses)

        assert [("file-unreadable", str(path))] == [(one.code, one.place.file) for one in found]
        assert not (tmp_path / "out").exists()


def _column_of(path: Path, name: str) -> int:
    return pq.read_schema(path).names.index(name)


# ---- what is missing -------------------------------------------------------------------------------------------------


def test_wrong_columns_are_told_before_a_cluster_is_asked(cluster: RunningCluster, tmp_path: Path) -> None:
    before = cluster.state()["completedapps"]
    events = write_parquet(events_with().drop_columns(["basic"]), tmp_path / "events.parquet")
    statuses = write_parquet(statuses_with(), tmp_path / "statuses.parquet")

    found = refused(cluster, tmp_path, events=events, statuses=statuses)

    assert ["column-missing"] == [one.code for one in found]
    assert before == cluster.state()["completedapps"]


def test_a_cluster_whose_python_lacks_the_package_is_told_so(
    cluster: RunningCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = tmp_path / "python"
    bare.write_text('#!/bin/sh\nexec /usr/bin/env python3 -S -E "$@"\n')
    bare.chmod(0o755)
    monkeypatch.setenv("PYSPARK_PYTHON", str(bare))
    given = {
        "events": write_parquet(events_with(), tmp_path / "events.parquet"),
        "statuses": write_parquet(statuses_with(), tmp_path / "statuses.parquet"),
    }

    found = refused(cluster, tmp_path, **given)

    assert ["spark-worker-python"] == [one.code for one in found]
    assert "Traceback" not in found[0].message


def test_the_command_settles_on_a_cluster(cluster: RunningCluster, tmp_path: Path) -> None:
    run = command(tmp_path, cluster.master)

    assert 0 == run.code, run.err
    assert f"结果在 {tmp_path / 'out'}" in run.out
    assert [] == sorted(path.name for path in tmp_path.iterdir() if path.name != "out")


# ---- running and comparing -------------------------------------------------------------------------------------------

_SCRATCH = TemporaryDirectory(prefix="tuodi-test-spark-")


@cache
def population(city: str) -> Path:
    """The files of a small city."""
    folder = Path(_SCRATCH.name) / city
    make_population(city, 3_000, 1, folder)
    return folder


def both(
    name: str,
    given: dict[str, Any],
    folder: Path,
    cluster: RunningCluster,
    law: dict[str, object] | None = None,
    options: Options = SMALL,
    say: Callable[[str], None] | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> tuple[Summary, Summary]:
    """What one machine makes of the files, and what the cluster does."""
    policy = load_policy(packaged_policies()[name])
    known = {key: value for key, value in (law or {}).items() if key in policy.parameters}
    one = run_batch(policy, known, **given, out=folder / "one", options=options)
    many = run_on_spark(
        policy, known, master=cluster.master, **given, out=folder / "many", options=options, say=say, progress=progress
    )
    return one, many


def contents(summary: Summary) -> dict[str, bytes]:
    """Every file of the result."""
    return {path.name: path.read_bytes() for path in sorted(summary.out.iterdir())}


def refused(cluster: RunningCluster, folder: Path, **given: Path) -> tuple[Any, ...]:
    policy = load_policy(packaged_policies()[NAME])
    with pytest.raises(Faults) as faults:
        run_on_spark(policy, master=cluster.master, **given, out=folder / "out", options=SMALL)
    return faults.value.findings


def command(folder: Path, master: str) -> Any:
    city = str(population("liaocheng"))
    return tuodi(
        *("batch", "run", NAME, "--population", city, "--out", str(folder / "out")),
        *("--engine", "spark", "--master", master),
    )
