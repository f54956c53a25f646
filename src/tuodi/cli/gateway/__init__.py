"""`tuodi gateway …`: the other end of the interfaces, to try an installation with, and what fee lines rest on."""

from __future__ import annotations

import click

from tuodi.cli.frame import Commands
from tuodi.cli.speech import Say


def command(say: Say) -> click.Command:
    """The group with its texts in one language."""
    return Commands(
        name="gateway",
        say=say,
        modules={name: f"tuodi.cli.gateway.{name}" for name in ("hospital", "catalogue", "divided")},
        short_help=say("接口：模拟医院，目录。", "The interfaces: a simulated hospital, catalogues."),
        help=say(
            "接口的另一端，用来检验一个安装：模拟医院按国家接口规范发送真实的报文，并核对每一个应答；以及费用明细按什么拆分。",
            "The interfaces' other end, to try an installation with: a hospital that sends real messages and checks "
            "every answer; and by what fee lines are divided.",
        ),
    )
