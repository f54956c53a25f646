"""A counter-example as a case: what the solver found, in the case format, and what the engine makes of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from tuodi.core.finding import Faults
from tuodi.core.money import format_rate, format_yuan
from tuodi.engine.bind import bind
from tuodi.engine.case import read_case
from tuodi.engine.settle import Engine
from tuodi.language.model import (
    AMOUNTS,
    APPLICATIONS,
    Count,
    Fact,
    FactSource,
    FactType,
    ParameterType,
    Scope,
)
from tuodi.proof.bills import OPEN_RATE, Ground
from tuodi.proof.concrete import has_another_item
from tuodi.proof.courses import ITEM_NAMES
from tuodi.proof.facts import FactsFound, Standing
from tuodi.proof.search import Example

APPLIED = (1, 10)
"""Month and day of an application before the event, in the event's year: 10 January."""

APPLIED_AFTER = timedelta(days=30)

RawCase = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What a case's last event comes to, in fen."""

    relief: int
    personal: int
    layers: Mapping[str, int]
    benefits: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """A person and an event with the facts; numbers come from examples."""

    ground: Ground
    found: FactsFound
    catalogue: str | None = None

    def case(self, example: Example, grown: bool = False) -> RawCase:
        """The case of the example's bill; with `grown` of the larger one."""
        case: RawCase = {
            "policy": self.ground.bound.policy.document.id,
            **({"plan": self.ground.bound.plan.document.id} if self.ground.bound.plan else {}),
            "parameters": self._parameters(example),
            "person": self._person(),
            "events": [self._event(example, grown)],
        }
        opening = self._opening(example)
        return case | ({"opening": opening} if opening else {})

    # ---- person ----

    def _person(self) -> RawCase:
        person: RawCase = {"id": "P1", "insurance": self.found.facts["insurance"]}
        age = self.found.facts["age"]
        if isinstance(age, int):
            person["birth_date"] = date(self.found.day.year - age, 1, 1).isoformat()
        person |= self._facts(FactSource.PERSON)
        person["statuses"] = [self._status(name, standing) for name, standing in self.found.statuses]
        return person

    def _status(self, name: str, standing: Standing) -> RawCase:
        applied = self._applied(standing)
        status: RawCase = {"status": name, "from": applied.isoformat(), "to": None}
        return status | ({"applied_on": applied.isoformat()} if self._on_application(name) else {})

    def _applied(self, standing: Standing) -> date:
        day = self.found.day
        return date(day.year, *APPLIED) if standing is Standing.HELD else day + APPLIED_AFTER

    def _on_application(self, status: str) -> bool:
        classes = self.ground.bound.policy.classes
        return any(member.status == status and member.cover for c in classes for member in c.members)

    # ---- event ----

    def _event(self, example: Example, grown: bool) -> RawCase:
        event: RawCase = {"id": "e1", "date": self.found.day.isoformat(), "service": self.found.service}
        if self.found.service not in APPLICATIONS:
            event["facility"] = self._facts(FactSource.FACILITY)
        event["disease"] = self.found.disease.name if self.found.disease else None
        event |= self._facts(FactSource.EVENT, FactSource.ITEM)
        event |= {
            name: self._shown(fact, example[f"fact:{name}"])
            for name, fact in self.ground.facts.facts.items()
            if f"fact:{name}" in example and self._is_given(name)
        }
        event["amounts"] = {name: self._amount(example, name, grown) for name in AMOUNTS}
        if "item:0" in example:
            event["items"] = self._items(example, grown)
        return event

    def _amount(self, example: Example, name: str, grown: bool) -> str | None:
        """An amount; None for what a plan's layer is to compute."""
        if name not in example:
            layers = [layer.layer.id for layer in self.ground.bound.program.layers]
            return None if name in layers else format_yuan(0)
        growth = {"total": "more", "in_policy": "more:in_policy"}.get(name, f"more:{name}")
        return format_yuan(example[name] + (example.get(growth, 0) if grown else 0))

    def _items(self, example: Example, grown: bool) -> list[RawCase]:
        burdens = [example[name] for name in ("item:0", "item:1") if name in example]
        burdens[0] += example.get("more:item", 0) if grown else 0
        names = self._item_names(example)
        return [{"item": name, "personal": format_yuan(burden)} for name, burden in zip(names, burdens, strict=False)]

    def _item_names(self, example: Example) -> list[str]:
        """The items of the event; two lines of one item where no other one is spoken of."""
        listed = self.item_names()
        return list(listed[:2]) if has_another_item(example) else [listed[0], listed[0]]

    def item_names(self) -> tuple[str, ...]:
        """Items that the catalogue has for the disease."""
        assert self.found.disease is not None and self.catalogue is not None
        return self.found.disease.items[self.catalogue]

    def _facts(self, *sources: FactSource) -> RawCase:
        return {
            name: self._shown(fact, value)
            for name, fact in self.ground.facts.facts.items()
            if fact.source in sources and (value := self.found.facts[name]) is not None and self._is_field(name)
        }

    def _is_given(self, name: str) -> bool:
        return self.found.facts[name] is not None

    def _is_field(self, name: str) -> bool:
        """A field of its own, and asked for by this policy (or of the case format's facilities)."""
        return name not in ("insurance", "age", "month")

    def _shown(self, fact: Fact, value: bool | int | str | None) -> object:
        return format_yuan(int(value)) if fact.type is FactType.MONEY and value is not None else value

    # ---- what is open ----

    def _parameters(self, example: Example) -> RawCase:
        """The agency's numbers that were left open, as the example has them."""
        scalars: dict[str, object] = {}
        for slot in self.ground.open_slots():
            hole = self.ground.bound.program.parameters[str(slot.parameter)]
            if hole.type is ParameterType.RATE:
                scalars[hole.id] = format_rate(OPEN_RATE)
            else:
                scalars[hole.id] = format_yuan(example.get(f"parameter:{hole.id}@{slot.since or ''}", 0))
        tables: dict[str, dict[str, str]] = {}
        for name, number in example.items():
            if name.startswith("entry:"):
                _, parameter, item = name.split(":")
                place = ITEM_NAMES.index(item)
                tables.setdefault(parameter, {})[self.item_names()[place]] = format_yuan(number)
        given = self.ground.parameters
        merged = {name: {**_table(given.get(name)), **table} for name, table in tables.items()}
        return {**given, **scalars, **merged}

    def _opening(self, example: Example) -> list[RawCase]:
        found: list[RawCase] = []
        for name, number in example.items():
            if name.startswith("count:") and number:
                count, _, place = name.removeprefix("count:").partition("@")
                declared = self.ground.bound.program.counts[count]
                uses = any(benefit.once == count for benefit in self.ground.bound.policy.benefits)
                amount = number if uses else format_yuan(number)
                found.append({"count": count, "key": self._key(declared, place), "amount": amount})
        return found

    def _key(self, count: Count, place: str) -> str:
        named_year = self.found.facts[place] if place and place not in ITEM_NAMES else self.found.day.year
        parts: Mapping[Scope, object] = {
            Scope.YEAR: named_year,
            Scope.LIFE: "life",
            Scope.RECOGNITION: self._recognition(),
            Scope.ITEM: self.item_names()[ITEM_NAMES.index(place)] if Scope.ITEM in count.per else "",
            Scope.APPLIED_YEAR: self.found.facts[count.year_fact] if count.year_fact else "",
        }
        return "/".join(str(parts[scope]) for scope in count.per)

    def _recognition(self) -> str:
        standings = [standing for name, standing in self.found.statuses if self._on_application(name)]
        return self._applied(standings[0]).isoformat() if standings else ""


