"""`tuodi staff …`: accounts, for whoever looks after the installation."""

from __future__ import annotations

import click

from tuodi.cli.frame import Commands
from tuodi.cli.speech import Say


def command(say: Say) -> click.Command:
    """The group with its texts in one language."""
    return Commands(
        name="staff",
        say=say,
        modules={name: f"tuodi.cli.platform.staff.{name}" for name in ("add", "reset", "lock", "unlock")},
        short_help=say("人员账号：新增、重置、锁定、解锁。", "Accounts: add, reset, lock, unlock."),
        help=say(
            "第一位系统管理员在这里建立，以后的账号在网页上由系统管理员办理。每一步都记入审计记录。",
            "The first administrator is made here; later accounts are the administrator's, on the pages. Each act is "
            "audited.",
        ),
    )
