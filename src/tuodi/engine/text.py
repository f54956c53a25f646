"""The program as Python source: what settles events in a stream.

One flat function per program. Registers are its local variables, the heads of a layer one if/elif over masks, numbers
come from the table: so the source depends on the program's shape alone, and a what-if compiles nothing. `interpret` is
the same, slow and readable; that both end in the same fen is INV-13.

In the source `w` is the word of the event, `u` its unknown bits and `q` is `w | u`, what is possible. A guard is asked
whether it can hold, and the rule that is chosen must then hold for certain, or the event is stuck for want of a fact.
Every name in the source is made here, every text of the policy stands in it as a literal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple

from tuodi.engine.outcome import Outcome, Stuck, registers_of, undo
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
from tuodi.engine.shape import RELIEF, StateBit, all_steps, applied_by, descendants, state_bits
from tuodi.engine.situation import Situation, State
from tuodi.language.model import PAYERS, Choose, Scope

ItemTables = Mapping[str, Mapping[str, int]]

Run = Callable[[Situation, State, Sequence[int | None], ItemTables], Outcome]
"""run(situation, state, table, item_tables): settles one event and moves the counts in `state`.

Raises Stuck (or TypeError, where a number that is not there was used) with `state` as it was.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """A program that runs. `shape` is the SHA-256 of the source: programs of one shape share one function."""

    program: Program
    source: str
    shape: str
    run: Run


def compile_program(program: Program) -> Compiled:
    """The program as a function, compiled once for each shape in the process. Raises Faults as `shape.state_bits`."""
    source = _Text(program=program).source()
    shape = sha256(source.encode()).hexdigest()
    return Compiled(program=program, source=source, shape=shape, run=_function(source))


@lru_cache(maxsize=256)
def _function(source: str) -> Run:
    names: dict[str, Any] = {"Outcome": Outcome, "Stuck": Stuck, "new": tuple.__new__, "undo": undo}
    exec(compile(source, "<tuodi program>", "exec"), names)
    run: Run = names["run"]
    return run


class _Words(NamedTuple):
    """The names of the word and of what is possible: of the event, or of the item that is being settled."""

    certain: str = "w"
    possible: str = "q"


_ITEM_WORDS = _Words(certain="iw", possible="iq")


