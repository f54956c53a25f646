"""Posting: the only way into the books. Each verb is one act inside a scope; what the books refuse comes as findings.

The database decides, so that two who post at once cannot both be right; then the same records are asked why.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date

from django.db import DatabaseError, connection, transaction

from tuodi.core.finding import Faults, Finding, Place
from tuodi.core.month import Month
from tuodi.ledger.account import Account
from tuodi.ledger.checks import OF_ONE_ENTRY, closing_faults, entry_faults_by_month, owed_faults, reversal_faults
from tuodi.ledger.entry import Closing, Entry
from tuodi.platform.base import audit
from tuodi.platform.fund import selectors

_POST = "select fund_post(%s, %s, %s, %s, %s, %s, %s, %s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[])"
_CLOSE = "select fund_close(%s, %s, %s)"


def post(*, entry: Entry) -> bool:
    """Book the entry; False where the very same one stands there already, so that a retry is harmless.

    Raises Faults: `cause-taken`, `month-closed`, `owed-below-zero`, `reversal-…`. An entry that is wrong in itself,
    unbalanced above all, is a bug.
    """
    wrong = [finding for find in OF_ONE_ENTRY for finding in find(entry)]
    assert not wrong, "; ".join(str(finding) for finding in wrong)
    with _explained(lambda: _why_not(entry)):
        posted = _asked(_POST, arguments(entry))
    if posted:
        audit.record(act="fund.post", subject=entry.cause, region=entry.regions[0], reason=entry.reason)
    return posted


def reverse(*, cause_to_reverse: str, cause: str, booked_on: date, known_on: date, reason: str) -> bool:
    """Take an entry back, whole, by a new one with a cause of its own; as `post`, and `entry-unknown`."""
    original = selectors.entry(cause_to_reverse)
    if original is None:
        message = f"没有事由为 {cause_to_reverse} 的分录"
        raise Faults([Finding(code="entry-unknown", message=message, place=Place(path=cause_to_reverse))])
    return post(entry=original.reversal(cause=cause, booked_on=booked_on, known_on=known_on, reason=reason))


def close(*, region: str, month: Month, closed_on: date) -> bool:
    """From here on no entry of the region in the month; False where just this closing stands there.

    Raises Faults: `month-not-over`, `month-out-of-order`. Waits for entries of the region that are being booked.
    """
    closing = Closing(region=region, month=month, closed_on=closed_on)
    with _explained(lambda: closing_faults(closing, selectors.closed_until(region))):
        closed = _asked(_CLOSE, [region, month.first, closed_on])
    if closed:
        audit.record(act="fund.close", subject=f"{region} {month}", region=region)
    return closed


def booking_day(day: date, *regions: str) -> date:
    """The day itself, or the first day on which the regions are open. To the end of the transaction it stays so."""
    with connection.cursor() as cursor:
        cursor.execute("select fund_booking_day(%s, %s)", [day, list(regions)])
        booked: date = cursor.fetchone()[0]
    return booked


def owed_held(account: Account) -> int:
    """What is owed on the account, positive. To the end of the transaction nobody else lowers it."""
    held = " ".join([account.region, account.source.name, account.kind.name, account.party])
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(4102, hashtext(%s))", [held])
    return account.kind.nature.side * selectors.balance(account)


def arguments(entry: Entry) -> list[object]:
    """The entry as the database's functions take it."""
    accounts = [line.account for line in entry.lines]
    return [
        entry.cause, entry.movement.name, entry.booked_on, entry.happened_on, entry.known_on, entry.reason,
        entry.reverses or None, [account.region for account in accounts], [account.source.name for account in accounts],
        [account.kind.name for account in accounts], [account.party for account in accounts],
        [line.fen for line in entry.lines],
    ]  # fmt: skip


def _asked(statement: str, values: list[object]) -> bool:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return bool(cursor.fetchone()[0])


_REFUSALS = frozenset({"TF017", "TF018", "TF019", "TF020"})


@contextmanager
def _explained(why: object) -> Iterator[None]:
    """A refusal of the database as findings, in the words of the ledger's own checks."""
    try:
        yield
    except DatabaseError as refused:
        if getattr(refused.__cause__, "sqlstate", None) not in _REFUSALS:
            raise
        assert callable(why)
        findings = list(why())
        if not findings:  # what stood in the way is gone by now
            findings = [Finding(code="books-moved", message="账目刚刚变动，没有记账", remedy="重试一次")]
        raise Faults(findings) from refused


def _why_not(entry: Entry) -> Iterable[Finding]:
    if selectors.entry(entry.cause) is not None:
        message = f"事由 {entry.cause} 已经记账，内容不同（INV-17）"
        yield Finding(code="cause-taken", message=message, place=Place(path=entry.cause), remedy="更正用冲销和新的分录")
    if entry.reverses:
        yield from reversal_faults(entry, selectors.entry(entry.reverses), selectors.reversed_by(entry.reverses))
    last = {region: month for region in entry.regions if (month := selectors.closed_until(region)) is not None}
    yield from entry_faults_by_month(entry, last)
    yield from owed_faults(entry, {account: selectors.balance(account) for account in _owed(entry)})


def _owed(entry: Entry) -> list[Account]:
    return [line.account for line in entry.lines if line.account.kind.owed]
