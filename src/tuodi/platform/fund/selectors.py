"""Reading the books: entries, balances, statements. What is computed is computed by the pure ledger.

Whatever reads inside a scope sees the regions of the scope. Sums come condensed from the database: one entry for all
lines of a day, a movement, an account and a side, which statements cannot tell from the entries themselves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import Any

from django.db import connection

from tuodi.core.month import Month
from tuodi.core.period import Period
from tuodi.ledger.account import Account, Kind, Source
from tuodi.ledger.entry import Closing, Entry, Line, Record
from tuodi.ledger.movement import Movement
from tuodi.ledger.statements import AccountStatement, Execution, FundYear, TrialRow
from tuodi.ledger.statements import account_statement as statement_of
from tuodi.ledger.statements import execution as execution_of
from tuodi.ledger.statements import fund_year as year_of
from tuodi.ledger.statements import trial_balance as trial_of

_ENTRIES = """
select e.id, e.cause, e.movement, e.booked_on, e.happened_on, e.known_on, e.reason, e.reverses,
       l.region_id, l.source, l.kind, l.party, l.fen
from fund_entry e left join fund_line l on l.entry_id = e.id
where {} order by e.id, l.number
"""
_CONDENSED = """
select e.movement, e.booked_on, l.region_id, l.source, l.kind, l.party, sum(l.fen)
from fund_line l join fund_entry e on e.id = l.entry_id
where l.region_id = any (%s) and (%s::date is null or e.booked_on < %s::date)
group by 1, 2, 3, 4, 5, 6, l.fen > 0 order by 1, 2
"""
# In whose books an entry stands: a transfer is the giver's, and only above or below could that be another region.
_IN_BOOKS = """
%s = any (e.regions) and e.region_id in (select code from base_region
  where starts_with(tuodi_path(code), tuodi_path(%s)) or starts_with(tuodi_path(%s), tuodi_path(code)))
"""
_OF_CLAIMS = (Kind.payable_person, Kind.refund_due)
_CLAIMS = """
select party, source, sum(fen) from fund_line
where kind = any (%s) and region_id = %s and party like '%%:%%'
  and (%s::text[] is null or party = any (%s::text[]))
group by 1, 2 having sum(fen) <> 0
"""


def entry(cause: str) -> Entry | None:
    """The entry of the cause."""
    return next(iter(_entries("e.cause = %s", [cause])), None)


def whole(cause: str) -> Entry | None:
    """The entry of the cause with all its lines, those in another region's books among them."""
    found = entry(cause)
    if found is None:
        return None
    lines = _rows("select region_id, source, kind, party, fen from fund_whole(%s)", [cause])
    return replace(found, lines=tuple(Line(account=_account(*row[:4]), fen=row[4]) for row in lines))


def entries(causes: Sequence[str]) -> list[Entry]:
    """The entries of these causes, in the order of posting."""
    return list(_entries("e.cause = any (%s)", [list(causes)]))


def of_movements(movements: Sequence[Movement]) -> list[Entry]:
    """Entries of these movements, reversals among them, in the order of posting."""
    return list(_entries("e.movement = any (%s)", [[movement.name for movement in movements]]))


def standing(causes: Sequence[str]) -> list[Entry]:
    """Those of these entries that nobody has taken back, in the order of posting."""
    kept = "e.cause = any (%s) and not exists (select from fund_entry r where r.reverses = e.cause)"
    return list(_entries(kept, [list(causes)]))


def reversed_by(cause: str) -> str | None:
    """The cause that took the entry back."""
    taken_back_by: str | None = _one("select cause from fund_entry where reverses = %s", [cause])
    return taken_back_by


def records() -> list[Record]:
    """All entries and closings that the scope sees, in the order of posting."""
    closings = _rows("select id, region_id, month, closed_on from fund_closing order by id", [])
    told: list[tuple[int, Record]] = [
        (number, Closing(region=region, month=Month.of(month), closed_on=closed_on))
        for number, region, month, closed_on in closings
    ]
    told += _numbered("true", [])
    return [record for _, record in sorted(told, key=lambda each: each[0])]


