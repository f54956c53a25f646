"""Somebody's years as lanes of one time line: insurance, statuses, bills."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.urls import reverse

from tuodi.console.amounts import yuan_text
from tuodi.console.picture.shapes import Tone
from tuodi.console.picture.timeline import Band, Drawn, Lane, Mark, timeline
from tuodi.language.model import SERVICES, STATUSES
from tuodi.platform.registry.selectors import Band as Known
from tuodi.platform.settlement.models import Settlement


def years(
    insurances: Sequence[Known], statuses: Sequence[Known], bills: Iterable[Settlement], today: date
) -> list[Drawn]:
    """Lanes from what is known now; a bill's mark leads to its page."""
    kinds = sorted({row.word for row in statuses}, key=list(STATUSES).index)
    lanes = [
        Lane("参保", [_band(row, Tone.pale) for row in insurances]),
        *(
            Lane(
                STATUSES[kind],
                [_band(row, Tone.main) for row in statuses if row.word == kind],
                _applications(statuses, kind),
            )
            for kind in kinds
        ),
        Lane("结算", marks=[_mark(bill) for bill in bills]),
    ]
    return timeline(lanes, today)


def _band(row: Known, tone: Tone) -> Band:
    last = "至今" if row.ends_on is None else f"到 {date.fromordinal(row.ends_on.toordinal() - 1)}"
    return Band(row.starts_on, row.ends_on, tone, f"{row.label}：{row.starts_on} {last}")


def _applications(statuses: Sequence[Known], kind: str) -> list[Mark]:
    return [
        Mark(row.applied_on, Tone.before, f"{row.applied_on} 申请{STATUSES[kind]}")
        for row in statuses
        if row.word == kind and row.applied_on
    ]


def _mark(bill: Settlement) -> Mark:
    says = (
        f"{bill.happened_on} {SERVICES[bill.service]} 总费用 {yuan_text(bill.total_fen)} 元，"
        f"救助 {yuan_text(bill.relief_fen)} 元"
    )
    tone = Tone.main if bill.relief_fen else Tone.before
    return Mark(bill.happened_on, tone, says, reverse("settlement", args=[bill.pk]))
