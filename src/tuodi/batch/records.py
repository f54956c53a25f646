"""Between a block of columns and the engine's records: cases as columns, and one person of a block as a case again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np

from tuodi.batch.block import (
    INSURANCE_WORDS,
    SERVICE_WORDS,
    STATUS_WORDS,
    Block,
    Events,
    Items,
    Openings,
    Persons,
    Texts,
    coded,
    decoded,
    fact_kind,
)
from tuodi.batch.kernel import Ints
from tuodi.batch.layout import MISSING, KernelLayout
from tuodi.engine.bind import Bound
from tuodi.engine.case_fields import CaseFields, all_facts, known_fields
from tuodi.engine.record import Case, Event, FactValue, Item, Person, StatusPeriod
from tuodi.engine.situation import State
from tuodi.engine.timeline import OPEN
from tuodi.language.model import AMOUNTS, Fact


class FactsRead(NamedTuple):
    """The facts that a policy or its plan asks for: those of persons, of events and facilities, of items."""

    person: Mapping[str, Fact]
    event: Mapping[str, Fact]
    item: Mapping[str, Fact]


def facts_read(fields: CaseFields) -> FactsRead:
    """Of all that a case may tell, what is read."""
    asked = all_facts(fields.policy, fields.plan)

    def among(known: Mapping[str, Fact]) -> dict[str, Fact]:
        return {name: fact for name, fact in known.items() if name in asked}

    return FactsRead(
        among(fields.person_facts), among({**fields.facility_facts, **fields.event_facts}), among(fields.item_facts)
    )


def block_of(cases: Sequence[Case], bound: Bound, layout: KernelLayout, items: Sequence[str]) -> Block:
    """The cases, which are of the bound policy, as one block. `items`: the catalogues' items by number."""
    fields = facts_read(known_fields(bound.policy, bound.plan))
    persons = [case.person for case in cases]
    events = [event for case in cases for event in case.events]
    return Block(
        persons=_persons(persons, fields),
        events_of=_offsets(len(case.events) for case in cases),
        events=_events(events, fields),
        items=_items(events, fields),
        openings=openings_of([case.opening for case in cases], layout, items),
    )


def openings_of(states: Sequence[State], layout: KernelLayout, items: Sequence[str]) -> Openings:
    """The counts that persons bring along, by person."""
    number = {name: place for place, name in enumerate(items)}
    rows = [
        (family, layout.families[family].packed(key, number), layout.place_of(count), amount)
        for state in states
        for (count, key), amount in state.items()
        for family in [layout.family_of(count)]
    ]
    columns = np.array(rows, np.int64).reshape(len(rows), 4).T.copy()
    return Openings(
        openings_of=_offsets(map(len, states)), family=columns[0], key=columns[1], place=columns[2], amount=columns[3]
    )


def case_of(block: Block, person: int, bound: Bound, layout: KernelLayout, items: Sequence[str]) -> Case:
    """The person of the block with all events, as the engine settles them."""
    fields = facts_read(known_fields(bound.policy, bound.plan))
    first, last = int(block.events_of[person]), int(block.events_of[person + 1])
    return Case(
        policy=bound.policy.document.id,
        plan=bound.plan.document.id if bound.plan else None,
        parameters={},
        person=_person(block.persons, person, fields),
        events=tuple(_event(block, event, fields) for event in range(first, last)),
        opening=_opening(block.openings, person, layout, items),
    )


# ---- into columns ----------------------------------------------------------------------------------------------------


def _persons(persons: Sequence[Person], fields: FactsRead) -> Persons:
    periods = [period for person in persons for period in person.statuses]
    return Persons(
        ids=[person.id for person in persons],
        insurance=_ints([INSURANCE_WORDS.index(person.insurance) for person in persons], np.int8),
        birth=_ints([person.birth for person in persons], np.int32),
        facts=_facts(fields.person, [person.facts for person in persons]),
        statuses_of=_offsets(len(person.statuses) for person in persons),
        status=_ints([STATUS_WORDS.index(period.status) for period in periods], np.int8),
        start=_ints([period.start for period in periods], np.int64),
        end=_ints([OPEN if period.end is None else period.end for period in periods], np.int64),
        applied=_ints([period.applied_on for period in periods], np.int64),
    )


