"""From a block of persons and events to what the compiled program asks for: words, keys, columns.

The twin of `engine.facts` for millions of events, and equal to it on each. Texts (diseases, codes, items) are looked up
once for each different one of a block, in the engine's own books.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from tuodi.batch import loop
from tuodi.batch.block import SERVICE_WORDS, Block
from tuodi.batch.compiled import frozen
from tuodi.batch.facts_text import (
    WIDEST_MASK,
    derived_columns,
    event_facts_read,
    facts_source,
    item_facts_read,
    person_facts_read,
)
from tuodi.batch.kernel import Inputs, Ints
from tuodi.batch.layout import MISSING
from tuodi.batch.loop import Say
from tuodi.batch.spans import days_between, slot_tables, spans_of
from tuodi.core.finding import Faults, Finding
from tuodi.engine.bind import Bound
from tuodi.engine.diseases import Match, Named
from tuodi.engine.fact_ground import fact_ground
from tuodi.engine.fact_text import service_word
from tuodi.language.model import AMOUNTS


class BlockReader:
    """Reads the facts of blocks for one bound program; any number of threads may do so at once.

    `items`: the catalogues' items by number. Raises Faults where the policy has too many lists for a mask.
    """

    __slots__ = ("_event_facts", "_ground", "_item_facts", "_loop", "_number", "_person_facts", "_program", "_services",
                 "_slots", "items")  # fmt: skip

    def __init__(self, bound: Bound, on_compile: Say | None = None, folder: Path | None = None) -> None:
        program = bound.program
        ground = self._ground = fact_ground(program, bound.policy, bound.plan)
        if max(len(ground.diseases.bits), 2 * ground.timeline.size) > WIDEST_MASK:
            raise Faults([_too_many(program.policy_id)])
        self._program = program
        self._slots = slot_tables(ground.timeline)
        self._services = np.array(
            [service_word(program, service, bound.constant_word) for service in SERVICE_WORDS], np.int64
        )
        entries = (entry.item for catalogue in ground.catalogues.values() for entry in catalogue.entries)
        self.items = tuple(dict.fromkeys(entries))
        self._number = {name: number for number, name in enumerate(self.items)}
        self._person_facts = person_facts_read(ground)
        self._event_facts = event_facts_read(ground)
        self._item_facts = item_facts_read(ground)
        self._loop = loop.Loop(facts_source(program, ground), on_compile, folder)

    def read(self, block: Block) -> Inputs:
        """What the kernel settles. Amounts stay as wide as they are; the other columns are made as wide."""
        listed = len(block.items.item.place)
        out = _Out.of(block.size, listed, len(derived_columns(self._program)))
        matches = _matches(block, self._ground.diseases.match)
        counts = self._item_matches(block, matches)
        spans = spans_of(block.persons, self._slots)
        days, first_day = _days(block.events.day)
        facts = _columns(block.events.facts[name] for name in self._event_facts)
        own = _columns(block.items.facts.get(name, np.full(listed, MISSING, np.int8)) for name in self._item_facts)
        of_person = _columns(block.persons.facts[name] for name in self._person_facts)
        persons, events = block.persons, block.events
        arguments = (
            *(0, len(block.events_of) - 1, block.events_of, events.day, events.service, days, first_day),
            *(persons.insurance, persons.birth, of_person, facts, matches.of_event, matches.lists, *matches.young),
            *(*spans, block.items.items_of, own, *counts, self._services),
        )
        unknown = self._loop((*map(_frozen, arguments), *out))
        return self._inputs(block, out, unknown != 0)

    def _inputs(self, block: Block, out: _Out, unknown: bool) -> Inputs:
        derived = dict(zip(derived_columns(self._program), out.extra, strict=True))
        facts = {**block.events.facts, **derived}
        width = np.result_type(*block.events.amounts)
        absent = np.full(block.size, MISSING, width)
        columns = [column.astype(width, copy=False) for column in block.events.amounts]
        columns += [_fitted(facts[name], width) if name in facts else absent for name in self._program.columns[_SEVEN:]]
        if width == np.int32 and any(column.dtype != width for column in columns):
            columns = [column.astype(np.int64) for column in columns]
        items = [self._number.get(self._ground.items.item(text).name, MISSING) for text in block.items.item.texts]
        openings = block.openings
        return Inputs(
            events_of=block.events_of,
            word=out.word,
            unknown=out.unknown if unknown else np.zeros(1, np.int64),
            year=out.year,
            recognition=out.recognition,
            years=tuple(facts[name].astype(np.int32) for name in self._program.year_facts) or (np.empty(0, np.int32),),
            columns=tuple(columns),
            items_of=block.items.items_of,
            item=_taken(items, block.items.item.place),
            item_word=out.item_word,
            burden=block.items.burden,
            openings_of=openings.openings_of,
            opening_family=openings.family,
            opening_key=openings.key,
            opening_place=openings.place,
            opening_amount=openings.amount,
        )

    def _item_matches(self, block: Block, matches: _Matches) -> tuple[Ints, Ints]:
        """By catalogue and item: whether it counts for the disease, and below which age it would (0: none)."""
        texts, place = block.items.item.texts, block.items.item.place
        names = len(self._ground.catalogues)
        counts, below = np.zeros((names, len(place)), np.bool_), np.zeros((names, len(place)), np.int64)
        if len(place):
            owner = np.repeat(np.arange(block.size), np.diff(block.items.items_of))
            pairs = matches.of_event[owner].astype(np.int64) * len(texts) + place
            different, back = np.unique(pairs, return_inverse=True)
            for catalogue in range(names):
                found = [self._counts(matches.found[pair // len(texts)], texts[pair % len(texts)], catalogue)
                         for pair in different]  # fmt: skip
                counts[catalogue] = np.array([certain for certain, _ in found])[back]
                below[catalogue] = np.array([age for _, age in found])[back]
        return counts, below

    def _counts(self, match: Match, text: str, catalogue: int) -> tuple[bool, int]:
        diseases: Named = self._ground.items.item(text).diseases[catalogue]
        ages = [young.below for young in match.young if not diseases.isdisjoint(young.named)]
        return not diseases.isdisjoint(match.named), max(ages, default=0)


class _Out(NamedTuple):
    """What the loop writes."""

    word: Ints
    unknown: Ints
    year: Ints
    recognition: Ints
    item_word: Ints
    extra: Ints

    @classmethod
    def of(cls, events: int, listed: int, derived: int) -> _Out:
        """Room for so many events, items and derived columns."""
        return cls(
            word=np.empty(events, np.int64),
            unknown=np.empty(events, np.int64),
            year=np.empty(events, np.int16),
            recognition=np.empty(events, np.int32),
            item_word=np.empty(listed, np.int64),
            extra=np.empty((derived, events), np.int64),
        )


# ---- diseases --------------------------------------------------------------------------------------------------------


class _Matches(NamedTuple):
    """What each event's disease and codes match: a place in the tables; `young` are offsets, ages and lists."""

    of_event: Ints
    found: Sequence[Match]
    lists: Ints
    young: tuple[Ints, Ints, Ints]


