"""Every transaction that is served: its number, its name, what it asks and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tuodi.gateway.national.messages import (
    inpatient,
    outpatient,
    person,
    queries,
    reconciliation,
    reversal,
    settlement,
    transfer,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """One transaction; `answers` is None where the output is empty or a file."""

    number: str
    name: str
    asks: type
    answers: type | None = None


def _listed(*rows: tuple[str, str, type, type | None]) -> Mapping[str, Transaction]:
    return {
        number: Transaction(number=number, name=name, asks=asks, answers=answers)
        for number, name, asks, answers in rows
    }


TRANSACTIONS = _listed(
    ("9001", "签到", person.SignInMessage, person.SignInAnswer),
    ("9002", "签退", person.SignOutMessage, person.SignOutAnswer),
    ("1101", "人员信息获取", person.PersonMessage, person.PersonAnswer),
    ("1201", "医药机构信息获取", person.InstitutionMessage, person.InstitutionAnswer),
    ("2001", "人员待遇享受检查", person.EntitlementMessage, person.EntitlementAnswer),
    ("2201", "门诊挂号", outpatient.RegistrationMessage, outpatient.RegistrationAnswer),
    ("2202", "门诊挂号撤销", outpatient.RegistrationCancelMessage, None),
    ("2203", "门诊就诊信息上传", outpatient.VisitMessage, None),
    ("2204", "门诊费用明细上传", outpatient.FeeLinesMessage, outpatient.FeeLinesAnswer),
    ("2205", "门诊费用明细撤销", outpatient.FeeLinesCancelMessage, None),
    ("2206", "门诊预结算", settlement.VisitTrialMessage, settlement.SettlementAnswer),
    ("2207", "门诊结算", settlement.VisitSettlementMessage, settlement.SettlementAnswer),
    ("2208", "门诊结算撤销", settlement.SettlementCancelMessage, settlement.SettlementAnswer),
    ("2301", "住院费用明细上传", inpatient.StayFeeLinesMessage, outpatient.FeeLinesAnswer),
    ("2302", "住院费用明细撤销", inpatient.StayFeeLinesCancelMessage, None),
    ("2303", "住院预结算", settlement.StayTrialMessage, settlement.SettlementAnswer),
    ("2304", "住院结算", settlement.StaySettlementMessage, settlement.SettlementAnswer),
    ("2305", "住院结算撤销", settlement.SettlementCancelMessage, settlement.SettlementAnswer),
    ("2401", "入院办理", inpatient.AdmissionMessage, inpatient.AdmissionAnswer),
    ("2402", "出院办理", inpatient.DischargeMessage, None),
    ("2403", "入院信息变更", inpatient.AdmissionChangeMessage, None),
    ("2404", "入院撤销", inpatient.StayCancelMessage, None),
    ("2405", "出院撤销", inpatient.StayCancelMessage, None),
    ("2601", "冲正交易", reversal.ReversalMessage, None),
    ("3201", "医药机构费用结算对总账", reconciliation.TotalsMessage, reconciliation.TotalsAnswer),
    ("3202", "医药机构费用结算对明细账", reconciliation.RowsMessage, reconciliation.RowsAnswer),
    ("3203", "清算申请", reconciliation.ClearingMessage, reconciliation.ClearingAnswer),
    ("3204", "清算申请撤销", reconciliation.ClearingWithdrawMessage, None),
    ("5203", "结算信息查询", queries.SettlementQueryMessage, queries.SettlementQueryAnswer),
    ("5206", "人员累计信息查询", queries.CountsMessage, queries.CountsAnswer),
    ("9101", "文件上传", transfer.FileUpMessage, transfer.FileKept),
    ("9102", "文件下载", transfer.FileDownMessage, None),
)
"""By number."""
