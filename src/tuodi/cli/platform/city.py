"""`tuodi city`: a demonstration city, and who can sign in to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tuodi.cli.frame import Command
from tuodi.cli.platform.installation import installation
from tuodi.cli.speech import Say

if TYPE_CHECKING:
    from tuodi.site.city.build import SignIn


def command(say: Say) -> click.Command:
    """The command with its texts in one language."""
    return Command(
        name="city",
        say=say,
        callback=lambda: _city(say),
        short_help=say("建一座演示城市。", "Make a demonstration city."),
        help=say(
            "在数据库里建一座演示城市：区县、医院、账号、有救助身份的人、一个月的结算。里面没有真实的人。"
            "已经建好时只列出可以登录的账号。不要在正式使用的数据库里运行。",
            "Makes a demonstration city in the database: counties, hospitals, accounts, people with a status, a month "
            "of settlements. Nobody in it exists. Where it is there, only the accounts are listed. Not for a database "
            "in real use.",
        ),
    )


def _city(say: Say) -> None:
    from tuodi.cli.status_line import StatusLine

    with installation(say), StatusLine(say) as line:
        from django.utils import timezone

        from tuodi.site.city import build
        from tuodi.site.postgres import data_folder

        folder = data_folder()
        if not build.sign_ins(folder):
            line.note(say("正在建演示城市，约半分钟，只在第一次。", "Making the city: half a minute, the first time."))
        made = build.built(timezone.localdate(), folder)
        line.clear()
        click.secho(say("演示城市：聊城市", "The demonstration city"), bold=True)
        if not made:
            click.echo(say("已经建好。", "It is there."))
        _show(build.sign_ins(folder), say)


def _show(sign_ins: list[SignIn], say: Say) -> None:
    from tuodi.cli.tables import show_table

    headers = [say("用户名", "User name"), say("岗位", "Desk"), say("所在", "Where"), say("密码", "Password")]
    show_table(headers, [(one.username, one.who, one.where, one.password) for one in sign_ins])
