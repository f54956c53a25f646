"""`tuodi migrate`: makes the tables, or brings them up to date."""

from __future__ import annotations

import click

from tuodi.cli.frame import FINDINGS, Command
from tuodi.cli.options import Option
from tuodi.cli.platform.installation import installation, told
from tuodi.cli.speech import Say


def command(say: Say) -> click.Command:
    """The command with its texts in one language."""
    return Command(
        name="migrate",
        say=say,
        callback=lambda check: _migrate(check, say),
        short_help=say("建立数据库的表，或更新到本版本。", "Make the tables, or bring them up to date."),
        params=[
            Option(
                ["--check"], is_flag=True,
                help=say("只列出还差的变更，不改动；有差时退出码 1。", "Only list what is missing; 1 where any is."),
            )
        ],
        help=say(
            "建立角色 tuodi_app 和全部的表，或更新到本版本。数据库由 DATABASE_URL 指定（PostgreSQL 15 以上），"
            "不设时用随程序自带的 PostgreSQL，没有启动就启动它。可以反复运行；中断后再运行即可。",
            "Makes the role tuodi_app and all tables, or brings them up to date, in the PostgreSQL (15 or later) that "
            "DATABASE_URL names; without it, in the one that comes along, which is started. It may be run at any time, "
            "and again after an interruption.",
        ),
    )  # fmt: skip


def _migrate(check: bool, say: Say) -> None:
    with told(say):
        from tuodi.site import database, readiness

        readiness.require_able(database.url())
    with installation(say, migrated=False):
        from tuodi.site import tables

        if check:
            _list(tables.waiting(), say)
            return
        count = tables.apply(lambda change: click.echo(say(f"变更 {change}", f"applying {change}"), err=True))
    click.echo(
        say(f"已应用 {count} 处变更。", f"{count} changes applied.") if count else say("已是最新。", "Up to date.")
    )


def _list(changes: list[str], say: Say) -> None:
    for change in changes:
        click.echo(change)
    if changes:
        raise click.exceptions.Exit(FINDINGS)
    click.echo(say("已是最新。", "Up to date."))
