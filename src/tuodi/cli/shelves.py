"""The stock that a command's options ask for, or what is wrong with them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from tuodi.cli.findings import show
from tuodi.cli.frame import FINDINGS
from tuodi.cli.speech import Say
from tuodi.cli.stock import Stock
from tuodi.cli.wrong_use import WrongUse
from tuodi.core.finding import Faults
from tuodi.language.shelf import standing_on


def open_stock(policies: Sequence[str], plans: Sequence[str], say: Say) -> Stock:
    """The stock with the folders given. Leaves with 1 where a policy in them has faults, after showing them."""
    for name in (*policies, *plans):
        if not standing_on(Path(name)):
            raise WrongUse(say(f"{name} 里没有政策（policy.yaml）", f"there is no policy.yaml in {name}"))
    try:
        return Stock([Path(name) for name in policies], [Path(name) for name in plans])
    except Faults as faults:
        show(faults.findings, say, err=True)
        raise click.exceptions.Exit(FINDINGS) from None
