"""Where things lie in the repository, for the tests of the house."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src/tuodi"
ROOMS = sorted(path.name for path in PACKAGE.iterdir() if path.is_dir() and path.name != "__pycache__")

_COMMITTED = ("src", "tests", "docs", "bench", ".ci", ".github")
_LEFT_BEHIND = ("__pycache__", ".egg-info", ".hypothesis")


def modules(room: str = "") -> list[Path]:
    """Python files of one room, or of the whole package."""
    return sorted((PACKAGE / room).rglob("*.py"))


def imported_names(path: Path) -> set[str]:
    """Full names of the modules that a file imports."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def committed_files() -> Iterator[Path]:
    """Every file that belongs to the project; environments and caches apart."""
    yield from (path for path in ROOT.iterdir() if path.is_file() and not path.name.startswith(".coverage"))
    for folder in _COMMITTED:
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and not any(part.endswith(_LEFT_BEHIND) for part in path.parts):
                yield path
