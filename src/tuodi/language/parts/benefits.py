"""Benefits, their layers, and the general conditions."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

from tuodi.language.model import (
    PAYERS,
    Band,
    Bands,
    Benefit,
    Choose,
    Fixed,
    GeneralCondition,
    Grant,
    Layer,
    Limit,
    Pay,
    Proportion,
    Refuse,
    Threshold,
    Value,
)
from tuodi.language.parts.adjusting import ADJUSTS, deal_out, with_clause
from tuodi.language.parts.citing import CLAUSE
from tuodi.language.parts.persons import CLASSES, WHEN_KEYS, Who, taken_guard
from tuodi.language.parts.quantities import NUMBER_FACT, OPERAND
from tuodi.language.parts.scalars import ID, TEXT
from tuodi.language.parts.services import SERVICE_NAMES
from tuodi.language.parts.terms import MONEY_VALUE, RATE_VALUE, TEST, VALUE_KEYS
from tuodi.language.reading import RELIEF, Kind, Reading
from tuodi.language.shapes import (
    Complaint,
    Into,
    Key,
    Name,
    Pairs,
    Record,
    Schema,
    Several,
    Shape,
    Word,
    Words,
)
from tuodi.language.tree import Keyed, Node

# ---- layers, general conditions --------------------------------------------------------------------------------------

LAYERS = {**PAYERS, RELIEF: "医疗救助"}
LAYER_ID = Words("层", {name: name for name in LAYERS}, "unknown-layer")
CHOOSE = Words("取用方式", {choice.value: choice for choice in Choose})


def _layer(**values: Any) -> Layer:
    usual: dict[str, Any] = {"label": LAYERS[values["id"]], "choose": Choose.FIRST_RULE}
    return Layer(**(usual | values))


LAYER = Record("层", Key("id", LAYER_ID, required=True), Key("label", TEXT), Key("choose", CHOOSE), build=_layer)

CONDITION = Record(
    "一般条件",
    Key("id", ID, required=True),
    Key("clause", CLAUSE, required=True),
    Key("when", TEST, required=True),
    Key("refusal", TEXT, required=True),
    build=GeneralCondition,
)


def read_layers(reading: Reading) -> tuple[Layer, ...]:
    """The layers, or the one of relief; `choose` at the top is short for that one's."""
    layers = tuple(layer for _, layer in reading.each_listed(Kind.LAYER, LAYER))
    choose = reading.single("choose", CHOOSE, Choose.FIRST_RULE)
    written = reading.root.get("choose")
    if written and Kind.LAYER.value in reading.root.entries:
        reading.fault("two-ways-to-choose", written, "choose 与 layers 同时写了", "把 choose 写进 layers 的各层")
    if layers or Kind.LAYER in reading.unsound:
        return layers
    return (Layer(id=RELIEF, label=LAYERS[RELIEF], choose=choose),)


# ---- thresholds, limits, bands ---------------------------------------------------------------------------------------


class ThresholdShape(Shape[Threshold | None]):
    """`{count: amount}`, or an amount that stands for each event alone."""

    counted = Pairs(Name(Kind.COUNT), MONEY_VALUE)

    def _read(self, node: Node, reading: Reading) -> Threshold | None:
        if not isinstance(node, Keyed) or set(node.entries) & set(VALUE_KEYS):
            return Threshold(amount=MONEY_VALUE.read(node, reading), count=None)
        pairs = self.counted.read(node, reading)
        if len(pairs) > 1:
            raise reading.fault("two-thresholds", node, "起付线写了不止一个累计数", "只留一个")
        return Threshold(count=pairs[0][0], amount=pairs[0][1])

    def _schema(self, defs: dict[str, Schema]) -> Schema:
        return {"anyOf": [MONEY_VALUE.schema(defs), self.counted.schema(defs)]}


ABOVE: Shape[Threshold | None] = Word({"none": None}, ThresholdShape())

_LIMIT_AMOUNT: Shape[Value | None] = Word({"none": None}, MONEY_VALUE)


class LimitsShape(Shape[tuple[Limit, ...]]):
    """`{count: amount, …}`; an amount `none` for a count that rises and limits nothing."""

    counted = Pairs(Name(Kind.COUNT), _LIMIT_AMOUNT)

    def _read(self, node: Node, reading: Reading) -> tuple[Limit, ...]:
        if not isinstance(node, Keyed) or set(node.entries) & set(VALUE_KEYS):
            raise reading.fault("limit-without-count", node, "限额没有说计入哪个累计数", "写成 {累计数: 金额}，或 none")
        return tuple(Limit(count=count, amount=amount) for count, amount in self.counted.read(node, reading))

    def _schema(self, defs: dict[str, Schema]) -> Schema:
        return self.counted.schema(defs)


LIMIT: Shape[tuple[Limit, ...]] = Word({"none": ()}, LimitsShape())


class BandStep(NamedTuple):
    """One band as written: up to where, at what rate."""

    rate: Value
    to: Value | None = None


class BandsShape(Shape[Pay]):
    """`[{to: 10000, rate: 50%}, {rate: 70%}]`: each from where the one before ends, the first from 0, the last open."""

    steps = Several(Record("分段", Key("rate", RATE_VALUE, required=True), Key("to", MONEY_VALUE), build=BandStep))

    def _read(self, node: Node, reading: Reading) -> Pay:
        steps = self.steps.read(node, reading)
        ends = [step.to for step in steps if step.to]
        if len(ends) < len(steps) - 1 or steps[-1].to:
            remedy = "每一段写 to，只有最后一段不写；以上不再支付就加一段 {rate: 0%}"
            raise reading.fault("band-gap", node, "分段没有连起来：有的金额不在任何一段里", remedy)
        for lower, upper in pairwise(ends):
            if isinstance(lower, Fixed) and isinstance(upper, Fixed) and lower.amount >= upper.amount:
                raise reading.fault("band-order", node, "各段的 to 没有从小到大", "按金额从小到大排列，各不相同")
        starts = [Fixed(amount=0), *ends]
        return Bands(
            bands=tuple(
                Band(start=start, end=step.to, rate=step.rate) for start, step in zip(starts, steps, strict=True)
            )
        )

    def _schema(self, defs: dict[str, Schema]) -> Schema:
        return self.steps.schema(defs)