@dataclass(slots=True, kw_only=True)
class _Text:
    """The source as it is being written, line by line."""

    program: Program
    lines: list[str] = field(default_factory=list)
    depth: int = 0
    words: _Words = field(default_factory=_Words)
    total_of_layer: str = "relief"
    registers: dict[str, str] = field(default_factory=dict)
    known_keys: frozenset[str] = frozenset()  # count keys that every way to this line has made
    rated: set[int] = field(default_factory=set)  # rules whose rate the competition has made

    def source(self) -> str:
        """The module's text: `run` and nothing else."""
        self.write("def run(situation, state, table, item_tables):")
        with self.block():
            self._opening()
            self.write("try:")
            with self.block():
                self._state_bits()
                self.write("q = w | u")
                self._bill()
                for place, layer in enumerate(self.program.layers):
                    self._layer(place, layer)
                for feed in self.program.feeds:
                    self._feed(feed)
                self._raises()
                self._closing()
            self.write("except BaseException:")
            with self.block():
                self.write("undo(state, moved)", "raise")
        return "\n".join(self.lines) + "\n"

    def write(self, *lines: str) -> None:
        """The lines at the present depth."""
        self.lines += [f"{' ' * self.depth}{line}" for line in lines]

    @contextmanager
    def block(self) -> Iterator[None]:
        """One level deeper. Keys made inside are not known after it."""
        outside = self.known_keys
        self.depth += 1
        yield
        self.depth -= 1
        self.known_keys = outside

    # ---- beginning and end ----

    def _opening(self) -> None:
        columns = ", ".join(f"c{place}" for place in range(len(self.program.columns)))
        self.write(
            "w, u, columns, year, recognition, years, items = situation",
            f"{columns}, = columns",
            "get = state.get",
            "moved = []",
            "lines = []",
            "refusal = None",
            "relief = 0",
        )
        if self._raising():
            self.write("raises = {}")
        for index in sorted(applied_by(self.program)):
            self.write(f"applied{index} = False")

    def _raising(self) -> bool:
        return any(isinstance(step, Raise) for step in all_steps(self.program))

    def _state_bits(self) -> None:
        """Sets the bits that depend on counts; those of items in each item's word, which takes over the event's too."""
        bits = state_bits(self.program)
        of_event = [bit for bit in bits if not self._is_of_items(bit)]
        of_items = [bit for bit in bits if self._is_of_items(bit)]
        if bits:
            self.write("w0 = w")
        for bit in of_event:
            self._set_bit(bit, "w")
        if bits and any(rule.per_item for rule in self.program.rules):
            self.write("w0 ^= w", "marked = []", "for item, iw, burden in items:")
            with self.block():
                self.write("iw |= w0")
                for bit in of_items:
                    self._set_bit(bit, "iw")
                self.write("marked.append((item, iw, burden))")
            self.write("items = marked")

    def _is_of_items(self, state_bit: StateBit) -> bool:
        return Scope.ITEM in self.program.counts[state_bit.count].per

    def _set_bit(self, state_bit: StateBit, word: str) -> None:
        mask, count = state_bit.bit.mask, state_bit.count
        stands = self._stands(count)
        test = f"not ({stands})" if state_bit.at_least is None else f"{stands} >= {state_bit.at_least}"
        year_facts = self._year_facts(count)
        if year_facts:
            missing = " or ".join(f"years[{fact!r}] is None" for fact in year_facts)
            self.write(f"if {missing}: u |= {mask}", f"elif {test}: {word} |= {mask}")
        else:
            self.write(f"if {test}: {word} |= {mask}")

    def _stands(self, count: str) -> str:
        members = self.program.counts[count].sum_of or (count,)
        return " + ".join(f"get(({member!r}, {self._key_value(member)}), 0)" for member in members)

    def _year_facts(self, count: str) -> list[str]:
        declared = self.program.counts[count]
        return [str(declared.year_fact)] if Scope.APPLIED_YEAR in declared.per else []

    def _bill(self) -> None:
        """What is charged, and what is given of the payers; one whose layer is computed here comes in after it."""
        computed = {layer.layer.id for layer in self.program.layers}
        given = [f"({self.column(payer)} or 0)" if payer in computed else self.column(payer) for payer in PAYERS]
        self.write(f"bill = {self.column('total')}", f"payers = {' + '.join(given)}")

    def column(self, name: str) -> str:
        return f"c{self.program.columns.index(name)}"

    def _closing(self) -> None:
        layers = [f"l{place}" for place, layer in enumerate(self.program.layers) if layer.layer.id != RELIEF]
        self.write(
            "left = bill - payers - relief",
            "personal = left if left > 0 else 0",
            f"hospital = {self.column('total')} - bill",
            f"layers = ({''.join(name + ', ' for name in layers)})",
            "return new(Outcome, (relief, personal, hospital, lines, refusal, layers, moved, w))",
        )

    # ---- layers ----

    def _layer(self, place: int, layer: LayerProgram) -> None:
        name = layer.layer.id
        if name == RELIEF:
            self.total_of_layer = "relief"
            self._layer_body(layer, "refusal")
            return
        paid, refusal = f"paid{place}", f"refusal{place}"
        self.total_of_layer = paid
        given = self.column(name) if name in self.program.columns else None
        self.write(f"l{place} = (None, None)", f"if {given} is None:" if given else "if True:")
        with self.block():
            self.write(f"{paid} = 0", f"{refusal} = None", "told = len(lines)")
            self._layer_body(layer, refusal)
            if given:
                self.write(f"if {refusal} is None and len(lines) == told: raise Stuck")
            self.write(f"payers += {paid}", f"l{place} = ({paid}, {refusal})")
            if given:
                self.write(f"{given} = {paid}")

    def _layer_body(self, layer: LayerProgram, refusal: str) -> None:
        self.write("bill_left = unpaid = bill - payers if bill > payers else 0")
        quantities = [step.quantity for step in all_steps(self.program) if isinstance(step, Taken | Take)]
        for quantity in dict.fromkeys(quantities):
            self.write(f"{self.taken(quantity)} = 0")
        heads = [self.program.rules[index] for index in layer.heads]
        self._hits(heads)
        if layer.layer.choose is Choose.FIRST_RULE:
            self._first([(rule, self._possible_head(rule)) for rule in heads], refusal)
        elif layer.layer.choose is Choose.HIGHEST_RATE:
            self._highest(heads, refusal)
        else:
            self._all(heads, refusal)

    def _hits(self, rules: Iterable[Rule]) -> None:
        """Which items each catalogue rule would settle."""
        for rule in rules:
            if rule.per_item is not None:
                self.write(f"hits{rule.index} = []", "for one in items:")
                with self.block():
                    self.write("iw = one[1]", "iq = iw | u")
                    possible = _possible(rule.guard, _ITEM_WORDS)
                    self.write(f"if {possible}: hits{rule.index}.append(one)")

    def _possible_head(self, rule: Rule) -> str:
        return f"hits{rule.index}" if rule.per_item is not None else _possible(rule.guard, self.words)

    def _first(self, heads: Sequence[tuple[Rule, str]], refusal: str) -> None:
        """The first head whose condition holds, alone."""
        word = "if"
        for rule, condition in heads:
            self.write(f"{word} {condition}:")
            word = "elif"
            with self.block():
                self._chosen(rule, refusal)

    def _highest(self, heads: Sequence[Rule], refusal: str) -> None:
        """Refusals that stand first; else the benefit of the highest rate; else the first refusal of the rest."""
        benefits = [rule for rule in heads if rule.refusal is None]
        place = heads.index(benefits[0]) if benefits else len(heads)
        before, rest = heads[:place], [rule for rule in heads[place:] if rule.refusal is not None]
        self.write("best = chosen = -1")
        self.write(f"if {' or '.join(self._possible_head(rule) for rule in before) or 'False'}: pass", "else:")
        with self.block():
            self.write("pass")
            for rule in benefits:
                self._compete(rule)
        conditions = [(rule, self._possible_head(rule)) for rule in before]
        conditions += [(rule, f"chosen == {rule.index}") for rule in benefits]
        conditions += [(rule, self._possible_head(rule)) for rule in rest]
        self._first(conditions, refusal)

    def _compete(self, rule: Rule) -> None:
        """The rate, then fewer limits, in one number; of equals the first stays. The rate of a catalogue rule is that
        of its first item."""
        self.write(f"if {self._possible_head(rule)}:")
        with self.block():
            outside = self.words
            if rule.per_item is not None:
                self.write(f"item, iw, burden = hits{rule.index}[0]", "iq = iw | u")
                self.words = _ITEM_WORDS
            else:
                self.rated.add(rule.index)
            self._steps(rule.rate_steps)
            self.words = outside
            rate = self.register(rule.rate) if rule.rate is not None else "0"
            self.write(f"score = {rate} * 64 + {63 - rule.limit_count}")
            self.write("if score > best:", f" best = score; chosen = {rule.index}")

    def _all(self, heads: Sequence[Rule], refusal: str) -> None:
        benefits = [rule for rule in heads if rule.refusal is None]
        refusals = [rule for rule in heads if rule.refusal is not None]
        self.write("some = False")
        for rule in benefits:
            self.write(f"if {self._possible_head(rule)}:")
            with self.block():
                self.write("some = True")
                self._chosen(rule, refusal)
        self._first([(rule, f"not some and ({self._possible_head(rule)})") for rule in refusals], refusal)

    # ---- rules ----

    def _chosen(self, rule: Rule, refusal: str) -> None:
        """The head with all that follows it."""
        if rule.refusal is not None:
            self.certain(rule.guard)
            self.write(f"{refusal} = {rule.index}")
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
        if rule.per_item is None:
            self._line(rule, "None")
            return
        self.write(f"for item, iw, burden in hits{rule.index}:")
        outside, self.words = self.words, _ITEM_WORDS
        with self.block():
            self.write("iq = iw | u")
            self._line(rule, "item")
        self.words = outside

    def _line(self, rule: Rule, item: str) -> None:
        self.certain(rule.guard)
        if rule.index not in self.rated:
            self._steps(rule.rate_steps)
        self._steps(rule.steps)
        kept = "".join(f"{self.register(name)}, " for name in registers_of(rule))
        self.write(f"lines.append(({rule.index}, {item}, ({kept}), {self.words.certain}))")

    def _feed(self, feed: FeedRule) -> None:
        spared = "".join(f"not applied{index} and " for index in sorted(feed.unless))
        self.write(f"if {spared}({_possible(feed.guard, self.words)}):")
        with self.block():
            self.certain(feed.guard)
            self._steps(feed.steps)
            self.post(self.key(feed.count), self.register(feed.amount))

    def _raises(self) -> None:
        if self._raising():
            self.write("for key, amount in raises.items():")
            with self.block():
                self.post("key", "amount")

    def certain(self, guard: Guard) -> None:
        """Stops where the guard may or may not hold."""
        asked = guard.all | guard.none
        doubts = [f"u & {asked}"] if asked else []
        doubts += [f"not {self.words.certain} & {mask}" for mask in guard.any]
        if doubts:
            self.write(f"if u and ({' or '.join(doubts)}): raise Stuck")

    # ---- steps ----

    def _steps(self, steps: Iterable[Step]) -> None:
        for step in steps:
            WRITERS[type(step)](self, step)

    def register(self, name: str) -> str:
        """The expression that reads the register."""
        return self.registers.setdefault(name, f"x{len(self.registers)}")

    def assign(self, dst: str, expression: str) -> None:
        """A line that sets the register."""
        self.write(f"{self.register(dst)} = {expression}")

    def taken(self, quantity: str) -> str:
        return self.registers.setdefault(f"taken {quantity}", f"t{len(self.registers)}")

    def key(self, count: str, year: str | None = None) -> str:
        """The name of a local variable with the state key of the count; written where not every way has made it."""
        name = self.registers.setdefault(f"key {count} {year}", f"k{len(self.registers)}")
        if name not in self.known_keys:
            for fact in [year] if year else self._year_facts(count):
                self.write(f"if years[{fact!r}] is None: raise Stuck")
            self.write(f"{name} = ({count!r}, {self._key_value(count, year)})")
            if Scope.ITEM not in self.program.counts[count].per:
                self.known_keys |= {name}
        return name

    def _key_value(self, count: str, year: str | None = None) -> str:
        declared = self.program.counts[count]
        at = {
            Scope.YEAR: f"years[{year!r}]" if year else "year",
            Scope.LIFE: "0",
            Scope.RECOGNITION: "recognition",
            Scope.ITEM: "item",
            Scope.APPLIED_YEAR: f"years[{declared.year_fact!r}]",
        }
        parts = [at[scope] for scope in declared.per]
        return parts[0] if len(parts) == 1 else f"({', '.join(parts)})"

    def post(self, key: str, amount: str) -> None:
        self.write(
            f"if {amount} > 0:",
            f" before = get({key}, 0)",
            f" state[{key}] = after = before + {amount}",
            f" moved.append(({key}, before, after))",
        )


