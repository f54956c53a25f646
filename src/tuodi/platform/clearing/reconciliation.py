"""Reconciliation with an institution: its totals or details beside our settlements, kept, each difference told.

The institution itself, the city or the system compares: a county sees only its own of the institution's settlements,
and has the differences of its statements in `differing`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

import orjson
from django.db import transaction

from tuodi.core.finding import Faults, Finding, Place
from tuodi.platform.base import audit
from tuodi.platform.base.actor import actor
from tuodi.platform.base.domain import Desk
from tuodi.platform.base.models import Institution
from tuodi.platform.clearing import models
from tuodi.platform.clearing.domain.comparison import Compared, Said, SaidInAll, in_all
from tuodi.platform.clearing.domain.comparison import compare_details as details_compared
from tuodi.platform.clearing.domain.comparison import compare_totals as totals_compared
from tuodi.platform.settlement import of_institutions
from tuodi.platform.settlement.of_institutions import Changed, Sums

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from tuodi.platform.settlement.models import Settlement

LONGEST = 400
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which of an institution's settlements: those known on the days, both included; '' and () are all.

    Without refunds a bill that was cancelled, and its cancel, count neither here nor there.
    """

    institution: str
    first: date
    last: date
    insurance: str = ""
    services: tuple[str, ...] = ()
    with_refunds: bool = False


@transaction.atomic
def compare_totals(*, asked: Asked, said: SaidInAll) -> Compared:
    """The institution's totals beside ours. Kept; the same again is kept once. Raises Faults: `report-…`."""
    _keep(asked, said, ())
    return totals_compared(total(asked), institution=said)


@transaction.atomic
def compare_details(*, asked: Asked, said: Sequence[Said], totals: SaidInAll | None = None) -> Compared:
    """Each settlement of the institution beside ours, and each of ours that it lacks. Kept as `compare_totals`."""
    _keep(asked, totals or in_all(said), said)
    return details_compared(ours(asked), institution=said)


def ours(asked: Asked, *, after: int = 0, most: int | None = None) -> list[Said]:
    """What we settled, in the order of settling; a cancel is negative. Account and cash are not ours to say.

    A page of it: so many of those after the settlement that the page before ended with.
    """
    return [_said_of(each) for each in of_institutions.changes(_rows(asked).filter(pk__gt=after), most)]


def count(asked: Asked) -> int:
    """How many there are on all pages."""
    return int(_rows(asked).count())


def total(asked: Asked) -> SaidInAll:
    """Our sums together."""
    return _summed(of_institutions.total(_rows(asked)))


def totals(asked: Asked) -> Mapping[tuple[str, str], SaidInAll]:
    """Our sums by insurance and service, for whoever adds them up to clearing types."""
    sums = of_institutions.sums(_rows(asked), "insurance", "service")
    return {(insurance, service): _summed(each) for (insurance, service), each in sums.items()}


# ---- our side --------------------------------------------------------------------------------------------------------
def _rows(asked: Asked) -> QuerySet[Settlement]:
    found = of_institutions.rows(institution=asked.institution, since=asked.first, before=asked.last + _DAY)
    if asked.services:
        found = found.filter(service__in=asked.services)
    if asked.insurance:
        found = found.filter(insurance=asked.insurance)
    return found if asked.with_refunds else of_institutions.standing(found)


def _said_of(each: Changed) -> Said:
    """What the funds pay is what neither the person nor the institution bears."""
    return Said(number=str(each.id), total=each.total, funds=_funds(each), relief=each.relief)


def _summed(sums: Sums) -> SaidInAll:
    return SaidInAll(count=sums.rows, total=sums.total, funds=_funds(sums), relief=sums.relief)


def _funds(amounts: Changed | Sums) -> int:
    return amounts.total - amounts.personal - amounts.hospital


# ---- keeping what was said -------------------------------------------------------------------------------------------
def _keep(asked: Asked, totals: SaidInAll, said: Sequence[Said]) -> None:
    institution = Institution.objects.filter(pk=asked.institution).first()
    if faults := [*_wrong(asked, institution)]:
        raise Faults(faults)
    assert institution is not None, "_wrong found nothing"
    content = _content_hash(asked, totals, said)
    if models.Report.objects.filter(institution=institution, content_hash=content).exists():
        return
    report = models.Report.objects.create(
        institution=institution, region_id=institution.region_id, first=asked.first, last=asked.last,
        insurance=asked.insurance, services=list(asked.services), with_refunds=asked.with_refunds,
        detailed=bool(said), totals=asdict(totals), content_hash=content,
    )  # fmt: skip
    regions = _regions(asked.institution, [each.number for each in said])
    models.Reported.objects.bulk_create(
        [_stored(report, position, each, regions) for position, each in enumerate(said, 1)], batch_size=1000
    )
    audit.record(
        act="clearing.report", subject=f"institution:{asked.institution}", region=institution.region_id,
        details={"report": report.pk, "first": str(asked.first), "last": str(asked.last), "rows": len(said)},
    )  # fmt: skip


def _wrong(asked: Asked, institution: Institution | None) -> Iterable[Finding]:
    desk, _ = actor()
    place = Place(path=asked.institution)
    if institution is None:
        yield Finding(code="report-institution", message=f"没有机构“{asked.institution}”", place=place)
    if desk not in (Desk.hospital, Desk.system):
        message = f"{desk}看不全医疗机构的结算，不能代它对账"
        remedy = "由医疗机构对账；县里看结算单上的差异"
        yield Finding(code="report-desk", message=message, place=place, remedy=remedy)
    if not 0 <= (asked.last - asked.first).days <= LONGEST:
        message = f"对账日期 {asked.first} 到 {asked.last} 不成一段，或超过 {LONGEST} 天"
        yield Finding(code="report-days", message=message, place=place, remedy="核对起止日期，分段对账")


def _content_hash(asked: Asked, totals: SaidInAll, said: Sequence[Said]) -> str:
    content = [asdict(asked), asdict(totals), [asdict(each) for each in said]]
    return sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _regions(institution: str, numbers: Iterable[str]) -> dict[str, str]:
    """Of each number that is a settlement of the institution, its county."""
    known = {int(number) for number in numbers if number.isascii() and number.isdecimal() and len(number) < _DIGITS}
    return {str(number): region for number, region in of_institutions.regions(known, institution).items()}


_DIGITS = 19


def _stored(report: models.Report, position: int, said: Said, regions: Mapping[str, str]) -> models.Reported:
    return models.Reported(
        report=report, position=position, institution_id=report.institution_id,
        region_id=regions.get(said.number, report.region_id), number=said.number, known=said.number in regions,
        total_fen=said.total, funds_fen=said.funds, relief_fen=said.relief, account_fen=said.account,
        cash_fen=said.cash,
    )  # fmt: skip
