"""The program step by step, with every register written down: what the steps mean, and what `explain --steps` shows.

The readable twin of `text`: slow, plain, and ending in the same fen for every program and event (INV-13). Where an
event lacks something, this one says what.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NamedTuple

from tuodi.core.money import BASIS_POINTS, round_half_up
from tuodi.engine.outcome import LayerOutcome, Move, Outcome, OutcomeLine, Stuck, registers_of
from tuodi.engine.program import (
    Above,
    Add,
    Const,
    FeedRule,
    Guard,
    Input,
    ItemConst,
    LayerProgram,
    Load,
    Max,
    Min,
    Pay,
    Post,
    Program,
    Raise,
    Relieved,
    Rest,
    Room,
    Round,
    RoundOver,
    Rule,
    Scale,
    Select,
    SetBill,
    Step,
    Take,
    Taken,
    Times,
    Uncovered,
    Use,
    Within,
)
from tuodi.engine.shape import RELIEF, StateBit, descendants, state_bits
from tuodi.engine.situation import ItemSituation, Key, Situation, State
from tuodi.language.model import PAYERS, Choose, Count, Scope


class Lack(Enum):
    """What an event can lack."""

    FACT = "fact"  # the decision hangs on bits that could not be told
    COLUMN = "column"  # an amount, or a number
    YEAR = "year"  # a year fact that keys a count
    PARAMETER = "parameter"  # a slot of the table that is unset
    ITEM_PARAMETER = "item_parameter"  # an entry of a table by item
    CASE = "case"  # no case of a value holds
    LAYER = "layer"  # what a payer paid is not given, and no rule of its layer computes it


@dataclass(frozen=True, slots=True, kw_only=True)
class Want:
    """One thing that is not there. `rule` is what asks for it; None: the bill itself, or a tally."""

    lack: Lack
    rule: Rule | None = None
    name: str = ""  # of the column, the year fact, the parameter or the layer
    item: str = ""
    bits: int = 0  # FACT: which bits could not be told
    slot: int | None = None  # PARAMETER: the entry; CASE: of the first case's value


class Lacking(Stuck):
    """The event cannot be settled for want of this."""

    def __init__(self, want: Want) -> None:
        super().__init__(f"{want.lack.value} {want.name}{want.item}".strip())
        self.want = want


class Executed(NamedTuple):
    """A step and what it came to: the register's value, or the number that it moved. None: a value is not there."""

    step: Step
    value: int | None


class Passage(NamedTuple):
    """The steps of one line, or of one tally's growth (`rule` None). `item` where the rule is a catalogue's."""

    rule: Rule | None
    item: str | None
    steps: tuple[Executed, ...]


class Interpretation(NamedTuple):
    """The outcome, and everything that was done to reach it, in order."""

    outcome: Outcome
    passages: tuple[Passage, ...]


def interpret(
    program: Program,
    situation: Situation,
    state: State,
    table: Sequence[int | None],
    item_tables: Mapping[str, Mapping[str, int]],
) -> Interpretation:
    """Settles one event, moves the counts in `state`, and keeps every step. Raises Lacking with `state` as it was."""
    machine = _Machine(program=program, situation=situation, state=dict(state), table=table, item_tables=item_tables)
    outcome = machine.settled()
    for key, _, after in outcome.moved:
        state[key] = after
    return Interpretation(outcome, tuple(machine.passages))


