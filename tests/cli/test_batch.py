"""`tuodi batch run`: from files to a whole folder, with findings by file and row."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from tests.cli.city import POLICY, city
from tests.cli.terminal import tuodi


def files(folder: Path) -> tuple[str, ...]:
    return "--events", str(folder / "events.parquet"), "--statuses", str(folder / "statuses.parquet")


@pytest.fixture
def bills(tmp_path: Path) -> Path:
    """The city's files, to be spoilt."""
    shutil.copytree(city(), tmp_path / "bills")
    return tmp_path / "bills"


def spoil(folder: Path, table: str, column: str, row: int, value: object) -> None:
    path = folder / f"{table}.parquet"
    whole = pq.read_table(path)
    values = whole[column].combine_chunks()
    if pa.types.is_dictionary(values.type):
        values = values.cast(pa.string())
    mixed = pc.if_else(
        pa.array([place == row for place in range(whole.num_rows)]), pa.scalar(value, values.type), values
    )
    pq.write_table(whole.set_column(whole.column_names.index(column), column, mixed), path)


def test_a_population_is_settled_into_a_folder(tmp_path: Path) -> None:
    run = tuodi("batch", "run", POLICY, "--population", str(city()), "--out", str(tmp_path / "out"))
    summary = json.loads((tmp_path / "out" / "summary.json").read_bytes())

    assert 0 == run.code
    assert f"{summary['sums']['events']:,}" in run.out
    assert summary["sums"]["relief_fen"] > 0
    assert f"结果在 {tmp_path / 'out'}" in run.out
    rows = sum(pq.read_metadata(path).num_rows for path in (tmp_path / "out").glob("events-*.parquet"))
    assert pq.read_metadata(city() / "events.parquet").num_rows == rows == summary["sums"]["events"]


def test_files_come_to_the_same_as_their_population(tmp_path: Path) -> None:
    tuodi("batch", "run", POLICY, "--population", str(city()), "--out", str(tmp_path / "a"))
    tuodi("batch", "run", POLICY, *files(city()), "--out", str(tmp_path / "b"))

    a, b = (json.loads((tmp_path / name / "summary.json").read_bytes())["sums"] for name in "ab")
    assert a == b


def test_a_faulty_row_is_told_by_file_and_row_and_its_person_set_apart(bills: Path, tmp_path: Path) -> None:
    spoil(bills, "events", "total_fen", 6, -1)
    run = tuodi("batch", "run", POLICY, *files(bills), "--out", str(tmp_path / "out"))
    summary = json.loads((tmp_path / "out" / "summary.json").read_bytes())

    assert 1 == run.code
    assert f"{bills}/events.parquet:7 total" in run.err
    assert "findings.jsonl" in run.err
    assert 1 == summary["sums"]["persons_set_apart"]


def test_a_column_that_is_missing_stops_the_run_before_it_writes(bills: Path, tmp_path: Path) -> None:
    whole = pq.read_table(bills / "events.parquet")
    pq.write_table(whole.drop_columns(["basic_fen"]), bills / "events.parquet")
    run = tuodi("batch", "run", POLICY, *files(bills), "--out", str(tmp_path / "out"))

    assert (1, "") == (run.code, run.out)
    assert "column-missing" in run.err
    assert not (tmp_path / "out").exists()


def test_a_report_has_the_sums_of_the_run(tmp_path: Path) -> None:
    out, report = tmp_path / "out", tmp_path / "year.html"
    run = tuodi("batch", "run", POLICY, "--population", str(city()), "--out", str(out), "--report", str(report))
    relief = json.loads((out / "summary.json").read_bytes())["sums"]["relief_fen"]
    months = pq.read_table(tmp_path / "year-tables" / "months.parquet")

    assert 0 == run.code
    assert relief == sum(months["relief"].to_pylist())
    assert f"报告：{report}" in run.out
    assert f"--report {report}" in report.read_text(encoding="utf-8")


def test_options_reach_the_run(tmp_path: Path) -> None:
    out = tmp_path / "out"
    asked = ("--closings", "--explain", "50", "--workers", "1", "--parameters", "provincial_income=40000.00")
    run = tuodi("batch", "run", POLICY, *files(city()), "--out", str(out), *asked)

    assert 0 == run.code
    assert list(out.glob("counts-*.parquet"))
    assert list(out.glob("explanations-*.jsonl"))


def test_csv_in_another_encoding_is_read(tmp_path: Path) -> None:
    for name in ("events", "statuses"):
        table = pq.read_table(city() / f"{name}.parquet")
        kept = [field.name for field in table.schema if not pa.types.is_nested(field.type)]
        columns = [[_text(value) for value in table[one].to_pylist()] for one in kept]
        lines = [",".join(kept), *(",".join(row) for row in zip(*columns, strict=True))]
        (tmp_path / f"{name}.csv").write_bytes("\n".join([*lines, ""]).encode("gb18030"))
    run = tuodi(
        "batch",
        "run",
        POLICY,
        *("--events", str(tmp_path / "events.csv"), "--statuses", str(tmp_path / "statuses.csv")),
        *("--out", str(tmp_path / "out"), "--encoding", "gb18030"),
    )

    assert 0 == run.code, run.err


def _text(value: object) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


WRONG_USE = {
    "no bills": ((POLICY, "--out", "x"), "要有 --population"),
    "both": ((POLICY, "--population", "p", "--events", "e", "--out", "x"), "只能给一种"),
    "no population": ((POLICY, "--population", "nowhere", "--out", "x"), "没有 events.parquet"),
    "no file": ((POLICY, "--events", "no.parquet", "--statuses", "no.parquet", "--out", "x"), "没有这个文件"),
    "no out": ((POLICY, "--events", "a", "--statuses", "b"), "缺少 --out"),
    "no number": ((POLICY, "--population", "p", "--out", "x", "--workers", "many"), "“many”不是从 1 起的整数"),
    "not a report": ((POLICY, "--population", "p", "--out", "x", "--report", "r.pdf"), "不以 .html 结尾"),
    "no parameters": ((POLICY, "--events", "a", "--statuses", "b", "--out", "x", "--parameters", "n"), "不能读 n"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG_USE)
def test_wrong_use_is_told_with_a_way_out(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    arguments, told = WRONG_USE[name]
    run = tuodi("batch", "run", *arguments)

    assert (2, "") == (run.code, run.out)
    assert told in run.err
    assert [] == list(tmp_path.iterdir())


def test_a_result_that_is_there_is_never_touched(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    run = tuodi("batch", "run", POLICY, "--population", str(city()), "--out", str(tmp_path / "out"))

    assert 2 == run.code
    assert "结果已经在这里" in run.err
    assert [] == list((tmp_path / "out").iterdir())


def test_parameters_come_from_a_file_too_and_the_last_one_wins(tmp_path: Path) -> None:
    from tuodi.cli.parameters import parameters_of
    from tuodi.cli.speech import chinese

    (tmp_path / "p.json").write_text('{"parameters": {"a": "1", "b": {"x": "2"}}}', encoding="utf-8")

    assert {"a": "3", "b": {"x": "2"}} == parameters_of([str(tmp_path / "p.json"), "a=3"], chinese)


@pytest.mark.parametrize("content", ["[1]", "{", '{"parameters": '])
def test_a_parameter_file_that_is_none_is_wrong_use(content: str, tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text(content, encoding="utf-8")
    run = tuodi("batch", "run", POLICY, *files(city()), "--out", "x", "--parameters", str(tmp_path / "p.json"))

    assert 2 == run.code
