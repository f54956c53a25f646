"""Tests of an event's facts, and values: literal, dated, by case, a parameter, a share. Each may contain the other.

The forms are in the docstrings of `language.model`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from tuodi.language.model import (
    BUILT_IN_FACTS,
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
from tuodi.language.parts.services import SERVICE_NAMES
from tuodi.language.reading import Kind, Reading, Unreadable
from tuodi.language.shapes import (
    Forms,
    Into,
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
    entries_of,
    keyed_of,
    read_all,
    text_of,
)
from tuodi.language.tree import Entry, Keyed, Listing, Node, Text

STATUS = Words("身份", {status: status for status in STATUSES}, "unknown-status")

# ---- tests -----------------------------------------------------------------------------------------------------------


class Tests(Shape[Test]):
    """A mapping of conditions that must all hold."""

    def _read(self, node: Node, reading: Reading) -> Test:
        return all_of(
            *read_all(entries_of(node, reading), lambda entry: read_condition(entry.key, entry.value, reading))
        )

    def _schema(self, defs: dict[str, Schema]) -> Schema:
        words = {word: shape.schema(defs) for word, shape in test_words().items()}
        return {"type": "object", "properties": words, "additionalProperties": _FACT_TEST_FORM, "minProperties": 1}


TEST: Shape[Test] = Later("test", Tests)


def all_of(*tests: Test | None) -> Test:
    """All of those that are there, flat; at least one is. A single one stays as it is."""
    flat: list[Test] = []
    for test in tests:
        flat.extend(test.tests if isinstance(test, AllOf) else [test] if test else [])
    return flat[0] if len(flat) == 1 else AllOf(tests=tuple(flat))


def all_if_any(*tests: Test | None) -> Test | None:
    """The same, or None where none is there."""
    return all_of(*tests) if any(tests) else None


def read_condition(key: Text, node: Node, reading: Reading) -> Test:
    """One entry of a test: a word of the language, or a fact."""
    word = test_words().get(key.value)
    if word:
        return word.read(node, reading)
    fact = fact_named(key, reading, test_words())
    if isinstance(node, Keyed):
        return _compared(fact, node, reading)
    if fact.type is FactType.MONEY:
        raise reading.fault("wrong-test", node, f"金额“{fact.id}”不能问是否等于", "写 {at_least: …} 或 {below: …}")
    return Is(fact=fact.id, values=frozenset(_fact_values(fact, node, reading)))


@cache
def test_words() -> Mapping[str, Shape[Test]]:
    """What a test may ask besides facts."""
    return {
        "status": _in(STATUS, lambda names: StatusIn(statuses=names)),
        "class": _in(Name(Kind.CLASS), lambda names: ClassIn(classes=names)),
        "disease": _in(Name(Kind.LIST), lambda names: DiseaseIn(lists=names)),
        "service": Into(SERVICE_NAMES, lambda names: ServiceIn(services=names)),
        "reached": Into(Pairs(Name(Kind.COUNT), MONEY_VALUE), _reached),
        "since": Into(DAY, lambda day: Since(day=day)),
        "any": Into(Several(TEST), lambda tests: AnyOf(tests=tests)),
        "all": Into(Several(TEST), lambda tests: all_of(*tests)),
        "not": Into(TEST, lambda test: Not(test=test)),
    }


def _in(name: Shape[str], build: Callable[[frozenset[str]], Test]) -> Shape[Test]:
    return Into(Several(name, one_will_do=True), lambda names: build(frozenset(names)))


def _reached(pairs: tuple[tuple[str, Value], ...]) -> Test:
    return all_of(*(Reached(count=count, at_least=amount) for count, amount in pairs))


# ---- tests of one fact -----------------------------------------------------------------------------------------------

_FACT_TEST_FORM: Schema = {
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
            "minProperties": 1,
        },
    ]
}

_COMPARISONS: Mapping[FactType, tuple[str, ...]] = {
    FactType.FLAG: ("given",),
    FactType.CHOICE: ("given",),
    FactType.COUNT: ("at_least", "below", "given"),
    FactType.YEAR: ("at_least", "below", "years_before", "given"),
    FactType.MONEY: ("at_least", "below", "given"),
}


def fact_named(node: Text, reading: Reading, others: Mapping[str, object] | None = None) -> Fact:
    """The declared or built-in fact of that name; it counts as used."""
    name = node.value
    if name in reading.names[Kind.FACT]:
        reading.used[Kind.FACT].add(name)
        if name not in reading.facts:
            raise Unreadable  # its own faults are written down
        return reading.facts[name]
    if name in BUILT_IN_FACTS:
        return BUILT_IN_FACTS[name]
    known = [*reading.names[Kind.FACT], *BUILT_IN_FACTS, *(others or ())]
    raise reading.miss(Kind.FACT, node, known, "在 facts 中声明它，或改用已有的事实")


def _fact_values(fact: Fact, node: Node, reading: Reading) -> tuple[bool | int | str, ...]:
    if fact.type is FactType.FLAG:
        return (FLAG.read(node, reading),)
    if fact.type is FactType.CHOICE:
        choice = Words(f"“{fact.label}”的取值", {choice: choice for choice in fact.choices}, "unknown-choice")
        return Several(choice, one_will_do=True).read(node, reading)
    return Several(NUMBER, one_will_do=True).read(node, reading)


def _compared(fact: Fact, node: Keyed, reading: Reading) -> Test:
    allowed = _COMPARISONS[fact.type]
    for entry in entries_of(node, reading):
        if entry.key.value not in allowed:
            raise reading.unknown_key(entry.key, f"对“{fact.label}”的比较", allowed)
    return all_of(_given(fact, node, reading), _between(fact, node, reading), _years_before(fact, node, reading))


def _given(fact: Fact, node: Keyed, reading: Reading) -> Test | None:
    given = node.get("given")
    if given is None:
        return None
    if not fact.has_default or fact.default is not None:
        message = f"“{fact.id}”总有值，不必问它给了没有"
        raise reading.fault("wrong-test", given, message, "在 facts 里声明 default: null 才可以不给")
    test = Given(fact=fact.id)
    return test if FLAG.read(given, reading) else Not(test=test)


def _between(fact: Fact, node: Keyed, reading: Reading) -> Test | None:
    scalar = MONEY if fact.type is FactType.MONEY else NUMBER
    ends = {word: scalar.read(end, reading) for word in ("at_least", "below") if (end := node.get(word))}
    if len(ends) == 2 and ends["at_least"] >= ends["below"]:
        raise reading.fault("wrong-test", node, "at_least 不小于 below，没有值能满足", "核对两个数")
    return Between(fact=fact.id, **ends) if ends else None


def _years_before(fact: Fact, node: Keyed, reading: Reading) -> Test | None:
    years = node.get("years_before")
    return YearsBefore(fact=fact.id, years=NUMBER.read(years, reading)) if years else None


# ---- values ----------------------------------------------------------------------------------------------------------

VALUE_KEYS = ("parameter", "share", "from", "cases", "by")
"""A mapping with one of these keys is a value; no count may be called so."""

_LITERALS: Mapping[Unit, Scalar[int]] = {Unit.MONEY: MONEY, Unit.RATE: RATE}
_UNITS: Mapping[Unit, str] = {Unit.MONEY: "金额", Unit.RATE: "比例"}


def _value(unit: Unit) -> Shape[Value]:
    by_case = Cases(unit)
    variants: dict[str, Shape[Value]] = {
        "parameter": ParameterRef(unit),
        "from": Record("按日期的值", Key("from", DatedSteps(unit), required=True), build=_dated),
        "cases": by_case,
        "by": by_case,
    }
    if unit is Unit.MONEY:
        keys = Key("share", TIMES, required=True), Key("of", MONEY_VALUE, required=True)
        variants["share"] = Record("按份额的值", *keys, build=ShareOf)
    fixed: Shape[Value] = Into(_LITERALS[unit], lambda amount: Fixed(amount=amount))
    return Forms(_UNITS[unit], text=fixed, keyed=Variants(_UNITS[unit], variants))


MONEY_VALUE: Shape[Value] = Later("money", lambda: _value(Unit.MONEY))
RATE_VALUE: Shape[Value] = Later("rate", lambda: _value(Unit.RATE))
_VALUES: Mapping[Unit, Shape[Value]] = {Unit.MONEY: MONEY_VALUE, Unit.RATE: RATE_VALUE}


class DatedSteps(Shape[tuple[tuple[date, Value], ...]]):
    """`{2020-01-01: 70%, 2023-01-01: 75%}`, days rising."""

    def __init__(self, unit: Unit) -> None:
        self.pairs = Pairs(DAY, _VALUES[unit])

    def _read(self, node: Node, reading: Reading) -> tuple[tuple[date, Value], ...]:
        steps = self.pairs.read(node, reading)
        days = [day for day, _ in steps]
        if days != sorted(set(days)):
            raise reading.fault("date-order", node, "日期没有从早到晚排列", "把早的日期写在前面")
        reading.dated.append((days[0], node))
        return steps

    def _schema(self, defs: dict[str, Schema]) -> Schema:
        return self.pairs.schema(defs)


def _dated(**values: Any) -> Value:
    return Dated(steps=values["from"])


class NamedParameter(NamedTuple):
    """A parameter where it is named; `by_item` if its entry for the item is meant."""

    node: Text
    by_item: bool


class ParameterRef(Shape[Value]):
    """`{parameter: id}`, or of a table `{parameter: id, by: item}`; the parameter has the right unit."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self.record = Record(
            "参数值",
            Key("parameter", Scalar("参数的名称", _parameter_node, {"type": "string"}), required=True),
            Key("by", Words("分列的依据", {"item": True})),
            build=_named_parameter,
        )

    def _read(self, node: Node, reading: Reading) -> Value:
        named = self.record.read(node, reading)
        name = named.node.value
        if name not in reading.parameters:
            raise Unreadable  # its own faults are written down
        kind = reading.parameters[name].type
        if (kind is ParameterType.RATE) != (self.unit is Unit.RATE):
            message = f"这里要{_UNITS[self.unit]}，参数“{name}”却不是"
            raise reading.fault("wrong-unit", named.node, message, "改参数的 type，或换一个参数")
        if named.by_item != (kind is ParameterType.MONEY_BY_ITEM):
            message = f"参数“{name}”{'不' if named.by_item else '是'}按项目分列{'' if named.by_item else '的'}"
            remedy = "删去 by: item" if named.by_item else "加上 by: item"
            raise reading.fault("parameter-by-item", named.node, message, remedy)
        return ParameterValue(parameter=name, by_item=named.by_item)

    def _schema(self, defs: dict[str, Schema]) -> Schema:
        return self.record.schema(defs)


