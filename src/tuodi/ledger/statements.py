"""Statements drawn from the records: the trial balance, an account's statement, a fund's year.

Entries count on the day on which they are booked. Amounts are fen; opening, closing and running balances are signed,
debits positive, unless a statement says otherwise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tuodi.core.money import BASIS_POINTS, Rate, round_half_up
from tuodi.core.period import Period
from tuodi.ledger.account import Account, Kind, Nature, Source
from tuodi.ledger.balance import grown, recount, standing
from tuodi.ledger.entry import Entry, Line, Record, entries_of
from tuodi.ledger.movement import Movement

SURPLUS_LIMIT = Rate(basis_points=1500)
"""The most that may be left at a year's end of what was raised in it, by the rules of the assistance fund."""


# ---- trial balance ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRow:
    """One account over a period: opening + debits - credits = closing."""

    account: Account
    opening: int
    debits: int
    credits: int

    @property
    def closing(self) -> int:
        """What stands on the account at the end."""
        return self.opening + self.debits - self.credits


def trial_balance(records: Sequence[Record], period: Period) -> tuple[TrialRow, ...]:
    """A row for each account that stood at something or moved in the period, in the order of accounts.

    Openings add up to 0 over each fund and book, and so do closings; debits and credits are equal (INV-15).
    """
    opening = recount(_booked(records, until=period.start))
    debits, credits_ = _turnover(_booked(records, since=period.start, until=period.end))
    accounts = sorted({*opening, *debits, *credits_}, key=lambda account: account.order)
    return tuple(
        TrialRow(
            account=account,
            opening=opening.get(account, 0),
            debits=debits[account],
            credits=credits_[account],
        )
        for account in accounts
    )


def _turnover(entries: Iterable[Entry]) -> tuple[Counter[Account], Counter[Account]]:
    debits: Counter[Account] = Counter()
    credits_: Counter[Account] = Counter()
    for line in _lines(entries):
        (debits if line.fen > 0 else credits_)[line.account] += abs(line.fen)
    return debits, credits_


# ---- one account -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRow:
    """One line on the account, its entry, and what stands on the account after it."""

    entry: Entry
    fen: int
    balance: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountStatement:
    """An account over a period, line by line in the order of posting."""

    account: Account
    opening: int
    rows: tuple[StatementRow, ...]

    @property
    def closing(self) -> int:
        """What stands on the account at the end."""
        return self.rows[-1].balance if self.rows else self.opening


def account_statement(records: Sequence[Record], account: Account, period: Period) -> AccountStatement:
    """Every line on the account that is booked in the period, with the running balance."""
    opening = recount(_booked(records, until=period.start)).get(account, 0)
    return AccountStatement(
        account=account,
        opening=opening,
        rows=tuple(_running(_booked(records, since=period.start, until=period.end), account, opening)),
    )


def _running(entries: Iterable[Entry], account: Account, balance: int) -> Iterator[StatementRow]:
    for entry in entries:
        for line in entry.lines:
            if line.account == account:
                balance += line.fen
                yield StatementRow(entry=entry, fen=line.fen, balance=balance)


# ---- a fund's year ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class KindSum:
    """What a year brought or took under one kind, in fen."""

    kind: Kind
    fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FundYear:
    """A region's year, of one source or of all: opening + income + transferred - spending = closing.

    All amounts as their holder reads them: a surplus, an income and a spending are positive. `transferred` is what came
    from other funds, less what went to them.
    """

    region: str
    source: Source | None
    year: int
    opening: int
    income: tuple[KindSum, ...]
    transferred: int
    spending: tuple[KindSum, ...]

    @property
    def raised(self) -> int:
        """All income of the year."""
        return sum(each.fen for each in self.income)

    @property
    def spent(self) -> int:
        """All spending of the year."""
        return sum(each.fen for each in self.spending)

    @property
    def closing(self) -> int:
        """The surplus to date, negative when it is a deficit."""
        return self.opening + self.raised + self.transferred - self.spent

    @property
    def surplus_ratio(self) -> Rate | None:
        """The surplus to date by what the year raised, rounded to basis points; None in a deficit or without income."""
        if self.closing < 0 or self.raised <= 0:
            return None
        return Rate(basis_points=round_half_up(self.closing * BASIS_POINTS, self.raised))

    def exceeds(self, limit: Rate = SURPLUS_LIMIT) -> bool:
        """Whether the surplus to date is more than the limit of what was raised, to the fen and without rounding."""
        return self.closing * BASIS_POINTS > max(0, self.raised) * limit.basis_points


