"""Wrong use of the command line: what is wrong and what would mend it, in the language of the run."""

from __future__ import annotations

import click

from tuodi.cli.speech import Say


class WrongUse(click.UsageError):
    """A command's own complaint about how it was called, already in the language of the run."""


def told(wrong: click.UsageError, say: Say) -> str:
    """Usage, what is wrong, and where help is."""
    lines = []
    if wrong.ctx is not None:
        lines.append(wrong.ctx.get_usage())
    lines.append(say(f"用法不对：{_what(wrong, say)}", f"Wrong use: {_what(wrong, say)}"))
    path = wrong.ctx.command_path if wrong.ctx is not None else "tuodi"
    lines.append(say(f"可用“{path} --help”查看说明。", f"'{path} --help' tells more."))
    return "\n".join(lines)


def _what(wrong: click.UsageError, say: Say) -> str:
    match wrong:
        case WrongUse():
            return wrong.message
        case click.NoSuchOption():
            return say(f"没有选项 {wrong.option_name}", f"no option {wrong.option_name}") + _near(
                wrong.possibilities, say
            )
        case click.exceptions.NoSuchCommand():
            what = say(f"没有命令“{wrong.command_name}”", f"no command '{wrong.command_name}'")
            return what + _near(wrong.possibilities, say)
        case click.MissingParameter():
            return say(f"缺少 {_name(wrong)}", f"{_name(wrong)} is missing")
        case click.BadOptionUsage():
            return say(f"选项 {wrong.option_name} 的用法不对，它要一个值或不要值", wrong.message)
        case click.BadParameter():
            return say(f"{_name(wrong)} 的值不对：{wrong.message}", f"{_name(wrong)}: {wrong.message}")
    return say("参数太多或缺少命令", "too many arguments, or no command") + f"（{wrong.message}）"


def _near(possibilities: list[str] | None, say: Say) -> str:
    if not possibilities:
        return ""
    words = " ".join(sorted(possibilities))
    return say(f"；是否想写 {words}？", f"; did you mean {words}?")


def _name(wrong: click.BadParameter) -> str:
    if wrong.param is None:
        return str(wrong.param_hint or "")
    return wrong.param.opts[0] if isinstance(wrong.param, click.Option) else wrong.param.make_metavar(wrong.ctx)  # type: ignore[arg-type]
