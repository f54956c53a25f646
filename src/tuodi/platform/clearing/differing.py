"""A statement compared three ways: its rows, what the institution said last of each, what the books have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tuodi.platform.clearing import content, models, reading
from tuodi.platform.clearing.domain.comparison import Compared, Said, compare_details
from tuodi.platform.clearing.domain.statement import Row
from tuodi.platform.settlement.models import Settlement


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """A statement compared three ways. `unreported`: rows of which the institution has not said anything yet."""

    compared: Compared
    unreported: tuple[int, ...]


def differences(number: int) -> Differences:
    """The statement's rows beside the books, and beside what the institution said last of each. Faults as `statement`.

    A row that the institution's newest report of its day lacks is missing there; what it reports beyond all our
    settlements is shown to the county where it lies.
    """
    found = content.statement(number)
    rows = [content.row_of(row) for row in models.Row.objects.filter(statement=found).order_by("settlement_id")]
    ours = [_said(row) for row in rows]
    booked = reading.booked_for({row.settlement: row.takes_back for row in rows})
    relief = {str(settlement): sum(sources.values()) for settlement, sources in booked.items()}
    theirs, unreported = _reported(found, rows)
    silent = {str(settlement) for settlement in unreported}
    beside_books = compare_details(ours, ledger=relief)
    beside_theirs = compare_details([said for said in ours if said.number not in silent], institution=theirs)
    both = (*beside_theirs.differences, *beside_books.differences)
    compared = Compared(
        count=len(rows), differences=tuple(sorted(both, key=lambda each: (len(each.number), each.number)))
    )
    return Differences(compared=compared, unreported=unreported)


def _said(row: Row) -> Said:
    amounts = row.amounts
    funds = amounts.total - amounts.personal - amounts.hospital
    return Said(number=str(row.settlement), total=amounts.total, funds=funds, relief=amounts.relief)


def _reported(found: models.Statement, rows: Sequence[Row]) -> tuple[list[Said], tuple[int, ...]]:
    """What the institution said of the rows, and of others unknown here; and the rows that no report covers."""
    days = [row.known_on for row in rows]
    reports = [
        *models.Report.objects.filter(
            institution_id=found.institution_id, detailed=True, first__lte=max(days), last__gte=min(days)
        ).order_by("-id")
    ]
    refunded = _refunded([row.settlement for row in rows])
    newest = {row.settlement: next((each for each in reports if _covers(each, row, refunded)), None) for row in rows}
    lines: defaultdict[tuple[int, str], list[models.Reported]] = defaultdict(list)
    for line in models.Reported.objects.filter(report__in=reports).order_by("report_id", "position"):
        lines[line.report_id, line.number].append(line)
    told = [
        _told(line)
        for settlement, report in newest.items()
        if report is not None
        for line in lines.get((report.pk, str(settlement)), ())
    ]
    strange = {
        line.number: line
        for group in lines.values()
        for line in group
        if not line.known and line.region_id == found.region_id
    }
    unreported = tuple(settlement for settlement, report in newest.items() if report is None)
    return [*told, *(_told(line) for line in strange.values())], unreported


def _covers(report: models.Report, row: Row, refunded: Collection[int]) -> bool:
    """Whether the report should hold the row; without refunds it need not hold what was taken back, nor the cancel."""
    within = report.first <= row.known_on <= report.last
    of_kind = report.insurance in ("", row.insurance) and (not report.services or row.service in report.services)
    return within and of_kind and (report.with_refunds or row.settlement not in refunded)


def _refunded(settlements: Sequence[int]) -> set[int]:
    """Those whose bill was cancelled, the cancels too."""
    found = Settlement.objects.filter(pk__in=settlements)
    origins = found.values("origin")
    cancelled = Settlement.objects.filter(origin__in=origins, kind="cancelled").values("origin")
    return {*found.filter(origin__in=cancelled).values_list("id", flat=True)}


def _told(line: models.Reported) -> Said:
    return Said(
        number=line.number, total=line.total_fen, funds=line.funds_fen, relief=line.relief_fen,
        account=line.account_fen, cash=line.cash_fen,
    )  # fmt: skip
