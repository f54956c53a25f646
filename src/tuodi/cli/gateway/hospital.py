"""`tuodi gateway hospital`: a simulated hospital at a running server; every complaint is told."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tuodi.cli.frame import FINDINGS, Command
from tuodi.cli.options import Option, Whole
from tuodi.cli.speech import Say
from tuodi.cli.wrong_use import WrongUse

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from tuodi.cli.status_line import StatusLine
    from tuodi.gateway.hospital.asked import Asked, Send
    from tuodi.gateway.hospital.told import Told
    from tuodi.gateway.hospital.wire import Key

SHOWN_REFUSALS = 5


def command(say: Say) -> click.Command:
    """The command with its texts in one language."""
    return Command(
        name="hospital",
        say=say,
        callback=lambda **given: _hospital(given, say),
        short_help=say("模拟医院：发送真实报文并核对应答。", "A simulated hospital: sends messages, checks answers."),
        help=say(
            "在 --url 的服务器上诊治 --people 里的人若干天：身份、登记、入院、明细、出院、预结算、结算，有的重发、"
            "撤销、冲正，最后对账。核对每一个应答；有问题或没有一笔结算时退出码 1。会真的结算：只用于测试的库和"
            "不存在的人，机构当天没有别的结算。",
            "Treats the persons of --people for some days at the server of --url: from identity to settlement, some "
            "sent again, cancelled or reversed, all reconciled. Checks every answer; exit code 1 where one is wrong or "
            "nothing was settled. It really settles: for test databases and made-up people, for an institution that "
            "settles nothing else on that day.",
        ),
        params=_options(say),
    )  # fmt: skip


def _options(say: Say) -> list[click.Parameter]:
    return [
        Option(["--url"], required=True, metavar="URL", help=say("接口地址，如 http://127.0.0.1:8000/fsi/api/national；必填。", "The interface's address. Wanted.")),  # noqa: E501
        Option(["--key"], required=True, metavar="FILE", help=say("凭证文件：一行访问标识，一行密钥；必填。", "The credential: a line of access key, a line of secret. Wanted.")),  # noqa: E501
        Option(["--variant"], default="ca", metavar="NAME", help=say("凭证的签名方式：ca（默认）、tif、api 或 apikey。", "The credential's signature: ca (default), tif, api or apikey.")),  # noqa: E501
        Option(["--institution"], required=True, metavar="CODE", help=say("机构代码；必填。", "The institution's code. Wanted.")),  # noqa: E501
        Option(["--region"], required=True, metavar="CODE", help=say("机构所在县的区划代码；必填。", "The institution's county. Wanted.")),  # noqa: E501
        Option(["--people"], required=True, metavar="FILE", help=say("病人：每行“身份证号码,姓名”的 CSV；必填。", "The patients: CSV of identity number and name. Wanted.")),  # noqa: E501
        Option(["--days"], default=1, type=Whole(say), metavar="N", help=say("诊治几天，默认 1，到今天为止。", "Days of care, up to today; 1 by default.")),  # noqa: E501
        Option(["--visits"], default=10, type=Whole(say), metavar="N", help=say("每天几次就诊，默认 10。", "Treatments a day; 10 by default.")),  # noqa: E501
        Option(["--seed"], default=1, type=Whole(say, 0), metavar="N", help=say("随机数的种子，默认 1。", "The seed; default 1.")),  # noqa: E501
    ]  # fmt: skip


def _hospital(given: Mapping[str, Any], say: Say) -> None:
    from tuodi.cli.refused import told as refused
    from tuodi.cli.status_line import StatusLine
    from tuodi.gateway.hospital.run import run
    from tuodi.gateway.hospital.wire import TurnedAway, sender, signer

    with refused(say), StatusLine(say) as line:
        key, asked = _key(given, say), _asked(given)
        send = _counted(sender(_url(given["url"], say)), line, say)
        try:
            told = run(asked, send, signer(key, _now), _now)
        except TurnedAway as why:
            line.clear()
            click.echo(say(f"平台没有接受请求：{why}", f"The platform let nothing in: {why}"), err=True)
            raise click.exceptions.Exit(FINDINGS) from None
        line.clear()
    _show(told, say)
    if not (told.sound and told.settled):
        raise click.exceptions.Exit(FINDINGS)


# ---- what was asked --------------------------------------------------------------------------------------------------


def _asked(given: Mapping[str, Any]) -> Asked:
    from tuodi.gateway.hospital.asked import Asked, Hospital
    from tuodi.gateway.hospital.people import read_patients

    region = given["region"]
    return Asked(
        hospital=Hospital(code=given["institution"], name="模拟医院", region=region, clearing_region=region),
        patients=read_patients(Path(given["people"])), seed=given["seed"], first_day=_first_day(given["days"]),
        days=given["days"], visits_a_day=given["visits"],
    )  # fmt: skip


def _first_day(days: int) -> date:
    """So that the last day of care is yesterday, when all of it is over."""
    from datetime import timedelta

    return _now().date() - timedelta(days=days)


def _key(given: Mapping[str, Any], say: Say) -> Key:
    from tuodi.gateway.hospital.wire import VARIANTS, Key

    if given["variant"] not in VARIANTS:
        raise WrongUse(
            say(
                f"没有签名方式“{given['variant']}”：{'、'.join(VARIANTS)}",
                f"--variant is one of {', '.join(VARIANTS)}, not {given['variant']}",
            )
        )
    words = Path(given["key"]).read_text("utf-8").split()
    if len(words) != 2:
        raise WrongUse(say(f"{given['key']} 不是访问标识和密钥两行", f"{given['key']}: two lines are wanted"))
    return Key(variant=given["variant"], access_key=words[0], secret=words[1].encode())


def _url(text: str, say: Say) -> str:
    if not text.startswith(("http://", "https://")):
        raise WrongUse(say(f"“{text}”不是 http 或 https 地址", f"{text} is no http or https address"))
    return text


def _now() -> datetime:
    from datetime import datetime

    from tuodi.gateway.national.fields import CHINA

    return datetime.now(CHINA)


def _counted(send: Send, line: StatusLine, say: Say) -> Send:
    """Tells on the line how many messages were answered."""
    done, stage = 0, say("已应答报文", "messages answered")

    def sent(body: bytes, headers: Mapping[str, str]) -> bytes:
        nonlocal done
        answer = send(body, headers)
        done += 1
        line.tell(stage, done, 0)
        return answer

    return sent


# ---- what came of it -------------------------------------------------------------------------------------------------


def _show(told: Told, say: Say) -> None:
    from tuodi.core.money import format_yuan

    count = sum(told.sent.values())
    by = "、".join(f"{name}×{times}" for name, times in sorted(told.sent.items()))
    click.echo(say(f"报文 {count} 个：{by}", f"{count} messages: {by}"))
    reversed_ = told.reversed + told.withdrawn
    click.echo(
        say(
            f"结算 {told.settled} 笔，撤销 {told.cancelled}，冲正 {reversed_}，重发 {told.repeated}，"
            f"没有收到应答 {told.unknown} 次；医疗救助 {format_yuan(told.relief)} 元",
            f"settled {told.settled}, cancelled {told.cancelled}, reversed {reversed_}, sent again "
            f"{told.repeated}, without answer {told.unknown}; relief {format_yuan(told.relief)} yuan",
        )
    )  # fmt: skip
    if told.refusals:
        click.echo(say(f"拒绝 {len(told.refusals)} 次，其中：", f"refused {len(told.refusals)} times, such as:"))
        for text in [str(one) for one in told.refusals[:SHOWN_REFUSALS]]:
            click.echo(f"  {text}")
    for complaint in told.complaints:
        click.echo(say(f"问题：{complaint}", f"complaint: {complaint}"))
    if not told.settled:
        click.echo(say("没有一笔结算。", "Nothing was settled."))
    elif told.sound:
        click.echo(say("每个应答都对。", "Every answer is as it should be."))
