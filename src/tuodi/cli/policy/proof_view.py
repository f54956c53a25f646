"""A proof on a terminal, and its counter-examples as case files that `tuodi settle` reproduces."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import orjson

from tuodi.cli.account import grouped
from tuodi.cli.out_file import open_out
from tuodi.cli.speech import Say
from tuodi.cli.tables import show_table
from tuodi.cli.wrong_use import WrongUse, system
from tuodi.core.money import format_rate
from tuodi.language.model import Policy
from tuodi.proof.report import TITLES, Curve, Failure, KinkKind, ProofReport, Verdict


def show_proof(report: ProofReport, policy: Policy, say: Say) -> None:
    """Properties, what fails and why, what is reachable, kinks and cliffs, what was assumed."""
    _properties(report, say)
    for failure in (failure for result in report.properties for failure in result.failures):
        _failure(failure, say)
    for title, sentences in (
        (
            say("任意多次结算之后仍然成立：", "True after any number of settlements:"),
            [one.says for one in report.reachable],
        ),
        (say("达到某个累计后改变的：", "What changes once a count is reached:"), [one.says for one in report.switches]),
        (say("证明的前提：", "Assumed:"), list(report.assumptions)),
    ):
        if sentences:
            click.echo(title)
            click.echo("".join(f"  {sentence}\n" for sentence in sentences))
    _kinks(report, policy, say)
    click.echo(say(f"用时 {report.milliseconds / 1000:.1f} 秒。", f"{report.milliseconds / 1000:.1f} s."))


def _properties(report: ProofReport, say: Say) -> None:
    verdicts = {
        Verdict.HOLDS: say("成立", "holds"),
        Verdict.DECLARED: say("除已声明的例外，成立", "holds but for declared exceptions"),
        Verdict.FAILS: say("不成立", "fails"),
        Verdict.UNDECIDED: say("限时内没有结论", "undecided in time"),
    }
    rows = [
        (
            TITLES[result.property],
            verdicts[result.verdict],
            str(result.questions),
            str(result.milliseconds),
            result.says,
        )
        for result in report.properties
    ]
    headers = (
        say("性质", "property"),
        say("结论", "verdict"),
        say("情形", "ways"),
        say("毫秒", "ms"),
        say("证明了什么", "what was asked"),
    )
    show_table(headers, rows, right=(2, 3))


def _failure(failure: Failure, say: Say) -> None:
    why = say("未声明", "not declared") if failure.declared is None else failure.declared.reason
    names = "、".join(failure.names)
    click.echo(
        say(
            f"例外：{TITLES[failure.property]}（{names}；{why}）",
            f"exception: {failure.property.value} ({names}; {why})",
        )
    )
    again = say("，结算程序重算一致", "; the engine comes to the same") if failure.counterexample.reproduced else ""
    click.echo(f"  {failure.counterexample.says}{again}\n")


def _kinks(report: ProofReport, policy: Policy, say: Say) -> None:
    headers = (
        say("待遇", "benefits"),
        say("情形", "such as"),
        say("处", "at"),
        say("金额（元）", "yuan"),
        say("救助（元）", "relief"),
        say("此前", "before"),
        say("此后", "after"),
        say("缘由", "why"),
    )
    alike: dict[object, list[Curve]] = {}
    for curve in report.curves:
        alike.setdefault((curve.benefits, curve.kinks), []).append(curve)
    rows = [row for curves in alike.values() for row in _curve(curves[0], len(curves), policy, say)]
    if rows:
        show_table(headers, rows, title=say("拐点和断崖", "Kinks and cliffs"), right=(3, 4, 5, 6))


def _curve(curve: Curve, alike: int, policy: Policy, say: Say) -> Iterator[tuple[str, ...]]:
    """The rows of one curve, which stands for `alike` ways of settling with the same kinks."""
    such = curve.conditions + (say(f"，等 {alike} 种", f", one of {alike}") if alike > 1 else "")
    labels = {benefit.id: benefit.label for benefit in policy.benefits}
    name = "、".join(labels.get(benefit, benefit) for benefit in curve.benefits)
    for kink in curve.kinks:
        cliff = say(f"断崖 {grouped(kink.jump)}", f"cliff {grouped(kink.jump)}")
        kind = cliff if kink.kind is KinkKind.CLIFF else say("拐点", "kink")
        slopes = (format_rate(kink.slope_before), format_rate(kink.slope_after))
        yield name, such, kind, grouped(kink.at), grouped(kink.relief), *slopes, kink.why
        name = such = ""


def write_cases(report: ProofReport, out: str, say: Say) -> None:
    """One case file for each counter-example: `<property>-<number>.jsonl`."""
    folder = Path(out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as why:
        raise WrongUse(
            say(f"不能建文件夹 {out}：{system(why, say)}", f"cannot make {out}: {system(why, say)}")
        ) from None
    failures = [failure for result in report.properties for failure in result.failures]
    for number, failure in enumerate(failures, 1):
        path = folder / f"{failure.property.value}-{number}.jsonl"
        with open_out(str(path), say) as sink:
            sink.writelines(orjson.dumps(case) + b"\n" for case in failure.counterexample.cases)
        click.echo(
            say(
                f"反例写在 {path}，可用 tuodi settle {path} 重算。",
                f"{path} holds a counter-example: tuodi settle {path}",
            )
        )
    if not failures:
        click.echo(say("没有反例。", "There is no counter-example."))
