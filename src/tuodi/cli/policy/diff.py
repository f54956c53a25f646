"""`tuodi policy diff A B`: what differs in substance, and what cases would receive under both."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tuodi.cli.frame import FINDINGS, WELL, Command
from tuodi.cli.speech import Say

if TYPE_CHECKING:
    from tuodi.language.diff import Difference


def command(say: Say) -> click.Command:
    """The command with its texts in one language."""
    return Command(
        name="diff",
        say=say,
        callback=lambda old, new, cases: _diff(old, new, cases, say),
        short_help=say("比较两份政策。", "Compare two policies."),
        params=[
            click.Argument(["old"], metavar="A"),
            click.Argument(["new"], metavar="B"),
            click.Option(["--cases"], metavar="CASES", help=_cases_help(say)),
        ],
        help=say(
            "逐项列出政策 B 相对于 A 的实质变化：对象、待遇、数值（旧、新、条款）、名单、流程；意思相同的不列。"
            "有差别、或有案例不能结算时，退出码为 1。",
            "Lists what policy B changes of A in substance: persons, benefits, numbers (old, new, clause), lists, "
            "procedures. Exit code 1 where anything differs, or a case cannot be settled.",
        ),
    )


def _cases_help(say: Say) -> str:
    return say(
        "另把这个案例文件按两份政策各结算一遍，比较金额。",
        "Also settle this file of cases under both and compare the amounts.",
    )


def _diff(old: str, new: str, cases: str | None, say: Say) -> None:
    from tuodi.cli.policy.named import load
    from tuodi.language.diff import differences

    before, after = load(old, say), load(new, say)
    found = differences(before.policy, after.policy)
    if found:
        _show(found, say)
    else:
        click.echo(say("两份政策没有实质差别。", "The two policies mean the same."))
    faulty = 0
    if cases is not None:
        from tuodi.cli.policy.compare import compare

        faulty = compare(before, after, cases, say)
    raise click.exceptions.Exit(FINDINGS if found or faulty else WELL)


def _show(found: tuple[Difference, ...], say: Say) -> None:
    from tuodi.cli.tables import show_table

    headers = (
        say("部分", "part"),
        say("名称", "name"),
        say("变化", "change"),
        say("条款", "clause"),
        say("旧", "old"),
        say("新", "new"),
    )
    rows = [(one.part, one.label, one.facet or one.change.value, one.clause, one.old, one.new) for one in found]
    show_table(headers, rows)
    click.echo(say(f"共 {len(found)} 处不同。", f"{len(found)} differences."))