@dataclass(slots=True, kw_only=True)
class _Machine:
    """One event on its way through the program. A register holds a number, or the want of one until it is used."""

    program: Program
    situation: Situation
    state: State  # its own copy
    table: Sequence[int | None]
    item_tables: Mapping[str, Mapping[str, int]]

    word: int = 0  # of the event, or of the item that is being settled
    unknown: int = 0
    items: tuple[ItemSituation, ...] = ()
    item: ItemSituation | None = None
    rule: Rule | None = None  # that is being settled
    columns: dict[str, int | None] = field(default_factory=dict)
    registers: dict[str, int | Want] = field(default_factory=dict)

    bill: int = 0
    payers: int = 0
    unpaid: int = 0
    bill_left: int = 0
    layer_paid: int = 0
    relief: int = 0
    taken: dict[str, int] = field(default_factory=dict)
    raises: dict[tuple[str, Key], int] = field(default_factory=dict)

    refusal: int | None = None
    applied: set[int] = field(default_factory=set)
    layers: list[LayerOutcome] = field(default_factory=list)
    lines: list[OutcomeLine] = field(default_factory=list)
    moved: list[Move] = field(default_factory=list)
    steps: list[Executed] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)

    def settled(self) -> Outcome:
        """The whole event."""
        self.columns = dict(zip(self.program.columns, self.situation.columns, strict=True))
        self._set_state_bits()
        computed = {layer.layer.id for layer in self.program.layers}
        self.bill = self.total()
        self.payers = sum(self.columns[payer] or 0 if payer in computed else self._column(payer) for payer in PAYERS)
        for layer in self.program.layers:
            self._layer(layer)
        for feed in self.program.feeds:
            self._feed(feed)
        for key, amount in self.raises.items():
            self.post(key, amount)
        return Outcome(
            relief=self.relief,
            personal=max(0, self.bill - self.payers - self.relief),
            hospital=self.total() - self.bill,
            lines=self.lines,
            refusal=self.refusal,
            layers=tuple(self.layers),
            moved=self.moved,
            word=self.word,
        )

    def total(self) -> int:
        """The whole bill."""
        return self._column("total")

    def _column(self, name: str) -> int:
        return self._number(self.input_column(name))

    def input_column(self, name: str) -> int | Want:
        """What the column holds, or the want of it."""
        value = self.columns[name]
        return Want(lack=Lack.COLUMN, rule=self.rule, name=name) if value is None else value

    # ---- words ----

    def _set_state_bits(self) -> None:
        """The bits that hang on counts as they stand now; an item's word has the event's too."""
        self.word, self.unknown = self.situation.word, self.situation.unknown
        bits = state_bits(self.program)
        of_items = [bit for bit in bits if Scope.ITEM in self.program.counts[bit.count].per]
        for bit in bits:
            if bit not in of_items:
                self.word |= self._state_bit(bit)
        added = self.word ^ self.situation.word
        self.items = tuple(self._marked(item, added, of_items) for item in self.situation.items)

    def _marked(self, item: ItemSituation, added: int, bits: Iterable[StateBit]) -> ItemSituation:
        self.item = item
        word = item.word | added
        for bit in bits:
            word |= self._state_bit(bit)
        self.item = None
        return item._replace(word=word)

    def _state_bit(self, state_bit: StateBit) -> int:
        """The bit's mask where it holds. Where the count's year is missing the bit is unknown."""
        try:
            stands = self.stands(state_bit.count)
        except Lacking:
            self.unknown |= state_bit.bit.mask
            return 0
        holds = stands == 0 if state_bit.at_least is None else stands >= state_bit.at_least
        return state_bit.bit.mask if holds else 0

    def _possible(self, guard: Guard) -> bool:
        possible = self.word | self.unknown
        return (
            possible & guard.all == guard.all
            and not self.word & guard.none
            and all(possible & mask for mask in guard.any)
        )

    def _certain(self, guard: Guard) -> None:
        """Stops where a guard that can hold need not."""
        doubts = self.unknown & (guard.all | guard.none)
        for mask in guard.any:
            if not self.word & mask:
                doubts |= self.unknown & mask
        if doubts:
            raise Lacking(Want(lack=Lack.FACT, rule=self.rule, bits=doubts))

    # ---- layers ----

    def _layer(self, layer: LayerProgram) -> None:
        name = layer.layer.id
        if name != RELIEF and self.columns.get(name) is not None:
            self.layers.append((None, None))
            return
        self.unpaid = self.bill_left = max(0, self.bill - self.payers)
        self.layer_paid = 0
        self.taken = {}
        told = len(self.lines)
        refusal = self._choose(layer)
        if name == RELIEF:
            self.relief, self.refusal = self.layer_paid, refusal
            return
        if name in self.columns and refusal is None and len(self.lines) == told:
            raise Lacking(Want(lack=Lack.LAYER, name=name))
        self.columns[name] = self.layer_paid
        self.payers += self.layer_paid
        self.layers.append((self.layer_paid, refusal))

    def _choose(self, layer: LayerProgram) -> int | None:
        """Settles what the layer chooses; the index of the refusal, where that is the answer."""
        heads = [self.program.rules[index] for index in layer.heads]
        benefits = [rule for rule in heads if rule.refusal is None]
        refusals = [rule for rule in heads if rule.refusal is not None]
        if layer.layer.choose is Choose.FIRST_RULE:
            chosen = self._first(heads)
        elif layer.layer.choose is Choose.HIGHEST_RATE:
            place = heads.index(benefits[0]) if benefits else len(heads)
            chosen = self._first(heads[:place]) or self._highest(benefits) or self._first(refusals)
        else:
            chosen = [rule for rule in benefits if self._can_apply(rule)] or self._first(refusals)
        for rule in chosen:
            if rule.refusal is not None:
                self.rule = rule
                self._certain(rule.guard)
                return rule.index
            self._chain(rule)
        return None

    def _can_apply(self, rule: Rule) -> bool:
        return bool(self._hits(rule)) if rule.per_item is not None else self._possible(rule.guard)

    def _hits(self, rule: Rule) -> list[ItemSituation]:
        event_word = self.word
        hits = []
        for item in self.items:
            self.word = item.word
            if self._possible(rule.guard):
                hits.append(item)
        self.word = event_word
        return hits

    def _first(self, heads: Iterable[Rule]) -> list[Rule]:
        return next(([rule] for rule in heads if self._can_apply(rule)), [])

    def _highest(self, benefits: Iterable[Rule]) -> list[Rule]:
        """The highest rate, then the fewest limits, then the first. A grant competes as 0."""
        candidates = [rule for rule in benefits if self._can_apply(rule)]
        return sorted(candidates, key=lambda rule: (-self._rate(rule), rule.limit_count))[:1]

    def _rate(self, rule: Rule) -> int:
        """In basis points; of a catalogue rule, that of its first item."""
        event_word, steps = self.word, self.steps
        self.rule, self.steps = rule, []
        if rule.per_item is not None:
            self.item = self._hits(rule)[0]
            self.word = self.item.word
        self._run(rule.rate_steps)
        self.word, self.steps, self.item = event_word, steps, None
        return self.read(rule.rate) if rule.rate is not None else 0

    # ---- rules ----

    def _chain(self, head: Rule) -> None:
        self._settle(head)
        for rule in descendants(self.program, head):
            if rule.after in self.applied and self._can_apply(rule):
                self._settle(rule)

    def _settle(self, rule: Rule) -> None:
        self.applied.add(rule.index)
        self.rule = rule
        if rule.per_item is None:
            self._line(rule)
            return
        event_word = self.word
        for item in self._hits(rule):
            self.item, self.word = item, item.word
            self._line(rule)
        self.item, self.word = None, event_word

    def _line(self, rule: Rule) -> None:
        self._certain(rule.guard)
        self._run(rule.rate_steps)
        self._run(rule.steps)
        kept = (self.registers[name] for name in registers_of(rule))
        values = tuple(None if isinstance(value, Want) else value for value in kept)
        item = self.item.item if self.item else None
        self.lines.append((rule.index, item, values, self.word))
        self._pass(rule, item)

    def _feed(self, feed: FeedRule) -> None:
        self.rule = None
        if feed.unless & self.applied or not self._possible(feed.guard):
            return
        self._certain(feed.guard)
        self._run(feed.steps)
        self.post(self.key(feed.count), self.read(feed.amount))
        self._pass(None, None)

    def _pass(self, rule: Rule | None, item: str | None) -> None:
        self.passages.append(Passage(rule, item, tuple(self.steps)))
        self.steps = []

    # ---- steps ----

    def _run(self, steps: Iterable[Step]) -> None:
        for step in steps:
            value = READERS[type(step)](self, step)
            dst = getattr(step, "dst", None)
            if dst is not None:
                self.registers[dst] = value
            self.steps.append(Executed(step, None if isinstance(value, Want) else value))

    def read(self, name: str) -> int:
        """The register's number. Raises Lacking where it has none."""
        return self._number(self.registers[name])

    def _number(self, value: int | Want) -> int:
        if isinstance(value, Want):
            raise Lacking(value)
        return value

    def choose_case(self, step: Select) -> int | Want:
        """The first case that can hold, which must then hold."""
        for guard, register in step.cases:
            if self._possible(guard):
                self._certain(guard)
                return self.registers[register]
        if step.otherwise is None:
            raise Lacking(Want(lack=Lack.CASE, rule=self.rule, slot=self._slot_of(step)))
        return self.registers[step.otherwise]

    def _slot_of(self, step: Select) -> int | None:
        """The table's entry behind the first case, which names the value."""
        registers = {register for _, register in step.cases}
        known = [done.step for done in self.steps if isinstance(done.step, Const)]
        return next((const.slot for const in known if const.dst in registers), None)

    # ---- counts ----

    def key(self, count: str, year: str | None = None) -> tuple[str, Key]:
        """Where the count stands in the state. Raises Lacking where its year is missing."""
        declared = self.program.counts[count]
        parts = tuple(self._key_part(scope, declared, year) for scope in declared.per)
        return (count, parts[0] if len(parts) == 1 else parts)

    def _key_part(self, scope: Scope, count: Count, year: str | None) -> int | str:
        match scope:
            case Scope.YEAR:
                return self._year(year) if year else self.situation.year
            case Scope.LIFE:
                return 0
            case Scope.RECOGNITION:
                return self.situation.recognition
            case Scope.ITEM:
                assert self.item is not None, "loaded: only a catalogue's rules use counts by item"
                return self.item.item
        return self._year(str(count.year_fact))

    def _year(self, fact: str) -> int:
        year = self.situation.years[fact]
        if year is None:
            raise Lacking(Want(lack=Lack.YEAR, rule=self.rule, name=fact))
        return year

    def stands(self, count: str, year: str | None = None) -> int:
        """Where the count stands; of a sum, its members together."""
        members = self.program.counts[count].sum_of or (count,)
        return sum(self.state.get(self.key(member, year), 0) for member in members)

    def post(self, key: tuple[str, Key], amount: int) -> None:
        """The count rises; a rise of nothing is no move."""
        assert amount >= 0, "INV-08 counts only grow"
        if amount:
            before = self.state.get(key, 0)
            self.state[key] = before + amount
            self.moved.append((key, before, before + amount))


