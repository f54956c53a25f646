"""Operands and quantities: what a rate is applied to."""

from __future__ import annotations

from typing import Any

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

WORDS: dict[str, Operand] = {"unpaid": Unpaid(), "item_burden": ItemBurden()}


def _named_operand(node: Text, reading: Reading) -> Operand:
    name = node.value
    if name in AMOUNTS:
        return Column(name=name)
    if name in WORDS:
        return WORDS[name]
    if name in reading.names[Kind.QUANTITY]:
        return QuantityRef(quantity=reading.use(Kind.QUANTITY, node))
    if name in reading.names[Kind.FACT]:
        return _fact_column(node, reading)
    known = [*AMOUNTS, *WORDS, *reading.names[Kind.QUANTITY], *reading.names[Kind.FACT]]
    raise reading.unknown(node, "计费基数", known, "用费用列、unpaid，或在 quantities 中声明它", "unknown-operand")


def _fact_column(node: Text, reading: Reading) -> Operand:
    fact = fact_named(node, reading)
    if fact.type is not FactType.MONEY:
        raise reading.fault("wrong-unit", node, f"事实“{fact.id}”不是金额，不能作计费基数", "把它的 type 声明为 money")
    return Column(name=fact.id)


def _year_fact(node: Text, reading: Reading) -> str:
    fact = fact_named(node, reading)
    if fact.type is not FactType.YEAR:
        raise reading.fault("wrong-unit", node, f"事实“{fact.id}”不是年份", "把它的 type 声明为 year")
    return fact.id


YEAR_FACT = Scalar("年份事实", _year_fact, {"type": "string"})


class InlineQuantity(Shape[Operand]):
    """A quantity written in place. It is named after the entry that it stands in: `relief__1`."""

    def read(self, node: Node, reading: Reading) -> Operand:
        values = QUANTITY.read(node, reading)
        name = f"{reading.owner or 'policy'}__{len(reading.inline) + 1}"
        reading.inline[name] = made_quantity(name, values)
        return QuantityRef(quantity=name)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return QUANTITY.schema(defs)


def _tally(tally: str, year: str | None = None) -> Operand:
    return TallyOf(count=tally, year=year)


def _operand() -> Shape[Operand]:
    inline = InlineQuantity()
    written: dict[str, Shape[Operand]] = {
        "left_of": Record(
            "救助后余额", Key("left_of", Name(Kind.QUANTITY), required=True, into="quantity"), build=LeftOf
        ),
        "uncovered_of": Record(
            "未覆盖额", Key("uncovered_of", Name(Kind.BENEFIT), required=True, into="benefit"), build=UncoveredOf
        ),
        "tally": Record("合计", Key("tally", Name(Kind.COUNT), required=True), Key("year", YEAR_FACT), build=_tally),
        "take": inline,
    }
    named = Scalar("计费基数", _named_operand, {"type": "string"})
    return Forms("计费基数", text=named, keyed=Variants("计费基数", written))


OPERAND: Shape[Operand] = Later("operand", _operand)
OPERANDS = Several(OPERAND, one_will_do=True)

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
    """The quantity under its name; without a label of its own it is described by its operands."""
    quantity = Quantity(id=name, **({"label": ""} | values))
    if quantity.label:
        return quantity
    return Quantity(id=name, **({"label": describe(quantity)} | values))


def describe(quantity: Quantity) -> str:
    """Chinese words for what the quantity is made of, as 政策范围内费用－基本医保."""
    taken = "＋".join(operand_label(operand) for operand in quantity.take)
    scaled = f"（{taken}）按比例" if quantity.times else taken
    return "－".join([scaled, *(operand_label(operand) for operand in quantity.less)])


def operand_label(operand: Operand) -> str:
    match operand:
        case Column(name=name):
            return AMOUNTS.get(name, name)
        case Unpaid():
            return "未支付余额"
        case ItemBurden():
            return "该项目个人负担"
        case QuantityRef(quantity=name):
            return name
        case LeftOf(quantity=name):
            return f"{name}救助后余额"
        case UncoveredOf(benefit=name):
            return f"{name}未覆盖额"
        case TallyOf(count=name):
            return f"{name}合计"


def read_quantities(reading: Reading) -> dict[str, Quantity]:
    return {name: made_quantity(name, values) for name, values in reading.each_keyed(Kind.QUANTITY, QUANTITY)}
