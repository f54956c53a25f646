"""Somebody's years as lanes of one time line: insurance, statuses, bills."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.urls import reverse

from tuodi.console.amounts import yuan_text
from tuodi.console.picture.shapes import Tone
from tuodi.console.picture.timeline import Band, Drawn, Lane, Mark, timeline
from tuodi.language.model import INSURANCES, SERVICES, STATUSES
from tuodi.platform.registry.models import Insurance, Status
from tuodi.platform.settlement.models import Settlement


def years(
    insurances: Sequence[Insurance], statuses: Sequence[Status], bills: Iterable[Settlement], today: date
) -> list[Drawn]:
    """Lanes from what is known now; a bill's mark leads to its page."""
    kinds = sorted({row.status for row in statuses}, key=list(STATUSES).index)
    lanes = [
        Lane("参保", [_band(row.starts_on, row.ends_on, Tone.pale, INSURANCES[row.kind]) for row in insurances]),
        *(
            Lane(
                STATUSES[kind], [_status(row) for row in statuses if row.status == kind], _applications(statuses, kind)
            )
            for kind in kinds
        ),
        Lane("结算", marks=[_mark(bill) for bill in bills]),
    ]
    return timeline(lanes, today)


def _status(row: Status) -> Band:
    return _band(row.starts_on, row.ends_on, Tone.main, STATUSES[row.status])


def _band(starts_on: date, ends_on: date | None, tone: Tone, label: str) -> Band:
    last = "至今" if ends_on is None else f"到 {date.fromordinal(ends_on.toordinal() - 1)}"
    return Band(starts_on, ends_on, tone, f"{label}：{starts_on} {last}")


def _applications(statuses: Sequence[Status], kind: str) -> list[Mark]:
    return [
        Mark(row.applied_on, Tone.before, f"{row.applied_on} 申请{STATUSES[kind]}")
        for row in statuses
        if row.status == kind and row.applied_on
    ]


def _mark(bill: Settlement) -> Mark:
    says = (
        f"{bill.happened_on} {SERVICES[bill.service]} 总费用 {yuan_text(bill.total_fen)} 元，"
        f"救助 {yuan_text(bill.relief_fen)} 元"
    )
    tone = Tone.main if bill.relief_fen else Tone.before
    return Mark(bill.happened_on, tone, says, reverse("settlement", args=[bill.pk]))
