"""Lines of a case file, one by one in flat memory, each decoded or refused with its reason.

A line that is too long is skipped without being held. What orjson lets pass and the case format does not, equal keys in
one object, is found here.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

import orjson

from tuodi.core.finding import Faults, Finding, Place

LONGEST = 16 * 1024 * 1024
"""Bytes of the longest line: some thirty thousand events of one person."""

_NAMED_KEYS = 20
"""Equal keys that are told of one line."""

_BOM = b"\xef\xbb\xbf"


class TooLong(bytes):
    """The beginning of a line that is longer than LONGEST; its rest is not kept."""


def numbered(stream: BinaryIO, longest: int = LONGEST) -> Iterator[tuple[int, bytes]]:
    """(number from 1, line) of every line that is not blank; a line beyond `longest` bytes comes as TooLong."""
    number = 0
    while line := stream.readline(longest + 1):
        number += 1
        if number == 1 and line.startswith(_BOM):
            line = line[len(_BOM) :]
        if len(line) > longest and not line.endswith(b"\n"):
            _skip_rest(stream, longest)
            yield number, TooLong(line[:64])
        elif not line.isspace() and line:
            yield number, line


def _skip_rest(stream: BinaryIO, longest: int) -> None:
    while (more := stream.readline(longest)) and not more.endswith(b"\n"):
        pass


def decoded(line: bytes) -> object:
    """What the line says. Raises Faults: too long, not UTF-8, not JSON, too deep, a key twice in one object."""
    if isinstance(line, TooLong):
        raise Faults([_too_long()])
    try:
        value: object = orjson.loads(line)
    except orjson.JSONDecodeError as why:
        raise Faults([_too_deep() if why.msg.startswith("depth limit") else _broken(line, why)]) from None
    try:
        if not _plain(line, value):
            _refuse_equal_keys(line)
    except (RecursionError, orjson.JSONEncodeError):
        # orjson reads deeper nesting than it writes, and than json reads.
        raise Faults([_too_deep()]) from None
    return value


def _plain(line: bytes, value: object) -> bool:
    """Whether surely no key is there twice; "no" only asks for a closer look.

    Every key brings one colon, and colons in texts stay when the value is written again, so that equal numbers of
    colons mean that no key was lost; but a colon might be written as an escape.
    """
    if b"\\" in line and b"\\u00" in line:
        return False
    return line.count(b":") == orjson.dumps(value).count(b":")


def _refuse_equal_keys(line: bytes) -> None:
    twice: list[str] = []

    def collect(pairs: list[tuple[str, object]]) -> dict[str, object]:
        held = dict(pairs)
        if len(held) < len(pairs):
            counted = Counter(name for name, _ in pairs)
            twice.extend(name for name, times in counted.items() if times > 1)
        return held

    json.loads(line, object_pairs_hook=collect)
    if twice:
        raise Faults([_equal_keys(name) for name in twice[:_NAMED_KEYS]])


# ---- findings --------------------------------------------------------------------------------------------------------


def _fault(code: str, message: str, remedy: str) -> Finding:
    return Finding(code=code, message=message, place=Place(), remedy=remedy)


def _too_long() -> Finding:
    most = LONGEST // (1024 * 1024)
    return _fault("line-too-long", f"这一行超过 {most} MB，没有读取", "一行只放一个人的一个案例，行与行之间换行")


def _equal_keys(name: str) -> Finding:
    return _fault("duplicate-key", f"同一个对象里字段“{name}”写了两次", "只保留一个")


def _too_deep() -> Finding:
    return _fault("nested-too-deep", "括号套得太深，不是案例", "案例只有几层括号，检查是谁生成了这一行")


def _broken(line: bytes, why: orjson.JSONDecodeError) -> Finding:
    try:
        text = line.decode()
    except UnicodeDecodeError as place:
        return _not_utf8(line, place.start)
    rest = text[why.pos :].lstrip()
    if why.msg.startswith("number is infinity") or rest.lstrip("-").startswith(("NaN", "Infinity", "inf")):
        return _fault(
            "not-a-number",
            f"第 {why.pos + 1} 个字符起是 {rest.split(',')[0][:12]}，不是 JSON",
            '金额写成文字，如 "1234.50"',
        )
    seen = f"“{rest[:12].rstrip()}”" if rest.strip() else "行末"
    return _fault(
        "broken-json",
        f"不是完整的 JSON：第 {why.pos + 1} 个字符处（{seen}）不合语法",
        "检查引号、逗号、括号是否齐全，一行一个案例",
    )


def _not_utf8(line: bytes, place: int) -> Finding:
    try:
        line.decode("gb18030")
        remedy = "看来是 GBK 编码，可先转换：iconv -f GB18030 -t UTF-8 原文件 > 新文件"
    except UnicodeDecodeError:
        remedy = "把文件另存为 UTF-8 编码"
    return _fault("not-utf8", f"不是 UTF-8 编码：第 {place + 1} 个字节无法识别", remedy)
