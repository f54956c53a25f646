"""The program as the source of one compiled loop: what settles millions of events, one person after another.

The fourth reader of a program, and like `engine.text` one flat text written from the same steps; that both end in the
same fen is INV-13. Here an event's facts are columns of whole numbers, a count is a place in an array, and a number
that is not there is `MISSING`. Nothing of the text depends on a rate or a limit, so a what-if compiles nothing.

In the source `e` is the event (`at_e` the same without a sign, which saves a look at the end of each array), `w` its
word, `u` its unknown bits, `q` is `w | u`; an event's body is a loop that runs once, so that `break` leaves it from any
depth where the event is stuck for want of a fact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tuodi.batch.layout import Family, KernelLayout, kernel_layout
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
from tuodi.engine.shape import RELIEF, StateBit, all_steps, applied_by, descendants
from tuodi.language.model import AMOUNTS, PAYERS, Choose, Scope

ARGUMENTS = (
    "first, last, events_of, word, unknown, year, recognition, years, columns, items_of, item, item_word, "
    "burden, table, item_tables, levels, bases, most_items, openings_of, opening_family, opening_key, opening_place, "
    "opening_amount, relief, personal, hospital, refusal, stuck, layer_paid, line_rule, line_paid, item_line_rule, "
    "item_line_paid, closing_person, closing_family, closing_key, closing_place, closing_amount"
)


def kernel_source(program: Program) -> str:
    """A module with `settle(ARGUMENTS)`, which settles the persons first <= p < last and returns how many counts it
    wrote down; the arguments are those of `kernel.Inputs` and `kernel.Results`.

    Raises Faults as `layout.kernel_layout`.
    """
    return _KernelText(program=program, layout=kernel_layout(program)).source()


class _Words(NamedTuple):
    """The names of the word and of what is possible: of the event, or of the item that is being settled."""

    certain: str = "w"
    possible: str = "q"


_ITEM_WORDS = _Words(certain="iw", possible="iq")


@dataclass(slots=True, kw_only=True)
class _KernelText:
    """The source as it is being written, line by line."""

    program: Program
    layout: KernelLayout
    lines: list[str] = field(default_factory=list)
    depth: int = 0
    words: _Words = field(default_factory=_Words)
    total_of_layer: str = "relieved"
    registers: dict[str, str] = field(default_factory=dict)
    perhaps: set[str] = field(default_factory=set)  # registers that may hold no number
    rated: set[int] = field(default_factory=set)  # rules whose rate the competition has made

    def source(self) -> str:
        """The module's text."""
        self.lines = [*_HEAD, f"def settle({ARGUMENTS}):"]
        with self.block():
            self._scratch()
            self.write("for person in range(first, last):")
            with self.block():
                self._person()
            self.write("return closed")
        return "\n".join(self.lines) + "\n"

    def write(self, *lines: str) -> None:
        """The lines at the present depth."""
        self.lines += [f"{' ' * self.depth}{line}" for line in lines]

    @contextmanager
    def block(self) -> Iterator[None]:
        """One level deeper."""
        self.depth += 1
        yield
        self.depth -= 1

    @contextmanager
    def each_item(self) -> Iterator[None]:
        """The items of the event, each with its words; left where the event is stuck."""
        outside, self.words = self.words, _ITEM_WORDS
        self.write("for i in range(i0, i1):")
        with self.block():
            self.write("iw = marks[i - i0]" if self.layout.item_bits else "iw = item_word[i] | w_added", "iq = iw | u")
            yield
        self.words = outside
        self.write("if is_stuck: break")

    def stop(self) -> None:
        """Leaves the event, or the loop over its items, which then leaves the event."""
        self.write("is_stuck = True", "break")

    # ---- a person ----

    def _scratch(self) -> None:
        """The counts of one person at a time, in the order of families, keys and counts; and what an event moves."""
        layout = self.layout
        self.write("closed = 0", "keys = np.zeros(bases[-2], np.int64)", "counts = np.zeros(bases[-1], np.int64)")
        self.write(f"moved_at = np.zeros({layout.moves} + {layout.item_moves} * most_items + 1, np.int64)")
        self.write("moved_from = np.zeros_like(moved_at)")
        if layout.item_bits:
            self.write("marks = np.zeros(most_items + 1, np.int64)")
        if layout.item_raises:
            self.write(f"raise_at = np.zeros({layout.item_raises} * most_items + 1, np.int64)")
            self.write("raise_by = np.zeros_like(raise_at)")
        for place in range(len(layout.families)):
            self.write(f"kb{place} = bases[{2 * place}]", f"cb{place} = bases[{2 * place + 1}]")

    def _person(self) -> None:
        for place, family in enumerate(self.layout.families):
            self.write(f"n{place} = 0", f"last{place} = -1", f"k{place} = 0")
            self.write(*(f"{held} = 0" for held in self._held(place)))
            if family.is_life:
                self._place_of(place, "0")
        self._openings()
        self.write("for e in range(events_of[person], events_of[person + 1]):")
        with self.block():
            self._event()
        self._closings()

    def _openings(self) -> None:
        self.write("for o in range(openings_of[person], openings_of[person + 1]):")
        with self.block():
            self.write("key = opening_key[o]", "place = opening_place[o]")
            for place, family in enumerate(self.layout.families):
                self.write(f"if opening_family[o] == {place}:")
                with self.block():
                    self._place_of(place, "key")
                    self.write(
                        *(f"if place == {at}: {held} = opening_amount[o]" for at, held in enumerate(self._held(place)))
                    )
                    if not self._held(place):
                        self.write(f"counts[cb{place} + k{place} * {family.width} + place] = opening_amount[o]")
                    self.write(f"last{place} = key")
            self.write("pass")

    def _closings(self) -> None:
        self.write("if closing_amount.size:")
        with self.block():
            for place, family in enumerate(self.layout.families):
                self._put_down(place)
                self.write(f"for at in range(n{place} * {family.width}):")
                with self.block():
                    self.write(f"amount = counts[cb{place} + at]", "if amount:")
                    with self.block():
                        self.write(
                            "closing_person[closed] = person",
                            f"closing_family[closed] = {place}",
                            f"closing_key[closed] = keys[kb{place} + at // {family.width}]",
                            f"closing_place[closed] = at % {family.width}",
                            "closing_amount[closed] = amount",
                            "closed += 1",
                        )
            self.write("pass")

    def _place_of(self, place: int, key: str) -> None:
        """k = the place of the key in the family; a key seen for the first time is given one, with counts of 0."""
        width, held = self.layout.families[place].width, self._held(place)
        self._put_down(place)
        self.write(f"k{place} = place_of(keys, kb{place}, n{place}, {key}) if n{place} else 0")
        spot = f"spot = np.uintp(cb{place} + k{place} * {width})"
        self.write(f"if k{place} == n{place}:")
        with self.block():
            self.write(f"n{place} += 1", f"keys[np.uintp(kb{place} + k{place})] = {key}")
            if held:
                self.write(*(f"{name} = 0" for name in held))
            else:
                self.write(spot, *(f"counts[spot + np.uintp({offset})] = 0" for offset in range(width)))
        if held:
            self.write("else:")
            with self.block():
                self.write(spot, *(f"{name} = counts[spot + np.uintp({offset})]" for offset, name in enumerate(held)))

    def _held(self, place: int) -> list[str]:
        """The variables in which the family's counts stand for the key of the event; none where several keys are asked
        for at once. What stands in an array would be fetched again after every number that is written anywhere."""
        family = self.layout.families[place]
        if family.of_items or (self.layout.tally_facts and place == self.layout.year_family):
            return []
        return [f"h{place}_{at}" for at in range(family.width)]

    def _put_down(self, place: int) -> None:
        """The counts that are held go back into the array."""
        held, width = self._held(place), self.layout.families[place].width
        if held:
            self.write(f"if n{place}:")
            with self.block():
                self.write(f"spot = np.uintp(cb{place} + k{place} * {width})")
                self.write(*(f"counts[spot + np.uintp({offset})] = {name}" for offset, name in enumerate(held)))

    def _every_held(self) -> list[str]:
        return [name for place in range(len(self.layout.families)) for name in self._held(place)]

    # ---- an event ----

    def _event(self) -> None:
        self._opening()
        self.write("while True:")
        with self.block():
            self._state_bits()
            self.write("q = w | u", f"keep = {'True' if self.layout.hard else 'u != 0'}")
            self._bill()
            for place, layer in enumerate(self.program.layers):
                self._layer(place, layer)
            for feed in self.program.feeds:
                self._feed(feed)
            self._raises()
            self.write("left = bill - payers - relieved", "break")
        self._closing()

    def _opening(self) -> None:
        """The event's facts, the places of its keys, and nothing settled yet."""
        self.write("at_e = np.uintp(e)", "w = word[at_e]")
        self.write("if unknown is None: u = 0", "else: u = unknown[at_e]")
        self.write("is_stuck = False", "moves = 0")
        for name in self.layout.local_columns:
            self.write(f"{self.column(name)} = np.int64(columns[{self.program.columns.index(name)}][at_e])")
        for place in range(len(self.program.year_facts)):
            self.write(f"y{place} = np.int64(years[{place}][at_e])")
        if self.layout.has_items:
            self.write("i0 = items_of[e]", "i1 = items_of[e + 1]")
        self._nothing_settled()
        self.write("payers = 0")
        for index in sorted(applied_by(self.program)):
            self.write(f"applied{index} = False")
        for count in self.layout.raised:
            self.write(f"{self.raised(count)} = -1")
        if self.layout.item_raises:
            self.write("raises = 0")
        self._event_keys()

    def _nothing_settled(self) -> None:
        """No line, no refusal, nothing paid."""
        layout = self.layout
        self.write("relieved = 0", "left = 0", "refused = -1", f"bill = {self.column('total')}")
        for place in range(layout.lines):
            self.write(f"line{place} = -1", f"paid{place} = 0")
        for place in self._event_layers():
            self.write(f"sum{place} = -1")
        if layout.item_lines:
            self.write("for i in range(i0, i1):")
            with self.block():
                for place in range(layout.item_lines):
                    self.write(f"item_line_rule[{place}, i] = -1", f"item_line_paid[{place}, i] = 0")

    def _event_layers(self) -> list[int]:
        return [place for place, layer in enumerate(self.program.layers) if layer.layer.id != RELIEF]

    def _event_keys(self) -> None:
        for place, family in enumerate(self.layout.families):
            if family.is_life or family.of_items:
                continue
            self.write(f"key = {self._key(family)}")
            given = " and ".join([f"key != last{place}", *(f"y{fact} >= 0" for fact in self._facts_of(family))])
            self.write(f"if {given}:")
            with self.block():
                self._place_of(place, "key")
                self.write(f"last{place} = key")
        for fact in self.layout.tally_facts:
            place = self.layout.year_family
            self.write(f"at{fact} = -1", f"if y{fact} >= 0:")
            with self.block():
                self._place_of(place, f"y{fact}")
                self.write(f"at{fact} = k{place}", f"k{place} = place_of(keys, kb{place}, n{place}, last{place})")
        self.write(*(f"was_{held} = {held}" for held in self._every_held()))

    def _facts_of(self, family: Family) -> list[int]:
        """Places of the year facts without which the family has no key."""
        return [self.program.year_facts.index(str(family.year_fact))] if Scope.APPLIED_YEAR in family.per else []

    def _key(self, family: Family) -> str:
        """The parts of the key, each in bits of its own."""
        at = {
            Scope.YEAR: "np.int64(year[at_e])",
            Scope.RECOGNITION: "np.int64(recognition[at_e])",
            Scope.ITEM: "np.int64(item[i])",
            Scope.APPLIED_YEAR: "".join(f"y{fact}" for fact in self._facts_of(family)),
        }
        parts = [(at[scope], shift) for scope, shift in family.shifts() if scope is not Scope.LIFE]
        return " | ".join(f"({part} << {shift})" if shift else part for part, shift in parts)

    # ---- bits that hang on counts ----

    def _state_bits(self) -> None:
        bits = self.layout.bits
        self.write("w_event = w")
        for number, bit in enumerate(bits):
            if bit not in self.layout.item_bits:
                self._set_bit(number, bit, "w")
        self.write("w_added = w ^ w_event")
        if self.layout.item_bits:
            self.write("for i in range(i0, i1):")
            with self.block():
                self.write("iw = item_word[i] | w_added")
                for number, bit in enumerate(bits):
                    if bit in self.layout.item_bits:
                        self._set_bit(number, bit, "iw")
                self.write("marks[i - i0] = iw")

    def _set_bit(self, number: int, state_bit: StateBit, word: str) -> None:
        mask = state_bit.bit.mask
        missing = self._missing_year(self.layout.family_of(state_bit.count))
        if missing:
            self.write(f"if {missing}: u |= {mask}", "else:")
            self.depth += 1
        for place in self._item_families([state_bit.count]):
            self._item_key(place)
        stands = self._stands(state_bit.count)
        self.write(f"if {stands} {'== 0' if state_bit.at_least is None else f'>= levels[{number}]'}: {word} |= {mask}")
        if missing:
            self.depth -= 1

    def _stands(self, count: str, year: str | None = None) -> str:
        members = self.program.counts[count].sum_of or (count,)
        return " + ".join(self._standing(member, year) for member in members)

    def _standing(self, count: str, year: str | None) -> str:
        held = self._held(self.layout.family_of(count))
        return held[self.layout.place_of(count)] if held else f"counts[np.uintp({self.at(count, year)})]"

    # ---- the bill ----

    def _bill(self) -> None:
        """What is charged, and what is given of the payers; one whose layer is computed here comes in after it."""
        computed = self.layout.computed
        self.write(f"bill = {self.column('total')}")
        parts = [
            f"({self.column(payer)} if {self.column(payer)} > 0 else 0)" if payer in computed else self.column(payer)
            for payer in PAYERS
        ]
        self.write(f"payers = {' + '.join(parts)}")

    def column(self, name: str) -> str:
        """The variable that holds the column, or the expression that reads it where few rules ask for it."""
        place = self.program.columns.index(name)
        return f"c{place}" if name in self.layout.local_columns else f"np.int64(columns[{place}][at_e])"

    def _closing(self) -> None:
        """What the event came to; of a stuck one nothing, and its moves are taken back."""
        self.write("if is_stuck:")
        with self.block():
            self.write("for move in range(moves - 1, -1, -1):")
            self.write(" counts[moved_at[move]] = moved_from[move]")
            self.write(*(f"{held} = was_{held}" for held in self._every_held()))
            self._nothing_settled()
        self.write("relief[at_e] = relieved", "personal[at_e] = left if left > 0 else 0", "refusal[at_e] = refused")
        self.write("stuck[at_e] = is_stuck")
        if self.layout.caps_bills:
            self.write(f"hospital[at_e] = {self.column('total')} - bill")
        for place, layer in enumerate(self._event_layers()):
            self.write(f"layer_paid[{place}, at_e] = sum{layer}")
        for place in range(self.layout.lines):
            self.write(f"line_rule[{place}, at_e] = line{place}", f"line_paid[{place}, at_e] = paid{place}")

    # ---- layers ----

    def _layer(self, place: int, layer: LayerProgram) -> None:
        name = layer.layer.id
        if name == RELIEF:
            self.total_of_layer = "relieved"
            self._layer_body(layer)
            return
        self.total_of_layer = f"sum{place}"
        given = self.column(name) if name in self.program.columns else None
        self.write(f"if {given} < 0:" if given else "if True:")
        with self.block():
            self.write(f"sum{place} = 0", "answered = False")
            self._layer_body(layer)
            if given:
                self.write("if not answered:")
                with self.block():
                    self.stop()
            self.write(f"payers += sum{place}")
            if given:
                self.write(f"{given} = sum{place}")

    def _layer_body(self, layer: LayerProgram) -> None:
        self.write("bill_left = unpaid = bill - payers if bill > payers else 0")
        quantities = [step.quantity for step in all_steps(self.program) if isinstance(step, Taken | Take)]
        for quantity in dict.fromkeys(quantities):
            self.write(f"{self.taken(quantity)} = 0")
        heads = [self.program.rules[index] for index in layer.heads]
        self._hits(heads)
        match layer.layer.choose:
            case Choose.FIRST_RULE:
                self._first([(rule, self._possible_head(rule)) for rule in heads])
            case Choose.HIGHEST_RATE:
                self._highest(heads)
            case Choose.ALL:
                self._all(heads)

    def _hits(self, rules: Iterable[Rule]) -> None:
        """The first item that each catalogue rule would settle, or -1."""
        for rule in rules:
            if rule.per_item is not None:
                self.write(f"hit{rule.index} = -1")
                with self.each_item():
                    self.write(f"if hit{rule.index} < 0 and {_possible(rule.guard, self.words)}: hit{rule.index} = i")

    def _possible_head(self, rule: Rule) -> str:
        return f"hit{rule.index} >= 0" if rule.per_item is not None else _possible(rule.guard, self.words)

    def _first(self, heads: Sequence[tuple[Rule, str]]) -> None:
        """The first head whose condition holds, alone."""
        word = "if"
        for rule, condition in heads:
            self.write(f"{word} {condition}:")
            word = "elif"
            with self.block():
                self._chosen(rule)

    def _highest(self, heads: Sequence[Rule]) -> None:
        """Refusals that stand first; else the benefit of the highest rate; else the first refusal of the rest."""
        benefits = [rule for rule in heads if rule.refusal is None]
        place = heads.index(benefits[0]) if benefits else len(heads)
        before, rest = heads[:place], [rule for rule in heads[place:] if rule.refusal is not None]
        self.write("best = -1", "chosen = -1")
        refused = " or ".join(f"({self._possible_head(rule)})" for rule in before) or "False"
        self.write(f"if not ({refused}):")
        with self.block():
            self.write("pass")
            for rule in benefits:
                self._compete(rule)
        conditions = [(rule, self._possible_head(rule)) for rule in before]
        conditions += [(rule, f"chosen == {rule.index}") for rule in benefits]
        conditions += [(rule, self._possible_head(rule)) for rule in rest]
        self._first(conditions)

    def _compete(self, rule: Rule) -> None:
        """The rate, then fewer limits, in one number; of equals the first stays. The rate of a catalogue rule is that
        of its first item."""
        self.write(f"if {self._possible_head(rule)}:")
        with self.block():
            outside = self.words
            if rule.per_item is not None:
                marked = "marks[i - i0]" if self.layout.item_bits else "item_word[i] | w_added"
                self.write(f"i = hit{rule.index}", f"iw = {marked}", "iq = iw | u")
                self.words = _ITEM_WORDS
            else:
                self.rated.add(rule.index)
            self._steps(rule.rate_steps)
            rate = self.use(rule.rate) if rule.rate is not None else "0"
            self.words = outside
            self.write(f"score = {rate} * 64 + {63 - rule.limit_count}")
            self.write("if score > best:", " best = score", f" chosen = {rule.index}")

    def _all(self, heads: Sequence[Rule]) -> None:
        benefits = [rule for rule in heads if rule.refusal is None]
        refusals = [rule for rule in heads if rule.refusal is not None]
        self.write("some = False")
        for rule in benefits:
            self.write(f"if {self._possible_head(rule)}:")
            with self.block():
                self.write("some = True")
                self._chosen(rule)
        self._first([(rule, f"not some and ({self._possible_head(rule)})") for rule in refusals])

    # ---- rules ----

    def _chosen(self, rule: Rule) -> None:
        """The head with all that follows it."""
        if rule.refusal is not None:
            self.certain(rule.guard)
            self.write(f"refused = {rule.index}" if rule.layer == RELIEF else "answered = True")
            return
        self._settled(rule)
        for follower in descendants(self.program, rule):
            self._hits([follower])
            condition = self._possible_head(follower)
            self.write(f"if applied{follower.after} and ({condition}):")
            with self.block():
                self._settled(follower)

    def _settled(self, rule: Rule) -> None:
        """The line of the rule, or its lines, one for each item."""
        if rule.index in applied_by(self.program):
            self.write(f"applied{rule.index} = True")
        if rule.layer != RELIEF:
            self.write("answered = True")
        place = self.layout.line_of[rule.index]
        if rule.per_item is None:
            self._line(rule)
            self.write(f"line{place} = {rule.index}", f"paid{place} = {self.paid(rule)}")
            return
        with self.each_item():
            self.write(f"if {_possible(rule.guard, self.words)}:")
            with self.block():
                self._item_keys(rule)
                self._line(rule)
                self.write(
                    f"item_line_rule[{place}, i] = {rule.index}", f"item_line_paid[{place}, i] = {self.paid(rule)}"
                )

    def paid(self, rule: Rule) -> str:
        """The register with what the line paid."""
        assert rule.trace is not None, "a benefit has a line"
        return self.register(rule.trace.paid)

    def _item_keys(self, rule: Rule) -> None:
        """The places of the item's keys that the rule asks for; without its year the event is stuck."""
        asked = {step.count for step in rule.steps if isinstance(step, Load | Post | Raise | Use)}
        for place in self._item_families(asked):
            missing = self._missing_year(place)
            if missing:
                self.write(f"if {missing}:")
                with self.block():
                    self.stop()
            self._item_key(place)

    def _item_families(self, counts: Iterable[str]) -> list[int]:
        members = {member for count in counts for member in self.program.counts[count].sum_of or (count,)}
        families = self.layout.families
        return [place for place, one in enumerate(families) if one.of_items and not members.isdisjoint(one.counts)]

    def _item_key(self, place: int) -> None:
        self.write(f"key = {self._key(self.layout.families[place])}")
        self._place_of(place, "key")

    def _missing_year(self, place: int) -> str:
        return " or ".join(f"y{fact} < 0" for fact in self._facts_of(self.layout.families[place]))

    def _line(self, rule: Rule) -> None:
        self.certain(rule.guard)
        if rule.index not in self.rated:
            self._steps(rule.rate_steps)
        self._steps(rule.steps)

    def _feed(self, feed: FeedRule) -> None:
        spared = "".join(f"not applied{index} and " for index in sorted(feed.unless))
        self.write(f"if {spared}({_possible(feed.guard, self.words)}):")
        with self.block():
            self.certain(feed.guard)
            self._steps(feed.steps)
            self.post(feed.count, self.use(feed.amount))

    def _raises(self) -> None:
        for count in self.layout.raised:
            self.write(f"if {self.raised(count)} > 0:")
            with self.block():
                self.rise(count, self.raised(count))
        if self.layout.item_raises:
            self.write("for pending in range(raises):")
            with self.block():
                self.move("raise_at[pending]", "raise_by[pending]")

    def raised(self, count: str) -> str:
        """The variable with what the count will rise by when the event ends; -1: by nothing yet."""
        return f"up{self.layout.raised.index(count)}"

    def certain(self, guard: Guard) -> None:
        """Stops where the guard may or may not hold."""
        asked = guard.all | guard.none
        doubts = [f"u & {asked} != 0"] if asked else []
        doubts += [f"{self.words.certain} & {mask} == 0" for mask in guard.any]
        if doubts:
            self.write(f"if u != 0 and ({' or '.join(doubts)}):")
            with self.block():
                self.stop()

    # ---- steps ----

    def _steps(self, steps: Iterable[Step]) -> None:
        for step in steps:
            WRITERS[type(step)](self, step)

    def register(self, name: str) -> str:
        """The expression that reads the register."""
        return self.registers.setdefault(name, f"x{len(self.registers)}")

    def use(self, name: str) -> str:
        """The same for a number that is needed: the event is stuck where there is none."""
        register = self.register(name)
        if name in self.perhaps:
            self.write(f"if {register} < 0:")
            with self.block():
                self.stop()
        return register

    def assign(self, dst: str, expression: str) -> None:
        """A line that sets the register."""
        self.write(f"{self.register(dst)} = {expression}")

    def taken(self, quantity: str) -> str:
        """The variable with what was paid on the quantity."""
        return self.registers.setdefault(f"taken {quantity}", f"t{len(self.registers)}")

    def at(self, count: str, year: str | None = None) -> str:
        """The place of the count at the event's key; with `year` at that of the year fact."""
        family = self.layout.family_of(count)
        width, place = self.layout.families[family].width, self.layout.place_of(count)
        key = f"at{self.program.year_facts.index(year)}" if year else f"k{family}"
        return f"cb{family} + {key} * {width} + {place}"

    def need_key(self, count: str, year: str | None = None) -> None:
        """Stops where the year that keys the count is missing."""
        family = self.layout.families[self.layout.family_of(count)]
        if Scope.ITEM in family.per:
            return
        facts = [self.program.year_facts.index(year)] if year else self._facts_of(family)
        for fact in facts:
            self.write(f"if y{fact} < 0:")
            with self.block():
                self.stop()

    def post(self, count: str, amount: str) -> None:
        """The count rises by the amount."""
        self.need_key(count)
        self.rise(count, amount)

    def rise(self, count: str, amount: str) -> None:
        """The same where the key is known."""
        held = self._held(self.layout.family_of(count))
        if held:
            self.write(f"{held[self.layout.place_of(count)]} += {amount}")
        else:
            self.move(self.at(count), amount)

    def move(self, at: str, amount: str) -> None:
        """The count at the place rises; where the event may still be stuck, its old value is kept."""
        self.write(f"spot = np.uintp({at})", "if keep:")
        self.write(" moved_at[moves] = spot", " moved_from[moves] = counts[spot]", " moves += 1")
        self.write(f"counts[spot] += {amount}")


