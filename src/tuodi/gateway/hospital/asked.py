"""What a simulated hospital is told: who it is, whom it treats, for how long, and how to reach the platform."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

Send = Callable[[bytes, Mapping[str, str]], bytes]
"""Sends a body with headers and gives the answer's body. An OSError (a timeout is one) is an unknown outcome."""

Sign = Callable[[bytes], Mapping[str, str]]
"""The headers that sign a body."""

Clock = Callable[[], datetime]
"""The time, aware."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """Somebody with an identity card."""

    document_number: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hospital:
    """An institution as the platform knows it; `clearing_region` is the agency that clears it."""

    code: str
    name: str
    region: str
    clearing_region: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One run. The same seed, patients and days give the same messages but for what the platform answers.

    `first_day` is the first day of care. Of 100 treatments so many are stays; of 100 settlements so many are cancelled,
    or reversed, and settled anew. Every seventh is sent twice, once more with other content, and looked up afterwards.
    Of 100 treatments so many have something wrong that is taken back before the settlement.
    """

    hospital: Hospital
    patients: tuple[Patient, ...]
    seed: int
    first_day: date
    days: int = 1
    visits_a_day: int = 10
    stays_per_100: int = 40
    cancelled_per_100: int = 10
    reversed_per_100: int = 5
    mistaken_per_100: int = 15
