"""The document itself, its clauses, what it leaves to the agency, what it adds to the case format, known exceptions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tuodi.language.model import (
    AMOUNTS,
    BUILT_IN_FACTS,
    Clause,
    ClauseKind,
    Document,
    Fact,
    FactSource,
    FactType,
    KnownException,
    ParameterHole,
    ParameterType,
    Property,
)
from tuodi.language.parts.citing import CLAUSE
from tuodi.language.parts.scalars import DAY, DOCUMENT_ID, FLAG, MONEY, NUMBER, TEXT
from tuodi.language.parts.terms import SERVICE_NAMES
from tuodi.language.reading import Kind, Reading
from tuodi.language.shapes import (
    Complaint,
    Key,
    Name,
    Nullable,
    Pairs,
    Record,
    Scalar,
    Schema,
    Several,
    Shape,
    Words,
)
from tuodi.language.tree import Node, Text

# ---- document ----------------------------------------------------------------------------------------------------------------


def _region(node: Text, reading: Reading) -> str:
    if not re.fullmatch("[0-9]{6}", node.value, re.ASCII):
        raise reading.fault("bad-region", node, f"“{node.value}”不是行政区划代码", "写六位数字，如 371500")
    return node.value


REGION = Scalar("行政区划代码", _region, {"type": ["string", "integer"]})


def _in_force(**values: Any) -> dict[str, Any]:
    return {"start": values["from"], "end": values.get("to"), "start_clause": values.get("clause", "")}


def _in_force_rules(days: dict[str, Any]) -> Iterator[Complaint]:
    if days["end"] is not None and days["end"] <= days["start"]:
        yield Complaint(
            "to", "end-before-start", f"止日 {days['end']} 不晚于起日 {days['start']}", "止日是不再执行的第一天"
        )


IN_FORCE = Record(
    "施行期间",
    Key("from", DAY, required=True),
    Key("to", Nullable(DAY)),
    Key("clause", TEXT),
    build=_in_force,
    rules=_in_force_rules,
)


def _document(in_force: dict[str, Any], **values: Any) -> Document:
    days = in_force | {"start_clause": in_force["start_clause"] or "印发"}
    return Document(**values, **days)


DOCUMENT = Record(
    "document",
    Key("id", DOCUMENT_ID, required=True),
    Key("number", TEXT, required=True),
    Key("title", TEXT, required=True),
    Key("issuer", TEXT, required=True),
    Key("region", REGION, required=True),
    Key("issued", DAY, required=True),
    Key("in_force", IN_FORCE, required=True),
    Key("replaces", TEXT),
    build=_document,
)


def _plan(**values: Any) -> Document:
    days = values.pop("in_force")
    values = {"number": values["title"], "issued": days["start"]} | values
    return _document(days, **values)


PLAN = Record(
    "plan",
    Key("id", DOCUMENT_ID, required=True),
    Key("number", TEXT),
    Key("title", TEXT, required=True),
    Key("issuer", TEXT, required=True),
    Key("region", REGION, required=True),
    Key("issued", DAY),
    Key("in_force", IN_FORCE, required=True),
    Key("replaces", TEXT),
    build=_plan,
)

# ---- facts, parameters, groups of services -----------------------------------------------------------------------------------

FACT_TYPES = {kind.value: kind for kind in FactType}
FACT_SOURCES = {source.value: source for source in (FactSource.EVENT, FactSource.ITEM)}


class FactShape(Shape[dict[str, Any]]):
    """A declared field; its default is typed by its type."""

    def __init__(self) -> None:
        self.defaults: dict[str, Shape[Any]] = {
            "flag": FLAG,
            "choice": TEXT,
            "count": NUMBER,
            "year": NUMBER,
            "money": MONEY,
        }
        self.records = {name: self.record(name) for name in self.defaults}

    def record(self, name: str) -> Record[dict[str, Any]]:
        default = self.defaults[name]
        return Record(
            "事实",
            Key("type", Words("事实的类型", FACT_TYPES), required=True),
            Key("label", TEXT, required=True),
            Key("of", Words("事实的归属", FACT_SOURCES), into="source"),
            *([Key("choices", Several(TEXT), required=True)] if name == "choice" else []),
            Key("default", Nullable(default)),
            build=dict,
            rules=_fact_rules,
        )

    def read(self, node: Node, reading: Reading) -> dict[str, Any]:
        kind = node.get("type") if not isinstance(node, Text) and hasattr(node, "entries") else None
        record = self.records.get(kind.value if isinstance(kind, Text) else "", self.records["flag"])
        values: dict[str, Any] = record.read(node, reading)
        return values | {"has_default": "default" in values}

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return {"anyOf": [record.schema(defs) for record in self.records.values()]}


def _fact_rules(values: dict[str, Any]) -> Iterator[Complaint]:
    if (
        values["type"] is FactType.CHOICE
        and values.get("default") is not None
        and values["default"] not in values["choices"]
    ):
        yield Complaint(
            "default", "unknown-choice", f"默认值“{values['default']}”不在 choices 里", "改成其中之一，或 null"
        )
    if values["type"] is FactType.FLAG and "default" in values and values["default"] is None:
        yield Complaint(
            "default", "flag-without-default", "真假值的默认值不能是 null", "写 true 或 false，或删去 default"
        )


FACT = FactShape()


def read_facts(reading: Reading) -> dict[str, Fact]:
    """The declared facts. A name of the case format or of the language can't be declared again."""
    facts: dict[str, Fact] = {}
    for name, values in reading.each_keyed(Kind.FACT, FACT):
        if name in BUILT_IN_FACTS or name in AMOUNTS or name in RESERVED:
            reading.fault(
                "name-taken", reading.key_of("facts", name), f"“{name}”是案例格式或语言自己的名称", "换一个名称"
            )
        facts[name] = Fact(id=name, **values)
    return facts


