"""`tuodi staff reset`: a new initial password, or a new second factor, for whoever lost theirs."""

from __future__ import annotations

import click

from tuodi.cli.frame import Command
from tuodi.cli.options import Option
from tuodi.cli.platform.installation import installation
from tuodi.cli.speech import Say


def command(say: Say) -> click.Command:
    """The command with its texts in one language."""
    return Command(
        name="reset",
        say=say,
        callback=lambda username, reason, two_factor: _reset(username, reason, two_factor, say),
        short_help=say("重置密码或动态码。", "Reset a password or a second factor."),
        params=[
            click.Argument(["username"], metavar="USERNAME"),
            Option(["--reason"], required=True, metavar="TEXT", help=say("理由，记入审计记录。必填。", "Why, for the trail. Wanted.")),  # noqa: E501
            Option(["--two-factor"], is_flag=True, help=say("重置动态码而不是密码。", "Reset the second factor instead of the password.")),  # noqa: E501
        ],
        help=say(
            "给 USERNAME 一个新的初始密码，只在标准输出显示这一次，登录后须修改；--two-factor 时改为取消动态码，"
            "下次登录时重新启用。",
            "Gives USERNAME a new initial password, shown this once on standard output, to be changed at the next "
            "sign-in; with --two-factor takes the second factor away instead, to be enabled anew.",
        ),
    )  # fmt: skip


def _reset(username: str, reason: str, two_factor: bool, say: Say) -> None:
    password = ""
    with installation(say):
        from tuodi.platform.base import staff
        from tuodi.platform.base.domain import SYSTEM
        from tuodi.platform.base.scope import entered

        with entered(SYSTEM):
            if two_factor:
                staff.reset_two_factor(username=username, reason=reason)
            else:
                password = staff.reset_password(username=username, reason=reason).password
    if two_factor:
        click.echo(say(f"{username} 的动态码已取消。", f"The second factor of {username} is gone."))
        return
    click.echo(say(f"{username} 的新初始密码：", f"New initial password of {username}:"), err=True)
    click.echo(password)
