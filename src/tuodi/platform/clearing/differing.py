"""A statement compared three ways: its rows, what the institution said last of each, what the books have.

The database says which rows differ at all, however many there are; only those are read and told one by one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef

from tuodi.platform.clearing import content, models, reading
from tuodi.platform.clearing.domain.comparison import Compared, Said, compare_details
from tuodi.platform.clearing.domain.statement import Row
from tuodi.platform.fund import selectors as fund
from tuodi.platform.settlement import of_institutions

MOST = 200
"""As many rows are told one by one as somebody can look into."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """A statement compared three ways. `rows`: those that differ and are told one by one; `untold`: how many more.

    `unreported`: of how many rows the institution has not said anything yet.
    """

    compared: Compared
    rows: tuple[int, ...]
    unreported: int
    untold: int


def differences(number: int) -> Differences:
    """The statement's rows beside the books, and beside what the institution said last of each. Faults as `statement`.

    A row that the institution's newest report of its day lacks is missing there; what it reports beyond all our
    settlements is shown to the county where it lies.
    """
    found = content.statement(number)
    reported = _reported(found)
    booked = fund.unlike(_BOOKED, [number], reading.POSITION)
    differ = sorted(booked.keys() | reported.differ.keys())
    rows = [content.row_of(row) for row in models.Row.objects.filter(pk__in=differ[:MOST]).order_by("settlement_id")]
    told = (*_beside_institution(rows, reported), *_beside_books(rows, booked))
    return Differences(
        compared=Compared(
            count=models.Row.objects.filter(statement=found).count(),
            differences=tuple(sorted(told, key=lambda each: (len(each.number), each.number))),
        ),
        rows=tuple(differ[:MOST]),
        unreported=reported.unreported,
        untold=len(differ[MOST:]),
    )


# ---- beside the books ------------------------------------------------------------------------------------------------
_BOOKED = f"select settlement_id, {reading.CAUSES}, -relief_fen from clearing_row where statement_id = %s"


def _beside_books(rows: Sequence[Row], booked: Mapping[int, int | None]) -> Sequence[Any]:
    theirs = {row.settlement: booked.get(row.settlement, -row.amounts.relief) for row in rows}
    relief = {str(number): -fen for number, fen in theirs.items() if fen is not None}
    return compare_details([_said(row) for row in rows], ledger=relief).differences


# ---- beside the institution ------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class _Reported:
    """Rows that the institution says otherwise, with its report of each; what it has beyond ours, and what not yet."""

    differ: Mapping[int, int]
    strange: Sequence[Said]
    unreported: int


# Each row's newest report of its day that should hold it; without refunds that need not hold what was taken back.
_NEWEST = """
with newest as materialized (
  select distinct on (r.settlement_id) r.*, p.id as report
  from clearing_row r join clearing_report p on p.id = any (%(reports)s) and r.known_on between p.first and p.last
   and p.insurance in ('', r.insurance) and (p.services = '{}' or r.service = any (p.services))
   and (p.with_refunds or r.settlement_id <> all (%(refunded)s))
  where r.statement_id = %(statement)s order by r.settlement_id, p.id desc)
"""
_DIFFER = f"""{_NEWEST}
select n.settlement_id, n.report
from newest n left join clearing_reported d on d.report_id = n.report and d.number = n.settlement_id::text
group by n.settlement_id, n.report, n.total_fen, n.relief_fen, n.personal_fen, n.hospital_fen
having count(d.report_id) <> 1
    or bool_or(d.total_fen <> n.total_fen or d.relief_fen <> n.relief_fen
               or d.funds_fen <> n.total_fen - n.personal_fen - n.hospital_fen)
"""
_COVERED = f"{_NEWEST} select count(*) from newest"


def _reported(found: models.Statement) -> _Reported:
    rows = models.Row.objects.filter(statement=found)
    within = rows.filter(known_on__gte=OuterRef("first"), known_on__lte=OuterRef("last"))
    reports = models.Report.objects.filter(Exists(within), institution_id=found.institution_id, detailed=True)
    numbers = [*reports.values_list("id", flat=True)]
    if not numbers:
        return _Reported(differ={}, strange=(), unreported=rows.count())
    values = {"statement": found.pk, "reports": numbers, "refunded": _refunded(found, reports)}
    with connection.cursor() as cursor:
        cursor.execute(_DIFFER, values)
        differ = dict(cursor.fetchall())
        cursor.execute(_COVERED, values)
        (covered,) = cursor.fetchone()
    return _Reported(differ=differ, strange=_strange(found, numbers), unreported=rows.count() - covered)


def _refunded(found: models.Statement, reports: Any) -> list[int]:
    """Rows whose bill was cancelled, the cancels too; nobody asks where all reports hold them."""
    if not reports.filter(with_refunds=False).exists():
        return []
    rows = of_institutions.rows().filter(cleared__statement=found)
    return [*of_institutions.cancelled(rows).values_list("pk", flat=True)]


def _strange(found: models.Statement, reports: Sequence[int]) -> list[Said]:
    """What is none of our settlements, as said last."""
    lines = models.Reported.objects.filter(report__in=reports, known=False, region_id=found.region_id)
    latest = lines.order_by("number", "-report_id", "-position").distinct("number")
    return [_told(line) for line in latest[:MOST]]


def _beside_institution(rows: Sequence[Row], reported: _Reported) -> Sequence[Any]:
    differing = [row for row in rows if row.settlement in reported.differ]
    lines = models.Reported.objects.filter(
        report__in={reported.differ[row.settlement] for row in differing},
        number__in=[str(row.settlement) for row in differing],
    )
    theirs = [
        _told(line)
        for line in lines.order_by("report_id", "position")
        if line.report_id == reported.differ[int(line.number)]
    ]
    ours = [_said(row) for row in differing]
    return compare_details(ours, institution=[*theirs, *reported.strange]).differences


def _said(row: Row) -> Said:
    amounts = row.amounts
    funds = amounts.total - amounts.personal - amounts.hospital
    return Said(number=str(row.settlement), total=amounts.total, funds=funds, relief=amounts.relief)


def _told(line: models.Reported) -> Said:
    return Said(
        number=line.number, total=line.total_fen, funds=line.funds_fen, relief=line.relief_fen,
        account=line.account_fen, cash=line.cash_fen,
    )  # fmt: skip
