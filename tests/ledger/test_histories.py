"""Any history of posting, reversing and closing leaves right books: balanced, recounted equal, nothing lost."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.ledger.book import plain_sums
from tuodi.core.finding import Faults
from tuodi.core.month import Month
from tuodi.core.period import Period
from tuodi.ledger.account import Account, Fund, Nature, Source
from tuodi.ledger.balance import recount
from tuodi.ledger.checks import Books, check
from tuodi.ledger.entry import Closing, Entry, Line, Record
from tuodi.ledger.journal import Journal
from tuodi.ledger.movement import Movement
from tuodi.ledger.posting import Share, carry_over, lines_of, split, transfer
from tuodi.ledger.statements import fund_year, trial_balance

REGIONS = ("371521", "371522")
PARTIES = ("H1", "H2")
SIMPLE = [movement for movement in Movement if len(movement.debits) == len(movement.credits) == 1]
SHARES = [
    [Share(source=Source.county, basis_points=10_000)],
    [Share(source=Source.city, basis_points=5_000), Share(source=Source.county, basis_points=5_000)],
    [
        Share(source=Source.central, basis_points=3_333),
        Share(source=Source.donation, basis_points=3_333),
        Share(source=Source.county, basis_points=3_334),
    ],
]
FEN = st.one_of(st.integers(0, 5), st.integers(0, 10**10))
LAGS = st.integers(0, 70)
OPEN = Period(start=date(2021, 1, 1), end=None)


class Histories(RuleBasedStateMachine):
    """A clerk who posts, takes back, retries and closes in any order, and remembers what was accepted."""

    @initialize()
    def begin(self) -> None:
        self.journal = Journal()
        self.accepted: list[Record] = []
        self.today = date(2021, 11, 25)
        self.count = 0

    @rule(days=st.integers(1, 40))
    def time_passes(self, days: int) -> None:
        self.today += timedelta(days=days)

    @rule(
        movement=st.sampled_from(SIMPLE),
        region=st.sampled_from(REGIONS),
        party=st.sampled_from(PARTIES),
        fen=FEN,
        shares=st.sampled_from(SHARES),
        booked_ago=LAGS,
        happened_before=LAGS,
    )
    def move(
        self,
        movement: Movement,
        region: str,
        party: str,
        fen: int,
        shares: list[Share],
        booked_ago: int,
        happened_before: int,
    ) -> None:
        lines = lines_of(movement, region=region, parts=split(fen, shares), party=party)
        if lines:
            booked_on = self.today - timedelta(days=booked_ago)
            happened_on = booked_on - timedelta(days=happened_before)
            self._post(self._entry(movement, lines=lines, booked_on=booked_on, happened_on=happened_on))

    @rule(fen=st.integers(1, 10**10), giver=st.sampled_from(Source), taker=st.sampled_from(REGIONS))
    def hand_over(self, fen: int, giver: Source, taker: str) -> None:
        one, other = Fund(region=REGIONS[0], source=giver), Fund(region=taker, source=Source.temporary_relief)
        if one != other:
            self._post(self._entry(Movement.transfer, lines=transfer(giver=one, taker=other, fen=fen)))

    @rule(region=st.sampled_from(REGIONS))
    def carry_the_year_over(self, region: str) -> None:
        lines = carry_over(self.journal.balances, region=region)
        if lines:
            self._post(self._entry(Movement.carry_over, lines=lines))

    @precondition(lambda self: self.count)
    @rule(which=st.integers(0, 10**6))
    def take_back(self, which: int) -> None:
        entries = [record for record in self.accepted if isinstance(record, Entry)]
        if entries:
            original = entries[which % len(entries)]
            self._post(original.reversal(cause=self._cause(), booked_on=self.today, known_on=self.today, reason="撤销"))

    @rule(region=st.sampled_from(REGIONS), months_ago=st.integers(0, 2))
    def close(self, region: str, months_ago: int) -> None:
        last = self.journal.closed_until(region)
        month = last.following if last else Month.of(self.today - timedelta(days=30 * months_ago))
        before = self.journal.records
        try:
            taken = self.journal.close(region, month, closed_on=self.today)
        except Faults:
            assert self.today < month.following.first
            assert before == self.journal.records
        else:
            assert taken
            self.accepted.append(Closing(region=region, month=month, closed_on=self.today))

    @precondition(lambda self: self.accepted)
    @rule(which=st.integers(0, 10**6), other=st.booleans())
    def retry(self, which: int, other: bool) -> None:
        record = self.accepted[which % len(self.accepted)]
        if isinstance(record, Closing):
            assert not self.journal.close(record.region, record.month, closed_on=record.closed_on)
        elif other:
            with pytest.raises(Faults, match="cause-taken"):
                self.journal.post(replace(record, reason=record.reason + "…"))
        else:
            assert not self.journal.post(record)

    @invariant()
    def nothing_is_lost_and_nothing_changes(self) -> None:
        assert tuple(self.accepted) == self.journal.records

    @invariant()
    def balances_equal_a_recount(self) -> None:
        kept = {account: fen for account, fen in self.journal.balances.items() if fen}
        plain = {account: fen for account, fen in plain_sums(self.journal.records).items() if fen}
        assert kept == plain == recount(self.journal.records)

    def teardown(self) -> None:
        records, balances = self.journal.records, self.journal.balances
        assert [] == check(Books(records=records, balances=balances))
        _assert_rebuilt(self.journal)
        _assert_statements_add_up(records, balances)

    def _post(self, entry: Entry) -> None:
        """Post it; a refusal leaves no trace, and what is accepted is accepted rightly."""
        before, balances = self.journal.records, dict(self.journal.balances)
        try:
            assert self.journal.post(entry)
        except Faults:
            assert (before, balances) == (self.journal.records, dict(self.journal.balances))
            assert _is_rightly_refused(entry, before)
        else:
            assert not _is_rightly_refused(entry, before)
            self.accepted.append(entry)

    def _entry(
        self,
        movement: Movement,
        *,
        lines: tuple[Line, ...],
        booked_on: date | None = None,
        happened_on: date | None = None,
    ) -> Entry:
        return Entry(
            cause=self._cause(),
            movement=movement,
            booked_on=booked_on or self.today,
            happened_on=happened_on or self.today,
            known_on=self.today,
            lines=lines,
            reason="",
        )

    def _cause(self) -> str:
        self.count += 1
        return f"cause:{self.count}"


def _is_rightly_refused(entry: Entry, before: tuple[Record, ...]) -> bool:
    """The rules once more, as plainly as they can be said."""
    entries = [record for record in before if isinstance(record, Entry)]
    closed = {
        region: max(record.month for record in before if isinstance(record, Closing) and record.region == region)
        for region in {record.region for record in before if isinstance(record, Closing)}
    }
    original = [each for each in entries if each.cause == entry.reverses]
    sums, after = plain_sums(before), plain_sums([*before, entry])
    return (
        any(Month.of(entry.booked_on) <= closed[region] for region in entry.regions if region in closed)
        or any(each.reverses for each in original)
        or any(each.reverses == entry.reverses for each in entries if entry.reverses)
        or any(_owed(account, after) < min(0, _owed(account, sums)) for account in after)
    )


def _owed(account: Account, sums: dict[Account, int]) -> int:
    return account.kind.nature.side * sums.get(account, 0) if account.kind.owed else 0


def _assert_rebuilt(journal: Journal) -> None:
    again = Journal(journal.records)

    assert journal.records == again.records
    assert journal.balances == again.balances


def _assert_statements_add_up(records: tuple[Record, ...], balances: dict[Account, int]) -> None:
    """The trial balance balances, and a year's surplus is what is there less what is owed."""
    rows = trial_balance(records, OPEN)
    assert sum(row.debits for row in rows) == sum(row.credits for row in rows)
    assert {row.account: row.closing for row in rows if row.closing} == {a: fen for a, fen in balances.items() if fen}

    for region in REGIONS:
        years = [fund_year(records, region=region, year=year) for year in range(2021, 2028)]
        assert all(this.closing == following.opening for this, following in itertools.pairwise(years))
        there = sum(
            fen
            for account, fen in balances.items()
            if account.region == region and account.kind.nature in (Nature.asset, Nature.liability)
        )
        assert there == years[-1].closing
        assert there == sum(fund_year(records, region=region, year=2027, source=each).closing for each in Source)


TestHistories = Histories.TestCase
TestHistories.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