def _parameter_node(node: Text, reading: Reading) -> Text:
    reading.use(Kind.PARAMETER, node)
    return node


def _named_parameter(**values: Any) -> NamedParameter:
    return NamedParameter(values["parameter"], values.get("by", False))


class Cases(Shape[Value]):
    """`{by: fact, cases: {case: value}, otherwise: value}` or `{cases: [{when, value}], otherwise: value}`."""

    keys = ("by", "cases", "otherwise")

    def __init__(self, unit: Unit) -> None:
        self.value = _VALUES[unit]
        case = Record(
            "一种情形", Key("when", TEST, required=True), Key("value", self.value, required=True), build=_case
        )
        self.listed = Several(case)

    def _read(self, node: Node, reading: Reading) -> Value:
        keyed = keyed_of(node, "按情形的值", reading)
        for entry in keyed.entries.values():
            if entry.key.value not in self.keys:
                raise reading.unknown_key(entry.key, "按情形的值", self.keys)
        otherwise = keyed.get("otherwise")
        return ByCase(
            cases=self.read_cases(keyed, reading),
            otherwise=self.value.read(otherwise, reading) if otherwise else None,
        )

    def read_cases(self, keyed: Keyed, reading: Reading) -> tuple[tuple[Test, Value], ...]:
        """The cases, as they are written."""
        by, cases = keyed.get("by"), keyed.get("cases")
        if cases is None:
            raise reading.fault("missing-key", keyed, "按情形的值缺少 cases", "补上 cases: …")
        if isinstance(cases, Listing) and by is None:
            return self.listed.read(cases, reading)
        if isinstance(cases, Listing) or by is None:
            remedy = "写 {by: 事实, cases: {取值: 结果}}，或 {cases: [{when: …, value: …}]}"
            raise reading.fault("by-or-when", cases, "by 只与“取值: 结果”的 cases 一起用", remedy)
        return self.read_by(text_of(by, "事实的名称", reading), cases, reading)

    def read_by(self, by: Text, cases: Node, reading: Reading) -> tuple[tuple[Test, Value], ...]:
        """The cases of one fact (or class, service, …), by what it is."""

        def read_case(entry: Entry) -> tuple[Test, Value]:
            return read_condition(by, entry.key, reading), self.value.read(entry.value, reading)

        return read_all(entries_of(cases, reading), read_case)

    def _schema(self, defs: dict[str, Schema]) -> Schema:
        value = self.value.schema(defs)
        by_fact = {"type": "object", "additionalProperties": value, "minProperties": 1}
        cases = {"anyOf": [self.listed.schema(defs), by_fact]}
        properties = {"by": {"type": "string"}, "cases": cases, "otherwise": value}
        return {"type": "object", "properties": properties, "required": ["cases"], "additionalProperties": False}


def _case(when: Test, value: Value) -> tuple[Test, Value]:
    return when, value
