"""What is wrong with files is told with file and row; nothing half-written is ever taken for whole."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.batch.files import event_rows, event_table, status_rows, status_table, write_csv, write_parquet
from tests.batch.test_run import SMALL, expected, findings, in_another_order, raw_cases, run, written
from tuodi.batch.run import Options, Summary, run_batch
from tuodi.core.finding import Faults
from tuodi.language.load import load_policy
from tuodi.language.shelf import packaged_policies

NAME = "liaocheng-2022-5"
AMOUNTS = dict.fromkeys(("supplementary", "commercial", "other_relief"), "0.00")
EVENT = {
    "id": "e1", "date": "2023-03-01", "service": "inpatient", "designated": True,
    "total": "50000.00", "in_policy": "45000.00", "basic": "28000.00", "critical_illness": "3000.00", **AMOUNTS,
}  # fmt: skip
STATUS = {"insurance": "resident", "birth_date": "1950-01-01", "status": "subsistence_allowance", "from": "2023-01-01"}


def settle(folder: Path, events: pa.Table | Path, statuses: pa.Table | Path, options: Options = SMALL) -> Summary:
    paths = [
        table if isinstance(table, Path) else write_parquet(table, folder / f"{name}.parquet", len(table) // 50 + 1000)
        for name, table in (("events", events), ("statuses", statuses))
    ]
    policy = load_policy(packaged_policies()[NAME])
    return run_batch(policy, events=paths[0], statuses=paths[1], out=folder / "out", options=options)


def events_with(*changes: dict[str, Any]) -> pa.Table:
    """Five persons with an event each, some of them changed: `{"person": 3, …}`."""
    rows = [{"person": f"P{number}", **EVENT} for number in range(1, 6)]
    for change in changes:
        if "add" in change:
            rows.append({**rows[change["person"] - 1], **change["add"]})
        else:
            rows[change["person"] - 1] |= {name: value for name, value in change.items() if name != "person"}
    return event_table(sorted(rows, key=lambda row: row["person"]))


def statuses_with(*changes: dict[str, Any]) -> pa.Table:
    rows = [{"person": f"P{number}", **STATUS} for number in range(1, 6)]
    for change in changes:
        if "add" in change:
            rows.append({**rows[change["person"] - 1], **change["add"]})
        else:
            rows[change["person"] - 1] |= {name: value for name, value in change.items() if name != "person"}
    return status_table(sorted(rows, key=lambda row: row["person"]))


# ---- rows ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "code", "column"),
    [
        ({"basic": "-1.00"}, "money-negative", "basic"),
        ({"total": "100000000.00"}, "money-too-large", "total"),
        ({"basic": None}, "value-missing", "basic"),
        ({"in_policy": "50000.01"}, "in-policy-above-total", "total"),
        ({"basic": "47000.01"}, "payers-above-total", "total"),
        ({"date": None}, "value-missing", "date"),
        ({"date": "2023-02-30"}, "bad-date", "date"),
        ({"date": "1899-12-31"}, "bad-date", "date"),
        ({"service": "住院"}, "unknown-service", "service"),
        ({"service": None}, "value-missing", "service"),
        ({"id": None}, "value-missing", "id"),
    ],
)
def test_a_wrong_value_of_an_event_sets_its_person_apart(
    change: dict[str, Any], code: str, column: str, tmp_path: Path
) -> None:
    summary = settle(tmp_path, events_with({"person": 3, **change}), statuses_with())

    (found,) = findings(tmp_path / "out")
    assert (code, str(tmp_path / "events.parquet"), 3, column, "P3") == tuple(
        found[name] for name in ("code", "file", "row", "column", "person")
    )
    assert found["message"] and found["remedy"] and found["set_apart"]
    assert [980000, 980000, None, 980000, 980000] == [row[2] for row in written(tmp_path / "out")]
    assert not summary.is_clean


@pytest.mark.parametrize(
    ("change", "code", "column"),
    [
        ({"insurance": "居民"}, "unknown-insurance", "insurance"),
        ({"insurance": None}, "value-missing", "insurance"),
        ({"status": "低保"}, "unknown-status", "status"),
        ({"from": None}, "value-missing", "from"),
        ({"to": "2022-12-31"}, "period-reversed", "to"),
        ({"applied_on": "2023-01-02"}, "from-before-application", "from"),
        ({"birth_date": "1950-13-01"}, "bad-date", "birth_date"),
        ({"add": {"insurance": "employee"}}, "person-differs", "insurance"),
    ],
)
def test_a_wrong_value_of_a_status_sets_its_person_apart(
    change: dict[str, Any], code: str, column: str, tmp_path: Path
) -> None:
    settle(tmp_path, events_with(), statuses_with({"person": 2, **change}))

    found = [one for one in findings(tmp_path / "out") if one["set_apart"]]
    row = 3 if "add" in change else 2
    assert [(code, row, column, "P2")] == [
        (one["code"], one["row"], one["column"], one["person"]) for one in found if one["code"] == code
    ]
    assert [980000, None, 980000, 980000, 980000] == [row[2] for row in written(tmp_path / "out")]


def test_overlaps_and_dates_out_of_order_are_noted_and_settled(tmp_path: Path) -> None:
    back = {"person": 4, "add": {"id": "e2", "date": "2023-02-01"}}
    again = {"person": 2, "add": {"from": "2023-02-01"}}

    summary = settle(tmp_path, events_with(back), statuses_with(again))

    found = [(one["code"], one["row"], one["person"], one["set_apart"]) for one in findings(tmp_path / "out")]
    assert [("status-overlap", 3, "P2", False), ("dates-out-of-order", 5, "P4", False)] == sorted(
        found, key=lambda one: one[1]
    )
    assert summary.is_clean
    assert None not in [row[2] for row in written(tmp_path / "out")]


def test_an_event_twice_and_an_event_without_a_person_are_told(tmp_path: Path) -> None:
    twice = {"person": 4, "add": {"date": "2023-04-01"}}
    stranger = {"person": 5, "add": {"person": "P9"}}

    settle(tmp_path, events_with(twice, stranger), statuses_with())

    told = {(one["code"], one["row"], one["person"]) for one in findings(tmp_path / "out")}
    assert {("duplicate-event", 5, "P4"), ("event-without-person", 7, "P9")} == told
    assert [980000, 980000, 980000, None, None, 980000, None] == [row[2] for row in written(tmp_path / "out")]


@pytest.mark.parametrize(
    ("row", "size"), [(70_000, 70_001), pytest.param(7_000_000, 7_000_003, marks=pytest.mark.slow)]
)
def test_a_row_far_down_is_named_by_its_number(row: int, size: int, tmp_path: Path) -> None:
    table = many_events(size)
    basic = np.zeros(size, np.int32)
    basic[row - 1] = -1
    table = table.set_column(table.column_names.index("basic_fen"), "basic_fen", pa.array(basic))
    persons = pa.table({"person": table["person"], "insurance": pa.repeat("resident", size),
                        "status": pa.nulls(size), "from": pa.nulls(size)})  # fmt: skip

    summary = settle(tmp_path, table, persons, replace(SMALL, block=size // 7, part=3, closings=False))

    assert [("money-negative", str(tmp_path / "events.parquet"), row, "basic_fen", str(row - 1))] == [
        tuple(one[name] for name in ("code", "file", "row", "column", "person")) for one in findings(tmp_path / "out")
    ]
    assert (size, 1) == (summary.sums["events"], summary.sums["events_set_apart"])


def many_events(size: int) -> pa.Table:
    """So many persons with an event each."""
    fen = {"total": 9, "in_policy": 9, "basic": 0, "critical_illness": 0, **dict.fromkeys(AMOUNTS, 0)}
    return pa.table(
        {
            "person": pa.array(np.arange(size)),
            "id": pa.array(np.arange(size)),
            "date": pa.array(np.full(size, 19_500, np.int32)).cast(pa.date32()),
            "service": pa.repeat("inpatient", size),
            "designated": pa.repeat(True, size),
            **{f"{name}_fen": pa.array(np.full(size, amount, np.int32)) for name, amount in fen.items()},
        }
    )


# ---- files -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("break_it", "code", "path"),
    [
        (lambda table: table.drop_columns(["basic"]), "column-missing", "basic"),
        (lambda table: table.append_column("specal_drug", pa.array([True] * 5)), "column-unknown", "specal_drug"),
        (lambda table: _recast(table, "basic", pa.float64()), "column-type", "basic"),
        (lambda table: _recast(table, "basic", pa.int64()), "column-type", "basic"),
        (lambda table: table.append_column("basic_fen", pa.array([1] * 5)), "column-twice", "basic_fen"),
        (lambda table: table.append_column("basic", table["basic"]), "column-twice", "basic"),
    ],
    ids=["missing", "unknown", "float", "whole", "yuan and fen", "twice"],
)
def test_columns_that_do_not_fit_stop_the_run(
    break_it: Callable[[pa.Table], pa.Table], code: str, path: str, tmp_path: Path
) -> None:
    with pytest.raises(Faults) as faults:
        settle(tmp_path, break_it(events_with()), statuses_with())

    assert (code, path) in {(one.code, one.place.path) for one in faults.value.findings}
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "out.partial").exists()


def test_a_column_that_begins_with_x_is_left_alone(tmp_path: Path) -> None:
    assert settle(tmp_path, events_with().append_column("x_ward", pa.array([1] * 5)), statuses_with()).is_clean


@pytest.mark.parametrize("share", [0.2, 0.9])
def test_a_file_cut_short_stops_the_run(share: float, tmp_path: Path) -> None:
    whole = write_parquet(events_with(), tmp_path / "events.parquet").read_bytes()
    cut = tmp_path / "cut.parquet"
    cut.write_bytes(whole[: int(len(whole) * share)])

    with pytest.raises(Faults) as faults:
        settle(tmp_path, cut, statuses_with())

    assert [("file-unreadable", str(cut))] == [(one.code, one.place.file) for one in faults.value.findings]
    assert not (tmp_path / "out").exists()


def test_a_page_that_is_broken_stops_the_run(tmp_path: Path) -> None:
    cases = raw_cases(NAME, 60)
    path = write_parquet(event_table(event_rows(cases)), tmp_path / "broken.parquet")
    content = bytearray(path.read_bytes())
    for place in range(200, 4000):
        content[place] ^= 0x5A
    path.write_bytes(content)

    with pytest.raises(Faults) as faults:
        settle(tmp_path, path, status_table(status_rows(cases)))

    assert {"file-unreadable"} == {one.code for one in faults.value.findings}
    assert not (tmp_path / "out").exists()


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Faults) as faults:
        settle(tmp_path, tmp_path / "none.parquet", statuses_with())

    assert [("file-missing", str(tmp_path / "none.parquet"))] == [
        (one.code, one.place.file) for one in faults.value.findings
    ]


def test_names_of_two_kinds_are_refused(tmp_path: Path) -> None:
    numbers = statuses_with().set_column(0, "person", pa.array(range(5)))

    with pytest.raises(Faults) as faults:
        settle(tmp_path, events_with(), numbers)

    assert ["person-type"] == [one.code for one in faults.value.findings]


def test_csv_in_another_encoding_says_so(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_bytes("person,id,姓名\nP1,e1,王\n".encode("gb18030"))

    with pytest.raises(Faults) as faults:
        settle(tmp_path, path, statuses_with())

    assert ["file-unreadable"] == [one.code for one in faults.value.findings]


def test_csv_rows_are_named_as_in_the_file(tmp_path: Path) -> None:
    rows = [{"person": f"P{number}", **EVENT} for number in (2, 1, 3)]
    rows[2]["basic"] = "1.234"
    path = write_csv(rows, list(rows[0]), tmp_path / "events.csv")

    settle(tmp_path, path, statuses_with())

    assert [("money-decimals", str(path), 3)] == [
        (one["code"], one["file"], one["row"]) for one in findings(tmp_path / "out")
    ]


def test_a_result_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    settle(tmp_path, events_with(), statuses_with())

    with pytest.raises(Faults) as faults:
        settle(tmp_path, events_with(), statuses_with())

    assert ["out-exists"] == [one.code for one in faults.value.findings]


@pytest.mark.parametrize(
    ("events", "statuses"),
    [
        ([5, 6, 7, 8, 1, 2, 3, 4], [1, 2, 3, 4, 5, 6, 7, 8]),
        ([1, 2, 3, 4], [3, 4, 5, 1, 2]),
        ([1, 2, 3, 4, 1], [1, 2, 3, 4]),
    ],
    ids=["between two blocks", "behind the last person with bills", "one person twice"],
)
def test_persons_out_of_order_are_found_wherever_that_is(
    events: list[int], statuses: list[int], tmp_path: Path
) -> None:
    bills = event_table([{"person": f"P{person}", **EVENT, "id": f"e{row}"} for row, person in enumerate(events)])
    rows = status_table([{"person": f"P{person}", **STATUS} for person in statuses])

    summary = settle(tmp_path, bills, rows, replace(SMALL, block=2))

    assert (len(set(events)), 0) == (summary.sums["persons"], summary.sums["persons_set_apart"])
    assert sorted(f"P{person}" for person in events) == [row[0] for row in written(tmp_path / "out")]


@pytest.mark.parametrize("row", [0, 2, 5])
def test_a_row_without_a_person_concerns_nobody_else(row: int, tmp_path: Path) -> None:
    persons = ["P1", "P2", "P3", "P4", "P5"]
    persons.insert(row, None)  # type: ignore[arg-type]
    bills = event_table([{"person": person, **EVENT} for person in persons])

    settle(tmp_path, bills, statuses_with(), replace(SMALL, block=2))

    assert [*[980000] * 5, None] == [row[2] for row in written(tmp_path / "out")]
    assert [("event-without-person", row + 1)] == [(one["code"], one["row"]) for one in findings(tmp_path / "out")]


def test_a_bill_and_a_status_that_name_nobody_do_not_belong_together(tmp_path: Path) -> None:
    bills = event_table([{"person": person, **EVENT} for person in ("P1", None)])
    statuses = status_table([{"person": person, **STATUS} for person in ("P1", None)])

    settle(tmp_path, bills, statuses)

    assert [980000, None] == [row[2] for row in written(tmp_path / "out")]
    assert ["event-without-person"] == [one["code"] for one in findings(tmp_path / "out")]


# ---- interruptions ---------------------------------------------------------------------------------------------------

COMMAND = """
import sys
from pathlib import Path
from tests.batch.test_run import SMALL, parameters
from tuodi.batch.run import run_batch
from tuodi.language.load import load_policy
from tuodi.language.shelf import packaged_policies
folder = Path(sys.argv[1])
policy = load_policy(packaged_policies()[sys.argv[2]])
print("ready", flush=True)
run_batch(policy, parameters(sys.argv[2]), events=folder / "events.parquet", statuses=folder / "statuses.parquet",
          out=folder / "out", options=SMALL, progress=lambda _: print("block", flush=True))