def _table(given: object) -> Mapping[str, object]:
    return given if isinstance(given, dict) else {}


def plainest(ground: Ground, cases: Sequence[RawCase]) -> list[RawCase]:
    """The cases, compared with one another, without the facts that change nothing of what the engine makes of them."""
    outcomes = [settled(ground, case) for case in cases]
    for within in (("events", 0, "facility"), ("events", 0), ("person",)):
        for name in {name: None for case in cases for name in _at(case, within)}:
            shorter = [deepcopy(case) for case in cases]
            for case in shorter:
                _at(case, within).pop(name, None)
            if [settled(ground, case) for case in shorter] == outcomes:
                cases = shorter
    return list(cases)


def _at(case: RawCase, within: tuple[str | int, ...]) -> dict[str, object]:
    """What stands at the place of the case; nothing, if it has no such place."""
    place: Any = case
    for step in within:
        place = place.get(step, {}) if isinstance(step, str) else place[step]
    found: dict[str, object] = place
    return found


def settled(ground: Ground, case: Mapping[str, Any]) -> Settled | None:
    """What the engine makes of the case's last event; None where it cannot settle it."""
    bound = ground.bound
    try:
        read = read_case(case, bound.policy, bound.plan)
        engine = _engine(ground, read.parameters)
        person = engine.person(read.person)
        state = dict(read.opening)
        outcomes = [engine.settle(person, event, state) for event in read.events]
    except Faults:
        return None
    last = outcomes[-1]
    benefits = tuple(line.rule.id for line in last.all_lines)
    return Settled(relief=last.relief, personal=last.personal, layers=last.layers, benefits=benefits)


def _engine(ground: Ground, parameters: Mapping[str, object]) -> Engine:
    """The engine that settles the very program that is proved, with these numbers; made once for each of them."""
    key = json.dumps(parameters, sort_keys=True)
    if key not in ground.engines:
        numbers = bind(ground.bound.policy, parameters, ground.bound.plan)
        ground.engines[key] = Engine(replace(numbers, program=ground.bound.program))
    return ground.engines[key]