def _possible(guard: Guard, words: _Words) -> str:
    """Whether the guard holds with the unknown bits as they suit it."""
    asked = [f"{words.possible} & {guard.all} == {guard.all}"] if guard.all else []
    asked += [f"{words.certain} & {guard.none} == 0"] if guard.none else []
    asked += [f"{words.possible} & {mask} != 0" for mask in guard.any]
    return " and ".join(asked) or "True"


_HEAD = (
    "import numba",
    "import numpy as np",
    "",
    "@numba.njit(nogil=True, cache=True)",
    "def place_of(keys, base, known, key):",
    " for place in range(known):",
    "  if keys[np.uintp(base + place)] == key: return place",
    " return known",
    "",
    "@numba.njit(nogil=True, cache=True, error_model='numpy')",
)


# ---- one writer for each step ----------------------------------------------------------------------------------------

_RUNNING = {"payers": "payers", "unpaid": "unpaid", "bill_left": "bill_left", "item_burden": "np.int64(burden[i])"}


def _input(text: _KernelText, step: Input) -> None:
    if step.column in _RUNNING:
        text.assign(step.dst, _RUNNING[step.column])
    else:
        text.registers[step.dst] = text.column(step.column)  # a column stands still: the register is another name
        if step.column not in AMOUNTS or step.column in text.layout.computed:
            text.perhaps.add(step.dst)


