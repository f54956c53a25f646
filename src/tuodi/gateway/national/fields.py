"""Records whose annotations are the interface's field tables: from one place they are read, checked, written, listed.

A record is a frozen dataclass. Its attributes bear the interface's field names in lower case; the annotation says the
Chinese name, the form and the length, and a field without default is mandatory:

    class Cancelled:
        psn_no: Annotated[str, Text("人员编号", 30)]
        setl_id: Annotated[str, Text("结算ID", 30)] = ""

Names are found whatever their case. Amounts are whole fen, times are China's, nodes are records in records.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from functools import cache
from typing import Any, Protocol, TypeVar, get_args, get_type_hints

from tuodi.core.finding import Faults, Finding, finding
from tuodi.core.money import format_yuan
from tuodi.gateway.national.codes import CodeTable
from tuodi.gateway.national.json_text import Json, Writable, clean, number, read_json_text

CHINA = timezone(timedelta(hours=8), "CST")
"""China has one zone and no summer time since 1992."""

Record = TypeVar("Record")


class Form(Protocol):
    """How a value looks on the wire."""

    label: str

    def read(self, raw: Json) -> Any:
        """The value; None where nothing was given. Raises ValueError with the reason in Chinese."""

    def write(self, value: Any) -> Writable:
        """The value as JSON."""

    def described(self) -> str:
        """Type and length, as the interface writes them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One row of a field table."""

    name: str
    wire: str
    form: Form | One | Many
    required: bool
    default: Any

    @property
    def is_node(self) -> bool:
        """Whether records stand here."""
        return isinstance(self.form, One | Many)


def read_record(kind: type[Record], raw: Json) -> Record:
    """The record that a decoded JSON object holds. Raises Faults with all findings, each with its path."""
    findings: list[Finding] = []
    record = _record(kind, raw, "", findings)
    if record is None or findings:
        raise Faults(findings)
    return record


def write_record(record: object) -> dict[str, Writable]:
    """The record as a JSON object; what is not given is null."""
    written: dict[str, Writable] = {}
    for field in table_of(type(record)):
        value = getattr(record, field.name)
        match field.form:
            case One():
                written[field.wire] = None if value is None else write_record(value)
            case Many():
                written[field.wire] = [write_record(one) for one in value]
            case form:
                given = value is not None and (field.required or value != field.default)
                written[field.wire] = form.write(value) if given else None
    return written


def table_of(kind: Any) -> tuple[Field, ...]:
    """The rows of a record's field table, in the order of the interface."""
    return _table(kind)


@cache
def _table(kind: Any) -> tuple[Field, ...]:
    hints = get_type_hints(kind, include_extras=True)
    return tuple(_row(one, hints[one.name].__metadata__[0]) for one in fields(kind))


def _row(one: Any, form: Any) -> Field:
    required = one.default is MISSING
    wire = getattr(form, "wire", "") or one.name
    return Field(name=one.name, wire=wire, form=form, required=required, default=one.default)


@cache
def nodes_of(kind: Any) -> Mapping[str, type]:
    """The records that stand as nodes in a record, by field name."""
    hints = get_type_hints(kind)
    return {
        field.name: next(one for one in (*get_args(hints[field.name]), hints[field.name]) if _is_record(one))
        for field in table_of(kind)
        if field.is_node
    }


# ---- forms -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Text:
    """C: text, at most `length` characters; a number is taken for its digits. `codes` is checked where it is closed."""

    label: str
    length: int
    codes: CodeTable | None = None
    wire: str = ""

    def read(self, raw: Json) -> str | None:
        """The text without blanks around it; None for an empty one."""
        text = raw.strip() if isinstance(raw, str) else _text(raw).strip()
        if len(text) > self.length:
            raise ValueError(f"长度 {len(text)} 超过 {self.length}")
        if not text:
            return None
        if self.codes is not None and self.codes.closed and text not in self.codes.names:
            raise ValueError(f"值“{_shown(text)}”不在“{self.codes.label}”代码表内，应为 {self.codes.listed()}")
        return text

    def write(self, value: str) -> Writable:
        """The text, never with half a character."""
        return clean(value)

    def described(self) -> str:
        """C and the length."""
        return f"C {self.length}"


