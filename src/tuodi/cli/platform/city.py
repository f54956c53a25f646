"""`tuodi city`: a demonstration city, and who can sign in to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tuodi.cli.frame import Command
from tuodi.cli.platform.installation import installation
from tuodi.cli.speech import Say

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from tuodi.cli.status_line import StatusLine
    from tuodi.site.city.build import SignIn

HOSPITALS = 2
"""How many hospitals send their month: the city's own, and a county's."""


def command(say: Say) -> click.Command:
    """The command with its texts in one language."""
    return Command(
        name="city",
        say=say,
        callback=lambda: _city(say),
        short_help=say("建一座演示城市。", "Make a demonstration city."),
        help=say(
            "在数据库里建一座演示城市：区县、医院、账号、有救助身份的人、上个月的结算和清算。里面没有真实的人。"
            "已经建好时只列出可以登录的账号。不要在正式使用的数据库里运行。",
            "Makes a demonstration city in the database: counties, hospitals, accounts, people with a status, last "
            "month's settlements and their clearing. Nobody in it exists. Where it is there, only the accounts are "
            "listed. Not for a database in real use.",
        ),
    )


def _city(say: Say) -> None:
    from tuodi.cli.status_line import StatusLine

    with installation(say), StatusLine(say) as line:
        from django.utils import timezone

        from tuodi.site.city import build
        from tuodi.site.postgres import data_folder

        folder, today = data_folder(), timezone.localdate()
        _live(today, folder, line, say)
        line.clear()
        click.secho(say("演示城市：聊城市", "The demonstration city: Liaocheng") + "\n", bold=True)
        _show(build.sign_ins(folder), say)


def _live(today: date, folder: Path, line: StatusLine, say: Say) -> None:
    """Makes what is not there yet of the city, of its last months, and of their clearing."""
    from tuodi.engine.result import yuan
    from tuodi.lab.population.settings import city_named
    from tuodi.site.city import build, clearing, month, people

    places = build.hospitals(city_named(people.CITY))[:HOSPITALS]
    waiting = [(days, place) for days in month.days_to_live(today) for place in places if not month.played(days, place)]
    if not waiting:
        return
    line.note(say("正在建演示城市：约一分钟，只在第一次。", "Making the city: about a minute, the first time only."))
    residents = people.residents(build.first_lived(today).year)
    build.built(today, folder, residents)
    for days, place in waiting:
        span = f"{days[0]} — {days[-1]} {place.name}"
        line.note(say(f"{span}：经接口逐笔结算……", f"{span}: settling through the gateway"))
        told = month.live(days, place, residents, lambda: None)
        sent, sum_ = told.sent.total(), yuan(told.relief)
        text = say(
            f"报文 {sent:,} 条，结算 {told.settled} 笔，撤销 {told.cancelled} 笔，救助 {sum_} 元。",
            f"{sent:,} messages, {told.settled} settlements, {told.cancelled} cancels, relief {sum_} yuan.",
        )
        line.note(text)
        for complaint in told.complaints:
            click.echo(str(complaint), err=True)
    if clearing.cleared(today, places):
        note = "清算：一张结算单已支付，一张超期，一张有异议，一张待送达。"
        line.note(say(note, "Clearing: one statement paid, one late, one objected to, one to be sent."))


def _show(sign_ins: list[SignIn], say: Say) -> None:
    from tuodi.cli.tables import show_table

    headers = [say("用户名", "User name"), say("岗位", "Desk"), say("所在", "Where"), say("密码", "Password")]
    show_table(headers, [(one.username, one.who, one.where, one.password) for one in sign_ins])
