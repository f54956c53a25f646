"""The rooms lean on each other only as docs/architecture.md says."""

import ast
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from tests.house.tree import PACKAGE, ROOMS, ROOT, imported_names, modules

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


# ---- tables ----------------------------------------------------------------------------------------------------------
OWNING = sorted(
    path.parent.relative_to(PACKAGE).as_posix()
    for path in (*PACKAGE.glob("platform/*/models.py"), PACKAGE / "gateway/models.py")
    if path.parent.name != "base"
)
"""Rooms with tables. What lies in `base`, regions, institutions and accounts, everybody reads."""
STANDING_ON_TABLES = ("platform", "gateway", "console", "cli", "site")
NOT_YET = (
    "console/home.py", "console/people/", "console/policies/", "console/settlements/", "gateway/at_desk/lost.py",
    "gateway/at_desk/told.py", "gateway/audit.py",
    "platform/settlement/account.py", "platform/settlement/audit.py", "platform/settlement/review.py",
)  # fmt: skip
"""What reaches into another room's tables and is to be led through its selectors: the list only gets shorter."""


def owner_of(path: Path) -> str:
    """The room in which a module lies."""
    name = path.relative_to(PACKAGE).as_posix()
    return next((room for room in OWNING if name.startswith(f"{room}/")), "")


def foreign_models(path: Path) -> set[str]:
    """Other rooms' models that a module imports when it runs; what only types are read from does not count."""
    names: set[str] = set()
    for node in _running(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    others = {f"tuodi.{room.replace('/', '.')}.models" for room in OWNING if room != owner_of(path)}
    return names & others


def _running(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        return
    yield node
    for child in ast.iter_child_nodes(node):
        yield from _running(child)


def foreign_tables(path: Path) -> set[str]:
    """Other rooms' tables that a module names in its texts: in SQL of its own, beside that room's selectors."""
    texts = " ".join(
        node.value
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    own = owner_of(path)
    others = [table for room, tables in TABLES.items() if room != own for table in tables]
    return {table for table in others if re.search(rf"\b{table}\b(?! *\()", texts)}


TABLES = {
    room: re.findall(r'db_table = "(\w+)"', (PACKAGE / room / "models.py").read_text(encoding="utf-8"))
    for room in OWNING
}  # fmt: skip


def standing_on_tables() -> list[Path]:
    """Modules that read or write: not those that make the tables, nor the keys that lead from one to another."""
    found = [path for room in STANDING_ON_TABLES for path in modules(room)]
    return [path for path in found if path.name not in ("models.py", "schema.py") and "migrations" not in path.parts]


def test_every_room_s_tables_are_found() -> None:
    assert all(TABLES.values())


def test_a_room_s_tables_are_reached_through_its_selectors_and_services() -> None:
    found = {
        str(path.relative_to(PACKAGE)): sorted(foreign)
        for path in standing_on_tables()
        if (foreign := foreign_models(path) | foreign_tables(path))
    }

    assert {} == {name: foreign for name, foreign in found.items() if not name.startswith(NOT_YET)}
