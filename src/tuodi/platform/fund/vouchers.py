"""Reading vouchers for pages: those that wait, all of them, one with its lines and who had a hand in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from tuodi.core.finding import Finding
from tuodi.ledger.entry import Line
from tuodi.ledger.movement import Movement
from tuodi.platform.base.actor import names_of
from tuodi.platform.base.domain import Desk
from tuodi.platform.fund import models, voucher


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What became of a voucher, and who said so."""

    booked: bool
    label: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A voucher with the lines that its entry has, or will have. `decided` None: it waits for somebody else."""

    id: int
    region: str
    movement: Movement
    lines: tuple[Line, ...]
    happened_on: date
    document: str
    reason: str
    reverses: str
    by: str
    at: datetime
    decided: Decided | None

    @property
    def cause(self) -> str:
        """The cause of its entry."""
        return voucher.cause_of(self.id)


def waiting() -> list[Shown]:
    """Vouchers that the scope sees and nobody has decided on, the oldest first."""
    return _shown(models.Voucher.objects.filter(decision=None).order_by("id"))


def decided(first: int, last: int) -> list[Shown]:
    """Those that are decided on, the newest first: from the first place to before the last."""
    return _shown(_decided()[first:last])


def count_decided() -> int:
    """How many are decided on."""
    return int(_decided().count())


def one(number: int) -> Shown | None:
    """The voucher of the scope."""
    return next(iter(_shown(models.Voucher.objects.filter(pk=number))), None)


def why_not(number: int, desk: Desk, staff: int) -> list[Finding]:
    """Why this person may not decide on the voucher."""
    return voucher.undecidable(models.Voucher.objects.get(pk=number), desk, staff)


def for_whom(region: str, desk: Desk, staff: int) -> list[Shown]:
    """The region's vouchers that wait for this person."""
    return [each for each in waiting() if each.region == region and not why_not(each.id, desk, staff)]


def _decided() -> QuerySet[models.Voucher]:
    return models.Voucher.objects.exclude(decision=None).order_by("-id")


def _shown(rows: QuerySet[models.Voucher]) -> list[Shown]:
    found: Sequence[models.Voucher] = [*rows.select_related("decision")]
    decisions = {row.pk: row.decision for row in found if hasattr(row, "decision")}
    names = names_of(row.staff_id for row in (*found, *decisions.values()))
    return [
        Shown(
            id=row.pk, region=row.region_id, movement=Movement[row.movement], lines=voucher.lines_read(row.lines),
            happened_on=row.happened_on, document=row.document, reason=row.reason, reverses=row.reverses or "",
            by=names.get(row.staff_id, "系统"), at=row.at, decided=_of(decisions.get(row.pk), names),
        )
        for row in found
    ]  # fmt: skip


def _of(row: models.Decision | None, names: Mapping[int | None, str]) -> Decided | None:
    if row is None:
        return None
    return Decided(
        booked=row.decision == "booked", label=row.get_decision_display(), reason=row.reason,
        by=names.get(row.staff_id, "") if row.staff_id else "", at=row.at,
    )  # fmt: skip
