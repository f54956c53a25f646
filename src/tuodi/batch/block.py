"""Some persons with their statuses and events, as columns: what is read, settled and written at one time.

Whole numbers throughout: days are ordinals, words are places in the closed lists of the case format, flags 0 or 1,
money is fen. `MISSING` is "not given", as null is in a case; what a default means is filled in before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tuodi.batch.kernel import Ints
from tuodi.batch.layout import MISSING
from tuodi.engine.timeline import OPEN
from tuodi.language.model import INSURANCES, SERVICES, STATUSES, Fact, FactType

INSURANCE_WORDS = tuple(INSURANCES)
SERVICE_WORDS = tuple(SERVICES)
STATUS_WORDS = tuple(STATUSES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Persons:
    """By person; `birth` as 19500101. Statuses in listing order: a word, from <= day < to (OPEN), application."""

    ids: Any  # sequence of texts or numbers, in Arrow or plain
    insurance: Ints
    birth: Ints
    facts: Mapping[str, Ints]
    statuses_of: Ints
    status: Ints
    start: Ints
    end: Ints
    applied: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """A column of texts: a place in `texts` for each row, or `MISSING`."""

    place: Ints
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Events:
    """By event, in the order in which they count. `facts`: of event and facility; `amounts`: the seven of the format.

    `codes_of` offsets into `codes`, the diagnoses; both None where the input has no such column.
    """

    ids: Any
    day: Ints
    service: Ints
    facts: Mapping[str, Ints]
    disease: Texts
    codes_of: Ints | None
    codes: Texts | None
    amounts: tuple[Ints, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """Catalogue items of events, in order; `facts`: only what the item says itself."""

    items_of: Ints
    item: Texts
    burden: Ints
    facts: Mapping[str, Ints]


@dataclass(frozen=True, slots=True, kw_only=True)
class Openings:
    """Counts that persons bring along: family, packed key, place in the family, amount."""

    openings_of: Ints
    family: Ints
    key: Ints
    place: Ints
    amount: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Persons, and the events of each: `events_of` has one entry more than there are persons."""

    persons: Persons
    events_of: Ints
    events: Events
    items: Items
    openings: Openings

    @property
    def size(self) -> int:
        """How many events."""
        return len(self.events.day)


def no_items(events: int) -> Items:
    """Of events that name none."""
    none = np.empty(0, np.int32)
    offsets = np.zeros(events + 1, np.int64)
    return Items(items_of=offsets, item=Texts(place=none, texts=()), burden=np.empty(0, np.int64), facts={})


def no_openings(persons: int) -> Openings:
    """Of persons who bring no counts along."""
    none = np.empty(0, np.int64)
    return Openings(openings_of=np.zeros(persons + 1, np.int64), family=none, key=none, place=none, amount=none)


def coded(fact: Fact, value: bool | int | str | None) -> int:
    """The fact's value as the number that a block holds."""
    if value is None:
        return MISSING
    return fact.choices.index(value) if isinstance(value, str) else int(value)


def decoded(fact: Fact, number: int) -> bool | int | str | None:
    """The value that the number stands for."""
    if number == MISSING:
        return None
    match fact.type:
        case FactType.FLAG:
            return bool(number)
        case FactType.CHOICE:
            return fact.choices[number]
    return number


def fact_kind(fact: Fact) -> type[np.signedinteger[Any]]:
    """The width in which a block holds the fact."""
    match fact.type:
        case FactType.FLAG | FactType.CHOICE:
            return np.int8
        case FactType.MONEY:
            return np.int64
    return np.int32


__all__ = [
    "INSURANCE_WORDS",
    "OPEN",
    "SERVICE_WORDS",
    "STATUS_WORDS",
    "Block",
    "Events",
    "Items",
    "Openings",
    "Persons",
    "Texts",
    "coded",
    "decoded",
    "fact_kind",
    "no_items",
    "no_openings",
]