def _possible(guard: Guard, words: _Words) -> str:
    """Whether the guard holds with the unknown bits as they suit it."""
    asked = [f"{words.possible} & {guard.all} == {guard.all}"] if guard.all else []
    asked += [f"not {words.certain} & {guard.none}"] if guard.none else []
    asked += [f"{words.possible} & {mask}" for mask in guard.any]
    return " and ".join(asked) or "True"


# ---- one writer for each step ----------------------------------------------------------------------------------------

_RUNNING = {"payers": "payers", "unpaid": "unpaid", "bill_left": "bill_left", "item_burden": "burden"}


def _input(text: _Text, step: Input) -> None:
    if step.column in _RUNNING:
        text.assign(step.dst, _RUNNING[step.column])
    else:
        text.registers[step.dst] = text.column(step.column)  # a column stands still: the register is another name


def _const(text: _Text, step: Const) -> None:
    text.assign(step.dst, f"table[{step.slot}]")


def _item_const(text: _Text, step: ItemConst) -> None:
    text.assign(step.dst, f"item_tables[{step.parameter!r}].get(item)")


def _select(text: _Text, step: Select) -> None:
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
            text.write("raise Stuck")
        else:
            text.assign(step.dst, text.register(step.otherwise))


def _add(text: _Text, step: Add) -> None:
    text.assign(step.dst, f"{text.register(step.a)} + {text.register(step.b)}")


