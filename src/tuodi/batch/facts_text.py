"""The facts of events as the source of one compiled loop: what sets every bit of the word, for columns.

The twin of `engine.fact_text`, with the same three values: 0 no, 1 cannot be told because a fact is missing, 2 yes.
In the source `p` is the person, `e` the event, `held` the slots of the timeline that hold on the day, `live` those
that are in force. Dates and ages of conditions stand in the text; rates and limits are none of its business.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

from tuodi.batch.block import INSURANCE_WORDS, SERVICE_WORDS
from tuodi.engine.case_fields import DERIVED
from tuodi.engine.fact_ground import FactGround, Way
from tuodi.engine.program import Bit, Program
from tuodi.engine.timeline import OPEN
from tuodi.language.model import (
    AMOUNTS,
    AllOf,
    AnyOf,
    Between,
    ClassIn,
    DiseaseIn,
    Fact,
    FactSource,
    FactType,
    Given,
    Is,
    Not,
    Reached,
    Scope,
    ServiceIn,
    Since,
    StatusIn,
    Test,
    YearsBefore,
)

ARGUMENTS = (
    "first, last, events_of, day, service, days, first_day, insurance, birth, person_facts, facts, match, match_lists, "
    "young_of, young_below, young_lists, spans_of, span_start, span_end, span_mask, span_key, items_of, item_facts, "
    "item_counts, item_below, services, word, unknown, year, recognition, item_word, extra"
)

CLASS = "class:"
ITEM_COUNTS = "item_counts:"
WIDEST_MASK = 62


def facts_source(program: Program, ground: FactGround) -> str:
    """A module with `settle(ARGUMENTS)`, which writes the facts of the persons first <= p < last and returns whether
    anything could not be told. `facts.Reading` says what the arguments are."""
    return _FactsText(program=program, ground=ground).source()


def person_facts_read(ground: FactGround) -> tuple[str, ...]:
    """Ids of the persons' own facts, in the order of `person_facts`."""
    return tuple(name for name, fact in _given(ground) if fact.source is FactSource.PERSON)


def event_facts_read(ground: FactGround) -> tuple[str, ...]:
    """Ids of the facts of event and facility, in the order of `facts`."""
    return tuple(name for name, fact in _given(ground) if fact.source is not FactSource.PERSON)


def item_facts_read(ground: FactGround) -> tuple[str, ...]:
    """Ids of the facts that an item may say itself, in the order of `item_facts`."""
    return tuple(name for name, fact in ground.facts.items() if fact.source is FactSource.ITEM)


class _Asked(NamedTuple):
    """An expression of the source. `sure`: a truth; else 0, 1 or 2."""

    text: str
    sure: bool = True


class _Value(NamedTuple):
    """A fact as a number, and the expression that says that it is missing; None: it never is."""

    text: str
    missing: str | None


