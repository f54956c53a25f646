"""`tuodi policy prove`: what holds for every bill, or the smallest bill for which it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tuodi.cli.frame import FINDINGS, Command
from tuodi.cli.speech import Say
from tuodi.cli.wrong_use import WrongUse

if TYPE_CHECKING:
    from tuodi.cli.policy.named import Named
    from tuodi.proof.report import ProofReport


def command(say: Say) -> click.Command:
    """The command with its texts in one language."""
    return Command(
        name="prove",
        say=say,
        callback=lambda name, plan, settings, out: _prove(name, plan, settings, out, say),
        short_help=say("证明对任何账单都成立的性质。", "Prove what holds for every bill."),
        help=say(
            "证明：限额不被突破、救助不超过负担、费用增加时救助和个人自付都不减少、排在前的类别不劣于后的、整数不溢出；"
            "列出拐点和断崖。不成立的给出最小反例，-o 写成案例文件，tuodi settle 可重算。有未声明的例外，退出码为 1。",
            "Proves: no limit is exceeded, relief never exceeds the burden, relief and own payment never fall when the "
            "bill rises, an earlier class is never worse, integers are safe; lists kinks and cliffs. What fails comes "
            "with the smallest counter-example, -o writes it as cases. Exit code 1 where an exception is undeclared.",
        ),
        params=[
            click.Argument(["name"], metavar="POLICY"),
            click.Option(
                ["--plan"], metavar="PLAN", help=say("连同这个参保方案一起证明。", "Together with this insurance plan.")
            ),
            click.Option(["--set", "settings"], multiple=True, metavar="NAME=VALUE", help=_set_help(say)),
            click.Option(
                ["-o", "--out"], metavar="DIR", help=say("把反例写进这个文件夹。", "Write counter-examples into DIR.")
            ),
        ],
    )


def _set_help(say: Say) -> str:
    return say(
        "给出参数的值；可多次给出。不给出的，对任意金额证明。",
        "A parameter's value; repeatable. Others may be any amount.",
    )


def _prove(name: str, plan: str | None, settings: tuple[str, ...], out: str | None, say: Say) -> None:
    from tuodi.cli.findings import show
    from tuodi.cli.policy.named import load
    from tuodi.cli.policy.proof_view import show_proof, write_cases
    from tuodi.core.finding import Faults

    named = load(name, say)
    parameters = dict(_setting(text, say) for text in settings)
    try:
        report = _proved(named, None if plan is None else load(plan, say), parameters)
    except Faults as faults:
        show(faults.findings, say, err=True)
        raise click.exceptions.Exit(FINDINGS) from None
    show_proof(report, named.policy, say)
    if out is not None:
        write_cases(report, out, say)
    if report.findings():
        show(report.findings(), say)
        raise click.exceptions.Exit(FINDINGS)


def _setting(text: str, say: Say) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise WrongUse(say(f"--set {text}：写成 参数名=值", f"--set {text}: write NAME=VALUE"))
    return name, value


def _proved(named: Named, plan: Named | None, parameters: dict[str, str]) -> ProofReport:
    from tuodi.proof.prove import prove

    return prove(named.policy, parameters, None if plan is None else plan.policy)
