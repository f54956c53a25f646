"""What the workers of a cluster are told, once for a run, and how they answer: small, and in bytes or JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from tuodi.batch.convert import Files
from tuodi.batch.parts import Part
from tuodi.batch.run import Options
from tuodi.core.finding import Faults, Finding, Place
from tuodi.language.model import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """What is settled under."""

    policy: Policy
    parameters: Mapping[str, object]
    plan: Policy | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """`version`: of this package, the same everywhere. `folder`: of the unfinished run."""

    version: str
    law: Law
    files: Files
    folder: Path
    options: Options

    @property
    def scratch(self) -> Path:
        """Where files stand that are not whole, and markers; gone at the end."""
        return self.folder / "prepared"


def marker(scratch: Path, number: int) -> Path:
    """Where a worker says that a part's files are whole."""
    return scratch / f"part-{number:05d}.json"


def answer_of(part: Part) -> bytes:
    """A part that is settled."""
    return orjson.dumps(part.record())


def refusal_of(findings: Iterable[Finding]) -> bytes:
    """What is wrong, so that nobody can settle the part, however often."""
    told = [
        {
            "code": one.code,
            "message": one.message,
            "remedy": one.remedy,
            "file": one.place.file,
            "line": one.place.line,
            "path": one.place.path,
        }
        for one in findings
    ]
    return orjson.dumps({"refused": told})


def part_of(answer: bytes | str) -> Part:
    """The part. Raises Faults where the worker refused."""
    record = orjson.loads(answer)
    if "refused" in record:
        raise Faults(map(_finding, record["refused"]))
    return Part.of(record)


def _finding(told: Mapping[str, Any]) -> Finding:
    place = Place(file=told["file"], line=told["line"], path=told["path"])
    return Finding(code=told["code"], message=told["message"], place=place, remedy=told["remedy"])
