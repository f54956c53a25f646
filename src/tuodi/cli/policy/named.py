"""A policy that the command line names: found and loaded, or its findings shown."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from tuodi.cli.findings import show
from tuodi.cli.frame import FINDINGS
from tuodi.cli.speech import Say
from tuodi.cli.wrong_use import WrongUse
from tuodi.core.finding import Faults
from tuodi.language.load import load_policy
from tuodi.language.model import Policy
from tuodi.language.shelf import find


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A policy and the folder that it stands in."""

    folder: Path
    policy: Policy


def folder_of(name: str) -> Path:
    """The folder that an id or a path names. Wrong use where there is none."""
    try:
        return find(name)
    except Faults as faults:
        (missing,) = faults.findings
        raise WrongUse(f"{missing.message}（{missing.remedy}）") from None


def load(name: str, say: Say) -> Named:
    """The policy; leaves with 1 where it has faults, after showing them."""
    folder = folder_of(name)
    try:
        return Named(folder=folder, policy=load_policy(folder))
    except Faults as faults:
        show(faults.findings, say, err=True)
        raise click.exceptions.Exit(FINDINGS) from None
