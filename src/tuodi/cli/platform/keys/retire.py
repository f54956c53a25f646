"""`tuodi keys retire`: throw the earlier keys away."""

from __future__ import annotations

import click

from tuodi.cli.frame import Command
from tuodi.cli.options import Option
from tuodi.cli.platform.installation import installation
from tuodi.cli.speech import Say


def command(say: Say) -> click.Command:
    """The command with its texts in one language."""
    return Command(
        name="retire",
        say=say,
        callback=lambda void_codes: _retire(void_codes, say),
        short_help=say("去掉旧密钥。", "Throw the earlier keys away."),
        params=[
            Option(
                ["--void-codes"], is_flag=True,
                help=say(
                    "使旧密钥下没有用过的备用码作废：它们无法换密钥。",
                    "Recovery codes under the earlier keys become void: they cannot be sealed anew.",
                ),
            )
        ],
        help=say(
            "只有没有任何数据还需要旧密钥时才做，否则列出还需要它的地方，什么也不动。更换之前的备份仍要用旧密钥才能读："
            "那时的密钥文件与那些备份一同保存，或一同销毁。",
            "Only where nothing needs them any more; else it lists what does, and changes nothing. Copies made before "
            "the change still need the earlier keys: keep the file of that time with those copies, or destroy both.",
        ),
    )  # fmt: skip


def _retire(void_codes: bool, say: Say) -> None:
    with installation(say):
        from tuodi.site import key_change

        count = key_change.retire(void_codes=void_codes)
    click.echo(say(f"已去掉 {count} 套旧密钥。", f"{count} earlier sets are gone."))
