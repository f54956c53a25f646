"""Settlements whose answers were lost with the transaction that should have kept them.

The settlement room has committed, and nothing here knows it. The same message finds it again, a reversal takes it back;
until then it is told at reconciliation, and its visit is settled by no other message.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import QuerySet

from tuodi.gateway import models
from tuodi.gateway.at_desk.kept import unpacked
from tuodi.gateway.national.codes import CLR_TYPE_OF_MED_TYPE, INSUTYPE_OF_INSURANCE, MED_TYPE_OF_SERVICE
from tuodi.gateway.national.desk import RowsWanted, SettledRow
from tuodi.gateway.national.envelope import read_request
from tuodi.platform.settlement.models import Settlement

SETTLES = ("2207", "2304")
"""Transactions that settle."""
AGAIN = "2601"
"""A cancel's reversal settles again what was cancelled; its key goes on with the cancel's transaction and number."""


class Sent(NamedTuple):
    """Transaction and number of a message."""

    transaction: str
    message: str


def message_of(visit: models.Visit, *, but: str) -> Sent | None:
    """The other message that has settled the visit without keeping it: its own, or a cancel whose reversal did."""
    for row in _lost(Settlement.objects.filter(person_id=visit.person_id, institution_id=visit.institution_id)):
        sent = key_of(row)
        if sent.message != but and _visit_in(row.institution_id, sent) == str(visit.pk):
            return sent
    return None


def rows(institution: str, wanted: RowsWanted) -> Iterable[SettledRow]:
    """Them as reconciliation sees them: ours, and nobody else's."""
    found = Settlement.objects.filter(institution_id=institution, known_on__gte=wanted.first, known_on__lte=wanted.last)
    for row in _lost(found):
        category = CLR_TYPE_OF_MED_TYPE[MED_TYPE_OF_SERVICE.get(row.service, "21")]
        insutype = INSUTYPE_OF_INSURANCE.get(row.who["insurance"], "")
        if wanted.insutype in ("", insutype) and wanted.clearing_type in ("", category):
            yield SettledRow(
                number=str(row.pk), visit=_visit_in(institution, key_of(row)), person=str(row.person_id),
                message=key_of(row).message, total=row.total_fen,
                funds=row.total_fen - row.personal_fen - row.hospital_fen, account=0, cash=row.personal_fen,
            )  # fmt: skip


def every(until: date) -> Iterable[Settlement]:
    """All that were lost up to a day, within the scope."""
    return _lost(Settlement.objects.filter(known_on__lte=until))


def key_of(row: Settlement) -> Sent:
    """The message that settled it, or the cancel whose reversal has settled it again."""
    transaction, _, rest = row.sender_key.partition(":")
    if transaction == AGAIN:
        transaction, _, rest = rest.partition(":")
    return Sent(transaction, rest)


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _lost(found: QuerySet[Settlement]) -> Iterable[Settlement]:
    """Of these, bills that came through the interface, stand, and are not kept."""
    of_messages = found.filter(
        kind="settled", payee="institution", sender_key__regex=f"^({'|'.join((*SETTLES, AGAIN))}):"
    )
    unkept = [*of_messages.exclude(pk__in=models.Settled.objects.values("settlement_id")).order_by("pk")]
    gone = Settlement.objects.filter(replaces_id__in=[row.pk for row in unkept], kind="cancelled")
    cancelled = {*gone.values_list("origin", flat=True)}
    return [row for row in unkept if row.pk not in cancelled]


def _visit_in(institution: str, sent: Sent) -> str:
    """The visit that the kept message names."""
    named = {"institution_id": institution, "transaction": sent.transaction, "number": sent.message}
    row = models.Message.objects.filter(**named).last()
    if row is None:
        return ""
    data = read_request(unpacked(row.body)).input.get("data")
    return str(data.get("mdtrt_id", "")) if isinstance(data, dict) else ""
