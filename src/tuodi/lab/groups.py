"""Persons in groups: who gains and who loses, by how much, and whether relief is where the burden is. Exact in fen.

The table has a row for each person: person, household, county, class, burden_fen, before_fen, after_fen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from tuodi.batch.kernel import Ints
from tuodi.lab.answers import added
from tuodi.lab.results import BinRow, DecileRow, EffectRow, GroupRow

BANDS = tuple(yuan * 100 for yuan in (1_000, 3_000, 5_000, 10_000, 20_000, 50_000, 100_000))
"""Upper bounds of the bands of a year's burden; the last band is open, and those without a burden stand apart."""

BINS = tuple(yuan * 100 for yuan in (100, 500, 1_000, 2_000, 5_000, 10_000))
"""Bounds of the bins of a year's change, to both sides."""

ELSEWHERE = "未写明"


class Year(NamedTuple):
    """By person: the year's burden, and relief under both policies."""

    burden: Ints
    before: Ints
    after: Ints

    @property
    def change(self) -> Ints:
        """What the person gains."""
        return self.after - self.before


def year_of(persons: pa.Table) -> Year:
    """The amounts of the table."""
    return Year(*(numbers(persons[name]) for name in ("burden_fen", "before_fen", "after_fen")))


def numbers(column: pa.ChunkedArray) -> Ints:
    """A column of whole numbers without nulls."""
    return np.asarray(column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column, np.int64)


def by_class(persons: pa.Table, labels: Sequence[str]) -> tuple[GroupRow, ...]:
    """By the class in which the person was last settled, in the document's order; those in none last."""
    place = numbers(persons["class"])
    names = [*labels, "不属于救助对象"]
    return tuple(_rows(np.where(place < 0, len(labels), place), names, year_of(persons)))


def by_band(persons: pa.Table) -> tuple[GroupRow, ...]:
    """By the size of the year's burden."""
    year = year_of(persons)
    return tuple(_rows(band_of(year.burden), band_names(), year))


def by_county(persons: pa.Table, names: Mapping[str, str]) -> tuple[GroupRow, ...]:
    """By county, in the order of their codes; none where nobody says who lives where."""
    column = persons["county"].combine_chunks()
    if column.null_count == len(column):
        return ()
    texts = column.cast(pa.string()).fill_null("")
    encoded = texts.dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    codes = encoded.dictionary.to_pylist()
    order = sorted(range(len(codes)), key=lambda place: (codes[place] == "", codes[place]))
    rank = np.empty(len(codes), np.int64)
    rank[order] = np.arange(len(codes))
    labels = [names.get(codes[place], codes[place]) or ELSEWHERE for place in order]
    return tuple(_rows(rank[np.asarray(encoded.indices)], labels, year_of(persons)))


def band_of(burden: Ints) -> Ints:
    """The place of each burden among the bands: 0 without one."""
    return np.where(burden <= 0, 0, 1 + np.searchsorted(np.array(BANDS), burden, side="left"))


