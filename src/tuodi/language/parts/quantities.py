"""Operands and quantities: what a rate is applied to."""

from __future__ import annotations

from typing import Any, assert_never

from tuodi.language.model import (
    AMOUNTS,
    Column,
    FactType,
    ItemBurden,
    LeftOf,
    Operand,
    Quantity,
    QuantityRef,
    TallyOf,
    UncoveredOf,
    Unpaid,
)
from tuodi.language.parts.scalars import TEXT
from tuodi.language.parts.terms import RATE_VALUE, fact_named
from tuodi.language.reading import Kind, Reading
from tuodi.language.shapes import Forms, Key, Later, Name, Record, Scalar, Schema, Several, Shape, Variants
from tuodi.language.tree import Node, Text

OPERAND_WORDS: dict[str, Operand] = {"unpaid": Unpaid(), "item_burden": ItemBurden()}


def read_quantities(reading: Reading) -> dict[str, Quantity]:
    """The quantities with a name of their own."""
    return {name: made_quantity(name, values) for name, values in reading.each_keyed(Kind.QUANTITY, QUANTITY)}


def _operand() -> Shape[Operand]:
    written: dict[str, Shape[Operand]] = {
        "left_of": Record("救助后余额", Key("left_of", Name(Kind.QUANTITY), into="quantity"), build=LeftOf),
        "uncovered_of": Record(
            "超限未覆盖额", Key("uncovered_of", Name(Kind.BENEFIT), into="benefit"), build=UncoveredOf
        ),
        "tally": Record("合计", Key("tally", Name(Kind.COUNT), into="count"), Key("year", YEAR_FACT), build=TallyOf),
        "take": UnnamedQuantity(),
    }
    named = Scalar("计费基数", _named_operand, {"type": "string"})
    return Forms("计费基数", text=named, keyed=Variants("计费基数", written))


OPERAND: Shape[Operand] = Later("operand", _operand)
OPERANDS = Several(OPERAND, one_will_do=True)


def _named_operand(node: Text, reading: Reading) -> Operand:
    name = node.value
    if name in AMOUNTS:
        return Column(name=name)
    if name in OPERAND_WORDS:
        return OPERAND_WORDS[name]
    if name in reading.names[Kind.FACT]:
        return Column(name=_fact_of(FactType.MONEY, "金额", node, reading))
    if name in reading.names[Kind.QUANTITY]:
        return QuantityRef(quantity=reading.use(Kind.QUANTITY, node))
    known = [*reading.names[Kind.QUANTITY], *AMOUNTS, *OPERAND_WORDS, *reading.names[Kind.FACT]]
    raise reading.miss(Kind.QUANTITY, node, known, "在 quantities 中声明它")


def _fact_of(kind: FactType, what: str, node: Text, reading: Reading) -> str:
    fact = fact_named(node, reading)
    if fact.type is not kind:
        raise reading.fault("wrong-unit", node, f"这里要{what}，事实“{fact.id}”却不是", f"它的 type 应为 {kind.value}")
    return fact.id


YEAR_FACT = Scalar("年份", lambda node, reading: _fact_of(FactType.YEAR, "年份", node, reading), {"type": "string"})
NUMBER_FACT = Scalar("数量", lambda node, reading: _fact_of(FactType.COUNT, "数量", node, reading), {"type": "string"})


class UnnamedQuantity(Shape[Operand]):
    """A quantity written in place. It is named after the entry that it stands in: `relief__1`."""

    def _read(self, node: Node, reading: Reading) -> Operand:
        values = QUANTITY.read(node, reading)
        name = f"{reading.owner or 'unnamed'}__{len(reading.inline) + 1}"
        reading.inline[name] = made_quantity(name, values)
        return QuantityRef(quantity=name)

    def _schema(self, defs: dict[str, Schema]) -> Schema:
        return QUANTITY.schema(defs)


QUANTITY: Shape[dict[str, Any]] = Later(
    "quantity",
    lambda: Record(
        "费用口径",
        Key("label", TEXT),
        Key("take", OPERANDS, required=True),
        Key("times", RATE_VALUE),
        Key("less", OPERANDS),
        Key("at_most", OPERANDS),
        build=dict,
    ),
)


def made_quantity(name: str, values: dict[str, Any]) -> Quantity:
    """The quantity under its name; without a label it is called by what it is made of."""
    return Quantity(id=name, **({"label": _described(values)} | values))


def _described(values: dict[str, Any]) -> str:
    """Chinese words for a quantity, as 政策范围内费用－基本医保."""
    taken = "＋".join(operand_label(operand) for operand in values["take"])
    scaled = f"（{taken}）按比例" if "times" in values else taken
    return "－".join([scaled, *(operand_label(operand) for operand in values.get("less", ()))])


def operand_label(operand: Operand) -> str:
    """What the operand is, in Chinese as far as that is known here."""
    match operand:
        case Column(name=name):
            return AMOUNTS.get(name, name)
        case Unpaid():
            return "未支付余额"
        case ItemBurden():
            return "项目个人负担"
        case QuantityRef(quantity=name):
            return name
        case LeftOf(quantity=name):
            return f"{name} 救助后余额"
        case UncoveredOf(benefit=name):
            return f"{name} 超限未覆盖额"
        case TallyOf(count=name):
            return f"{name} 合计"
        case _:
            assert_never(operand)
