"""`tuodi keys new`: a new set of keys, which seals nothing yet."""

from __future__ import annotations

import click

from tuodi.cli.frame import Command
from tuodi.cli.platform.installation import installation
from tuodi.cli.speech import Say


def command(say: Say) -> click.Command:
    """The command with its texts in one language."""
    return Command(
        name="new",
        say=say,
        callback=lambda: _new(say),
        short_help=say("生成新的一套密钥，暂不启用。", "Make a new set of keys, not in use yet."),
        help=say(
            "在密钥文件里加一套新密钥。它还不加密任何数据，所以各程序都先认得它。几台机器的，把密钥文件复制到每一台；"
            "另外留一份离线的副本。然后 tuodi keys use。",
            "Adds a set to the file with the keys. It seals nothing yet, so that every program knows it first. With "
            "several machines, copy the file to each; and keep a copy offline. Then tuodi keys use.",
        ),
    )


def _new(say: Say) -> None:
    with installation(say):
        from django.conf import settings

        from tuodi.site import key_change

        number, file = key_change.make(), settings.KEYS.path
    click.echo(say(f"已有第 {number} 套密钥，还没有启用：{file}", f"Set {number} is made, not in use yet: {file}"))
    click.echo(
        say(
            "接下来：把密钥文件复制到每台机器，留一份离线副本，再 tuodi keys use。",
            "Next: copy the file to every machine, keep a copy offline, then tuodi keys use.",
        ),
        err=True,
    )
