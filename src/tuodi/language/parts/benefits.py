"""Benefits, their layers, and the one way in which a number differs for somebody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from tuodi.language.model import (
    PAYERS,
    Adjust,
    Band,
    Bands,
    Benefit,
    Choose,
    FactType,
    Fixed,
    GeneralCondition,
    Grant,
    Layer,
    Limit,
    Not,
    Pay,
    Proportion,
    Refuse,
    ServiceIn,
    Target,
    Test,
    Threshold,
    Value,
)
from tuodi.language.parts.citing import CLAUSE
from tuodi.language.parts.persons import EVERYONE, Who, Whom
from tuodi.language.parts.quantities import OPERAND
from tuodi.language.parts.scalars import FLAG, ID, TEXT, TIMES
from tuodi.language.parts.terms import (
    MONEY_VALUE,
    RATE_VALUE,
    SERVICE_NAMES,
    TEST,
    VALUE_KEYS,
    Built,
    fact_named,
    joined,
)
from tuodi.language.reading import Kind, Reading, Unreadable
from tuodi.language.shapes import Complaint, Key, Name, Pairs, Record, Scalar, Schema, Several, Shape, Words
from tuodi.language.tree import Keyed, Node, Text

LAYER_LABELS = {**PAYERS, "relief": "医疗救助"}
LAYER_ID = Words("层", {name: name for name in LAYER_LABELS}, "unknown-layer")
CHOOSE = Words("取用方式", {choice.value: choice for choice in Choose})


# ---- layers, general conditions ----------------------------------------------------------------------------------------


def _layer(id: str, label: str = "", choose: Choose = Choose.FIRST_RULE) -> Layer:  # noqa: A002
    return Layer(id=id, label=label or LAYER_LABELS[id], choose=choose)


LAYER = Record("层", Key("id", LAYER_ID, required=True), Key("label", TEXT), Key("choose", CHOOSE), build=_layer)

CONDITION = Record(
    "一般条件",
    Key("id", ID, required=True),
    Key("clause", CLAUSE, required=True),
    Key("when", TEST, required=True),
    Key("refusal", TEXT, required=True),
    build=GeneralCondition,
)

# ---- adjusting ---------------------------------------------------------------------------------------------------------

OPERATIONS = ("plus", "minus", "at_least", "at_most")


class Changed(NamedTuple):
    """What an adjustment changes; `count` where it is the one limit on it."""

    target: Target
    count: str | None = None


class ChangedShape(Shape[Changed]):
    """`rate`, `above`, `limit`, or `{limit: count}`."""

    words = Words("调整的对象", {target.value: Changed(target) for target in Target})
    one_limit = Record(
        "调整的对象", Key("limit", Name(Kind.COUNT), required=True), build=lambda limit: Changed(Target.LIMIT, limit)
    )

    def read(self, node: Node, reading: Reading) -> Changed:
        return (self.one_limit if isinstance(node, Keyed) else self.words).read(node, reading)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return {"anyOf": [self.words.schema(defs), self.one_limit.schema(defs)]}


class AdjustShape(Shape[Adjust]):
    """One adjustment; its amounts are rates or money by what it changes. Without a clause: that of its benefit."""

    def __init__(self, *more: Key) -> None:
        self.of_rate = self.record(RATE_VALUE, *more)
        self.of_money = self.record(MONEY_VALUE, *more)

    def record(self, value: Shape[Value], *more: Key) -> Record[Any]:
        return Record(
            "调整",
            Key("changes", ChangedShape(), required=True),
            Key("clause", CLAUSE),
            Key("for", Whom("everyone", statuses=True), into="who"),
            Key("services", SERVICE_NAMES),
            Key("when", TEST),
            Key("unless", TEST),
            Key("times", TIMES),
            *(Key(operation, value) for operation in OPERATIONS),
            Key("none", FLAG),
            *more,
            build=_adjust,
            rules=_adjust_rules,
        )

    def read(self, node: Node, reading: Reading) -> Adjust:
        changes = node.get("changes") if isinstance(node, Keyed) else None
        rate = isinstance(changes, Text) and changes.value == Target.RATE.value
        found: Adjust = (self.of_rate if rate else self.of_money).read(node, reading)
        return found

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return {"anyOf": [self.of_rate.schema(defs), self.of_money.schema(defs)]}


def guard_test(
    who: Who | None = None, services: frozenset[str] | None = None, when: Test | None = None, unless: Test | None = None
) -> Test | None:
    """`for`, `services`, `when` and `unless` as one test."""
    return joined(
        who.test() if who else None,
        ServiceIn(services=services) if services else None,
        when,
        Not(test=unless) if unless else None,
    )


GUARD_KEYS = ("who", "services", "when", "unless")


def _adjust(**values: Any) -> Adjust:
    changed = values.pop("changes")
    guard = {key: values.pop(key) for key in GUARD_KEYS if key in values}
    clause = values.pop("clause", "")
    return Adjust(changes=changed.target, count=changed.count, clause=clause, when=guard_test(**guard), **values)


def _adjust_rules(adjust: Adjust) -> Iterator[Complaint]:
    operations = [word for word in ("times", *OPERATIONS) if getattr(adjust, word) is not None]
    if not operations and not adjust.none:
        yield Complaint(
            "", "adjust-nothing", "调整没有说怎么改", "写上 times、plus、minus、at_least、at_most 或 none: true"
        )
    if operations and adjust.none:
        yield Complaint("none", "adjust-none", "none 与其他改法不能同时用", "只留一种")
    if adjust.none and adjust.changes is Target.RATE:
        yield Complaint("none", "adjust-none", "比例不能取消", "不给待遇请用 refuse；改比例用 times、plus、minus")


class ForBenefits(NamedTuple):
    """An adjustment of the whole policy: of the benefits named, or of all but those excepted."""

    adjust: Adjust
    benefits: frozenset[str]
    excepted: frozenset[str]


class PolicyAdjust(Shape[ForBenefits]):
    """An adjustment that stands beside the benefits and is dealt out to them."""

    names = Several(Name(Kind.BENEFIT), one_will_do=True)

    def __init__(self) -> None:
        self.alone = AdjustShape()

    def read(self, node: Node, reading: Reading) -> ForBenefits:
        benefits = self.read_names(node, "benefits", reading)
        excepted = self.read_names(node, "except", reading)
        adjust = self.alone.read(_without(node, "benefits", "except"), reading)
        if not adjust.clause:
            raise reading.fault("missing-key", node, "调整缺少 clause", "补上 clause: …")
        return ForBenefits(adjust, benefits, excepted)

    def read_names(self, node: Node, key: str, reading: Reading) -> frozenset[str]:
        named = node.get(key) if isinstance(node, Keyed) else None
        return frozenset(self.names.read(named, reading)) if named else frozenset()

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return {"type": "object"}


def _without(node: Node, *keys: str) -> Node:
    if not isinstance(node, Keyed):
        return node
    return node._replace(entries={name: entry for name, entry in node.entries.items() if name not in keys})


def deal_out(
    benefits: tuple[Benefit, ...], adjusts: list[tuple[Node, ForBenefits]], reading: Reading
) -> tuple[Benefit, ...]:
    """The benefits with the policy's adjustments added to theirs."""
    for node, dealt in adjusts:
        fitting = {benefit.id for benefit in benefits if _concerns(dealt, benefit)}
        if not fitting:
            reading.fault("adjust-nowhere", node, "没有一项待遇有这个调整所改的数", "检查 changes、benefits 和 except")
        benefits = tuple(
            replace(benefit, adjust=(*benefit.adjust, dealt.adjust)) if benefit.id in fitting else benefit
            for benefit in benefits
        )
    return benefits


