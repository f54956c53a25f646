"""What one line of a case file says, once it has been read: one person, one policy, that person's events in order.

Days are proleptic ordinals and, where ages and months are asked for, whole numbers like 20230510. Money is in fen.
These are named tuples because one is built for every event of files with millions of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from tuodi.engine.situation import State

FactValue = bool | int | str | None
"""Of a fact: true or false, a whole number, fen, a choice; None is "not given"."""


class StatusPeriod(NamedTuple):
    """What a department has recognised a person as, on the days start <= day < end (None: open)."""

    status: str
    start: int
    end: int | None
    applied_on: int | None


class Person(NamedTuple):
    """`birth` as 19500101. `facts`: every fact of a person that the policy declares, defaults filled in."""

    id: str
    insurance: str
    birth: int | None
    statuses: tuple[StatusPeriod, ...]
    facts: Mapping[str, FactValue]


class Item(NamedTuple):
    """A catalogue item as the case writes it, and what the person still bears of it; `facts`: only its own."""

    item: str
    personal: int
    facts: Mapping[str, FactValue]


class Event(NamedTuple):
    """One bill, application or grant. `facts`: of event and facility, and items at large, defaults filled in.

    `amounts` are the seven of the case format in its order; None is for the insurance plan to compute.
    """

    id: str
    day: int
    ymd: int
    service: str
    facts: Mapping[str, FactValue]
    disease: str | None
    diagnoses: tuple[str, ...]
    amounts: tuple[int | None, ...]
    items: tuple[Item, ...]

    @property
    def date(self) -> date:
        """The day as a date."""
        return date.fromordinal(self.day)

    @property
    def year(self) -> int:
        """The calendar year of the day."""
        return self.ymd // 10000


class Case(NamedTuple):
    """`parameters` as given: `engine.bind` types them. `opening`: counts that the person brings along, by key."""

    policy: str
    plan: str | None
    parameters: Mapping[str, object]
    person: Person
    events: tuple[Event, ...]
    opening: State
