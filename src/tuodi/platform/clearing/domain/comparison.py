"""Three ways to know one amount: what the institution says, what we settled, what the ledger booked. Pure.

Every settlement that is not the same everywhere is told by its number, with what differs, by how much and who has more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from tuodi.core.money import format_yuan


class Side(Enum):
    """Who says an amount."""

    institution = "医疗机构"
    settlement = "结算"
    ledger = "账簿"

    def __str__(self) -> str:
        return self.value


class What(Enum):
    """What is compared."""

    presence = "有无"
    times = "笔数"
    total = "医疗总费用"
    funds = "基金支付"
    relief = "救助金额"
    account = "个人账户支付"
    cash = "现金支付"

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one side says of a settlement, signed fen: a cancel's amounts are negative. None: it doesn't say."""

    number: str
    total: int | None = None
    funds: int | None = None
    relief: int | None = None
    account: int | None = None
    cash: int | None = None


AMOUNTS = (What.total, What.funds, What.relief, What.account, What.cash)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One amount of one settlement ("" for the totals) on which `one` and `other` are not of one mind.

    Presence counts 1 or 0, times how often; else fen. `more` is what `one` has above `other`, below zero the reverse.
    """

    number: str
    what: What
    one: Side
    other: Side
    one_says: int
    other_says: int

    def __post_init__(self) -> None:
        assert self.one_says != self.other_says, "a difference differs"

    @property
    def more(self) -> int:
        """By how much `one` says more."""
        return self.one_says - self.other_says

    @property
    def greater(self) -> Side:
        """Who says more."""
        return self.one if self.more > 0 else self.other

    def __str__(self) -> str:
        whose = f"{self.number} " if self.number else ""
        if self.what is What.presence:
            lesser = self.other if self.more > 0 else self.one
            return f"{whose}{self.greater}有、{lesser}没有"
        says = str if self.what is What.times else format_yuan
        return (
            f"{whose}{self.what}：{self.one} {says(self.one_says)}、{self.other} {says(self.other_says)}，"
            f"{self.greater}多 {says(abs(self.more))}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """How many settlements were looked at, and every difference, by number."""

    count: int
    differences: tuple[Difference, ...]

    @property
    def equal(self) -> bool:
        """Whether all sides agree on everything."""
        return not self.differences


def compare_details(
    ours: Sequence[Said], *, institution: Sequence[Said] | None = None, ledger: Mapping[str, int] | None = None
) -> Compared:
    """Our settlements beside the institution's and beside the ledger's relief by settlement; None: not asked.

    A settlement without relief needs no entry. What a side doesn't say is not compared, and what it says twice is told.
    """
    differences = [*(_beside_institution(ours, institution) if institution is not None else ())]
    differences += _beside_ledger(ours, ledger) if ledger is not None else ()
    numbers = {said.number for said in (*ours, *(institution or ()))} | {*(ledger or ())}
    order = {what: place for place, what in enumerate(What)}
    return Compared(
        count=len(numbers),
        differences=tuple(sorted(differences, key=lambda each: (each.number, each.one.name, order[each.what]))),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidInAll:
    """What one side says of many settlements together; None: it doesn't say."""

    count: int
    total: int | None = None
    funds: int | None = None
    relief: int | None = None
    account: int | None = None
    cash: int | None = None


def in_all(said: Iterable[Said]) -> SaidInAll:
    """The sums; an amount that one of them does not say has none."""
    said = [*said]
    sums: dict[str, int | None] = {}
    for what in AMOUNTS:
        amounts = [_amount(each, what) for each in said]
        sums[what.name] = sum(fen for fen in amounts if fen is not None) if None not in amounts else None
    return SaidInAll(count=len(said), **sums)


def compare_totals(
    ours: SaidInAll, *, institution: SaidInAll | None = None, ledger: SaidInAll | None = None
) -> Compared:
    """The sums, as `compare_details` does it row by row; differences have no number. The ledger counts no rows."""
    differences = [*(_totals(ours, institution, Side.institution) if institution is not None else ())]
    if institution is not None and institution.count != ours.count:
        differences.insert(0, _difference("", What.times, Side.institution, institution.count, ours.count))
    differences += _totals(ours, ledger, Side.ledger) if ledger is not None else ()
    return Compared(count=ours.count, differences=tuple(differences))


# ---- helpers ---------------------------------------------------------------------------------------------------------
def _beside_institution(ours: Sequence[Said], theirs: Sequence[Said]) -> Iterator[Difference]:
    own = {said.number: said for said in ours}
    assert len(own) == len(ours), "INV-24 a settlement stands on one statement"
    times = Counter(said.number for said in theirs)
    for number, count in times.items():
        if number in own and count > 1:
            yield _difference(number, What.times, Side.institution, count, 1)
    for said in {said.number: said for said in reversed(theirs)}.values():
        if said.number not in own:
            yield _difference(said.number, What.presence, Side.institution, 1, 0)
        else:
            yield from _amounts(said.number, Side.institution, said, own[said.number])
    yield from (_difference(number, What.presence, Side.institution, 0, 1) for number in own if number not in times)


def _beside_ledger(ours: Sequence[Said], booked: Mapping[str, int]) -> Iterator[Difference]:
    own = {said.number: said.relief or 0 for said in ours}
    for number in {**own, **booked}:
        if number not in own:
            yield _difference(number, What.presence, Side.ledger, 1, 0)
        elif number not in booked and own[number]:
            yield _difference(number, What.presence, Side.ledger, 0, 1)
        elif booked.get(number, 0) != own[number]:
            yield _difference(number, What.relief, Side.ledger, booked.get(number, 0), own[number])


def _totals(ours: SaidInAll, theirs: SaidInAll, side: Side) -> Iterator[Difference]:
    return _amounts("", side, theirs, ours)


def _amounts(number: str, side: Side, said: Said | SaidInAll, own: Said | SaidInAll) -> Iterator[Difference]:
    for what in AMOUNTS:
        one, other = _amount(said, what), _amount(own, what)
        if one is not None and other is not None and one != other:
            yield _difference(number, what, side, one, other)


def _difference(number: str, what: What, side: Side, says: int, ours: int) -> Difference:
    return Difference(number=number, what=what, one=side, other=Side.settlement, one_says=says, other_says=ours)


def _amount(said: Said | SaidInAll, what: What) -> int | None:
    fen: int | None = getattr(said, what.name)
    return fen