@dataclass(slots=True, kw_only=True)
class _FactsText:
    """The source as it is being written."""

    program: Program
    ground: FactGround
    lines: list[str] = field(default_factory=list)
    depth: int = 0
    in_class: bool = False
    in_item: bool = False

    def source(self) -> str:
        """The module's text."""
        self.lines = [
            "import numba",
            "import numpy as np",
            "",
            "@numba.njit(nogil=True, cache=True, error_model='numpy')",
        ]
        self.write(f"def settle({ARGUMENTS}):")
        with self.block():
            self.write("anything = 0", "for p in range(first, last):")
            with self.block():
                self.write("for e in range(events_of[p], events_of[p + 1]):")
                with self.block():
                    self.event()
            self.write("return anything")
        return "\n".join(self.lines) + "\n"

    def write(self, *lines: str) -> None:
        """The lines at the present depth."""
        self.lines += [f"{' ' * self.depth}{line}" for line in lines]

    @contextmanager
    def block(self, head: str = "") -> Iterator[None]:
        """What is written one level deeper, after a line that opens it."""
        if head:
            self.write(head)
        self.depth += 1
        yield
        self.depth -= 1

    def mask(self, bit_id: str) -> int:
        """The mask of a built-in bit."""
        return self.program.bit(bit_id).mask

    @property
    def keyed(self) -> bool:
        """Whether a count is kept by recognition."""
        return any(Scope.RECOGNITION in count.per for count in self.program.counts.values())

    def event(self) -> None:
        """Everything that one event sets."""
        self.write("on = day[e]", "ymd = np.int64(days[on - first_day])", "w = services[service[e]]", "u = 0")
        self.write("age = (ymd - birth[p]) // 10000 if birth[p] >= 0 else -1")
        self.statuses()
        self.disease()
        for name, ways in self.ground.ways.items():
            self.person_class(name, ways)
        self.in_force()
        for bit in self.program.bits:
            if bit.test is not None and not bit.per_item and not isinstance(bit.test, ServiceIn):
                self.bit(bit, bit.test, "w")
        self.items()
        self.extra()
        self.write("word[e] = w", "unknown[e] = u", "anything |= u", "year[e] = ymd // 10000")
        self.write(f"recognition[e] = {'key' if self.keyed else '0'}")

    # ---- persons on the day ----

    def statuses(self) -> None:
        """`held`, `live`, and the bit of the day itself."""
        timeline = self.ground.timeline
        self.write("held = 0", "for s in range(spans_of[p, 0], spans_of[p, 1]):")
        self.write(" if span_start[s] <= on and on < span_end[s]: held |= span_mask[s]")
        until = f" and on < {timeline.end}" if timeline.end != OPEN else ""
        self.write(f"today = on >= {timeline.start}{until}", "if today:")
        self.write(f" w |= {self.mask('day_in_force') | self.mask('in_force')}", " live = held")
        self.write("else:", f" live = held >> {timeline.size}")
        if self.ground.first_class:
            self.write("free = 2")
        if self.keyed:
            self.write("key = 0")

    def person_class(self, name: str, ways: Sequence[Way]) -> None:
        """The class's bit: held and in force; in `first_class` also that no class before it holds (`free`, 0 to 2)."""
        every = _union(way.slots for way in ways)
        with self.block(f"if {'free > 0 and ' if self.ground.first_class else ''}held & {every} != 0:"):
            if any(way.tests for way in ways):
                self.ways(ways)
                self.settled_class(name, "sure", "maybe")
            else:
                self.settled_class(name, str(every), str(every))

    def ways(self, ways: Iterable[Way]) -> None:
        """`sure`: the slots by which the class is reached; `maybe`: if only the missing facts were known, too."""
        self.write(f"sure = maybe = {_union(way.slots for way in ways if not way.tests)}")
        self.in_class = True
        for way in ways:
            if way.tests:
                with self.block(f"if held & {way.slots} != 0:"):
                    self.write(f"told = {_told(self.ask(AllOf(tests=way.tests)))}")
                    self.write(f"if told > 0: maybe |= {way.slots}", f"if told == 2: sure |= {way.slots}")
        self.in_class = False

    def settled_class(self, name: str, sure: str, maybe: str) -> None:
        """Sets the bit, and `free` for the classes after it."""
        mask = self.mask(f"{CLASS}{name}")
        with self.block(f"if live & {sure} != 0{' and free == 2' if self.ground.first_class else ''}:"):
            self.write(f"w |= {mask}")
            if self.keyed and name in self.ground.keys_by:
                self.recognition(sure)
        if sure != maybe or self.ground.first_class:
            self.write(f"elif live & {maybe} != 0: u |= {mask}")
        if self.ground.first_class:
            self.write(f"if held & {sure} != 0: free = 0", f"elif held & {maybe} != 0: free = 1")

    def recognition(self, sure: str) -> None:
        """The key of the earliest application by which one of the slots holds, and counts; the first class keys."""
        with self.block("if key == 0:"):
            self.write(f"shift = 0 if today else {self.ground.timeline.size}")
            with self.block("for s in range(spans_of[p, 0], spans_of[p, 1]):"):
                holds = f"span_start[s] <= on and on < span_end[s] and span_mask[s] >> shift & {sure} != 0"
                self.write(f"if {holds} and (key == 0 or span_key[s] < key): key = span_key[s]")

    def in_force(self) -> None:
        """In force: the day, or a class that holds by a reach-back in force."""
        classes = _union(self.mask(f"{CLASS}{name}") for name in self.ground.ways)
        mask = self.mask("in_force")
        self.write(f"if w & {classes} != 0: w |= {mask}", f"elif u & {classes} != 0 and w & {mask} == 0: u |= {mask}")

    def disease(self) -> None:
        """`lists` that name the disease, and `perhaps` those that would if the age were known."""
        if not self.ground.diseases.bits:
            return
        self.write("m = match[e]", "lists = match_lists[m]", "perhaps = 0")
        if self.ground.diseases.asks_age:
            with self.block("for j in range(young_of[m], young_of[m + 1]):"):
                self.write("if birth[p] < 0: perhaps |= young_lists[j]")
                self.write("elif age < young_below[j]: lists |= young_lists[j]")

    # ---- bits ----

    def bit(self, bit: Bit, test: Test, word: str) -> None:
        """Sets the bit in the word, or in `u`."""
        if _hangs_on_counts(test):
            return
        asked = self.ask(test)
        if asked.sure:
            self.write(f"if {asked.text}: {word} |= {bit.mask}")
        else:
            self.write(
                f"told = {asked.text}", f"if told == 2: {word} |= {bit.mask}", f"elif told == 1: u |= {bit.mask}"
            )

    def ask(self, test: Test) -> _Asked:
        """The test as an expression."""
        match test:
            case Not(test=inner):
                asked = self.ask(inner)
                return _Asked(f"(not {asked.text})") if asked.sure else _Asked(f"(2 - {asked.text})", sure=False)
            case AllOf(tests=tests):
                return _all_of([self.ask(inner) for inner in tests])
            case AnyOf(tests=tests):
                return _any_of([self.ask(inner) for inner in tests])
            case Is() | Between() | Given() | YearsBefore():
                return self.ask_fact(test)
        return self.ask_event(test)

    def ask_event(self, test: Test) -> _Asked:
        """A test of the event itself, or of the person on its day."""
        match test:
            case ServiceIn(services=services):
                places = _union(1 << SERVICE_WORDS.index(name) for name in services)
                return _Asked(f"((1 << np.int64(service[e])) & {places} != 0)")
            case StatusIn(statuses=statuses):
                slots = _union(self.ground.timeline.bits[status, None] for status in statuses)
                return _Asked(f"(held & {slots} != 0)")
            case Since(day=day):
                return _Asked(f"(on >= {day.toordinal()})")
            case ClassIn(classes=classes):
                return self.ask_class(classes)
            case DiseaseIn(lists=lists):
                return self.ask_disease(lists)
        raise AssertionError("lowered: what hangs on counts is no fact of an event")

    def ask_class(self, classes: Iterable[str]) -> _Asked:
        """A class that is settled; among the tests of classes themselves, one that holds."""
        if not self.in_class:
            mask = _union(self.mask(f"{CLASS}{name}") for name in classes)
            return _Asked(f"(2 if w & {mask} != 0 else (1 if u & {mask} != 0 else 0))", sure=False)
        ways = [way for name in sorted(classes) for way in self.ground.ways[name]]
        return _any_of([_all_of([_Asked(f"(held & {way.slots} != 0)"), *map(self.ask, way.tests)]) for way in ways])

    def ask_disease(self, lists: Iterable[str]) -> _Asked:
        """The lists that name the disease, or would if the age were known."""
        mask = self.ground.diseases.mask(lists)
        if not self.ground.diseases.asks_age:
            return _Asked(f"(lists & {mask} != 0)")
        return _Asked(f"(2 if lists & {mask} != 0 else (1 if perhaps & {mask} != 0 else 0))", sure=False)

    # ---- facts ----

    def ask_fact(self, test: Is | Between | Given | YearsBefore) -> _Asked:
        """A test of one fact. A missing one cannot be told; one that is left open by its default is just not so."""
        fact = self.ground.facts[test.fact]
        value, missing = self.value(fact)
        if isinstance(test, Given):
            return _Asked(f"(not {missing})" if missing else "True")
        condition = _condition(test, fact, value)
        if missing is None:
            return _Asked(f"({condition})")
        if fact.has_default:
            return _Asked(f"(not {missing} and ({condition}))")
        return _Asked(f"(1 if {missing} else (2 if {condition} else 0))", sure=False)

    def value(self, fact: Fact) -> _Value:
        """How the fact is read."""
        match fact.id:
            case "insurance":
                return _Value("insurance[p]", None)
            case "age":
                return _Value("age", "(birth[p] < 0)")
            case "month":
                return _Value("(ymd // 100 % 100)", None)
        if fact.source is FactSource.PERSON:
            text = f"person_facts[{person_facts_read(self.ground).index(fact.id)}][p]"
            return _Value(text, f"({text} < 0)")
        text = f"facts[{event_facts_read(self.ground).index(fact.id)}][e]"
        if self.in_item and fact.source is FactSource.ITEM:
            own = f"item_facts[{item_facts_read(self.ground).index(fact.id)}][i]"
            text = f"({own} if {own} >= 0 else {text})"
        return _Value(text, f"({text} < 0)")

    # ---- items ----

    def items(self) -> None:
        """The word of each catalogue item."""
        bits = [bit for bit in self.program.bits if bit.per_item]
        if not bits:
            return
        with self.block("for i in range(items_of[e], items_of[e + 1]):"):
            self.write("iw = w")
            self.in_item = True
            for bit in bits:
                self.item_bit(bit)
            self.in_item = False
            self.write("item_word[i] = iw")

    def item_bit(self, bit: Bit) -> None:
        """A bit of the item: its own test, or that the catalogue has it for one of the event's diseases."""
        if bit.test is not None:
            self.bit(bit, bit.test, "iw")
        elif bit.id.startswith(ITEM_COUNTS):
            place = list(self.ground.catalogues).index(bit.id.removeprefix(ITEM_COUNTS))
            below = f"item_below[{place}, i]"
            self.write(f"if item_counts[{place}, i] or (birth[p] >= 0 and age < {below}): iw |= {bit.mask}")
            self.write(f"elif birth[p] < 0 and {below} > 0: u |= {bit.mask}")

    # ---- numbers ----

    def extra(self) -> None:
        """Columns and years that follow from days: no field carries them."""
        for place, name in enumerate(derived_columns(self.program)):
            value, missing = self.value(self.ground.facts[name])
            self.write(f"extra[{place}, e] = {f'-1 if {missing} else {value}' if missing else value}")


