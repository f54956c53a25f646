"""Hand-worked cases as they stand in the policies' folders, and what the engine makes of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from tuodi.engine.bind import bind
from tuodi.engine.case import read_case
from tuodi.engine.result import result_of
from tuodi.engine.settle import Engine, settle_case
from tuodi.language.load import load_policy
from tuodi.language.model import Policy

HOME = Path(__file__).parents[2] / "src" / "tuodi" / "policies"
SHAPES = sorted(path.parent for path in (Path(__file__).parent / "shapes").glob("*/policy.yaml"))
POLICIES = sorted(path.parent for path in HOME.glob("*/policy.yaml"))


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkedCase:
    title: str
    covers: tuple[str, ...]
    arithmetic: str
    folder: Path
    case: dict[str, Any]
    expected: list[dict[str, Any]]


@lru_cache
def policy(folder: Path) -> Policy:
    return load_policy(folder)


def worked_cases(folder: Path) -> list[WorkedCase]:
    files = sorted((folder / "cases").glob("*.yaml"))
    return [_worked(raw, folder) for file in files for raw in yaml.safe_load(file.read_text("utf-8"))["cases"]]


def _worked(raw: dict[str, Any], folder: Path) -> WorkedCase:
    return WorkedCase(
        title=raw["title"],
        covers=tuple(raw["covers"]),
        arithmetic=raw["arithmetic"],
        case=raw["case"],
        folder=folder,
        expected=raw["expect"],
    )


def settled(worked: WorkedCase) -> list[dict[str, Any]]:
    """What the engine makes of the case, as far as the hand-worked page speaks of it."""
    events = result(worked)["events"]
    assert len(worked.expected) == len(events)
    return [_as_far_as(wanted, event) for wanted, event in zip(worked.expected, events, strict=True)]


def _as_far_as(wanted: Any, given: Any) -> Any:
    """The given value without the keys that the wanted one leaves out."""
    if isinstance(wanted, dict) and isinstance(given, dict):
        return {key: _as_far_as(value, given.get(key)) for key, value in wanted.items()}
    if isinstance(wanted, list) and isinstance(given, list) and len(wanted) == len(given):
        return [_as_far_as(one, other) for one, other in zip(wanted, given, strict=True)]
    return given


def result(worked: WorkedCase) -> dict[str, Any]:
    return result_in(worked.folder.parent, worked.case)


def result_in(home: Path, case: dict[str, Any]) -> dict[str, Any]:
    """What `tuodi settle` would write for the case, its policy standing in that folder."""
    engine = _engine(home / case["policy"], json.dumps(case.get("parameters", {}), ensure_ascii=False))
    return result_of(engine, settle_case(engine, read_case(case, engine.bound.policy)))


@lru_cache(maxsize=64)
def _engine(folder: Path, parameters: str) -> Engine:
    return Engine(bind(policy(folder), json.loads(parameters)))
