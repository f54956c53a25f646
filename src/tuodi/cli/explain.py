"""`tuodi explain`: one case, clause by clause, from the bill to what the family pays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tuodi.cli.frame import FINDINGS, Command
from tuodi.cli.settle import shelf_options
from tuodi.cli.speech import Say
from tuodi.cli.wrong_use import WrongUse

if TYPE_CHECKING:
    from tuodi.cli.one_case import OneCase
    from tuodi.cli.stock import Stock
    from tuodi.engine.settle import CaseResult


def command(say: Say) -> click.Command:
    """The command with its texts in one language."""
    return Command(
        name="explain",
        say=say,
        callback=lambda name, event, steps, **choice: _explain(name, event, steps, choice, say),
        short_help=say("逐条说明一个案例。", "Explain a case, clause by clause."),
        help=say(
            "说明一个案例：账单怎样一步步到个人自付，每一行的条款、算式、限额还剩多少。CASE 是 .json 文件、"
            ".jsonl 文件里的一行、手算案例的 .yaml 文件，或一个政策（取它的手算案例）；后面可写 #3 表示第 3 个。",
            "Explains a case: how the bill becomes what the family pays; clause, arithmetic and what is left of the "
            "limit for each line. CASE is a .json file, a line of a .jsonl file, a .yaml file of hand-worked cases, or "
            "a policy, whose hand-worked cases are meant; #3 behind it means the third.",
        ),
        params=[
            click.Argument(["name"], metavar="CASE"),
            click.Option(
                ["--line", "number"],
                type=int,
                metavar="N",
                help=say("第几行，或第几个案例。", "Which line, or which case."),
            ),
            click.Option(
                ["--title"], metavar="TEXT", help=say("标题含有这些字的手算案例。", "The case with this in its title.")
            ),
            click.Option(["--event"], metavar="ID", help=say("只说明这个事件。", "This event only.")),
            click.Option(["--steps"], is_flag=True, help=say("列出程序的每一步。", "Show every step of the program.")),
            *shelf_options(say),
        ],
    )


def _explain(name: str, event: str | None, steps: bool, choice: dict[str, Any], say: Say) -> None:
    from tuodi.cli.findings import show
    from tuodi.cli.one_case import one_case
    from tuodi.cli.shelves import open_stock
    from tuodi.core.finding import Faults

    try:
        one = one_case(name, choice["number"], choice["title"], say)
        extra = () if one.folder is None else (str(one.folder),)
        result = _settled(one, open_stock((*extra, *choice["policies"]), choice["plans"], say))
    except Faults as faults:
        show(faults.findings, say, err=True)
        raise click.exceptions.Exit(FINDINGS) from None
    known = [settlement.event.id for settlement in result.settlements]
    if event is not None and event not in known:
        there = "、".join(known)
        raise WrongUse(say(f"案例里没有事件“{event}”；有：{there}", f"no event {event}; there are: {there}"))
    show_case(one, result, say, event=event, steps=steps)


def _settled(one: OneCase, stock: Stock) -> CaseResult:
    from tuodi.engine.case import case_names, read_case
    from tuodi.engine.settle import settle_case

    names = case_names(one.raw)
    case = read_case(one.raw, stock.policy(names.policy), stock.plan(names.plan))
    return settle_case(stock.engine(names, case.parameters), case)


def show_case(one: OneCase, result: CaseResult, say: Say, *, event: str | None = None, steps: bool = False) -> None:
    """Prints the whole account of a settled case, or that of one event."""
    from tuodi.cli.event_view import show_event, show_steps

    document = result.engine.bound.policy.document
    click.echo(f"{document.title}（{document.number}）")
    click.echo(say(f"案例：{one.title}", f"case: {one.title}"))
    if one.worked is not None and one.worked.arithmetic:
        click.echo(say("手算：", "by hand:"))
        click.echo("".join(f"  {line}\n" for line in one.worked.arithmetic.splitlines()), nl=False)
    for place, settlement in enumerate(result.settlements):
        if event in (None, settlement.event.id):
            click.echo()
            show_event(settlement, say)
            if steps:
                show_steps(result, place, say)
    if one.others and event is None:
        click.echo(
            say(f"\n还有 {one.others} 个案例，可用 --line 选择。", f"\n{one.others} more cases: choose with --line.")
        )
