"""`tuodi settle`: a file of cases, one a line, to a file of results, one a line in the same order."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from tuodi.cli.frame import FINDINGS, WELL, Command
from tuodi.cli.speech import Say
from tuodi.cli.wrong_use import WrongUse, system

if TYPE_CHECKING:
    from tuodi.cli.settler import Settler


def command(say: Say) -> click.Command:
    """The command with its texts in one language."""

    def settle(
        cases: str, out: str, policies: tuple[str, ...], plans: tuple[str, ...], explain: bool, receipts: bool
    ) -> None:
        from tuodi.cli.settler import Settler
        from tuodi.cli.shelves import open_stock

        lang = say("zh", "en")
        settler = Settler(open_stock(policies, plans, say), explain=explain, receipts=receipts, lang=lang)
        raise click.exceptions.Exit(_settle(say, cases, out, settler))

    return Command(
        name="settle",
        say=say,
        callback=settle,
        short_help=say("结算案例文件，一行一个案例。", "Settle a file of cases, one a line."),
        help=say(
            "结算案例文件 CASES（JSON Lines，一行是一个人的一个案例；“-”为标准输入），按原来的先后，一行写一个结果。"
            "有错误的案例写成 errors 行，其余照样结算，退出码为 1。文件里没有案例，退出码为 2，不写结果。",
            "Settles CASES (JSON Lines, one person's case a line; '-' is standard input) and writes one result a line, "
            "in the same order. A case with faults gives an errors line, the others are settled all the same, and the "
            "exit code is 1. A file without a case is wrong use, 2, and writes nothing.",
        ),
        params=[
            click.Argument(["cases"], metavar="CASES"),
            click.Option(["-o", "--out"], default="-", metavar="OUT", help=_out_help(say)),
            *shelf_options(say),
            click.Option(
                ["--explain"], is_flag=True, help=say("每个事件附上说明。", "Add an explanation to each event.")
            ),
            click.Option(["--receipts"], is_flag=True, help=say("每个案例附上回执。", "Add a receipt to each case.")),
        ],
    )


def _out_help(say: Say) -> str:
    return say(
        "结果文件，写完整了才出现；默认写到标准输出。",
        "Results; the file appears when it is whole. Default: standard output.",
    )


def shelf_options(say: Say) -> list[click.Parameter]:
    """Where other policies and plans than the package's stand."""
    policies = say(
        "另外的政策文件夹，或装着几个政策的文件夹；可多次给出。", "A folder with a policy, or with several; repeatable."
    )
    plans = say(
        "另外的参保方案文件夹，同上；可多次给出。", "A folder with an insurance plan, or with several; repeatable."
    )
    return [
        click.Option(["--policies"], multiple=True, metavar="DIR", help=policies),
        click.Option(["--plans"], multiple=True, metavar="DIR", help=plans),
    ]


def _settle(say: Say, cases: str, out: str, settler: Settler) -> int:
    from tuodi.cli.case_lines import numbered
    from tuodi.cli.out_file import open_out
    from tuodi.cli.progress import Progress
    from tuodi.cli.settler import blocks

    with _input(cases, say) as stream:
        lines = numbered(stream)
        first = next(lines, None)
        if first is None:
            raise WrongUse(
                say(f"{cases} 里没有案例：每行写一个 JSON 案例", f"{cases} holds no case: write one JSON case a line")
            )
        with open_out(out, say, reads=None if cases == "-" else Path(cases)) as sink, Progress(say) as progress:
            _collect_seldom()
            for block in blocks(chain([first], lines)):
                sink.writelines(settler.results(block))
                progress.tick(settler)
    if settler.faulty:
        click.echo(settler.complaint(say), err=True)
    return FINDINGS if settler.faulty else WELL


def _collect_seldom() -> None:
    """Cases and results hold no cycles: looking for some after every few hundred objects costs a tenth of the time."""
    gc.freeze()
    gc.set_threshold(50_000)


@contextmanager
def _input(name: str, say: Say) -> Iterator[BinaryIO]:
    if name == "-":
        if sys.stdin is None:
            raise WrongUse(say("标准输入是关闭的：给出案例文件", "standard input is closed: name a file of cases"))
        yield sys.stdin.buffer
        return
    try:
        with Path(name).open("rb", buffering=1 << 20) as stream:
            yield stream
    except OSError as why:
        if why.filename != str(Path(name)):
            raise
        raise WrongUse(say(f"不能读 {name}：{system(why, say)}", f"cannot read {name}: {system(why, say)}")) from None
