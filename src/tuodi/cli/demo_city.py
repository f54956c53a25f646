"""The second half of `tuodi demo`: a small made-up city, its fund's year, and one change tried on it."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tuodi.cli.speech import Say

if TYPE_CHECKING:
    from tuodi.cli.status_line import StatusLine
    from tuodi.lab.change import Regime
    from tuodi.lab.people import FilePeople
    from tuodi.lab.report.document import Report
    from tuodi.lab.report.files import Written
    from tuodi.lab.report.ground import Ground

CITY, POLICY, SEED = "liaocheng", "liaocheng-2022-5", 1
CHANGED = "benefits.relief_1.rate=80%"


def show_city(persons: int, out: str | None, say: Say) -> None:
    """Makes the city, settles its year, tries the change; shows what comes of it and where the reports stand.

    Raises Faults where the folder cannot be written.
    """
    from tuodi.cli.lab.population import made_population
    from tuodi.cli.status_line import StatusLine
    from tuodi.lab.people import folder_people

    folder = _folder(out)
    click.secho(say(f"一座 {persons:,} 人的小城\n", f"A small city of {persons:,} persons\n"), bold=True)
    with StatusLine(say) as line:
        line.note(_patience(say))
        made = made_population(CITY, persons, SEED, folder / "city", line)
        line.clear()
        click.echo(made.text().partition("\n\n")[0] + "\n")
        law = _law(folder / "city", say)
        _settle(law, folder, line)
        people = folder_people(folder / "city")
        written = [_year(law, people, folder, line), _what_if(law, people, folder, line)]
    click.echo(_where(folder, written, say))


def _patience(say: Say) -> str:
    return say(
        "造人群、成批结算、试改一个数；第一次运行要先把政策编译成机器码，约半分钟，以后不再编译。",
        "Making people, settling their bills, trying a change. The first run compiles the policy to machine code, "
        "which takes about half a minute; later runs don't.",
    )


# ---- where -----------------------------------------------------------------------------------------------------------


def _folder(out: str | None) -> Path:
    """`build/demo` here, or where nothing may be written here a folder for temporary files; without an earlier city."""
    folder = Path(out) if out is not None else Path("build") / "demo"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError:
        if out is not None:
            raise
        return Path(tempfile.mkdtemp(prefix="tuodi-demo-"))
    for name in ("city", "settled"):
        if (folder / name / "manifest.json").is_file():  # made by an earlier demonstration
            shutil.rmtree(folder / name)
    return folder


def _where(folder: Path, written: list[Written], say: Say) -> str:
    pages = "\n".join(f"  {one.page}" for one in written)
    return say(
        f"完整的报告（用浏览器打开，不需要网络；旁边的 .xlsx 是表格）：\n{pages}\n"
        f"人群和每一笔账单的结果：{folder / 'city'}、{folder / 'settled'}\n",
        f"The whole reports (for a browser, without a network; beside them the tables as .xlsx):\n{pages}\n"
        f"The people, and what became of each bill: {folder / 'city'}, {folder / 'settled'}\n",
    )


# ---- what is shown ---------------------------------------------------------------------------------------------------


def _law(city: Path, say: Say) -> Regime:
    from tuodi.cli.policy.named import load
    from tuodi.lab.change import regime
    from tuodi.lab.people import parameters_of

    policy = load(POLICY, say).policy
    known = {name: value for name, value in parameters_of(city).items() if name in policy.parameters}
    return regime(policy, known)


def _settle(law: Regime, folder: Path, line: StatusLine) -> None:
    """The bills of the city, from files to files."""
    from tuodi.batch.run import run_batch

    stage = line.say("已结算账单", "bills settled")
    run_batch(
        law.policy,
        law.parameters,
        events=folder / "city" / "events.parquet",
        statuses=folder / "city" / "statuses.parquet",
        out=folder / "settled",
        progress=lambda at: line.tell(stage, at.settled, at.total, at.began),
    )


def _year(law: Regime, people: FilePeople, folder: Path, line: StatusLine) -> Written:
    from tuodi.cli.lab.view import show_sheets
    from tuodi.lab.report.of_year import of_year
    from tuodi.lab.report.year import fund_year

    report = of_year(fund_year(law.bound, people, line.progress), _ground(law, folder))
    _answer(report, line)
    show_sheets(report, ("months", "refusals"))
    return _written(report, folder / "year.html")


def _what_if(law: Regime, people: FilePeople, folder: Path, line: StatusLine) -> Written:
    from tuodi.cli.lab.view import show_sheets
    from tuodi.lab.change import changed_by
    from tuodi.lab.report.of_what_if import of_what_if
    from tuodi.lab.what_if import what_if

    result = what_if(changed_by(law, [CHANGED]), people, tell=line.progress)
    report = of_what_if(result, _ground(law, folder))
    _answer(report, line)
    show_sheets(report, ("effects",))
    return _written(report, folder / "what-if.html")


def _answer(report: Report, line: StatusLine) -> None:
    line.clear()
    click.secho(report.question, bold=True)
    click.echo("".join(f"  {sentence}\n" for sentence in report.answer))


def _ground(law: Regime, folder: Path) -> Ground:
    from tuodi.cli.lab.view import now, said_command
    from tuodi.lab.report.ground import Ground

    return Ground(
        made=now(),
        command=said_command(click.get_current_context()),
        policies=(("政策", law.policy),),
        parameters=law.parameters,
        folder=folder / "city",
    )


def _written(report: Report, path: Path) -> Written:
    from tuodi.lab.report.files import write

    return write(report, path)
