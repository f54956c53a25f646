"""The policy that a command of the lab is about, with its plan and what the agency sets, and the year's money."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from tuodi.cli.options import Option
from tuodi.cli.parameters import parameters_of, parameters_option
from tuodi.cli.speech import Say
from tuodi.cli.wrong_use import WrongUse

if TYPE_CHECKING:
    from tuodi.cli.lab.whose import Whose
    from tuodi.lab.budget import Fund
    from tuodi.lab.change import Regime


def law_options(say: Say) -> list[click.Parameter]:
    """Plan and parameters."""
    plan = say("参保方案：由它算出账单里留空的保险支付。", "Insurance plan: computes payments that bills leave out.")
    return [Option(["--plan"], metavar="PLAN", help=plan), parameters_option(say)]


def regime_of(name: str, given: Mapping[str, Any], files: Whose, say: Say) -> Regime:
    """The policy of that name, bound. Raises Faults; leaves with 1 where the policy has faults."""
    from tuodi.cli.policy.named import load
    from tuodi.lab.change import regime

    policy = load(name, say).policy
    plan = None if given["plan"] is None else load(given["plan"], say).policy
    stated = parameters_of(given["parameters"], say)
    return regime(policy, files.parameters(policy, plan) | stated, plan)


def fund_options(say: Say) -> list[click.Parameter]:
    """The year's money."""
    return [
        Option(
            ["--income"],
            metavar="YUAN",
            help=say(
                "当年筹集，如 3000万；给出才算结余。", "The year's income; the reserve is told where it is given."
            ),
        ),
        Option(["--opening"], metavar="YUAN", help=say("上年结余。", "What the year began with.")),
        Option(["--other-spending"], metavar="YUAN", help=say("救助以外的支出，如资助参保。", "What else goes out.")),
    ]


def fund_of(given: Mapping[str, Any], say: Say) -> Fund | None:
    """None without an income. Raises WrongUse."""
    from tuodi.cli.yuan import fen_of
    from tuodi.lab.budget import Fund

    options = {"income": "--income", "opening": "--opening", "other_spending": "--other-spending"}
    sums = {name: fen_of(given[name], option, say) for name, option in options.items() if given[name] is not None}
    if sums and "income" not in sums:
        raise WrongUse(say("算结余要有 --income（当年筹集）", "the reserve needs --income"))
    if not sums:
        return None
    return Fund(income=sums["income"], opening=sums.get("opening", 0), other=sums.get("other_spending", 0))
