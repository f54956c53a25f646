"""A desk that keeps everything in memory and settles by the real engine: what the tests put messages to."""

# ruff: noqa: ARG002
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

from tuodi.core.money import format_yuan, parse_yuan
from tuodi.engine.bind import bind
from tuodi.engine.case import read_case
from tuodi.engine.result import result_of
from tuodi.engine.settle import Engine, settle_case
from tuodi.gateway.national.behaviour import (
    REPEAT_REASONS,
    KeptAnswer,
    KeptSettlement,
    MessageKey,
    Repeat,
    Reversal,
    decide_reversal,
    repeat,
    why_not_cancel,
)
from tuodi.gateway.national.codes import CLR_TYPE_OF_MED_TYPE, INSURANCE_OF_INSUTYPE, SERVICE_OF_MED_TYPE
from tuodi.gateway.national.desk import (
    Bill,
    Cancelled,
    ClearingAsked,
    CountHeld,
    DischargeGiven,
    Entitlement,
    EntitlementQuestion,
    FeeLineGiven,
    FeeLineSplit,
    InstitutionFound,
    KeptFile,
    PersonFound,
    PersonQuestion,
    Refused,
    ReliefLine,
    RowsWanted,
    Sender,
    Settled,
    SettledRow,
    SettlementQuestion,
    VisitDescribed,
    VisitOpened,
)
from tuodi.gateway.national.fields import CHINA
from tuodi.language.load import load_policy
from tuodi.language.shelf import packaged_policies

POLICY = "liaocheng-2022-5"


@cache
def engine() -> Engine:
    policy = load_policy(packaged_policies()[POLICY])
    return Engine(bind(policy, {}, None))


@dataclass
class Visit:
    opened: VisitOpened
    med_type: str
    lines: dict[str, FeeLineGiven] = field(default_factory=dict)
    settled_lines: set[str] = field(default_factory=set)
    discharged: bool = False


@dataclass
class Kept:
    settled: Settled
    question: SettlementQuestion | None
    institution: str
    cancels: str = ""
    cancelled_by: str = ""
    reversed: bool = False
    lines: frozenset[str] = frozenset()


