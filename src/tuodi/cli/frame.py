"""The frame around every command: language, help and usage errors in it, exit codes, no traceback.

Commands are imported when they are called, and import what only they need inside, so that `tuodi` starts at once.
A command module has `command(say)`, which gives the click command with its texts in one language.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from tuodi.cli.speech import LANGUAGES, Say, language
from tuodi.cli.wrong_use import NO_ROOM, WrongUse, system, told

WELL, FINDINGS, WRONG_USE, BUG, INTERRUPTED, BROKEN_PIPE = 0, 1, 2, 70, 130, 141
"""Exit codes. The last two are those of a shell for a run that an interrupt, or a closed pipe, has ended."""

PLATFORM = ("migrate", "city", "serve", "work", "staff", "audit", "backup", "restore", "keys")
"""Commands of an installation, in the order in which one needs them."""


def run(arguments: Sequence[str]) -> int:
    """Runs the command line; the exit code. 0 well, 1 findings, 2 wrong use, 70 a bug of ours."""
    say = language(arguments, os.environ.get("TUODI_LANG", ""))
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115 - it lasts as long as the run
    if sys.stdout is None:
        click.echo(say("标准输出是关闭的：接到文件或 /dev/null。", "Standard output is closed."), err=True)
        return WRONG_USE
    try:
        # Not click's main(): it has words of its own for interrupts and broken pipes.
        root = program(say)
        with root.make_context("tuodi", list(arguments)) as context:
            root.invoke(context)
        sys.stdout.flush()
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except click.exceptions.NoArgsIsHelpError as nothing:
        click.echo(nothing.ctx.get_help(), err=True)
        return WRONG_USE
    except click.UsageError as wrong:
        click.echo(told(wrong, say), err=True)
        return WRONG_USE
    except BrokenPipeError:
        return _leave_pipe()
    except KeyboardInterrupt:
        click.echo(say("已中断。", "Interrupted."), err=True)
        return INTERRUPTED
    except OSError as why:
        click.echo(_unreadable(why, say), err=True)
        return WRONG_USE
    except Exception as bug:
        return _own_up(bug, say)
    return WELL


def program(say: Say) -> click.Group:
    """The whole command line, with its texts in one language."""
    root = Commands(
        name="tuodi",
        say=say,
        modules={
            **{name: f"tuodi.cli.{name}" for name in ("settle", "explain", "policy", "batch", "lab", "demo")},
            **{name: f"tuodi.cli.platform.{name}" for name in PLATFORM},
            "gateway": "tuodi.cli.gateway",
        },
        help=say(
            "托底：医疗救助政策写成数据，逐笔结算到分，逐条说明，并给出证明。",
            "Medical assistance policies as data: settled to the fen, explained clause by clause, proved.",
        ),
        epilog=say(
            "退出码：0 正常；1 有需要处理的问题；2 用法不对；70 程序自身的错误。",
            "Exit codes: 0 well; 1 findings; 2 wrong use; 70 a bug of ours.",
        ),
    )
    root.params.append(_version_option(say))
    return root


def _version_option(say: Say) -> click.Option:
    def show(context: click.Context, _option: click.Parameter, asked: bool) -> None:
        if asked:
            from tuodi import __version__

            click.echo(f"tuodi {__version__}")
            context.exit()

    text = say("显示版本。", "Show the version.")
    return click.Option(["--version"], is_flag=True, is_eager=True, expose_value=False, callback=show, help=text)


# ---- commands in two languages ---------------------------------------------------------------------------------------


class Command(click.Command):
    """A click command whose help is in the language of the run; it takes `--lang` and `--help`."""

    def __init__(self, *, say: Say, params: Iterable[click.Parameter] = (), **settings: Any) -> None:
        super().__init__(params=[*params, _language_option(say)], add_help_option=False, **settings)
        self.params.append(_help_option(say))
        self.say = say

    def format_usage(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """The line of usage, under its word in the language."""
        pieces = " ".join(self.collect_usage_pieces(context))
        formatter.write_usage(context.command_path, pieces, prefix=self.say("用法：", "Usage: "))

    def collect_usage_pieces(self, context: click.Context) -> list[str]:
        """Options as a word of the language, then each argument."""
        arguments = [
            piece for one in self.params if isinstance(one, click.Argument) for piece in one.get_usage_pieces(context)
        ]
        return [self.say("[选项]", "[OPTIONS]"), *arguments]

    def format_options(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """The options; arguments are told of in the text above."""
        options = [one for one in self.params if isinstance(one, click.Option)]
        records = [record for one in options if (record := one.get_help_record(context)) is not None]
        with formatter.section(self.say("选项", "Options")):
            formatter.write_dl(records)


class Commands(Command, click.Group):
    """A group whose commands live in modules that are imported when they are asked for."""

    def __init__(self, *, say: Say, modules: dict[str, str], **settings: Any) -> None:
        super().__init__(say=say, no_args_is_help=True, **settings)
        self.modules = modules

    def list_commands(self, _context: click.Context) -> list[str]:
        """Names, in the order in which one needs them."""
        return list(self.modules)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        """The command of the module, made in the language of the run."""
        if name not in self.modules:
            return None
        made: click.Command = importlib.import_module(self.modules[name]).command(self.say)
        return made

    def collect_usage_pieces(self, context: click.Context) -> list[str]:
        """A group wants a command."""
        return [*super().collect_usage_pieces(context), self.say("命令 …", "COMMAND ...")]

    def format_options(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """Options, then the commands with what each does."""
        super().format_options(context, formatter)
        commands = [(name, self.get_command(context, name)) for name in self.list_commands(context)]
        with formatter.section(self.say("命令", "Commands")):
            formatter.write_dl([(name, (one.short_help or "")) for name, one in commands if one])


def _language_option(say: Say) -> click.Option:
    def check(context: click.Context, _option: click.Parameter, wanted: str | None) -> None:
        if wanted is not None and wanted not in LANGUAGES:
            raise WrongUse(
                say(f"没有语言“{wanted}”：--lang 只能是 zh 或 en", f"--lang is zh or en, not {wanted}"), context
            )

    text = say("界面语言，默认 zh；也可设环境变量 TUODI_LANG。", "Language, zh by default; also TUODI_LANG.")
    return click.Option(["--lang"], expose_value=False, callback=check, help=text, metavar="zh|en")


def _help_option(say: Say) -> click.Option:
    def show(context: click.Context, _option: click.Parameter, asked: bool) -> None:
        if asked:
            click.echo(context.get_help())
            context.exit()

    text = say("显示这份说明。", "Show this page.")
    return click.Option(["--help"], is_flag=True, is_eager=True, expose_value=False, callback=show, help=text)


# ---- the end ---------------------------------------------------------------------------------------------------------


def _leave_pipe() -> int:
    """The reader has gone: nothing more is written, nor complained about."""
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, sys.stdout.fileno())
    return BROKEN_PIPE


def _unreadable(why: OSError, say: Say) -> str:
    """What could not be read or written, and what the machine says about it."""
    nameless = say("标准输出", "standard output") if why.errno in NO_ROOM else say("文件", "a file")
    name = why.filename or nameless
    return say(f"不能读写 {name}：{system(why, say)}", f"{name}: {system(why, say)}")


def _own_up(bug: Exception, say: Say) -> int:
    """A bug of ours: one line to report, no traceback unless TUODI_DEBUG asks for it."""
    if os.environ.get("TUODI_DEBUG"):
        import traceback

        traceback.print_exception(bug)
    where = bug.__traceback__
    while where is not None and where.tb_next is not None:
        where = where.tb_next
    place = f"{Path(where.tb_frame.f_code.co_filename).name}:{where.tb_lineno}" if where else "?"
    what = f"{type(bug).__name__}: {bug} ({place})"
    click.echo(
        say(
            f"程序自身的错误，结果未写出：{what}\n请把这一行和所用的文件报告给维护者；TUODI_DEBUG=1 可见全部位置。",
            f"A bug of ours, nothing was written: {what}\nPlease report this line with the files (TUODI_DEBUG=1: all).",
        ),
        err=True,
    )
    return BUG