def closed_until(region: str) -> Month | None:
    """The last closed month of the region."""
    last = _one("select max(month) from fund_closing where region_id = %s", [region])
    return None if last is None else Month.of(last)


def closings(region: str) -> list[Closing]:
    """The region's closed months, the latest first."""
    rows = _rows("select month, closed_on from fund_closing where region_id = %s order by month desc", [region])
    return [Closing(region=region, month=Month.of(month), closed_on=on) for month, on in rows]


def first_booked(region: str) -> date | None:
    """The day of the region's first entry."""
    first: date | None = _one(f"select min(booked_on) from fund_entry e where {_IN_BOOKS}", [region] * 3)
    return first


def booked(region: str, period: Period) -> list[Entry]:
    """The region's entries that are booked in the period, in the order of posting."""
    within = f"{_IN_BOOKS} and e.booked_on >= %s and (%s::date is null or e.booked_on < %s::date)"
    return list(_entries(within, [region, region, region, period.start, period.end, period.end]))


def balance(account: Account) -> int:
    """Fen on the account, debits positive."""
    return int(
        _one(
            "select coalesce(sum(fen), 0) from fund_line"
            " where kind = %s and party = %s and region_id = %s and source = %s",
            [account.kind.name, account.party, account.region, account.source.name],
        )
    )


def balances(region: str) -> dict[Account, int]:
    """Fen on each account of the region that stands at something, debits positive."""
    rows = _rows(
        "select region_id, source, kind, party, sum(fen) from fund_line where region_id = %s"
        " group by 1, 2, 3, 4 having sum(fen) <> 0",
        [region],
    )
    return {_account(*row[:4]): int(row[4]) for row in rows}


def owed_to(region: str, kind: Kind, party: str) -> dict[Source, int]:
    """What is owed under the kind to, or by, one party, by source, positive; sources at 0 are left out."""
    rows = _rows(
        "select source, sum(fen) from fund_line where kind = %s and party = %s and region_id = %s group by 1"
        " having sum(fen) <> 0",
        [kind.name, party, region],
    )
    return {Source[source]: kind.nature.side * int(fen) for source, fen in rows}


def claims(region: str, *parties: str) -> dict[str, Counter[Source]]:
    """What the fund owes persons by claim and source, less what they have to give back; below zero they owe it.

    A claim's party is the key of what it is for, as `settlement:12`; of all claims where none are named. Those at 0 in
    every source are left out.
    """
    asked = list(parties) or None
    rows = _rows(_CLAIMS, [[kind.name for kind in _OF_CLAIMS], region, asked, asked])
    found: dict[str, Counter[Source]] = {}
    for key, source, fen in rows:
        found.setdefault(key, Counter())[Source[source]] = -int(fen)
    return found


def trial_balance(region: str, period: Period) -> tuple[TrialRow, ...]:
    """A row for each account of the region that stood at something or moved in the period."""
    return trial_of(_condensed([region], period.end), period)


def account_statement(account: Account, period: Period) -> AccountStatement:
    """Every line on the account that is booked in the period, with the running balance."""
    of_account = (
        "e.id in (select entry_id from fund_line where kind = %s and party = %s and region_id = %s and source = %s)"
    )
    names = [account.kind.name, account.party, account.region, account.source.name]
    return statement_of(list(_entries(of_account, names)), account, period)


def fund_year(region: str, year: int, source: Source | None = None) -> FundYear:
    """The year of a region's funds: of one source, or of all of them."""
    return year_of(_condensed([region], date(year + 1, 1, 1)), region=region, year=year, source=source)


def execution(region: str, year: int) -> tuple[Execution, ...]:
    """How each source's budget of the year is carried out."""
    return execution_of(_condensed([region], date(year + 1, 1, 1)), region=region, year=year)


