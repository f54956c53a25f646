"""The small program that a policy compiles to: guards over a word of facts, and straight steps over whole fen.

One lowering writes it (`engine.lower`); every reader (`engine.text`, `engine.interpret`, `proof`, later `batch`) knows
only what stands here, and a test says that each step exists in each reader.

Registers are names, unique in the program; the rules of one chain (a head and those `after` it) share them.
Money is in fen, a rate in basis points, a *scaled* register in fen x basis points (10 000 = 1 fen).
Every rounded or divided register is >= 0. All steps of one rule run in order, without jumps.
"""

from __future__ import annotations

from datetime import date

from tuodi.language.model import Count, Layer, ParameterHole, Test
from tuodi.language.quick import dataclass

NO_LIMIT = 1 << 60
"""A limit that is lifted. Larger than any sum of bills, small enough to subtract from in 64 bits."""

# ---- guards ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Bit:
    """One fact of an event and the test that sets it (None: built in). `index` is its place in the word.

    Built-in ids: `in_force` (the day, or the class by its reach-back), `day_in_force`, `class:<id>`,
    `parameter:<id>` (set when the program is bound), `unused:<count>` (the count at the event's key is 0),
    `condition:<id>` (a general condition, with its test),
    `item_counts:<catalogue>` (item rules only: the catalogue has the item for one of the event's diseases).
    All others carry a test. `per_item` bits are computed for each item.
    """

    index: int
    id: str
    label: str
    test: Test | None = None
    per_item: bool = False

    @property
    def mask(self) -> int:
        """The word with this bit alone."""
        return 1 << self.index


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """(word & all) == all, (word & none) == 0, and word & mask != 0 for each mask of `any`."""

    all: int = 0
    none: int = 0
    any: tuple[int, ...] = ()

    def holds(self, word: int) -> bool:
        """Whether the word satisfies all three parts."""
        return word & self.all == self.all and not word & self.none and all(word & mask for mask in self.any)


# ---- steps -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """dst = a column: an amount of the bill, a money or whole-number fact, `item_burden`, or one of the running
    registers `payers` and `unpaid` (fixed at the start of the layer), `bill_left` (what the bill still leaves)."""

    dst: str
    column: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Const:
    """dst = the bound table's entry."""

    dst: str
    slot: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemConst:
    """dst = the entry of a by-item parameter for the item that is being settled."""

    dst: str
    parameter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Select:
    """dst = the first case whose guard holds, else `otherwise`; None there: the event lacks a value, a fault."""

    dst: str
    cases: tuple[tuple[Guard, str], ...]
    otherwise: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Add:
    """dst = a + b."""

    dst: str
    a: str
    b: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """dst = max(0, a - b)."""

    dst: str
    a: str
    b: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Min:
    """dst = min(a, b)."""

    dst: str
    a: str
    b: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Max:
    """dst = max(a, b)."""

    dst: str
    a: str
    b: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """dst = the count at the event's key, before this line. With `year` the key is the year that the fact names."""

    dst: str
    count: str
    year: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Above:
    """dst = the part of (before, before + base] above the threshold = min(base, max(0, before + base - threshold))."""

    dst: str
    before: str
    base: str
    threshold: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """dst = the part of (before, before + base] in (start, end]; `end` None is open.

    = max(0, min(before + base, end) - max(before, start)).
    """

    dst: str
    before: str
    base: str
    start: str
    end: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """dst (scaled) = money x rate. Also rate x rate, in basis points squared."""

    dst: str
    money: str
    rate: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """dst = scaled / 10 000, half up."""

    dst: str
    scaled: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncovered:
    """dst (scaled by `rate`) = base x rate - paid x 10 000 where limited < due, else 0: what a limit left uncovered."""

    dst: str
    base: str
    rate: str
    due: str
    limited: str
    paid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundOver:
    """dst = scaled x rate / (over x 10 000), half up; 0 where `over` is 0. The one rounding of a line on Uncovered."""

    dst: str
    scaled: str
    rate: str
    over: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """dst = amount x n, n a whole number >= 0."""

    dst: str
    amount: str
    n: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """dst = max(0, limit - used)."""

    dst: str
    limit: str
    used: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """dst = what lines of this event and layer have paid on the quantity so far."""

    dst: str
    quantity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Relieved:
    """dst = what all lines of this event's relief layer have paid. Feeds only."""

    dst: str