@dataclass(frozen=True, slots=True)
class Yuan:
    """N 16,2: an amount in yuan, whole fen here. Below zero only where `signed`."""

    label: str
    signed: bool = False

    def read(self, raw: Json) -> int | None:
        """Fen."""
        value = _decimal(raw)
        if value is None:
            return None
        whole, decimals = _halves(value)
        if len(whole.lstrip("-")) > 14:
            raise ValueError("金额超过16位")
        if len(decimals) > 2:
            raise ValueError(f"金额 {_plain(value)} 的小数超过两位")
        fen = int(whole + decimals.ljust(2, "0"))
        if fen < 0 and not self.signed:
            raise ValueError(f"金额 {_plain(value)} 为负数")
        return fen

    def write(self, value: int) -> Writable:
        """A number with two decimals."""
        return number(format_yuan(value))

    def described(self) -> str:
        """N 16,2."""
        return "N 16,2"


@dataclass(frozen=True, slots=True)
class Number:
    """N: a decimal number with so many digits, so many of them after the point. Below zero only where `signed`."""

    label: str
    digits: int
    decimals: int = 0
    signed: bool = False

    def read(self, raw: Json) -> Decimal | None:
        """The exact number."""
        value = _decimal(raw)
        if value is None:
            return None
        whole, decimals = _halves(value)
        if len(whole.lstrip("-")) > self.digits - self.decimals:
            raise ValueError(f"数值 {_plain(value)} 的整数部分超过 {self.digits - self.decimals} 位")
        if len(decimals) > self.decimals:
            raise ValueError(f"数值 {_plain(value)} 的小数超过 {self.decimals} 位")
        if value < 0 and not self.signed:
            raise ValueError(f"数值 {_plain(value)} 为负数")
        return value

    def write(self, value: Decimal | int) -> Writable:
        """A number with its decimals."""
        return number(f"{Decimal(value):.{self.decimals}f}")

    def described(self) -> str:
        """N, digits and decimals."""
        return f"N {self.digits},{self.decimals}" if self.decimals else f"N {self.digits}"


@dataclass(frozen=True, slots=True)
class Whole:
    """N: a whole number, int here. Below zero only where `signed`."""

    label: str
    digits: int
    signed: bool = False

    def read(self, raw: Json) -> int | None:
        """The number."""
        value = Number(self.label, self.digits, 0, self.signed).read(raw)
        return None if value is None else int(value)

    def write(self, value: int) -> Writable:
        """The number."""
        return value

    def described(self) -> str:
        """N and digits."""
        return f"N {self.digits}"


@dataclass(frozen=True, slots=True)
class Day:
    """D: a day; a time after it is left out."""

    label: str
    wire: str = ""

    def read(self, raw: Json) -> date | None:
        """The day."""
        moment = _moment(raw)
        return None if moment is None else moment.date()

    def write(self, value: date) -> Writable:
        """yyyy-MM-dd."""
        return value.isoformat()

    def described(self) -> str:
        """D."""
        return "D"


@dataclass(frozen=True, slots=True)
class Moment:
    """DT: a time of China; a day alone is its first second."""

    label: str

    def read(self, raw: Json) -> datetime | None:
        """The time, in China's zone."""
        return _moment(raw)

    def write(self, value: datetime) -> Writable:
        """yyyy-MM-dd HH:mm:ss."""
        return value.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")

    def described(self) -> str:
        """DT."""
        return "DT"


