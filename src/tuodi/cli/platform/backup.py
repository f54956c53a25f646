"""`tuodi backup`: the whole database in one file."""

from __future__ import annotations

import click

from tuodi.cli.frame import Command
from tuodi.cli.options import Option
from tuodi.cli.platform.installation import told
from tuodi.cli.speech import Say


def command(say: Say) -> click.Command:
    """The command with its texts in one language."""
    with_keys = say(
        "另把密钥写到 FILE.keys.json。与备份分开存放：两者在一起就能读出身份证号。",
        "Also write the keys to FILE.keys.json. Keep them apart: together they tell the identity numbers.",
    )
    return Command(
        name="backup",
        say=say,
        callback=lambda file, with_keys: _backup(file, with_keys, say),
        short_help=say("把整个数据库备份到一个文件。", "Copy the whole database into one file."),
        params=[
            click.Argument(["file"], metavar="FILE"),
            Option(["--with-keys"], is_flag=True, help=with_keys),
        ],
        help=say(
            "把整个数据库此刻的样子写到 FILE（pg_dump 的 custom 格式），运行中也可以。写完整才出现。"
            "密钥不在备份里，须另外保存一次：没有密钥，身份证号和审计链都不能再用。",
            "Writes the database as it is at this moment to FILE (pg_dump's custom format), while it is in use. FILE "
            "appears when it is whole. The keys are not in it and must be kept too: without them identity numbers and "
            "the audit trail's chain are lost.",
        ),
    )


def _backup(file: str, with_keys: bool, say: Say) -> None:
    from pathlib import Path

    from tuodi.cli.wrong_use import WrongUse

    path = Path(file)
    if path.is_dir() or not path.absolute().parent.is_dir():
        raise WrongUse(
            say(f"不能写 {file}：换一个文件名", f"cannot write {file}: name a file in a folder that is there")
        )
    with told(say):
        from tuodi.site import copies, database
        from tuodi.site.keys import keys_file

        copies.write(database.url(), path)
        click.echo(say(f"已备份到 {file}。", f"Copied to {file}."))
        if with_keys:
            kept = copies.keep_keys(keys_file(), path)
            click.echo(say(f"密钥在 {kept}：与备份分开存放。", f"The keys are in {kept}: keep them apart."), err=True)
        else:
            click.echo(
                say(f"密钥不在其中，请另外保存：{keys_file()}", f"The keys are not in it: {keys_file()}"), err=True
            )
