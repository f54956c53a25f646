"""Engines ready to settle, one for each adopted policy row, kept as long as the process lives: rows never change."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from tuodi.engine.bind import bind
from tuodi.engine.settle import Engine
from tuodi.language.load import load_policy
from tuodi.language.model import Policy
from tuodi.ledger.account import Source
from tuodi.ledger.posting import Share
from tuodi.platform.fund.domain import Bearing, bearing_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """A policy row as it is stored: the files of its documents, its parameters, its shares in basis points."""

    id: int
    files: Mapping[str, str]
    plan_files: Mapping[str, str] | None
    parameters: Mapping[str, Any]
    otherwise: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """What settles a bill under one policy row."""

    id: int
    policy: Policy
    plan: Policy | None
    parameters: Mapping[str, Any]
    engine: Engine
    bearing: Bearing


_READY: dict[int, Ready] = {}
_LOCK = Lock()


def kept(policy: int) -> Ready | None:
    """The engine of the policy row, if this process has it."""
    return _READY.get(policy)


def keep(adopted: Adopted) -> Ready:
    """The engine of the policy row, made once. Adopting has seen that its files can be read."""
    with _LOCK:
        if adopted.id not in _READY:
            _READY[adopted.id] = made(adopted)
        return _READY[adopted.id]


def forget() -> None:
    """Drops all engines; for whoever empties the database under a running process."""
    with _LOCK:
        _READY.clear()


def made(adopted: Adopted) -> Ready:
    """The engine of a policy row. Raises Faults of policy, plan and parameters."""
    policy = loaded(adopted.files)
    plan = loaded(adopted.plan_files) if adopted.plan_files is not None else None
    shares = tuple(Share(source=Source[source], basis_points=points) for source, points in adopted.otherwise)
    return Ready(
        id=adopted.id,
        policy=policy,
        plan=plan,
        parameters=adopted.parameters,
        engine=Engine(bind(policy, adopted.parameters, plan)),
        bearing=bearing_of(policy, shares),
    )


def loaded(files: Mapping[str, str]) -> Policy:
    """The policy of these files, by their names in its folder."""
    with tempfile.TemporaryDirectory(prefix="tuodi-policy-") as folder:
        for name, text in files.items():
            path = Path(folder) / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(text.encode())
        return load_policy(Path(folder))
