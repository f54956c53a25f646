"""What an event lacks, said so that somebody can mend it: which clause asks, for which value, and where to put it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tuodi.core.finding import Finding, Place
from tuodi.engine.bind import Bound
from tuodi.engine.fact_text import CLASS
from tuodi.engine.interpret import Lack, Want
from tuodi.engine.program import Bit
from tuodi.engine.record import Event, Person
from tuodi.engine.shape import UNUSED
from tuodi.language.model import (
    AMOUNTS,
    BUILT_IN_FACTS,
    AllOf,
    AnyOf,
    Between,
    ClassIn,
    DiseaseIn,
    Fact,
    FactSource,
    FactType,
    Given,
    Is,
    Not,
    Reached,
    Test,
    YearsBefore,
)

AGE = "age"

_EXAMPLES = {
    FactType.FLAG: "true 或 false",
    FactType.CHOICE: "所列的值之一",
    FactType.COUNT: "整数",
    FactType.YEAR: "四位年份",
    FactType.MONEY: '元，如 "1234.50"',
}


def findings(want: Want, bound: Bound, event: Event, person: Person) -> tuple[Finding, ...]:
    """One finding for each thing that is not there. Paths lead from the event, or begin with person or parameters."""
    match want.lack:
        case Lack.FACT:
            facts = _missing(_facts_asked(want.bits, bound), event, person)
            return tuple(_missing_fact(fact, want, event) for fact in facts)
        case Lack.COLUMN | Lack.YEAR:
            return (_missing_column(want, bound, event),)
        case Lack.CASE:
            return (_no_case(want, bound, event),)
        case Lack.LAYER:
            return (_no_rule_of_layer(want, bound, event),)
    return (_unset_parameter(want, bound, event),)


def _asker(want: Want) -> str:
    """Who needs it, as the beginning of a sentence."""
    if want.rule is None:
        return "结算账单"
    return f"按{want.rule.clause}“{want.rule.label}”"


# ---- facts -----------------------------------------------------------------------------------------------------------


class _Asked(NamedTuple):
    """A fact that a condition asks for."""

    fact: Fact
    path: str


def _facts_asked(bits: int, bound: Bound) -> list[_Asked]:
    names = {name for bit in bound.program.bits if bit.mask & bits for name in _facts_of_bit(bit, bound)}
    return [_Asked(fact, _path(fact)) for name, fact in sorted(_all_facts(bound).items()) if name in names]


def _all_facts(bound: Bound) -> dict[str, Fact]:
    of_plan = bound.plan.facts if bound.plan else {}
    return {**BUILT_IN_FACTS, **of_plan, **bound.policy.facts}


def _facts_of_bit(bit: Bit, bound: Bound) -> Iterator[str]:
    if bit.test is not None:
        yield from _facts_of(bit.test, bound)
    elif bit.id.startswith(CLASS):
        yield from _facts_of_class(bit.id.removeprefix(CLASS), bound)
    elif bit.id.startswith(UNUSED):
        yield from _facts_of_count(bit.id.removeprefix(UNUSED), bound)
    else:
        yield AGE  # of an item whose disease needs an age


def _facts_of(test: Test, bound: Bound) -> Iterator[str]:
    match test:
        case Is(fact=fact) | Between(fact=fact) | Given(fact=fact) | YearsBefore(fact=fact):
            yield fact
        case DiseaseIn():
            yield AGE  # a code counts for some diseases only below an age
        case Reached(count=count):
            yield from _facts_of_count(count, bound)
        case ClassIn(classes=classes):
            for name in classes:
                yield from _facts_of_class(name, bound)
        case Not(test=inner):
            yield from _facts_of(inner, bound)
        case AllOf(tests=tests) | AnyOf(tests=tests):
            for part in tests:
                yield from _facts_of(part, bound)


def _facts_of_count(name: str, bound: Bound) -> list[str]:
    """The year that the count is kept by, if it is one that the event names."""
    year_fact = bound.program.counts[name].year_fact
    return [year_fact] if year_fact is not None else []


def _facts_of_class(name: str, bound: Bound) -> Iterator[str]:
    found = next(person_class for person_class in bound.policy.classes if person_class.id == name)
    tests = [found.when, *(member.when for member in found.members)]
    for test in tests:
        if test is not None:
            yield from _facts_of(test, bound)
    for member in found.members:
        if member.class_id is not None:
            yield from _facts_of_class(member.class_id, bound)


def _path(fact: Fact) -> str:
    if fact.id == AGE:
        return "person.birth_date"
    match fact.source:
        case FactSource.FACILITY:
            return f"facility.{fact.id}"
        case FactSource.PERSON:
            return f"person.{fact.id}"
    return fact.id


def _missing(asked: Iterable[_Asked], event: Event, person: Person) -> list[_Asked]:
    """Of the facts that are asked for those that are not given; all, where that can't be told."""
    asked = list(asked)
    return [one for one in asked if _is_missing(one.fact, event, person)] or asked


