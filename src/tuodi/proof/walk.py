"""The one reading of steps in this room, over any kind of number: solver terms, intervals, piecewise lines, integers.

A kind of number brings a few operations (`Numbers`); what each step of `engine.program` means is said here once, so
that whatever is proved, bounded or drawn is about the same arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from tuodi.core.money import BASIS_POINTS
from tuodi.engine import program as p
from tuodi.language.model import Scope

T = TypeVar("T")

Picks = Mapping[str, int | None]
"""The case that each Select takes, by its register; None is `otherwise`."""

CountKey = tuple[str, str]
"""A count and where: "" is the event's own key, an item's name the key of that item, a year fact's name the year
that it names."""


class Numbers(Protocol[T]):
    """The arithmetic of one reading. Every argument and result is exact."""

    def whole(self, number: int) -> T:
        """The constant."""

    def plus(self, a: T, b: T) -> T:
        """a + b."""

    def minus(self, a: T, b: T) -> T:
        """a - b, below zero too."""

    def least(self, a: T, b: T) -> T:
        """min(a, b)."""

    def most(self, a: T, b: T) -> T:
        """max(a, b)."""

    def product(self, a: T, b: T) -> T:
        """a x b."""

    def rounded(self, a: T, by: T) -> T:
        """a / by, half up; 0 where `by` is 0."""

    def named(self, a: T) -> T:
        """The same number, which what follows may take without its history."""

    def mark(self) -> int:
        """How many definitions stand behind the numbers made so far."""

    def where_less(self, a: T, b: T, then: T, otherwise: T) -> T:
        """`then` where a < b, else `otherwise`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemOf(Generic[T]):
    """A catalogue item of the event: whose count and whose entries, and what the person still bears of it."""

    name: str
    burden: T


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A rule that is settled, with the case that each of its Selects takes, by register (None: otherwise)."""

    rule: p.Rule
    picks: Picks = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineOf(Generic[T]):
    """What a walk found for one line: its registers, what was paid, what the bill then left, where each count stood
    before and after, and which definitions were made for it (from, to)."""

    chosen: Chosen
    item: ItemOf[T] | None
    registers: Mapping[str, T]
    paid: T
    left: T
    before: Mapping[str, T]
    after: Mapping[str, T]
    made: tuple[int, int]

    def at(self, register: str | None) -> T | None:
        """The register's number; None for a register that the line has not."""
        return None if register is None else self.registers[register]