def derived_columns(program: Program) -> tuple[str, ...]:
    """Columns, and facts that key years, that are worked out from days."""
    asked = (*program.columns[len(AMOUNTS) :], *program.year_facts)
    return tuple(dict.fromkeys(name for name in asked if name in DERIVED))


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _given(ground: FactGround) -> Iterator[tuple[str, Fact]]:
    """The facts that a field carries."""
    return ((name, fact) for name, fact in ground.facts.items() if name not in DERIVED)


def _told(asked: _Asked) -> str:
    return f"2 if {asked.text} else 0" if asked.sure else asked.text


def _hangs_on_counts(test: Test) -> bool:
    match test:
        case Reached():
            return True
        case Not(test=inner):
            return _hangs_on_counts(inner)
        case AllOf(tests=tests) | AnyOf(tests=tests):
            return any(_hangs_on_counts(inner) for inner in tests)
    return False


def _condition(test: Is | Between | YearsBefore, fact: Fact, value: str) -> str:
    """The test of a fact that is there."""
    match test:
        case Is(values=values):
            numbers = sorted(number for one in values if (number := _number(fact, one)) is not None)
            return " or ".join(f"{value} == {number}" for number in numbers) or "False"
        case YearsBefore(years=years):
            return f"ymd // 10000 - {value} == {years}"
        case Between(at_least=at_least, below=below):
            parts = [f"{value} >= {at_least}"] if at_least is not None else []
            parts += [f"{value} < {below}"] if below is not None else []
            return " and ".join(parts) or "True"