def _rest(text: _Text, step: Rest) -> None:
    a, b = text.register(step.a), text.register(step.b)
    text.assign(step.dst, f"{a} - {b} if {a} > {b} else 0")


def _min(text: _Text, step: Min) -> None:
    a, b = text.register(step.a), text.register(step.b)
    text.assign(step.dst, f"{a} if {a} < {b} else {b}")


def _max(text: _Text, step: Max) -> None:
    a, b = text.register(step.a), text.register(step.b)
    text.assign(step.dst, f"{a} if {a} > {b} else {b}")


def _load(text: _Text, step: Load) -> None:
    members = text.program.counts[step.count].sum_of or (step.count,)
    text.assign(step.dst, " + ".join(f"get({text.key(member, step.year)}, 0)" for member in members))


def _above(text: _Text, step: Above) -> None:
    before, base, threshold = (text.register(name) for name in (step.before, step.base, step.threshold))
    text.write(f"over = {before} + {base} - {threshold}")
    text.assign(step.dst, f"0 if over < 0 else {base} if over > {base} else over")


def _within(text: _Text, step: Within) -> None:
    before, base, start = (text.register(name) for name in (step.before, step.base, step.start))
    text.write(f"high = {before} + {base}")
    if step.end is not None:
        end = text.register(step.end)
        text.write(f"if high > {end}: high = {end}")
    text.write(f"low = {before} if {before} > {start} else {start}")
    text.assign(step.dst, "high - low if high > low else 0")