def fund_year(records: Sequence[Record], *, region: str, year: int, source: Source | None = None) -> FundYear:
    """The year of a region's funds: of one source, or of all of them.

    The carry-over at the year's end moves nothing here, so it may be booked or not; an opening balance that is booked
    in the year belongs to the opening.
    """
    start, end = date(year, 1, 1), date(year + 1, 1, 1)
    before = _of(region, source, _lines(_booked(records, until=start)))
    within = [entry for entry in _booked(records, since=start, until=end) if entry.movement is not Movement.carry_over]
    brought = [entry for entry in within if entry.movement is Movement.opening_balance]
    moved = _by_kind(_of(region, source, _lines(within)))
    return FundYear(
        region=region,
        source=source,
        year=year,
        opening=_surplus(before) + _surplus(_of(region, source, _lines(brought))),
        income=_of_nature(moved, Nature.income),
        transferred=moved.get(Kind.transfer, 0),
        spending=_of_nature(moved, Nature.expense),
    )


def _surplus(lines: Iterable[Line]) -> int:
    """What the lines leave over: on accounts of income, spending, surplus and transfers, as their holder reads it."""
    return -sum(line.fen for line in lines if line.account.kind.nature in _OF_THE_SURPLUS)


_OF_THE_SURPLUS = (Nature.surplus, Nature.income, Nature.expense)


def _by_kind(lines: Iterable[Line]) -> Counter[Kind]:
    sums: Counter[Kind] = Counter()
    for account, fen in standing(lines).items():
        sums[account.kind] += grown(account, fen)
    return sums


def _of_nature(sums: Counter[Kind], nature: Nature) -> tuple[KindSum, ...]:
    return tuple(KindSum(kind=kind, fen=sums[kind]) for kind in Kind if kind.nature is nature and sums[kind])


# ---- how a budget is carried out -------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class Execution:
    """One source's budget of a year, and what stands at the year's end; amounts in fen as their holder reads them.

    `used` is what was spent of it, paid or owed yet; `committed` what is kept of it for what is decided.
    """

    source: Source
    budget: int
    committed: int
    used: int
    bank: int
    payable: int
    due: int

    @property
    def left(self) -> int:
        """What may still be spent; below zero when more was spent than allowed."""
        return self.budget - self.committed - self.used


def execution(records: Sequence[Record], *, region: str, year: int) -> tuple[Execution, ...]:
    """How each source's budget of the year is carried out, for sources that anything stands or moved on.

    A budget counts in the year in which it is booked; the carry-over at its end moves nothing here.
    """
    start, end = date(year, 1, 1), date(year + 1, 1, 1)
    within = [entry for entry in _booked(records, since=start, until=end) if entry.movement is not Movement.carry_over]
    moved, stands = (standing(_of(region, None, _lines(each))) for each in (within, _booked(records, until=end)))
    concerned = {account.source for account in (*moved, *stands)}
    return tuple(_execution(source, moved, stands) for source in Source if source in concerned)


def _execution(source: Source, moved: Mapping[Account, int], stands: Mapping[Account, int]) -> Execution:
    year, end = (_by_kind_of(source, sums) for sums in (moved, stands))
    return Execution(
        source=source,
        budget=year[Kind.budget],
        committed=end[Kind.budget_committed],
        used=sum(fen for kind, fen in year.items() if kind.nature is Nature.expense),
        bank=end[Kind.bank],
        payable=sum(fen for kind, fen in end.items() if kind.nature is Nature.liability),
        due=end[Kind.refund_due],
    )


def _by_kind_of(source: Source, sums: Mapping[Account, int]) -> Counter[Kind]:
    found: Counter[Kind] = Counter()
    for account, fen in sums.items():
        if account.source is source:
            found[account.kind] += grown(account, fen)
    return found


# ---- helpers ---------------------------------------------------------------------------------------------------------
def _booked(records: Iterable[Record], *, since: date = date.min, until: date | None) -> Iterator[Entry]:
    """The entries booked on since <= day < until."""
    period = Period(start=since, end=until)
    return (entry for entry in entries_of(records) if entry.booked_on in period)


def _lines(entries: Iterable[Entry]) -> Iterator[Line]:
    return (line for entry in entries for line in entry.lines)


def _of(region: str, source: Source | None, lines: Iterable[Line]) -> Iterator[Line]:
    return (
        line for line in lines if line.account.region == region and (source is None or line.account.source is source)
    )
