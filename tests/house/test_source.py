"""What the house asks of every source file."""

import ast
import re
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.tree import ROOT, committed_files, modules

LINES_MOST = 60
LINES_MEDIAN_MOST = 15


@pytest.mark.parametrize("path", modules(), ids=str)
def test_a_module_says_its_purpose(path: Path) -> None:
    purpose = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""

    assert purpose.partition("\n")[0].rstrip().endswith((".", "。")), "the first line of the docstring is one sentence"


def test_a_function_fits_on_a_screen() -> None:
    long = [f"{place} has {length} lines" for place, length in function_lengths() if length > LINES_MOST]

    assert [] == long


def test_functions_are_mostly_short() -> None:
    assert statistics.median(length for _, length in function_lengths()) <= LINES_MEDIAN_MOST


def test_no_module_is_a_drawer_for_odds_and_ends() -> None:
    drawers = {"utils", "util", "helpers", "helper", "misc", "common", "manager"}

    assert [] == [str(path) for path in modules() if path.stem in drawers]


def test_nothing_names_a_place_outside_the_repository() -> None:
    outside = re.compile("|".join([r"\.\./" + "shared", "/work/" + "shared", "/work/" + "main", r"/tmp/" + "brief"]))
    text_files = [path for path in committed_files() if path.suffix not in (".png", ".svg")]

    assert [] == [str(path) for path in text_files if outside.search(path.read_text(encoding="utf-8"))]


def test_no_file_is_too_heavy_to_read() -> None:
    assert [] == [str(path) for path in committed_files() if path.stat().st_size > 500_000]


def test_the_licence_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")

    assert "Apache License\n                           Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text


def function_lengths() -> Iterator[tuple[str, int]]:
    """Each function of the package with its number of lines, its docstring apart."""
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                docstring = node.body[0] if ast.get_docstring(node) else None
                spared = docstring.end_lineno - docstring.lineno + 1 if docstring and docstring.end_lineno else 0
                length = (node.end_lineno or node.lineno) - node.lineno + 1 - spared
                yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", length
