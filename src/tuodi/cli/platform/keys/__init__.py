"""`tuodi keys …`: change the keys of running data."""

from __future__ import annotations

import click

from tuodi.cli.frame import Commands
from tuodi.cli.speech import Say


def command(say: Say) -> click.Command:
    """The group with its texts in one language."""
    return Commands(
        name="keys",
        say=say,
        modules={name: f"tuodi.cli.platform.keys.{name}" for name in ("status", "new", "use", "retire")},
        short_help=say("更换密钥：不停机。", "Change the keys while everything runs."),
        help=say(
            "依次：new 生成新的一套，把密钥文件复制到每台机器；use 启用它，tuodi work 在后台把数据换到新密钥；"
            "status 看还剩多少；剩 0 之后 retire 去掉旧密钥。每一步都可以重做，中断了再运行即可。",
            "In order: new makes a set, copy the file with the keys to every machine; use puts it to use, and tuodi "
            "work seals the data anew in the background; status tells how much is left; at 0, retire throws the "
            "earlier keys away. Each step may be run again, also after an interruption.",
        ),
    )
