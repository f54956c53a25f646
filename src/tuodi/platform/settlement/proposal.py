"""Changes that wait: proposed with every difference, consented to by each county for its own bills, decided once.

A proposal shows what it would change. Where bills of several counties change, each of them consents; the last consent
carries it out. Nobody consents to what they proposed (INV-45).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import orjson
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from psycopg.errors import UniqueViolation

from tuodi.core.finding import Faults, finding
from tuodi.platform.base import audit
from tuodi.platform.base.domain import Desk
from tuodi.platform.settlement import whose
from tuodi.platform.settlement.asked import Asked, held
from tuodi.platform.settlement.domain import bill_read, bill_written
from tuodi.platform.settlement.elevated import as_system
from tuodi.platform.settlement.history import Difference
from tuodi.platform.settlement.models import Concern, Consent, Decision, Proposal


def proposed(asked: Asked, found: Sequence[Difference], on: date, reason: str) -> Proposal:
    """The proposal; asked for again while it is open it is the same. The person's account is held.

    A new one to settle somebody again takes the place of the open ones: what is known now is all in it.
    """
    with connection.cursor() as cursor:
        cursor.execute("select tuodi_institution(), tuodi_staff()")
        institution, staff = cursor.fetchone()
    with as_system():
        by = asked.by if staff is None else staff
        row = _open_already(asked, found) or _made(asked, found, on, reason, institution, by)
        overtaken(asked, but=row.pk)
    audit.record(
        act=f"settlement.propose_{asked.act}", subject=f"proposal:{row.pk}", region=row.region_id, reason=reason
    )
    return row


def overtaken(asked: Asked, but: int | None = None) -> None:
    """Open proposals to settle the person again that what is known now has left behind. In the system's scope."""
    if asked.act == "resettle":
        for row in _waiting(asked).exclude(pk=but):
            decide(row, "overtaken", "已按现在知道的情况重新计算")


def opened(proposal: int) -> Proposal:
    """The proposal, with the person's account held while it is decided.

    Raises Faults: `proposal-unknown`, `proposal-decided`, `own-proposal`.
    """
    row: Proposal | None = Proposal.objects.filter(pk=proposal).first()
    if row is None or not any(whose.owns(region) for region in row.regions):
        raise Faults([finding("proposal-unknown", f"没有待批的变更 {proposal}，或不归这里管", remedy="刷新页面")])
    with as_system():
        held(row.person_id)
        if Decision.objects.filter(pk=proposal).exists():
            raise Faults([finding("proposal-decided", f"变更 {proposal} 已经决定过", remedy="刷新页面")])
    _of_another(row)
    return row


def consent(row: Proposal, reason: str) -> bool:
    """The scope's county consents, the system for every county; whether by now all of them have.

    Raises Faults: `already-consented`.
    """
    with as_system():
        given = {*Consent.objects.filter(proposal_id=row.pk).values_list("region_id", flat=True)}
    own = [region for region in row.regions if region not in given and whose.owns(region)]
    if not own:
        raise _consented(row)
    for region in own:
        _given(row, region, reason)
        audit.record(act="settlement.consent", subject=f"proposal:{row.pk}", region=region, reason=reason)
    return given | {*own} == {*row.regions}


def _given(row: Proposal, region: str, reason: str) -> None:
    """A colleague may be consenting to the whole of an adoption at this moment."""
    try:
        with transaction.atomic():
            Consent.objects.create(proposal_id=row.pk, region_id=region, staff_id=_staff(), reason=reason)
    except IntegrityError as refused:
        why = refused.__cause__
        if not isinstance(why, UniqueViolation) or why.diag.constraint_name != "settlement_consent_once":
            raise
        raise _consented(row) from refused


def _consented(row: Proposal) -> Faults:
    message, remedy = f"本区划已经同意变更 {row.pk}", "等别的区划同意，那时调整账目"
    return Faults([finding("already-consented", message, remedy=remedy)])


