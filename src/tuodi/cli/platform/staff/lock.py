"""`tuodi staff lock`: lock an account."""

from __future__ import annotations

import click

from tuodi.cli.frame import Command
from tuodi.cli.options import Option
from tuodi.cli.platform.installation import installation
from tuodi.cli.speech import Say


def command(say: Say) -> click.Command:
    """The command with its texts in one language."""
    return Command(
        name="lock",
        say=say,
        callback=lambda username, reason: _lock(username, reason, say),
        short_help=say("锁定账号。", "Lock an account."),
        params=[
            click.Argument(["username"], metavar="USERNAME"),
            Option(
                ["--reason"],
                required=True,
                metavar="TEXT",
                help=say("理由，记入审计记录。必填。", "Why, for the trail. Wanted."),
            ),
        ],
        help=say("账号从此不能登录，已登录的立即退出。", "They may sign in no more, and their sessions end at once."),
    )


def _lock(username: str, reason: str, say: Say) -> None:
    with installation(say):
        from tuodi.platform.base import staff
        from tuodi.platform.base.domain import SYSTEM
        from tuodi.platform.base.scope import entered

        with entered(SYSTEM):
            staff.lock(username=username, reason=reason)
    click.echo(say(f"已锁定 {username}。", f"{username}: done."))
