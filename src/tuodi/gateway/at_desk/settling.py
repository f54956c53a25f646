"""Trial, settlement, cancel and reversal on the settlement room, with what the institution was answered kept beside it.

The settlement room commits on its own. Its key is the message's: where the answer was lost with this transaction, the
same message finds the settlement again, and a reversal takes it back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tuodi.core.money import format_yuan
from tuodi.gateway import models
from tuodi.gateway.at_desk import bill as bills
from tuodi.gateway.at_desk import keeping, kept, lost, reinstating, told
from tuodi.gateway.at_desk import person as persons
from tuodi.gateway.at_desk import visit as visits
from tuodi.gateway.at_desk.bill import Ground
from tuodi.gateway.at_desk.days import day_of
from tuodi.gateway.national.behaviour import (
    KeptSettlement,
    MessageKey,
    Reversal,
    decide_reversal,
    why_not_cancel,
)
from tuodi.gateway.national.desk import Cancelled, Refused, Sender, Settled, SettlementQuestion
from tuodi.platform.base.domain import Scope
from tuodi.platform.settlement import revision, rows, settlement
from tuodi.platform.settlement.revision import Revision

NO_SETTLEMENT = "未找到该结算记录，请核对结算ID"
UNANSWERED = "报文 {} 已结算该就诊，但应答没有送达：请重发该报文取得结算结果，或先冲正（2601）"
AGAIN_UNANSWERED = "对撤销 {} 的冲正已恢复该就诊的结算，但应答没有送达：请再发一次该冲正（2601）"


def tried(*, scope: Scope, sender: Sender, question: SettlementQuestion) -> Settled | Refused:
    """What a settlement would give. Nothing is kept. Raises Faults."""
    ground = _ground(scope, sender, question, trial=True)
    if isinstance(ground, Refused):
        return ground
    answer = settlement.trial(scope=scope, bill=ground.bill, on=day_of(sender.received_at))
    return told.told(ground, answer, scope.region)


def settled(*, scope: Scope, sender: Sender, question: SettlementQuestion) -> Settled | Refused:
    """Settles, and keeps what is answered. Raises Faults."""
    ground = _ground(scope, sender, question, trial=False)
    if isinstance(ground, Refused):
        return ground
    if by := lost.message_of(ground.visit.row, but=sender.message):
        again = by.transaction not in lost.SETTLES
        return Refused(reason=(AGAIN_UNANSWERED if again else UNANSWERED).format(by.message))
    answer = settlement.settle(scope=scope, bill=ground.bill, on=day_of(sender.received_at))
    done = replace(
        told.told(ground, answer, scope.region), number=str(answer.settlement), settled_at=sender.received_at,
        message=sender.message,
    )  # fmt: skip
    keeping.keep(scope, sender, ground, done, answer, None)
    return done


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecided:
    """A cancel that would change other settlements: nothing moves until the county approves the proposal."""

    settlement: int
    refused: Refused


def cancelled(*, scope: Scope, sender: Sender, who: str, visit: str, number: str) -> Cancelled | Refused | Undecided:
    """Takes a settlement back by a record of its own."""
    now = visits.found(who, visit)
    if isinstance(now, Refused):
        return now
    row = keeping.found(number)
    if why := why_not_cancel(_record(row), scope.institution, who, visit):
        return Refused(reason=why)
    assert row is not None, "why_not_cancel has found it"
    done = propose(settlement_id=row.pk, sender=sender)
    if done.state == "proposed":
        return Undecided(settlement=row.pk, refused=Refused(reason=_waits(done)))
    original = told.of_row(row)
    if isinstance(original, Refused):
        return original
    cancel = keeping.keep_cancel(scope, sender, row, done.rows[-1], original)
    return Cancelled(number=str(cancel.pk), cancelled_at=sender.received_at, original=original)


def propose(*, settlement_id: int, sender: Sender) -> Revision:
    """Cancels, or proposes the cancel to the county where other settlements change with it; in the open transaction."""
    return revision.cancel(
        settlement=settlement_id, on=day_of(sender.received_at),
        reason=f"医疗机构撤销（{sender.transaction} {sender.message}）",
    )  # fmt: skip


def reversed_(*, scope: Scope, sender: Sender, who: str, key: MessageKey) -> Refused | Undecided | None:
    """Leaves nothing behind of what the message did, and uses its number up."""
    kept.hold(key.institution, key.transaction, key.message)  # the message itself may be on its way
    row = models.Settled.objects.filter(
        institution_id=key.institution, transaction=key.transaction, number=key.message
    ).first()
    if row is not None:
        kept.hold("visit", row.visit_id)  # so may a cancel of what it settled
        row = keeping.standing_for(row)
    decided = decide_reversal(key.transaction, who, _record(row))
    if decided.todo is Reversal.REFUSED:
        return Refused(reason=decided.reason)
    if decided.todo is Reversal.WITHDRAW:
        assert row is not None, "what is withdrawn is there"
        refused = _withdraw(scope, sender, row, key)
    else:
        refused = _withdraw_visit(scope, sender, who, key) or _withdraw_lost(sender, who, key)
    if refused is not None:
        return refused
    kept.withdraw(scope=scope, key=key, now=sender.received_at)
    return None


def shown(*, who: str, number: str) -> Settled | Refused:
    """A settlement as it stands; the institution's own."""
    row = keeping.found(number)
    if row is None or row.cancels_id or hasattr(row, "reversal") or str(row.visit.person_id) != who:
        return Refused(reason=NO_SETTLEMENT)
    return told.of_row(row)


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _ground(scope: Scope, sender: Sender, question: SettlementQuestion, *, trial: bool) -> Ground | Refused:
    person = persons.shown(question.person, day_of(sender.received_at))
    if isinstance(person, Refused):
        return person
    return bills.ground(scope=scope, sender=sender, question=question, person=person, trial=trial)