# ---- the meaning of each step ----------------------------------------------------------------------------------------


def _input(machine: _Machine, step: Input) -> int | Want:
    match step.column:
        case "payers":
            return machine.payers
        case "unpaid":
            return machine.unpaid
        case "bill_left":
            return machine.bill_left
        case "item_burden":
            assert machine.item is not None, "loaded: only a catalogue's rules ask for an item's burden"
            return machine.item.burden
    return machine.input_column(step.column)


def _const(machine: _Machine, step: Const) -> int | Want:
    value = machine.table[step.slot]
    if value is None:
        return Want(
            lack=Lack.PARAMETER,
            rule=machine.rule,
            name=str(machine.program.table[step.slot].parameter),
            slot=step.slot,
        )
    return value


def _item_const(machine: _Machine, step: ItemConst) -> int | Want:
    assert machine.item is not None, "loaded: only a catalogue's rules take values by item"
    item = machine.item.item
    value = machine.item_tables[step.parameter].get(item)
    if value is None:
        return Want(lack=Lack.ITEM_PARAMETER, rule=machine.rule, name=step.parameter, item=item)
    return value


def _select(machine: _Machine, step: Select) -> int | Want:
    return machine.choose_case(step)


def _add(machine: _Machine, step: Add) -> int:
    return machine.read(step.a) + machine.read(step.b)


