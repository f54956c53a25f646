"""A question for a settlement as a bill of the settlement room: a visit's unsettled lines, and who has paid of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from tuodi.core.money import format_yuan
from tuodi.engine.record import FactValue
from tuodi.gateway import models
from tuodi.gateway.at_desk import person as persons
from tuodi.gateway.at_desk import visit as visits
from tuodi.gateway.at_desk.days import day_of
from tuodi.gateway.at_desk.visit import Now
from tuodi.gateway.national.codes import CLR_TYPE_OF_MED_TYPE, INSURANCE_OF_INSUTYPE, SERVICE_OF_MED_TYPE
from tuodi.gateway.national.desk import Bill as Parts
from tuodi.gateway.national.desk import PersonFound, Refused, Sender, SettlementQuestion, Upstream
from tuodi.gateway.national.json_text import Json
from tuodi.platform.base.domain import Scope
from tuodi.platform.settlement import selectors
from tuodi.platform.settlement.domain import Amounts, Bill

_PAYERS = Amounts._fields[2:]
_INSURANCE = frozenset({"basic", "critical_illness"})
"""Whose payments a message must bring where no plan computes them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """All that a settlement of a visit rests on."""

    person: PersonFound
    visit: Now
    lines: Sequence[models.FeeLine]
    question: SettlementQuestion
    parts: Parts
    med_type: str
    bill: Bill

    @property
    def clearing_type(self) -> str:
        """The category that it is cleared in."""
        return CLR_TYPE_OF_MED_TYPE.get(self.med_type, "99")


def ground(
    *, scope: Scope, sender: Sender, question: SettlementQuestion, person: PersonFound, trial: bool
) -> Ground | Refused:
    """The bill with what it rests on; its key is the message's, so that work done twice settles once."""
    visit = visits.found(question.person, question.visit)
    if isinstance(visit, Refused):
        return visit
    lines = visits.unsettled(visit.row, question.batch)
    med_type = question.med_type or visit.med_type
    if why := _why_not(question, visit, lines, med_type, person, trial=trial):
        return Refused(reason=why)
    parts = question.bill or _parts(question.total, lines)
    day = _day(question, visit, lines, sender)
    bill = Bill(
        person=visit.row.person_id, key=f"{sender.transaction}:{sender.message}",
        service=SERVICE_OF_MED_TYPE[med_type], date=day,
        amounts=_amounts(parts, question.upstream, question.person, day), institution=scope.institution,
        disease=visit.disease_name or None, diagnoses=visit.diagnoses, facts=_facts(question.facts),
    )  # fmt: skip
    return Ground(person=person, visit=visit, lines=lines, question=question, parts=parts, med_type=med_type, bill=bill)


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _why_not(
    question: SettlementQuestion, visit: Now, lines: Sequence[models.FeeLine], med_type: str, person: PersonFound, *,
    trial: bool,
) -> str:  # fmt: skip
    """Why there is nothing to settle, for the clerk; empty where there is."""
    if visit.row.stay != question.stay:
        return "就诊类型与交易不符：住院用 2303、2304，门诊用 2206、2207"
    if med_type not in SERVICE_OF_MED_TYPE:
        return "没有就诊信息，请先上传就诊信息（2203）"
    if question.stay and not question.midway and not trial and visit.ended_at is None:
        return "尚未办理出院，请先办理出院（2402）"
    if not lines:
        return "没有未结算的费用明细"
    if question.total != (adds := sum(line.amount_fen for line in lines)):
        return f"医疗费总额 {format_yuan(question.total)} 与未结算费用明细合计 {format_yuan(adds)} 不一致"
    return _why_not_insured(question, person)


def _why_not_insured(question: SettlementQuestion, person: PersonFound) -> str:
    enrolled = {one.insurance for one in person.enrolments}
    if enrolled and INSURANCE_OF_INSUTYPE[question.insutype] not in enrolled:
        return "报文的险种与登记的参保险种不一致，请重新获取人员信息（1101）"
    return ""


def _parts(total: int, lines: Sequence[models.FeeLine]) -> Parts:
    return Parts(
        total=total, own_paid=sum(line.own_paid_fen for line in lines),
        over_limit=sum(line.over_limit_fen for line in lines), prepaid=sum(line.prepaid_fen for line in lines),
        in_policy=sum(line.in_policy_fen for line in lines),
    )  # fmt: skip


def _day(question: SettlementQuestion, visit: Now, lines: Sequence[models.FeeLine], sender: Sender) -> date:
    """Of a stay the discharge, before it today; of a visit the day of its last line. The same for the same message."""
    if not question.stay:
        return day_of(_last(lines))
    if question.discharged_on is not None and not question.midway:
        return question.discharged_on
    return day_of(min(visit.ended_at or _last(lines), sender.received_at))


def _last(lines: Sequence[models.FeeLine]) -> datetime:
    moments: list[datetime] = [line.occurred_at for line in lines]
    return max(moments)


def _amounts(parts: Parts, upstream: Upstream | None, person: str, day: date) -> Amounts:
    """Without anything of upstream the region's plan computes its layers; without a plan what is missing is told."""
    if upstream is not None:
        return Amounts(parts.total, parts.in_policy, *(upstream.paid_by(payer) for payer in _PAYERS))
    computed = selectors.computed_layers(persons.region_of(person), day)
    return Amounts(
        parts.total, parts.in_policy,
        *(None if payer in (_INSURANCE if computed is None else computed) else 0 for payer in _PAYERS),
    )  # fmt: skip


def _facts(given: Mapping[str, Json]) -> dict[str, FactValue]:
    """Numbers as the case format has them: whole ones as numbers, others as text."""
    return {name: _fact(value) for name, value in given.items()}


def _fact(value: Json) -> FactValue:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else f"{value:f}"
    return value  # type: ignore[return-value]  # whatever is no fact is a finding of the engine, with its name
