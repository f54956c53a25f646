"""`tuodi gateway catalogue`: import a region's catalogue of drugs, services and materials."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tuodi.cli.frame import Command
from tuodi.cli.options import Option
from tuodi.cli.platform.installation import installation, told
from tuodi.cli.speech import Say
from tuodi.cli.wrong_use import WrongUse

if TYPE_CHECKING:
    from tuodi.gateway.catalogue.reading import Read


def command(say: Say) -> click.Command:
    """The command with its texts in one language."""
    return Command(
        name="catalogue",
        say=say,
        callback=lambda file, region, since, document, check: _catalogue(file, region, since, document, check, say),
        short_help=say("导入一个区划的医保目录。", "Import a region's catalogue."),
        params=[
            click.Argument(["file"], metavar="FILE"),
            Option(["--region"], required=True, metavar="CODE", help=say("区划代码，如 371500。必填。", "The region's six digits. Wanted.")),  # noqa: E501
            Option(["--from", "since"], required=True, metavar="DAY", help=say("从哪天起用，如 2026-01-01。必填。", "From which day on. Wanted.")),  # noqa: E501
            Option(["--document"], required=True, metavar="TEXT", help=say("依据的文件。必填。", "On what it rests. Wanted.")),  # noqa: E501
            Option(["--check"], is_flag=True, help=say("只核对文件，不导入。", "Only check the file.")),
        ],
        help=say(
            "FILE 是 xlsx 或 CSV，列按名字认：编码、名称、类别（甲、乙、丙）、先自付比例（10%）、支付上限（元）、起、止"
            "（最后一天）。报文里没有拆分的费用明细按它拆分；没有列入的项目全自费。有一处问题就整个不导入，并逐处说明。"
            "就近的区划的目录优先，同一区划以最后导入的为准；已上传的明细不变。",
            "FILE is xlsx or CSV, its columns known by name: 编码, 名称, 类别 (甲, 乙, 丙), 先自付比例 (10%), 支付上限 "
            "(yuan), 起, 止 (the last day). Fee lines that bring no split are divided by it; what it does not name is "
            "the person's. One fault and nothing is imported; all are told. The nearest region's catalogue holds, of "
            "one region's the last imported; lines that were uploaded stay as they are.",
        ),
    )  # fmt: skip


def _catalogue(file: str, region: str, since: str, document: str, check: bool, say: Say) -> None:
    content, starts_on = Path(file).read_bytes(), _day(since, say)
    if check:
        with told(say):
            found = _checked(content, starts_on)
        click.echo(say(f"可以导入：{_counted(found)}。", f"It can be imported: {_counted(found)}."))
        return
    with installation(say):
        from tuodi.gateway.catalogue import keeping
        from tuodi.platform.base.domain import SYSTEM
        from tuodi.platform.base.scope import entered

        with entered(SYSTEM):
            row = keeping.take_in(content=content, region=region, starts_on=starts_on, document=document)
    click.echo(
        say(
            f"已导入 {row.count:,} 条，{region} 从 {starts_on} 起用。",
            f"{row.count:,} items imported, for {region} from {starts_on} on.",
        )
    )


def _checked(content: bytes, starts_on: date) -> Read:
    from tuodi.core.finding import Faults
    from tuodi.gateway.catalogue.reading import read

    found = read(content, starts_on)
    if found.findings:
        raise Faults(list(found.findings))
    return found


def _counted(found: Read) -> str:
    grades = {"甲": "01", "乙": "02", "丙": "03"}
    return "，".join(f"{name} {sum(one.grade == code for one in found.items):,}" for name, code in grades.items())


def _day(text: str, say: Say) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongUse(say(f"“{text}”不是日期，写成 2026-01-01 这样", f"{text} is no day; write 2026-01-01")) from None
