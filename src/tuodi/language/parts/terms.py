"""Tests of an event's facts, and values: literals, dated, by case, parameters, shares. Each may contain the other.

The forms are in the docstrings of `language.model`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from tuodi.language.model import (
    BUILT_IN_FACTS,
    SERVICES,
    STATUSES,
    AllOf,
    AnyOf,
    Between,
    ByCase,
    ClassIn,
    Dated,
    DiseaseIn,
    Fact,
    FactType,
    Fixed,
    Given,
    Is,
    Not,
    ParameterType,
    ParameterValue,
    Reached,
    ServiceIn,
    ShareOf,
    Since,
    StatusIn,
    Test,
    Unit,
    Value,
    YearsBefore,
)
from tuodi.language.parts.scalars import DAY, FLAG, MONEY, NUMBER, RATE, TIMES
from tuodi.language.reading import Kind, Reading, Unreadable
from tuodi.language.shapes import (
    Complaint,
    Forms,
    Key,
    Later,
    Name,
    Pairs,
    Record,
    Scalar,
    Schema,
    Several,
    Shape,
    Variants,
    Words,
    keyed_of,
    text_of,
)
from tuodi.language.tree import Keyed, Listing, Node, Text

# ---- statuses, services ----------------------------------------------------------------------------------------------

STATUS = Words("身份", {status: status for status in STATUSES}, "unknown-status")


def _services(node: Text, reading: Reading) -> frozenset[str]:
    if node.value == "all":
        return frozenset(SERVICES)
    if node.value in SERVICES:
        return frozenset({node.value})
    if node.value in reading.names[Kind.GROUP]:
        reading.used[Kind.GROUP].add(node.value)
        return reading.groups.get(node.value) or _unread()
    known = [*reading.names[Kind.GROUP], *SERVICES, "all"]
    raise reading.unknown(node, "服务", known, f"可写：{'、'.join(known)}", "unknown-service")


def _unread() -> Any:
    """Of something declared whose own faults are already written down."""
    raise Unreadable


class ServiceNames(Shape[frozenset[str]]):
    """Services and groups of services, one or several, or `all`."""

    def __init__(self) -> None:
        self.names = Several(Scalar("服务", _services, {"type": "string"}), one_will_do=True)

    def read(self, node: Node, reading: Reading) -> frozenset[str]:
        return frozenset().union(*self.names.read(node, reading))

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return self.names.schema(defs)


SERVICE_NAMES = ServiceNames()

# ---- tests -----------------------------------------------------------------------------------------------------------


class Tests(Shape[Test]):
    """A mapping of conditions that must all hold."""

    def read(self, node: Node, reading: Reading) -> Test:
        conditions: list[Test] = []
        broken = False
        for entry in keyed_of(node, reading).entries.values():
            try:
                conditions.append(read_condition(entry.key, entry.value, reading))
            except Unreadable:
                broken = True
        if broken:
            raise Unreadable
        return all_of(conditions)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        words = {word: _any_schema(shape, defs) for word, shape in _conditions().items()}
        return {"type": "object", "properties": words, "additionalProperties": FACT_FORM, "minProperties": 1}


TEST: Shape[Test] = Later("test", Tests)

FACT_FORM: Schema = {
    "anyOf": [
        {"type": ["boolean", "number", "string"]},
        {"type": "array", "items": {"type": ["number", "string"]}, "minItems": 1},
        {
            "type": "object",
            "properties": {
                "at_least": {"type": ["number", "string"]},
                "below": {"type": ["number", "string"]},
                "given": {"type": "boolean"},
                "years_before": {"type": "integer"},
            },
            "additionalProperties": False,
        },
    ]
}


def all_of(conditions: list[Test]) -> Test:
    """The tests as one; a single one stays as it is."""
    return conditions[0] if len(conditions) == 1 else AllOf(tests=tuple(conditions))


def joined(*conditions: Test | None) -> Test | None:
    """All of those that are there, flat; None if none is."""
    flat: list[Test] = []
    for condition in conditions:
        if isinstance(condition, AllOf):
            flat.extend(condition.tests)
        elif condition is not None:
            flat.append(condition)
    return all_of(flat) if flat else None


def read_condition(key: Text, node: Node, reading: Reading) -> Test:
    """One entry of a test: a word of the language, or a fact."""
    word = _conditions().get(key.value)
    if word:
        return word.read(node, reading)
    return _fact_test(fact_named(key, reading, [*_conditions()]), key, node, reading)


def fact_named(key: Text, reading: Reading, others: list[str] | None = None) -> Fact:
    """The declared or built-in fact of that name; it counts as used."""
    if key.value in reading.names[Kind.FACT]:
        reading.used[Kind.FACT].add(key.value)
        return reading.facts.get(key.value) or _unread()
    if key.value in BUILT_IN_FACTS:
        return BUILT_IN_FACTS[key.value]
    known = [*reading.names[Kind.FACT], *BUILT_IN_FACTS, *(others or [])]
    raise reading.unknown(key, "事实", known, "在 facts 中声明它，或改用已有的事实", "unknown-fact")


_CONDITIONS: dict[str, Shape[Test]] = {}


def _conditions() -> Mapping[str, Shape[Test]]:
    return _CONDITIONS


def _any_schema(shape: Shape[Any], defs: dict[str, Schema]) -> Schema:
    return shape.schema(defs)


class Built(Shape[Any]):
    """Another shape's value, turned into something."""

    def __init__(self, shape: Shape[Any], build: Callable[[Any], Any]) -> None:
        self.shape = shape
        self.build = build

    def read(self, node: Node, reading: Reading) -> Any:
        return self.build(self.shape.read(node, reading))

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return self.shape.schema(defs)


