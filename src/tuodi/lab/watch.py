"""Who falls over the warning lines of the document: by burden before relief, and by what relief leaves of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

import numpy as np

from tuodi.batch.kernel import Ints
from tuodi.core.money import BASIS_POINTS, parse_yuan, round_half_up
from tuodi.core.period import parse_day
from tuodi.lab.answers import Answer, Judge, added
from tuodi.lab.change import Regime
from tuodi.lab.results import WarningRow
from tuodi.language import phrases
from tuodi.language.model import (
    Column,
    Dated,
    Fixed,
    LeftOf,
    Operand,
    ParameterType,
    ParameterValue,
    QuantityRef,
    Scope,
    ShareOf,
    Unpaid,
    Value,
    WarningLine,
)
from tuodi.language.words import Words


class Undrawn(Exception):
    """A line that cannot be drawn here, and why."""


class View(NamedTuple):
    """One policy on some events."""

    regime: Regime
    judge: Judge
    answer: Answer


class Events(NamedTuple):
    """By event of persons one after another: the place of its person, and whether it counts."""

    person: Ints
    counted: Ints


class Watched(NamedTuple):
    """Persons, each in one period, for whom a line is: whether their burden passes it, and what relief leaves of it."""

    key: Ints
    passes: Ints
    left_passes: Ints


@dataclass(slots=True, kw_only=True)
class Watch:
    """The warning lines of two policies on the same people, portion by portion; lines are matched by their ids."""

    before: Regime
    after: Regime
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    thresholds: dict[tuple[str, int], int] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)

    def add(self, views: tuple[View, View], events: Events) -> None:
        """The events of some persons, each with all of theirs."""
        for name in self._names():
            before, after = (self._watched(name, side, view, events) for side, view in enumerate(views))
            counts = self.counts.setdefault(name, Counter())
            for side, watched in (("before", before), ("after", after)):
                if watched is not None:
                    counts[f"persons_{side}"] += int(watched.passes.sum())
                    counts[f"left_{side}"] += int(watched.left_passes.sum())
            if before is not None and after is not None:
                was, now = (set(one.key[one.left_passes].tolist()) for one in (before, after))
                counts["newly"] += len(now - was)
                counts["no_longer"] += len(was - now)

    def rows(self) -> tuple[WarningRow, ...]:
        """Line by line, in the document's order."""
        return tuple(self._row(name) for name in self._names())

    # ---- parts ----

    def _names(self) -> list[str]:
        return list(dict.fromkeys([*_lines(self.before), *_lines(self.after)]))

    def _watched(self, name: str, side: int, view: View, events: Events) -> Watched | None:
        line = _lines(view.regime).get(name)
        if line is None:
            return None
        try:
            thresholds = _thresholds(line, view)
            if thresholds:
                self.thresholds[name, side] = thresholds[max(thresholds)]
            return _watched(line, view, events, thresholds)
        except Undrawn as why:
            self.notes[name] = str(why)
            return None

    def _row(self, name: str) -> WarningRow:
        sides = [_lines(regime).get(name) for regime in (self.before, self.after)]
        line = sides[1] or sides[0]
        assert line is not None, "a name of one of them"
        words = Words(policy=(self.after if sides[1] else self.before).policy)
        counts: Mapping[str, int] = self.counts.get(name, Counter())
        note = self.notes.get(name, "")

        def number(counted: str, *needed: WarningLine | None) -> int | None:
            return None if note or None in needed else counts.get(counted, 0)

        return WarningRow(
            warning=name,
            label=f"{phrases.watched(line, words)}：{phrases.passes(line, words)}",
            clause=line.clause,
            tell="、".join(line.tell),
            threshold_before=self.thresholds.get((name, 0)),
            threshold_after=self.thresholds.get((name, 1)),
            persons_before=number("persons_before", sides[0]),
            persons_after=number("persons_after", sides[1]),
            left_before=number("left_before", sides[0]),
            left_after=number("left_after", sides[1]),
            newly=number("newly", *sides),
            no_longer=number("no_longer", *sides),
            note=note or ("" if all(sides) else "只有一份文件有这条预警线"),
        )


def _watched(line: WarningLine, view: View, events: Events, thresholds: Mapping[int, int]) -> Watched:
    """Whom the line is for is asked of the last event of each period."""
    borne = measured(line.of, view)
    left = borne if isinstance(line.of, LeftOf) else np.maximum(borne - view.answer.relief, 0)
    place = np.flatnonzero(events.counted)
    years = view.answer.inputs.year[place].astype(np.int64)
    keys = events.person[place] * 10_000 + (years if line.per is Scope.YEAR else 0)
    different, period = np.unique(keys, return_inverse=True)
    last = _largest(period, place, len(different))
    meant = _concerned(line, view)[last]
    limit = np.array([thresholds[year] for year in view.answer.inputs.year[last].tolist()], np.int64)
    together = _largest if line.each_event else added
    borne, left = (together(period, one[place], len(different)) for one in (borne, left))
    return Watched(different[meant], (borne > limit)[meant], (left > limit)[meant])


