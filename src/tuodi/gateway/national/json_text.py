"""JSON from strangers to exact values, and exact values to JSON: decimals stay decimals, and nothing is guessed.

`read_json` never raises anything but Faults, whatever the bytes. Numbers are Decimal; a key that stands twice, a
half of a character pair, a zero byte, `NaN`, too many bytes, too many levels, a number too long are findings.
`write_json` writes numbers as they are given, digit by digit.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

import orjson

from tuodi.core.finding import Faults, Finding, Place

Json: TypeAlias = "str | Decimal | bool | list[Json] | dict[str, Json] | None"
"""A decoded value."""

Writable: TypeAlias = "str | int | bool | orjson.Fragment | Sequence[Writable] | Mapping[str, Writable] | None"
"""A value to write; numbers with decimals are fragments made by `number`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The most that a message may be."""

    bytes: int = 8_000_000
    depth: int = 24
    digits: int = 40
    findings: int = 50


LIMITS = Limits()


def read_json(body: bytes, limits: Limits = LIMITS) -> Json:
    """The value that the bytes say, in UTF-8 with or without byte order mark. Raises Faults with all findings."""
    if len(body) > limits.bytes:
        raise Faults([_too_large(len(body), limits.bytes)])
    return read_json_text(_decoded(body), limits)


def read_json_text(text: str, limits: Limits = LIMITS) -> Json:
    """The value that the text says; as `read_json`."""
    if (depth := _depth(text)) > limits.depth:
        raise Faults([_too_deep(depth, limits.depth)])
    reader = _Reader(limits)
    try:
        value: Json = _decoder(reader).decode(text)
    except json.JSONDecodeError as why:
        raise Faults([*reader.findings, _not_json(why)]) from None
    if _ESCAPED.search(text):
        reader.check_texts(value, "")
    if reader.findings:
        raise Faults(reader.findings[: limits.findings])
    return value


def write_json(value: Writable) -> bytes:
    """The bytes of a value, without spaces."""
    return orjson.dumps(value)


def number(text: str) -> orjson.Fragment:
    """A JSON number with exactly these digits."""
    assert _NUMBER.fullmatch(text), f"{text!r} is no number of JSON"
    return orjson.Fragment(text.encode())


def clean(text: str) -> str:
    """The text as it may stand in an answer: no half character, no control character but the line break."""
    return _UNWANTED.sub("�", text)


# ---- reading ---------------------------------------------------------------------------------------------------------

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?", re.ASCII)
_UNWANTED = re.compile("[\x00-\x09\x0b-\x1f\x7f\ud800-\udfff]")
_FAR = re.compile(r"[eE][+-]?0*[1-9][0-9]{1,}", re.ASCII)
_SMALL = {str(value): Decimal(value) for value in range(-128, 256)}
"""Shared, so that a file sent as an array of bytes costs no object a byte."""

_ESCAPED = re.compile(r"\\u(?:0000|[dD][89a-fA-F])|[\x00\ud800-\udfff]", re.ASCII)
_BROKEN = re.compile("[\x00\ud800-\udfff]")
_BRACKETS = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{}]', re.DOTALL)


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as why:
        message = f"报文不是 UTF-8 编码（第{why.start + 1}个字节起）"
        raise Faults([Finding(code="message-not-utf-8", message=message, remedy="报文统一用 UTF-8 编码发送")]) from None


def _depth(text: str) -> int:
    """How deep brackets nest, those in texts apart; without recursion, before anything is built."""
    depth = deepest = 0
    for match in _BRACKETS.finditer(text):
        first = match[0][0]
        if first in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif first in "]}":
            depth -= 1
    return deepest


def _decoder(reader: _Reader) -> json.JSONDecoder:
    return json.JSONDecoder(
        parse_float=reader.number,
        parse_int=reader.number,
        parse_constant=reader.constant,
        object_pairs_hook=reader.pairs,
    )


class _Reader:
    """The hooks of one decoding, and what they found."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.findings: list[Finding] = []

    def number(self, text: str) -> Decimal:
        if (small := _SMALL.get(text)) is not None:
            return small
        if len(text) > self.limits.digits or _FAR.search(text):
            self._found("number-too-long", f"数值“{text[:12]}…”过长", "", "数值至多18位有效数字")
            return Decimal(0)
        return Decimal(text)

    def constant(self, text: str) -> Decimal:
        self._found("not-json", f"“{text}”不是 JSON 的数值", "", "没有数值时填 0 或空")
        return Decimal(0)

    def pairs(self, pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        members = dict(pairs)
        if len(members) < len(pairs):
            for key in (key for key, times in Counter(key for key, _ in pairs).items() if times > 1):
                self._found("key-twice", f"字段“{clean(key)}”在同一处出现了两次", clean(key), "只保留一个")
        return members

    def check_texts(self, value: Json, path: str) -> None:
        """Finds texts and keys that hold a zero byte or half of a character pair."""
        match value:
            case str():
                if _BROKEN.search(value):
                    self._found("broken-text", "文本含有空字符或不完整的字符", path, "去掉不可见字符后重发")
            case dict():
                for key, member in value.items():
                    self.check_texts(key, path)
                    self.check_texts(member, f"{path}.{clean(key)}" if path else clean(key))
            case list():
                for index, member in enumerate(value):
                    self.check_texts(member, f"{path}[{index}]")

    def _found(self, code: str, message: str, path: str, remedy: str) -> None:
        if len(self.findings) < self.limits.findings:
            self.findings.append(Finding(code=code, message=message, place=Place(path=path), remedy=remedy))


def _not_json(why: json.JSONDecodeError) -> Finding:
    return Finding(
        code="not-json",
        message=f"报文不是完整的 JSON（第{why.lineno}行第{why.colno}个字符处）",
        place=Place(line=why.lineno, column=why.colno),
        remedy="检查引号、括号和逗号是否成对",
    )


def _too_large(size: int, most: int) -> Finding:
    message = f"报文 {size} 字节，超过 {most} 字节"
    return Finding(code="message-too-large", message=message, remedy="分批上传明细，或压缩文件后上传")


def _too_deep(depth: int, most: int) -> Finding:
    message = f"报文嵌套 {depth} 层，超过 {most} 层"
    return Finding(code="message-too-deep", message=message, remedy="按接口规范的节点结构组织报文")
