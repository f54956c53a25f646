"""`tuodi gateway divided`: whether an institution's fee lines must be divided."""

from __future__ import annotations

import click

from tuodi.cli.frame import Command
from tuodi.cli.options import Option
from tuodi.cli.platform.installation import installation
from tuodi.cli.speech import Say


def command(say: Say) -> click.Command:
    """The command with its texts in one language."""
    return Command(
        name="divided",
        say=say,
        callback=lambda institution, optional, reason: _divided(institution, optional, reason, say),
        short_help=say("一家机构的费用明细是否必须有拆分。", "Whether an institution's fee lines must be divided."),
        params=[
            click.Argument(["institution"], metavar="CODE"),
            Option(["--optional"], is_flag=True, help=say("不再必须。", "They need no longer be.")),
            Option(["--reason"], required=True, metavar="TEXT", help=say("理由，记入审计记录。必填。", "Why, for the trail. Wanted.")),  # noqa: E501
        ],
        help=say(
            "从此，这家机构的费用明细既没有自己的拆分、区划也没有目录的，一律拒收；平常则全部按政策范围内计，并在应答里写明。",
            "From here on fee lines of the institution that neither bring a split nor meet a catalogue are refused. "
            "Usually they count as in policy, and the answer says so.",
        ),
    )  # fmt: skip


def _divided(institution: str, optional: bool, reason: str, say: Say) -> None:
    with installation(say):
        from tuodi.gateway.catalogue import keeping
        from tuodi.platform.base.domain import SYSTEM
        from tuodi.platform.base.scope import entered

        with entered(SYSTEM):
            keeping.require_divided(institution=institution, required=not optional, reason=reason)
    done = say("不必须有拆分", "need not be divided") if optional else say("必须有拆分", "must be divided")
    click.echo(say(f"{institution} 的费用明细{done}。", f"{institution}: fee lines {done}."))
