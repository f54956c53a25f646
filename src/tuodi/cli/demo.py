"""`tuodi demo`: the hand-worked cases of all five documents, one explained by clause; then a made-up city's year."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

import click

from tuodi.cli.frame import FINDINGS, WELL, Command
from tuodi.cli.options import Option, Whole
from tuodi.cli.speech import Say

if TYPE_CHECKING:
    from pathlib import Path

    from tuodi.cli.stock import Stock
    from tuodi.core.finding import Finding

_EXPLAINED = "liaocheng-2022-5"

PERSONS = 20_000
"""Of the made-up city: enough for every class, few enough for a minute."""


def command(say: Say) -> click.Command:
    """The command with its texts in one language."""
    return Command(
        name="demo",
        say=say,
        callback=lambda persons, out: _demo(persons, out, say),
        short_help=say(
            "结算五份文件的手算案例，说明一例；再造一座小城试算。",
            "Settle the five documents' cases; try a small city.",
        ),
        help=say(
            "结算随程序提供的全部手算案例，逐分核对，并逐条说明其中一例；再造一座小城，成批结算一年的账单，"
            "试改一个数，写出报告。",
            "Settles the package's hand-worked cases, compares every fen with the work by hand, explains one; then "
            "makes a small city, settles its year of bills, tries a change, and writes the reports.",
        ),
        params=[
            Option(
                ["--persons"],
                type=Whole(say, 0),
                default=PERSONS,
                metavar="N",
                help=say(
                    f"小城的人数，默认 {PERSONS:,}；0 就不造。",
                    f"Persons of the city, {PERSONS:,} by default; 0: no city.",
                ),
            ),
            Option(
                ["--out"],
                metavar="DIR",
                help=say(
                    "小城和报告放在哪里，默认当前文件夹的 build/demo。",
                    "Where city and reports go; build/demo by default.",
                ),
            ),
        ],
    )


class _Settled(NamedTuple):
    """One policy's hand-worked cases, settled. Relief in fen."""

    number: str
    title: str
    cases: int
    events: int
    relief: int
    findings: tuple[Finding, ...]


def _demo(persons: int, out: str | None, say: Say) -> None:
    from tuodi.cli.findings import show
    from tuodi.cli.stock import Stock
    from tuodi.language.shelf import packaged_policies

    stock = Stock()
    settled = [_policy(name, folder, stock) for name, folder in packaged_policies().items()]
    _table(settled, say)
    findings = [finding for one in settled for finding in one.findings]
    if findings:
        show(findings, say)
    else:
        click.echo(
            say(
                "以上案例的金额都由人按文件原文手算，写在各政策的 cases 文件夹；程序结算的结果与手算逐分一致。",
                "These amounts were worked out by hand from the documents; the engine came to the same fen.",
            )
        )
    _explained(stock, say)
    if persons:
        _city(persons, out, say)
    click.echo(_next(say))
    raise click.exceptions.Exit(FINDINGS if findings else WELL)


def _city(persons: int, out: str | None, say: Say) -> None:
    from tuodi.cli.demo_city import show_city
    from tuodi.cli.refused import told

    with told(say):
        show_city(persons, out, say)


def _policy(name: str, folder: Path, stock: Stock) -> _Settled:
    from tuodi.cli.worked import differences, settled, worked_cases

    document = stock.policy(name).document
    cases = worked_cases(folder)
    results = [settled(case, stock) for case in cases]
    return _Settled(
        number=document.number,
        title=document.title,
        cases=len(cases),
        events=sum(len(result.settlements) for result in results),
        relief=sum(settlement.relief for result in results for settlement in result.settlements),
        findings=tuple(
            finding for case, result in zip(cases, results, strict=True) for finding in differences(case, result)
        ),
    )


def _table(settled: list[_Settled], say: Say) -> None:
    from tuodi.cli.account import grouped
    from tuodi.cli.tables import show_table

    headers = (
        say("文件", "document"),
        say("案例", "cases"),
        say("事件", "events"),
        say("救助合计（元）", "relief, yuan"),
        say("与手算比", "by hand"),
    )
    show_table(headers, _rows(settled, grouped, say), right=(1, 2, 3))


def _rows(settled: list[_Settled], grouped: Callable[[int], str], say: Say) -> Iterator[tuple[str, ...]]:
    for one in settled:
        differing = len(one.findings)
        verdict = say(f"{differing} 处不同", f"{differing} differ") if differing else say("逐分一致", "equal")
        yield one.number, str(one.cases), str(one.events), grouped(one.relief), verdict
    yield (
        say("合计", "all"),
        str(sum(one.cases for one in settled)),
        str(sum(one.events for one in settled)),
        grouped(sum(one.relief for one in settled)),
        "",
    )


def _explained(stock: Stock, say: Say) -> None:
    """One event of one case: the first that has more than one line that pays."""
    from tuodi.cli.explain import show_case
    from tuodi.cli.one_case import one_case
    from tuodi.cli.worked import settled

    one = one_case(_EXPLAINED, None, None, say)
    assert one.worked is not None, "the package's policies have hand-worked cases"
    result = settled(one.worked, stock)
    telling = next(
        (each for each in result.settlements if sum(line.paid > 0 for line in each.lines) > 1), result.settlements[0]
    )
    click.secho(say("\n逐条说明其中一例\n", "\nOne of them, clause by clause\n"), bold=True)
    show_case(one, result, say, event=telling.event.id)


def _next(say: Say) -> str:
    return say(
        "接下来可以试：\n"
        "  tuodi policy describe liaocheng-2022-5   给经办人员看的政策说明和算例\n"
        "  tuodi explain yangquan-2019-45#1         说明另一个手算案例\n"
        "  tuodi settle 案例.jsonl                  结算自己的案例，格式见 docs/case-format.md\n"
        "  tuodi policy new 新政策                  为另一个市新建政策，见 docs/policy-authors-guide.md\n"
        "  tuodi lab --help                         造人群、试改政策、求一个数、比几份政策\n"
        "（没有安装到系统时，命令是 .venv/bin/tuodi）",
        "Try next:\n"
        "  tuodi policy describe liaocheng-2022-5   the policy as a page for officials, with examples\n"
        "  tuodi explain yangquan-2019-45#1         another hand-worked case\n"
        "  tuodi settle CASES.jsonl                 cases of your own, see docs/case-format.md\n"
        "  tuodi policy new FOLDER                  a policy of another city, see docs/policy-authors-guide.md\n"
        "  tuodi lab --help                         populations, what-ifs, search, comparison\n"
        "(where it is not installed, the command is .venv/bin/tuodi)",
    )
