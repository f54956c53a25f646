"""2206 to 2208, 2303 to 2305, 2601, 5203: trial, settlement, cancel, reversal, and a settlement as it stands."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tuodi.core.finding import Faults, Finding, Place
from tuodi.core.money import LARGEST_FEN, format_yuan
from tuodi.gateway.national import codes
from tuodi.gateway.national.amounts import BILL_FIELDS, Amounts, mirrored, written
from tuodi.gateway.national.behaviour import REVERSIBLE, MessageKey, base_number
from tuodi.gateway.national.desk import Cancelled, Desk, Refused, Sender, Settled, SettlementQuestion
from tuodi.gateway.national.envelope import Request
from tuodi.gateway.national.fields import CHINA, read_record
from tuodi.gateway.national.messages.queries import SettledInfo, SettlementQueryAnswer, SettlementQueryMessage
from tuodi.gateway.national.messages.reversal import ReversalMessage
from tuodi.gateway.national.messages.settlement import (
    SettlementAnswer,
    SettlementCancelMessage,
    StaySettlement,
    StaySettlementMessage,
    StayTrial,
    StayTrialMessage,
    VisitSettlement,
    VisitSettlementMessage,
    VisitTrial,
    VisitTrialMessage,
)
from tuodi.gateway.national.upstream import bill_of, read_upstream


def try_visit(message: VisitTrialMessage, sender: Sender, desk: Desk) -> SettlementAnswer | Refused:
    """2206."""
    return _told(desk.try_settlement(sender, _of_visit(message.data)))


def settle_visit(message: VisitSettlementMessage, sender: Sender, desk: Desk) -> SettlementAnswer | Refused:
    """2207."""
    return _told(desk.settle(sender, _of_visit(message.data)))


def try_stay(message: StayTrialMessage, sender: Sender, desk: Desk) -> SettlementAnswer | Refused:
    """2303."""
    return _told(desk.try_settlement(sender, _of_stay(message.data)))


def settle_stay(message: StaySettlementMessage, sender: Sender, desk: Desk) -> SettlementAnswer | Refused:
    """2304."""
    return _told(desk.settle(sender, _of_stay(message.data)))


def cancel(message: SettlementCancelMessage, sender: Sender, desk: Desk) -> SettlementAnswer | Refused:
    """2208 and 2305: the negative mirror of the settlement, with the cancel's own number, time and message."""
    asked = message.data
    done = desk.cancel_settlement(sender, asked.psn_no, asked.mdtrt_id, asked.setl_id)
    return done if isinstance(done, Refused) else _cancelled(done, sender.message)


def reverse(message: ReversalMessage, sender: Sender, desk: Desk) -> Refused | None:
    """2601."""
    asked = message.data
    transaction = base_number(asked.oinfno)
    if transaction not in REVERSIBLE:
        return Refused(reason=f"交易 {asked.oinfno} 不支持冲正")
    key = MessageKey(institution=sender.institution, transaction=transaction, message=asked.omsgid)
    return desk.reverse(sender, asked.psn_no, key)


def question_of(request: Request) -> SettlementQuestion:
    """What a 2207 or 2304 has asked, from the message as it is kept. Raises Faults."""
    if request.transaction == "2207":
        return _of_visit(read_record(VisitSettlementMessage, dict(request.input)).data)
    return _of_stay(read_record(StaySettlementMessage, dict(request.input)).data)


def query(message: SettlementQueryMessage, sender: Sender, desk: Desk) -> SettlementQueryAnswer | Refused:
    """5203."""
    found = desk.settlement(sender, message.data.psn_no, message.data.setl_id)
    if isinstance(found, Refused):
        return found
    if message.data.mdtrt_id not in ("", found.visit):
        return Refused(reason="结算ID与就诊ID不一致")
    amounts = written(found)
    return SettlementQueryAnswer(setlinfo=_queried(found, amounts, sender), setldetail=amounts.rows)


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _of_visit(asked: VisitTrial | VisitSettlement) -> SettlementQuestion:
    return SettlementQuestion(
        stay=False,
        med_type=asked.med_type,
        service=codes.SERVICE_OF_MED_TYPE[asked.med_type],
        batch=asked.chrg_bchno,
        midway=False,
        discharged_on=None,
        invoice=asked.invono if isinstance(asked, VisitSettlement) else "",
        **_shared(asked),
    )


def _of_stay(asked: StayTrial | StaySettlement) -> SettlementQuestion:
    return SettlementQuestion(
        stay=True,
        med_type="",
        service=None,
        batch="",
        midway=asked.mid_setl_flag == "1",
        discharged_on=asked.dscgtime,
        invoice=asked.invono if isinstance(asked, StaySettlement) else "",
        **_shared(asked),
    )


def _shared(asked: VisitTrial | VisitSettlement | StayTrial | StaySettlement) -> dict[str, Any]:
    total = asked.medfee_sumamt
    if total > LARGEST_FEN:
        raise Faults([_too_large(total)])
    own = bill_of(total, (getattr(asked, name) for name in BILL_FIELDS))
    brought = read_upstream(asked.exp_content, asked.insutype, total, own)
    return {
        "person": asked.psn_no,
        "visit": asked.mdtrt_id,
        "insutype": asked.insutype,
        "certificate": asked.mdtrt_cert_type,
        "total": total,
        "bill": brought.bill,
        "upstream": brought.upstream,
        "account_used": asked.acct_used_flag in ("1", "2"),
        "facts": brought.facts,
    }


def _too_large(total: int) -> Finding:
    message = f"医疗费总额 {format_yuan(total)} 超过上限 {format_yuan(LARGEST_FEN)} 元"
    place = Place(path="data.medfee_sumamt")
    return Finding(code="bill-too-large", message=message, place=place, remedy="核对医疗费总额")


def _told(found: Settled | Refused) -> SettlementAnswer | Refused:
    if isinstance(found, Refused):
        return found
    amounts = written(found)
    return SettlementAnswer(setlinfo=amounts.info, setldetail=amounts.rows)


def _cancelled(done: Cancelled, message: str) -> SettlementAnswer:
    amounts = mirrored(written(done.original))
    info = replace(
        amounts.info,
        setl_id=done.number,
        setl_time=done.cancelled_at,
        medins_setl_id=message,
        balc=done.balance,
        pdn_cash_pay=amounts.info.psn_cash_pay,
    )
    return SettlementAnswer(setlinfo=info, setldetail=amounts.rows)


def _queried(found: Settled, amounts: Amounts, sender: Sender) -> SettledInfo:
    """5203 has names of its own for the personal total, the cash and the insured region."""
    info = amounts.info
    settled_on = (found.settled_at or sender.received_at).astimezone(CHINA)
    institution = found.institution
    same = {
        name: getattr(info, name)
        for name in SettledInfo.__dataclass_fields__
        if name in info.__dataclass_fields__ and name not in ("exp_content", "setl_time")
    }
    return SettledInfo(
        **same,
        setl_time=settled_on,
        insu_optins=sender.insured_region or found.clearing_region,
        pay_loc="2",
        fixmedins_code=institution.code if institution else sender.institution,
        fixmedins_name=institution.name if institution else sender.institution_name,
        hosp_lv=institution.level if institution else "",
        begndate=found.started_on or settled_on.date(),
        enddate=found.ended_on or settled_on.date(),
        psn_pay=info.psn_part_amt or 0,
        cash_payamt=info.psn_cash_pay,
        refd_setl_flag="1" if found.cancelled_at else "0",
        year=str(settled_on.year),
        dise_codg=found.disease,
        dise_name=found.disease_name,
    )