def _rest(machine: _Machine, step: Rest) -> int:
    return max(0, machine.read(step.a) - machine.read(step.b))


def _min(machine: _Machine, step: Min) -> int:
    return min(machine.read(step.a), machine.read(step.b))


def _max(machine: _Machine, step: Max) -> int:
    return max(machine.read(step.a), machine.read(step.b))


def _load(machine: _Machine, step: Load) -> int:
    return machine.stands(step.count, step.year)


def _above(machine: _Machine, step: Above) -> int:
    base = machine.read(step.base)
    return min(base, max(0, machine.read(step.before) + base - machine.read(step.threshold)))


def _within(machine: _Machine, step: Within) -> int:
    before = machine.read(step.before)
    high = before + machine.read(step.base)
    if step.end is not None:
        high = min(high, machine.read(step.end))
    return max(0, high - max(before, machine.read(step.start)))


def _scale(machine: _Machine, step: Scale) -> int:
    return machine.read(step.money) * machine.read(step.rate)


def _round(machine: _Machine, step: Round) -> int:
    scaled = machine.read(step.scaled)
    assert scaled >= 0, "INV-04 only amounts >= 0 are rounded"
    return round_half_up(scaled, BASIS_POINTS)


def _uncovered(machine: _Machine, step: Uncovered) -> int:
    whole = machine.read(step.base) * machine.read(step.rate)
    paid = machine.read(step.paid) * BASIS_POINTS
    return whole - paid if machine.read(step.limited) < machine.read(step.due) else 0