def _record(row: models.Settled | None) -> KeptSettlement | None:
    if row is None:
        return None
    cancel = models.Settled.objects.filter(cancels=row).first()
    return KeptSettlement(
        number=str(row.pk), visit=str(row.visit_id), person=str(row.visit.person_id), institution=row.institution_id,
        cancels=str(row.cancels_id or ""), cancelled_by=str(cancel.pk) if cancel else "",
        reversed=hasattr(row, "reversal"),
    )  # fmt: skip


# ---- reversing -------------------------------------------------------------------------------------------------------


def _withdraw(scope: Scope, sender: Sender, row: models.Settled, key: MessageKey) -> Refused | Undecided | None:
    if row.cancels_id:
        return reinstating.reinstated(scope=scope, sender=sender, cancel=row, key=key)
    done = propose(settlement_id=row.pk, sender=sender)
    if done.state == "proposed":
        return Undecided(settlement=row.pk, refused=Refused(reason=_waits(done)))
    keeping.strike(scope, sender, row)
    return None


def _withdraw_visit(scope: Scope, sender: Sender, who: str, key: MessageKey) -> Refused | None:
    """The admission that the message made, if it made one."""
    row = models.Visit.objects.filter(
        institution_id=key.institution, transaction=key.transaction, number=key.message
    ).first()
    if row is None or visits.standing(row) is None:
        return None
    if str(row.person_id) != who:
        return Refused(reason="原交易的人员编号与冲正请求不一致")
    return visits.withdrawn(scope=scope, sender=sender, who=who, number=str(row.pk))


def _withdraw_lost(sender: Sender, who: str, key: MessageKey) -> Refused | Undecided | None:
    """The settlement of a message whose answer was lost with its transaction, before the institution's row was kept."""
    lost = rows.sent(key.institution, f"{key.transaction}:{key.message}")
    if lost is None:
        return None
    if str(lost.person_id) != who:
        return Refused(reason="原交易的人员编号与冲正请求不一致")
    done = propose(settlement_id=lost.pk, sender=sender)
    if done.state == "proposed":
        return Undecided(settlement=lost.pk, refused=Refused(reason=_waits(done)))
    return None


def _waits(done: Revision) -> str:
    """What the clerk is told of a cancel that waits for the county, with the differences of the own bills."""
    own = [difference for difference in done.differences if not difference.own]
    return f"撤销会改变该人员此后的结算，已提交县级医保部门审批（变更 {done.proposal}），批准后重新撤销{_changes(own)}"


def _changes(differences: Sequence[object]) -> str:
    texts = [f"结算 {one.origin} 救助 {format_yuan(one.old)} 变为 {format_yuan(one.new)}" for one in differences]  # type: ignore[attr-defined]
    return f"：{'；'.join(texts)}" if texts else ""
