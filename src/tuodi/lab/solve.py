"""The value of one number that meets a budget: found by halving, with every event settled anew for each value tried.

The people's facts are read once and stay in memory (about 86 bytes an event); a value is another table, so trying one
takes as long as the compiled loop does. The answer is exact: its sum and that of the next value are both shown.
"""

from __future__ import annotations

import os
from bisect import insort
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from tuodi.batch.kernel import Inputs, Ints
from tuodi.batch.loop import Say
from tuodi.core.finding import Faults, Finding, Place
from tuodi.core.money import BASIS_POINTS, format_rate, format_yuan
from tuodi.engine.bind import Bound
from tuodi.lab.answers import Judge, by_person
from tuodi.lab.budget import Budgets, Fund
from tuodi.lab.change import Chosen, Known, Regime, changed_by, with_settings, wrong_with
from tuodi.lab.numbers import Kind
from tuodi.lab.people import People
from tuodi.lab.results import Broken, ChangeRow, Outcome, Progress, Solution, Tell, TriedRow

SCOUTS = 16
"""Values that are tried before halving, to see whether the sum runs one way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """Relief costs at most `budget` fen; of one payer alone, where it is named."""

    budget: int
    says: str
    payer: str = ""


def spending(fen: int, payer: str = "") -> Goal:
    """Relief costs at most so much."""
    whose = f"“{payer}”的" if payer else ""
    return Goal(budget=fen, says=f"全年{whose}救助支出不超过 {format_yuan(fen)} 元", payer=payer)


def leaving(rate: int, fund: Fund) -> Goal:
    """At the end of the year so much of its income (basis points) is left."""
    says = f"年末结余不低于当年筹集的 {format_rate(rate)}，即救助支出不超过 {format_yuan(fund.leaves(rate))} 元"
    return Goal(budget=fund.leaves(rate), says=says)


class Range(NamedTuple):
    """Values to look among, as a setting writes them; "" as far as the number goes."""

    low: str = ""
    high: str = ""


ANY = Range()


def solve(
    before: Regime,
    path: str,
    goal: Goal,
    people: People,
    among: Range = ANY,
    tell: Tell | None = None,
    say: Say | None = None,
) -> Solution:
    """The value of the number at `path` (`*` for several at once) that costs most within the goal.

    Raises Faults where there is no such number, no value in range, or the people's files cannot be read.
    """
    number = _Number.of(before, path)
    grid = number.grid(among)
    held = _Held.of(number.regime_with(grid.first), people, tell, say)
    own = _Held.of(before, people, tell, say) if before.bound.constant_word != held.judge.bound.constant_word else held
    while True:
        try:
            current = own.spent(before.bound, goal.payer)
            search = _Search(number=number, grid=grid, goal=goal, held=held, current=current, tell=tell)
            return search.solution(people.label)
        except _MoreSetApart:
            continue  # a value at which an event lacks a fact: begin again without that person


# ---- the number ------------------------------------------------------------------------------------------------------


class Grid(NamedTuple):
    """The values that the policy allows: from `first` to `last` by `step`."""

    first: int
    last: int
    step: int

    def at(self, place: int) -> int:
        """The value at a place."""
        return self.first + place * self.step

    @property
    def size(self) -> int:
        """How many values."""
        return (self.last - self.first) // self.step + 1

    def place(self, value: int) -> int:
        """The place of the nearest value that is not above; within the grid."""
        return min(max((value - self.first) // self.step, 0), self.size - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Number:
    """One number, or several that are to be the same."""

    before: Regime
    path: str
    paths: tuple[str, ...]
    kind: Kind
    known: Known

    @classmethod
    def of(cls, before: Regime, path: str) -> _Number:
        """The numbers that the path means. Raises Faults."""
        known = Known(before)
        paths = known.matching(path)
        kinds = {known.kind(one) for one in paths}
        if len(kinds) > 1:
            raise Faults([_fault("mixed-units", f"“{path}”既有金额又有比例", path, "只写同一种数")])
        return cls(before=before, path=path, paths=paths, kind=kinds.pop(), known=known)

    def chosen(self, value: int) -> list[Chosen]:
        """All of them set to the value."""
        return [self.known.one(path, value) for path in self.paths]

    def regime_with(self, value: int) -> Regime:
        """The policy with the value."""
        return with_settings(self.before, self.chosen(value))

    @property
    def currents(self) -> list[int]:
        """What they are now; none where the agency has not set them."""
        return [one.before for one in self.chosen(0) if one.before is not None]

    @property
    def label(self) -> str:
        """What the number is, in words."""
        row = self.chosen(0)[0].row
        more = f"等 {len(self.paths)} 项" if len(self.paths) > 1 else ""
        return f"{row.label}：{row.facet}{more}"

    @property
    def clause(self) -> str:
        """Where the number stands."""
        return self.chosen(0)[0].row.clause

    @property
    def current_text(self) -> str:
        """What it is now."""
        return "、".join(dict.fromkeys(map(self.kind.text, self.currents))) or "未确定"

    # ---- which values ----

    def grid(self, among: Range) -> Grid:
        """The values that the loader would take, within the range. Raises Faults where there is none."""
        step = next(one for one in _divisors(BASIS_POINTS) if not self._is_inexact(one))
        start = next((one for one in (*self.currents, 0, self.kind.most) if one % step == 0 and self._fits(one)), None)
        if start is None:
            raise Faults([_fault("no-value", f"“{self.path}”没有哪一个值能同时用", self.path, "分开求各个数")])
        first = self._edge(start, 0, step)
        last = self._edge(start, self.kind.most, step)
        low = first if not among.low else self._read(among.low)
        high = last if not among.high else self._read(among.high)
        first = max(first, -(-low // step) * step)
        last = min(last, high // step * step)
        if first > last:
            raise Faults([_fault("no-value", "范围里没有可用的值", self.path, "放宽范围")])
        return Grid(first, last, step)

    def _edge(self, inside: int, end: int, step: int) -> int:
        """The last value towards the end that fits."""
        near, far = inside // step, end // step
        if self._fits(far * step):
            return far * step
        while abs(far - near) > 1:
            middle = (near + far) // 2
            near, far = (middle, far) if self._fits(middle * step) else (near, middle)
        return near * step

    def _fits(self, value: int) -> bool:
        return not wrong_with(self.regime_with(value))

    def _is_inexact(self, value: int) -> bool:
        return any(one.code == "inexact-rate" for one in wrong_with(self.regime_with(value)))

    def _read(self, text: str) -> int:
        return self.known.chosen(self.paths[0], text)[0].after


# ---- the people ------------------------------------------------------------------------------------------------------


class _MoreSetApart(Exception):
    """At some value an event of some person lacks a fact."""


@dataclass(slots=True, kw_only=True)
class _Part:
    """A portion in memory. `counted`: by event."""

    inputs: Inputs
    counted: Ints
    apart: Ints


@dataclass(slots=True, kw_only=True)
class _Held:
    """Everybody's facts, ready for any table of the program."""

    judge: Judge
    parts: list[_Part] = field(default_factory=list)

    @classmethod
    def of(cls, regime: Regime, people: People, tell: Tell | None, say: Say | None) -> _Held:
        """Reads them."""
        held = cls(judge=Judge(regime.bound, say))
        done, total = 0, people.events
        for portion in people.portions(held.judge.settler):
            settled = held.judge.settled(portion.block)
            held.hold(settled.inputs, portion.faulty | (by_person(settled.results.stuck, portion.block.events_of) > 0))
            done += portion.block.size
            if tell is not None:
                tell(Progress("读取", done, total))
        return held

    def hold(self, inputs: Inputs, apart: Ints) -> None:
        """A portion."""
        counted = ~np.repeat(apart, np.diff(inputs.events_of))
        self.parts.append(_Part(inputs=inputs, counted=counted, apart=apart))

    @property
    def set_apart(self) -> int:
        """Persons that count for nothing."""
        return sum(int(part.apart.sum()) for part in self.parts)

    def spent(self, bound: Bound, payer: str) -> int:
        """What relief costs with the bound's table. Raises _MoreSetApart."""
        with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
            found = list(pool.map(lambda part: self._part_spent(part, bound, payer), self.parts))
        if None in found:
            raise _MoreSetApart
        return sum(one for one in found if one is not None)

    def _part_spent(self, part: _Part, bound: Bound, payer: str) -> int | None:
        results = self.judge.settled_with(part.inputs, bound)
        stuck = results.stuck & part.counted
        if stuck.any():
            part.apart = part.apart | (by_person(stuck, part.inputs.events_of) > 0)
            part.counted = ~np.repeat(part.apart, np.diff(part.inputs.events_of))
            return None
        if not payer:
            return int(results.relief[part.counted].sum())
        budgets = Budgets(bound)
        answer = self.judge.answer(part.inputs, results)
        for lines in self.judge.lines(answer):
            kept = part.counted[lines.event]
            budgets.add(lines._replace(rule=lines.rule[kept], paid=lines.paid[kept], event=lines.event[kept]))
        return budgets.of(payer)


