"""Policies, programs and cases made by hand, part by part, without a policy file or the lowering."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from tuodi.engine.bind import Bound
from tuodi.engine.case import read_case
from tuodi.engine.program import Bit, Program
from tuodi.engine.record import Case, Event, Person, StatusPeriod
from tuodi.language.model import (
    AMOUNTS,
    Catalogue,
    CatalogueEntry,
    Count,
    Cover,
    Disease,
    DiseaseList,
    Document,
    Fact,
    FactSource,
    FactType,
    Is,
    Member,
    PersonClass,
    Policy,
    Scope,
    Test,
)

IN_FORCE = date(2022, 12, 27)

DOCUMENT = Document(
    id="small",
    number="测试〔2022〕1号",
    title="测试",
    issuer="测试",
    region="370000",
    issued=IN_FORCE,
    start=IN_FORCE,
    end=None,
    start_clause="一",
)


def small(**parts: Any) -> Policy:
    """A policy of these parts; `start` and `end` are of its document."""
    document = replace(DOCUMENT, **{name: parts.pop(name) for name in ("id", "start", "end") if name in parts})
    return Policy(document=document, content_hash="0" * 64, **parts)


def fact(name: str, kind: FactType, **parts: Any) -> Fact:
    """A fact; with `default` it has one."""
    return Fact(id=name, type=kind, label=f"事实{name}", has_default="default" in parts, **parts)


def facts(*several: Fact) -> dict[str, Fact]:
    """By name."""
    return {one.id: one for one in several}


FACTS = facts(
    fact("bed_days", FactType.COUNT),
    fact("for_year", FactType.YEAR),
    fact("cap", FactType.MONEY, default=None),
    fact("regimen", FactType.CHOICE, choices=("transplant", "dialysis"), default=None),
    fact("filed", FactType.FLAG, default=True),
    fact("told", FactType.FLAG),
    fact("income", FactType.MONEY, source=FactSource.PERSON),
    fact("rural", FactType.FLAG, source=FactSource.PERSON, default=False),
    fact("beds", FactType.COUNT, source=FactSource.FACILITY),
    fact("review", FactType.FLAG, source=FactSource.ITEM, default=False),
    fact("dose", FactType.COUNT, source=FactSource.ITEM),
)
"""One fact of each type and of each source, with a default and without."""

LISTS = {
    one.id: one
    for one in (
        DiseaseList(
            id="serious",
            label="重病",
            clause="一",
            diseases=(
                Disease(name="肺癌（一代耐药）", aliases=("一代耐药肺癌",), icd10=("C34",), needs="resistance"),
                Disease(name="白血病", aliases=(), icd10=("C91", "C92.1")),
                Disease(name="Ⅰ型戈谢病", aliases=("戈谢病",), icd10=("E75.2",)),
                Disease(name="儿童先心病", aliases=(), icd10=("Q20", "Q21"), needs_below_age=18),
            ),
        ),
        DiseaseList(
            id="rare",
            label="罕见病",
            clause="一",
            diseases=(
                Disease(name="戈谢病", aliases=(), icd10=("E75.2",)),
                Disease(name="幼年病", aliases=(), icd10=("C91.0",), needs_below_age=7),
            ),
        ),
    )
}

CATALOGUE = Catalogue(
    id="annex",
    label="目录",
    clause="一",
    diseases="serious",
    entries=(
        CatalogueEntry(disease="白血病", item="达沙替尼", kind="drug", aliases=("达沙替尼片",)),
        CatalogueEntry(disease="Ⅰ型戈谢病", item="达沙替尼", kind="drug"),
        CatalogueEntry(disease="Ⅰ型戈谢病", item="凝血因子Ⅷ", kind="drug", aliases=("八因子/注射",)),
        CatalogueEntry(disease="儿童先心病", item="封堵器", kind="device"),
    ),
)


def count(name: str, *per: Scope, **parts: Any) -> Count:
    """A count over these scopes."""
    return Count(id=name, label=f"累计{name}", clause="一", per=per, **parts)


def person_class(name: str, *members: str | Member, when: Test | None = None) -> PersonClass:
    """A class of these statuses and members."""
    made = tuple(Member(status=member) if isinstance(member, str) else member for member in members)
    return PersonClass(id=name, label=f"类别{name}", clause="一", members=made, when=when)


def on_application(status: str, **cover: Any) -> Member:
    """A status granted on application."""
    return Member(status=status, cover=Cover(**cover))


def bound(policy: Policy, *tests: Test, plan: Policy | None = None, **parts: Any) -> Bound:
    """A program that has nothing but bits: the built-in ones, then one for each test (named `t0`, `t1` and so on).

    `items`: the ids of built-in bits of items. `per_item`: places of tests asked of each item.
    """
    per_item = set(parts.pop("per_item", ()))
    built_in = ["in_force", "day_in_force", *(f"class:{one.id}" for one in policy.classes), *parts.pop("built_in", ())]
    bits = [
        Bit(index=place, id=name, label=name, per_item=name.startswith("item_")) for place, name in enumerate(built_in)
    ]
    bits += [
        Bit(index=len(bits) + place, id=f"t{place}", label=f"t{place}", test=test, per_item=place in per_item)
        for place, test in enumerate(tests)
    ]
    program = Program(
        policy_id=policy.document.id,
        bits=tuple(bits),
        columns=(*AMOUNTS, *parts.pop("columns", ())),
        year_facts=parts.pop("year_facts", ()),
        rules=(),
        layers=(),
        feeds=(),
        counts=dict(policy.counts),
        parameters={},
        table=(),
    )
    constant_word = parts.pop("constant_word", 0)
    return Bound(
        program=program,
        policy=policy,
        plan=plan,
        table=(),
        item_tables={},
        constant_word=constant_word,
        parameters_hash="",
    )


# ---- cases as a file has them ----------------------------------------------------------------------------------------

RAW_AMOUNTS = {
    "total": "50000.00",
    "in_policy": "45000.00",
    "basic": "28000.00",
    "critical_illness": "3000.00",
    "supplementary": "0.00",
    "commercial": "0.00",
    "other_relief": "0.00",
}


def raw_event(**parts: Any) -> dict[str, Any]:
    """The event of the case format's page, with these fields changed; a field of `...` is left out."""
    event = {
        "id": "e1",
        "date": "2023-03-01",
        "service": "inpatient",
        "facility": {"designated": True, "level": 3, "county": True, "region": True},
        "disease": None,
        "amounts": RAW_AMOUNTS,
    }
    return _without_dots({**event, **parts})


