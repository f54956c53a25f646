"""The rooms lean on each other only as docs/architecture.md says."""

import ast
import os
import sys
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from tests.house.tree import ROOMS, ROOT, imported_names, modules

DECIDING = [path for room in ("core", "language", "engine", "ledger") for path in modules(room)]
COUNTING = [path for room in ("core", "engine", "ledger") for path in modules(room)]


def test_every_wall_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)

    assert EXIT_STATUS_SUCCESS == lint_imports(no_cache=True)


@pytest.mark.parametrize("path", modules("core"), ids=str)
def test_core_needs_only_the_standard_library(path: Path) -> None:
    foreign = {
        name
        for name in imported_names(path)
        if name.partition(".")[0] not in sys.stdlib_module_names and not name.startswith("tuodi.core")
    }

    assert set() == foreign


@pytest.mark.parametrize("path", DECIDING, ids=str)
def test_what_decides_asks_no_clock_no_chance_and_no_network(path: Path) -> None:
    outside = {"time", "random", "secrets", "socket", "urllib", "http", "uuid"}

    assert set() == {name for name in imported_names(path) if name.partition(".")[0] in outside}


@pytest.mark.parametrize("path", COUNTING, ids=str)
def test_no_float_comes_near_money(path: Path) -> None:
    found = [
        f"line {node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Name) and node.id == "float")
        or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div))
    ]

    assert [] == found


def test_policies_are_data_without_python() -> None:
    assert [] == [str(path) for path in (ROOT / "src/tuodi/policies").rglob("*.py")]


def test_tests_mirror_the_rooms() -> None:
    beside_the_rooms = {"house", "errors", "journeys", "oracle", "policies"}
    folders = {entry.name for entry in os.scandir(ROOT / "tests") if entry.is_dir() and entry.name[0] not in "_."}

    assert set() == folders - beside_the_rooms - set(ROOMS)
