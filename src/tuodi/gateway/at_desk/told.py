"""A settlement as an answer tells it: who paid what, each line of relief with its clause, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from tuodi.core.money import format_yuan
from tuodi.engine.why import Explanation
from tuodi.gateway import models
from tuodi.gateway.at_desk import person as persons
from tuodi.gateway.at_desk.bill import Ground
from tuodi.gateway.at_desk.split import NOBODY, UNDIVIDED
from tuodi.gateway.national.codes import INSURANCE_OF_INSUTYPE, fund_of_payer
from tuodi.gateway.national.desk import Bill, FundPayment, Refused, ReliefLine, Settled
from tuodi.platform.settlement import selectors
from tuodi.platform.settlement.domain import Answer, AnswerLine
from tuodi.platform.settlement.models import Settlement


def told(ground: Ground, answer: Answer, clearing_region: str) -> Settled:
    """What the bill came to, or would come to."""
    question, upstream = ground.question, ground.question.upstream
    why, labels = _explained(answer), selectors.labels(answer.region, ground.bill.date)
    payments = upstream.payments if upstream else _layers(answer, question.insutype)
    return Settled(
        person=ground.person, visit=question.visit, insutype=question.insutype, med_type=ground.med_type,
        certificate=question.certificate, bill=ground.parts, payments=payments,
        relief=_relief(answer, why, labels), personal=answer.personal,
        account=upstream.account if upstream else 0,
        hospital=answer.hospital + (upstream.hospital if upstream else 0),
        why=_undivided(ground) + _text(answer, why, labels),
        clearing_region=clearing_region, deductible=upstream.deductible if upstream else 0,
        disease=ground.visit.disease, disease_name=ground.visit.disease_name,
    )  # fmt: skip


def of_row(row: models.Settled) -> Settled | Refused:
    """A settlement that was kept, as it was answered."""
    kept = Settlement.objects.get(pk=row.cancels_id or row.pk)
    answer = selectors.answer(kept)
    who = persons.shown(str(row.visit.person_id), row.ended_on)
    if isinstance(who, Refused):
        return who
    why, labels = _explained(answer), selectors.labels(answer.region, kept.happened_on)
    cancel = models.Settled.objects.filter(cancels=row).first()
    institution = persons.institution(row.institution_id, "")
    return Settled(
        person=who, visit=str(row.visit_id), insutype=row.insutype, med_type=row.med_type,
        certificate=row.certificate, bill=_bill(row),
        payments=tuple(FundPayment(**one) for one in row.payments), relief=_relief(answer, why, labels),
        personal=answer.personal, account=row.upstream_account_fen,
        hospital=answer.hospital + row.upstream_hospital_fen, why=_text(answer, why, labels),
        clearing_region=row.region_id, deductible=row.deductible_fen, number=str(row.stands_for_id or row.pk),
        settled_at=row.at, message=(row.stands_for or row).number, cancelled_at=cancel.at if cancel else None,
        institution=None if isinstance(institution, Refused) else institution, started_on=row.started_on,
        ended_on=row.ended_on, disease=row.visit.disease, disease_name=row.visit.disease_name,
    )  # fmt: skip


def payments_written(payments: Iterable[FundPayment]) -> list[dict[str, Any]]:
    """Payments as they are kept."""
    return [asdict(one) for one in payments]


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _bill(row: models.Settled) -> Bill:
    return Bill(
        total=row.own_paid_fen + row.over_limit_fen + row.prepaid_fen + row.in_policy_fen,
        own_paid=row.own_paid_fen, over_limit=row.over_limit_fen, prepaid=row.prepaid_fen,
        in_policy=row.in_policy_fen,
    )  # fmt: skip


def _layers(answer: Answer, insutype: str) -> tuple[FundPayment, ...]:
    """What the region's plan has computed, under the funds of the insurance."""
    insurance = INSURANCE_OF_INSUTYPE[insutype]
    return tuple(
        FundPayment(fund=fund_of_payer(insurance, payer), payer=payer, amount=fen)
        for payer, fen in answer.layers.items()
        if fen
    )


def _explained(answer: Answer) -> Explanation | None:
    """The engine's own explanation of a settlement; a trial leaves nothing that could be explained."""
    return None if answer.settlement is None else selectors.explanation(answer.settlement)


def _relief(answer: Answer, why: Explanation | None, labels: Mapping[str, str]) -> tuple[ReliefLine, ...]:
    lefts = _lefts(why)
    return tuple(
        ReliefLine(
            label=labels.get(line.benefit, line.benefit), clause=line.clause, paid=line.paid, grant=line.basis is None,
            limit_left=lefts.get(line.benefit),
        )
        for line in answer.lines
    )  # fmt: skip


def _lefts(why: Explanation | None) -> Mapping[str, int]:
    """What the year's limits leave after each benefit."""
    lefts: dict[str, int] = {}
    for line in why.lines if why else ():
        known = [limit.left for limit in line.limits if limit.left is not None]
        if known:
            lefts[line.benefit] = min(known)
    return lefts


def _text(answer: Answer, why: Explanation | None, labels: Mapping[str, str]) -> str:
    """For what relief is paid, or why there is none, each with its clause."""
    if why is not None:
        return why.text
    if answer.refusal is not None:
        return f"{answer.refusal.reason}（{answer.refusal.clause}）"
    return "；".join(_line(line, labels.get(line.benefit, line.benefit)) for line in answer.lines)


def _undivided(ground: Ground) -> str:
    """What the amounts rest on where nobody has divided some of the lines, and the settlement brought no parts."""
    count = 0 if ground.question.bill else sum(line.divided_by == NOBODY for line in ground.lines)
    return f"{count} 条费用明细{UNDIVIDED}；" if count else ""


def _line(line: AnswerLine, label: str) -> str:
    rate = f"，比例 {line.rate}" if line.rate else ""
    return f"{label}（{line.clause}）{rate}：{format_yuan(line.paid)} 元"