def _concerns(dealt: ForBenefits, benefit: Benefit) -> bool:
    if benefit.id in dealt.excepted or (dealt.benefits and benefit.id not in dealt.benefits):
        return False
    return has_target(benefit, dealt.adjust)


def has_target(benefit: Benefit, adjust: Adjust) -> bool:
    """The benefit has the number that the adjustment changes."""
    match adjust.changes:
        case Target.RATE:
            return isinstance(benefit.pay, Proportion | Bands)
        case Target.ABOVE:
            return benefit.above is not None
        case Target.LIMIT:
            return any(adjust.count in (None, limit.count) for limit in benefit.limits)


# ---- one benefit ---------------------------------------------------------------------------------------------------------


class ThresholdShape(Shape[Threshold | None]):
    """`above: {count: amount}`, `above: amount`, or `above: none`."""

    counted = Pairs(Name(Kind.COUNT), MONEY_VALUE)

    def read(self, node: Node, reading: Reading) -> Threshold | None:
        if isinstance(node, Text) and node.value == "none":
            return None
        if isinstance(node, Text) or (isinstance(node, Keyed) and set(node.entries) & {*VALUE_KEYS, "by"}):
            return Threshold(amount=MONEY_VALUE.read(node, reading), count=None)
        pairs = self.counted.read(node, reading)
        if len(pairs) > 1:
            raise reading.fault("two-thresholds", node, "起付线只能在一个累计数上", "只留一个累计数")
        return Threshold(count=pairs[0][0], amount=pairs[0][1])

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return {"anyOf": [{"const": "none"}, MONEY_VALUE.schema(defs), self.counted.schema(defs)]}