def ripe(row: Proposal) -> bool:
    """Whether it is open and every county has consented; in the system's scope, with the account held."""
    given = {*Consent.objects.filter(proposal_id=row.pk).values_list("region_id", flat=True)}
    return given == {*row.regions} and not Decision.objects.filter(pk=row.pk).exists()


def decide(row: Proposal, decision: str, reason: str) -> None:
    """What became of it. `approved` only with every county's consent: the database holds it."""
    with as_system():
        Decision.objects.create(
            proposal_id=row.pk, region_id=row.region_id, decision=decision, staff_id=_staff(), reason=reason
        )
    audit.record(act=f"settlement.{decision}", subject=f"proposal:{row.pk}", region=row.region_id, reason=reason)


def asked_of(row: Proposal) -> Asked:
    """What was asked."""
    bill = None if row.bill is None else bill_read(row.bill)
    return Asked(row.act, row.person_id, row.settlement_id, bill, row.adoption_id, by=row.staff_id)


# ---- making ----------------------------------------------------------------------------------------------------------
def _made(
    asked: Asked, found: Sequence[Difference], on: date, reason: str, institution: str, staff: int | None
) -> Proposal:
    regions = sorted({difference.region for difference in found})
    row: Proposal = Proposal.objects.create(
        act=asked.act, person_id=asked.person, region_id=_region(asked, found), regions=regions,
        institution_id=institution, staff_id=staff, settlement_id=asked.origin, adoption_id=asked.adoption,
        bill=None if asked.bill is None else bill_written(asked.bill),
        differences=[difference.as_dict() for difference in found], reason=reason, proposed_on=on,
    )  # fmt: skip
    Concern.objects.bulk_create(
        Concern(
            proposal=row, region_id=region, bills=sum(one.region == region for one in found),
            relief_fen=sum(one.relief for one in found if one.region == region),
        )
        for region in regions
    )  # fmt: skip
    return row


def _region(asked: Asked, found: Sequence[Difference]) -> str:
    """Whose the act is: of a bill the county that bore it, of a person theirs, if bills of it change at all."""
    own = [difference.region for difference in found if difference.own]
    home = own[0] if own else whose.home(asked.person)
    regions = {difference.region for difference in found}
    return home if home in regions else min(regions)


def _open_already(asked: Asked, found: Sequence[Difference]) -> Proposal | None:
    """The same proposal, asked for again and not decided yet."""
    bill = None if asked.bill is None else bill_written(asked.bill)
    # As JSON gives it back: a difference's lines are a list there, and a tuple here.
    known: Any = orjson.loads(orjson.dumps([difference.as_dict() for difference in found]))
    same = (one for one in _waiting(asked) if one.bill == bill and one.differences == known)
    return next((one for one in same if asked.adoption in (None, one.adoption_id)), None)


def _waiting(asked: Asked) -> QuerySet[Proposal]:
    of_act = Proposal.objects.filter(act=asked.act, person_id=asked.person, settlement_id=asked.origin)
    return of_act.filter(decision=None).order_by("pk")


# ---- deciding --------------------------------------------------------------------------------------------------------
def _of_another(row: Proposal) -> None:
    """Four eyes. Who has no name may not be told apart from a proposer without one, the system excepted."""
    with connection.cursor() as cursor:
        cursor.execute("select tuodi_desk()")
        (desk,) = cursor.fetchone()
    staff = _staff()
    nobody = staff is None and not row.institution_id and desk != Desk.system.name
    if staff == row.staff_id and (staff is not None or nobody):
        raise Faults([finding("own-proposal", "自己提出的变更由别人审批", remedy="请另一位经办人审批")])
    if staff is not None and _gave_cause(row.pk, staff):
        message = "这项变更来自您登记的变动，由别人审批"
        raise Faults([finding("own-proposal", message, remedy="请另一位经办人审批")])


def _gave_cause(proposal: int, staff: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select settlement_gave_cause(%s, %s)", [proposal, staff])
        return bool(cursor.fetchone()[0])


def _staff() -> int | None:
    with connection.cursor() as cursor:
        cursor.execute("select tuodi_staff()")
        staff: int | None = cursor.fetchone()[0]
        return staff