def _matches(block: Block, match: object) -> _Matches:
    assert callable(match)
    disease, codes = block.events.disease, block.events.codes
    if codes is None or block.events.codes_of is None:
        of_event = np.where(disease.place < 0, len(disease.texts), disease.place).astype(np.int32)
        asked: Iterable[tuple[str | None, tuple[str, ...]]] = [(text, ()) for text in (*disease.texts, None)]
    else:
        of_event, asked = _with_codes(block)
    found = [match(*one) for one in asked]
    young = [entry for one in found for entry in one.young]
    return _Matches(
        of_event,
        found,
        np.array([one.lists for one in found], np.int64),
        (
            np.cumsum([0, *(len(one.young) for one in found)], dtype=np.int64),
            np.array([entry.below for entry in young], np.int64),
            np.array([entry.lists for entry in young], np.int64),
        ),
    )


def _with_codes(block: Block) -> tuple[Ints, list[tuple[str | None, tuple[str, ...]]]]:
    """Each different pair of a certified name and codes; most events have one code, and these are told at once."""
    disease, codes, codes_of = block.events.disease, block.events.codes, block.events.codes_of
    assert codes is not None and codes_of is not None
    sizes = np.diff(codes_of)
    single = np.full(block.size, MISSING, np.int64)
    one = sizes == 1
    single[one] = codes.place[codes_of[:-1][one]]
    keys = disease.place.astype(np.int64) * (len(codes.texts) + 1) + single
    different, of_event = np.unique(keys, return_inverse=True)
    of_event = of_event.astype(np.int32)
    asked = [
        (_text(disease.texts, disease.place[first]), _text_alone(codes.texts, single[first]))
        for first in _first_of(of_event, len(different))
    ]
    known: dict[tuple[str | None, tuple[str, ...]], int] = {}
    for event in np.flatnonzero(sizes > 1):
        several = tuple(codes.texts[place] for place in codes.place[codes_of[event] : codes_of[event + 1]])
        pair = (_text(disease.texts, disease.place[event]), several)
        if pair not in known:
            known[pair] = len(asked)
            asked.append(pair)
        of_event[event] = known[pair]
    return of_event, asked


def _first_of(places: Ints, size: int) -> Ints:
    first = np.empty(size, np.int64)
    first[places[::-1]] = np.arange(len(places) - 1, -1, -1)
    return first


def _text(texts: Sequence[str], place: int) -> str | None:
    return texts[place] if place >= 0 else None


def _text_alone(texts: Sequence[str], place: int) -> tuple[str, ...]:
    return (texts[place],) if place >= 0 else ()


# ---- helpers ---------------------------------------------------------------------------------------------------------

_SEVEN = len(AMOUNTS)


def _days(day: Ints) -> tuple[Ints, int]:
    """Every day of the block as 20230510, and the first of them."""
    if not len(day):
        return np.zeros(1, np.int32), 0
    first = int(day.min())
    return days_between(first, int(day.max())), first


def _frozen(argument: Any) -> Any:
    if isinstance(argument, tuple):
        return tuple(map(frozen, argument))
    return frozen(argument) if isinstance(argument, np.ndarray) else argument


def _columns(columns: Iterable[Ints]) -> tuple[Ints, ...]:
    """The columns as the compiled loop takes them: at least one."""
    return tuple(columns) or (np.empty(0, np.int8),)


def _fitted(column: Ints, width: np.dtype[np.signedinteger]) -> Ints:
    """The column as narrow as asked, where its numbers allow it."""
    if width == np.int32 and len(column) and column.max() > np.iinfo(np.int32).max:
        return column.astype(np.int64)
    return column.astype(width, copy=False)


def _taken(numbers: Sequence[int], place: Ints) -> Ints:
    return np.array([*numbers, MISSING], np.int16)[place]


def _too_many(policy_id: str) -> Finding:
    return Finding(
        code="masks-too-wide",
        message=f"政策 {policy_id} 的名单或身份超过批量结算的 {WIDEST_MASK} 项",
        remedy="逐件结算（tuodi settle）不受此限；或合并名单",
    )