def band_names() -> list[str]:
    """The bands in words."""
    edges = [0, *(bound // 100 for bound in BANDS)]
    inner = [f"{low:,}至{high:,}元" if low else f"{high:,}元以下" for low, high in pairwise(edges)]
    return ["没有负担", *inner, f"{edges[-1]:,}元以上"]


def _rows(place: Ints, names: Sequence[str], year: Year) -> Iterator[GroupRow]:
    """A row for each group that has a person."""
    change = year.change
    size = len(names)
    persons = np.bincount(place, minlength=size)
    better = np.bincount(place[change > 0], minlength=size)
    worse = np.bincount(place[change < 0], minlength=size)
    burden, before, after = (added(place, amounts, size) for amounts in year)
    gained, lost = added(place, np.maximum(change, 0), size), added(place, np.maximum(-change, 0), size)
    for group, name in enumerate(names):
        if persons[group]:
            yield GroupRow(
                group=name,
                persons=int(persons[group]),
                burden=int(burden[group]),
                before=int(before[group]),
                after=int(after[group]),
                better=int(better[group]),
                worse=int(worse[group]),
                gained=int(gained[group]),
                lost=int(lost[group]),
            )


# ---- gains and losses ------------------------------------------------------------------------------------------------


def effects(persons: pa.Table) -> tuple[EffectRow, ...]:
    """How many persons and households gain, lose or neither, and by how much."""
    change = year_of(persons).change
    return (*_effects("个人", change), *_effects("家庭", of_households(persons, change)))


def of_households(persons: pa.Table, amounts: Ints) -> Ints:
    """The sum of each household; a person of whom nobody says with whom they live is one alone."""
    place, size = households(persons)
    return added(place, amounts, size)


def households(persons: pa.Table) -> tuple[Ints, int]:
    """By person the place of the household, and how many there are."""
    column = persons["household"].combine_chunks()
    column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    alone = np.asarray(column.is_null())
    encoded = column.dictionary_encode()
    known = len(encoded.dictionary)
    place = np.asarray(encoded.indices.fill_null(0)).astype(np.int64)
    place[alone] = known + np.arange(int(alone.sum()))
    return place, known + int(alone.sum())


def _effects(who: str, change: Ints) -> Iterator[EffectRow]:
    yield _effect(who, "受益", change[change > 0])
    yield _effect(who, "受损", -change[change < 0])
    same = int((change == 0).sum())
    yield EffectRow(
        who=who, effect="不变", number=same, total=0, p10=None, p25=None, p50=None, p75=None, p90=None, largest=None
    )


def _effect(who: str, effect: str, amounts: Ints) -> EffectRow:
    ordered = np.sort(amounts)

    def at(per_cent: int) -> int | None:
        return order_statistic(ordered, per_cent)

    return EffectRow(
        who=who,
        effect=effect,
        number=len(ordered),
        total=int(ordered.sum()),
        p10=at(10),
        p25=at(25),
        p50=at(50),
        p75=at(75),
        p90=at(90),
        largest=at(100),
    )


def order_statistic(ordered: Ints, per_cent: int) -> int | None:
    """The smallest amount that at least so many per cent don't pass; None of none."""
    if not len(ordered):
        return None
    place = max(0, -(-len(ordered) * per_cent // 100) - 1)
    return int(ordered[place])


def bins(persons: pa.Table) -> tuple[BinRow, ...]:
    """Persons by what they gain or lose a year; those for whom nothing changes apart."""
    change = year_of(persons).change
    edges = [None, *(-bound for bound in reversed(BINS)), 0, *BINS, None]
    found = [_bin(change, low, high) for low, high in pairwise(edges)]
    same = BinRow(label="不变", above=None, up_to=None, persons=int((change == 0).sum()))
    middle = len(found) // 2
    return (*found[:middle], same, *found[middle:])


def _bin(change: Ints, low: int | None, high: int | None) -> BinRow:
    """Losses of at least -high and less than -low, gains above low and up to high."""
    if high is not None and high <= 0:
        inside = (change < high) & (change >= low if low is not None else True)
    else:
        assert low is not None, "gains begin at 0"
        inside = (change > low) & (change <= high if high is not None else True)
    return BinRow(label=_bin_label(low, high), above=low, up_to=high, persons=int(inside.sum()))


def _bin_label(low: int | None, high: int | None) -> str:
    loses = high is not None and high <= 0
    small, large = (high, low) if loses else (low, high)
    verb = "减少" if loses else "增加"
    ends = [None if one is None else abs(one) // 100 for one in (small, large)]
    if ends[1] is None:
        return f"{verb}{ends[0]:,}元以上"
    return f"{verb}{ends[1]:,}元以内" if not ends[0] else f"{verb}{ends[0]:,}至{ends[1]:,}元"


# ---- fairness --------------------------------------------------------------------------------------------------------


def deciles(persons: pa.Table) -> tuple[DecileRow, ...]:
    """Tenths of the persons of a class with a burden, the smallest burdens first; a tie stands in the table's order."""
    year = year_of(persons)
    place = np.flatnonzero((year.burden > 0) & (numbers(persons["class"]) >= 0))
    order = place[np.argsort(year.burden[place], kind="stable")]
    cuts = [len(order) * tenth // 10 for tenth in range(11)]
    return tuple(
        _decile(tenth, order[low:high], year) for tenth, (low, high) in enumerate(pairwise(cuts), 1) if high > low
    )


def _decile(tenth: int, place: Ints, year: Year) -> DecileRow:
    burden = year.burden[place]
    return DecileRow(
        decile=tenth,
        persons=len(place),
        least=int(burden[0]),
        most=int(burden[-1]),
        burden=int(burden.sum()),
        before=int(year.before[place].sum()),
        after=int(year.after[place].sum()),
    )


HEAVY = 2_000_000
"""A year's burden that is called heavy: 20,000 yuan."""


def receiving(amounts: Ints) -> int:
    """How many receive anything."""
    return int((amounts > 0).sum())


def heavy_without(burden: Ints, relief: Ints) -> int:
    """How many bear a heavy burden and receive nothing."""
    return int(((burden >= HEAVY) & (relief == 0)).sum())
