"""Where the counts, lines and rare columns of a program stand in the arrays of its compiled loop.

Counts with the same scopes form a *family*: they share their keys, and stand side by side at each of them. A key is
packed into one whole number. A *line place* is where a benefit writes its line: two benefits that can both settle one
event have different ones, so that (place, rule) names the line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tuodi.core.finding import Faults, Finding
from tuodi.engine.program import (
    Const,
    Input,
    ItemConst,
    Load,
    Post,
    Program,
    Raise,
    Rule,
    Select,
    SetBill,
    Use,
)
from tuodi.engine.shape import RELIEF, StateBit, all_steps, descendants, state_bits
from tuodi.engine.situation import Key
from tuodi.language.model import AMOUNTS, PAYERS, Choose, Count, Scope

MISSING = -1
"""In a column or the table: no number is given. All numbers that are given are >= 0."""

WIDEST_WORD = 62
"""Bits of a word that fit in 64 with room for the sign."""

_BITS = {Scope.YEAR: 14, Scope.APPLIED_YEAR: 14, Scope.RECOGNITION: 22, Scope.LIFE: 0, Scope.ITEM: 12}


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Counts of the same scopes, in the order of the program; `year_fact` of an applied year."""

    per: tuple[Scope, ...]
    year_fact: str | None
    counts: tuple[str, ...]

    @property
    def width(self) -> int:
        """How many counts stand at one key."""
        return len(self.counts)

    @property
    def is_life(self) -> bool:
        """Whether there is but one key."""
        return self.per == (Scope.LIFE,)

    @property
    def is_year(self) -> bool:
        """Whether the calendar year alone is the key."""
        return self.per == (Scope.YEAR,)

    @property
    def of_items(self) -> bool:
        """Whether each catalogue item has a key of its own."""
        return Scope.ITEM in self.per

    def shifts(self) -> Iterator[tuple[Scope, int]]:
        """Each scope, with the place of its bits in the packed key."""
        shift = 0
        for scope in self.per:
            yield scope, shift
            shift += _BITS[scope]

    def packed(self, key: Key, items: Mapping[str, int]) -> int:
        """A key of the state as one whole number; `items`: numbers of the canonical names."""
        parts = key if isinstance(key, tuple) else (key,)
        numbers = [items[part] if isinstance(part, str) else part for part in parts]
        return sum(number << shift for number, (_, shift) in zip(numbers, self.shifts(), strict=True))

    def unpacked(self, packed: int, items: Sequence[str]) -> Key:
        """The key of the state."""
        parts: list[int | str] = []
        for scope, shift in self.shifts():
            part = packed >> shift & (1 << _BITS[scope]) - 1
            parts.append(items[part] if scope is Scope.ITEM else part)
        return parts[0] if len(parts) == 1 else tuple(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class KernelLayout:
    """`bits`: that hang on counts, `item_bits` those of items. `layers`: before relief. `lines`, `item_lines`: places.

    `line_of`: rule index -> place. `local_columns`: read for every event. `computed`: payers that a layer computes.
    `tally_facts`: places of year facts at which a tally is read. `hard`: an event can be stuck with no unknown bit.
    `moves`, `item_moves`: how often an event, and each of its items, can move a count.
    """

    families: tuple[Family, ...]
    bits: tuple[StateBit, ...]
    item_bits: tuple[StateBit, ...]
    layers: int
    lines: int
    item_lines: int
    line_of: Mapping[int, int]
    local_columns: tuple[str, ...]
    computed: frozenset[str]
    item_tables: tuple[str, ...]
    raised: tuple[str, ...]
    item_raises: int
    tally_facts: tuple[int, ...]
    hard: bool
    moves: int
    item_moves: int
    has_items: bool
    caps_bills: bool

    def family_of(self, count: str) -> int:
        """The place of the count's family; of a sum, of its members'."""
        return next(place for place, family in enumerate(self.families) if count in family.counts)

    def place_of(self, count: str) -> int:
        """The place of the count in its family."""
        return self.families[self.family_of(count)].counts.index(count)

    @property
    def year_family(self) -> int:
        """The place of the counts by calendar year, of which tallies are."""
        return next(place for place, family in enumerate(self.families) if family.is_year)


def kernel_layout(program: Program) -> KernelLayout:
    """The arrays of the program. Raises Faults as `shape.state_bits`, and where the program's word is too wide."""
    if len(program.bits) > WIDEST_WORD:
        raise Faults([_too_wide(program)])
    bits = state_bits(program)
    places, item_places = _line_places(program)
    steps = list(all_steps(program))
    raised = [step.count for step in steps if isinstance(step, Raise)]
    event_moves, item_moves = _moves(program)
    return KernelLayout(
        families=_families(program),
        bits=bits,
        item_bits=tuple(bit for bit in bits if _of_items(program, bit.count)),
        layers=len(program.layers) - 1,
        lines=len(set(places.values())),
        item_lines=len(set(item_places.values())),
        line_of={**places, **item_places},
        local_columns=_local_columns(program),
        computed=frozenset(layer.layer.id for layer in program.layers) & frozenset(PAYERS),
        item_tables=tuple(dict.fromkeys(step.parameter for step in steps if isinstance(step, ItemConst))),
        raised=tuple(dict.fromkeys(count for count in raised if not _of_items(program, count))),
        item_raises=sum(_of_items(program, count) for count in raised),
        tally_facts=_tally_facts(program),
        hard=_is_hard(program),
        moves=event_moves,
        item_moves=item_moves,
        has_items=any(rule.per_item for rule in program.rules),
        caps_bills=any(isinstance(step, SetBill) for step in steps),
    )


# ---- counts ----------------------------------------------------------------------------------------------------------


def _families(program: Program) -> tuple[Family, ...]:
    found: dict[tuple[tuple[Scope, ...], str | None], list[str]] = {}
    for count in program.counts.values():
        if not count.sum_of:
            found.setdefault((count.per, _year_fact(count)), []).append(count.id)
    return tuple(Family(per=per, year_fact=fact, counts=tuple(ids)) for (per, fact), ids in found.items())


def _year_fact(count: Count) -> str | None:
    return count.year_fact if Scope.APPLIED_YEAR in count.per else None


def _of_items(program: Program, count: str) -> bool:
    return Scope.ITEM in program.counts[count].per


def _moves(program: Program) -> tuple[int, int]:
    of_event = len(program.feeds)
    of_items = 0
    for rule in program.rules:
        number = sum(isinstance(step, Post | Use | Raise) for step in rule.steps)
        if rule.per_item:
            of_items += number
        else:
            of_event += number
    return of_event + len(program.counts), of_items


def _tally_facts(program: Program) -> tuple[int, ...]:
    years = [step.year for step in all_steps(program) if isinstance(step, Load) and step.year]
    return tuple(program.year_facts.index(year) for year in dict.fromkeys(years))


# ---- lines -----------------------------------------------------------------------------------------------------------


def _line_places(program: Program) -> tuple[dict[int, int], dict[int, int]]:
    """Places of benefits on events, and on items. Heads of which a layer takes one share their places."""
    places: dict[int, int] = {}
    item_places: dict[int, int] = {}
    first = item_first = 0
    for layer in program.layers:
        nexts, item_nexts = [first], [item_first]
        for head in (program.rules[index] for index in layer.heads):
            if head.refusal is not None:
                continue
            start, item_start = (
                (max(nexts), max(item_nexts)) if layer.layer.choose is Choose.ALL else (first, item_first)
            )
            chain = [head, *(rule for rule in descendants(program, head) if rule.refusal is None)]
            nexts.append(_place(chain, start, places, False))
            item_nexts.append(_place(chain, item_start, item_places, True))
        first, item_first = max(nexts), max(item_nexts)
    return places, item_places


def _place(chain: Sequence[Rule], first: int, places: dict[int, int], of_items: bool) -> int:
    """Gives the rules of the chain a place each; the first place that is free after them."""
    for rule in chain:
        if (rule.per_item is not None) is of_items:
            places[rule.index] = first
            first += 1
    return first


# ---- columns ---------------------------------------------------------------------------------------------------------


def _local_columns(program: Program) -> tuple[str, ...]:
    """The bill and the payers, what an amount's name stands for, and what layers pay; facts are read where asked."""
    layers = {layer.layer.id for layer in program.layers if layer.layer.id != RELIEF}
    read = {step.column for step in all_steps(program) if isinstance(step, Input)} | {"total", *PAYERS}
    return tuple(name for name in program.columns if name in layers or (name in AMOUNTS and name in read))


def _is_hard(program: Program) -> bool:
    computed = {layer.layer.id for layer in program.layers}
    if program.year_facts or not computed.isdisjoint(program.columns):
        return True
    for step in all_steps(program):
        match step:
            case ItemConst() | Select(otherwise=None):
                return True
            case Const(slot=slot) if program.table[slot].parameter is not None:
                return True
            case Input(column=column) if column in computed or (column in program.columns and column not in AMOUNTS):
                return True
    return False


def _too_wide(program: Program) -> Finding:
    return Finding(
        code="word-too-wide",
        message=f"政策 {program.policy_id} 的条件有 {len(program.bits)} 项，批量结算至多 {WIDEST_WORD} 项",
        remedy="逐件结算（tuodi settle）不受此限；或合并政策里含义相同的条件",
    )
