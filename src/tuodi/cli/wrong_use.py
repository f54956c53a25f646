"""Wrong use of the command line: what is wrong and what would mend it, in the language of the run."""

from __future__ import annotations

import errno

import click

from tuodi.cli.speech import Say

_SYSTEM = {
    errno.ENOENT: ("没有这个文件或文件夹", "there is no such file or folder"),
    errno.EISDIR: ("这是文件夹", "it is a folder"),
    errno.ENOTDIR: ("路径里有一段不是文件夹", "a part of the path is no folder"),
    errno.EACCES: ("没有权限", "not permitted"),
    errno.EPERM: ("没有权限", "not permitted"),
    errno.EROFS: ("磁盘是只读的", "the disk is read-only"),
    errno.ENOSPC: ("磁盘已满，腾出空间后重新运行", "the disk is full: make room and run it again"),
    errno.EDQUOT: ("磁盘配额已用完，腾出空间后重新运行", "the quota is used up: make room and run it again"),
    errno.EFBIG: ("文件超过允许的大小", "the file is larger than allowed"),
    errno.ENAMETOOLONG: ("文件名太长", "the name is too long"),
}
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""What only writing meets."""


class WrongUse(click.UsageError):
    """A command's own complaint about how it was called, already in the language of the run."""


def system(why: OSError, say: Say) -> str:
    """What the machine refused, in the language of the run; in its own words where we have none."""
    return say(*_SYSTEM.get(why.errno or 0, (str(why.strerror), str(why.strerror))))


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
        case click.NoSuchOption(option_name=name):
            return say(f"没有选项 {name}", f"no option {name}") + _near(wrong.possibilities, say)
        case click.exceptions.NoSuchCommand(command_name=name):
            return say(f"没有命令“{name}”", f"no command '{name}'") + _near(_commands_like(name, wrong), say)
        case click.MissingParameter():
            return say(f"缺少 {_name(wrong)}", f"{_name(wrong)} is missing")
        case click.BadOptionUsage(option_name=name) if "requires" in wrong.message:
            return say(f"选项 {name} 缺少值", f"option {name} wants a value")
        case click.BadOptionUsage(option_name=name):
            return say(f"选项 {name} 不要值", f"option {name} takes no value")
        case click.BadParameter():
            return say(f"{_name(wrong)} 的值不对：{wrong.message}", f"{_name(wrong)}: {wrong.message}")
    return say(f"多余的参数或缺少命令：{wrong.message}", wrong.message)


def _commands_like(name: str, wrong: click.UsageError) -> list[str]:
    """Commands of the group that was meant; click does not ask groups that load theirs late."""
    from difflib import get_close_matches

    if wrong.ctx is None or not isinstance(wrong.ctx.command, click.Group):
        return []
    return get_close_matches(name, wrong.ctx.command.list_commands(wrong.ctx))


def _near(possibilities: list[str] | None, say: Say) -> str:
    if not possibilities:
        return ""
    return say(f"；是否想写 {possibilities[0]}？", f"; did you mean {possibilities[0]}?")


def _name(wrong: click.BadParameter) -> str:
    if wrong.param is None:
        return str(wrong.param_hint or "")
    return wrong.param.opts[0] if isinstance(wrong.param, click.Option) else wrong.param.make_metavar(wrong.ctx)  # type: ignore[arg-type]
