"""What comes from outside: facts that the document adds to the case format, parameters that it leaves to the agency."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tuodi.language.model import Fact, FactSource, FactType, ParameterHole, ParameterType
from tuodi.language.parts.citing import CLAUSE
from tuodi.language.parts.scalars import FLAG, MONEY, NUMBER, TEXT
from tuodi.language.reading import Kind, Reading
from tuodi.language.shapes import Complaint, Key, Name, Record, Schema, Several, Shape, Word, Words
from tuodi.language.tree import Keyed, Node, Text

# ---- facts -----------------------------------------------------------------------------------------------------------

_FACT_TYPE = Words("事实的类型", {kind.value: kind for kind in FactType})
_FACT_SOURCE = Words("事实的归属", {each.value: each for each in (FactSource.EVENT, FactSource.ITEM)})


class FactShape(Shape[dict[str, Any]]):
    """A declared field; its default is read by its type."""

    def __init__(self) -> None:
        defaults: dict[FactType, Shape[Any]] = {
            FactType.FLAG: FLAG,
            FactType.CHOICE: TEXT,
            FactType.COUNT: NUMBER,
            FactType.YEAR: NUMBER,
            FactType.MONEY: MONEY,
        }
        self.records = {kind.value: self.record(kind, default) for kind, default in defaults.items()}

    def record(self, kind: FactType, default: Shape[Any]) -> Record[dict[str, Any]]:
        """The record of facts of the type."""
        choices = [Key("choices", Several(TEXT), required=True)] if kind is FactType.CHOICE else []
        return Record(
            "事实",
            Key("type", _FACT_TYPE, required=True),
            Key("label", TEXT, required=True),
            Key("of", _FACT_SOURCE, into="source"),
            *choices,
            Key("default", default if kind is FactType.FLAG else Word({"null": None}, default)),
            build=_fact,
            rules=_fact_rules,
        )

    def _read(self, node: Node, reading: Reading) -> dict[str, Any]:
        kind = node.get("type") if isinstance(node, Keyed) else None
        name = kind.value if isinstance(kind, Text) else ""
        return self.records.get(name, self.records[FactType.COUNT.value]).read(node, reading)

    def _schema(self, defs: dict[str, Schema]) -> Schema:
        return {"anyOf": [record.schema(defs) for record in self.records.values()]}


def _fact(**values: Any) -> dict[str, Any]:
    return values | {"has_default": "default" in values}


def _fact_rules(values: dict[str, Any]) -> Iterator[Complaint]:
    default = values.get("default")
    if "choices" in values and default is not None and default not in values["choices"]:
        yield Complaint("default", "unknown-choice", f"默认值“{default}”不在 choices 里", "改成其中之一，或 null")


FACT = FactShape()


def read_facts(reading: Reading) -> dict[str, Fact]:
    """The declared facts."""
    return {name: Fact(id=name, **values) for name, values in reading.each_keyed(Kind.FACT, FACT)}


# ---- parameters ------------------------------------------------------------------------------------------------------


def _parameter_rules(values: dict[str, Any]) -> Iterator[Complaint]:
    by_item = values["type"] is ParameterType.MONEY_BY_ITEM
    if by_item and "catalogue" not in values:
        yield Complaint("type", "missing-key", "按项目分列的参数没有说是哪个项目目录", "补上 catalogue: …")
    if not by_item and "catalogue" in values:
        yield Complaint(
            "catalogue", "catalogue-without-items", "有 catalogue，却不按项目分列", "type 写 money_by_item，或删去"
        )


PARAMETER: Record[dict[str, Any]] = Record(
    "参数",
    Key("label", TEXT, required=True),
    Key("clause", CLAUSE, required=True),
    Key("type", Words("参数的类型", {kind.value: kind for kind in ParameterType}), required=True),
    Key("set_by", TEXT),
    Key("optional", FLAG),
    Key("catalogue", Name(Kind.CATALOGUE)),
    build=dict,
    rules=_parameter_rules,
)


def read_parameters(reading: Reading) -> dict[str, ParameterHole]:
    """The parameters."""
    return {name: ParameterHole(id=name, **values) for name, values in reading.each_keyed(Kind.PARAMETER, PARAMETER)}
