"""Days of a hospital in made-up time: each day's treatments on that day, its reconciliation in the evening.

For whoever answers at the moment that he is told, as a platform in the same process. Messages are not signed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from tuodi.gateway.hospital.asked import Asked, Hospital, Patient
from tuodi.gateway.hospital.run import run
from tuodi.gateway.hospital.told import Told
from tuodi.gateway.national.fields import CHINA

Answer = Callable[[bytes, datetime], bytes]
"""The answer to a message at a moment. An OSError is an unknown outcome."""

COUNTER_OPENS = 18
"""The hour from which the day's treatments are settled: all of them are over by then."""


def play(
    *,
    institution: Hospital,
    persons: Sequence[Patient],
    first_day: date,
    days: int,
    send: Answer,
    seed: int = 1,
    visits_a_day: int = 10,
) -> Told:
    """What came of those days."""
    told = Told()
    for number in range(days):
        asked = Asked(
            hospital=institution, patients=tuple(persons), seed=seed * 1_000 + number,
            first_day=first_day + timedelta(days=number), visits_a_day=visits_a_day,
        )  # fmt: skip
        told.add(_day(asked, send))
    return told


def _day(asked: Asked, send: Answer) -> Told:
    clock = Clock(time=datetime.combine(asked.first_day, time(COUNTER_OPENS), CHINA))

    def at_once(body: bytes, headers: Mapping[str, str]) -> bytes:  # noqa: ARG001
        return send(body, clock.time)

    return run(asked, at_once, lambda _: {}, clock)


@dataclass(slots=True, kw_only=True)
class Clock:
    """A second passes each time that somebody asks."""

    time: datetime

    def __call__(self) -> datetime:
        """The time, a second later than before."""
        self.time += timedelta(seconds=1)
        return self.time
