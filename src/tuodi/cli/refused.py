"""Faults of a long work, told: what was asked wrongly leaves with 2, what is wrong in somebody's data with 1."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from tuodi.cli.findings import show
from tuodi.cli.frame import FINDINGS
from tuodi.cli.speech import Say
from tuodi.cli.wrong_use import WrongUse
from tuodi.core.finding import Faults, Finding

ASKED_WRONGLY = frozenset(
    {
        "unknown-city",
        "persons-out-of-range",
        "seed-out-of-range",
        "identity-numbers-used-up",
        "folder-exists",
        "file-missing",
        "table-missing",
        "out-exists",
        "out-in-use",
        "other-run",
        "out-unwritable",
        "disk-full",
        "sort-memory",
        "report-name",
        "report-unwritable",
        "unknown-number",
        "unknown-parameter",
        "setting-malformed",
        "set-twice",
        "nothing-changes",
        "wrong-unit",
        "rate-too-high",
        "mixed-units",
        "no-value",
        "spark-missing",
        "java-missing",
        "java-old",
        "master-unknown",
        "master-unreachable",
        "spark-worker-python",
        "spark-version",
        "spark-unseen",
        "spark-failed",
    }
)
"""Codes of findings about how a command was called, or where it was to write."""


@contextmanager
def told(say: Say) -> Iterator[None]:
    """Inside, Faults are told instead of raised; leaves with 1, or with 2 where only the call was wrong."""
    try:
        yield
    except Faults as faults:
        if all(one.code in ASKED_WRONGLY for one in faults.findings):
            raise WrongUse("\n".join(map(_line, faults.findings))) from None
        show(faults.findings, say, err=True)
        raise click.exceptions.Exit(FINDINGS) from None


def _line(finding: Finding) -> str:
    remedy = f"：{finding.remedy}" if finding.remedy else ""
    place = f"{finding.place.file} " if finding.place.file and finding.place.file not in finding.message else ""
    return f"{place}{finding.message}{remedy}"
