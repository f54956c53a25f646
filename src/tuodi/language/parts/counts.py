"""Counts: every accumulator by name, with what it is keyed by, and tallies with what feeds them."""

from __future__ import annotations

from typing import Any, NamedTuple

from tuodi.language.model import Count, Feed, Scope, ServiceIn
from tuodi.language.parts.quantities import OPERAND, YEAR_FACT
from tuodi.language.parts.scalars import FLAG, TEXT
from tuodi.language.parts.terms import SERVICE_NAMES, TEST, joined
from tuodi.language.parts.citing import CLAUSE
from tuodi.language.reading import Kind, Reading
from tuodi.language.shapes import Forms, Key, Name, Record, Several, Shape, Words
from tuodi.language.tree import Node


class Period(NamedTuple):
    """One of a count's scopes, with the year fact of an applied year."""

    scope: Scope
    year_fact: str | None = None


_WRITTEN = {scope.value: Period(scope) for scope in Scope if scope is not Scope.APPLIED_YEAR}

PERIOD: Shape[Period] = Forms(
    "累计的期间",
    text=Words("期间", _WRITTEN, "unknown-period"),
    keyed=Record(
        "申请年度",
        Key("applied_year", YEAR_FACT, required=True),
        build=lambda applied_year: Period(Scope.APPLIED_YEAR, applied_year),
    ),
)


def _feed(
    of: Any, services: frozenset[str] | None = None, when: Any = None, unless_settled_by: tuple[str, ...] = ()
) -> Feed:
    place = ServiceIn(services=services) if services else None
    return Feed(of=of, when=joined(place, when), unless_settled_by=frozenset(unless_settled_by))


FEED = Record(
    "合计的来源",
    Key("of", OPERAND, required=True),
    Key("services", SERVICE_NAMES),
    Key("when", TEST),
    Key("unless_settled_by", Several(Name(Kind.BENEFIT), one_will_do=True)),
    build=_feed,
)


def _count(per: tuple[Period, ...] = (), **values: Any) -> dict[str, Any]:
    years = [period.year_fact for period in per if period.year_fact]
    return values | {"per": tuple(period.scope for period in per), "year_fact": years[0] if years else None}


COUNT = Record(
    "累计",
    Key("label", TEXT, required=True),
    Key("clause", CLAUSE, required=True),
    Key("per", Several(PERIOD, one_will_do=True), required=True),
    Key("sum_of", Several(Name(Kind.COUNT))),
    Key("household", FLAG),
    Key("feed", FEED),
    build=_count,
)


def read_counts(reading: Reading) -> dict[str, Count]:
    return {name: Count(id=name, **values) for name, values in reading.each_keyed(Kind.COUNT, COUNT)}
