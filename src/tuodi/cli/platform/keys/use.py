"""`tuodi keys use`: put the new set of keys to use."""

from __future__ import annotations

import click

from tuodi.cli.frame import Command
from tuodi.cli.platform.installation import installation
from tuodi.cli.speech import Say


def command(say: Say) -> click.Command:
    """The command with its texts in one language."""
    return Command(
        name="use",
        say=say,
        callback=lambda: _use(say),
        short_help=say("启用新的一套密钥。", "Put the new set of keys to use."),
        help=say(
            "从此用新的一套加密、做指纹、封存审计记录；已有的数据由 tuodi work 在后台逐批换过来，期间两套都能读、"
            "都能查。先等正在运行的事务结束，至多一分钟。可以重做。",
            "From here on the new set seals, indexes and chains. What is there is sealed anew by tuodi work in the "
            "background, batch by batch; meanwhile both open, and both are looked up. It first waits for running "
            "transactions, a minute at most. It may be run again.",
        ),
    )


def _use(say: Say) -> None:
    with installation(say):
        from tuodi.site import key_change

        number = key_change.use()
    click.echo(say(f"已启用第 {number} 套密钥。", f"Set {number} is in use."))
    click.echo(
        say(
            "接下来：几台机器的，再复制一次密钥文件；让 tuodi work 运行；tuodi keys status 看还剩多少。",
            "Next: with several machines, copy the file once more; let tuodi work run; tuodi keys status tells what is "
            "left.",
        ),
        err=True,
    )