@dataclass
class State:
    visits: dict[str, Visit] = field(default_factory=dict)
    settlements: dict[str, Kept] = field(default_factory=dict)
    answers: dict[MessageKey, KeptAnswer] = field(default_factory=dict)
    made: dict[MessageKey, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    applications: dict[str, ClearingAsked] = field(default_factory=dict)
    next: int = 0


class MemoryDesk:
    """Answers every question of the protocol."""

    region = "371500"

    def __init__(self, people: list[PersonFound]) -> None:
        self.people = {person.number: person for person in people}
        self.state = State()
        self.serial = 0

    def next_serial(self) -> int:
        self.serial += 1
        return self.serial

    def number(self) -> str:
        self.state.next += 1
        return f"{self.state.next:012d}"

    def once(self, key: MessageKey, digest: bytes, work: Callable[[], bytes | None]) -> bytes | Refused | None:
        kept = self.state.answers.get(key)
        match repeat(kept, digest):
            case Repeat.SAME:
                assert kept is not None
                return kept.answer
            case Repeat.NEW:
                given = work()
                if given is not None:
                    self.state.answers[key] = KeptAnswer(digest=digest, answer=given)
                return given
            case other:
                return Refused(reason=REPEAT_REASONS[other])

    # ---- persons ----

    def sign_in(self, sender: Sender, operator: str) -> str | Refused:
        return f"S{operator}"

    def sign_out(self, sender: Sender, number: str, operator: str) -> Refused | None:
        return None if number == f"S{operator}" else Refused(reason="签到编号不存在")

    def find_person(self, sender: Sender, question: PersonQuestion) -> PersonFound | Refused:
        wanted = question.certificate_number if question.certificate == "02" else question.document_number
        found = next((one for one in self.people.values() if one.document_number == wanted), None)
        return found or Refused(reason="未查询到该人员的参保信息")

    def find_institution(self, sender: Sender, code: str, name: str) -> InstitutionFound | Refused:
        return InstitutionFound(code=code or "H00", name=name or "示例医院", credit_code="0", kind="1", level="2")

    def entitlements(self, sender: Sender, question: EntitlementQuestion) -> tuple[Entitlement, ...] | Refused:
        held = bool(self.people[question.person].statuses)
        reason = "" if held else "当日不属于医疗救助对象"
        return (Entitlement(fund="610100", entitled=held, start=question.start.date(), reason=reason),)

    # ---- visits ----

    def open_visit(self, sender: Sender, visit: VisitOpened) -> str | Refused:
        if visit.person not in self.people:
            return Refused(reason="人员编号不存在，请先获取人员信息")
        number = self.number()
        self.state.visits[number] = Visit(opened=visit, med_type=visit.med_type)
        self.state.made[self.key(sender)] = number
        return number

    def key(self, sender: Sender) -> MessageKey:
        return MessageKey(institution=sender.institution, transaction=sender.transaction, message=sender.message)

    def visit(self, person: str, number: str) -> Visit | Refused:
        found = self.state.visits.get(number)
        return found if found and found.opened.person == person else Refused(reason="就诊ID不存在")

    def describe_visit(self, sender: Sender, visit: VisitDescribed) -> Refused | None:
        found = self.visit(visit.person, visit.visit)
        if isinstance(found, Refused):
            return found
        found.med_type = visit.med_type
        return None

    def discharge(self, sender: Sender, discharge: DischargeGiven) -> Refused | None:
        found = self.visit(discharge.person, discharge.visit)
        if isinstance(found, Refused):
            return found
        found.discharged = True
        return None

    def withdraw_discharge(self, sender: Sender, person: str, visit: str) -> Refused | None:
        found = self.visit(person, visit)
        if isinstance(found, Refused):
            return found
        found.discharged = False
        return None

    def withdraw_visit(self, sender: Sender, person: str, visit: str) -> Refused | None:
        found = self.visit(person, visit)
        if isinstance(found, Refused):
            return found
        if found.settled_lines:
            return Refused(reason="该就诊已结算，不能撤销")
        del self.state.visits[visit]
        return None

    def add_fee_lines(self, sender: Sender, lines: tuple[FeeLineGiven, ...]) -> tuple[FeeLineSplit, ...] | Refused:
        found = self.visit(lines[0].person, lines[0].visit)
        if isinstance(found, Refused):
            return found
        known = [line.line for line in lines if line.line in found.lines]
        if known:
            return Refused(reason=f"费用明细流水号已上传：{'、'.join(known)}")
        found.lines |= {line.line: line for line in lines}
        return tuple(split(line) for line in lines)

    def withdraw_batch(self, sender: Sender, person: str, visit: str, batch: str | None) -> Refused | None:
        found = self.visit(person, visit)
        if isinstance(found, Refused):
            return found
        chosen = [line for line in found.lines.values() if batch in (None, line.batch)]
        return self._drop(found, {line.line for line in chosen} - (found.settled_lines if batch is None else set()))

    def withdraw_fee_lines(
        self, sender: Sender, person: str, visit: str, lines: tuple[str, ...] | None
    ) -> Refused | None:
        found = self.visit(person, visit)
        if isinstance(found, Refused):
            return found
        return self._drop(found, set(found.lines) - found.settled_lines if lines is None else set(lines))

    def _drop(self, visit: Visit, lines: set[str]) -> Refused | None:
        if lines & visit.settled_lines:
            return Refused(reason="费用明细已结算，不能撤销")
        if lines - set(visit.lines):
            return Refused(reason="费用明细不存在")
        visit.lines = {number: line for number, line in visit.lines.items() if number not in lines}
        return None

    # ---- settlement ----

    def try_settlement(self, sender: Sender, question: SettlementQuestion) -> Settled | Refused:
        visit = self.visit(question.person, question.visit)
        if isinstance(visit, Refused):
            return visit
        lines = [line for number, line in visit.lines.items() if number not in visit.settled_lines]
        if not lines:
            return Refused(reason="没有未结算的费用明细")
        if question.total != (adds := sum(line.amount for line in lines)):
            return Refused(reason=f"医疗费总额与费用明细合计 {format_yuan(adds)} 不一致")
        if question.upstream is None:
            return Refused(reason="请在扩展字段中转发上游医保结算结果")
        return self._settled(question, visit, [split(line) for line in lines], sender)

    def settle(self, sender: Sender, question: SettlementQuestion) -> Settled | Refused:
        settled = self.try_settlement(sender, question)
        if isinstance(settled, Refused):
            return settled
        number = self.number()
        settled = replace(settled, number=number, settled_at=sender.received_at, message=sender.message)
        visit = self.state.visits[question.visit]
        lines = frozenset(visit.lines) - visit.settled_lines
        visit.settled_lines |= lines
        self.state.settlements[number] = Kept(
            settled=settled, question=question, institution=sender.institution, lines=lines
        )
        self.state.made[self.key(sender)] = number
        return settled

    def cancel_settlement(self, sender: Sender, person: str, visit: str, settlement: str) -> Cancelled | Refused:
        kept = self.state.settlements.get(settlement)
        if why := why_not_cancel(self._record(settlement), sender.institution, person, visit):
            return Refused(reason=why)
        assert kept is not None
        number = self.number()
        cancel = replace(kept.settled, number=number, settled_at=sender.received_at, message=sender.message)
        self.state.settlements[number] = Kept(
            settled=cancel, question=None, institution=sender.institution, cancels=settlement
        )
        kept.cancelled_by = number
        kept.settled = replace(kept.settled, cancelled_at=sender.received_at)
        self.state.visits[visit].settled_lines -= kept.lines
        self.state.made[self.key(sender)] = number
        return Cancelled(number=number, cancelled_at=sender.received_at, original=kept.settled)

    def reverse(self, sender: Sender, person: str, key: MessageKey) -> Refused | None:
        made = self.state.made.get(key, "")
        decided = decide_reversal(key.transaction, person, self._record(made))
        if decided.todo is Reversal.REFUSED:
            return Refused(reason=decided.reason)
        if decided.todo is Reversal.WITHDRAW:
            self._withdraw(self.state.settlements[made])
        elif key.transaction == "2401":
            self.state.visits.pop(made, None)
        kept = self.state.answers.get(key) or KeptAnswer(digest=b"", answer=b"")
        self.state.answers[key] = replace(kept, withdrawn=True)
        return None

    def _withdraw(self, kept: Kept) -> None:
        kept.reversed = True
        visit = self.state.visits[kept.settled.visit]
        if kept.cancels:
            original = self.state.settlements[kept.cancels]
            original.cancelled_by = ""
            original.settled = replace(original.settled, cancelled_at=None)
            visit.settled_lines |= original.lines
        else:
            visit.settled_lines -= kept.lines

    def _record(self, number: str) -> KeptSettlement | None:
        kept = self.state.settlements.get(number)
        return (
            None
            if kept is None
            else KeptSettlement(
                number=number,
                visit=kept.settled.visit,
                person=kept.settled.person.number,
                institution=kept.institution,
                cancels=kept.cancels,
                cancelled_by=kept.cancelled_by,
                reversed=kept.reversed,
            )
        )

    def settlement(self, sender: Sender, person: str, settlement: str) -> Settled | Refused:
        kept = self.state.settlements.get(settlement)
        if kept is None or kept.reversed or kept.settled.person.number != person:
            return Refused(reason="未找到该结算记录")
        return kept.settled

    def counts(self, sender: Sender, person: str, month: str) -> tuple[CountHeld, ...] | Refused:
        paid = sum(line.paid for kept in self._alive(person) for line in kept.settled.relief)
        year = int(month[:4] or sender.received_at.year)
        return (CountHeld(insutype="390", year=year, month=int(month[4:6] or 12), code="D610101", amount=paid),)

    def _alive(self, person: str) -> list[Kept]:
        return [
            kept
            for kept in self.state.settlements.values()
            if kept.settled.person.number == person and not (kept.cancels or kept.cancelled_by or kept.reversed)
        ]

    def _settled(
        self, question: SettlementQuestion, visit: Visit, lines: list[FeeLineSplit], sender: Sender
    ) -> Settled:
        bill = question.bill or Bill(
            total=question.total,
            own_paid=sum(line.own_paid for line in lines),
            over_limit=sum(line.over_limit for line in lines),
            prepaid=sum(line.prepaid for line in lines),
            in_policy=sum(line.in_policy for line in lines),
        )
        person = self.people[question.person]
        upstream = question.upstream
        assert upstream is not None
        earlier = [
            self._event(one.question, one.settled.bill, one.settled.med_type, one.settled.settled_at)
            for one in self._alive(question.person)
        ]
        today = self._event(question, bill, question.med_type or visit.med_type, sender.received_at)
        result = self._relief(person, question.insutype, [*earlier, today])
        return Settled(
            person=person,
            visit=question.visit,
            insutype=question.insutype,
            med_type=question.med_type or visit.med_type,
            certificate=question.certificate,
            bill=bill,
            payments=upstream.payments,
            relief=tuple(
                ReliefLine(label=line["benefit"], clause=line["clause"], paid=parse_yuan(line["paid"]))
                for line in result["lines"]
            ),
            personal=parse_yuan(result["personal"]),
            account=upstream.account,
            hospital=upstream.hospital,
            why=result["refusal"]["reason"] if result["refusal"] else "按政策救助",
            clearing_region=self.region,
            deductible=upstream.deductible,
            basic_rate=Decimal("0.7"),
        )

    def _event(self, question: SettlementQuestion | None, bill: Bill, med_type: str, at: datetime | None) -> Any:
        assert question is not None and question.upstream is not None and at is not None
        paid = {
            payer: format_yuan(question.upstream.paid_by(payer))
            for payer in ("basic", "critical_illness", "supplementary", "commercial", "other_relief")
        }
        return {
            "id": f"{question.visit}-{at:%H%M%S%f}",
            "date": at.astimezone(CHINA).date().isoformat(),
            "service": SERVICE_OF_MED_TYPE[med_type],
            "facility": {"designated": True, "level": 2, "county": True, "region": True},
            "disease": None,
            "amounts": {"total": format_yuan(bill.total), "in_policy": format_yuan(bill.in_policy), **paid},
        }

    def _relief(self, person: PersonFound, insutype: str, events: list[Any]) -> Any:
        statuses = [
            {
                "status": one.status,
                "from": one.period.start.isoformat(),
                "to": one.period.end and one.period.end.isoformat(),
            }
            for one in person.statuses
        ]
        raw = {
            "policy": POLICY,
            "parameters": {},
            "person": {
                "id": person.number,
                "insurance": INSURANCE_OF_INSUTYPE[insutype],
                "birth_date": person.birth_date.isoformat(),
                "statuses": statuses,
            },
            "events": [{**event, "id": f"e{index}"} for index, event in enumerate(events)],
        }
        return result_of(engine(), settle_case(engine(), read_case(raw, engine().bound.policy)))["events"][-1]

    # ---- reconciliation ----

    def settled_rows(self, sender: Sender, wanted: RowsWanted) -> tuple[SettledRow, ...]:
        return tuple(
            self._row(number, kept)
            for number, kept in self.state.settlements.items()
            if not kept.reversed
            and kept.institution == sender.institution
            and wanted.insutype in ("", kept.settled.insutype)
            and wanted.clearing_type in ("", CLR_TYPE_OF_MED_TYPE[kept.settled.med_type])
            and wanted.first <= _day(kept.settled.settled_at) <= wanted.last
        )

    def _row(self, number: str, kept: Kept) -> SettledRow:
        from tuodi.gateway.national.amounts import written

        info = written(kept.settled).info
        sign = -1 if kept.cancels else 1
        return SettledRow(
            number=number,
            visit=kept.settled.visit,
            person=kept.settled.person.number,
            message=kept.settled.message,
            total=sign * info.medfee_sumamt,
            funds=sign * info.fund_pay_sumamt,
            account=sign * info.acct_pay,
            cash=sign * info.psn_cash_pay,
            cancels=kept.cancels,
            cancelled=bool(kept.cancelled_by),
        )

    def apply_for_clearing(self, sender: Sender, asked: ClearingAsked) -> str | Refused:
        number = self.number()
        self.state.applications[number] = asked
        return number

    def withdraw_clearing(self, sender: Sender, number: str) -> Refused | None:
        return None if self.state.applications.pop(number, None) else Refused(reason="清算申请不存在")

    def keep_file(self, sender: Sender, name: str, data: bytes) -> KeptFile | Refused:
        number = self.number()
        self.state.files[number] = data
        return KeptFile(number=number, name=name, until=sender.received_at + timedelta(days=3))

    def file(self, sender: Sender, number: str) -> bytes | Refused:
        return self.state.files.get(number) or Refused(reason="文件不存在或已过期")


def split(line: FeeLineGiven) -> FeeLineSplit:
    """Items that begin with Z are paid by oneself, those with Y are of class B at 10 %, all others of class A."""
    own = line.amount if line.item[0] == "Z" else 0
    tenth = int((Decimal(line.amount) / 10).to_integral_value(ROUND_HALF_UP))
    prepaid = tenth if line.item[0] == "Y" else 0
    return FeeLineSplit(
        line=line.line,
        amount=line.amount,
        count=line.count,
        price=line.price,
        price_limit=Decimal(999999),
        own_paid=own,
        over_limit=0,
        prepaid=prepaid,
        in_policy=line.amount - own - prepaid,
        prepaid_rate=Decimal(1) if own else Decimal("0.1") if prepaid else Decimal(0),
        charge_level="03" if own else "02" if prepaid else "01",
        charge_kind="14",
        restricted=False,
    )


def _day(at: datetime | None) -> date:
    assert at is not None
    return at.astimezone(CHINA).date()
