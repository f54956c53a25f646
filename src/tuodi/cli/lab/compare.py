"""`tuodi lab compare`: the same people under several policies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tuodi.cli.frame import Command
from tuodi.cli.lab.law import law_options
from tuodi.cli.lab.view import report_option
from tuodi.cli.lab.whose import whose_options
from tuodi.cli.speech import Say

if TYPE_CHECKING:
    from tuodi.cli.lab.whose import Whose
    from tuodi.cli.status_line import StatusLine
    from tuodi.lab.change import Regime
    from tuodi.lab.results import Comparison


def command(say: Say) -> click.Command:
    """The command with its texts in one language."""
    return Command(
        name="compare",
        say=say,
        callback=lambda **given: _compare(given, say),
        short_help=say("同一群人，几份政策各给多少。", "What several policies give to the same people."),
        help=say(
            "把同一群人的账单分别按几份政策结算：各类人、各种病、各个家庭在各地得到多少，哪些不予救助。",
            "Settles the same people's bills under several policies: what each group, disease and family would "
            "receive, and what is refused.",
        ),
        params=[
            click.Argument(["policies"], nargs=-1, required=True, metavar="POLICY..."),
            *whose_options(say),
            *law_options(say),
            report_option(say),
        ],
    )


def _compare(given: dict[str, Any], say: Say) -> None:
    from tuodi.cli.lab.law import regime_of
    from tuodi.cli.lab.view import check_report_name
    from tuodi.cli.lab.whose import whose
    from tuodi.cli.refused import told
    from tuodi.cli.status_line import StatusLine
    from tuodi.lab.compare import compare

    with told(say), StatusLine(say) as line:
        check_report_name(given["report"])
        files = whose(given, say)
        regimes = [regime_of(name, given, files, say) for name in given["policies"]]
        with files.opened(line) as people:
            result = compare(regimes, people, tell=line.progress, say=line.compiling)
        line.clear()
        _show(result, regimes, given, files, line)


def _show(result: Comparison, regimes: list[Regime], given: dict[str, Any], files: Whose, line: StatusLine) -> None:
    from tuodi.cli.lab.view import now, said_command, show_answer, show_sheets, write_report
    from tuodi.lab.report.ground import Ground
    from tuodi.lab.report.of_comparison import of_comparison

    ground = Ground(
        made=now(),
        command=said_command(click.get_current_context()),
        policies=tuple(("政策", one.policy) for one in regimes),
        parameters={name: value for one in regimes for name, value in one.parameters.items()},
        folder=files.folder,
        files=files.all,
    )
    report = of_comparison(result, ground)
    show_answer(report)
    show_sheets(report, ("policies", "classes_across", "diseases_across", "services_across"))
    if given["report"] is not None:
        write_report(report, given["report"], line, line.say)
