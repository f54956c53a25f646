"""What was made, added up while it streams by: each measure is a ratio of two sums, with the error of sampling.

The sums are exact, in fen; only what the error is estimated from is kept in yuan.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from tuodi.batch.block import INSURANCE_WORDS
from tuodi.lab.population.care import STAYS, Kind
from tuodi.lab.population.chance import Flags, Ints
from tuodi.lab.population.columns import Columns
from tuodi.lab.population.payments import Answer
from tuodi.lab.population.settings import Target
from tuodi.lab.population.statuses import middle_of

FEN = 100


@dataclass(slots=True, kw_only=True)
class Ratio:
    """`upper` over `lower`, each divided by its unit; the squares are of whole units."""

    upper_unit: int
    lower_unit: int
    upper: int = 0
    lower: int = 0
    _squares: tuple[int, int, int] = (0, 0, 0)

    def add(self, upper: Ints, lower: Ints) -> None:
        """One entry for each unit of observation: a household, a person, a stay."""
        self.upper += int(upper.sum())
        self.lower += int(lower.sum())
        high, low = upper // self.upper_unit, lower // self.lower_unit
        sums = (int((high * high).sum()), int((high * low).sum()), int((low * low).sum()))
        self._squares = tuple(old + new for old, new in zip(self._squares, sums, strict=True))  # type: ignore[assignment]

    @property
    def value(self) -> Decimal | None:
        """None where nothing was observed."""
        if not self.lower:
            return None
        return Decimal(self.upper * self.lower_unit) / Decimal(self.lower * self.upper_unit)

    @property
    def error(self) -> Decimal:
        """The standard error of a ratio of sums over independent observations."""
        value = self.value
        if value is None:
            return Decimal(0)
        upper, both, lower = self._squares
        variance = upper - 2 * value * both + value * value * lower
        return max(variance, Decimal(0)).sqrt() * self.lower_unit / self.lower


class Tally:
    """Adds up what the targets measure, and how many of everything there are."""

    def __init__(self, targets: tuple[Target, ...]) -> None:
        self._targets = targets
        self.ratios = {_key(target): _ratio(target) for target in targets}
        self.persons = self.households = self.periods = self.events = self.items = 0
        self.by_kind = np.zeros(len(Kind), np.int64)

    def add(self, columns: Columns, answer: Answer) -> None:
        """A block."""
        people = columns.scene.people.persons
        self.persons += people.size
        self.households += int((people.head == np.arange(people.size)).sum())
        self.periods += len(columns.scene.periods.owner)
        self.events += columns.care.size
        self.items += len(columns.items.item)
        self.by_kind += np.bincount(columns.care.kind, minlength=len(Kind))
        seen = _Seen(columns, answer)
        for key, ratio in self.ratios.items():
            measure, of = key
            ratio.add(*_MEASURES[measure](seen, of))


class _Seen:
    """A block, and what several measures look at."""

    def __init__(self, columns: Columns, answer: Answer) -> None:
        self.columns, self.answer = columns, answer
        self.people = columns.scene.people
        self.size = self.people.persons.size
        self.resident = self.people.register.insurance == INSURANCE_WORDS.index("resident")
        self.stays: Flags = columns.care.is_(*STAYS) & self.resident[columns.care.person]
        self.insured = columns.payer("basic") + columns.payer("critical_illness")

    def stays_of(self, level: str) -> Flags:
        """Residents' stays in hospitals of the level, or all."""
        return self.stays if level == "all" else self.stays & (self.columns.bills.facility.level == int(level))


# ---- measures: an upper and a lower entry for each observation -------------------------------------------------------


def _share_of_persons(seen: _Seen, status: str) -> tuple[Ints, Ints]:
    """By household: those who hold the status on 1 July, and all."""
    scene, head = seen.columns.scene, seen.people.persons.head
    holds = scene.periods.holders(status, middle_of(scene.city), seen.size)
    everybody = np.bincount(head, minlength=seen.size)
    return np.bincount(head[holds], minlength=seen.size), everybody


def _stays_per_hundred(seen: _Seen, _of: str) -> tuple[Ints, Ints]:
    """By resident."""
    number = np.bincount(seen.columns.care.person[seen.stays], minlength=seen.size)
    return 100 * number[seen.resident], seen.resident[seen.resident].astype(np.int64)


def _mean_bill(seen: _Seen, level: str) -> tuple[Ints, Ints]:
    total = seen.columns.bills.total[seen.stays_of(level)]
    return total, np.ones(len(total), np.int64)


def _in_policy_share(seen: _Seen, level: str) -> tuple[Ints, Ints]:
    rows, bills = seen.stays_of(level), seen.columns.bills
    return bills.in_policy[rows], bills.total[rows]


def _paid_share(seen: _Seen, level: str) -> tuple[Ints, Ints]:
    """Of designated hospitals."""
    rows = seen.stays_of(level) & seen.columns.designated
    return seen.insured[rows], seen.columns.bills.in_policy[rows]


def _mean_relief(seen: _Seen, where: str) -> tuple[Ints, Ints]:
    """By event that is relieved with something."""
    inpatient = seen.columns.care.is_(*STAYS, Kind.PSYCHIATRIC_STAY)
    visits = seen.columns.care.is_(Kind.CLAIM, Kind.SERIOUS_CLAIM, Kind.VISIT)
    relieved = seen.answer.relief[(inpatient if where == "inpatient" else visits) & (seen.answer.relief > 0)]
    return relieved, np.ones(len(relieved), np.int64)


def _assisted(seen: _Seen, what: str) -> tuple[Ints, Ints]:
    """By person of 低保 or 特困 on 1 July with a stay in the year: the year's bills."""
    scene, care = seen.columns.scene, seen.columns.care
    day = middle_of(scene.city)
    held = [scene.periods.holders(status, day, seen.size) for status in ("subsistence_allowance", "extreme_poverty")]
    stayed = np.bincount(care.person[care.is_(*STAYS)], minlength=seen.size) > 0
    who = (held[0] | held[1]) & stayed
    bills = _by_person(care.person, seen.columns.bills.total, seen.size)[who]
    if what == "yearly_bill":
        return bills, np.ones(len(bills), np.int64)
    return _by_person(care.person, seen.insured, seen.size)[who], bills


_MEASURES: Mapping[str, Callable[[_Seen, str], tuple[Ints, Ints]]] = {
    "share_of_persons": _share_of_persons,
    "stays_per_hundred": _stays_per_hundred,
    "mean_bill": _mean_bill,
    "in_policy_share": _in_policy_share,
    "paid_share": _paid_share,
    "mean_relief": _mean_relief,
    "assisted": _assisted,
}


# ---- helpers ---------------------------------------------------------------------------------------------------------

_IN_YUAN = {"mean_bill": (FEN, 1), "mean_relief": (FEN, 1), "in_policy_share": (FEN, FEN), "paid_share": (FEN, FEN)}


def _key(target: Target) -> tuple[str, str]:
    return target.measure, target.of


def _ratio(target: Target) -> Ratio:
    upper, lower = _IN_YUAN.get(target.measure, (1, 1))
    if target.measure == "assisted":
        upper, lower = (FEN, 1) if target.of == "yearly_bill" else (FEN, FEN)
    return Ratio(upper_unit=upper, lower_unit=lower)


def _by_person(person: Ints, amounts: Ints, size: int) -> Ints:
    sums = np.zeros(size, np.int64)
    np.add.at(sums, person, amounts)
    return sums
