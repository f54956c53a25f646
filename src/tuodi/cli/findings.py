"""Findings on a terminal: place, what is wrong, what would mend it."""

from __future__ import annotations

from collections.abc import Sequence

import click

from tuodi.cli.speech import Say
from tuodi.core.finding import Finding


def show(findings: Sequence[Finding], say: Say, *, err: bool = False) -> None:
    """Each finding on its own lines, then how many there are."""
    for finding in findings:
        click.echo(told(finding, say), err=err)
    click.echo(say(f"共 {len(findings)} 个问题。", f"{len(findings)} findings."), err=err)


def told(finding: Finding, say: Say) -> str:
    """One finding: `place: message [code]`, and the remedy beneath."""
    place = f"{finding.place}: " if str(finding.place) else ""
    remedy = f"\n    {say('改法', 'remedy')}：{finding.remedy}" if finding.remedy else ""
    return f"{place}{finding.message} [{finding.code}]{remedy}"
