"""Whatever becomes of a policy file, loading gives a policy or findings with a place and a way out; never a crash."""

from copy import deepcopy
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tuodi.core.finding import Faults, Finding
from tuodi.language.load import load_policy

ROOT = Path(__file__).parents[2]
FOLDERS = [
    ROOT / "tests/language/specimen",
    ROOT / "src/tuodi/policies/yangquan-2019-45",
    ROOT / "src/tuodi/policies/ningbo-2019-27",
    ROOT / "src/tuodi/policies/qingdao-2018-1",
]
READ: dict[Path, Any] = {
    folder: yaml.load((folder / "policy.yaml").read_text(encoding="utf-8"), yaml.BaseLoader) for folder in FOLDERS
}
WORDS = [
    *("", "null", "yes", "true", "none", "everyone", "all", "x", "0.7", "70%", "140%", "100", "-5", "99999999999"),
    *("2020-01-01", "9999-12-31", "inpatient", "burden", "unpaid", "item_burden", "relief", "poor", "destitute", "age"),
]
KEYS = [
    "id",
    "when",
    "for",
    "of",
    "take",
    "cases",
    "by",
    "from",
    "parameter",
    "sum_of",
    "feed",
    "above",
    "limit",
    "after",
]


def paths(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every node, the root apart."""
    below = list(node.items()) if isinstance(node, dict) else list(enumerate(node)) if isinstance(node, list) else []
    return [one for key, child in below for one in [(*path, key), *paths(child, (*path, key))]]


def at(node: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        node = node[key]
    return node


@st.composite
def mutilated(draw: st.DrawFn) -> tuple[Path, Any]:
    """A policy with some of its nodes gone, replaced, moved or renamed."""
    folder = draw(st.sampled_from(FOLDERS))
    root = deepcopy(READ[folder])
    for _ in range(draw(st.integers(1, 4))):
        path = draw(st.sampled_from(paths(root)))
        parent, last = at(root, path[:-1]), path[-1]
        how = draw(st.sampled_from(["gone", "word", "other", "renamed", "empty"]))
        if how == "gone":
            del parent[last]
        elif how == "word":
            parent[last] = draw(st.sampled_from(WORDS))
        elif how == "other":
            parent[last] = deepcopy(at(root, draw(st.sampled_from(paths(root)))))
        elif how == "renamed" and isinstance(parent, dict):
            parent[draw(st.sampled_from(KEYS))] = parent.pop(last)
        else:
            parent[last] = draw(st.sampled_from([{}, []]))
        if not paths(root):
            break
    return folder, root


def check(folder: Path, text: str) -> None:
    """Loading ends well, or in findings that each have a place and a way out."""
    assert all(finding.message and finding.remedy and finding.place.line for finding in said_of(folder, text))


def said_of(folder: Path, text: str) -> tuple[Finding, ...]:
    with TemporaryDirectory() as made:
        copytree(folder / "lists", Path(made) / "lists")
        (Path(made) / "policy.yaml").write_text(text, encoding="utf-8")
        try:
            load_policy(Path(made))
        except Faults as faults:
            return faults.findings
    return ()


@settings(max_examples=60)
@given(mutilated())
def test_a_mutilated_policy_is_told_about(written: tuple[Path, Any]) -> None:
    folder, root = written
    check(folder, yaml.dump(root, allow_unicode=True, sort_keys=False, width=10_000))


@pytest.mark.slow
@settings(max_examples=500)
@given(mutilated())
def test_many_mutilated_policies_are_told_about(written: tuple[Path, Any]) -> None:
    folder, root = written
    check(folder, yaml.dump(root, allow_unicode=True, sort_keys=False, width=10_000))


@settings(max_examples=60)
@given(st.data())
def test_a_policy_with_lines_lost_is_told_about(data: st.DataObject) -> None:
    folder = data.draw(st.sampled_from(FOLDERS))
    lines = (folder / "policy.yaml").read_text(encoding="utf-8").split("\n")
    start = data.draw(st.integers(0, len(lines) - 1))
    length = data.draw(st.integers(1, 5))
    check(folder, "\n".join(lines[:start] + lines[start + length :]))
