"""`tuodi staff add`: a new account, with a password to change at the first sign-in."""

from __future__ import annotations

from dataclasses import dataclass

import click

from tuodi.cli.frame import Command
from tuodi.cli.options import Option
from tuodi.cli.platform.installation import installation
from tuodi.cli.speech import Say
from tuodi.cli.wrong_use import WrongUse

DESKS = ("administrator", "county", "city", "finance", "township", "department", "supervisor", "insurer", "hospital")


def command(say: Say) -> click.Command:
    """The command with its texts in one language."""
    return Command(
        name="add",
        say=say,
        callback=lambda **given: _add(Entry(**given), say),
        short_help=say("新增一个账号。", "Add an account."),
        params=[
            click.Argument(["username"], metavar="USERNAME"),
            Option(["--name"], required=True, metavar="TEXT", help=say("姓名。必填。", "The person's name. Wanted.")),
            Option(["--desk"], default="administrator", metavar="DESK", help=say(f"岗位，默认 administrator；其他有 {', '.join(DESKS[1:])}。", f"The desk, administrator by default: {', '.join(DESKS)}.")),  # noqa: E501
            Option(["--region"], required=True, metavar="CODE", help=say("六位区划代码。必填。", "The region's six digits. Wanted.")),  # noqa: E501
            Option(["--region-name"], default="", metavar="TEXT", help=say("区划名称；区划还没有录入时用它建立。", "The region's name: makes the region where it isn't there.")),  # noqa: E501
            Option(["--institution"], default="", metavar="CODE", help=say("机构代码，只用于 hospital。", "The institution's code, of a hospital's.")),  # noqa: E501
            Option(["--department"], default="", metavar="TEXT", help=say("部门，只用于 department，如 民政。", "The department, of a department's.")),  # noqa: E501
        ],
        help=say(
            "新增账号 USERNAME，初始密码只在标准输出显示这一次；第一次登录时须修改。",
            "Adds the account USERNAME. Its initial password is shown this once, on standard output, and must be "
            "changed at the first sign-in.",
        ),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What was given."""

    username: str
    name: str
    desk: str
    region: str
    region_name: str
    institution: str
    department: str


def _add(entry: Entry, say: Say) -> None:
    if entry.desk not in DESKS:
        known = ", ".join(DESKS)
        raise WrongUse(say(f"没有岗位“{entry.desk}”：{known}", f"no desk '{entry.desk}': {known}"))
    with installation(say):
        password = _added(entry)
    name = entry.username
    click.echo(say(f"已新增 {name}。初始密码：", f"{name} added. Initial password:"), err=True)
    click.echo(password)


def _added(entry: Entry) -> str:
    """The account, and its region where that isn't there; its initial password."""
    from tuodi.platform.base import region, staff
    from tuodi.platform.base.domain import SYSTEM, Desk
    from tuodi.platform.base.scope import entered

    with entered(SYSTEM):
        if entry.region_name:
            region.ensure(code=entry.region, name=entry.region_name)
        return staff.create(
            username=entry.username, name=entry.name, desk=Desk[entry.desk], region=entry.region,
            institution=entry.institution, department=entry.department,
        ).password  # fmt: skip
