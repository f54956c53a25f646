"""`tuodi lab what-if`: what a change of a policy costs, who gains and who loses."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tuodi.cli.frame import FINDINGS, Command
from tuodi.cli.lab.law import fund_options, law_options
from tuodi.cli.lab.view import report_option
from tuodi.cli.lab.whose import whose_options
from tuodi.cli.options import Option, Whole
from tuodi.cli.speech import Say
from tuodi.cli.wrong_use import WrongUse

if TYPE_CHECKING:
    from tuodi.cli.lab.whose import Whose
    from tuodi.cli.status_line import StatusLine
    from tuodi.lab.budget import Fund
    from tuodi.lab.change import Change, Regime
    from tuodi.lab.results import Broken, WhatIf

SHOWN = ("changes", "measures", "payers", "classes", "effects", "reserve", "spread")
"""Tables on the terminal; the report has all."""


def command(say: Say) -> click.Command:
    """The command with its texts in one language."""
    return Command(
        name="what-if",
        say=say,
        callback=lambda **given: _what_if(given, say),
        short_help=say("试改政策：花多少钱，谁多得，谁少得。", "Try a change: its cost, who gains, who loses."),
        help=say(
            "把 POLICY 改一处或几处（--set），或换成另一份政策（--policy），在同一群人身上各结算一遍：支出和资金来源、"
            "受益和受损的人和家庭、预警线、拐点和断崖、结余。改动先经证明，不成立的拒绝，说明理由和最小的反例，"
            "退出码为 1。",
            "Changes POLICY in one place or several (--set), or takes another policy (--policy), and settles the same "
            "people under both: spending by budget, persons and households better and worse off, warning lines, kinks "
            "and cliffs, the reserve. A change is proved first; one that does not hold is refused with the smallest "
            "counter-example, exit code 1.",
        ),
        params=[
            click.Argument(["policy"], metavar="POLICY"),
            Option(["--set", "settings"], multiple=True, metavar="PATH=VALUE", help=_set_help(say)),
            Option(
                ["--policy", "other"],
                metavar="POLICY",
                help=say("改成的另一份政策，代替 --set。", "Another policy, in place of --set."),
            ),
            *whose_options(say),
            *law_options(say),
            *fund_options(say),
            Option(["--repeat"], type=Whole(say), default=1, metavar="N", help=_repeat_help(say)),
            report_option(say),
        ],
    )


def _set_help(say: Say) -> str:
    return say(
        "改动，如 benefits.relief_1.rate=75%；可多次给出；路径见 tuodi lab numbers。",
        "A change, such as benefits.relief_1.rate=75%; repeatable; paths: tuodi lab numbers.",
    )


def _repeat_help(say: Say) -> str:
    return say(
        "用随后的种子再造同样的人群，共算 N 次，给出各次的范围；只用于合成人群。",
        "Make the same population from further seeds, N in all, and tell how far the figures spread.",
    )


def _what_if(given: dict[str, Any], say: Say) -> None:
    from tuodi.cli.lab.law import fund_of, regime_of
    from tuodi.cli.lab.view import check_report_name
    from tuodi.cli.lab.whose import whose
    from tuodi.cli.refused import told
    from tuodi.cli.status_line import StatusLine
    from tuodi.lab.results import Broken

    if bool(given["settings"]) == (given["other"] is not None):
        raise WrongUse(say("要有 --set 或者 --policy 之一", "--set is wanted, or --policy"))
    with told(say), StatusLine(say) as line:
        check_report_name(given["report"])
        files, fund = whose(given, say), fund_of(given, say)
        before = regime_of(given["policy"], given, files, say)
        try:
            change = _change(before, given, files, line)
        except Broken as broken:
            line.clear()
            show_broken(broken, say)
            raise click.exceptions.Exit(FINDINGS) from None
        result = _result(change, given, files, fund, line)
        line.clear()
        _show(result, change, given, files, line)


def _change(before: Regime, given: Mapping[str, Any], files: Whose, line: StatusLine) -> Change:
    """Proved. Raises Faults, Broken."""
    from tuodi.cli.lab.law import regime_of
    from tuodi.lab.change import changed_by, changed_to

    line.tell(line.say("证明改动成立", "proving the change"), 0, 0)
    if given["other"] is not None:
        return changed_to(before, regime_of(given["other"], given, files, line.say))
    return changed_by(before, given["settings"])


# ---- settling --------------------------------------------------------------------------------------------------------


def _result(change: Change, given: Mapping[str, Any], files: Whose, fund: Fund | None, line: StatusLine) -> WhatIf:
    """On these people; with --repeat on others like them, too."""
    from tuodi.lab.what_if import repeated, what_if

    with files.opened(line) as people:
        first = what_if(change, people, fund, line.progress, line.compiling)
    if given["repeat"] == 1:
        return first
    further = _further(change, given["repeat"], files, fund, line)
    return repeated(_after(first, further))


def _after(first: WhatIf, others: Iterator[WhatIf]) -> Iterator[WhatIf]:
    yield first
    yield from others


def _further(change: Change, times: int, files: Whose, fund: Fund | None, line: StatusLine) -> Iterator[WhatIf]:
    """The same on populations of the seeds that follow, each made for as long as it is needed."""
    from tuodi.cli.lab.population import made_population
    from tuodi.lab.people import folder_people
    from tuodi.lab.what_if import what_if

    city, persons, seed = _origin(files, line.say)
    with tempfile.TemporaryDirectory(prefix="tuodi-repeat-") as scratch:
        for number in range(1, times):
            folder = Path(scratch) / str(number)
            made_population(city, persons, seed + number, folder, line)
            yield what_if(change, folder_people(folder), fund, line.progress, line.compiling)


def _origin(files: Whose, say: Say) -> tuple[str, int, int]:
    """City, persons and seed of the population. Raises WrongUse where it is none."""
    import orjson

    path = files.folder / "manifest.json" if files.folder is not None else None
    said = orjson.loads(path.read_bytes()) if path is not None and path.is_file() else {}
    if "seed" not in said:
        raise WrongUse(say("--repeat 只用于 tuodi lab population 造的人群", "--repeat wants a made-up population"))
    return said["city"], said["persons"], said["seed"]


# ---- showing ---------------------------------------------------------------------------------------------------------


def show_broken(broken: Broken, say: Say) -> None:
    """Why a change is refused, with the smallest bills that show it."""
    from tuodi.cli.findings import show

    click.echo(say("这样改不成立，没有试算：", "This change does not hold; nothing was settled:"), err=True)
    for failure in broken.failures:
        click.echo(f"  {failure.counterexample.says}", err=True)
    show(broken.findings, say, err=True)


def _show(result: WhatIf, change: Change, given: Mapping[str, Any], files: Whose, line: StatusLine) -> None:
    from tuodi.cli.lab.view import now, said_command, show_answer, show_sheets, write_report
    from tuodi.lab.report.ground import Ground
    from tuodi.lab.report.of_what_if import of_what_if

    policies = [("政策", change.before.policy)]
    if given["other"] is not None:
        policies.append(("新政策", change.after.policy))
    ground = Ground(
        made=now(),
        command=said_command(click.get_current_context()),
        policies=tuple(policies),
        parameters=change.before.parameters,
        folder=files.folder,
        files=files.all,
    )
    report = of_what_if(result, ground)
    show_answer(report)
    show_sheets(report, SHOWN)
    if given["report"] is not None:
        write_report(report, given["report"], line, line.say)