def _thresholds(line: WarningLine, view: View) -> dict[int, int]:
    """By year; of a year the one that holds on its last day."""
    years = np.unique(view.answer.inputs.year).tolist()
    return {year: amount_of(line.exceeds, view.regime, date(year, 12, 31)) for year in years}


def _concerned(line: WarningLine, view: View) -> Ints:
    """Events on which the person is one of those whom the line is for; everyone else: whom no line names."""
    if line.classes:
        return _held(view, line.classes)
    return ~_held(view, frozenset(name for one in view.regime.policy.warnings for name in one.classes))


def _held(view: View, classes: frozenset[str]) -> Ints:
    mask = sum(view.judge.bound.program.bit(f"class:{name}").mask for name in classes)
    held: Ints = view.answer.inputs.word & mask != 0
    return held


# ---- what is watched -------------------------------------------------------------------------------------------------


def measured(operand: Operand, view: View) -> Ints:
    """The amount by event, in fen. Raises Undrawn where it is none of a bill's."""
    match operand:
        case Column(name=name):
            return _column(name, view)
        case Unpaid():
            return view.answer.unpaid
        case QuantityRef(quantity=name):
            return _quantity(name, view)
        case LeftOf(quantity=name):
            left: Ints = np.maximum(_quantity(name, view) - view.answer.relief, 0)
            return left
    raise Undrawn("这条预警线不按账单金额计算，这里没有统计")


def _quantity(name: str, view: View) -> Ints:
    quantity = view.regime.policy.quantities[name]
    amount = _sum(quantity.take, view)
    if quantity.times is not None:
        share = amount_of(quantity.times, view.regime, None)
        amount = (2 * amount * share + BASIS_POINTS) // (2 * BASIS_POINTS)
    if quantity.less:
        amount = np.maximum(amount - _sum(quantity.less, view), 0)
    for bound in quantity.at_most:
        amount = np.minimum(amount, measured(bound, view))
    return np.maximum(amount, 0)


def _sum(operands: Sequence[Operand], view: View) -> Ints:
    total = np.zeros(len(view.answer.relief), np.int64)
    for one in operands:
        total = total + measured(one, view)
    return total


def _column(name: str, view: View) -> Ints:
    if name in view.answer.payers:
        return view.answer.payers[name]
    columns = view.judge.bound.program.columns
    if name not in columns:
        raise Undrawn(f"预警线要用“{name}”，结算不用它，这里没有统计")
    return np.maximum(view.answer.inputs.columns[columns.index(name)].astype(np.int64), 0)


# ---- amounts ---------------------------------------------------------------------------------------------------------


def amount_of(value: Value, regime: Regime, day: date | None) -> int:
    """The number on that day. Raises Undrawn where nobody has set it, or it hangs on the event."""
    match value:
        case Fixed(amount=amount):
            return amount
        case ShareOf(share=share, of=of):
            return round_half_up(amount_of(of, regime, day) * share, BASIS_POINTS)
        case ParameterValue(parameter=name, by_item=False):
            return _parameter(name, regime, day)
        case Dated(steps=steps) if day is not None:
            held = [one for start, one in steps if start <= day]
            if held:
                return amount_of(held[-1], regime, day)
    raise Undrawn("预警线的界线随情形而定，这里没有统计")


def _parameter(name: str, regime: Regime, day: date | None) -> int:
    hole = regime.policy.parameters.get(name)
    given = regime.parameters.get(name)
    if hole is not None and hole.type is not ParameterType.MONEY:
        raise Undrawn(f"“{hole.label}”不是金额，这里没有统计")
    if isinstance(given, Mapping) and day is not None:
        starts = [text for text in given if parse_day(str(text)) <= day]
        given = given[max(starts)] if starts else None
    if not isinstance(given, str):
        label = hole.label if hole is not None else name
        raise Undrawn(f"没有给出“{label}”，界线不明；用 --set parameters.{name}=… 给出")
    return parse_yuan(given)


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _largest(place: Ints, amounts: Ints, size: int) -> Ints:
    found = np.zeros(size, np.int64)
    np.maximum.at(found, place, amounts)
    return found


def _lines(regime: Regime) -> dict[str, WarningLine]:
    return {one.id or str(number): one for number, one in enumerate(regime.policy.warnings, 1)}
