"""The command line, run inside the test: what it wrote where, and its exit code."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import Any

from click.testing import CliRunner

from tuodi.cli.frame import run


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    code: int
    out: str
    err: str

    @property
    def results(self) -> list[dict[str, Any]]:
        """Standard output as JSON Lines."""
        return [json.loads(line) for line in self.out.splitlines()]


def tuodi(*arguments: str, stdin: bytes | str = b"") -> Run:
    with CliRunner().isolation(input=stdin) as streams:
        code = run(arguments)
        sys.stdout.flush()
        sys.stderr.flush()
        return Run(code=code, out=streams[0].getvalue().decode(), err=streams[1].getvalue().decode())
