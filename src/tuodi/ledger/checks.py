"""The named checks of a ledger: each recounts one invariant from the records and tells every breach of it.

The journal refuses what would break an invariant when it is posted. These walk over what is stored, however it came
there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tuodi.core.finding import Finding, Place
from tuodi.core.money import format_yuan
from tuodi.core.month import Month
from tuodi.ledger.account import Account, Book, Fund, Kind
from tuodi.ledger.balance import grown, recount
from tuodi.ledger.entry import Closing, Entry, Record, entries_of
from tuodi.ledger.movement import Movement


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """What is stored: the records in the order of posting, and each account's balance as somebody keeps it."""

    records: Sequence[Record]
    balances: Mapping[Account, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Check:
    """One invariant, by the name under which it can be asked for."""

    name: str
    invariant: str
    says: str
    find: Callable[[Books], Iterator[Finding]]


def check(books: Books, checks: Iterable[Check] | None = None) -> list[Finding]:
    """All breaches that the checks find in the books; every check when none are named."""
    return [finding for each in (CHECKS if checks is None else checks) for finding in each.find(books)]


# ---- of one entry ----------------------------------------------------------------------------------------------------
def entry_balances(entry: Entry) -> Iterator[Finding]:
    """INV-15: in each fund and book the lines add up to 0, none is 0, and an account has one line."""
    if not entry.lines:
        yield _breach("entry-empty", "INV-15", entry, "没有任何借贷行")
    sums: Counter[tuple[Fund, Book]] = Counter()
    for line in entry.lines:
        sums[line.account.fund, line.account.kind.nature.book] += line.fen
        if line.fen == 0:
            yield _breach("line-zero", "INV-15", entry, f"{line.account} 的金额为 0.00")
    for account, times in Counter(line.account for line in entry.lines).items():
        if times > 1:
            yield _breach("account-twice", "INV-15", entry, f"{account} 出现 {times} 次，应合为一行")
    for (fund, book), fen in sums.items():
        if fen:
            yield _breach("entry-unbalanced", "INV-15", entry, f"{fund} 的{book.value}借贷不平，{_more(fen)}")


def transfer_arrives(entry: Entry) -> Iterator[Finding]:
    """INV-16: what one fund hands over another receives; a carry-over moves it within its fund only."""
    fen = sum(line.fen for line in entry.lines if line.account.kind is Kind.transfer)
    if fen and entry.movement is not Movement.carry_over:
        yield _breach("transfer-lost", "INV-16", entry, f"调剂的转出与转入不等，{_more(fen)}")


def days_in_order(entry: Entry) -> Iterator[Finding]:
    """INV-21: nothing is known or booked before it happened."""
    for what, day in (("知悉", entry.known_on), ("记账", entry.booked_on)):
        if day < entry.happened_on:
            yield _breach("day-before-it-happened", "INV-21", entry, f"{what}日 {day} 早于发生日 {entry.happened_on}")


def accounts_of_the_movement(entry: Entry) -> Iterator[Finding]:
    """INV-23: an entry touches only the accounts of its movement, on their sides; a reversal on the opposite ones."""
    sign = -1 if entry.reverses else 1
    for line in entry.lines:
        if line.account.kind not in (entry.movement.debits if sign * line.fen > 0 else entry.movement.credits):
            side = "借方" if line.fen > 0 else "贷方"
            yield _breach("account-foreign", "INV-23", entry, f"“{entry.movement}”不记 {line.account} 的{side}")


# ---- of the whole journal --------------------------------------------------------------------------------------------
def causes_unique(books: Books) -> Iterator[Finding]:
    """INV-17: no two entries have the same cause."""
    times = Counter(entry.cause for entry in entries_of(books.records))
    for entry in {entry.cause: entry for entry in entries_of(books.records) if times[entry.cause] > 1}.values():
        yield _breach("cause-twice", "INV-17", entry, f"同一事由记账 {times[entry.cause]} 次")


def reversals_mirror(books: Books) -> Iterator[Finding]:
    """INV-18: a reversal takes back exactly one earlier entry, whole, and no entry is taken back twice."""
    earlier: dict[str, Entry] = {}
    reversed_by: dict[str, str] = {}
    for entry in entries_of(books.records):
        if entry.reverses:
            yield from reversal_faults(entry, earlier.get(entry.reverses), reversed_by.get(entry.reverses))
            reversed_by.setdefault(entry.reverses, entry.cause)
        earlier.setdefault(entry.cause, entry)


def reversal_faults(reversal: Entry, original: Entry | None, reversed_before_by: str | None) -> Iterator[Finding]:
    """INV-18 for one reversal: its original as booked earlier, and the cause that took it back earlier, if any."""
    if original is None:
        yield _breach("reversal-of-nothing", "INV-18", reversal, f"要冲销的 {reversal.reverses} 此前没有记账")
        return
    if original.reverses:
        yield _breach("reversal-of-reversal", "INV-18", reversal, f"{original.cause} 本身是冲销，不能再冲销")
    if reversed_before_by is not None:
        yield _breach("reversal-twice", "INV-18", reversal, f"{original.cause} 已由 {reversed_before_by} 冲销")
    if not _mirrors(reversal, original):
        yield _breach("reversal-differs", "INV-18", reversal, f"与 {original.cause} 的类型、发生日、科目或金额不对应")


def closed_months_rest(books: Books) -> Iterator[Finding]:
    """INV-19: no entry after its month is closed in one of its regions; months close in order, once they are over."""
    closed: dict[str, Month] = {}
    for record in books.records:
        if isinstance(record, Entry):
            yield from entry_faults_by_month(record, closed)
        else:
            yield from closing_faults(record, closed.get(record.region))
            closed[record.region] = max(record.month, closed.get(record.region, record.month))


def entry_faults_by_month(entry: Entry, closed: Mapping[str, Month]) -> Iterator[Finding]:
    """INV-19 for one entry: the last closed month of each region."""
    month = Month.of(entry.booked_on)
    for region in entry.regions:
        if region in closed and month <= closed[region]:
            yield _breach(
                "month-closed", "INV-19", entry, f"{region} 已关账到 {closed[region]}，不能记入 {month}",
                remedy=f"记入 {closed[region].following} 或以后的月份，发生日不变",
            )  # fmt: skip


def closing_faults(closing: Closing, last: Month | None) -> Iterator[Finding]:
    """INV-19 for one closing: the last month that is closed already in its region, if any."""
    month, over = closing.month, closing.month.following.first
    if closing.closed_on < over:
        yield _amiss(
            "month-not-over", closing, f"{month} 在 {closing.closed_on} 还没有结束，不能关账", remedy=f"{over} 起关账"
        )
    if last is not None and month != last.following:
        yield _amiss(
            "month-out-of-order",
            closing,
            f"已关账到 {last}，接着应关 {last.following}，不是 {month}",
            remedy="逐月关账",
        )


def nothing_owed_below_zero(books: Books) -> Iterator[Finding]:
    """INV-20: after every record what is payable, to be refunded or committed is >= 0, party by party."""
    owed: Counter[Account] = Counter()
    for entry in entries_of(books.records):
        yield from owed_faults(entry, owed)
        for line in entry.lines:
            owed[line.account] += line.fen


def owed_faults(entry: Entry, balances: Mapping[Account, int]) -> Iterator[Finding]:
    """INV-20 for one entry upon the balances before it: each account that it takes below zero."""
    for line in entry.lines:
        if not line.account.kind.owed:
            continue
        before, change = (grown(line.account, fen) for fen in (balances.get(line.account, 0), line.fen))
        if change < 0 and before + change < 0:
            yield _breach(
                "owed-below-zero", "INV-20", entry,
                f"{line.account} 余额 {format_yuan(before)}，不能减少 {format_yuan(-change)}",
                remedy="已经付出的，先记“应退”再冲销；否则核对金额和对方",
            )  # fmt: skip


def balances_equal_recount(books: Books) -> Iterator[Finding]:
    """INV-22: each balance that is kept is the sum of the account's lines, and none is missing."""
    counted = recount(books.records)
    for account in sorted({*counted, *books.balances}, key=lambda account: account.order):
        kept, right = books.balances.get(account, 0), counted.get(account, 0)
        if kept != right:
            message = f"{account} 的余额记为 {format_yuan(kept)}，按分录重算为 {format_yuan(right)}（INV-22）"
            yield Finding(code="balance-differs", message=message, place=Place(path=str(account)))


# ---- the list --------------------------------------------------------------------------------------------------------
def _each(find: Callable[[Entry], Iterator[Finding]]) -> Callable[[Books], Iterator[Finding]]:
    """The check of one entry as a check of all of them."""
    return lambda books: (finding for entry in entries_of(books.records) for finding in find(entry))


OF_ONE_ENTRY = (entry_balances, transfer_arrives, days_in_order, accounts_of_the_movement)
"""What is wrong with an entry wherever it stands; an entry that fails here was made by a bug."""

CHECKS = (
    Check("entry-balances", "INV-15", "每笔分录在每项资金内借贷平衡", _each(entry_balances)),
    Check("transfer-arrives", "INV-16", "调剂转出等于转入", _each(transfer_arrives)),
    Check("causes-unique", "INV-17", "一个事由只记一次账", causes_unique),
    Check("reversals-mirror", "INV-18", "冲销与原分录完全相反", reversals_mirror),
    Check("closed-months-rest", "INV-19", "已关账的月份不再记账", closed_months_rest),
    Check("nothing-owed-below-zero", "INV-20", "应付、应收退回、已占用不为负", nothing_owed_below_zero),
    Check("days-in-order", "INV-21", "发生在前，知悉和记账在后", _each(days_in_order)),
    Check("balances-equal-recount", "INV-22", "余额等于逐笔重算", balances_equal_recount),
    Check("accounts-of-the-movement", "INV-23", "只记该类型的科目", _each(accounts_of_the_movement)),
)
"""Every check, in the order of the invariants."""


# ---- helpers ---------------------------------------------------------------------------------------------------------
def _breach(code: str, invariant: str, entry: Entry, what: str, remedy: str = "") -> Finding:
    return Finding(code=code, message=f"{what}（{invariant}）", place=Place(path=entry.cause), remedy=remedy)


def _more(fen: int) -> str:
    return f"借方多 {format_yuan(fen)}" if fen > 0 else f"贷方多 {format_yuan(-fen)}"


def _amiss(code: str, closing: Closing, what: str, remedy: str) -> Finding:
    place = Place(path=f"{closing.region} {closing.month}")
    return Finding(code=code, message=f"{what}（INV-19）", place=place, remedy=remedy)


def _mirrors(reversal: Entry, original: Entry) -> bool:
    taken_back = Counter((line.account, line.fen) for line in reversal.lines)
    return (
        reversal.movement is original.movement
        and reversal.happened_on == original.happened_on
        and taken_back == Counter((line.account, -line.fen) for line in original.lines)
    )
