"""What a report rests on, so that anybody can make it again: policy and hash, people and seed, versions, command."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from tuodi import __version__
from tuodi.lab.population.settings import cities, city_named
from tuodi.lab.report.amounts import number
from tuodi.language.model import Policy

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What only the door knows: when and by which command, and what the run was given.

    `made`: day and hour as it is to be shown; `policies`: with what they are here ("政策", "新政策").
    """

    made: str = ""
    command: str = ""
    policies: tuple[tuple[str, Policy], ...] = ()
    parameters: Mapping[str, object] | None = None
    folder: Path | None = None
    files: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where people come from. `synthetic`: nobody of them exists."""

    synthetic: bool
    rows: tuple[tuple[str, str], ...]


def receipt(ground: Ground) -> tuple[tuple[str, str], ...]:
    """(what, value), in the order in which one asks."""
    return tuple(_rows(ground))


def origin(ground: Ground) -> Origin:
    """What is known of the people."""
    said = _manifest(ground.folder)
    if not said.get("synthetic"):
        return Origin(synthetic=False, rows=tuple(_file_rows(ground.files)))
    rows = [
        ("人群", _synthetic_said(said)),
        ("人群的设定", f"哈希 {said['data']}，由 tuodi {said['tuodi']} 生成"),
    ]
    rows += [(f"文件 {name}", f"SHA-256 {one['sha256']}") for name, one in said["files"].items() if "rows" in one]
    return Origin(synthetic=True, rows=tuple(rows))


def people_said(ground: Ground, otherwise: str) -> str:
    """Whose bills these are, in a line."""
    said = _manifest(ground.folder)
    return _synthetic_said(said) if said.get("synthetic") else otherwise


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _rows(ground: Ground) -> Iterator[tuple[str, str]]:
    for what, policy in ground.policies:
        document = policy.document
        yield what, f"{document.title}（{document.number}），{document.id}"
        yield f"{what}的内容", f"SHA-256 {policy.content_hash}"
    if ground.parameters:
        yield "参数", "；".join(f"{name}={_plain(value)}" for name, value in sorted(ground.parameters.items()))
    yield from origin(ground).rows
    yield "程序", f"tuodi {__version__}"
    if ground.command:
        yield "命令", ground.command
    if ground.made:
        yield "生成时间", ground.made


def _synthetic_said(said: Mapping[str, Any]) -> str:
    city = city_named(said["city"]).label if said["city"] in cities() else said["city"]
    return f"{city} {said['year']}年合成人群 {number(said['persons'])} 人，种子 {said['seed']}"


def _plain(value: object) -> str:
    if isinstance(value, Mapping):
        shown = [f"{key} {_plain(one)}" for key, one in sorted(value.items())]
        return "、".join(shown[:6]) + (f" 等 {len(shown)} 项" if len(shown) > 6 else "")
    return str(value)


def _file_rows(files: Sequence[Path]) -> Iterator[tuple[str, str]]:
    for path in files:
        size = f"，{number(path.stat().st_size)} 字节" if path.is_file() else ""
        yield "文件", f"{path}{size}"


def _manifest(folder: Path | None) -> dict[str, Any]:
    path = folder / MANIFEST if folder is not None else None
    if path is None or not path.is_file():
        return {}
    said = orjson.loads(path.read_bytes())
    return said if isinstance(said, dict) else {}
