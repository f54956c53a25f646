"""`tuodi policy adopt`: what a region settles by from a day on, after a look at what it changes of real bills."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from tuodi.cli.frame import Command
from tuodi.cli.options import Option
from tuodi.cli.parameters import parameters_of, parameters_option
from tuodi.cli.platform.installation import installation
from tuodi.cli.speech import Say
from tuodi.cli.wrong_use import WrongUse

if TYPE_CHECKING:
    from datetime import date

    from tuodi.ledger.posting import Share
    from tuodi.platform.settlement.adopted import Wanted
    from tuodi.platform.settlement.sweep import Progress


def command(say: Say) -> click.Command:
    """The command with its texts in one language."""
    return Command(
        name="adopt",
        say=say,
        callback=lambda **given: _adopt(Given(**given), say),
        short_help=say("设定一个区划从哪天起执行的政策。", "Set the policy of a region from a day on."),
        params=[
            click.Argument(["policy"], metavar="POLICY"),
            Option(["--region"], required=True, metavar="CODE", help=say("市的六位区划代码。必填。", "The city's six digits. Wanted.")),  # noqa: E501
            Option(["--from", "starts_on"], required=True, metavar="DAY", help=say("施行日，如 2026-01-01。必填。", "The first day, such as 2026-01-01. Wanted.")),  # noqa: E501
            Option(["--reason"], required=True, metavar="TEXT", help=say("依据的文件。必填。", "On what it rests. Wanted.")),  # noqa: E501
            Option(["--plan"], metavar="PLAN", help=say("参保方案：编号或文件夹。", "An insurance plan: its id or folder.")),  # noqa: E501
            parameters_option(say),
            Option(["--shares"], multiple=True, metavar="SOURCE=RATE", help=say("文件没有写分担的救助由谁负担，如 city=30%；可多次给出，默认县级全部负担。", "Who bears what the document leaves open, such as city=30%; repeatable. Default: the county.")),  # noqa: E501
            Option(["--yes"], is_flag=True, help=say("看过之后就采用；没有它只测算。", "Adopt after the look; without it, only look.")),  # noqa: E501
        ],
        help=say(
            "先按它重算该区划施行日以后的实际结算，按区县列出会改变的人数、笔数和救助差额，一分不动；加 --yes 才采用。"
            "采用后，已经结算的由 tuodi work 逐人重算，差额由各县（市、区）审批。",
            "First settles the region's real bills since the day by it, and lists by county how many persons and bills "
            "come out otherwise and by how much relief changes, without moving a fen; with --yes it is adopted. Then "
            "tuodi work settles everybody again, and each county approves its differences.",
        ),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What was given."""

    policy: str
    region: str
    starts_on: str
    reason: str
    plan: str | None
    parameters: Sequence[str]
    shares: Sequence[str]
    yes: bool


def _adopt(given: Given, say: Say) -> None:
    wanted = _wanted(given, say)
    with installation(say):
        from tuodi.platform.base.domain import SYSTEM
        from tuodi.platform.base.scope import entered
        from tuodi.platform.settlement import draft

        with entered(SYSTEM):
            number = draft.make(wanted=wanted(), reason=given.reason)
        _show(_looked_through(number, say), say)
        if not given.yes:
            click.echo(say("只是测算，没有采用。加 --yes 采用。", "Only a look; add --yes to adopt."), err=True)
            return
        with entered(SYSTEM):
            policy = draft.adopt(draft=number, reason=given.reason)
    click.echo(
        say(f"已采用（{policy}）。已结算的由 tuodi work 重算。", f"Adopted ({policy}); tuodi work goes on."), err=True
    )


def _wanted(given: Given, say: Say) -> Callable[[], Wanted]:
    """What is wanted, once the platform is there; wrong use is told before."""
    from tuodi.cli.policy.named import folder_of

    folder = folder_of(given.policy)
    plan = None if given.plan is None else folder_of(given.plan)
    day, parameters, shares = _day(given.starts_on, say), parameters_of(given.parameters, say), _shares(given, say)

    def wanted() -> Wanted:
        from tuodi.platform.settlement.adopted import THE_COUNTY, Wanted, texts

        return Wanted(
            region=given.region, starts_on=day, files=texts(folder), plan_files=None if plan is None else texts(plan),
            parameters=parameters, otherwise=shares or THE_COUNTY,
        )  # fmt: skip

    return wanted


def _day(text: str, say: Say) -> date:
    from tuodi.core.period import parse_day

    try:
        return parse_day(text)
    except ValueError as why:
        raise WrongUse(say(f"--from：{why}", f"--from: '{text}' is no day such as 2026-01-01")) from None


def _shares(given: Given, say: Say) -> list[Share]:
    from tuodi.core.money import parse_rate
    from tuodi.ledger.account import Source
    from tuodi.ledger.posting import Share

    found = []
    for one in given.shares:
        name, _, rate = one.partition("=")
        try:
            found.append(Share(source=Source[name], basis_points=parse_rate(rate)))
        except (KeyError, ValueError):
            known = ", ".join(source.name for source in Source)
            raise WrongUse(
                say(f"--shares {one}：写 来源=比例，来源有 {known}", f"--shares {one}: one of {known}")
            ) from None
    return found


def _looked_through(number: int, say: Say) -> Progress:
    """The draft's sweep, run here; workers that run meanwhile share it."""
    import time

    from tuodi.cli.status_line import StatusLine
    from tuodi.platform.base import work
    from tuodi.platform.base.domain import SYSTEM
    from tuodi.platform.base.scope import entered
    from tuodi.platform.settlement import sweep
    from tuodi.platform.settlement.adopted import SWEEP

    runners = {topic: runner for topic, runner in work.known().items() if topic in (SWEEP, sweep.PERSON)}
    with StatusLine(say) as line:
        while True:
            for _ in range(sweep.BATCH):
                if not work.one_errand(runners):
                    time.sleep(0.1)  # others have taken what is left, or it waits to be tried again
                    break
            with entered(SYSTEM):
                now = sweep.progress(number)
            line.tell(say("测算", "Looking"), now.done, now.persons or 0)
            if now.finished:
                return now


def _show(progress: Progress, say: Say) -> None:
    from tuodi.cli.tables import show_table
    from tuodi.engine.result import yuan

    headers = [
        say("区划", "Region"), say("人数", "Persons"), say("笔数", "Bills"), say("救助差额（元）", "Relief changes by"),
        say("不能重算的人", "Not to be settled"),
    ]  # fmt: skip
    rows = [
        (one.region, str(one.persons), str(one.bills), yuan(one.relief), str(one.troubles)) for one in progress.counties
    ]
    if rows:
        show_table(headers, rows)
    total = yuan(progress.relief)
    click.echo(
        say(
            f"看了 {progress.done} 人：{progress.bills} 笔会改变，救助合计 {total} 元。",
            f"{progress.done} persons: {progress.bills} bills change, relief by {total} yuan in all.",
        )
    )
