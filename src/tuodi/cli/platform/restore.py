"""`tuodi restore`: a database again, from a copy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tuodi.cli.frame import Command
from tuodi.cli.options import Option
from tuodi.cli.platform.installation import told
from tuodi.cli.speech import Say
from tuodi.cli.wrong_use import WrongUse

if TYPE_CHECKING:
    from tuodi.site.copies import Restored


def command(say: Say) -> click.Command:
    """The command with its texts in one language."""
    to = say(
        "恢复到哪里：空的数据目录，或空数据库的地址（不带密码），或写 DATABASE_URL 表示该环境变量里的地址。必填。",
        "Where: an empty data folder, the address of an empty database (without a password), or DATABASE_URL for the "
        "address in that variable. Wanted.",
    )
    return Command(
        name="restore",
        say=say,
        callback=lambda file, to, keys: _restore(file, to, keys, say),
        short_help=say("从备份恢复。", "Restore from a copy."),
        params=[
            click.Argument(["file"], metavar="FILE"),
            Option(["--to"], required=True, metavar="DIR|URL", help=to),
            Option(
                ["--keys"], metavar="KEYS", help=say("密钥文件，放进新的数据目录。", "The keys, for the new folder.")
            ),
        ],
        help=say(
            "把 tuodi backup 写出的 FILE 恢复到空的数据目录或空的数据库；要么完整恢复，要么什么也没有。"
            "从不覆盖已有的数据。恢复后运行 tuodi migrate 和 tuodi audit。",
            "Restores FILE, as tuodi backup writes it, into an empty data folder or database; whole or not at all. "
            "Never touches data that are there. Then run tuodi migrate and tuodi audit.",
        ),
    )


def _restore(file: str, to: str, keys: str | None, say: Say) -> None:
    for path in (file, keys):
        if path is not None and not Path(path).is_file():
            raise WrongUse(say(f"没有文件 {path}", f"there is no file {path}"))
    _require_no_password(to, say)
    with told(say):
        restored = _restored(Path(file), to, Path(keys) if keys else None, say)
    click.echo(say("已恢复。", "Restored."))
    click.echo(_next(restored, keys, say), err=True)


def _require_no_password(to: str, say: Say) -> None:
    """An address on a command line is read by every user of the machine."""
    from urllib.parse import urlsplit

    if "://" in to and urlsplit(to).password:
        raise WrongUse(
            say(
                "命令行上的密码会被别人看到：把地址写进环境变量 DATABASE_URL，再用 --to DATABASE_URL",
                "others see a password on the command line: put the address in DATABASE_URL, and use --to DATABASE_URL",
            )
        )


def _restored(file: Path, to: str, keys: Path | None, say: Say) -> Restored:
    import os

    from tuodi.site import copies
    from tuodi.site.database import URL

    if "://" in to:
        return copies.into_database(file, to)
    if to != URL:
        return copies.into_folder(file, Path(to).absolute(), keys)
    if not os.environ.get(URL):
        raise WrongUse(say("没有设环境变量 DATABASE_URL", "DATABASE_URL is not set"))
    return copies.into_database(file, os.environ[URL])


def _next(restored: Restored, keys: str | None, say: Say) -> str:
    """What is still to do, the keys above all: with others the first start would go on under new ones."""
    folder = f"TUODI_DATA={restored.folder} " if restored.folder else ""
    lines = []
    if not (keys and restored.folder):
        where = f"{restored.folder}/keys.json" if restored.folder else "TUODI_KEYS"
        lines.append(say(f"先把原来的密钥文件放到 {where}，再启动。", f"First put the keys at {where}, then start."))
    lines.append(
        say(
            f"接下来：{folder}tuodi migrate，{folder}tuodi audit。",
            f"Next: {folder}tuodi migrate, {folder}tuodi audit.",
        )
    )
    return "\n".join(lines)
