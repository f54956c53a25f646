"""The facts of an event as Python source: what sets every bit of the word, for a stream of events.

A test is asked in three values: 0 no, 1 cannot be told because a fact is missing, 2 yes; where it can always be told it
is a plain truth. In the source `held` are the slots of the timeline that hold on the day, `live` those of them that
are in force, `word` and `unknown` what the situation will have. A bit of which the counts decide is left 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

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

CLASS = "class:"
ITEM_COUNTS = "item_counts:"


def fact_source(program: Program, ground: FactGround) -> str:
    """A module with `make(services, match, no_match, item_of, earliest, Situation, ItemSituation, new)`.

    It gives `situation(person_facts, event)`. `services`: the word that each service begins with.
    """
    return _FactText(program=program, ground=ground).source()


def service_word(program: Program, service: str, constant_word: int) -> int:
    """What the service alone sets, with the bits that never change."""
    bits = (bit for bit in program.bits if isinstance(bit.test, ServiceIn) and service in bit.test.services)
    return constant_word | sum(bit.mask for bit in bits)


class _Asked(NamedTuple):
    """An expression of the source. `sure`: a truth; else 0, 1 or 2."""

    text: str
    sure: bool = True


@dataclass(slots=True, kw_only=True)
class _FactText:
    """The source as it is being written; what its lines turn out to need is written above them at the end."""

    program: Program
    ground: FactGround
    lines: list[str] = field(default_factory=list)
    depth: int = 2
    needed: dict[str, str] = field(default_factory=dict)  # name -> the line that makes it
    needed_of_item: dict[str, str] = field(default_factory=dict)
    in_class: bool = False
    in_item: bool = False

    def source(self) -> str:
        """The module's text."""
        self.write("word = services[service]", "unknown = 0")
        self.statuses()
        for name, ways in self.ground.ways.items():
            self.person_class(name, ways)
        self.in_force()
        for bit in self.program.bits:
            if bit.test is not None and not bit.per_item and not isinstance(bit.test, ServiceIn):
                self.bit(bit, bit.test, "word")
        self.items()
        columns, years, recognition = self.columns(), self.years(), "recognition" if self.keyed else "0"
        parts = f"word, unknown, {columns}, ymd // 10000, {recognition}, {years}, items"
        self.write(f"return new(Situation, ({parts}))")
        opening = [f"  {line}" for line in (*_OPENING, *self.needed.values())]
        return "\n".join([*_MAKE, *opening, *self.lines, " return situation"]) + "\n"

    @property
    def keyed(self) -> bool:
        """Whether a count is kept by recognition."""
        return any(Scope.RECOGNITION in count.per for count in self.program.counts.values())

    # ---- writing ----

    def write(self, *lines: str) -> None:
        """The lines at the present depth."""
        self.lines += [f"{' ' * self.depth}{line}" for line in lines]

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """A line that opens a block, and what is written inside it."""
        self.write(head)
        self.depth += 1
        yield
        self.depth -= 1

    def need(self, name: str, line: str) -> str:
        """The name, after the line that makes it."""
        self.needed[name] = line
        return name

    def mask(self, bit_id: str) -> int:
        """The mask of a built-in bit."""
        return self.program.bit(bit_id).mask

    # ---- persons on the day ----

    def statuses(self) -> None:
        """`held`, `live`, and the bit of the day itself."""
        timeline = self.ground.timeline
        self.write("held = 0")
        with self.block("for start, end, mask, key in spans:"):
            self.write("if start <= day < end: held |= mask")
        until = f" < {timeline.end}" if timeline.end != OPEN else ""
        self.write(f"today = {timeline.start} <= day{until}")
        with self.block("if today:"):
            self.write(f"word |= {self.mask('day_in_force') | self.mask('in_force')}", "live = held")
        with self.block("else:"):
            self.write(f"live = held >> {timeline.size}")
        if self.ground.first_class:
            self.write("free = 2")
        if self.keyed:
            self.write("recognition = 0")

    def person_class(self, name: str, ways: Sequence[Way]) -> None:
        """The class's bit: held and in force; in `first_class` also that no class before it holds (`free`, 0 to 2)."""
        every = _union(way.slots for way in ways)
        with self.block(f"if {'free and ' if self.ground.first_class else ''}held & {every}:"):
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
                with self.block(f"if held & {way.slots}:"):
                    self.write(f"told = {self.told(AllOf(tests=way.tests))}")
                    self.write(f"if told: maybe |= {way.slots}", f"if told == 2: sure |= {way.slots}")
        self.in_class = False

    def settled_class(self, name: str, sure: str, maybe: str) -> None:
        """Sets the bit, and `free` for the classes after it."""
        mask = self.mask(f"{CLASS}{name}")
        with self.block(f"if live & {sure}{' and free == 2' if self.ground.first_class else ''}:"):
            self.write(f"word |= {mask}")
            if self.keyed and name in self.ground.keys_by:
                self.write(f"recognition = recognition or earliest(spans, day, today, {sure})")
        if sure != maybe or self.ground.first_class:
            self.write(f"elif live & {maybe}: unknown |= {mask}")
        if self.ground.first_class:
            self.write(f"if held & {sure}: free = 0", f"elif held & {maybe}: free = 1")

    def in_force(self) -> None:
        """In force: the day, or a class that holds by a reach-back in force."""
        classes = _union(self.mask(f"{CLASS}{name}") for name in self.ground.ways)
        mask = self.mask("in_force")
        self.write(f"if word & {classes}: word |= {mask}", f"elif unknown & {classes} and not word & {mask}:")
        self.write(f" unknown |= {mask}")

    # ---- bits ----

    def bit(self, bit: Bit, test: Test, word: str) -> None:
        """Sets the bit in the word, or in `unknown`."""
        if _hangs_on_counts(test):
            return
        asked = self.ask(test)
        if asked.sure:
            self.write(f"if {asked.text}: {word} |= {bit.mask}")
        else:
            self.write(f"told = {asked.text}", f"if told == 2: {word} |= {bit.mask}")
            self.write(f"elif told: unknown |= {bit.mask}")

    def told(self, test: Test) -> str:
        """The test in three values."""
        asked = self.ask(test)
        return f"2 if {asked.text} else 0" if asked.sure else asked.text

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
                return _Asked(f"service in {_literal(services)}")
            case StatusIn(statuses=statuses):
                slots = _union(self.ground.timeline.bits[status, None] for status in statuses)
                return _Asked(f"(held & {slots})")
            case Since(day=day):
                return _Asked(f"day >= {day.toordinal()}")
            case ClassIn(classes=classes):
                return self.ask_class(classes)
            case _:
                assert isinstance(test, DiseaseIn), "what hangs on counts is no fact of an event"
                return self.ask_disease(test.lists)

    def ask_class(self, classes: Iterable[str]) -> _Asked:
        """A class that is settled; among the tests of classes themselves, one that holds."""
        if not self.in_class:
            mask = _union(self.mask(f"{CLASS}{name}") for name in classes)
            return _Asked(f"(2 if word & {mask} else 1 if unknown & {mask} else 0)", sure=False)
        ways = [way for name in sorted(classes) for way in self.ground.ways[name]]
        return _any_of([_all_of([_Asked(f"(held & {way.slots})"), *map(self.ask, way.tests)]) for way in ways])

    def ask_disease(self, lists: Iterable[str]) -> _Asked:
        """The lists that name the disease, or would if the age were known."""
        mask = self.ground.diseases.mask(lists)
        self.find_disease()
        if not self.ground.diseases.asks_age:
            return _Asked(f"(lists & {mask})")
        return _Asked(f"(2 if lists & {mask} else 1 if perhaps & {mask} else 0)", sure=False)

    def find_disease(self) -> None:
        """`lists`, `named`, `perhaps`, `perhaps_named`: what the event's disease matches, once an event."""
        self.need("found", "found = match(disease, diagnoses) if disease is not None or diagnoses else no_match")
        if self.ground.diseases.asks_age:
            self.need("young", f"if found.young: found = found.at({self.value(self.ground.facts['age'])})")
        self.need("lists", "lists, named, _, perhaps, perhaps_named = found")

    # ---- facts ----

    def ask_fact(self, test: Is | Between | Given | YearsBefore) -> _Asked:
        """A test of one fact. A missing one cannot be told; one that is left open by its default is just not so."""
        fact = self.ground.facts[test.fact]
        value = self.value(fact)
        if isinstance(test, Given):
            return _Asked(f"{value} is not None")
        condition = _condition(test, value)
        if fact.id in _ALWAYS_GIVEN or fact.has_default:
            return _Asked(f"({condition})" if isinstance(test, Is) else f"({value} is not None and {condition})")
        return _Asked(f"(1 if {value} is None else 2 if {condition} else 0)", sure=False)

    def value(self, fact: Fact) -> str:
        """The local variable that holds the fact."""
        if fact.id == "insurance":
            return "insurance"
        if fact.id == "age":
            return self.need("age", "age = None if birth is None else (ymd - birth) // 10000")
        if fact.id == "month":
            return self.need("month", "month = ymd // 100 % 100")
        place = list(self.ground.facts).index(fact.id)
        if fact.source is FactSource.PERSON:
            return self.need(f"p{place}", f"p{place} = of_person[{fact.id!r}]")
        of_event = self.need(f"f{place}", f"f{place} = facts[{fact.id!r}]")
        if not (self.in_item and fact.source is FactSource.ITEM):
            return of_event
        self.needed_of_item[f"i{place}"] = f"i{place} = of_item.get({fact.id!r}, {of_event})"
        return f"i{place}"

    # ---- items ----

    def items(self) -> None:
        """`items`: each catalogue item with its own word."""
        if not self.ground.catalogues:
            self.write("items = ()")
            return
        bits = [bit for bit in self.program.bits if bit.per_item]
        self.write("items = []")
        with self.block("for text, personal, of_item in event_items:"):
            place = len(self.lines)
            self.write("name, counts_for = item_of(text)", "item_word = word")
            self.in_item = True
            for bit in bits:
                self.item_bit(bit)
            self.in_item = False
            self.write("items.append(new(ItemSituation, (name, item_word, personal)))")
            self.lines[place:place] = [f"{' ' * self.depth}{line}" for line in self.needed_of_item.values()]
        self.write("items = tuple(items)")

    def item_bit(self, bit: Bit) -> None:
        """A bit of the item: its own test, or that the catalogue has it for one of the event's diseases."""
        if bit.test is not None:
            self.bit(bit, bit.test, "item_word")
        elif bit.id.startswith(ITEM_COUNTS):
            self.find_disease()
            catalogue = list(self.ground.catalogues).index(bit.id.removeprefix(ITEM_COUNTS))
            self.write(f"if not counts_for[{catalogue}].isdisjoint(named): item_word |= {bit.mask}")
            self.write(f"elif not counts_for[{catalogue}].isdisjoint(perhaps_named): unknown |= {bit.mask}")

    # ---- numbers ----

    def columns(self) -> str:
        """The amounts, and the numbers among the facts; a layer computed here has no number yet."""
        facts = self.ground.facts
        others = [self.value(facts[name]) if name in facts else "None" for name in self.program.columns[len(AMOUNTS) :]]
        return f"amounts + ({', '.join(others)},)" if others else "amounts"

    def years(self) -> str:
        """The years that key counts and tallies, by fact."""
        pairs = [f"{name!r}: {self.value(self.ground.facts[name])}" for name in self.program.year_facts]
        return f"{{{', '.join(pairs)}}}"


