"""What stands around every message: reading a request's bytes, writing an answer's.

The transaction's number comes from the body, `input` may be an object or the text of one, and the content type doesn't
matter. `input` that came sealed is opened by whoever hands over `unseal`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated

from tuodi.core.finding import Faults, Finding, finding
from tuodi.gateway.national.behaviour import MessageKey, base_number
from tuodi.gateway.national.codes import OPERATOR_KIND
from tuodi.gateway.national.fields import CHINA, Moment, Text, read_record, write_record
from tuodi.gateway.national.json_text import (
    LIMITS,
    Json,
    Limits,
    Writable,
    clean,
    read_json,
    read_json_text,
    write_json,
)

SUCCESS = 0
FAILURE = -1
LONGEST_MESSAGE = 200
LONGEST_WARNING = 4000

Unseal = Callable[[str, str], str]
"""The text of a sealed `input`, given its text and `enc_type`. Raises Faults."""


Seal = Callable[[bytes], str]
"""The text that stands for an output's JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The request's envelope without its input."""

    infno: Annotated[str, Text("交易编号", 6)]
    msgid: Annotated[str, Text("发送方报文ID", 30)]
    mdtrtarea_admvs: Annotated[str, Text("就医地医保区划", 6)]
    insuplc_admdvs: Annotated[str, Text("参保地医保区划", 6)] = ""
    recer_sys_code: Annotated[str, Text("接收方系统代码", 10)]
    dev_no: Annotated[str, Text("设备编号", 100)] = ""
    dev_safe_info: Annotated[str, Text("设备安全信息", 2000)] = ""
    cainfo: Annotated[str, Text("数字签名信息", 1024)] = ""
    signtype: Annotated[str, Text("签名类型", 10)] = ""
    enc_type: Annotated[str, Text("加密方式", 10)] = ""
    infver: Annotated[str, Text("接口版本号", 6)]
    opter_type: Annotated[str, Text("经办人类别", 3, OPERATOR_KIND)]
    opter: Annotated[str, Text("经办人", 30)]
    opter_name: Annotated[str, Text("经办人姓名", 50)]
    inf_time: Annotated[datetime, Moment("交易时间")]
    fixmedins_code: Annotated[str, Text("定点医药机构编号", 30)]
    fixmedins_name: Annotated[str, Text("定点医药机构名称", 200)]
    sign_no: Annotated[str, Text("交易签到流水号", 30)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A message as it came: its envelope, and the input still to be read by its transaction.

    `signed` is the text that a signature over the envelope is of, with the fields as they were sent.
    """

    head: Head
    input: Mapping[str, Json]
    signed: bytes = b""

    @property
    def transaction(self) -> str:
        """Four digits, without the letter of a variant."""
        return base_number(self.head.infno)

    @property
    def key(self) -> MessageKey:
        """What makes this the same message."""
        return MessageKey(institution=self.head.fixmedins_code, transaction=self.transaction, message=self.head.msgid)

    @property
    def digest(self) -> bytes:
        """SHA-256 of what is asked: transaction and input, whatever their spacing, order and form of numbers."""
        canonical = json.dumps([self.transaction, self.input], sort_keys=True, default=_canonical, ensure_ascii=True)
        return hashlib.sha256(canonical.encode()).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer: an output, or a refusal's text, or bytes that stand for themselves: an answer given before, a file."""

    code: int
    reference: str = ""
    at: datetime | None = None
    message: str = ""
    warning: str = ""
    output: Mapping[str, Writable] | None = None
    raw: bytes | None = None
    is_file: bool = False

    def body(self, seal: Seal | None = None) -> bytes:
        """The bytes to send; `seal` closes the output."""
        if self.raw is not None:
            return self.raw
        time = stamp(self.at) if self.at else None
        return write_json(
            {
                "infcode": self.code,
                "inf_refmsgid": self.reference or None,
                "refmsg_time": time,
                "respond_time": time,
                "err_msg": clean(self.message) or None,
                "warn_msg": clean(self.warning) or None,
                "cainfo": None,
                "signtype": None,
                "output": self.output if seal is None or self.output is None else seal(write_json(self.output)),
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRead:
    """An answer as its receiver reads it."""

    code: int
    message: str
    warning: str
    reference: str
    output: Mapping[str, Json] | None


def read_request(body: bytes, limits: Limits = LIMITS, unseal: Unseal | None = None) -> Request:
    """The request that the bytes hold. Raises Faults with all findings."""
    raw = read_json(body, limits)
    if not isinstance(raw, dict):
        raise Faults([finding("not-an-envelope", "报文应是一个 JSON 对象", "", "按接口规范组织报文")])
    cleaned = {key: None if key != "input" and value == "null" else value for key, value in raw.items()}
    head = read_record(Head, cleaned)
    return Request(
        head=head, input=_input(cleaned.get("input"), head, limits, unseal), signed=signed_text(raw)
    )  # fmt: skip


def signed_text(envelope: Mapping[str, object]) -> bytes:
    """What `cainfo` signs: the envelope's filled fields as k=v, sorted, joined by &, without cainfo and input.

    The input is not under it: who signs so also needs TLS, or a gate that covers the body.
    """
    filled = {k: v for k, v in envelope.items() if k not in ("cainfo", "input") and v not in (None, "")}
    return "&".join(f"{name}={filled[name]}" for name in sorted(filled)).encode(errors="replace")


def write_request(head: Head, message: object) -> bytes:
    """The bytes of a request, as an institution sends it; `message` is the transaction's input record."""
    return write_json({**write_record(head), "input": write_record(message)})


def read_answer(body: bytes) -> AnswerRead:
    """An answer's bytes, as an institution reads them. Raises Faults where they are none."""
    raw = read_json(body)
    code = raw.get("infcode") if isinstance(raw, dict) else None
    if not isinstance(raw, dict) or str(code) not in ("0", "-1"):
        raise Faults([finding("not-an-answer", "应答不是接口规定的格式", "infcode", "按结果未知处理")])
    output = raw.get("output")
    return AnswerRead(
        code=int(str(code)),
        message=str(raw.get("err_msg") or ""),
        warning=str(raw.get("warn_msg") or ""),
        reference=str(raw.get("inf_refmsgid") or ""),
        output=output if isinstance(output, dict) else None,
    )


def refusal(message: str, warning: str = "") -> Answer:
    """A refusal by business or by findings: HTTP 200 all the same, infcode -1, and the text.

    A text that is too long for err_msg stands whole in warn_msg.
    """
    short = _shortened(message, LONGEST_MESSAGE)
    whole = warning or ("" if short == message else message)
    return Answer(code=FAILURE, message=short, warning=_shortened(whole, LONGEST_WARNING))


def refusal_of(findings: Iterable[Finding]) -> Answer:
    """A refusal that tells all findings: as many as fit in err_msg, and each with its place and remedy in warn_msg."""
    every = list(findings)
    first = every[0].message
    message = first if len(every) == 1 else f"共{len(every)}处问题：" + "；".join(one.message for one in every)
    lines = [f"{one.place}：{one.message}" + (f"（{one.remedy}）" if one.remedy else "") for one in every]
    return refusal(message, "\n".join(lines))


def reference_number(region: str, at: datetime, serial: int) -> str:
    """inf_refmsgid: region, time to the second, ten digits."""
    return f"{region:0>6.6}{at.astimezone(CHINA):%Y%m%d%H%M%S}{serial % 10**10:010d}"


def stamp(at: datetime) -> str:
    """yyyyMMddHHmmssSSS."""
    local = at.astimezone(CHINA)
    return f"{local:%Y%m%d%H%M%S}{local.microsecond // 1000:03d}"


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _input(raw: Json, head: Head, limits: Limits, unseal: Unseal | None) -> dict[str, Json]:
    if isinstance(raw, str) and raw.strip():
        text = raw if raw.lstrip().startswith("{") else _unsealed(raw, head, unseal)
        raw = read_json_text(text, limits)
    if raw is None or raw == "":
        raise Faults([finding("missing-input", "缺少交易输入（input）", "input", "在 input 中填写业务节点")])
    if not isinstance(raw, dict):
        raise Faults([finding("not-a-node", "交易输入（input）应是 JSON 对象", "input", "按接口规范填写业务节点")])
    return raw


def _unsealed(text: str, head: Head, unseal: Unseal | None) -> str:
    if unseal is None:
        message = "交易输入（input）不是 JSON 对象，本平台未启用报文加密"
        raise Faults([finding("not-a-node", message, "input", "不加密直接发送，或联系平台开通加密")])
    return unseal(text, head.enc_type)


def _canonical(value: object) -> str:
    assert isinstance(value, Decimal), "only decimals are not JSON's own"
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
