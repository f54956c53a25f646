"""What keeps a machine from asking for a cluster is told at once, with a way out; needs neither Spark nor Java."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.cli.terminal import Run, tuodi
from tuodi.batch.spark.cluster import check_ground
from tuodi.core.finding import Faults

MASTER = "spark://127.0.0.1:9"


@pytest.fixture(autouse=True)
def bare_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine with Java 17 and without pyspark."""
    monkeypatch.setitem(sys.modules, "pyspark", None)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "java"))
    return java(tmp_path, "17.0.15")


def java(folder: Path, version: str) -> Path:
    command = folder / "java" / "bin" / "java"
    command.parent.mkdir(parents=True, exist_ok=True)
    command.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\" 2025-04-15' >&2\n", encoding="utf-8")
    command.chmod(0o755)
    return command


def told(master: str) -> dict[str, str]:
    """By code the message and the remedy."""
    with pytest.raises(Faults) as faults:
        check_ground(master)
    return {one.code: f"{one.message}：{one.remedy}" for one in faults.value.findings}


def test_all_that_is_missing_is_told_at_once(bare_machine: Path) -> None:
    bare_machine.unlink()

    assert ["java-missing", "master-unreachable", "spark-missing"] == sorted(told(MASTER))


def test_a_missing_pyspark_is_told_how_to_install_it() -> None:
    assert "没有安装 pyspark" in told("yarn")["spark-missing"]
    assert "pip install 'tuodi[spark]'" in told("yarn")["spark-missing"]


def test_a_machine_without_java_is_told_how_to_get_it(bare_machine: Path) -> None:
    bare_machine.unlink()

    assert f"JAVA_HOME（{bare_machine.parents[1]}）里没有 Java" in told("yarn")["java-missing"]
    assert "openjdk-17-jre-headless" in told("yarn")["java-missing"]


@pytest.mark.parametrize(("version", "found"), [("1.8.0_392", "8"), ("11.0.2", "11")])
def test_an_old_java_is_told_its_version(version: str, found: str, tmp_path: Path) -> None:
    java(tmp_path, version)

    assert f"是 {found}，Spark 要 17 或更高" in told("yarn")["java-old"]


@pytest.mark.parametrize("version", ["17.0.15", "21-ea", "25"])
def test_a_java_that_will_do_is_not_spoken_of(version: str, tmp_path: Path) -> None:
    java(tmp_path, version)

    assert ["spark-missing"] == list(told("local[2]"))


@pytest.mark.parametrize(
    "master", ["", "127.0.0.1:7077", "spark://127.0.0.1", "http://127.0.0.1:8080", "spark://a:1,b"]
)
def test_what_is_no_master_is_told_how_one_is_written(master: str) -> None:
    assert f"“{master}”不是 Spark 主节点的地址" in told(master)["master-unknown"]
    assert "spark://主机:7077" in told(master)["master-unknown"]


@pytest.mark.parametrize(
    "master", [MASTER, "spark://127.0.0.1:9,127.0.0.1:10", "spark://[::1]:9", "spark://127.0.0.1:99999"]
)
def test_a_master_that_does_not_answer_is_named(master: str) -> None:
    assert f"连不上 Spark 主节点 {master}" in told(master)["master-unreachable"]


@pytest.mark.parametrize("master", ["local", "local[4]", "local[*]", "yarn", "k8s://https://127.0.0.1:6443"])
def test_masters_that_spark_starts_itself_are_left_to_it(master: str) -> None:
    assert ["spark-missing"] == list(told(master))


# ---- the command -----------------------------------------------------------------------------------------------------


def command(folder: Path, *options: str) -> Run:
    return tuodi(
        "batch", "run", "liaocheng-2022-5", "--population", str(folder), "--out", str(folder / "out"), *options
    )


def test_the_command_tells_it_as_wrong_use_and_leaves_nothing(tmp_path: Path) -> None:
    for table in ("events", "statuses"):
        (tmp_path / f"{table}.parquet").touch()
    run = command(tmp_path, "--engine", "spark", "--master", MASTER)

    assert (2, "") == (run.code, run.out)
    assert "没有安装 pyspark" in run.err
    assert f"连不上 Spark 主节点 {MASTER}" in run.err
    assert "Traceback" not in run.err
    assert [] == list(tmp_path.glob("out*"))


WRONG_USE = {
    "a cluster without a master": (("--engine", "spark"), "--engine spark 还要 --master"),
    "a master without a cluster": (("--master", MASTER), "--master 只用于 --engine spark"),
    "another engine": (("--engine", "flink", "--master", MASTER), "没有“flink”"),
}


@pytest.mark.parametrize("name", WRONG_USE)
def test_an_engine_that_is_not_meant_is_wrong_use(name: str, tmp_path: Path) -> None:
    options, text = WRONG_USE[name]
    run = command(tmp_path, *options)

    assert (2, "") == (run.code, run.out)
    assert text in run.err
