"""`tuodi lab numbers`: every number of a policy that can be changed in a what-if, by its path."""

from __future__ import annotations

import click

from tuodi.cli.frame import Command
from tuodi.cli.options import Option
from tuodi.cli.speech import Say


def command(say: Say) -> click.Command:
    """The command with its texts in one language."""
    return Command(
        name="numbers",
        say=say,
        callback=lambda policy, plan: _numbers(policy, plan, say),
        short_help=say("列出可以试改的数。", "List the numbers that can be changed."),
        help=say(
            "列出 POLICY 里可以试改的每一个数：路径、是什么、条款、现在的值。路径用在 tuodi lab what-if --set 和 "
            "tuodi lab solve --path 里。",
            "Lists every number of POLICY that can be changed: path, what it is, clause, value. Paths go into "
            "tuodi lab what-if --set and tuodi lab solve --path.",
        ),
        params=[
            click.Argument(["policy"], metavar="POLICY"),
            Option(
                ["--plan"],
                metavar="PLAN",
                help=say("连同这个参保方案的数。", "Together with those of this insurance plan."),
            ),
        ],
    )


def _numbers(name: str, plan: str | None, say: Say) -> None:
    from tuodi.cli.policy.named import load
    from tuodi.cli.tables import show_table
    from tuodi.engine.bind import bind
    from tuodi.lab.numbers import numbers_of

    policy = load(name, say).policy
    numbers = numbers_of(bind(policy, {}, None if plan is None else load(plan, say).policy))
    headers = (say("路径", "path"), say("是什么", "what"), say("条款", "clause"), say("现在", "now"))
    rows = [
        (path, "：".join(filter(None, (one.spot.label, one.spot.facet))), one.spot.clause, one.text)
        for path, one in numbers.items()
    ]
    rows += [
        (f"parameters.{one}", hole.label, hole.clause, say("由经办机构定", "set by the agency"))
        for one, hole in policy.parameters.items()
    ]
    show_table(headers, rows, right=(3,))
