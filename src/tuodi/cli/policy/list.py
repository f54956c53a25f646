"""`tuodi policy list`: the policies and sample plans that are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tuodi.cli.frame import Command
from tuodi.cli.speech import Say

if TYPE_CHECKING:
    from pathlib import Path


def command(say: Say) -> click.Command:
    """The command with its texts in one language."""
    return Command(
        name="list",
        say=say,
        callback=lambda folders: _list(folders, say),
        short_help=say("列出已有的政策和参保方案样例。", "List the policies and sample insurance plans."),
        params=[click.Argument(["folders"], nargs=-1, metavar="[DIR]...")],
        help=say(
            "列出随程序提供的政策和参保方案样例；给出文件夹 DIR 时，列出其中的政策。",
            "Lists the package's policies and sample insurance plans; with DIR, the policies in there.",
        ),
    )


def _list(folders: tuple[str, ...], say: Say) -> None:
    from pathlib import Path

    from tuodi.language.shelf import packaged_plans, packaged_policies, standing_on

    if folders:
        for name in folders:
            _show(name, standing_on(Path(name)), say)
    else:
        _show(say("政策", "Policies"), packaged_policies(), say)
        _show(say("参保方案样例", "Sample insurance plans"), packaged_plans(), say)


def _show(title: str, folders: dict[str, Path], say: Say) -> None:
    from tuodi.cli.tables import show_table

    headers = (
        (say("编号", "id")),
        (say("文号", "number")),
        (say("标题", "title")),
        (say("施行", "in force")),
        (say("待遇", "benefits")),
        (say("条款", "clauses")),
    )
    show_table(headers, [_row(name, folder, say) for name, folder in folders.items()], title=title, right=(4, 5))


def _row(name: str, folder: Path, say: Say) -> tuple[str, ...]:
    from tuodi.core.finding import Faults
    from tuodi.language.load import load_policy

    try:
        policy = load_policy(folder)
    except Faults as faults:
        count = len(faults.findings)
        return (
            name,
            "",
            say(f"有 {count} 个问题，见 tuodi policy check", f"{count} findings: tuodi policy check"),
            "",
            "",
            "",
        )
    document = policy.document
    until = f"至 {document.end}" if document.end else ""
    in_force = f"{document.start} 起{until}"
    return (document.id, document.number, document.title, in_force, str(len(policy.benefits)), str(len(policy.clauses)))