def _is_missing(fact: Fact, event: Event, person: Person) -> bool:
    if fact.id == AGE:
        return person.birth is None
    if fact.source is FactSource.PERSON:
        return fact.id in person.facts and person.facts[fact.id] is None
    return event.facts.get(fact.id) is None


def _missing_fact(asked: _Asked, want: Want, event: Event) -> Finding:
    example = "如 1950-01-01" if asked.fact.id == AGE else f"写{_EXAMPLES[asked.fact.type]}"
    return Finding(
        code="missing-fact",
        message=f"事件 {event.id}：{_asker(want)}判断时需要“{asked.fact.label}”，没有给出",
        place=Place(path=asked.path),
        remedy=f"补上 {asked.path}，{example}",
    )


# ---- numbers ---------------------------------------------------------------------------------------------------------


def _missing_column(want: Want, bound: Bound, event: Event) -> Finding:
    if want.name in AMOUNTS:
        label, path, example = AMOUNTS[want.name], f"amounts.{want.name}", '如 "1234.50"'
    else:
        fact = _all_facts(bound).get(want.name) or Fact(id=want.name, type=FactType.MONEY, label=want.name)
        label, path, example = fact.label, _path(fact), f"写{_EXAMPLES[fact.type]}"
    return Finding(
        code="missing-amount" if want.name in AMOUNTS else "missing-fact",
        message=f"事件 {event.id}：{_asker(want)}计算时需要“{label}”，没有给出",
        place=Place(path=path),
        remedy=f"补上 {path}，{example}",
    )


def _unset_parameter(want: Want, bound: Bound, event: Event) -> Finding:
    hole = bound.program.parameters[want.name]
    path = f"parameters.{hole.id}" + (f".{want.item}" if want.item else "")
    of_item = f"里“{want.item}”的数值" if want.item else ""
    by = f"（由{hole.set_by}确定）" if hole.set_by else ""
    return Finding(
        code="unset-parameter",
        message=f"事件 {event.id}：{_asker(want)}计算时需要参数“{hole.label}”{of_item}，没有给出",
        place=Place(path=path),
        remedy=f"在 {path} 里给出它{by}",
    )


def _no_case(want: Want, bound: Bound, event: Event) -> Finding:
    slot = bound.program.table[want.slot] if want.slot is not None else None
    if slot is not None and slot.parameter is not None:
        hole = bound.program.parameters[slot.parameter]
        what, path, remedy = f"参数“{hole.label}”", f"parameters.{hole.id}", "给出更早起算的一天的数值"
    else:
        value = f" {_value_path(slot.path)}" if slot is not None else ""
        what, path, remedy = f"政策的数值{value}", "", "核对事件的日期与各项条件，或在政策里补上这一情形"
    return Finding(
        code="no-value",
        message=f"事件 {event.id}：{_asker(want)}计算时，{what}在 {event.date} 的这一情形下没有规定",
        place=Place(path=path),
        remedy=remedy,
    )


def _no_rule_of_layer(want: Want, bound: Bound, event: Event) -> Finding:
    """A plan need not say everything: what it is silent about is given, never taken as zero."""
    layer = next(layer.layer for layer in bound.program.layers if layer.layer.id == want.name)
    return Finding(
        code="missing-amount",
        message=f"事件 {event.id}：“{layer.label}”支付多少没有给出，参保方案对这一情形也没有规定",
        place=Place(path=f"amounts.{want.name}"),
        remedy=f'在 amounts.{want.name} 里给出实际支付，如 "1234.50"；没有支付时写 "0.00"',
    )


def _value_path(path: str) -> str:
    """The value's own place in the policy, without which of its cases: `benefits.relief.rate`."""
    return ".".join(path.partition(".cases[")[0].split(".")[:3])