def _number(fact: Fact, value: bool | int | str) -> int | None:
    """The number that stands for the value in a block; None: nothing can stand for it."""
    if isinstance(value, bool) and fact.type is not FactType.FLAG:
        return None
    if not isinstance(value, str):
        return int(value)
    choices = INSURANCE_WORDS if fact.id == "insurance" else fact.choices
    return choices.index(value) if value in choices else None


def _all_of(parts: Sequence[_Asked]) -> _Asked:
    sure, unsure = _sorted(parts)
    plainly = f"({' and '.join(sure) or 'True'})"
    if not unsure:
        return _Asked(plainly)
    return _Asked(f"({_nested('min', unsure)} if {plainly} else 0)", sure=False)


def _any_of(parts: Sequence[_Asked]) -> _Asked:
    sure, unsure = _sorted(parts)
    plainly = f"({' or '.join(sure) or 'False'})"
    if not unsure:
        return _Asked(plainly)
    return _Asked(f"(2 if {plainly} else {_nested('max', unsure)})", sure=False)


def _nested(name: str, parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{name}({', '.join(parts)})"


def _sorted(parts: Iterable[_Asked]) -> tuple[list[str], list[str]]:
    sure = [part.text for part in parts if part.sure]
    return sure, [part.text for part in parts if not part.sure]


def _union(masks: Iterable[int]) -> int:
    union = 0
    for mask in masks:
        union |= mask
    return union
