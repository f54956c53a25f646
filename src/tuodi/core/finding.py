"""A fault in data from outside: what is wrong, where, and what would mend it. Collected, all of them at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where: a file with line and column (from 1), or a path into a record (`events[2].amounts.total`)."""

    file: str = ""
    line: int = 0
    column: int = 0
    path: str = ""

    def __str__(self) -> str:
        spot = self.file
        if self.line:
            spot += f":{self.line}" + (f":{self.column}" if self.column else "")
        return " ".join(part for part in (spot, self.path) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fault. `code` is stable and in kebab-case; message and remedy are Chinese sentences."""

    code: str
    message: str
    place: Place = field(default_factory=Place)
    remedy: str = ""

    def __str__(self) -> str:
        where = f"{self.place}: " if str(self.place) else ""
        mend = f"（{self.remedy}）" if self.remedy else ""
        return f"{where}{self.message}{mend} [{self.code}]"


def finding(code: str, message: str, path: str = "", remedy: str = "") -> Finding:
    """A fault at a path into a record, or of the record as a whole: what most findings are."""
    return Finding(code=code, message=message, place=Place(path=path), remedy=remedy)


class Faults(Exception):
    """Everything that is wrong with one input. Raised once, with all its findings."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        assert self.findings, "Faults is raised only with findings"
        super().__init__("\n".join(str(finding) for finding in self.findings))
