"""The journal: records are appended and never changed; what would break an invariant is refused.

A refusal leaves everything as it was. Posting the same entry again changes nothing, so that a retry is harmless.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType

from tuodi.core.finding import Faults, Finding, Place
from tuodi.core.month import Month
from tuodi.ledger.account import Account
from tuodi.ledger.checks import OF_ONE_ENTRY, closing_faults, entry_faults_by_month, owed_faults, reversal_faults
from tuodi.ledger.entry import Closing, Entry, Record


class Journal:
    """Entries and closings in the order of posting, with the balance of each account as it goes."""

    def __init__(self, records: Iterable[Record] = ()) -> None:
        self._records: list[Record] = []
        self._by_cause: dict[str, Entry] = {}
        self._reversed_by: dict[str, str] = {}
        self._closings: set[Closing] = set()
        self._closed: dict[str, Month] = {}
        self._balances: Counter[Account] = Counter()
        for record in records:
            self._take(record)

    @property
    def records(self) -> tuple[Record, ...]:
        """All records, in the order of posting."""
        return tuple(self._records)

    @property
    def balances(self) -> Mapping[Account, int]:
        """Fen on each account that has lines, debits positive. A view: it moves on with the journal."""
        return MappingProxyType(self._balances)

    def entry(self, cause: str) -> Entry:
        """The entry of the cause. Faults: `entry-unknown`."""
        if cause not in self._by_cause:
            raise Faults([Finding(code="entry-unknown", message=f"没有事由为 {cause} 的分录", place=Place(path=cause))])
        return self._by_cause[cause]

    def closed_until(self, region: str) -> Month | None:
        """The last closed month of the region; None when none is."""
        return self._closed.get(region)

    def booking_day(self, day: date, *regions: str) -> date:
        """The day itself, or the first day on which every one of the regions is open: for a late correction."""
        return max([day, *(self._closed[region].following.first for region in regions if region in self._closed)])

    def post(self, entry: Entry) -> bool:
        """Append the entry; False when it stands there already, the same in everything.

        Faults: `cause-taken`, `month-closed`, `owed-below-zero`, and for a reversal `reversal-…`. An entry that is
        wrong in itself, unbalanced above all, is a bug.
        """
        if self._by_cause.get(entry.cause) == entry:
            return False
        if faults := [*self._faults(entry)]:
            raise Faults(faults)
        wrong = [finding for find in OF_ONE_ENTRY for finding in find(entry)]
        assert not wrong, "; ".join(str(finding) for finding in wrong)
        self._append(entry)
        return True

    def reverse(self, cause_to_reverse: str, *, cause: str, booked_on: date, known_on: date, reason: str) -> bool:
        """Take an entry back by a new one with a cause of its own, in an open month; as `post`, and `entry-unknown`."""
        original = self.entry(cause_to_reverse)
        return self.post(original.reversal(cause=cause, booked_on=booked_on, known_on=known_on, reason=reason))

    def close(self, region: str, month: Month, *, closed_on: date) -> bool:
        """Close the region's month; False when just this closing stands there. Faults: `month-…`."""
        closing = Closing(region=region, month=month, closed_on=closed_on)
        if closing in self._closings:
            return False
        if faults := [*closing_faults(closing, self._closed.get(region))]:
            raise Faults(faults)
        self._records.append(closing)
        self._closings.add(closing)
        self._closed[region] = month
        return True

    def _take(self, record: Record) -> None:
        if isinstance(record, Entry):
            self.post(record)
        else:
            self.close(record.region, record.month, closed_on=record.closed_on)

    def _faults(self, entry: Entry) -> Iterable[Finding]:
        """Why the entry can't be booked here and now."""
        if entry.cause in self._by_cause:
            message = f"事由 {entry.cause} 已经记账，内容不同（INV-17）"
            remedy = "更正用冲销和新的分录"
            yield Finding(code="cause-taken", message=message, place=Place(path=entry.cause), remedy=remedy)
        if entry.reverses:
            original = self._by_cause.get(entry.reverses)
            yield from reversal_faults(entry, original, self._reversed_by.get(entry.reverses))
        yield from entry_faults_by_month(entry, self._closed)
        yield from owed_faults(entry, self._balances)

    def _append(self, entry: Entry) -> None:
        self._records.append(entry)
        self._by_cause[entry.cause] = entry
        if entry.reverses:
            self._reversed_by[entry.reverses] = entry.cause
        for line in entry.lines:
            self._balances[line.account] += line.fen
