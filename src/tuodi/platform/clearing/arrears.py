"""What is late: all that institutions settled of a year's bills, by when it is to be paid, when it was. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models.functions import TruncMonth

from tuodi.core.finding import Faults, Finding
from tuodi.core.month import Month
from tuodi.platform.base import holiday
from tuodi.platform.base.models import Institution
from tuodi.platform.base.workdays import Calendar
from tuodi.platform.clearing import models, term
from tuodi.platform.clearing.domain.lateness import Lateness, Terms, due_on, lateness
from tuodi.platform.clearing.domain.steps import Status
from tuodi.platform.clearing.selectors import last_steps
from tuodi.platform.settlement import of_institutions


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What an institution settled in a year and month, and by when it is to be paid. `statement` None: not drawn yet.

    `lateness` None: no term says by when, or `finding` says why the day is not known.
    """

    region: str
    institution: str
    name: str
    month: Month
    rows: int
    relief: int
    statement: int | None
    status: Status | None
    paid_on: date | None
    basis: str
    lateness: Lateness | None
    finding: Finding | None

    @property
    def is_late(self) -> bool:
        """Whether it was, or is, paid after its day."""
        return self.lateness is not None and self.lateness.days > 0


def late(*, year: int, on: date, region: str = "") -> list[Due]:
    """Everything that institutions settled of the year's bills, the latest first: what is paid, what not, how late.

    `on` is today. By the terms that hold today.
    """
    found = [*_settled_of(year, region)]
    known = _known(found, on)
    dues = [_due(each, known, year, on) for each in found]
    return sorted(dues, key=lambda due: (-(due.lateness.days if due.lateness else 0), due.month, due.institution))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Settled:
    region: str
    institution: str
    month: Month
    statement: int | None
    rows: int
    relief: int


def _settled_of(year: int, region: str) -> Iterable[_Settled]:
    """Rows of bills of the year, by institution, month of knowing and statement."""
    found = of_institutions.rows(region=region).filter(happened_on__year=year).annotate(month=TruncMonth("known_on"))
    by = ("region_id", "institution_id", "month", "cleared__statement_id")
    for (county, institution, month, number), sums in of_institutions.sums(found, *by).items():
        yield _Settled(
            region=county, institution=institution, month=Month.of(month), statement=number, rows=sums.rows,
            relief=sums.relief,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What is looked up once for all: names, where statements stand, when they were paid, terms, working days."""

    names: Mapping[str, str]
    statuses: Mapping[int, Status]
    paid: Mapping[int, date]
    terms: Mapping[tuple[str, str], Terms | None]
    calendar: Calendar


def _known(found: Sequence[_Settled], on: date) -> _Known:
    numbers = [each.statement for each in found if each.statement is not None]
    institutions = Institution.objects.filter(pk__in={each.institution for each in found})
    payments = models.Payment.objects.filter(pk__in=numbers)
    return _Known(
        names=dict(institutions.values_list("code", "name")),
        statuses={number: Status[step.status] for number, step in last_steps(numbers).items()},
        paid=dict(payments.values_list("statement_id", "paid_on")),
        terms={key: term.of(*key, on) for key in {(each.region, each.institution) for each in found}},
        calendar=holiday.calendar(),
    )


def _due(each: _Settled, known: _Known, year: int, on: date) -> Due:
    paid_on = None if each.statement is None else known.paid.get(each.statement)
    terms = known.terms[each.region, each.institution]
    late_by, finding = _lateness(each, terms, year, paid_on or on, known.calendar)
    return Due(
        region=each.region, institution=each.institution, name=known.names.get(each.institution, ""),
        month=each.month, rows=each.rows, relief=each.relief, statement=each.statement,
        status=None if each.statement is None else known.statuses.get(each.statement), paid_on=paid_on,
        basis="" if terms is None else terms.basis, lateness=late_by, finding=finding,
    )  # fmt: skip


def _lateness(
    each: _Settled, terms: Terms | None, year: int, until: date, calendar: Calendar
) -> tuple[Lateness | None, Finding | None]:
    if terms is None:
        return None, None
    try:
        due = due_on(date(year, 12, 31), each.month, terms, calendar)
        return (None if due is None else lateness(due, until, calendar)), None
    except Faults as why:
        return None, why.findings[0]