# ---- tests of one fact -----------------------------------------------------------------------------------------------


def _fact_test(fact: Fact, key: Text, node: Node, reading: Reading) -> Test:
    if isinstance(node, Keyed):
        return _compared(fact, key, node, reading)
    if fact.type is FactType.MONEY:
        raise reading.fault(
            "wrong-test", node, f"金额“{fact.id}”不能与一个数比是否相等", "写 {at_least: …} 或 {below: …}"
        )
    return Is(fact=fact.id, values=frozenset(_fact_values(fact, node, reading)))


def _fact_values(fact: Fact, node: Node, reading: Reading) -> tuple[bool | int | str, ...]:
    if fact.type is FactType.FLAG:
        return (FLAG.read(node, reading),)
    if fact.type is FactType.CHOICE:
        choices = {choice: choice for choice in fact.choices}
        return Several(Words(f"“{fact.label}”的取值", choices, "unknown-choice"), one_will_do=True).read(node, reading)
    return Several(NUMBER, one_will_do=True).read(node, reading)


def _compared(fact: Fact, key: Text, node: Keyed, reading: Reading) -> Test:
    allowed = _COMPARISONS[fact.type]
    entry_keys = [entry.key for entry in node.entries.values()]
    for word in entry_keys:
        if word.value not in allowed:
            listed = f"可写：{'、'.join(allowed)}"
            raise reading.unknown(word, f"“{fact.label}”的比较", allowed, listed, "wrong-test")
    if not entry_keys:
        raise reading.fault("nothing", node, "花括号里是空的", f"可写：{'、'.join(allowed)}")
    return all_of(
        [
            test
            for test in (_given(fact, node, reading), _range(fact, node, reading), _before(fact, node, reading))
            if test
        ]
    )


_COMPARISONS: Mapping[FactType, tuple[str, ...]] = {
    FactType.FLAG: ("given",),
    FactType.CHOICE: ("given",),
    FactType.COUNT: ("at_least", "below", "given"),
    FactType.YEAR: ("at_least", "below", "years_before", "given"),
    FactType.MONEY: ("at_least", "below", "given"),
}


def _given(fact: Fact, node: Keyed, reading: Reading) -> Test | None:
    given = node.get("given")
    if given is None:
        return None
    if not fact.has_default or fact.default is not None:
        message = f"“{fact.id}”总有值，问它有没有没有意义"
        raise reading.fault("wrong-test", given, message, "声明 default: null 才可以不给")
    test = Given(fact=fact.id)
    return test if FLAG.read(given, reading) else Not(test=test)