def _const(text: _KernelText, step: Const) -> None:
    text.assign(step.dst, f"table[{step.slot}]")
    if text.program.table[step.slot].parameter is not None:
        text.perhaps.add(step.dst)


def _item_const(text: _KernelText, step: ItemConst) -> None:
    text.assign(step.dst, f"item_tables[{text.layout.item_tables.index(step.parameter)}, item[i]]")
    text.perhaps.add(step.dst)


def _select(text: _KernelText, step: Select) -> None:
    word = "if"
    for guard, register in step.cases:
        text.write(f"{word} {_possible(guard, text.words)}:")
        word = "elif"
        with text.block():
            text.certain(guard)
            text.assign(step.dst, text.register(register))
    text.write("else:")
    with text.block():
        if step.otherwise is None:
            text.stop()
        else:
            text.assign(step.dst, text.register(step.otherwise))
    taken = {register for _, register in step.cases} | {step.otherwise}
    if not taken.isdisjoint(text.perhaps):
        text.perhaps.add(step.dst)


def _add(text: _KernelText, step: Add) -> None:
    text.assign(step.dst, f"{text.use(step.a)} + {text.use(step.b)}")


def _rest(text: _KernelText, step: Rest) -> None:
    a, b = text.use(step.a), text.use(step.b)
    text.assign(step.dst, f"{a} - {b} if {a} > {b} else 0")