class LimitAmount(Shape[Value | None]):
    """The most that a count may reach, or `none`: it rises and limits nothing."""

    def read(self, node: Node, reading: Reading) -> Value | None:
        return None if isinstance(node, Text) and node.value == "none" else MONEY_VALUE.read(node, reading)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return {"anyOf": [{"const": "none"}, MONEY_VALUE.schema(defs)]}


class LimitsShape(Shape[tuple[Limit, ...]]):
    """`limit: {count: amount, …}`, an amount `none` for a count that only rises; or `limit: none`."""

    counted = Pairs(Name(Kind.COUNT), LimitAmount())

    def read(self, node: Node, reading: Reading) -> tuple[Limit, ...]:
        if isinstance(node, Text):
            if node.value == "none":
                return ()
            raise reading.fault(
                "limit-without-count",
                node,
                "限额没有说计入哪个累计数",
                f"写成 {{累计数: {node.value or '…'}}}，或 limit: none",
            )
        return tuple(Limit(count=count, amount=amount) for count, amount in self.counted.read(node, reading))

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return {"anyOf": [{"const": "none"}, self.counted.schema(defs)]}


class BandStep(NamedTuple):
    """One band as written: up to where, at what rate."""

    rate: Value
    to: Value | None = None


class BandsShape(Shape[Bands]):
    """`[{to: 10000, rate: 50%}, {rate: 70%}]`: each from where the one before ends, the first from 0, the last open."""

    steps = Several(Record("分段", Key("rate", RATE_VALUE, required=True), Key("to", MONEY_VALUE), build=BandStep))

    def read(self, node: Node, reading: Reading) -> Bands:
        steps = self.steps.read(node, reading)
        for step in steps[:-1]:
            if step.to is None:
                raise reading.fault("band-gap", node, "只有最后一段可以不写 to", "给前面的各段写上 to")
        if steps[-1].to is not None:
            raise reading.fault(
                "band-gap", node, "最后一段有 to，以上的部分没有比例", "最后加一段 {rate: 0%}，或删去它的 to"
            )
        ends = [step.to.amount for step in steps[:-1] if isinstance(step.to, Fixed)]
        if any(later <= earlier for earlier, later in zip(ends, ends[1:], strict=False)):
            raise reading.fault("band-order", node, "各段的 to 没有从小到大", "按金额从小到大排列")
        starts: list[Value] = [Fixed(amount=0), *(step.to for step in steps if step.to is not None)]
        return Bands(
            bands=tuple(
                Band(start=start, end=step.to, rate=step.rate) for start, step in zip(starts, steps, strict=True)
            )
        )

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return self.steps.schema(defs)


def _each_fact(node: Text, reading: Reading) -> str:
    fact = fact_named(node, reading)
    if fact.type is not FactType.COUNT:
        raise reading.fault("wrong-unit", node, f"事实“{fact.id}”不是数量，不能作 each", "把它的 type 声明为 count")
    return fact.id


WAYS: dict[str, str] = {"rate": "比例", "bands": "分段", "amount": "定额", "refuse": "不予救助"}


def _proportion(rate: Value) -> Pay:
    return Proportion(rate=rate)


def _refuse(reason: str) -> Pay:
    return Refuse(reason=reason)


