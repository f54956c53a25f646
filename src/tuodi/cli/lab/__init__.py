"""`tuodi lab …`: made-up cities, changes that are tried before they are made, several policies on the same people."""

from __future__ import annotations

import click

from tuodi.cli.frame import Commands
from tuodi.cli.speech import Say


def command(say: Say) -> click.Command:
    """The group with its texts in one language."""
    names = {"population": "population", "numbers": "numbers", "what-if": "what_if", "solve": "solve"}
    names |= {"compare": "compare"}
    return Commands(
        name="lab",
        say=say,
        modules={name: f"tuodi.cli.lab.{module}" for name, module in names.items()},
        short_help=say("试算：造一座城、改一个数、比几份政策。", "Make a city, try a change, compare policies."),
        help=say(
            "在合成的人群或真实账单上试算：改一个数要花多少钱、谁多得谁少得；多高的比例正好用完预算；几份政策哪份给得多。",
            "Tries policies on made-up people or real bills: what a change costs and who gains or loses, which value "
            "meets a budget, what several documents give to the same people.",
        ),
    )