# effects


@dataclass(frozen=True, slots=True, kw_only=True)
class SetBill:
    """At most `charged` may be charged: bill_left = unpaid = max(0, min(total, charged) - payers), to the event's
    end. Stands only in the head of a chain, before any line of the event has paid."""

    charged: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """The count at the event's key rises at once by the register."""

    count: str
    amount: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Raise:
    """The count rises by the register when the event ends, and once an event: the first line that raises it counts."""

    count: str
    amount: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """The count of uses rises by one."""

    count: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """What was paid on the quantity is remembered for `Taken`."""

    quantity: str
    amount: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pay:
    """The line pays: the layer's sum rises by the register, bill_left falls by it, not below zero."""

    amount: str


Step = (
    Input
    | Const
    | ItemConst
    | Select
    | Add
    | Rest
    | Min
    | Max
    | Load
    | Above
    | Within
    | Scale
    | Round
    | Uncovered
    | RoundOver
    | Times
    | Room
    | Taken
    | Relieved
    | SetBill
    | Post
    | Raise
    | Use
    | Take
    | Pay
)

# ---- rules -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitTrace:
    """Registers of one limit of a line: the limit, what was used before, what was left."""

    count: str
    limit: str
    used: str
    room: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BandTrace:
    """Registers of one band of a line."""

    start: str
    end: str | None
    part: str
    rate: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """Which registers say why: for explanation. None where the line has no such thing.

    base: the whole basis; part: what the rate is applied to (basis above the threshold); before/threshold: of `above`;
    due: after rounding; limited: after the limits; paid: the end. `bill` is what the bill left before this line.
    An uncovered basis is scaled by `base_over` (show base / base_over, half up).
    """

    base: str | None = None
    base_over: str | None = None
    measure: str | None = None  # id of the count in `above`
    before: str | None = None
    threshold: str | None = None
    part: str | None = None
    rate: str | None = None
    bands: tuple[BandTrace, ...] = ()
    amount: str | None = None  # of a grant
    each: str | None = None
    due: str = ""
    limits: tuple[LimitTrace, ...] = ()
    limited: str = ""
    bill: str | None = None
    paid: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A benefit, or a refusal, as a guard and steps. `rate_steps` make the rate and run before the rule is chosen.

    `after`: index of the rule behind which it is settled. `per_item`: run once for each item whose guard holds.
    """

    index: int
    id: str
    label: str
    clause: str
    layer: str
    guard: Guard
    refusal: str | None = None
    after: int | None = None
    per_item: str | None = None  # the catalogue
    rate_steps: tuple[Step, ...] = ()
    rate: str | None = None
    limit_count: int = 0
    steps: tuple[Step, ...] = ()
    trace: Trace | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRule:
    """A tally's growth: after all layers, where the guard holds and none of `unless` (rule indexes) was settled."""

    count: str
    guard: Guard
    unless: frozenset[int]
    steps: tuple[Step, ...]
    amount: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerProgram:
    """Heads are tried in order (refusals among them); `after` rules follow the chosen head by their index."""

    layer: Layer
    heads: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """An entry of the table: a number of the document (`fixed`) or a parameter's. `label` says whose, for messages.

    `path` names the number as a what-if would set it: `benefits.relief_1.rate`.
    """

    fixed: int | None = None
    parameter: str | None = None
    since: date | None = None  # of a parameter that is given by day
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """All of a policy (and plan) that settles. Same shape, other table: same code.

    `columns`: the seven amounts in the case format's order, then the money and whole-number facts that steps read.
    `year_facts`: the facts that key a count or a tally. `layers` are in the order in which they pay.
    """

    policy_id: str
    bits: tuple[Bit, ...]
    columns: tuple[str, ...]
    year_facts: tuple[str, ...]
    rules: tuple[Rule, ...]
    layers: tuple[LayerProgram, ...]
    feeds: tuple[FeedRule, ...]
    counts: dict[str, Count]
    parameters: dict[str, ParameterHole]
    table: tuple[Slot, ...]

    def bit(self, bit_id: str) -> Bit:
        """The bit with that id, which exists."""
        return next(bit for bit in self.bits if bit.id == bit_id)
