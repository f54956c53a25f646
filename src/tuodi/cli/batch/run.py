"""`tuodi batch run`: settles files of events and statuses into a folder, and goes on where an interruption left off."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tuodi.cli.frame import FINDINGS, WELL, Command
from tuodi.cli.options import Option, Whole
from tuodi.cli.parameters import parameters_of, parameters_option
from tuodi.cli.speech import Say
from tuodi.cli.wrong_use import WrongUse

if TYPE_CHECKING:
    from tuodi.batch.run import Progress, Summary
    from tuodi.cli.lab.whose import Whose
    from tuodi.cli.status_line import StatusLine
    from tuodi.language.model import Policy

_TOLD = 20
"""Findings that are shown; the file has more."""


def command(say: Say) -> click.Command:
    """The command with its texts in one language."""
    return Command(
        name="run",
        say=say,
        callback=lambda **given: _run(given, say),
        short_help=say("结算账单和身份文件。", "Settle files of bills and statuses."),
        help=say(
            "按 POLICY 结算 --events 里的全部账单，结果写进文件夹 --out：每笔账单的救助、个人自付、各项待遇、"
            "不予救助的理由，以及 summary.json 和 findings.jsonl。"
            "数据有误的人单独放开，写明文件和行，其余照样结算，退出码为 1。中断之后用同样的命令再运行，会从断处继续。",
            "Settles every bill of --events under POLICY into the folder --out: for each relief, own payment, lines "
            "and refusals, and summary.json and findings.jsonl beside. Persons with faulty rows are set apart and told "
            "by file and row, all others are settled, and the exit code is 1. After an interruption the same command "
            "goes on where it was.",
        ),
        params=[
            click.Argument(["policy"], metavar="POLICY"),
            *_input_options(say),
            Option(
                ["--out"],
                required=True,
                metavar="DIR",
                help=say("结果文件夹，结算完才出现；必填。", "The result; appears when it is whole. Wanted."),
            ),
            parameters_option(say),
            Option(
                ["--plan"],
                metavar="PLAN",
                help=say(
                    "参保方案：由它算出账单里留空的保险支付。",
                    "Insurance plan: computes payments that bills leave out.",
                ),
            ),
            *_how_options(say),
        ],
    )


def _input_options(say: Say) -> list[click.Parameter]:
    events = say(
        "账单（事件）的 Parquet 或 CSV 文件，或装着它们的文件夹；可多次给出。",
        "Bills (events): Parquet or CSV files, or a folder of them; repeatable.",
    )
    statuses = say("身份文件，同上。", "Statuses of persons, likewise.")
    openings = say(
        "结算之前的累计（起付线、限额已用多少），同上。",
        "Counts that persons bring along (what of limits is used), likewise.",
    )
    population = say(
        "人群文件夹，代替以上各项和 --parameters。", "A population's folder, in place of these and of --parameters."
    )
    return [
        Option(["--events"], multiple=True, metavar="FILE", help=events),
        Option(["--statuses"], multiple=True, metavar="FILE", help=statuses),
        Option(["--openings"], multiple=True, metavar="FILE", help=openings),
        Option(["--population"], metavar="DIR", help=population),
    ]


def _how_options(say: Say) -> list[click.Parameter]:
    closings = say("也写出每人年末的累计。", "Also write where each person's counts stand at the end.")
    explain = say("每 N 人抽一人，写出逐条说明。", "Explain one person in N, clause by clause.")
    report = say(
        "再写一份基金年度报告（.html，旁边有 .xlsx 和 Parquet）。",
        "Also a report on the fund's year (.html, beside it .xlsx and Parquet).",
    )
    fresh = say("不接着上次，从头开始。", "Begin again instead of going on.")
    workers = say("线程数，默认与处理器一样多。", "Threads; as many as processors by default.")
    engine = say(
        "在哪里结算：local（本机，默认）或 spark（集群）。结果一样，逐字节相同。",
        "Where: local (this machine, the default) or spark (a cluster). The result is the same to the byte.",
    )
    master = say(
        "Spark 主节点，如 spark://主机:7077；各台机器要以同样的路径看得到输入和结果。",
        "Spark's master, such as spark://host:7077; every machine sees input and result under the same paths.",
    )
    return [
        Option(["--closings"], is_flag=True, help=closings),
        Option(["--explain", "explain_one_in"], type=Whole(say), default=None, metavar="N", help=explain),
        Option(["--report"], metavar="FILE", help=report),
        Option(["--fresh"], is_flag=True, help=fresh),
        Option(["--workers"], type=Whole(say), default=None, metavar="N", help=workers),
        Option(["--engine"], default="local", metavar="NAME", help=engine),
        Option(["--master"], metavar="URL", help=master),
        Option(
            ["--encoding"],
            default="utf-8",
            metavar="NAME",
            help=say("CSV 的编码，默认 utf-8，也可 gb18030。", "Encoding of CSV: utf-8, or gb18030."),
        ),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Law:
    """What is settled under."""

    policy: Policy
    plan: Policy | None
    parameters: Mapping[str, object]


def _run(given: dict[str, Any], say: Say) -> None:
    from tuodi.cli.lab.view import check_report_name
    from tuodi.cli.lab.whose import whose
    from tuodi.cli.refused import told
    from tuodi.cli.status_line import StatusLine

    with told(say), StatusLine(say) as line:
        check_report_name(given["report"])
        run = _engine(given["engine"], given["master"], say)
        files = whose(given, say)
        law = _law(given, files, say)
        summary = _settled(run, given, files, law, line)
        if given["report"] is not None:
            _report(given["report"], files, law, summary.sums["relief_fen"], line)
    raise click.exceptions.Exit(WELL if summary.is_clean else FINDINGS)


def _law(given: dict[str, Any], files: Whose, say: Say) -> _Law:
    from tuodi.cli.policy.named import load

    policy = load(given["policy"], say).policy
    plan = None if given["plan"] is None else load(given["plan"], say).policy
    parameters = files.parameters(policy, plan) | parameters_of(given["parameters"], say)
    return _Law(policy=policy, plan=plan, parameters=parameters)


def _engine(name: str, master: str | None, say: Say) -> Callable[..., Summary]:
    """What settles. Raises WrongUse where no engine, or no cluster, is meant."""
    if name == "local" and master is None:
        from tuodi.batch.run import run_batch

        return run_batch
    if name == "spark" and master is not None:
        from tuodi.batch.spark.run import run_on_spark

        return partial(run_on_spark, master=master)
    if name not in ("local", "spark"):
        raise WrongUse(say(f"--engine 是 local 或 spark，没有“{name}”", f"--engine is local or spark, not {name}"))
    if name == "spark":
        raise WrongUse(
            say(
                "--engine spark 还要 --master，如 --master spark://主机:7077",
                "--engine spark wants --master, such as --master spark://host:7077",
            )
        )
    raise WrongUse(say("--master 只用于 --engine spark", "--master goes with --engine spark"))


def _settled(run: Callable[..., Summary], given: dict[str, Any], files: Whose, law: _Law, line: StatusLine) -> Summary:
    """Runs, and shows what it came to."""
    from tuodi.batch.run import COMPILING, Options

    began = time.monotonic()
    summary = run(
        law.policy,
        law.parameters,
        events=files.events,
        statuses=files.statuses,
        openings=files.openings,
        out=Path(given["out"]),
        plan=law.plan,
        progress=lambda progress: _tell(line, progress),
        say=lambda text: line.compiling() if text == COMPILING else line.note(text),
        options=Options(
            workers=given["workers"] or 0,
            closings=given["closings"],
            explain_one_in=given["explain_one_in"] or 0,
            encoding=given["encoding"],
            fresh=given["fresh"],
        ),
    )
    line.clear()
    _show(summary, int(time.monotonic() - began), line.say)
    return summary


def _tell(line: StatusLine, progress: Progress) -> None:
    line.tell(line.say("已结算账单", "bills settled"), progress.settled, progress.total, progress.began)


def _show(summary: Summary, seconds: int, say: Say) -> None:
    from tuodi.cli.findings import told
    from tuodi.cli.status_line import duration
    from tuodi.cli.tables import show_table

    show_table((say("项目", "item"), say("数", "number")), _rows(summary.sums, say), right=(1,))
    for one in summary.told[:_TOLD]:
        click.echo(told(one.finding, say), err=True)
    counted = "、".join(f"{code} {number:,}" for code, number in sorted(summary.findings.items()))
    if counted:
        click.echo(
            say(
                f"数据里的问题：{counted}；明细在 {summary.out}/findings.jsonl。",
                f"Findings: {counted}; see {summary.out}/findings.jsonl.",
            ),
            err=True,
        )
    click.echo(
        say(f"结果在 {summary.out}，用时{duration(seconds, say)}。", f"{summary.out}: {duration(seconds, say)}.")
    )


def _rows(sums: Mapping[str, int], say: Say) -> list[tuple[str, str]]:
    from tuodi.cli.account import grouped

    labels = {
        "persons": say("人", "persons"),
        "events": say("账单", "bills"),
        "events_refused": say("不予救助的账单", "bills refused"),
        "persons_set_apart": say("数据有误、没有结算的人", "persons set apart"),
        "events_set_apart": say("他们的账单", "their bills"),
    }
    rows = [(label, f"{sums.get(name, 0):,}") for name, label in labels.items()]
    rows.append((say("救助合计（元）", "relief, yuan"), grouped(sums.get("relief_fen", 0))))
    rows.append((say("个人自付合计（元）", "own payment, yuan"), grouped(sums.get("personal_fen", 0))))
    return rows


def _report(name: str, files: Whose, law: _Law, relief: int, line: StatusLine) -> None:
    """The fund's year, from the same bills settled once more, with what only the report shows. `relief`: of the run."""
    from tuodi.cli.lab.view import now, said_command, write_report
    from tuodi.engine.bind import bind
    from tuodi.lab.report.ground import Ground
    from tuodi.lab.report.of_year import of_year
    from tuodi.lab.report.year import fund_year

    with files.opened(line) as people:
        year = fund_year(bind(law.policy, law.parameters, law.plan), people, line.progress)
    assert year.relief == relief, "INV-13 the readings of a policy agree"
    ground = Ground(
        made=now(),
        command=said_command(click.get_current_context()),
        policies=(("政策", law.policy), *((("参保方案", law.plan),) if law.plan is not None else ())),
        parameters=law.parameters,
        folder=files.folder,
        files=files.all,
    )
    write_report(of_year(year, ground), name, line, line.say)