_BENEFIT = Record(
    "待遇",
    Key("id", ID, required=True),
    Key("label", TEXT),
    Key("clause", CLAUSE, required=True),
    Key("layer", Name(Kind.LAYER)),
    Key("for", Whom("everyone", statuses=False), into="who"),
    Key("services", SERVICE_NAMES, required=True),
    Key("when", TEST),
    Key("unless", TEST),
    Key("waives", Several(Name(Kind.CONDITION), one_will_do=True)),
    Key("of", OPERAND),
    Key("above", ThresholdShape()),
    Key("rate", Built(RATE_VALUE, _proportion)),
    Key("bands", BandsShape()),
    Key("amount", MONEY_VALUE),
    Key("each", Scalar("数量事实", _each_fact, {"type": "string"})),
    Key("refuse", Built(TEXT, _refuse)),
    Key("limit", LimitsShape()),
    Key("after", Name(Kind.BENEFIT)),
    Key("once", Name(Kind.COUNT)),
    Key("bill", OPERAND),
    Key("for_each_item", Name(Kind.CATALOGUE), into="catalogue"),
    Key("adjust", Several(AdjustShape())),
    build=dict,
)


class BenefitShape(Shape[Benefit]):
    """One rule."""

    def read(self, node: Node, reading: Reading) -> Benefit:
        values = _BENEFIT.read(node, reading)
        pay = self.read_pay(node, values, reading)
        who = values.pop("who", EVERYONE)
        when = joined(values.pop("when", None), Not(test=unless) if (unless := values.pop("unless", None)) else None)
        clause = values["clause"]
        adjust = tuple(one if one.clause else replace(one, clause=clause) for one in values.pop("adjust", ()))
        return Benefit(
            label=values.pop("label", "") or default_label(pay),
            layer=values.pop("layer", "") or self.only_layer(node, reading),
            classes=who.classes,
            when=when,
            waives=frozenset(values.pop("waives", ())),
            pay=pay,
            limits=values.pop("limit", ()),
            adjust=adjust,
            **values,
        )

    def read_pay(self, node: Node, values: dict[str, Any], reading: Reading) -> Pay:
        ways = [way for way in WAYS if way in values]
        if len(ways) != 1:
            message = "待遇没有说给多少" if not ways else f"待遇同时写了 {'、'.join(ways)}"
            raise reading.fault("one-way-to-pay", node, message, f"在 {'、'.join(WAYS)} 中恰好写一个")
        each = values.pop("each", None)
        pay = values.pop(ways[0])
        if ways[0] == "amount":
            return Grant(amount=pay, each=each)
        if each:
            raise reading.fault("each-without-amount", node, "each 只与 amount 一起用", "改用 amount，或删去 each")
        self.check_of(node, ways[0], values, reading)
        found: Pay = pay
        return found

    def check_of(self, node: Node, way: str, values: dict[str, Any], reading: Reading) -> None:
        if way == "refuse":
            idle = [
                key for key in ("of", "above", "limit", "once", "bill", "for_each_item", "adjust") if _has(node, key)
            ]
            if idle:
                raise reading.fault("refusal-pays-nothing", node, f"不予救助的规则不用写 {'、'.join(idle)}", "删去它们")
        elif "of" not in values:
            raise reading.fault("missing-key", node, "待遇缺少 of（按什么金额计算）", "补上 of: 费用口径")

    def only_layer(self, node: Node, reading: Reading) -> str:
        layers = list(reading.names[Kind.LAYER]) or ["relief"]
        if len(layers) > 1 and "relief" not in layers:
            raise reading.fault("missing-key", node, "有几个层，待遇要说属于哪一层", f"补上 layer: {layers[0]}")
        name = "relief" if "relief" in layers else layers[0]
        reading.used[Kind.LAYER].add(name)
        return name

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return _BENEFIT.schema(defs)


def _has(node: Node, key: str) -> bool:
    return isinstance(node, Keyed) and key in node.entries


def default_label(pay: Pay) -> str:
    """A benefit's Chinese name where the file gives none."""
    match pay:
        case Refuse():
            return "不予救助"
        case Grant():
            return "定额救助"
        case _:
            return "医疗救助"


BENEFIT = BenefitShape()
POLICY_ADJUST = PolicyAdjust()
_ = Unreadable
