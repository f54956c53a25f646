"""From a person and an event to the facts that the rules ask for: one word of bits, a key for each scope, columns.

All that concerns dates, statuses, classes, lists and missing facts is decided here, once an event, and nothing of it
afterwards. The work is done by a function that is written for the program (`fact_text`) and compiled once.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from tuodi.engine.bind import Bound
from tuodi.engine.diseases import NO_MATCH
from tuodi.engine.fact_ground import fact_ground
from tuodi.engine.fact_text import fact_source, service_word
from tuodi.engine.record import Event, Person
from tuodi.engine.situation import ItemSituation, Situation
from tuodi.engine.timeline import Span
from tuodi.language.model import SERVICES


class PersonFacts(NamedTuple):
    """A person, and when each of the statuses that the policy asks for holds: the same for all events of a case."""

    person: Person
    spans: tuple[Span, ...]


class FactReader:
    """Reads the facts of events for one bound program.

    `situation(person_facts, event)` gives the word, what of it cannot be told, the columns, and the keys of the counts.
    Bits that hang on counts are left 0.
    """

    __slots__ = ("_timeline", "situation", "source")

    situation: Callable[[PersonFacts, Event], Situation]

    def __init__(self, bound: Bound) -> None:
        program = bound.program
        ground = fact_ground(program, bound.policy, bound.plan)
        self.source = fact_source(program, ground)
        self._timeline = ground.timeline
        self.situation = _maker(self.source)(
            services={service: service_word(program, service, bound.constant_word) for service in SERVICES},
            match=ground.diseases.match,
            no_match=NO_MATCH,
            item_of=ground.items.item,
            earliest=ground.timeline.earliest,
            Situation=Situation,
            ItemSituation=ItemSituation,
            new=tuple.__new__,
        )

    def person(self, person: Person) -> PersonFacts:
        """The person's facts that do not change from event to event."""
        return PersonFacts(person, self._timeline.spans(person.statuses))


@lru_cache(maxsize=256)
def _maker(source: str) -> Callable[..., Any]:
    names: dict[str, Any] = {}
    exec(compile(source, "<tuodi facts>", "exec"), names)
    make: Callable[..., Any] = names["make"]
    return make