# ---- the search ------------------------------------------------------------------------------------------------------


@dataclass(slots=True, kw_only=True)
class _Search:
    """One search: sums by place in the grid, as they are found."""

    number: _Number
    grid: Grid
    goal: Goal
    held: _Held
    current: int
    tell: Tell | None
    sums: dict[int, int] = field(default_factory=dict)
    order: list[int] = field(default_factory=list)

    def solution(self, people: str) -> Solution:
        """The answer, with what was tried."""
        for place in self._scouts():
            self.spent(place)
        crossings = [pair for pair in pairwise(self.order) if self.within(pair[0]) != self.within(pair[1])]
        if not crossings:
            always = self.within(self.order[0])
            dearest, cheapest = self._ends()
            place = dearest if always else cheapest
            return self._told(people, Outcome.ALWAYS if always else Outcome.NEVER, place, None)
        inside, outside = max(map(self._halved, crossings), key=lambda pair: self.sums[pair[0]])
        return self._told(people, Outcome.FOUND, inside, outside)

    def _ends(self) -> tuple[int, int]:
        """The dearest place that was tried, and the cheapest; of equal ones the outermost."""
        rising = self.sums[self.order[-1]] >= self.sums[self.order[0]]
        towards_more = self.order if rising else self.order[::-1]
        dearest = max(reversed(towards_more), key=lambda one: self.sums[one])
        return dearest, min(towards_more, key=lambda one: self.sums[one])

    def spent(self, place: int) -> int:
        """What the value at the place costs."""
        if place not in self.sums:
            bound = self.number.regime_with(self.grid.at(place)).bound
            self.sums[place] = self.held.spent(bound, self.goal.payer)
            insort(self.order, place)
            if self.tell is not None:
                self.tell(Progress(f"试算 {self.text(place)}", len(self.sums), 0))
        return self.sums[place]

    def within(self, place: int) -> bool:
        """Whether the value meets the goal."""
        return self.spent(place) <= self.goal.budget

    def text(self, place: int) -> str:
        """The value as a setting writes it."""
        return self.number.kind.text(self.grid.at(place))

    def _scouts(self) -> Iterable[int]:
        """Both ends, what the number is now, and values between: evenly, and of money by powers too."""
        last = self.grid.size - 1
        even = [last * one // (SCOUTS - 1) for one in range(SCOUTS)]
        powers = [self.grid.place(4**one) for one in range(last.bit_length() // 2 + 1)]
        now = [self.grid.place(one) for one in self.number.currents]
        several = [0, last, *now, *even, *(powers if self.number.kind is Kind.MONEY else ())]
        return dict.fromkeys(several)

    def _halved(self, crossing: tuple[int, int]) -> tuple[int, int]:
        """Two neighbours between the two places, of which the first is within and the other not."""
        inside, outside = crossing if self.within(crossing[0]) else crossing[::-1]
        while abs(outside - inside) > 1:
            middle = (inside + outside) // 2
            inside, outside = (middle, outside) if self.within(middle) else (inside, middle)
        return inside, outside

    # ---- what it came to ----

    def _against(self) -> tuple[int, ...]:
        """Three places at which the sum rises and falls again, or falls and rises; () where it runs one way."""
        rises = [pair for pair in pairwise(self.order) if self.sums[pair[1]] > self.sums[pair[0]]]
        falls = [pair for pair in pairwise(self.order) if self.sums[pair[1]] < self.sums[pair[0]]]
        if not rises or not falls:
            return ()
        return tuple(sorted({*rises[0], *falls[0]}))

    def _told(self, people: str, outcome: Outcome, place: int, outside: int | None) -> Solution:
        changes, broken = self._proved(place)
        outcome = Outcome.NOT_MONOTONE if self._against() else outcome
        return Solution(
            policy=self.number.before.policy.document.id,
            people=people,
            path=self.number.path,
            label=self.number.label,
            clause=self.number.clause,
            goal=self.goal.says,
            budget=self.goal.budget,
            outcome=outcome,
            value=self.grid.at(place),
            text=self.text(place),
            spent=self.sums[place],
            next_value=None if outside is None else self.grid.at(outside),
            next_text="" if outside is None else self.text(outside),
            next_spent=None if outside is None else self.sums[outside],
            current_text=self.number.current_text,
            current_spent=self.current,
            tried=tuple(self._row(one) for one in self.order),
            against=tuple(self._row(one) for one in self._against()),
            changes=changes,
            broken=broken,
            set_apart=self.held.set_apart,
            says=_said(outcome, self, place, outside, broken),
        )

    def _row(self, place: int) -> TriedRow:
        return TriedRow(
            text=self.text(place), value=self.grid.at(place), spent=self.sums[place], within=self.within(place)
        )

    def _proved(self, place: int) -> tuple[tuple[ChangeRow, ...], Broken | None]:
        """What the value changes, and why it is refused all the same."""
        same = not any(one.differs for one in self.number.chosen(self.grid.at(place)))
        if same or not self.within(place):
            return (), None
        try:
            return changed_by(self.number.before, [f"{self.number.path}={self.text(place)}"]).rows, None
        except Broken as broken:
            return (), broken


# ---- words -----------------------------------------------------------------------------------------------------------


def _said(outcome: Outcome, search: _Search, place: int, outside: int | None, broken: Broken | None) -> str:
    text, spent, budget = search.text(place), format_yuan(search.sums[place]), format_yuan(search.goal.budget)
    if outside is not None:
        beyond = f"取相邻的 {search.text(outside)} 就是 {format_yuan(search.sums[outside])} 元，超过了"
        said = f"取 {text}，支出 {spent} 元，不超过 {budget} 元；{beyond}"
    elif search.within(place):
        said = f"取任何值都满足：就算取 {text}，支出也只有 {spent} 元，不超过 {budget} 元"
    else:
        said = f"取任何值都不满足：就算取 {text}，支出也要 {spent} 元，超过 {budget} 元"
    if outcome is Outcome.NOT_MONOTONE:
        said += "；支出并非随这个数单向变化，没有试过的值可能不同"
    if broken is not None:
        said += "；但改成这个值后政策不再成立，不能采用"
    return said


def _divisors(number: int) -> list[int]:
    return [one for one in range(1, number + 1) if number % one == 0]


def _fault(code: str, message: str, path: str, remedy: str) -> Finding:
    return Finding(code=code, message=message, place=Place(path=path), remedy=remedy)