"""


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_killed_at_ten_random_moments_and_resumed_the_result_has_the_same_bytes(seed: int, tmp_path: Path) -> None:
    """Bills stand in another order than persons, so that a kill may meet the sorting as well."""
    random = Random(seed)
    cases = [case | {"opening": []} for case in raw_cases(NAME, 6_000)]
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    whole.mkdir()
    broken.mkdir()
    write_parquet(event_table(in_another_order(event_rows(cases))), whole / "events.parquet")
    write_parquet(status_table(status_rows(cases)), whole / "statuses.parquet")
    for name in ("events.parquet", "statuses.parquet"):
        os.link(whole / name, broken / name)
    run(NAME, cases, whole, keep=True)

    for blocks in [0, 0, 0, *(random.randrange(1, 25) for _ in range(7))]:
        kill_after(broken, blocks, random.uniform(0, 0.05 if blocks else 2))
        assert not (broken / "out").exists()
    subprocess.run([sys.executable, "-c", COMMAND, broken, NAME], check=True, stdout=subprocess.DEVNULL)

    assert digests(whole / "out") == digests(broken / "out")
    assert not (broken / "out.partial").exists()


def kill_after(folder: Path, blocks: int, seconds: float) -> None:
    """Runs the batch and kills it so many blocks and seconds later."""
    with subprocess.Popen([sys.executable, "-c", COMMAND, folder, NAME], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        for _ in range(1 + blocks):
            assert process.stdout.readline()
        time.sleep(seconds)
        process.kill()
        assert -signal.SIGKILL == process.wait()


@pytest.mark.parametrize("block", [0, 1, 3])
def test_a_run_that_fails_in_the_middle_goes_on_where_it_was(block: int, tmp_path: Path) -> None:
    cases = [case | {"opening": []} for case in raw_cases(NAME, 400)]
    whole = tmp_path / "whole"
    whole.mkdir()
    run(NAME, cases, whole)
    seen = []

    def stop(progress: object) -> None:
        seen.append(progress)
        if len(seen) > block:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(NAME, cases, tmp_path, progress=stop)
    assert not (tmp_path / "out").exists()
    told: list[Any] = []
    run(NAME, cases, tmp_path, progress=told.append, keep=True)

    assert digests(whole / "out") == digests(tmp_path / "out")
    assert expected(NAME, cases) == written(tmp_path / "out")
    assert told[-1].settled == told[-1].total
    assert (block > 0) == (told[0].began > 0)


def test_an_unfinished_run_of_another_policy_is_not_gone_on_with(tmp_path: Path) -> None:
    cases = [case | {"opening": []} for case in raw_cases(NAME, 400)]
    steps = []

    def stop(progress: object) -> None:
        steps.append(progress)
        if len(steps) == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(NAME, cases, tmp_path, progress=stop)
    with pytest.raises(Faults) as faults:
        run(NAME, cases, tmp_path, keep=True, options=replace(SMALL, block=50))

    assert ["other-run"] == [one.code for one in faults.value.findings]
    run(NAME, cases, tmp_path, keep=True, options=replace(SMALL, block=50, fresh=True))
    assert expected(NAME, cases) == written(tmp_path / "out")


def test_files_that_may_not_grow_are_a_finding_and_leave_nothing_half(tmp_path: Path) -> None:
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000)); print("
    cases = [case | {"opening": []} for case in raw_cases(NAME, 300)]
    write_parquet(event_table(event_rows(cases)), tmp_path / "events.parquet")
    write_parquet(status_table(status_rows(cases)), tmp_path / "statuses.parquet")

    code = COMMAND.replace("print(", limit, 1)
    ended = subprocess.run([sys.executable, "-c", code, tmp_path, NAME], capture_output=True, text=True, check=False)

    assert "out-unwritable" in ended.stderr or "disk-full" in ended.stderr
    assert not (tmp_path / "out").exists()


def test_a_full_disk_is_a_finding_and_the_run_goes_on_once_there_is_room(small_disk: Path, tmp_path: Path) -> None:
    cases = [case | {"opening": []} for case in raw_cases(NAME, 1500)]
    run(NAME, cases, tmp_path)
    inputs = {name: tmp_path / f"{name}.parquet" for name in ("events", "statuses")}
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(DISK - 120_000))

    with pytest.raises(Faults) as faults:
        run(NAME, cases, small_disk, keep=True, **inputs)

    assert ["disk-full"] == [one.code for one in faults.value.findings]
    assert not (small_disk / "out").exists()
    assert len(list((small_disk / "out.partial").glob("events-*.parquet"))) > 0
    ballast.unlink()
    run(NAME, cases, small_disk, keep=True, **inputs)
    assert digests(tmp_path / "out") == digests(small_disk / "out", inputs=tmp_path)


DISK = 4 << 20


@pytest.fixture
def small_disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A file system of some megabytes, where this process may make one."""
    folder = tmp_path_factory.mktemp("disk")
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", folder], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("no file system can be mounted here")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_what_was_not_yet_said_to_count_is_made_anew(tmp_path: Path) -> None:
    """A part that was written, and of which the manifest knows nothing, is as if it were not there."""
    cases = [case | {"opening": []} for case in raw_cases(NAME, 400)]
    whole = tmp_path / "whole"
    whole.mkdir()
    run(NAME, cases, whole)
    steps = []

    def stop(progress: object) -> None:
        steps.append(progress)
        if len(steps) == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(NAME, cases, tmp_path, progress=stop)
    partial = tmp_path / "out.partial"
    for name in ("events-00002.parquet", "events-00002.parquet.tmp", "events-00099.parquet", "findings-00099.jsonl"):
        (partial / name).write_bytes(b"PAR1 cut short")
    run(NAME, cases, tmp_path, keep=True)

    assert digests(whole / "out") == digests(tmp_path / "out")