# ---- for who clears --------------------------------------------------------------------------------------------------
def moved(causes: Sequence[str], kinds: Sequence[Kind]) -> dict[str, dict[Source, int]]:
    """What the entries of these causes moved on accounts of these kinds, by cause and source, debits positive."""
    rows = _rows(
        "select e.cause, l.source, sum(l.fen) from fund_entry e join fund_line l on l.entry_id = e.id"
        " where e.cause = any (%s) and l.kind = any (%s) group by 1, 2 having sum(l.fen) <> 0",
        [list(causes), [kind.name for kind in kinds]],
    )
    found: dict[str, dict[Source, int]] = {}
    for cause, source, fen in rows:
        found.setdefault(cause, {})[Source[source]] = int(fen)
    return found


def unlike(said: str, values: Sequence[object], kinds: Sequence[Kind]) -> dict[int, int | None]:
    """Where the books moved something else than is said: the number with the fen that they have; None: no entry.

    `said` is a query, never anybody's text, of (number, causes as text[], fen), for which it needs the values. Compared
    within the database, so that a hundred thousand cost no more than those that differ. What should have moved
    nothing needs no entry.
    """
    rows = _rows(
        f"with said (number, causes, fen) as ({said}), asked as (select number, unnest(causes) as cause from said),"
        " booked as (select a.number, sum(l.fen) as fen from asked a join fund_entry e on e.cause = a.cause"
        "            join fund_line l on l.entry_id = e.id where l.kind = any (%s) group by 1)"
        " select s.number, b.fen from said s left join booked b using (number)"
        " where coalesce(b.fen, 0) <> s.fen order by 1",
        [*values, [kind.name for kind in kinds]],
    )
    return {int(number): None if fen is None else int(fen) for number, fen in rows}


def moved_on(region: str, kind: Kind, party: str, apart_from: Sequence[Movement] = ()) -> dict[Source, int]:
    """What moved on the party's accounts of the kind, by source, debits positive; some movements left out."""
    rows = _rows(
        "select l.source, sum(l.fen) from fund_line l join fund_entry e on e.id = l.entry_id"
        " where l.kind = %s and l.party = %s and l.region_id = %s and e.movement <> all (%s)"
        " group by 1 having sum(l.fen) <> 0",
        [kind.name, party, region, [movement.name for movement in apart_from]],
    )
    return {Source[source]: int(fen) for source, fen in rows}


# ---- rows ------------------------------------------------------------------------------------------------------------
def _condensed(regions: Sequence[str], until: date | None) -> list[Record]:
    rows = _rows(_CONDENSED, [list(regions), until, until])
    return [
        Entry(
            cause=f"{movement} {day}", movement=Movement[movement], booked_on=day, happened_on=day, known_on=day,
            lines=tuple(Line(account=_account(*row[2:6]), fen=int(row[6])) for row in group), reason="",
        )
        for (movement, day), group in groupby(rows, key=lambda row: (row[0], row[1]))
    ]  # fmt: skip


def _entries(condition: str, values: Sequence[object]) -> Iterator[Entry]:
    return (entry for _, entry in _numbered(condition, values))


def _numbered(condition: str, values: Sequence[object]) -> Iterator[tuple[int, Entry]]:
    rows = _rows(_ENTRIES.format(condition), values)
    for number, group in groupby(rows, key=lambda row: row[0]):
        listed = list(group)
        _, cause, movement, booked_on, happened_on, known_on, reason, reverses, *_ = listed[0]
        yield number, Entry(
            cause=cause, movement=Movement[movement], booked_on=booked_on, happened_on=happened_on, known_on=known_on,
            lines=tuple(Line(account=_account(*row[8:12]), fen=row[12]) for row in listed if row[12] is not None),
            reason=reason, reverses=reverses or "",
        )  # fmt: skip


def _account(region: str, source: str, kind: str, party: str) -> Account:
    return Account(region=region, source=Source[source], kind=Kind[kind], party=party)


def _rows(statement: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _one(statement: str, values: Sequence[object]) -> Any:
    rows = _rows(statement, values)
    return rows[0][0] if rows else None
