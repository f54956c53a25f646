"""What a run has finished, part by part, on disk: complete or not there, and where to go on after an interruption.

A run works in `<out>.partial`. Each part's files are written under another name and renamed when they are whole; then
the manifest, renamed as well, says that they count. At the end the folder itself is renamed, so that `<out>` is a whole
result or does not exist.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from tuodi.core.finding import Faults, Finding, Place

MANIFEST = "manifest.json"


class Position(NamedTuple):
    """The next row of each table."""

    events: int = 0
    statuses: int = 0
    openings: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A finished part: its files, where the input stood after it, and what it adds up to."""

    files: tuple[str, ...]
    end: Position
    sums: Mapping[str, int]
    findings: Mapping[str, int]

    def record(self) -> dict[str, Any]:
        """As JSON holds it."""
        return {"files": self.files, "end": list(self.end), "sums": self.sums, "findings": self.findings}

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Part:
        """Back from JSON."""
        end = Position(*record["end"])
        return cls(files=tuple(record["files"]), end=end, sums=record["sums"], findings=record["findings"])


@dataclass(slots=True, kw_only=True)
class Workplace:
    """The folder of an unfinished run, held by this process alone."""

    out: Path
    folder: Path
    fingerprint: Mapping[str, Any]
    parts: list[Part] = field(default_factory=list)

    @property
    def position(self) -> Position:
        """Where the run goes on."""
        return self.parts[-1].end if self.parts else Position()

    def add(self, part: Part) -> None:
        """Says that the part, whose files are whole, counts."""
        self.parts.append(part)
        self._write_manifest()

    def forget_nothing(self) -> None:
        """Says whose folder this is."""
        self._write_manifest()

    def forget_parts(self) -> None:
        """Begins again: what was made so far is removed."""
        files = [name for part in self.parts for name in part.files]
        self.parts = []
        self._write_manifest()
        for name in files:
            (self.folder / name).unlink(missing_ok=True)

    def sums(self) -> Counter[str]:
        """What all parts add up to."""
        total: Counter[str] = Counter()
        for part in self.parts:
            total.update(part.sums)
        return total

    def finish(self, summary: Mapping[str, Any]) -> None:
        """Makes the folder the result."""
        write_whole(self.folder / "summary.json", orjson.dumps(summary, option=orjson.OPT_INDENT_2))
        shutil.rmtree(self.folder / "prepared", ignore_errors=True)
        kept = {name for part in self.parts for name in part.files} | {"summary.json", "findings.jsonl", MANIFEST}
        for path in self.folder.iterdir():
            if path.name not in kept:
                path.unlink()
        self.folder.rename(self.out)
        _sync(self.out.parent)

    def _write_manifest(self) -> None:
        manifest = {"fingerprint": self.fingerprint, "parts": [part.record() for part in self.parts]}
        write_whole(self.folder / MANIFEST, orjson.dumps(manifest, option=orjson.OPT_INDENT_2))


@contextmanager
def workplace(out: Path, fingerprint: Mapping[str, Any], fresh: bool = False) -> Iterator[Workplace]:
    """The folder in which the run goes on, or begins (`fresh`: in any case).

    Raises Faults where the result is there already, another run is at work, or the unfinished run was another one.
    """
    if out.exists():
        raise Faults([_finding("out-exists", "结果已经在这里", out, "换一个位置，或先移走它")])
    folder = out.with_name(f"{out.name}.partial")
    folder.mkdir(parents=True, exist_ok=True)
    with (folder.with_name(f"{folder.name}.lock")).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Faults([_finding("out-in-use", "另一个进程正在这里结算", folder, "等它结束，或换一个位置")]) from None
        if fresh:
            shutil.rmtree(folder)
            folder.mkdir()
        place = Workplace(out=out, folder=folder, fingerprint=fingerprint, parts=_earlier(folder, fingerprint))
        place.forget_nothing()
        try:
            yield place
        except BaseException:
            if not place.parts:
                shutil.rmtree(folder)  # nothing to go on from
            raise
        finally:
            Path(lock.name).unlink(missing_ok=True)


def write_whole(path: Path, content: bytes) -> None:
    """The file with this content, or as it was."""
    temporary = path.with_name(f"{path.name}.tmp")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    _sync(path.parent)


def made_whole(paths: Iterable[tuple[Path, Path]]) -> None:
    """Renames finished files from their temporary names."""
    for temporary, path in paths:
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.replace(path)
        _sync(path.parent)


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _earlier(folder: Path, fingerprint: Mapping[str, Any]) -> list[Part]:
    path = folder / MANIFEST
    if not path.exists():
        return []
    manifest = orjson.loads(path.read_bytes())
    if manifest["fingerprint"] != orjson.loads(orjson.dumps(fingerprint)):
        differing = [name for name in fingerprint if manifest["fingerprint"].get(name) != _plain(fingerprint[name])]
        reason = f"这里有一次没做完的结算，但不是同一次（不同：{'、'.join(differing)}）"
        raise Faults([_finding("other-run", reason, folder, "换一个位置，或从头开始（--fresh）")])
    return [Part.of(part) for part in manifest["parts"]]


def _plain(value: Any) -> Any:
    return orjson.loads(orjson.dumps(value))


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _finding(code: str, message: str, path: Path, remedy: str) -> Finding:
    return Finding(code=code, message=message, place=Place(file=str(path)), remedy=remedy)
