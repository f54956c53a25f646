"""`tuodi policy …`: what can be done with one policy, of the package by its id or any other by its folder."""

from __future__ import annotations

import click

from tuodi.cli.frame import Commands
from tuodi.cli.speech import Say


def command(say: Say) -> click.Command:
    """The group with its texts in one language."""
    names = ("list", "check", "coverage", "describe", "diff", "prove", "new", "adopt")
    return Commands(
        name="policy",
        say=say,
        modules={name: f"tuodi.cli.policy.{name}" for name in names},
        short_help=say(
            "查看、检查、说明、比较、证明、新建、采用政策。",
            "List, check, describe, compare, prove, begin and adopt policies.",
        ),
        help=say(
            "政策可写编号（如 liaocheng-2022-5，见 tuodi policy list），也可写任何一个含有 policy.yaml 的文件夹。",
            "A policy is named by its id (see tuodi policy list) or by any folder with a policy.yaml.",
        ),
    )