def _range(fact: Fact, node: Keyed, reading: Reading) -> Test | None:
    scalar = MONEY if fact.type is FactType.MONEY else NUMBER
    ends = {word: scalar.read(end, reading) for word in ("at_least", "below") if (end := node.get(word))}
    if not ends:
        return None
    if "at_least" in ends and "below" in ends and ends["at_least"] >= ends["below"]:
        raise reading.fault("wrong-test", node, "at_least 不小于 below，没有值能满足", "对调两个数")
    return Between(fact=fact.id, **ends)


def _before(fact: Fact, node: Keyed, reading: Reading) -> Test | None:
    years = node.get("years_before")
    return YearsBefore(fact=fact.id, years=NUMBER.read(years, reading)) if years else None


# ---- values ----------------------------------------------------------------------------------------------------------

LITERALS: Mapping[Unit, Scalar[int]] = {Unit.MONEY: MONEY, Unit.RATE: RATE}
UNIT_WORDS: Mapping[Unit, str] = {Unit.MONEY: "金额", Unit.RATE: "比例"}
VALUE_KEYS = ("parameter", "share", "from", "cases")


def _value(unit: Unit) -> Shape[Value]:
    def fixed(amount: int) -> Value:
        return Fixed(amount=amount)

    dated = Record("按日期的值", Key("from", DatedSteps(unit), required=True), build=_dated)
    variants: dict[str, Shape[Value]] = {"parameter": ParameterRef(unit), "from": dated}
    if unit is Unit.MONEY:
        variants["share"] = Record(
            "按份额的值", Key("share", TIMES, required=True), Key("of", MONEY_VALUE, required=True), build=ShareOf
        )
    variants["cases"] = variants["by"] = Cases(unit)
    return Forms(UNIT_WORDS[unit], text=Built(LITERALS[unit], fixed), keyed=Variants(UNIT_WORDS[unit], variants))


MONEY_VALUE: Shape[Value] = Later("money", lambda: _value(Unit.MONEY))
RATE_VALUE: Shape[Value] = Later("rate", lambda: _value(Unit.RATE))
VALUES: Mapping[Unit, Shape[Value]] = {Unit.MONEY: MONEY_VALUE, Unit.RATE: RATE_VALUE}


class ParameterRef(Shape[Value]):
    """`{parameter: id}`, of a parameter with the right unit."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self.record: Record[tuple[str, Text, bool]] = Record(
            "参数",
            Key("parameter", _NamedParameter(), required=True),
            Key("by", Words("分列的依据", {"item": True})),
            build=_parameter,
        )

    def read(self, node: Node, reading: Reading) -> Value:
        name, place, by_item = self.record.read(node, reading)
        hole = reading.parameters.get(name) or _unread()
        if (hole.type is ParameterType.RATE) != (self.unit is Unit.RATE):
            other = UNIT_WORDS[Unit.MONEY if self.unit is Unit.RATE else Unit.RATE]
            message = f"这里要{UNIT_WORDS[self.unit]}，参数“{name}”却是{other}"
            raise reading.fault("wrong-unit", place, message, "改参数的 type，或换一个参数")
        if by_item != (hole.type is ParameterType.MONEY_BY_ITEM):
            message = f"参数“{name}”{'不' if by_item else ''}分项目列出"
            raise reading.fault("parameter-by-item", place, message, "删去 by: item" if by_item else "写 by: item")
        return ParameterValue(parameter=name, by_item=by_item)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return self.record.schema(defs)


def _parameter(parameter: tuple[str, Text], by: bool = False) -> tuple[str, Text, bool]:  # noqa: FBT001, FBT002
    return *parameter, by


class _NamedParameter(Name):
    def __init__(self) -> None:
        super().__init__(Kind.PARAMETER)

    def read(self, node: Node, reading: Reading) -> Any:
        return super().read(node, reading), node


class DatedSteps(Shape[tuple[tuple[date, Value], ...]]):
    """`{2020-01-01: 70%, 2023-01-01: 75%}`, days rising."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self.pairs = Pairs(DAY, VALUES_LATER[unit])  # type: ignore[arg-type]

    def read(self, node: Node, reading: Reading) -> tuple[tuple[date, Value], ...]:
        steps: Any = self.pairs.read(node, reading)
        days = [day for day, _ in steps]
        if days != sorted(days):
            raise reading.fault("date-order", node, "日期没有从早到晚排列", "把早的日期写在前面")
        reading.dated.append((days[0], node))
        return tuple(steps)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return self.pairs.schema(defs)


