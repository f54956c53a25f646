"""The interface's files: one TXT in a ZIP, a record a line, cells parted by TAB, `null` for nothing.

Columns stand in the order of the record's table; more columns than that are left out, the last ones may be missing.
Reading never unpacks more than was agreed, whatever the ZIP says about itself, and writes nothing to a disk.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

import orjson

from tuodi.core.finding import Faults, Finding, Place
from tuodi.gateway.national.fields import read_record, table_of
from tuodi.gateway.national.json_text import Json, Writable

Record = TypeVar("Record")

NOTHING = "null"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLimits:
    """The most that a ZIP may hold."""

    members: int = 8
    bytes: int = 32_000_000
    rows: int = 200_000
    findings: int = 50


FILE_LIMITS = FileLimits()

_MOMENT = (1980, 1, 1, 0, 0, 0)  # the same rows give the same bytes


def packed(records: Iterable[object], name: str) -> bytes:
    """The records as a ZIP with one TXT of that name."""
    text = "\n".join("\t".join(_cells(record)) for record in records)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(name, _MOMENT), text, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def unpacked(kind: type[Record], data: bytes, limits: FileLimits = FILE_LIMITS) -> tuple[Record, ...]:
    """The records in a ZIP's TXT. Raises Faults with all findings, each with its line."""
    lines = _text(_member(data, limits)).splitlines()
    if len(lines) > limits.rows:
        raise Faults([_finding("too-many-rows", f"文件 {len(lines)} 行，超过 {limits.rows} 行", "按日期分次对账")])
    records: list[Record] = []
    findings: list[Finding] = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            _add(kind, line, number, records, findings)
    if findings:
        raise Faults(findings[: limits.findings])
    return tuple(records)


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _cells(record: object) -> Iterable[str]:
    for field in table_of(type(record)):
        value = getattr(record, field.name)
        form = field.form
        assert hasattr(form, "write"), "a row of a file has no nodes"
        yield NOTHING if value in (None, "") else _cell(form.write(value))


def _cell(value: Writable) -> str:
    """The cell's text: a TAB or line break inside would be another cell or line."""
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    return " ".join(text.split()) if any(mark in text for mark in "\t\r\n") else text


def _member(data: bytes, limits: FileLimits) -> bytes:
    """The bytes of the one TXT; of several, the first."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _first_text(archive, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError):
        raise Faults([_finding("not-a-zip", "文件不是完好的 ZIP 压缩包", "将明细 TXT 压缩为 ZIP 后上传")]) from None


def _first_text(archive: zipfile.ZipFile, limits: FileLimits) -> bytes:
    members = [member for member in archive.infolist() if not member.is_dir()]
    if not 0 < len(members) <= limits.members:
        raise Faults([_finding("zip-members", f"压缩包内有 {len(members)} 个文件", "压缩包内只放一个 TXT 文件")])
    texts = [member for member in members if member.filename.lower().endswith(".txt")] or members
    with archive.open(texts[0]) as opened:
        content = opened.read(limits.bytes + 1)
    if len(content) > limits.bytes:
        message = f"压缩包解开后超过 {limits.bytes} 字节"
        raise Faults([_finding("zip-too-large", message, "按日期分次对账")])
    return content


def _text(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Faults([_finding("file-not-utf-8", "明细文件不是 UTF-8 编码", "以 UTF-8 编码保存后重新压缩")]) from None
    return text.replace("\x0b", " ").replace("\x0c", " ").replace("\x1c", " ").replace("\x85", " ")


def _add(kind: type[Record], line: str, number: int, records: list[Record], findings: list[Finding]) -> None:
    cells: list[Json] = [None if cell.strip() in ("", NOTHING) else cell for cell in line.split("\t")]
    given = {field.wire: cell for field, cell in zip(table_of(kind), cells, strict=False)}
    try:
        records.append(read_record(kind, given))
    except Faults as why:
        for one in why.findings:
            message, place = f"第{number}行：{one.message}", Place(line=number, path=one.place.path)
            findings.append(Finding(code=one.code, message=message, place=place, remedy=one.remedy))


def _finding(code: str, message: str, remedy: str) -> Finding:
    return Finding(code=code, message=message, place=Place(path="file"), remedy=remedy)
