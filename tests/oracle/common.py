"""What the five calculators share: reading a case, the burden, rounding, names of diseases, and the replay."""

import math
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any

IN_PATIENT = ("inpatient", "psychiatric_inpatient")
INSURANCE_PAYERS = ("basic", "critical_illness", "supplementary")
ALL_PAYERS = (*INSURANCE_PAYERS, "commercial", "other_relief")


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """A status held on the days `start <= day < end`; `end` None is open."""

    name: str
    applied: date | None
    start: date
    end: date | None

    def holds(self, day: date) -> bool:
        """Whether the status is held on that day."""
        return self.start <= day and (self.end is None or day < self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One bill or application; money in fen. `facts` is the event as it came, for what only one city asks."""

    id: str
    day: date
    service: str
    facility: Mapping[str, Any]
    diseases: tuple[str, ...]
    codes: tuple[str, ...]
    amounts: Mapping[str, int]
    facts: Mapping[str, Any]

    @property
    def total(self) -> int:
        """The whole bill."""
        return self.amounts["total"]

    @property
    def in_policy(self) -> int:
        """The part of the bill inside the policy's scope."""
        return self.amounts["in_policy"]

    @property
    def designated(self) -> bool:
        """Whether the facility is designated; not stated is not designated."""
        return self.facility.get("designated", False) is True

    @property
    def paid_by_others(self) -> int:
        """What all five payers before relief have paid."""
        return self.paid_by(ALL_PAYERS)

    @property
    def unpaid(self) -> int:
        """What all payers before relief left of the whole bill."""
        return self.total - self.paid_by_others

    def paid_by(self, payers: Iterable[str]) -> int:
        """What the named payers have paid."""
        return sum(self.amounts[payer] for payer in payers)

    def burden(self, payers: Iterable[str] = INSURANCE_PAYERS) -> int:
        """The in-policy burden after the named payers, never more than is still unpaid of the bill."""
        return max(0, min(self.in_policy - self.paid_by(payers), self.unpaid))

    def says(self, fact: str, default: bool) -> bool:
        """A yes-or-no fact of the event."""
        return bool(self.facts.get(fact, default))


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One person with the events in the order in which they are settled."""

    insurance: str
    birth_date: date | None
    statuses: tuple[Status, ...]
    events: tuple[Event, ...]
    parameters: Mapping[str, Any]

    def holds(self, day: date, *names: str) -> bool:
        """Whether any of the named statuses is held on that day."""
        return any(status.name in names and status.holds(day) for status in self.statuses)

    def age(self, day: date) -> int:
        """Full years on that day, the birthday included."""
        assert self.birth_date is not None, "birth_date is needed and missing"
        before_birthday = (day.month, day.day) < (self.birth_date.month, self.birth_date.day)
        return day.year - self.birth_date.year - before_birthday


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One benefit that applied: `due` before the limits, `paid` after them, in fen.

    `basis` is what the rate was applied to, possibly a fraction of a fen; a flat amount has none.
    """

    benefit: str
    clause: str
    basis: Fraction | None
    due: int
    paid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What one event came to. `group` says under which class, where the city's later events ask for it."""

    event: Event
    lines: tuple[Line, ...] = ()
    grounds: tuple[str, ...] = ()
    group: str = ""
    chargeable: int | None = None

    @property
    def relief(self) -> int:
        """All that relief pays for the event."""
        return sum(line.paid for line in self.lines)

    @property
    def personal(self) -> int:
        """What is left of the bill for the person; `chargeable` is the most that may be charged at all."""
        charged = self.event.total if self.chargeable is None else min(self.event.total, self.chargeable)
        return max(0, charged - self.event.paid_by_others - self.relief)

    def as_result(self) -> dict[str, Any]:
        """The event's entry in the answer."""
        return {
            "id": self.event.id,
            "relief": yuan(self.relief),
            "personal": yuan(self.personal),
            "refused": bool(self.grounds),
            "clause": self.grounds[0] if self.grounds else None,
            "grounds": list(self.grounds),
            "lines": [
                {
                    "clause": line.clause,
                    "paid": yuan(line.paid),
                    "basis": None if line.basis is None else yuan(half_up(line.basis)),
                }
                for line in self.lines
            ],
        }


# ---- the replay ------------------------------------------------------------------------------------------------------

SettleEvent = Callable[[Case, Event, Sequence[Settled]], Settled]


def replay(raw: Mapping[str, Any], settle_event: SettleEvent) -> list[dict[str, Any]]:
    """Settle the events one after the other, each with the list of all that were settled before it."""
    case = read_case(raw)
    done: list[Settled] = []
    for event in case.events:
        done.append(settle_event(case, event, done))
    return [settled.as_result() for settled in done]


def refused(event: Event, *grounds: str) -> Settled:
    """An event that gets nothing, with every clause that stands in its way."""
    return Settled(event=event, grounds=tuple(dict.fromkeys(grounds)))


# ---- money -----------------------------------------------------------------------------------------------------------


def half_up(value: Fraction | int) -> int:
    """Round a non-negative number half up."""
    return math.floor(value + Fraction(1, 2)) if isinstance(value, Fraction) else value


def proportional(
    benefit: str, clause: str, basis: Fraction | int, rate: Fraction, *, unpaid: int | None, rooms: Sequence[int] = ()
) -> Line:
    """A line of `rate` on `basis`: rounded once, then cut by what each limit has left and by what is still unpaid."""
    due = half_up(rate * basis)
    bounds = [due, *rooms] if unpaid is None else [due, *rooms, unpaid]
    return Line(benefit=benefit, clause=clause, basis=Fraction(basis), due=due, paid=max(0, min(bounds)))


def grant(benefit: str, clause: str, amount: int) -> Line:
    """A flat amount, paid in full."""
    return Line(benefit=benefit, clause=clause, basis=None, due=amount, paid=amount)


def part_above(threshold: int, before: int, basis: int) -> int:
    """The part of the stretch (before, before + basis] that lies above the threshold."""
    return max(0, before + basis - max(before, threshold))


def paid_in_year(done: Sequence[Settled], year: int, *benefits: str) -> int:
    """What the named benefits have paid for events of that calendar year."""
    return sum(
        line.paid
        for settled in done
        if settled.event.day.year == year
        for line in settled.lines
        if line.benefit in benefits
    )


def fen(text: str) -> int:
    """A decimal string in yuan, with at most two decimals, in fen."""
    whole, _, decimals = text.partition(".")
    return int(whole) * 100 + int((decimals + "00")[:2])


def yuan(amount: int) -> str:
    """Fen as a decimal string in yuan."""
    return f"{amount // 100}.{amount % 100:02d}"


# ---- names of diseases and ICD-10 codes ------------------------------------------------------------------------------


@cache
def plain(name: str) -> str:
    """A name without white space, with half-width brackets and I for the Roman numeral sign."""
    return "".join(unicodedata.normalize("NFKC", name).split())


@dataclass(frozen=True, slots=True, kw_only=True)
class DiseaseList:
    """A list of diseases: names as printed, and the codes that are enough by themselves, at any age or under 18."""

    names: frozenset[str]
    codes: tuple[str, ...] = ()
    codes_under_18: tuple[str, ...] = ()

    def names_disease_of(self, case: Case, event: Event) -> bool:
        """Whether the event's certified disease or one of its codes is on the list."""
        if any(disease in self.names for disease in event.diseases):
            return True
        if any(code.startswith(self.codes) for code in event.codes if self.codes):
            return True
        return any(code.startswith(self.codes_under_18) for code in event.codes if self.codes_under_18) and (
            case.age(event.day) < 18
        )


def disease_list(names: Iterable[str], codes: str = "", codes_under_18: str = "") -> DiseaseList:
    """A list from names as printed and codes separated by spaces."""
    return DiseaseList(
        names=frozenset(plain(name) for name in names),
        codes=tuple(codes.split()),
        codes_under_18=tuple(codes_under_18.split()),
    )


# ---- reading a case --------------------------------------------------------------------------------------------------


def read_case(raw: Mapping[str, Any]) -> Case:
    """A case of the case format, with money in fen and days as dates."""
    person = raw["person"]
    return Case(
        insurance=person["insurance"],
        birth_date=day_or_none(person.get("birth_date")),
        statuses=tuple(read_status(status) for status in person["statuses"]),
        events=tuple(read_event(event) for event in raw["events"]),
        parameters=raw.get("parameters", {}),
    )


def read_status(raw: Mapping[str, Any]) -> Status:
    """One status over time."""
    return Status(
        name=raw["status"],
        applied=day_or_none(raw.get("applied_on")),
        start=date.fromisoformat(raw["from"]),
        end=day_or_none(raw.get("to")),
    )


def read_event(raw: Mapping[str, Any]) -> Event:
    """One event."""
    disease = raw.get("disease")
    return Event(
        id=raw["id"],
        day=date.fromisoformat(raw["date"]),
        service=raw["service"],
        facility=raw.get("facility") or {},
        diseases=() if disease is None else (plain(disease),),
        codes=tuple(raw.get("diagnoses") or ()),
        amounts={name: fen(amount) for name, amount in raw["amounts"].items()},
        facts=raw,
    )


def day_or_none(text: str | None) -> date | None:
    """An ISO date, or None where none is given."""
    return None if text is None else date.fromisoformat(text)