@dataclass(frozen=True, slots=True)
class Extension:
    """字段扩展: JSON inside the message, as an object or as the text of one; other text is kept as it is."""

    label: str = "字段扩展"

    def read(self, raw: Json) -> Json:
        """An object, or text that is none; None where nothing was given."""
        if raw is None or isinstance(raw, dict):
            return raw
        text = _text(raw).strip()
        if not text.startswith("{"):
            return text or None
        try:
            return read_json_text(text)
        except Faults as why:
            raise ValueError("不是完整的 JSON：" + "；".join(one.message for one in why.findings)) from None

    def write(self, value: Json) -> Writable:
        """Objects stay objects."""
        return _written(value)

    def described(self) -> str:
        """C 4000."""
        return "C 4000"


@dataclass(frozen=True, slots=True)
class FileBytes:
    """A file: an array of bytes, signed or not, or Base64 text. At most `most` bytes."""

    label: str
    most: int
    wire: str = ""

    def read(self, raw: Json) -> bytes | None:
        """The bytes."""
        data = _bytes_of_array(raw) if isinstance(raw, list) else _bytes_of_text(_text(raw))
        if len(data) > self.most:
            raise ValueError(f"文件 {len(data)} 字节，超过 {self.most} 字节")
        return data or None

    def write(self, value: bytes) -> Writable:
        """Base64."""
        return base64.b64encode(value).decode()

    def described(self) -> str:
        """Bytes."""
        return "字节"


@dataclass(frozen=True, slots=True)
class One:
    """A node: one record."""

    label: str
    wire: str = ""


@dataclass(frozen=True, slots=True)
class Many:
    """A node: a list of records; one alone may stand without its list."""

    label: str
    wire: str = ""


# ---- reading ---------------------------------------------------------------------------------------------------------

_SPELT = {"expContent": "exp_content"}
"""Names that are written in more than one way."""

_DECIMAL = re.compile(r"[+-]?[0-9]{1,20}(?:\.[0-9]{0,20})?(?:[eE][+-]?[0-9]{1,2})?", re.ASCII)
_MOMENT = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?)?", re.ASCII)
_DIGITS = re.compile(r"(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d))?", re.ASCII)


def _record(kind: type[Record], raw: Json, path: str, findings: list[Finding]) -> Record | None:
    """The record, or None with at least one finding more."""
    if not isinstance(raw, dict):
        findings.append(finding("not-a-node", "节点应是 JSON 对象（花括号）", path, "按接口规范填写该节点"))
        return None
    before = len(findings)
    given = {_SPELT.get(key, key.lower()): value for key, value in raw.items()}
    if len(given) < len(raw):
        findings.append(finding("key-twice", "有字段以大小写不同的名字出现了两次", path, "只保留一个"))
    values: dict[str, Any] = {}
    shape: Any = kind
    for field, key, is_node in _keyed(shape):
        read = _node if is_node else _plain_value
        values[field.name] = read(kind, field, given.get(key), path, findings)
    return kind(**values) if len(findings) == before else None


@cache
def _keyed(kind: Any) -> tuple[tuple[Field, str, bool], ...]:
    """Each row with the name under which it is found, in lower case."""
    return tuple((field, field.wire.lower(), field.is_node) for field in table_of(kind))


def _plain_value(_kind: type, field: Field, raw: Json, path: str, findings: list[Finding]) -> Any:
    form: Any = field.form
    try:
        value = form.read(raw)
    except ValueError as why:
        place = _place(path, field)
        findings.append(finding("bad-value", f"{_named(form.label, place)}{why}", place, "改正后重新上传"))
        return None
    if value is not None:
        return value
    if field.required:
        place = _place(path, field)
        message = f"{_named(form.label, place)}未填写"
        findings.append(finding("missing-field", message, place, f"填写 {field.wire}（{form.described()}）"))
        return None
    return field.default


def _node(kind: type, field: Field, raw: Json, path: str, findings: list[Finding]) -> Any:
    node, place = nodes_of(kind)[field.name], _place(path, field)
    read = _one if isinstance(field.form, One) else _many
    return read(node, field, raw, place, findings)


def _place(path: str, field: Field) -> str:
    return f"{path}.{field.wire}" if path else field.wire


