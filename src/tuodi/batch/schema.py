"""Which columns the files of a batch have: the case format, laid flat.

What each file must bring is checked before the first row is read, so that a missing or mistyped column stops the run
at once.

Money stands in yuan (`total`: a decimal or a text) or in fen (`total_fen`: a whole number), never as a float. A column
whose name begins with `x_` is left alone; any other that no rule knows is refused by name, as a case's field would be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

import pyarrow as pa

from tuodi.batch.records import facts_read
from tuodi.core.finding import Finding, Place
from tuodi.engine.bind import Bound
from tuodi.engine.case_fields import CaseFields, known_fields
from tuodi.engine.case_values import nearest
from tuodi.language.model import AMOUNTS, INSURANCES, SERVICES, STATUSES, Fact, FactType

FEN = "_fen"
IGNORED = "x_"


class Kind(Enum):
    """What stands in a column."""

    NAME = "name"  # of a person, an event: text or whole number
    TEXT = "text"
    DAY = "day"
    WORD = "word"  # of a closed list
    FLAG = "flag"
    NUMBER = "number"
    MONEY = "money"
    CODES = "codes"  # a list of texts, or texts with ; between them
    ITEMS = "items"  # a list of {item, personal, …}, or the same as JSON


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A column. `words`: of a WORD. `needed`: the file must have it. `idle`: it may, and the policy does not ask."""

    name: str
    kind: Kind
    says: str
    needed: bool = False
    words: tuple[str, ...] = ()
    fact: Fact | None = None
    idle: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSchema:
    """The columns of one kind of file."""

    title: str
    fields: Mapping[str, Field]

    def findings(self, schema: pa.Schema, file: str) -> list[Finding]:
        """What is wrong with the columns of a file."""
        found = [_twice(name, file) for name in schema.names if schema.names.count(name) > 1]
        found += [finding for column in schema if (finding := self._column(column, schema, file)) is not None]
        present = {self.field_of(name) for name in schema.names}
        missing = [field for field in self.fields.values() if field.needed and field.name not in present]
        return found + [_missing(field, self.title, file) for field in missing]

    def field_of(self, column: str) -> str | None:
        """The field that the column carries; None: none that is known."""
        if column in self.fields:
            return column
        base = column.removesuffix(FEN)
        money = base != column and base in self.fields and self.fields[base].kind is Kind.MONEY
        return base if money else None

    def column_of(self, field: str, schema: pa.Schema) -> str | None:
        """The column that carries the field; None: it is not there."""
        if self.fields[field].idle:
            return None
        return next((name for name in (field, f"{field}{FEN}") if name in schema.names), None)

    def columns(self, schema: pa.Schema) -> list[str]:
        """The columns that are read."""
        fields = {name: self.field_of(name) for name in schema.names}
        return [name for name, field in fields.items() if field is not None and not self.fields[field].idle]

    def _column(self, column: pa.Field, schema: pa.Schema, file: str) -> Finding | None:
        if column.name.startswith(IGNORED):
            return None
        name = self.field_of(column.name)
        if name is None:
            return _unknown(column.name, self.fields, file)
        if name != column.name and name in schema.names:
            return _finding("column-twice", f"“{name}”既以元又以分给出", file, column.name, "只保留一列")
        if not _fits(self.fields[name], column.type, in_fen=name != column.name):
            return _wrong_type(self.fields[name], column, file)
        return None


def event_schema(bound: Bound) -> TableSchema:
    """The columns of events."""
    known = known_fields(bound.policy, bound.plan)
    asked = facts_read(known).event
    facts = {**known.facility_facts, **known.event_facts, **known.other_facts}
    fields = [
        Field(name="person", kind=Kind.NAME, says="个人编号", needed=True),
        Field(name="id", kind=Kind.NAME, says="事件编号", needed=True),
        Field(name="date", kind=Kind.DAY, says="结算日", needed=True),
        Field(name="service", kind=Kind.WORD, says="服务类别", needed=True, words=tuple(SERVICES)),
        Field(name="disease", kind=Kind.TEXT, says="认定病种，按名单的写法"),
        Field(name="diagnoses", kind=Kind.CODES, says="ICD-10 编码"),
        *(_amount(name, known) for name in AMOUNTS),
        *(_fact(fact, idle=fact.id not in asked) for fact in facts.values()),
        Field(name="items", kind=Kind.ITEMS, says="目录项目", idle=not known.catalogues),
    ]
    return _schema("事件表", fields)


def status_schema(bound: Bound) -> TableSchema:
    """The columns of persons' statuses: one row for each status; a person without one has a row without `status`."""
    known = known_fields(bound.policy, bound.plan)
    fields = [
        Field(name="person", kind=Kind.NAME, says="个人编号", needed=True),
        Field(name="insurance", kind=Kind.WORD, says="参保类型", needed=True, words=tuple(INSURANCES)),
        Field(name="birth_date", kind=Kind.DAY, says="出生日期"),
        Field(name="status", kind=Kind.WORD, says="身份；没有的为空", needed=True, words=tuple(STATUSES)),
        Field(name="from", kind=Kind.DAY, says="起日", needed=True),
        Field(name="to", kind=Kind.DAY, says="止日（不含）；空为不限"),
        Field(name="applied_on", kind=Kind.DAY, says="申请日"),
        *(_fact(fact) for fact in known.person_facts.values()),
    ]
    return _schema("身份表", fields)


