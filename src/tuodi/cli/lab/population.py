"""`tuodi lab population`: a made-up city, held against published figures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tuodi.cli.frame import Command
from tuodi.cli.lab.view import report_option
from tuodi.cli.options import Option, Whole
from tuodi.cli.speech import Say

if TYPE_CHECKING:
    from tuodi.cli.status_line import StatusLine
    from tuodi.lab.population import PopulationReport


def command(say: Say) -> click.Command:
    """The command with its texts in one language."""
    return Command(
        name="population",
        say=say,
        callback=lambda **given: _population(given, say),
        short_help=say("造一座城的人群和一年的账单。", "Make a city's people and their year of bills."),
        help=say(
            "造一座城：人、户、参保、身份的起止和申请、一年的账单和保险支付，按公布的统计数字校准，并与之核对。"
            "没有一个人是真实的。同样的城市、人数和种子总是得到同样的文件。",
            "Makes a city: persons, households, insurance, statuses over time, a year of bills and what insurance "
            "paid, calibrated to published figures and compared with them. Nobody in it exists. The same city, number "
            "and seed always give the same files.",
        ),
        params=[
            Option(["--city"], required=True, metavar="CITY", help=_city_help(say)),
            Option(
                ["--persons"],
                required=True,
                type=Whole(say),
                metavar="N",
                help=say("多少人；必填。", "How many persons. Wanted."),
            ),
            Option(
                ["--seed"],
                type=Whole(say, 0),
                default=1,
                metavar="N",
                help=say("随机数的种子，默认 1。", "The seed; default 1."),
            ),
            Option(
                ["--out"],
                required=True,
                metavar="DIR",
                help=say("新文件夹，造完才出现；必填。", "A new folder; appears when it is whole. Wanted."),
            ),
            report_option(say),
        ],
    )


def _city_help(say: Say) -> str:
    return say(
        "城市：liaocheng、yangquan、anshan、ningbo 或 qingdao；必填。",
        "The city: liaocheng, yangquan, anshan, ningbo or qingdao. Wanted.",
    )


def _population(given: dict[str, Any], say: Say) -> None:
    from tuodi.cli.lab.view import check_report_name
    from tuodi.cli.refused import told
    from tuodi.cli.status_line import StatusLine

    with told(say), StatusLine(say) as line:
        check_report_name(given["report"])
        made = made_population(given["city"], given["persons"], given["seed"], Path(given["out"]), line)
        line.clear()
        click.echo(made.text(), nl=False)
        click.echo(say(f"人群在 {given['out']}。", f"The population is in {given['out']}."))
        if given["report"] is not None:
            _report(made, given, line)


def made_population(city: str, persons: int, seed: int, out: Path, line: StatusLine) -> PopulationReport:
    """Makes it, told on the line. Raises Faults."""
    from tuodi.lab.population import make_population

    stage = line.say("已造人数", "persons made")
    return make_population(
        city, persons, seed, out, lambda done, total: line.tell(stage, done, total), workers=_workers()
    )


def _workers() -> int:
    import os

    return len(os.sched_getaffinity(0))


def _report(made: PopulationReport, given: dict[str, Any], line: StatusLine) -> None:
    from tuodi.cli.lab.view import now, said_command, write_report
    from tuodi.lab.report.ground import Ground
    from tuodi.lab.report.of_population import of_population

    command_line = said_command(click.get_current_context())
    ground = Ground(made=now(), command=command_line, folder=Path(given["out"]))
    write_report(of_population(made, ground), given["report"], line, line.say)
