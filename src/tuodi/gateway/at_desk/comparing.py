"""Rows for reconciliation, applications for clearing, files up and down. Inside the hospital's scope."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from tuodi.core.finding import Faults
from tuodi.core.month import Month
from tuodi.gateway import models
from tuodi.gateway.at_desk import lost
from tuodi.gateway.at_desk.kept import packed, unpacked
from tuodi.gateway.national.desk import ClearingAsked, KeptFile, Refused, RowsWanted, Sender, SettledRow
from tuodi.gateway.national.fields import CHINA
from tuodi.platform.base.domain import Scope
from tuodi.platform.clearing import application
from tuodi.platform.clearing.application import Claim

KEPT_FOR = timedelta(days=7)
LARGEST_FILE = 8_000_000
NO_FILE = "文件不存在或已过期，请重新上传"


def rows(*, scope: Scope, wanted: RowsWanted) -> tuple[SettledRow, ...]:
    """The institution's settlements and cancels of those days, as they were answered, and those whose answer was lost.

    Reversed ones are none.
    """
    found = models.Settled.objects.filter(
        reversal=None, at__gte=_start(wanted.first), at__lt=_start(wanted.last + timedelta(days=1))
    ).select_related("visit", "cancelled", "cancels", "stands_for")
    if wanted.insutype:
        found = found.filter(insutype=wanted.insutype)
    if wanted.clearing_type:
        found = found.filter(clearing_type=wanted.clearing_type)
    return (*_rows(found.order_by("pk")), *lost.rows(scope.institution, wanted))


def apply(*, scope: Scope, asked: ClearingAsked) -> str | Refused:
    """The number of the application. Raises Faults."""
    if not _MONTH.fullmatch(asked.month):
        return Refused(reason="清算年月应为六位数字，如 202501")
    claim = Claim(
        clearing_type=asked.clearing_type, month=Month(int(asked.month[:4]), int(asked.month[4:6])), first=asked.first,
        last=asked.last, visits=asked.visits, total=asked.total, recognised=asked.recognised, funds=asked.funds,
        cash=asked.cash, account=asked.account,
    )  # fmt: skip
    return str(application.apply(institution=scope.institution, claim=claim))


def withdraw(*, number: str) -> Refused | None:
    """Takes the application back."""
    if not (number.isascii() and number.isdecimal() and len(number) < _DIGITS):
        return Refused(reason="清算申请不存在")
    try:
        application.withdraw(application=int(number))
    except Faults as why:
        return Refused(reason="；".join(finding.message for finding in why.findings))
    return None


def keep_file(*, scope: Scope, sender: Sender, name: str, data: bytes) -> KeptFile | Refused:
    """Keeps a file for the institution, for a while."""
    if len(data) > LARGEST_FILE:
        return Refused(reason=f"文件超过 {LARGEST_FILE} 字节，请按日期分次上传")
    row = models.File.objects.create(
        institution_id=scope.institution, region_id=scope.region, at=sender.received_at, name=name, data=packed(data),
        until=sender.received_at + KEPT_FOR,
    )  # fmt: skip
    return KeptFile(number=str(row.pk), name=name, until=row.until)


def file(*, sender: Sender, number: str) -> bytes | Refused:
    """A file of the institution that has not expired."""
    if not (number.isascii() and number.isdecimal() and len(number) < _DIGITS):
        return Refused(reason=NO_FILE)
    row = models.File.objects.filter(pk=int(number), until__gt=sender.received_at).first()
    return Refused(reason=NO_FILE) if row is None else unpacked(row.data)


# ---- helpers ---------------------------------------------------------------------------------------------------------

_DIGITS = 19
_MONTH = re.compile(r"[0-9]{4}(0[1-9]|1[0-2])", re.ASCII)


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), CHINA)


def _rows(found: Iterable[models.Settled]) -> Iterable[SettledRow]:
    for row in found:
        yield SettledRow(
            number=_told_number(row), visit=str(row.visit_id), person=str(row.visit.person_id),
            message=(row.stands_for or row).number,
            total=row.total_fen, funds=row.funds_fen, account=row.account_fen, cash=row.cash_fen,
            cancels=_told_number(row.cancels), cancelled=hasattr(row, "cancelled"),
        )  # fmt: skip


def _told_number(row: models.Settled | None) -> str:
    """The number under which the institution knows the settlement."""
    return "" if row is None else str(row.stands_for_id or row.pk)