def _one(kind: type, field: Field, raw: Json, place: str, findings: list[Finding]) -> Any:
    if isinstance(raw, list) and len(raw) == 1:
        raw = raw[0]
    if raw is not None:
        return _record(kind, raw, place, findings)
    if field.required:
        findings.append(_missing_node(field, place))
    return None


def _many(kind: type, field: Field, raw: Json, place: str, findings: list[Finding]) -> tuple[Any, ...]:
    rows: Sequence[Json] = raw if isinstance(raw, list) else [] if raw is None else [raw]
    if field.required and not rows:
        findings.append(_missing_node(field, place))
    return tuple(_record(kind, row, f"{place}[{index}]", findings) for index, row in enumerate(rows))


def _missing_node(field: Field, place: str) -> Finding:
    message = f"缺少节点“{field.form.label}”（{field.wire}）"
    return finding("missing-node", message, place, f"在 input 中加入 {field.wire} 节点")


def _named(label: str, place: str) -> str:
    """ "第2条的“单价”" for a field in a row, "“单价”" otherwise."""
    rows = re.findall(r"\[(\d+)\]", place)
    return f"第{int(rows[-1]) + 1}条的“{label}”" if rows else f"“{label}”"


def _text(raw: Json) -> str:
    match raw:
        case None:
            return ""
        case str():
            return raw
        case bool():
            raise ValueError("应是文本，不是 true/false")
        case Decimal():
            return _plain(raw)
        case _:
            raise ValueError("应是文本，不是对象或数组")


def _decimal(raw: Json) -> Decimal | None:
    if isinstance(raw, Decimal):
        return raw
    text = _text(raw).strip()
    if text in ("", "null"):
        return None
    if not _DECIMAL.fullmatch(text):
        raise ValueError(f"值“{_shown(text)}”不是数值")
    return Decimal(text)


def _moment(raw: Json) -> datetime | None:
    text = _text(raw).strip()
    if text in ("", "null"):
        return None
    match = _MOMENT.fullmatch(text) or _DIGITS.fullmatch(text)
    if match is None:
        raise ValueError(f"值“{_shown(text)}”不是日期，应如 2025-01-02 或 2025-01-02 08:30:15")
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=CHINA)
    except ValueError:
        raise ValueError(f"日期“{_shown(text)}”不存在") from None


def _bytes_of_array(raw: list[Json]) -> bytes:
    values = [int(one) for one in raw if isinstance(one, Decimal) and -128 <= one <= 255 and one == one.to_integral()]
    if len(values) < len(raw):
        raise ValueError("字节数组只能有 -128 至 255 的整数")
    return bytes(value % 256 for value in values)


def _bytes_of_text(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("不是 Base64 编码") from None


def _plain(value: Decimal) -> str:
    return f"{value:f}"


def _halves(value: Decimal) -> tuple[str, str]:
    """The digits before the point, with sign, and those after it without zeros at the end; nothing is rounded."""
    whole, _, decimals = f"{value:f}".partition(".")
    return whole.removeprefix("+"), decimals.rstrip("0")


def _shown(text: str) -> str:
    return clean(text if len(text) <= 30 else text[:30] + "…")


def _written(value: Json) -> Writable:
    match value:
        case Decimal():
            return number(_plain(value))
        case dict():
            return {clean(key): _written(member) for key, member in value.items()}
        case list():
            return [_written(member) for member in value]
        case str():
            return clean(value)
    return value


def _is_record(kind: Any) -> bool:
    return isinstance(kind, type) and hasattr(kind, "__dataclass_fields__")


def rows_of(kind: type, path: str = "") -> Iterator[tuple[str, Field]]:
    """Each row of the record's table and of its nodes' tables, with its path; for documentation."""
    for field in table_of(kind):
        place = _place(path, field)
        yield place, field
        if field.is_node:
            yield from rows_of(nodes_of(kind)[field.name], place + ("[]" if isinstance(field.form, Many) else ""))