RESERVED = frozenset(
    {
        "status",
        "class",
        "disease",
        "service",
        "reached",
        "since",
        "any",
        "all",
        "not",
        "unpaid",
        "item_burden",
        "id",
        "date",
        "facility",
        "diagnoses",
        "amounts",
        "items",
        "birth_date",
        "statuses",
    }
)


def _parameter(**values: Any) -> dict[str, Any]:
    return values


def _parameter_rules(values: dict[str, Any]) -> Iterator[Complaint]:
    by_item = values["type"] is ParameterType.MONEY_BY_ITEM
    if by_item != ("catalogue" in values):
        yield Complaint(
            "catalogue", "parameter-catalogue", "money_by_item 与 catalogue 要一起写", "写上目录，或改 type"
        )


PARAMETER = Record(
    "参数",
    Key("label", TEXT, required=True),
    Key("clause", CLAUSE, required=True),
    Key("type", Words("参数的类型", {kind.value: kind for kind in ParameterType}), required=True),
    Key("set_by", TEXT),
    Key("optional", FLAG),
    Key("catalogue", Name(Kind.CATALOGUE)),
    build=_parameter,
    rules=_parameter_rules,
)


def read_parameters(reading: Reading) -> dict[str, ParameterHole]:
    return {name: ParameterHole(id=name, **values) for name, values in reading.each_keyed(Kind.PARAMETER, PARAMETER)}


def read_groups(reading: Reading) -> dict[str, frozenset[str]]:
    return dict(reading.each_keyed(Kind.GROUP, SERVICE_NAMES))


# ---- clauses -----------------------------------------------------------------------------------------------------------------

EVERY_KIND = tuple(kind for kind in Kind if kind not in (Kind.CLAUSE, Kind.GROUP, Kind.LAYER))


def _where(node: Text, reading: Reading) -> str:
    if any(node.value in reading.names[kind] for kind in EVERY_KIND):
        return node.value
    known = [name for kind in EVERY_KIND for name in reading.names[kind]]
    raise reading.unknown(node, "条目", known, "写这一条所在的待遇、流程、参数等的 id", "entry-to-nowhere")


def _clause(**values: Any) -> dict[str, Any]:
    return {
        "kinds": values["is"],
        "says": values["says"],
        "where": values.get("in", ()),
        "governed_by": values.get("governed_by", ""),
    }


def _clause_rules(values: dict[str, Any]) -> Iterator[Complaint]:
    elsewhere = ClauseKind.ELSEWHERE in values["kinds"]
    if elsewhere and not values["governed_by"]:
        yield Complaint(
            "is", "elsewhere-without-document", "由其他文件规定的条款没有说是哪个文件", "补上 governed_by: 文件名或文号"
        )
    if values["governed_by"] and not elsewhere:
        yield Complaint(
            "governed_by",
            "elsewhere-without-document",
            "governed_by 只用于 is: elsewhere",
            "is 加上 elsewhere，或删去它",
        )


CLAUSE_ENTRY = Record(
    "条款",
    Key("is", Several(Words("条款的类别", {kind.value: kind for kind in ClauseKind}), one_will_do=True), required=True),
    Key("says", TEXT, required=True),
    Key("in", Several(Scalar("条目", _where, {"type": "string"}), one_will_do=True)),
    Key("governed_by", TEXT),
    build=_clause,
    rules=_clause_rules,
)


def read_clauses(reading: Reading) -> dict[str, Clause]:
    """The entries; where each lives is what it names and all that cites it."""
    entries = {}
    for name, values in reading.each_keyed(Kind.CLAUSE, CLAUSE_ENTRY, free_names=True):
        where = tuple(dict.fromkeys([*values.pop("where"), *filter(None, reading.cited.get(name, []))]))
        entries[name] = Clause(id=name, where=where, **values)
    return entries


# ---- known exceptions --------------------------------------------------------------------------------------------------------


def _class_pair(node: Text, reading: Reading) -> str:
    names = node.value.split(">")
    if len(names) != 2:
        raise reading.fault("bad-pair", node, f"“{node.value}”不是一对类别", "写成 前面的类别>后面的类别")
    for name in names:
        reading.use(Kind.CLASS, node._replace(value=name.strip()))
    return ">".join(name.strip() for name in names)


def _exception(**values: Any) -> KnownException:
    named = frozenset((*values.pop("benefits", ()), *values.pop("classes", ())))
    return KnownException(benefits=named, **values)


def _exception_rules(exception: KnownException) -> Iterator[Complaint]:
    if not exception.benefits:
        yield Complaint("", "missing-key", "已知例外没有说是哪些待遇或类别", "写 benefits，或 classes: [前>后]")


KNOWN_EXCEPTION = Record(
    "已知例外",
    Key("property", Words("性质", {each.value: each for each in Property}), required=True),
    Key("benefits", Several(Name(Kind.BENEFIT), one_will_do=True)),
    Key("classes", Several(Scalar("一对类别", _class_pair, {"type": "string"}), one_will_do=True)),
    Key("reason", TEXT, required=True),
    Key("clause", CLAUSE, required=True),
    build=_exception,
    rules=_exception_rules,
)