def raw_person(**parts: Any) -> dict[str, Any]:
    """The person of the case format's page, with these fields changed."""
    person = {
        "id": "P1",
        "insurance": "resident",
        "birth_date": "1950-01-01",
        "statuses": [
            {"status": "subsistence_allowance", "from": "2023-01-01", "to": None},
            {
                "status": "illness_impoverished",
                "applied_on": "2023-05-10",
                "from": "2023-05-10",
                "to": "2024-01-01",
            },
        ],
    }
    return _without_dots({**person, **parts})


def raw_case(*events: Mapping[str, Any], **parts: Any) -> dict[str, Any]:
    """The case of the case format's page, with these events (one, if none is given) and fields."""
    case = {
        "policy": "small",
        "parameters": {},
        "person": raw_person(),
        "events": list(events) or [raw_event()],
    }
    return _without_dots({**case, **parts})


def _without_dots(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not ...}


def read_event(policy: Policy, plan: Policy | None = None, **parts: Any) -> Event:
    """The one event of a case, read."""
    return read_case(raw_case(raw_event(**parts)), policy, plan).events[0]


def read_person(policy: Policy, *periods: tuple[Any, ...], **parts: Any) -> Person:
    """A person with statuses (status, from, to, applied_on), days as texts or None."""
    statuses = [dict(zip(("status", "from", "to", "applied_on"), period, strict=False)) for period in periods]
    return read_case(raw_case(person=raw_person(statuses=statuses, **parts)), policy).person


def read(policy: Policy, raw: Mapping[str, Any] | None = None) -> Case:
    """The case, read."""
    return read_case(raw_case() if raw is None else raw, policy)


def ordinal(day: str | None) -> int | None:
    """Of a day as text."""
    return None if day is None else date.fromisoformat(day).toordinal()


def period(status: str, start: str, end: str | None = None, applied_on: str | None = None) -> StatusPeriod:
    """A status period, days as texts."""
    first = ordinal(start)
    assert first is not None
    return StatusPeriod(status, first, ordinal(end), ordinal(applied_on))


def one_of(name: str, *values: Any) -> Is:
    """The test that a fact is one of the values."""
    return Is(fact=name, values=frozenset(values))


def by_name(bound_program: Bound, word: int) -> set[str]:
    """The ids of the bits that are set."""
    return {bit.id for bit in bound_program.program.bits if word & bit.mask}


def names(several: Iterable[Any]) -> list[str]:
    """The ids of several things."""
    return [one.id for one in several]