@dataclass(slots=True, kw_only=True)
class Walk(Generic[T]):
    """One layer of one event.

    `table` is the bound table, `entry(parameter, item)` a table by item, `opening(key)` a count before the event.
    `payers` is what payers pay before the layer.
    After the lines, `finish()` moves what `Raise` holds back, and `counts` is the state after the event.
    """

    numbers: Numbers[T]
    program: p.Program
    table: Sequence[T]
    entry: Callable[[str, str], T]
    columns: Mapping[str, T]
    payers: T
    opening: Callable[[CountKey], T]
    counts: dict[CountKey, T] = field(default_factory=dict)
    before: dict[CountKey, T] = field(default_factory=dict)
    registers: dict[str, T] = field(default_factory=dict)
    picks: Picks = field(default_factory=dict)
    taken: dict[str, T] = field(default_factory=dict)
    raised: dict[CountKey, T] = field(default_factory=dict)
    item: ItemOf[T] | None = None
    relief: T = field(init=False)
    paid: T = field(init=False)
    unpaid: T = field(init=False)
    bill_left: T = field(init=False)
    charged: T = field(init=False)
    lines: list[LineOf[T]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.relief = self.paid = self.numbers.whole(0)
        self.charged = self.columns["total"]
        self.unpaid = self.bill_left = self._rest(self.charged, self.payers)

    def line(self, chosen: Chosen, item: ItemOf[T] | None = None) -> LineOf[T]:
        """Settles the rule; a catalogue rule for the item."""
        self.item = item
        self.paid = self.numbers.whole(0)
        mark = self.numbers.mark()
        watched = self._watched(chosen.rule)
        before = {count: self.stands(count) for count in watched}
        self.run((*chosen.rule.rate_steps, *chosen.rule.steps), chosen.picks)
        line = LineOf(
            chosen=chosen,
            item=item,
            registers=dict(self.registers),
            paid=self.paid,
            left=self.bill_left,
            before=before,
            after={count: self.stands(count) for count in watched},
            made=(mark, self.numbers.mark()),
        )
        self.lines.append(line)
        return line

    def _watched(self, rule: p.Rule) -> list[str]:
        """Counts that the line raises at once, and sums that they are in."""
        posted = {step.count for step in rule.steps if isinstance(step, p.Post)}
        return [name for name, count in self.program.counts.items() if name in posted or posted & {*count.sum_of}]

    def follow(self, earlier: Walk[T]) -> None:
        """Goes on in the same event after the earlier layer: with its counts, and what it holds back for the end."""
        self.counts, self.before, self.raised = earlier.counts, earlier.before, earlier.raised

    def feed(self, feed: p.FeedRule, picks: Picks) -> None:
        """The tally's growth after all lines."""
        self.item = None
        self.run(feed.steps, picks)
        self._move(feed.count, "", self.registers[feed.amount])

    def finish(self) -> None:
        """The end of the event: counts in `above` rise by the full base."""
        for (count, place), amount in self.raised.items():
            self._move(count, place, amount)
        self.raised.clear()

    def personal(self) -> T:
        """What of the whole bill is left for the person."""
        return self._rest(self._rest(self.numbers.least(self.columns["total"], self.charged), self.payers), self.relief)

    def load(self, count: str, place: str = "") -> T:
        """The count as it stands; one not asked for before is opened."""
        key = (count, place)
        if key not in self.counts:
            self.counts[key] = self.before[key] = self.opening(key)
        return self.counts[key]

    def opened(self, count: str) -> T:
        """What the count held before the event; of a sum, its members together."""
        members = self.program.counts[count].sum_of or (count,)
        for member in members:
            self.load(member, self._place(member))
        register = self.before[(members[0], self._place(members[0]))]
        for member in members[1:]:
            register = self.numbers.plus(register, self.before[(member, self._place(member))])
        return register

    def stands(self, count: str, year: str | None = None) -> T:
        """What the count holds now, of a sum its members together; at the event's key, or in the year of that fact."""
        members = self.program.counts[count].sum_of or (count,)
        register = self.load(members[0], year or self._place(members[0]))
        for member in members[1:]:
            register = self.numbers.plus(register, self.load(member, year or self._place(member)))
        return register

    # ---- the steps ----

    def run(self, steps: Sequence[p.Step], picks: Picks) -> None:
        """Every step in order, into the registers."""
        self.picks = picks
        for step in steps:
            result = STEPS[type(step)](self, step)
            if result is not None:
                self.registers[step.dst] = result  # type: ignore[union-attr]

    def _input(self, step: p.Input) -> T:
        match step.column:
            case "payers":
                return self.payers
            case "unpaid":
                return self.unpaid
            case "bill_left":
                return self.bill_left
            case "item_burden":
                assert self.item is not None, "an item's burden stands only in a catalogue rule"
                return self.item.burden
        return self.columns[step.column]

    def _const(self, step: p.Const) -> T:
        return self.table[step.slot]

    def _item_const(self, step: p.ItemConst) -> T:
        assert self.item is not None, "a table by item stands only in a catalogue rule"
        return self.entry(step.parameter, self.item.name)

    def _select(self, step: p.Select) -> T:
        pick = self.picks[step.dst]
        register = step.otherwise if pick is None else step.cases[pick][1]
        assert register is not None, "a path without a value is not walked"
        return self.registers[register]

    def _add(self, step: p.Add) -> T:
        return self.numbers.plus(self.registers[step.a], self.registers[step.b])

    def _rest_of(self, step: p.Rest) -> T:
        return self._rest(self.registers[step.a], self.registers[step.b])

    def _min(self, step: p.Min) -> T:
        return self.numbers.least(self.registers[step.a], self.registers[step.b])

    def _max(self, step: p.Max) -> T:
        return self.numbers.most(self.registers[step.a], self.registers[step.b])

    def _load(self, step: p.Load) -> T:
        return self.stands(step.count, step.year)

    def _above(self, step: p.Above) -> T:
        base = self.registers[step.base]
        after = self.numbers.plus(self.registers[step.before], base)
        return self.numbers.least(base, self._rest(after, self.registers[step.threshold]))

    def _within(self, step: p.Within) -> T:
        before = self.registers[step.before]
        after = self.numbers.plus(before, self.registers[step.base])
        top = after if step.end is None else self.numbers.least(after, self.registers[step.end])
        return self._rest(top, self.numbers.most(before, self.registers[step.start]))

    def _scale(self, step: p.Scale) -> T:
        return self.numbers.product(self.registers[step.money], self.registers[step.rate])

    def _round(self, step: p.Round) -> T:
        return self.numbers.rounded(self.registers[step.scaled], self.numbers.whole(BASIS_POINTS))

    def _uncovered(self, step: p.Uncovered) -> T:
        numbers, registers = self.numbers, self.registers
        whole = numbers.product(registers[step.base], registers[step.rate])
        gone = numbers.product(registers[step.paid], numbers.whole(BASIS_POINTS))
        left = numbers.minus(whole, gone)
        return numbers.where_less(registers[step.limited], registers[step.due], left, numbers.whole(0))

    def _round_over(self, step: p.RoundOver) -> T:
        numbers, registers = self.numbers, self.registers
        product = numbers.product(registers[step.scaled], registers[step.rate])
        return numbers.rounded(product, numbers.product(registers[step.over], numbers.whole(BASIS_POINTS)))

    def _times(self, step: p.Times) -> T:
        return self.numbers.product(self.registers[step.amount], self.registers[step.n])

    def _room(self, step: p.Room) -> T:
        return self._rest(self.registers[step.limit], self.registers[step.used])

    def _taken(self, step: p.Taken) -> T:
        return self.taken.get(step.quantity, self.numbers.whole(0))

    def _relieved(self, _: p.Relieved) -> T:
        return self.relief

    # ---- effects ----

    def _set_bill(self, step: p.SetBill) -> None:
        self.charged = self.numbers.least(self.columns["total"], self.registers[step.charged])
        self.unpaid = self.bill_left = self._rest(self.charged, self.payers)

    def _post(self, step: p.Post) -> None:
        self._move(step.count, self._place(step.count), self.registers[step.amount])

    def _raise(self, step: p.Raise) -> None:
        self.raised.setdefault((step.count, self._place(step.count)), self.registers[step.amount])

    def _use(self, step: p.Use) -> None:
        self._move(step.count, self._place(step.count), self.numbers.whole(1))

    def _take(self, step: p.Take) -> None:
        gone = self.taken.get(step.quantity, self.numbers.whole(0))
        self.taken[step.quantity] = self.numbers.plus(gone, self.registers[step.amount])

    def _pay(self, step: p.Pay) -> None:
        self.paid = self.registers[step.amount] = self.numbers.named(self.registers[step.amount])
        self.relief = self.numbers.plus(self.relief, self.paid)
        self.bill_left = self._rest(self.bill_left, self.paid)

    def _move(self, count: str, place: str, amount: T) -> None:
        self.counts[(count, place)] = self.numbers.plus(self.load(count, place), amount)

    def _place(self, count: str) -> str:
        by_item = self.item is not None and Scope.ITEM in self.program.counts[count].per
        return self.item.name if by_item and self.item is not None else ""

    def _rest(self, a: T, b: T) -> T:
        return self.numbers.most(self.numbers.minus(a, b), self.numbers.whole(0))


def rate_of(rule: p.Rule, picks: Picks, program: p.Program, numbers: Numbers[T], table: Sequence[T]) -> T:
    """The rate by which the rule competes; it hangs on no money."""
    assert rule.rate is not None
    zero = numbers.whole(0)
    walk = Walk(
        numbers=numbers,
        program=program,
        table=table,
        entry=lambda _parameter, _item: zero,
        columns={"total": zero},
        payers=zero,
        opening=lambda _key: zero,
    )
    walk.run(rule.rate_steps, picks)
    return walk.registers[rule.rate]


STEPS: dict[type[Any], Callable[[Walk[Any], Any], Any]] = {
    p.Input: Walk._input,
    p.Const: Walk._const,
    p.ItemConst: Walk._item_const,
    p.Select: Walk._select,
    p.Add: Walk._add,
    p.Rest: Walk._rest_of,
    p.Min: Walk._min,
    p.Max: Walk._max,
    p.Load: Walk._load,
    p.Above: Walk._above,
    p.Within: Walk._within,
    p.Scale: Walk._scale,
    p.Round: Walk._round,
    p.Uncovered: Walk._uncovered,
    p.RoundOver: Walk._round_over,
    p.Times: Walk._times,
    p.Room: Walk._room,
    p.Taken: Walk._taken,
    p.Relieved: Walk._relieved,
    p.SetBill: Walk._set_bill,
    p.Post: Walk._post,
    p.Raise: Walk._raise,
    p.Use: Walk._use,
    p.Take: Walk._take,
    p.Pay: Walk._pay,
}
"""Every step, and what it means. A test says that none is missing."""