def _min(text: _KernelText, step: Min) -> None:
    a, b = text.use(step.a), text.use(step.b)
    text.assign(step.dst, f"{a} if {a} < {b} else {b}")


def _max(text: _KernelText, step: Max) -> None:
    a, b = text.use(step.a), text.use(step.b)
    text.assign(step.dst, f"{a} if {a} > {b} else {b}")


def _load(text: _KernelText, step: Load) -> None:
    for member in text.program.counts[step.count].sum_of or (step.count,):
        text.need_key(member, step.year)
    text.assign(step.dst, text._stands(step.count, step.year))


def _above(text: _KernelText, step: Above) -> None:
    before, base, threshold = (text.use(name) for name in (step.before, step.base, step.threshold))
    text.write(f"over = {before} + {base} - {threshold}")
    text.assign(step.dst, f"0 if over < 0 else ({base} if over > {base} else over)")


def _within(text: _KernelText, step: Within) -> None:
    before, base, start = (text.use(name) for name in (step.before, step.base, step.start))
    text.write(f"high = {before} + {base}")
    if step.end is not None:
        end = text.use(step.end)
        text.write(f"if high > {end}: high = {end}")
    text.write(f"low = {before} if {before} > {start} else {start}")
    text.assign(step.dst, "high - low if high > low else 0")


