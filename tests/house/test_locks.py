"""The lock files fix every package by hash, for whatever index a machine asks."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.house.tree import ROOT

LOCKS = [ROOT / name for name in ("requirements.lock", "requirements-bench.lock", "requirements-spark.lock")]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def entries(lock: Path) -> list[str]:
    """One text for each locked package: name, version, marker, hashes."""
    text = re.sub(r"^\s*#.*\n", "", lock.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return [entry for entry in text.replace("\\\n", " ").splitlines() if entry.strip()]


def versions(lock: Path) -> set[tuple[str, str]]:
    return {(name, version) for entry in entries(lock) for name, version in re.findall(r"^(\S+?)==(\S+)", entry)}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_names_no_address(lock: Path) -> None:
    assert [] == re.findall(r".*(?:://|index-url|find-links| @ ).*", lock.read_text(encoding="utf-8"))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_locked_package_has_one_version_and_hashes(lock: Path) -> None:
    shape = re.compile(r"[a-z0-9.-]+(\[[a-z0-9,-]+\])?==[\w.]+( ; [^-]+?)?(\s+--hash=sha256:[0-9a-f]{64})+\s*")

    assert [] == [entry for entry in entries(lock) if not shape.fullmatch(entry)]


EXTRAS = [(LOCKS[0], "dev"), (LOCKS[1], "bench"), (LOCKS[2], "spark"), (LOCKS[2], "spark-test")]


@pytest.mark.parametrize(("lock", "extra"), EXTRAS, ids=[extra for _, extra in EXTRAS])
def test_whatever_the_project_names_is_locked(lock: Path, extra: str) -> None:
    named = PROJECT["dependencies"] + PROJECT["optional-dependencies"][extra]
    wanted = {re.split(r"[^\w-]", name)[0].lower() for name in named}

    assert set() == wanted - {name for name, _ in versions(lock)}


def test_what_is_measured_is_what_is_shipped() -> None:
    shipped = {re.split(r"[^\w-]", name)[0].lower() for name in PROJECT["dependencies"]}
    work, bench, spark = ({pair for pair in versions(lock) if pair[0] in shipped} for lock in LOCKS)

    assert work == bench
    assert work == spark