# ---- one benefit -----------------------------------------------------------------------------------------------------


_BANDS = BandsShape()
_PROPORTION: Shape[Pay] = Into(RATE_VALUE, lambda rate: Proportion(rate=rate))
_GRANT: Shape[Pay] = Into(MONEY_VALUE, lambda amount: Grant(amount=amount))
_REFUSE: Shape[Pay] = Into(TEXT, lambda reason: Refuse(reason=reason))
_WAYS: dict[str, tuple[str, Shape[Pay]]] = {
    "rate": ("医疗救助", _PROPORTION),
    "bands": ("医疗救助", _BANDS),
    "amount": ("定额救助", _GRANT),
    "refuse": ("不予救助", _REFUSE),
}
_MEASURED = ("rate", "bands")
_IDLE_IN_REFUSALS = ("of", "above", "limit", "each", "once", "bill", "for_each_item", "adjust", "after")


def _benefit(**values: Any) -> Benefit:
    way = next(way for way in _WAYS if way in values)
    pay: Pay = values.pop(way)
    if isinstance(pay, Grant):
        pay = Grant(amount=pay.amount, each=values.pop("each", None))
    who: Who = values.pop("for")
    services = values.pop("services")
    when = taken_guard(values)
    return Benefit(
        label=values.pop("label", _WAYS[way][0]),
        services=services,
        classes=who.classes,
        when=when,
        waives=frozenset(values.pop("waives", ())),
        pay=pay,
        limits=values.pop("limit", ()),
        catalogue=values.pop("for_each_item", None),
        adjust=with_clause(values.pop("adjust", ()), values["clause"]),
        **values,
    )


class BenefitShape(Shape[Benefit]):
    """One rule."""

    def __init__(self) -> None:
        self.record: Record[dict[str, Any]] = Record(
            "待遇",
            Key("id", ID, required=True),
            Key("label", TEXT),
            Key("clause", CLAUSE, required=True),
            Key("layer", Name(Kind.LAYER)),
            Key("for", CLASSES, required=True),
            Key("services", SERVICE_NAMES, required=True),
            *WHEN_KEYS,
            Key("waives", Several(Name(Kind.CONDITION), one_will_do=True)),
            Key("after", Name(Kind.BENEFIT)),
            Key("once", Name(Kind.COUNT)),
            Key("for_each_item", Name(Kind.CATALOGUE)),
            Key("of", OPERAND),
            Key("bill", OPERAND),
            Key("above", ABOVE),
            *(Key(way, shape) for way, (_, shape) in _WAYS.items()),
            Key("each", NUMBER_FACT),
            Key("limit", LIMIT),
            Key("adjust", ADJUSTS),
            build=dict,
            rules=_benefit_rules,
        )

    def _read(self, node: Node, reading: Reading) -> Benefit:
        values = self.record.read(node, reading)
        if "layer" not in values:
            values["layer"] = self.usual_layer(node, reading)
        return _benefit(**values)

    def usual_layer(self, node: Node, reading: Reading) -> str:
        """Relief, or the only layer there is."""
        layers = list(reading.names[Kind.LAYER]) or [RELIEF]
        if RELIEF not in layers and len(layers) > 1:
            raise reading.fault("missing-key", node, "有几个层，待遇没有说属于哪一层", f"补上 layer: {layers[0]}")
        return RELIEF if RELIEF in layers else layers[0]

    def _schema(self, defs: dict[str, Schema]) -> Schema:
        schema = self.record.schema(defs)
        return schema | {"oneOf": [{"required": [way]} for way in _WAYS]}


def _benefit_rules(values: dict[str, Any]) -> Iterator[Complaint]:
    ways = [way for way in _WAYS if way in values]
    if len(ways) != 1:
        message = f"待遇同时写了 {'、'.join(ways)}" if ways else "待遇没有说给多少"
        yield Complaint(ways[1] if ways else "", "one-way-to-pay", message, f"在 {'、'.join(_WAYS)} 中恰好写一个")
        return
    way = ways[0]
    if way in _MEASURED and "of" not in values:
        yield Complaint("", "missing-key", "待遇缺少 of：按什么金额计算", "补上 of: 费用口径")
    idle = [key for key in _IDLE_IN_REFUSALS if key in values] if way == "refuse" else []
    if idle:
        yield Complaint(idle[0], "refusal-pays", f"不予救助的规则不写 {'、'.join(idle)}", "删去")
    if "each" in values and way in _MEASURED:
        yield Complaint("each", "each-without-amount", "each 只与 amount 一起用", "改用 amount，或删去 each")
    if way == "amount" and ("of" in values or "above" in values):
        yield Complaint("of" if "of" in values else "above", "grant-measured", "定额不按金额计算", "删去 of 和 above")


BENEFIT = BenefitShape()


def read_benefits(reading: Reading) -> tuple[Benefit, ...]:
    """The benefits, in order, with the policy's adjustments dealt out to them."""
    return deal_out(tuple(benefit for _, benefit in reading.each_listed(Kind.BENEFIT, BENEFIT)), reading)
