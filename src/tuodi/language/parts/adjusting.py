"""The one way in which a number differs for somebody, in a benefit or for the whole policy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from tuodi.language.model import Adjust, Bands, Benefit, Proportion, Target, Value
from tuodi.language.parts.citing import CLAUSE
from tuodi.language.parts.persons import GUARD_KEYS, taken_guard
from tuodi.language.parts.scalars import FLAG, TIMES
from tuodi.language.parts.terms import MONEY_VALUE, RATE_VALUE
from tuodi.language.reading import Kind, Reading, Unreadable
from tuodi.language.shapes import Complaint, Forms, Key, Later, Name, Record, Schema, Several, Shape, Words, items_of
from tuodi.language.tree import Keyed, Node, Text

VALUE_OPERATIONS = ("plus", "minus", "at_least", "at_most")


class Changed(NamedTuple):
    """What an adjustment changes; `on` where it is the one limit on that count."""

    target: Target
    on: str | None = None


def _one_limit(limit: str) -> Changed:
    return Changed(Target.LIMIT, limit)


CHANGES: Shape[Changed] = Forms(
    "调整的对象",
    text=Words("调整的对象", {target.value: Changed(target) for target in Target}),
    keyed=Record("调整的对象", Key("limit", Name(Kind.COUNT), required=True), build=_one_limit),
)


def _adjust(**values: Any) -> Adjust:
    changed: Changed = values.pop("changes")
    when = taken_guard(values)
    return Adjust(changes=changed.target, count=changed.on, clause=values.pop("clause", ""), when=when, **values)


def _adjust_rules(adjust: Adjust) -> Iterator[Complaint]:
    written = [word for word in ("times", *VALUE_OPERATIONS) if getattr(adjust, word) is not None]
    if not written and not adjust.none:
        yield Complaint(
            "", "adjust-nothing", "调整没有说怎么改", "写 times、plus、minus、at_least、at_most 或 none: true"
        )
    if written and adjust.none:
        yield Complaint("none", "adjust-none", f"none 与 {'、'.join(written)} 不能同时用", "只留一种")
    if adjust.none and adjust.changes is Target.RATE:
        yield Complaint("none", "adjust-none", "比例不能取消", "不给待遇用 refuse，改比例用 times、plus、minus")


class AdjustShape(Shape[Adjust]):
    """One adjustment. Its amounts are rates or money by what it changes; without a clause it has that of its entry."""

    def __init__(self) -> None:
        self.of_rate = self.record(RATE_VALUE)
        self.of_money = self.record(MONEY_VALUE)

    def record(self, value: Shape[Value]) -> Record[Adjust]:
        """The record of those that change a rate, or of those that change money."""
        return Record(
            "调整",
            Key("changes", CHANGES, required=True),
            Key("clause", CLAUSE),
            *GUARD_KEYS,
            Key("times", TIMES),
            *(Key(operation, value) for operation in VALUE_OPERATIONS),
            Key("none", FLAG),
            build=_adjust,
            rules=_adjust_rules,
        )

    def _read(self, node: Node, reading: Reading) -> Adjust:
        changes = node.get("changes") if isinstance(node, Keyed) else None
        of_rate = isinstance(changes, Text) and changes.value == Target.RATE.value
        return (self.of_rate if of_rate else self.of_money).read(node, reading)

    def _schema(self, defs: dict[str, Schema]) -> Schema:
        return {"anyOf": [self.of_rate.schema(defs), self.of_money.schema(defs)]}


_ADJUST = AdjustShape()
ADJUST: Shape[Adjust] = Later("adjust", lambda: _ADJUST)
ADJUSTS = Several(ADJUST)


def with_clause(adjusts: tuple[Adjust, ...], clause: str) -> tuple[Adjust, ...]:
    """Those without a clause of their own take their entry's."""
    return tuple(each if each.clause else replace(each, clause=clause) for each in adjusts)


# ---- for the whole policy --------------------------------------------------------------------------------------------

_NAMES = Several(Name(Kind.BENEFIT), one_will_do=True)


class Dealt(NamedTuple):
    """An adjustment of the whole policy: of the benefits named (empty: of all) but not of those excepted."""

    node: Node
    adjust: Adjust
    benefits: frozenset[str]
    excepted: frozenset[str]

    def concerns(self, benefit: Benefit) -> bool:
        """The benefit is meant and has the number."""
        named = not self.benefits or benefit.id in self.benefits
        return named and benefit.id not in self.excepted and has_target(benefit, self.adjust)


class DealtShape(Shape[Dealt]):
    """An adjustment beside the benefits: `benefits` or `except` say which."""

    def _read(self, node: Node, reading: Reading) -> Dealt:
        benefits, excepted = (self.names(node, key, reading) for key in ("benefits", "except"))
        adjust = ADJUST.read(_without(node, "benefits", "except"), reading)
        if not adjust.clause:
            raise reading.fault("missing-key", node, "调整缺少 clause", "补上 clause: …")
        return Dealt(node, adjust, benefits, excepted)

    def names(self, node: Node, key: str, reading: Reading) -> frozenset[str]:
        """The benefits under the key."""
        named = node.get(key) if isinstance(node, Keyed) else None
        return frozenset(_NAMES.read(named, reading)) if named else frozenset()

    def _schema(self, defs: dict[str, Schema]) -> Schema:
        schemas = [dict(record.schema(defs)) for record in (_ADJUST.of_rate, _ADJUST.of_money)]
        names = _NAMES.schema(defs)
        for schema in schemas:
            schema["properties"] = schema["properties"] | {"benefits": names, "except": names}
            schema["required"] = [*schema["required"], "clause"]
        return {"anyOf": schemas}


def _without(node: Node, *keys: str) -> Node:
    if not isinstance(node, Keyed):
        return node
    return node._replace(entries={name: entry for name, entry in node.entries.items() if name not in keys})


DEALT = DealtShape()


def deal_out(benefits: tuple[Benefit, ...], reading: Reading) -> tuple[Benefit, ...]:
    """The benefits, with the policy's own adjustments behind theirs."""
    part = reading.root.get("adjust")
    for dealt in _each_dealt(part, reading) if part else ():
        if not any(dealt.concerns(benefit) for benefit in benefits) and Kind.BENEFIT not in reading.unsound:
            reading.fault(
                "adjust-nowhere", dealt.node, "没有一项待遇有这个调整所改的数", "检查 changes、benefits 和 except"
            )
        benefits = tuple(
            replace(benefit, adjust=(*benefit.adjust, dealt.adjust)) if dealt.concerns(benefit) else benefit
            for benefit in benefits
        )
    return benefits


def _each_dealt(part: Node, reading: Reading) -> Iterator[Dealt]:
    try:
        nodes = items_of(part, reading)
    except Unreadable:
        return
    for node in nodes:
        try:
            yield DEALT.read(node, reading)
        except Unreadable:
            reading.unsound.add(Kind.BENEFIT)


def has_target(benefit: Benefit, adjust: Adjust) -> bool:
    """The benefit has the number that the adjustment changes."""
    if adjust.changes is Target.RATE:
        return isinstance(benefit.pay, Proportion | Bands)
    if adjust.changes is Target.ABOVE:
        return benefit.above is not None
    return any(adjust.count in (None, limit.count) for limit in benefit.limits)