def _round_over(machine: _Machine, step: RoundOver) -> int:
    over = machine.read(step.over) * BASIS_POINTS
    scaled = machine.read(step.scaled) * machine.read(step.rate)
    assert scaled >= 0, "INV-04 only amounts >= 0 are rounded"
    return round_half_up(scaled, over) if over else 0


def _times(machine: _Machine, step: Times) -> int:
    return machine.read(step.amount) * machine.read(step.n)


def _room(machine: _Machine, step: Room) -> int:
    return max(0, machine.read(step.limit) - machine.read(step.used))


def _taken(machine: _Machine, step: Taken) -> int:
    return machine.taken.get(step.quantity, 0)


def _relieved(machine: _Machine, step: Relieved) -> int:  # noqa: ARG001
    return machine.relief


def _set_bill(machine: _Machine, step: SetBill) -> int:
    machine.bill = min(machine.total(), machine.read(step.charged))
    machine.bill_left = machine.unpaid = max(0, machine.bill - machine.payers)
    return machine.unpaid


def _post(machine: _Machine, step: Post) -> int:
    amount = machine.read(step.amount)
    machine.post(machine.key(step.count), amount)
    return amount


def _raise(machine: _Machine, step: Raise) -> int:
    key = machine.key(step.count)
    if key not in machine.raises:
        machine.raises[key] = machine.read(step.amount)
    return machine.raises[key]


def _use(machine: _Machine, step: Use) -> int:
    machine.post(machine.key(step.count), 1)
    return 1


def _take(machine: _Machine, step: Take) -> int:
    machine.taken[step.quantity] = machine.taken.get(step.quantity, 0) + machine.read(step.amount)
    return machine.taken[step.quantity]


def _pay(machine: _Machine, step: Pay) -> int:
    amount = machine.read(step.amount)
    machine.layer_paid += amount
    machine.bill_left = max(0, machine.bill_left - amount)
    return amount


READERS: Mapping[type, Callable[[_Machine, Any], int | Want]] = {
    Input: _input,
    Const: _const,
    ItemConst: _item_const,
    Select: _select,
    Add: _add,
    Rest: _rest,
    Min: _min,
    Max: _max,
    Load: _load,
    Above: _above,
    Within: _within,
    Scale: _scale,
    Round: _round,
    Uncovered: _uncovered,
    RoundOver: _round_over,
    Times: _times,
    Room: _room,
    Taken: _taken,
    Relieved: _relieved,
    SetBill: _set_bill,
    Post: _post,
    Raise: _raise,
    Use: _use,
    Take: _take,
    Pay: _pay,
}
"""What each step does: the whole of `program.Step`, each once."""