def _dated(**values: Any) -> Value:
    return Dated(steps=values["from"])


class Cases(Shape[Value]):
    """`{by: fact, cases: {case: value}, otherwise}` or `{cases: [{when, value}], otherwise}`."""

    def __init__(self, unit: Unit) -> None:
        self.value = VALUES_LATER[unit]
        self.listed: Several[tuple[Test, Value]] = Several(
            Record("一种情形", Key("when", TEST, required=True), Key("value", self.value, required=True), build=_case)
        )

    def read(self, node: Node, reading: Reading) -> Value:
        keyed = keyed_of(node, reading)
        for entry in keyed.entries.values():
            if entry.key.value not in ("by", "cases", "otherwise"):
                raise reading.unknown(
                    entry.key,
                    "按情形的值的键",
                    ("by", "cases", "otherwise"),
                    "可写的键：by、cases、otherwise",
                    "unknown-key",
                )
        cases = keyed.get("cases")
        if cases is None:
            raise reading.fault("missing-key", keyed, "按情形的值缺少 cases", "补上 cases: …")
        otherwise = keyed.get("otherwise")
        last = self.value.read(otherwise, reading) if otherwise else None
        return ByCase(cases=self.read_cases(keyed, cases, reading), otherwise=last)

    def read_cases(self, keyed: Keyed, cases: Node, reading: Reading) -> tuple[tuple[Test, Value], ...]:
        by = keyed.get("by")
        if isinstance(cases, Listing):
            if by:
                raise reading.fault(
                    "wrong-form", by, "by 与列表写法的 cases 不能同时用", "cases 写成 {值: 结果}，或删去 by"
                )
            return self.listed.read(cases, reading)
        if by is None:
            raise reading.fault(
                "missing-key", keyed, "按情形的值缺少 by", "补上 by: 事实名，或把 cases 写成 [{when: …, value: …}]"
            )
        return self.read_by(text_of(by, "事实名", reading), keyed_of(cases, reading), reading)

    def read_by(self, by: Text, cases: Keyed, reading: Reading) -> tuple[tuple[Test, Value], ...]:
        found: list[tuple[Test, Value]] = []
        broken = False
        for entry in cases.entries.values():
            try:
                found.append((read_condition(by, entry.key, reading), self.value.read(entry.value, reading)))
            except Unreadable:
                broken = True
        if broken:
            raise Unreadable
        return tuple(found)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        value = self.value.schema(defs)
        cases = {
            "anyOf": [self.listed.schema(defs), {"type": "object", "additionalProperties": value, "minProperties": 1}]
        }
        properties = {"by": {"type": "string"}, "cases": cases, "otherwise": value}
        return {"type": "object", "properties": properties, "required": ["cases"], "additionalProperties": False}


def _case(when: Test, value: Value) -> tuple[Test, Value]:
    return when, value


VALUES_LATER = VALUES

# ---- words of a test -------------------------------------------------------------------------------------------------

_FIELD = {True: "values"}


def _reached(pairs: tuple[tuple[str, Value], ...]) -> Test:
    return all_of([Reached(count=count, at_least=amount) for count, amount in pairs])


_CONDITIONS.update(
    {
        "status": Built(Several(STATUS, one_will_do=True), lambda names: StatusIn(statuses=frozenset(names))),
        "class": Built(Several(Name(Kind.CLASS), one_will_do=True), lambda names: ClassIn(classes=frozenset(names))),
        "disease": Built(Several(Name(Kind.LIST), one_will_do=True), lambda names: DiseaseIn(lists=frozenset(names))),
        "service": Built(SERVICE_NAMES, lambda names: ServiceIn(services=names)),
        "reached": Built(Pairs(Name(Kind.COUNT), MONEY_VALUE), _reached),
        "since": Built(DAY, lambda day: Since(day=day)),
        "any": Built(Several(TEST), lambda tests: AnyOf(tests=tests)),
        "all": Built(Several(TEST), lambda tests: AllOf(tests=tests)),
        "not": Built(TEST, lambda test: Not(test=test)),
    }
)

__all__ = ["MONEY_VALUE", "RATE_VALUE", "SERVICE_NAMES", "STATUS", "TEST", "VALUES", "Built", "Complaint", "joined"]