_MAKE = (
    "def make(services, match, no_match, item_of, earliest, Situation, ItemSituation, new):",
    " def situation(person_facts, event):",
)
_OPENING = (
    "(_, insurance, birth, _, of_person), spans = person_facts",
    "_, day, ymd, service, facts, disease, diagnoses, amounts, event_items = event",
)
_ALWAYS_GIVEN = frozenset({"insurance", "month"})


def _hangs_on_counts(test: Test) -> bool:
    match test:
        case Reached():
            return True
        case Not(test=inner):
            return _hangs_on_counts(inner)
        case AllOf(tests=tests) | AnyOf(tests=tests):
            return any(_hangs_on_counts(inner) for inner in tests)
    return False


def _condition(test: Is | Between | YearsBefore, value: str) -> str:
    """The test of a fact that is there."""
    match test:
        case Is(values=values) if values <= {True, False} and all(isinstance(one, bool) for one in values):
            return " or ".join(f"{value} is {one}" for one in sorted(values)) or "False"
        case Is(values=values):
            return f"{value} in {_literal(values)}"
        case YearsBefore(years=years):
            return f"ymd // 10000 - {value} == {years}"
        case _:
            least = f"{test.at_least} <= " if test.at_least is not None else ""
            most = f" < {test.below}" if test.below is not None else ""
            return f"{least}{value}{most}"


def _literal(values: Iterable[bool | int | str]) -> str:
    return f"({', '.join(sorted(map(repr, values)))},)"


def _all_of(parts: Sequence[_Asked]) -> _Asked:
    sure, unsure = _sorted(parts)
    plainly = f"({' and '.join(sure) or 'True'})"
    if not unsure:
        return _Asked(plainly)
    least = unsure[0] if len(unsure) == 1 else f"min({', '.join(unsure)})"
    return _Asked(f"({least} if {plainly} else 0)", sure=False)


def _any_of(parts: Sequence[_Asked]) -> _Asked:
    sure, unsure = _sorted(parts)
    plainly = f"({' or '.join(sure) or 'False'})"
    if not unsure:
        return _Asked(plainly)
    most = unsure[0] if len(unsure) == 1 else f"max({', '.join(unsure)})"
    return _Asked(f"(2 if {plainly} else {most})", sure=False)


def _sorted(parts: Iterable[_Asked]) -> tuple[list[str], list[str]]:
    sure = [part.text for part in parts if part.sure]
    return sure, [part.text for part in parts if not part.sure]


def _union(masks: Iterable[int]) -> int:
    union = 0
    for mask in masks:
        union |= mask
    return union