def opening_schema() -> TableSchema:
    """The columns of counts that persons bring along."""
    fields = [
        Field(name="person", kind=Kind.NAME, says="个人编号", needed=True),
        Field(name="count", kind=Kind.TEXT, says="累计项", needed=True),
        Field(name="key", kind=Kind.TEXT, says="键，如 2023、life、2023-05-10、克唑替尼/2023", needed=True),
        Field(name="amount", kind=Kind.MONEY, says="累计数；次数按元填写整数", needed=True),
    ]
    return _schema("累计表", fields)


# ---- fields ----------------------------------------------------------------------------------------------------------


def _schema(title: str, fields: Iterable[Field]) -> TableSchema:
    return TableSchema(title=title, fields={field.name: field for field in fields})


def _amount(name: str, known: CaseFields) -> Field:
    return Field(name=name, kind=Kind.MONEY, says=AMOUNTS[name], needed=name not in known.computed)


_KINDS = {
    FactType.FLAG: Kind.FLAG,
    FactType.CHOICE: Kind.WORD,
    FactType.COUNT: Kind.NUMBER,
    FactType.YEAR: Kind.NUMBER,
    FactType.MONEY: Kind.MONEY,
}


def _fact(fact: Fact, idle: bool = False) -> Field:
    return Field(name=fact.id, kind=_KINDS[fact.type], says=fact.label, words=fact.choices, fact=fact, idle=idle)


# ---- types -----------------------------------------------------------------------------------------------------------


def _is_text(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        return _is_text(kind.value_type)
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_null(kind))


def _is_whole(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_null(kind))


def _is_list(kind: pa.DataType) -> bool:
    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind))


def _is_yuan(kind: pa.DataType) -> bool:
    return bool(pa.types.is_decimal128(kind) and kind.precision <= 18 and kind.scale <= 2)


_FITTING: Mapping[Kind, Callable[[Any], bool]] = {
    Kind.NAME: lambda kind: _is_text(kind) or _is_whole(kind),
    Kind.TEXT: _is_text,
    Kind.DAY: lambda kind: _is_text(kind) or bool(pa.types.is_date32(kind)),
    Kind.WORD: _is_text,
    Kind.FLAG: lambda kind: _is_text(kind) or bool(pa.types.is_boolean(kind)),
    Kind.NUMBER: lambda kind: _is_text(kind) or _is_whole(kind),
    Kind.MONEY: lambda kind: _is_text(kind) or _is_yuan(kind),
    Kind.CODES: lambda kind: _is_text(kind) or (_is_list(kind) and _is_text(kind.value_type)),
    Kind.ITEMS: lambda kind: _is_text(kind) or (_is_list(kind) and bool(pa.types.is_struct(kind.value_type))),
}
_WANTED = {
    Kind.NAME: "文字或整数",
    Kind.TEXT: "文字",
    Kind.DAY: "date32 日期，或 2023-05-10 这样的文字",
    Kind.WORD: "文字",
    Kind.FLAG: "真假值，或文字 true、false",
    Kind.NUMBER: "整数",
    Kind.MONEY: "元：至多两位小数的 decimal 或文字",
    Kind.CODES: "文字的列表，或以分号相隔的文字",
    Kind.ITEMS: "{item, personal} 的列表，或同样内容的 JSON 文字",
}


def _fits(field: Field, kind: pa.DataType, in_fen: bool) -> bool:
    return _is_whole(kind) or _is_text(kind) if in_fen else _FITTING[field.kind](kind)


# ---- findings --------------------------------------------------------------------------------------------------------


def _finding(code: str, message: str, file: str, column: str, remedy: str) -> Finding:
    return Finding(code=code, message=message, place=Place(file=file, path=column), remedy=remedy)


def _missing(field: Field, title: str, file: str) -> Finding:
    remedy = f"补上这一列（{_WANTED[field.kind]}）"
    if field.kind is Kind.MONEY:
        remedy += f"，或以分给出的整数列 {field.name}{FEN}"
    return _finding("column-missing", f"{title}缺少列“{field.name}”（{field.says}）", file, field.name, remedy)


def _unknown(name: str, fields: Mapping[str, Field], file: str) -> Finding:
    near = nearest(name, {field.name: field.says for field in fields.values()}, otherwise="")
    remedy = f"{near}不需要的列请去掉，或改名为 {IGNORED}{name}"
    return _finding("column-unknown", f"没有列“{name}”", file, name, remedy)


def _twice(name: str, file: str) -> Finding:
    return _finding("column-twice", f"列“{name}”出现了不止一次", file, name, "只保留一列")


def _wrong_type(field: Field, column: pa.Field, file: str) -> Finding:
    message = f"列“{column.name}”的类型是 {column.type}"
    remedy = f"应为{_WANTED[field.kind]}"
    if field.kind is Kind.MONEY:
        remedy += f"；以分计的整数写在列 {field.name}{FEN}"
    return _finding("column-type", message, file, column.name, remedy)