def _scale(text: _KernelText, step: Scale) -> None:
    text.assign(step.dst, f"{text.use(step.money)} * {text.use(step.rate)}")


def _round(text: _KernelText, step: Round) -> None:
    text.assign(step.dst, f"np.int64(np.uint64({text.use(step.scaled)} + 5000) // np.uint64(10000))")


def _uncovered(text: _KernelText, step: Uncovered) -> None:
    base, rate, paid = (text.use(name) for name in (step.base, step.rate, step.paid))
    test = f"{text.use(step.limited)} < {text.use(step.due)}"
    text.assign(step.dst, f"{base} * {rate} - {paid} * 10000 if {test} else 0")


def _round_over(text: _KernelText, step: RoundOver) -> None:
    scaled, rate, over = (text.use(name) for name in (step.scaled, step.rate, step.over))
    text.write(f"over = {over} * 10000")
    text.assign(step.dst, f"(2 * {scaled} * {rate} + over) // (2 * over) if over > 0 else 0")


def _times(text: _KernelText, step: Times) -> None:
    text.assign(step.dst, f"{text.use(step.amount)} * {text.use(step.n)}")


def _room(text: _KernelText, step: Room) -> None:
    limit, used = text.use(step.limit), text.use(step.used)
    text.assign(step.dst, f"{limit} - {used} if {limit} > {used} else 0")


