"""`tuodi keys status`: which keys are in use, and what is still under earlier ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tuodi.cli.frame import Command
from tuodi.cli.platform.installation import installation
from tuodi.cli.speech import Say

if TYPE_CHECKING:
    from tuodi.site.key_change import Standing


def command(say: Say) -> click.Command:
    """The command with its texts in one language."""
    return Command(
        name="status",
        say=say,
        callback=lambda: _status(say),
        short_help=say("用的是哪套密钥，还剩多少数据要换。", "Which keys are in use, and how much is left."),
        help=say(
            "列出密钥文件里的各套密钥，以及每一处还有多少条数据在用旧密钥。只读。",
            "Lists the sets in the file with the keys, and place by place how many values are still under earlier "
            "ones. It only reads.",
        ),
    )


def _status(say: Say) -> None:
    with installation(say):
        from tuodi.site import key_change

        found = key_change.standing()
    _show(found, say)
    click.echo(_next(found, say))


def _show(found: Standing, say: Say) -> None:
    from tuodi.cli.tables import show_table

    sets = "、".join(map(str, found.sets))
    click.echo(say(f"密钥：第 {sets} 套；在用第 {found.using} 套。", f"Sets {sets}; in use: {found.using}."))
    if len(found.sets) > 1:
        codes = (say("没有用过的备用码", "recovery codes not used"), f"{found.recovery_codes:,}")
        rows = [*((name, f"{count:,}") for name, count in found.left), codes]
        show_table([say("在用旧密钥的", "Under earlier keys"), say("条数", "Values")], rows)


def _next(found: Standing, say: Say) -> str:
    """What is to be done now."""
    if found.ready:
        return say("新的一套还没有启用：tuodi keys use。", "The new set is not in use yet: tuodi keys use.")
    if len(found.sets) == 1:
        return say("没有要换的。", "Nothing is being changed.")
    if found.done:
        return say("都已换完：可以 tuodi keys retire。", "All is under the new set: tuodi keys retire.")
    if found.working:
        return say("tuodi work 正在换。", "tuodi work is at it.")
    return say("没有在换：再运行一次 tuodi keys use。", "Nobody is at it: run tuodi keys use again.")
