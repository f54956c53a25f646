"""`tuodi gateway …`: the other end of the interfaces, to try an installation with."""

from __future__ import annotations

import click

from tuodi.cli.frame import Commands
from tuodi.cli.speech import Say


def command(say: Say) -> click.Command:
    """The group with its texts in one language."""
    return Commands(
        name="gateway",
        say=say,
        modules={"hospital": "tuodi.cli.gateway.hospital"},
        short_help=say("接口的另一端：模拟医院。", "The interfaces' other end: a simulated hospital."),
        help=say(
            "接口的另一端，用来检验一个安装：模拟医院按国家接口规范发送真实的报文，并核对每一个应答。",
            "The interfaces' other end, to try an installation with: a hospital that sends real messages and checks "
            "every answer.",
        ),
    )
