"""A cancel that is reversed (2601): the settlement stands again under its own number, if it still comes to the same.

What was cancelled has given its limits back, and others may have used them since. So the bill is settled anew, and its
row stands for the first one only where all amounts are those that the family was told and the same county bears them;
else nothing moves, and the hospital is told to settle anew.
"""

from __future__ import annotations

from dataclasses import replace

from tuodi.core.money import format_yuan
from tuodi.gateway import models
from tuodi.gateway.at_desk import bill as bills
from tuodi.gateway.at_desk import keeping, told
from tuodi.gateway.at_desk import person as persons
from tuodi.gateway.at_desk.bill import Ground
from tuodi.gateway.at_desk.days import day_of
from tuodi.gateway.at_desk.kept import unpacked
from tuodi.gateway.national.amounts import written
from tuodi.gateway.national.behaviour import MessageKey
from tuodi.gateway.national.desk import Refused, Sender, Settled
from tuodi.gateway.national.envelope import read_request
from tuodi.gateway.national.handling.settling import question_of
from tuodi.platform.base.domain import Scope
from tuodi.platform.settlement import revision, rows, settlement
from tuodi.platform.settlement.domain import Answer

OTHERWISE = "撤销以后该人员的年度累计已有变化：现在结算救助为 {} 元，原结算为 {} 元，不能恢复；请用新的报文ID重新结算"
CANNOT = "原结算不能恢复：{}；请用新的报文ID重新结算"
HANDED_OVER = "撤销以后该人员已移交到另一县（市、区），由那里救助"


def reinstated(*, scope: Scope, sender: Sender, cancel: models.Settled, key: MessageKey) -> Refused | None:
    """The cancel never was. `key` is that of its message. Raises Faults."""
    before = cancel.cancels
    first = before.stands_for or before
    # The settlement room commits on its own: done once for this cancel, however often its reversal is sent.
    again = replace(sender, transaction="2601", message=f"{key.transaction}:{key.message}", received_at=first.at)
    ground = _ground(scope, again, first)
    if isinstance(ground, Refused):
        return Refused(reason=CANNOT.format(ground.reason))
    today = day_of(sender.received_at)
    if rows.sent(scope.institution, ground.bill.key) is None:
        trial = settlement.trial(scope=scope, bill=ground.bill, on=today)
        if trial.region != _borne_by(before):
            return Refused(reason=CANNOT.format(HANDED_OVER))
        tried = told.told(ground, trial, scope.region)
        if not _same(tried, before):
            return _otherwise(tried, before)
    answer = settlement.settle(scope=scope, bill=ground.bill, on=today)
    done = told.told(ground, answer, scope.region)
    if answer.region != _borne_by(before):
        _undone(answer, sender)
        return Refused(reason=CANNOT.format(HANDED_OVER))
    if not _same(done, before):
        _undone(answer, sender)
        return _otherwise(done, before)
    keeping.keep(scope, again, ground, done, answer, first)
    for row in (cancel, before):
        keeping.strike(scope, sender, row)
    return None


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _ground(scope: Scope, again: Sender, first: models.Settled) -> Ground | Refused:
    """The question that was settled, put again: from the message that is kept."""
    message = models.Message.objects.filter(
        institution_id=first.institution_id, transaction=first.transaction, number=first.number
    ).first()
    assert message is not None, "what was settled came by a message"
    question = question_of(read_request(unpacked(message.body)))
    person = persons.shown(question.person, day_of(again.received_at))
    if isinstance(person, Refused):
        return person
    return bills.ground(scope=scope, sender=again, question=question, person=person, trial=False)


def _same(now: Settled, before: models.Settled) -> bool:
    return all(getattr(before, name) == fen for name, fen in keeping.amounts_of(written(now)).items())


def _borne_by(row: models.Settled) -> str:
    """The county that bore the settlement."""
    region: str = row.settlement.region_id
    return region


def _otherwise(now: Settled, before: models.Settled) -> Refused:
    relief = written(now).info.maf_pay
    return Refused(reason=OTHERWISE.format(format_yuan(relief), format_yuan(before.relief_fen)))


def _undone(answer: Answer, sender: Sender) -> None:
    """Another bill came between trial and settlement: what was settled is taken back, it is the person's last one."""
    assert answer.settlement is not None, "it was settled"
    revision.cancel(settlement=answer.settlement, on=day_of(sender.received_at), reason=f"冲正撤销（{sender.message}）")