def _taken(text: _KernelText, step: Taken) -> None:
    text.assign(step.dst, text.taken(step.quantity))


def _relieved(text: _KernelText, step: Relieved) -> None:
    text.assign(step.dst, "relieved")


def _set_bill(text: _KernelText, step: SetBill) -> None:
    charged = text.use(step.charged)
    text.write(f"bill = {text.column('total')}", f"if bill > {charged}: bill = {charged}")
    text.write("bill_left = unpaid = bill - payers if bill > payers else 0")


def _post(text: _KernelText, step: Post) -> None:
    text.post(step.count, text.use(step.amount))


def _raise(text: _KernelText, step: Raise) -> None:
    text.need_key(step.count)
    amount = text.use(step.amount)
    if step.count in text.layout.raised:
        name = text.raised(step.count)
        text.write(f"if {name} < 0: {name} = {amount}")
        return
    text.write(f"at = {text.at(step.count)}", "known = False", "for pending in range(raises):")
    text.write(" if raise_at[pending] == at: known = True", "if not known:")
    text.write(f" raise_at[raises] = at; raise_by[raises] = {amount}; raises += 1")


def _use(text: _KernelText, step: Use) -> None:
    text.post(step.count, "1")


def _take(text: _KernelText, step: Take) -> None:
    text.write(f"{text.taken(step.quantity)} += {text.use(step.amount)}")


def _pay(text: _KernelText, step: Pay) -> None:
    amount = text.use(step.amount)
    text.write(f"{text.total_of_layer} += {amount}", f"bill_left = bill_left - {amount} if bill_left > {amount} else 0")


WRITERS: Mapping[type, Callable[[_KernelText, Any], None]] = {
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
"""How each step is written: the whole of `program.Step`, each once."""
