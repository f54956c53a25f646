"""`tuodi policy check`: every fault of a policy, and whether its hand-worked cases settle to their fen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tuodi.cli.frame import FINDINGS, Command
from tuodi.cli.speech import Say

if TYPE_CHECKING:
    from pathlib import Path

    from tuodi.core.finding import Finding
    from tuodi.language.model import Policy


def command(say: Say) -> click.Command:
    """The command with its texts in one language."""
    return Command(
        name="check",
        say=say,
        callback=lambda names: _check(names, say),
        short_help=say("检查政策文件，并核对手算案例。", "Check a policy file and its hand-worked cases."),
        params=[click.Argument(["names"], nargs=-1, metavar="[POLICY]...")],
        help=say(
            "一次列出政策的全部问题，注明文件、行、列和改法；没有问题时，再结算 cases/*.yaml 里的手算案例，逐分核对。"
            "不写 POLICY 时检查随程序提供的全部政策和参保方案。",
            "Shows all findings of a policy with file, line, column and remedy; where there are none, settles the "
            "hand-worked cases in cases/*.yaml and compares every fen. Without POLICY: all of the package.",
        ),
    )


def _check(names: tuple[str, ...], say: Say) -> None:
    from tuodi.cli.findings import show
    from tuodi.cli.policy.named import folder_of
    from tuodi.language.shelf import packaged_plans, packaged_policies

    folders = [folder_of(name) for name in names] or [*packaged_policies().values(), *packaged_plans().values()]
    faulty = 0
    for folder in folders:
        findings, well = _checked(folder, say)
        if findings:
            faulty += 1
            show(findings, say)
        else:
            click.echo(well)
    if faulty:
        raise click.exceptions.Exit(FINDINGS)


def _checked(folder: Path, say: Say) -> tuple[tuple[Finding, ...], str]:
    """What is wrong, or else the line that says that it is well."""
    from tuodi.cli.stock import Stock
    from tuodi.cli.worked import differences, settled, worked_cases
    from tuodi.core.finding import Faults
    from tuodi.engine.bind import bind
    from tuodi.language.load import load_policy

    try:
        policy = load_policy(folder)
        bind(policy)
        stock = Stock([folder])
        cases = worked_cases(folder)
    except Faults as faults:
        return faults.findings, ""
    found: list[Finding] = []
    for case in cases:
        try:
            found += differences(case, settled(case, stock))
        except Faults as faults:
            found += faults.findings
    return tuple(found), _well(policy, len(cases), sum(len(case.expected) for case in cases), say)


def _well(policy: Policy, cases: int, events: int, say: Say) -> str:
    worked = say(
        f"手算案例 {cases} 个、事件 {events} 个，逐分一致" if cases else "还没有手算案例（cases/*.yaml）",
        f"{cases} hand-worked cases, {events} events, equal to the fen" if cases else "no hand-worked cases yet",
    )
    return say(
        f"{policy.document.id}：没有问题。待遇 {len(policy.benefits)} 项，条款 {len(policy.clauses)} 条；{worked}。",
        f"{policy.document.id}: well. {len(policy.benefits)} benefits, {len(policy.clauses)} clauses; {worked}.",
    )