def _events(events: Sequence[Event], fields: FactsRead) -> Events:
    codes = [code for event in events for code in event.diagnoses]
    return Events(
        ids=[event.id for event in events],
        day=_ints([event.day for event in events], np.int32),
        service=_ints([SERVICE_WORDS.index(event.service) for event in events], np.int8),
        facts=_facts(fields.event, [event.facts for event in events]),
        disease=texts_of([event.disease for event in events]),
        codes_of=_offsets(len(event.diagnoses) for event in events) if codes else None,
        codes=texts_of(codes) if codes else None,
        amounts=tuple(_ints([event.amounts[place] for event in events], np.int64) for place in range(len(AMOUNTS))),
    )


def _items(events: Sequence[Event], fields: FactsRead) -> Items:
    items = [item for event in events for item in event.items]
    return Items(
        items_of=_offsets(len(event.items) for event in events),
        item=texts_of([item.item for item in items]),
        burden=_ints([item.personal for item in items], np.int64),
        facts=_facts(fields.item, [item.facts for item in items]),
    )


def _facts(known: Mapping[str, Fact], rows: Sequence[Mapping[str, FactValue]]) -> dict[str, Ints]:
    return {name: _ints([coded(fact, row.get(name)) for row in rows], fact_kind(fact)) for name, fact in known.items()}


def texts_of(texts: Sequence[str | None]) -> Texts:
    """A column of texts, each different one once."""
    different = {text: place for place, text in enumerate(dict.fromkeys(text for text in texts if text is not None))}
    places = [MISSING if text is None else different[text] for text in texts]
    return Texts(place=np.array(places, np.int32), texts=tuple(different))


def _ints(values: Sequence[int | None], kind: type[np.signedinteger[Any]]) -> Ints:
    return np.array([MISSING if value is None else value for value in values], kind)


def _offsets(sizes: Iterable[int]) -> Ints:
    return np.array([0, *accumulate(sizes)], np.int64)


# ---- back to records -------------------------------------------------------------------------------------------------


def _person(persons: Persons, place: int, fields: FactsRead) -> Person:
    birth = int(persons.birth[place])
    return Person(
        str(persons.ids[place]),
        INSURANCE_WORDS[persons.insurance[place]],
        None if birth == MISSING else birth,
        tuple(_period(persons, row) for row in range(persons.statuses_of[place], persons.statuses_of[place + 1])),
        _values(fields.person, persons.facts, place),
    )


def _period(persons: Persons, row: int) -> StatusPeriod:
    end, applied = int(persons.end[row]), int(persons.applied[row])
    return StatusPeriod(
        STATUS_WORDS[persons.status[row]],
        int(persons.start[row]),
        None if end == OPEN else end,
        None if applied == MISSING else applied,
    )


def _event(block: Block, place: int, fields: FactsRead) -> Event:
    events = block.events
    day = date.fromordinal(int(events.day[place]))
    return Event(
        str(events.ids[place]),
        day.toordinal(),
        day.year * 10000 + day.month * 100 + day.day,
        SERVICE_WORDS[events.service[place]],
        _values(fields.event, events.facts, place),
        _text(events.disease, place),
        _codes(events, place),
        tuple(None if column[place] == MISSING else int(column[place]) for column in events.amounts),
        tuple(_item(block.items, row, fields) for row in _rows(block.items.items_of, place)),
    )


def _item(items: Items, row: int, fields: FactsRead) -> Item:
    facts = _values(fields.item, items.facts, row)
    said = {name: value for name, value in facts.items() if value is not None}
    return Item(_text(items.item, row) or "", int(items.burden[row]), said)


def _codes(events: Events, place: int) -> tuple[str, ...]:
    if events.codes is None or events.codes_of is None:
        return ()
    return tuple(events.codes.texts[events.codes.place[row]] for row in _rows(events.codes_of, place))


def _values(known: Mapping[str, Fact], facts: Mapping[str, Ints], place: int) -> dict[str, FactValue]:
    return {name: decoded(fact, int(facts[name][place])) if name in facts else None for name, fact in known.items()}


def _text(column: Texts, row: int) -> str | None:
    place = column.place[row]
    return None if place == MISSING else column.texts[place]


def _rows(offsets: Ints, place: int) -> range:
    return range(int(offsets[place]), int(offsets[place + 1]))


def _opening(openings: Openings, person: int, layout: KernelLayout, items: Sequence[str]) -> State:
    state: State = {}
    for row in _rows(openings.openings_of, person):
        family = layout.families[openings.family[row]]
        key = family.unpacked(int(openings.key[row]), items)
        state[family.counts[openings.place[row]], key] = int(openings.amount[row])
    return state
