"""A statement: what one institution settled for one county by the end of a month, row by row, and its sums. Pure.

Amounts are fen. A row's amounts are what it changes: a settlement adds, a cancel takes away, a correction brings the
difference to the result that it replaces. Each row stands on one statement only. Where a bill comes out otherwise for
another reason than its institution's own, the difference is the person's, and no row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from enum import Enum
from hashlib import sha256
from typing import TypeVar

import orjson

from tuodi.ledger.account import Source
from tuodi.platform.clearing.domain.disallowance import Disallowance, Release

_Key = TypeVar("_Key")


class Kind(Enum):
    """What a row of a statement is."""

    settled = "结算"
    cancelled = "撤销"
    correction = "更正"

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """Signed fen. `hospital` is what the institution bears itself above a package limit: shown, never paid."""

    total: int = 0
    in_policy: int = 0
    relief: int = 0
    personal: int = 0
    hospital: int = 0

    def __add__(self, other: Amounts) -> Amounts:
        return Amounts(**{name: getattr(self, name) + getattr(other, name) for name in _AMOUNTS})

    def __sub__(self, other: Amounts) -> Amounts:
        return Amounts(**{name: getattr(self, name) - getattr(other, name) for name in _AMOUNTS})


_AMOUNTS = tuple(field.name for field in fields(Amounts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One settlement, cancel or correction. `relief` of the amounts is the sum of the sources."""

    settlement: int
    kind: Kind
    happened_on: date
    known_on: date
    insurance: str
    service: str
    amounts: Amounts
    sources: Mapping[Source, int]
    takes_back: int | None = None

    def __post_init__(self) -> None:
        assert (self.takes_back is None) == (self.kind is Kind.settled), "a cancel or a correction takes something back"

    @property
    def splits(self) -> bool:
        """Whether the sources bear just what was paid."""
        return sum(self.sources.values()) == self.amounts.relief


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """How many rows, and what they come to."""

    count: int = 0
    amounts: Amounts = Amounts()

    def __add__(self, other: Sum) -> Sum:
        return Sum(count=self.count + other.count, amounts=self.amounts + other.amounts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """All rows of one kind, insurance and service together."""

    kind: Kind
    insurance: str
    service: str
    sum: Sum


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """All sums of a statement. Every breakdown of rows adds up to `whole`; `by_source` is relief alone, in fen."""

    whole: Sum
    by_kind: Mapping[Kind, Sum]
    by_insurance: Mapping[str, Sum]
    by_service: Mapping[str, Sum]
    by_group: Mapping[tuple[str, str], Sum]
    by_source: Mapping[Source, int]


def totals(parts: Sequence[Part], by_source: Mapping[Source, int]) -> Totals:
    """The sums of the parts; a group is insurance and service. What has no row has no key."""
    return Totals(
        whole=sum((part.sum for part in parts), Sum()),
        by_kind=_sums(parts, lambda part: part.kind),
        by_insurance=_sums(parts, lambda part: part.insurance),
        by_service=_sums(parts, lambda part: part.service),
        by_group=_sums(parts, lambda part: (part.insurance, part.service)),
        by_source=by_source,
    )


def sources_of(rows: Iterable[Row]) -> dict[Source, int]:
    """What each source bears of the rows' relief, sources in their order; what bears nothing is left out."""
    sums: Counter[Source] = Counter()
    for row in rows:
        sums.update(row.sources)
    return {source: sums[source] for source in Source if sums[source]}


def content_hash(rows: Iterable[Row], disallowances: Iterable[Disallowance], releases: Iterable[Release]) -> str:
    """The fingerprint of everything that a statement says; the order in which it is read plays no part."""
    content = {
        "rows": sorted(_row(row) for row in rows),
        "disallowances": sorted(_disallowance(each) for each in disallowances),
        "releases": sorted([release.disallowance, release.settlement] for release in releases),
    }
    return sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _sums(parts: Iterable[Part], key: Callable[[Part], _Key]) -> dict[_Key, Sum]:
    sums: dict[_Key, Sum] = {}
    for part in parts:
        sums[key(part)] = sums.get(key(part), Sum()) + part.sum
    return sums


def _row(row: Row) -> list[object]:
    return [
        row.settlement, row.kind.name, row.happened_on.isoformat(), row.known_on.isoformat(),
        row.insurance, row.service,
        [getattr(row.amounts, name) for name in _AMOUNTS],
        _sources(row.sources),
        row.takes_back or 0,
    ]  # fmt: skip


def _sources(sources: Mapping[Source, int]) -> list[object]:
    return [[source.name, sources[source]] for source in Source if sources.get(source)]


def _disallowance(each: Disallowance) -> list[object]:
    return [each.id, each.settlement, each.line, each.fen, each.reason, each.clause, _sources(each.sources)]