def _scale(text: _Text, step: Scale) -> None:
    text.assign(step.dst, f"{text.register(step.money)} * {text.register(step.rate)}")


def _round(text: _Text, step: Round) -> None:
    text.assign(step.dst, f"({text.register(step.scaled)} + 5000) // 10000")


def _uncovered(text: _Text, step: Uncovered) -> None:
    base, rate, paid = (text.register(name) for name in (step.base, step.rate, step.paid))
    test = f"{text.register(step.limited)} < {text.register(step.due)}"
    text.assign(step.dst, f"{base} * {rate} - {paid} * 10000 if {test} else 0")


def _round_over(text: _Text, step: RoundOver) -> None:
    scaled, rate, over = (text.register(name) for name in (step.scaled, step.rate, step.over))
    text.write(f"over = {over} * 10000")
    text.assign(step.dst, f"(2 * {scaled} * {rate} + over) // (2 * over) if over else 0")


def _times(text: _Text, step: Times) -> None:
    text.assign(step.dst, f"{text.register(step.amount)} * {text.register(step.n)}")


def _room(text: _Text, step: Room) -> None:
    limit, used = text.register(step.limit), text.register(step.used)
    text.assign(step.dst, f"{limit} - {used} if {limit} > {used} else 0")


def _taken(text: _Text, step: Taken) -> None:
    text.assign(step.dst, text.taken(step.quantity))


def _relieved(text: _Text, step: Relieved) -> None:
    text.assign(step.dst, "relief")


def _set_bill(text: _Text, step: SetBill) -> None:
    charged = text.register(step.charged)
    text.write(
        f"bill = {text.column('total')}",
        f"if bill > {charged}: bill = {charged}",
        "bill_left = unpaid = bill - payers if bill > payers else 0",
    )


def _post(text: _Text, step: Post) -> None:
    text.post(text.key(step.count), text.register(step.amount))


def _raise(text: _Text, step: Raise) -> None:
    text.write(f"raises.setdefault({text.key(step.count)}, {text.register(step.amount)})")


def _use(text: _Text, step: Use) -> None:
    key = text.key(step.count)
    text.write(f"before = get({key}, 0)", f"state[{key}] = after = before + 1", f"moved.append(({key}, before, after))")


def _take(text: _Text, step: Take) -> None:
    text.write(f"{text.taken(step.quantity)} += {text.register(step.amount)}")


def _pay(text: _Text, step: Pay) -> None:
    amount = text.register(step.amount)
    text.write(f"{text.total_of_layer} += {amount}", f"bill_left = bill_left - {amount} if bill_left > {amount} else 0")


WRITERS: Mapping[type, Callable[[_Text, Any], None]] = {
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