def digests(out: Path, inputs: Path | None = None) -> dict[str, str]:
    """Of every file but the summary and the manifest, which name the folder; findings name the inputs'."""
    folder = str(inputs or out.parent).encode()
    return {
        path.name: hashlib.sha256(path.read_bytes().replace(folder, b"")).hexdigest()
        for path in sorted(out.iterdir())
        if path.suffix != ".json"
    }


# ---- samples ---------------------------------------------------------------------------------------------------------


def test_a_sample_is_explained_in_the_engines_words(tmp_path: Path) -> None:
    cases = raw_cases(NAME, 200)

    run(NAME, cases, tmp_path, options=replace(SMALL, explain_one_in=4))

    lines = [
        line for path in (tmp_path / "out").glob("explanations-*") for line in path.read_text("utf-8").splitlines()
    ]
    assert 20 < len(lines) < 80
    assert all("救助" in line for line in lines)


def test_counts_at_the_end_open_the_next_run(tmp_path: Path) -> None:
    """A year cut in two is settled as in one."""
    cases = [case | {"opening": []} for case in raw_cases(NAME, 200)]
    firsts = [case | {"events": case["events"][:2]} for case in cases]
    seconds = [case | {"events": case["events"][2:]} for case in cases]
    (tmp_path / "first").mkdir()
    run(NAME, firsts, tmp_path / "first")
    counts = pa.concat_tables([pq.read_table(path) for path in sorted((tmp_path / "first/out").glob("counts-*"))])
    openings = write_parquet(counts, tmp_path / "openings.parquet")

    run(NAME, [case for case in seconds if case["events"]], tmp_path, openings=openings)

    whole = {row[:2]: row for row in expected(NAME, cases)}
    assert [whole[row[:2]] for row in written(tmp_path / "out")] == written(tmp_path / "out")


def _recast(table: pa.Table, column: str, kind: pa.DataType) -> pa.Table:
    place = table.column_names.index(column)
    return table.set_column(place, column, table[column].cast(pa.float64()).cast(kind))
