"""`tuodi policy describe`: the page of one policy for officials, with worked examples."""

from __future__ import annotations

import sys

import click

from tuodi.cli.frame import Command
from tuodi.cli.speech import Say
from tuodi.cli.wrong_use import WrongUse

_HTML = (".html", ".htm")
_FORMS = (".md", ".markdown", *_HTML)


def command(say: Say) -> click.Command:
    """The command with its texts in one language."""
    return Command(
        name="describe",
        say=say,
        callback=lambda name, out: _describe(name, out, say),
        short_help=say("给经办人员看的政策说明，附算例。", "The policy as a page for officials, with examples."),
        params=[
            click.Argument(["name"], metavar="POLICY"),
            click.Option(["-o", "--out"], metavar="FILE", help=_out_help(say)),
        ],
        help=say(
            "政策说明：救助谁、哪些服务、每项待遇一句话并列表、各数值的条款、起付线和限额上下的算例（由结算程序算出）、"
            "待确定的参数、参保资助、资金、监测预警、经办流程及时限。",
            "A page in Chinese, as officials read it: persons, services, each benefit as a sentence and in a table, "
            "clauses, examples around thresholds and limits settled by the engine, parameters, premiums, funds, "
            "warnings, procedures.",
        ),
    )


def _out_help(say: Say) -> str:
    return say("写成文件：.md，或可直接打印的 .html。", "Write a file: .md, or .html that prints as it stands.")


def _describe(name: str, out: str | None, say: Say) -> None:
    from tuodi.cli.boundary import examples
    from tuodi.cli.policy.named import load
    from tuodi.language.describe import describe
    from tuodi.language.page import html, markdown

    if out is not None and not out.endswith(_FORMS):
        raise WrongUse(say(f"-o {out}：文件名须以 .md 或 .html 结尾", f"-o {out}: the name must end in .md or .html"))
    policy = load(name, say).policy
    page = describe(policy, () if policy.is_plan else examples(policy))
    if out is None:
        _print(markdown(page))
    else:
        _write(html(page) if out.endswith(_HTML) else markdown(page), out, say)


def _print(text: str) -> None:
    """Markdown as it is; on a terminal, laid out."""
    if not sys.stdout.isatty():
        click.echo(text, nl=False)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(text))


def _write(text: str, out: str, say: Say) -> None:
    from tuodi.cli.out_file import open_out

    with open_out(out, say) as sink:
        sink.write(text.encode())
    click.echo(say(f"已写出 {out}。", f"{out} is written."), err=True)
