"""Hand-worked cases as they stand in the policies' folders, and what the engine makes of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from tuodi.engine.case import read_case
from tuodi.engine.result import result_of
from tuodi.engine.settle import Engine, settle_case
from tuodi.language.load import load_policy

from tuodi.engine.bind import bind
from tuodi.language.model import Policy

HOME = Path(__file__).parents[2] / "src" / "tuodi" / "policies"
POLICIES = sorted(path.parent for path in HOME.glob("*/policy.yaml"))


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkedCase:
    title: str
    covers: tuple[str, ...]
    arithmetic: str
    case: dict[str, Any]
    expected: list[dict[str, Any]]


@lru_cache
def policy(folder: Path) -> Policy:
    return load_policy(folder)


def worked_cases(folder: Path) -> list[WorkedCase]:
    files = sorted((folder / "cases").glob("*.yaml"))
    return [_worked(raw) for file in files for raw in yaml.safe_load(file.read_text("utf-8"))["cases"]]


def _worked(raw: dict[str, Any]) -> WorkedCase:
    return WorkedCase(
        title=raw["title"],
        covers=tuple(raw["covers"]),
        arithmetic=raw["arithmetic"],
        case=raw["case"],
        expected=[_comparable(event) for event in raw["expect"]],
    )


def settled(worked: WorkedCase) -> list[dict[str, Any]]:
    return [_comparable(event) for event in result(worked.case)["events"]]


def result(case: dict[str, Any]) -> dict[str, Any]:
    """What `tuodi settle` would write for the case."""
    engine = _engine(case["policy"], json.dumps(case.get("parameters", {}), ensure_ascii=False))
    return result_of(engine, settle_case(engine, read_case(case, engine.bound.policy)))


@lru_cache(maxsize=64)
def _engine(policy_id: str, parameters: str) -> Engine:
    return Engine(bind(policy(HOME / policy_id), json.loads(parameters)))


def _comparable(event: dict[str, Any]) -> dict[str, Any]:
    refusal = event["refusal"]
    return {
        "id": event["id"],
        "relief": event["relief"],
        "personal": event["personal"],
        "lines": [{key: line.get(key) for key in ("clause", "basis", "paid")} for line in event["lines"]],
        "refusal": refusal and {"clause": refusal["clause"]},
    }
