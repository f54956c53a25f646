"""The document itself, and the clauses that it is made of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tuodi.language.model import Clause, ClauseKind, Document, KnownException, Property
from tuodi.language.parts.citing import CLAUSE
from tuodi.language.parts.scalars import DAY, DOCUMENT_ID, TEXT
from tuodi.language.reading import Kind, Reading
from tuodi.language.shapes import Complaint, Key, Name, Record, Scalar, Several, Word, Words
from tuodi.language.tree import Text

# ---- document, plan --------------------------------------------------------------------------------------------------


def _region(node: Text, reading: Reading) -> str:
    if not re.fullmatch("[0-9]{6}", node.value, re.ASCII):
        raise reading.fault("bad-region", node, f"“{node.value}”不是行政区划代码", "写六位数字，如 371500")
    return node.value


def _in_force(**values: Any) -> dict[str, Any]:
    return {"start": values["from"], "end": values.get("to"), "start_clause": values.get("clause", "印发")}


def _in_force_rules(days: dict[str, Any]) -> Iterator[Complaint]:
    if days["end"] is not None and days["end"] <= days["start"]:
        message = f"止日 {days['end']} 不晚于起日 {days['start']}"
        yield Complaint("to", "end-before-start", message, "to 是不再执行的第一天；一直有效就写 null 或删去")


IN_FORCE: Record[dict[str, Any]] = Record(
    "施行期间",
    Key("from", DAY, required=True),
    Key("to", Word({"null": None}, DAY)),
    Key("clause", TEXT),
    build=_in_force,
    rules=_in_force_rules,
)


def _document(in_force: dict[str, Any], **values: Any) -> Document:
    return Document(**({"issued": None} | values), **in_force)


def _plan(in_force: dict[str, Any], **values: Any) -> Document:
    return Document(**({"number": values["title"], "issued": in_force["start"]} | values), **in_force)


_REGION = Scalar("行政区划代码", _region, {"type": ["string", "integer"], "pattern": "^[0-9]{6}$"})
_HEAD = (
    Key("id", DOCUMENT_ID, required=True),
    Key("title", TEXT, required=True),
    Key("issuer", TEXT, required=True),
    Key("region", _REGION, required=True),
    Key("in_force", IN_FORCE, required=True),
    Key("replaces", TEXT),
)
_DOCUMENT_HEAD = (Key("number", TEXT, required=True), Key("issued", DAY))
DOCUMENT = Record("document 部分", *_HEAD, *_DOCUMENT_HEAD, build=_document)
PLAN = Record("plan 部分", *_HEAD, Key("number", TEXT), Key("issued", DAY), build=_plan)

# ---- clauses ---------------------------------------------------------------------------------------------------------

_NAMED_IN_CLAUSES = tuple(kind for kind in Kind if kind is not Kind.CLAUSE)
_CLAUSE_KIND = Words("条款的类别", {kind.value: kind for kind in ClauseKind})


def _where(node: Text, reading: Reading) -> str:
    if not any(node.value in reading.names[kind] for kind in _NAMED_IN_CLAUSES):
        known = [name for kind in _NAMED_IN_CLAUSES for name in reading.names[kind]]
        raise reading.unknown("clause-nowhere", node, "条目", known, "写这一条所在的待遇、流程、参数等的 id")
    return node.value


def _clause_rules(values: dict[str, Any]) -> Iterator[Complaint]:
    elsewhere = ClauseKind.ELSEWHERE in values["is"]
    if elsewhere and "governed_by" not in values:
        yield Complaint("is", "elsewhere-without-document", "没有说由哪个文件规定", "补上 governed_by: 文件名或文号")
    if not elsewhere and "governed_by" in values:
        yield Complaint(
            "governed_by", "elsewhere-without-document", "有 governed_by，却不是 elsewhere", "is 加上 elsewhere"
        )


CLAUSE_ENTRY: Record[dict[str, Any]] = Record(
    "条款",
    Key("is", Several(_CLAUSE_KIND, one_will_do=True), required=True),
    Key("says", TEXT, required=True),
    Key("in", Several(Scalar("条目", _where, {"type": "string"}), one_will_do=True)),
    Key("governed_by", TEXT),
    build=dict,
    rules=_clause_rules,
)


def read_clauses(reading: Reading) -> dict[str, Clause]:
    """The entries; read last, since where each lives is what it names and all that has cited it."""
    return {
        name: _clause(name, values, reading)
        for name, values in reading.each_keyed(Kind.CLAUSE, CLAUSE_ENTRY, free_names=True)
    }


def _clause(name: str, values: dict[str, Any], reading: Reading) -> Clause:
    citing = [owner for owner in reading.cited.get(name, ()) if owner]
    where = tuple(dict.fromkeys([*values.get("in", ()), *citing]))
    return Clause(
        id=name, kinds=values["is"], says=values["says"], where=where, governed_by=values.get("governed_by", "")
    )


# ---- known exceptions ------------------------------------------------------------------------------------------------


def _class_pair(node: Text, reading: Reading) -> str:
    names = [name.strip() for name in node.value.split(">")]
    if len(names) != 2:
        raise reading.fault("bad-pair", node, f"“{node.value}”不是一对类别", "写成 前面的类别>后面的类别")
    return ">".join(reading.use(Kind.CLASS, node._replace(value=name)) for name in names)


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
