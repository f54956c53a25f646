"""`tuodi staff unlock`: unlock an account."""

from __future__ import annotations

import click

from tuodi.cli.frame import Command
from tuodi.cli.options import Option
from tuodi.cli.platform.installation import installation
from tuodi.cli.speech import Say


def command(say: Say) -> click.Command:
    """The command with its texts in one language."""
    return Command(
        name="unlock",
        say=say,
        callback=lambda username, reason: _unlock(username, reason, say),
        short_help=say("解锁账号。", "Unlock an account."),
        params=[
            click.Argument(["username"], metavar="USERNAME"),
            Option(
                ["--reason"],
                required=True,
                metavar="TEXT",
                help=say("理由，记入审计记录。必填。", "Why, for the trail. Wanted."),
            ),
        ],
        help=say(
            "账号恢复登录，也解除因多次失败而暂停的登录。", "They may sign in again, also after too many failures."
        ),
    )


def _unlock(username: str, reason: str, say: Say) -> None:
    with installation(say):
        from tuodi.platform.base import staff
        from tuodi.platform.base.domain import SYSTEM
        from tuodi.platform.base.scope import entered

        with entered(SYSTEM):
            staff.unlock(username=username, reason=reason)
    click.echo(say(f"已解锁 {username}。", f"{username}: done."))
