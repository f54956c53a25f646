"""`tuodi lab solve`: the value of one number that meets a budget, exact to the fen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from tuodi.cli.frame import FINDINGS, WELL, Command
from tuodi.cli.lab.law import fund_options, law_options
from tuodi.cli.lab.view import report_option
from tuodi.cli.lab.whose import whose_options
from tuodi.cli.options import Option
from tuodi.cli.speech import Say
from tuodi.cli.wrong_use import WrongUse

if TYPE_CHECKING:
    from tuodi.cli.lab.whose import Whose
    from tuodi.cli.status_line import StatusLine
    from tuodi.lab.change import Regime
    from tuodi.lab.results import Solution
    from tuodi.lab.solve import Goal


def command(say: Say) -> click.Command:
    """The command with its texts in one language."""
    return Command(
        name="solve",
        say=say,
        callback=lambda **given: _solve(given, say),
        short_help=say("求一个数：多高正好用完预算。", "Find the value that meets a budget."),
        help=say(
            "求 POLICY 里一个数（--path）的值，使全年救助支出不超过 --target（如 3000万），或年末结余不低于当年筹集的 "
            "--target（如 5%，要有 --income）。给出的值满足，再多一步就不满足；求不出，退出码为 1。",
            "Finds the value of one number of POLICY (--path) with which a year's relief costs at most --target (such "
            "as 30000000), or at least --target of the income (such as 5%, with --income) is left. The value meets it, "
            "the next one does not; exit code 1 where there is none.",
        ),
        params=[
            click.Argument(["policy"], metavar="POLICY"),
            Option(["--path"], required=True, metavar="PATH", help=_path_help(say)),
            Option(["--target"], required=True, metavar="YUAN|RATE", help=_target_help(say)),
            Option(
                ["--payer"],
                metavar="NAME",
                help=say("只看这个资金来源的支出。", "Only what this budget bears."),
            ),
            Option(["--from", "low"], metavar="VALUE", help=say("从这个值起找。", "The lowest value to look at.")),
            Option(["--to", "high"], metavar="VALUE", help=say("找到这个值为止。", "The highest one.")),
            *whose_options(say),
            *law_options(say),
            *fund_options(say),
            report_option(say),
        ],
    )


def _path_help(say: Say) -> str:
    return say(
        "哪个数，见 tuodi lab numbers；* 代表任何名字，几个数一起变；必填。",
        "Which number, see tuodi lab numbers; * stands for any name: several at once. Wanted.",
    )


def _target_help(say: Say) -> str:
    return say(
        "支出上限，如 3000万；或留下的比例，如 5%；必填。",
        "The most to spend, or the share of income to leave. Wanted.",
    )


def _solve(given: dict[str, Any], say: Say) -> None:
    from tuodi.cli.lab.law import regime_of
    from tuodi.cli.lab.view import check_report_name
    from tuodi.cli.lab.whose import whose
    from tuodi.cli.refused import told
    from tuodi.cli.status_line import StatusLine
    from tuodi.lab.results import Outcome
    from tuodi.lab.solve import Range, solve

    with told(say), StatusLine(say) as line:
        check_report_name(given["report"])
        files, goal = whose(given, say), _goal(given, say)
        before = regime_of(given["policy"], given, files, say)
        among = Range(given["low"] or "", given["high"] or "")
        with files.opened(line) as people:
            found = solve(before, given["path"], goal, people, among, line.progress, line.compiling)
        line.clear()
        _show(found, before, given, files, line)
    usable = found.outcome in (Outcome.FOUND, Outcome.ALWAYS) and found.broken is None
    raise click.exceptions.Exit(WELL if usable else FINDINGS)


def _goal(given: Mapping[str, Any], say: Say) -> Goal:
    """Raises WrongUse."""
    from tuodi.cli.lab.law import fund_of
    from tuodi.cli.yuan import fen_of
    from tuodi.core.money import parse_rate
    from tuodi.lab.solve import leaving, spending

    target, fund = given["target"], fund_of(given, say)
    if not target.endswith("%"):
        return spending(fen_of(target, "--target", say), given["payer"] or "")
    if fund is None:
        raise WrongUse(say("留下一定比例，要有 --income（当年筹集）", "a share that is left needs --income"))
    try:
        return leaving(parse_rate(target), fund)
    except ValueError as why:
        raise WrongUse(say(f"--target：{why}", f"--target {target}: write a rate such as 5%")) from None


def _show(found: Solution, before: Regime, given: Mapping[str, Any], files: Whose, line: StatusLine) -> None:
    from tuodi.cli.lab.view import now, said_command, show_answer, show_sheets, write_report
    from tuodi.cli.lab.what_if import show_broken
    from tuodi.lab.report.ground import Ground
    from tuodi.lab.report.of_solution import of_solution

    ground = Ground(
        made=now(),
        command=said_command(click.get_current_context()),
        policies=(("政策", before.policy),),
        parameters=before.parameters,
        folder=files.folder,
        files=files.all,
    )
    report = of_solution(found, ground)
    show_answer(report)
    show_sheets(report, ("tried", "against"))
    if found.broken is not None:
        show_broken(found.broken, line.say)
    if given["report"] is not None:
        write_report(report, given["report"], line, line.say)
