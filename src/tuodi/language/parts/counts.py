"""Counts: every accumulator by name, with what it is keyed by, and tallies with what feeds them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from tuodi.language.model import Count, Feed, Scope, ServiceIn
from tuodi.language.parts.citing import CLAUSE
from tuodi.language.parts.quantities import OPERAND, YEAR_FACT
from tuodi.language.parts.scalars import FLAG, TEXT
from tuodi.language.parts.services import SERVICE_NAMES
from tuodi.language.parts.terms import TEST, all_if_any
from tuodi.language.reading import Kind, Reading
from tuodi.language.shapes import Complaint, Forms, Key, Name, Record, Several, Shape, Words


def read_counts(reading: Reading) -> dict[str, Count]:
    """The counts."""
    return {name: Count(id=name, **values) for name, values in reading.each_keyed(Kind.COUNT, COUNT)}


class Period(NamedTuple):
    """One of a count's scopes, with the year fact of an applied year."""

    scope: Scope
    year_fact: str | None = None


def _applied(applied_year: str) -> Period:
    return Period(Scope.APPLIED_YEAR, applied_year)


PERIOD: Shape[Period] = Forms(
    "累计的期间",
    text=Words("期间", {each.value: Period(each) for each in Scope if each is not Scope.APPLIED_YEAR}),
    keyed=Record("申请年度", Key("applied_year", YEAR_FACT, required=True), build=_applied),
)


def _feed(**values: Any) -> Feed:
    services = values.pop("services", None)
    where = ServiceIn(services=services) if services else None
    unless = frozenset(values.pop("unless_settled_by", ()))
    return Feed(of=values["of"], when=all_if_any(where, values.get("when")), unless_settled_by=unless)


FEED = Record(
    "合计的来源",
    Key("of", OPERAND, required=True),
    Key("services", SERVICE_NAMES),
    Key("when", TEST),
    Key("unless_settled_by", Several(Name(Kind.BENEFIT), one_will_do=True)),
    build=_feed,
)


def _count(**values: Any) -> dict[str, Any]:
    periods: tuple[Period, ...] = values["per"]
    years = [period.year_fact for period in periods if period.year_fact]
    return values | {"per": tuple(period.scope for period in periods), "year_fact": years[0] if years else None}


def _count_rules(values: dict[str, Any]) -> Iterator[Complaint]:
    if len(set(values["per"])) < len(values["per"]):
        yield Complaint("per", "period-twice", "同一个期间写了两次", "删去其中一个")
    if "feed" in values and "sum_of" in values:
        yield Complaint("feed", "sum-is-read-only", "合计其他累计的数不能另有来源", "删去 feed 或 sum_of")


COUNT: Record[dict[str, Any]] = Record(
    "累计",
    Key("label", TEXT, required=True),
    Key("clause", CLAUSE, required=True),
    Key("per", Several(PERIOD, one_will_do=True), required=True),
    Key("sum_of", Several(Name(Kind.COUNT))),
    Key("household", FLAG),
    Key("feed", FEED),
    build=_count,
    rules=_count_rules,
)
