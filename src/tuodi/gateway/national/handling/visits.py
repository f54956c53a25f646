"""2201 to 2205, 2301, 2302, 2401 to 2405: visits and stays, and their fee lines."""

from __future__ import annotations

from collections.abc import Iterable

from tuodi.core.finding import Faults, Finding, Place
from tuodi.gateway.national import codes
from tuodi.gateway.national.desk import (
    Desk,
    DiagnosisGiven,
    DischargeGiven,
    FeeLineGiven,
    FeeLineSplit,
    Refused,
    Sender,
    VisitDescribed,
    VisitOpened,
)
from tuodi.gateway.national.messages.inpatient import (
    AdmissionAnswer,
    AdmissionChangeMessage,
    AdmissionDiagnosis,
    AdmissionMessage,
    Admitted,
    DischargeDiagnosis,
    DischargeMessage,
    StayCancelMessage,
    StayFeeLine,
    StayFeeLinesCancelMessage,
    StayFeeLinesMessage,
)
from tuodi.gateway.national.messages.outpatient import (
    FeeLine,
    FeeLinesAnswer,
    FeeLinesCancelMessage,
    FeeLinesMessage,
    Registered,
    RegistrationAnswer,
    RegistrationCancelMessage,
    RegistrationMessage,
    SplitLine,
    VisitDiagnosis,
    VisitMessage,
)

EVERYTHING = "0000"
"""The batch, or the line, that stands for all."""


def register(message: RegistrationMessage, sender: Sender, desk: Desk) -> RegistrationAnswer | Refused:
    """2201."""
    asked = message.data
    visit = VisitOpened(
        stay=False,
        person=asked.psn_no,
        insutype=asked.insutype,
        certificate=asked.mdtrt_cert_type,
        certificate_number=asked.mdtrt_cert_no,
        hospital_number=asked.ipt_otp_no,
        started_at=asked.begntime,
        med_type="",
        service=None,
        department=asked.dept_name,
        doctor=asked.dr_name,
        disease="",
        disease_name="",
        diagnoses=(),
        extension=asked.exp_content,
    )
    number = desk.open_visit(sender, visit)
    if isinstance(number, Refused):
        return number
    return RegistrationAnswer(data=Registered(mdtrt_id=number, psn_no=asked.psn_no, ipt_otp_no=asked.ipt_otp_no))


def withdraw_registration(message: RegistrationCancelMessage, sender: Sender, desk: Desk) -> Refused | None:
    """2202."""
    return desk.withdraw_visit(sender, message.data.psn_no, message.data.mdtrt_id)


def describe(message: VisitMessage, sender: Sender, desk: Desk) -> Refused | None:
    """2203."""
    asked = message.mdtrtinfo
    visit = VisitDescribed(
        visit=asked.mdtrt_id,
        person=asked.psn_no,
        started_at=asked.begntime,
        med_type=asked.med_type,
        service=codes.SERVICE_OF_MED_TYPE[asked.med_type],
        disease=asked.dise_codg,
        disease_name=asked.dise_name,
        diagnoses=_diagnoses(message.diseinfo),
        extension=asked.exp_content,
    )
    return desk.describe_visit(sender, visit)


def add_fee_lines(message: FeeLinesMessage, sender: Sender, desk: Desk) -> FeeLinesAnswer | Refused:
    """2204."""
    _check_lines(message.feedetail)
    return _split(desk.add_fee_lines(sender, tuple(_line(line) for line in message.feedetail)))


def withdraw_batch(message: FeeLinesCancelMessage, sender: Sender, desk: Desk) -> Refused | None:
    """2205."""
    asked = message.data
    batch = None if asked.chrg_bchno == EVERYTHING else asked.chrg_bchno
    return desk.withdraw_batch(sender, asked.psn_no, asked.mdtrt_id, batch)


def admit(message: AdmissionMessage, sender: Sender, desk: Desk) -> AdmissionAnswer | Refused:
    """2401."""
    asked = message.mdtrtinfo
    visit = VisitOpened(
        stay=True,
        person=asked.psn_no,
        insutype=asked.insutype,
        certificate=asked.mdtrt_cert_type,
        certificate_number=asked.mdtrt_cert_no,
        hospital_number=asked.ipt_no,
        started_at=asked.begntime,
        med_type=asked.med_type,
        service=codes.SERVICE_OF_MED_TYPE[asked.med_type],
        department=asked.adm_dept_name,
        doctor=asked.chfpdr_name,
        disease=asked.dise_codg,
        disease_name=asked.dise_name,
        diagnoses=_diagnoses(message.diseinfo) or _main_diagnosis(asked.dscg_maindiag_code, asked.dscg_maindiag_name),
        extension=asked.exp_content,
    )
    number = desk.open_visit(sender, visit)
    return number if isinstance(number, Refused) else AdmissionAnswer(result=Admitted(mdtrt_id=number))


def change_admission(message: AdmissionChangeMessage, sender: Sender, desk: Desk) -> Refused | None:
    """2403."""
    asked = message.adminfo
    visit = VisitDescribed(
        visit=asked.mdtrt_id,
        person=asked.psn_no,
        started_at=asked.begntime,
        med_type=asked.med_type,
        service=codes.SERVICE_OF_MED_TYPE[asked.med_type],
        disease=asked.dise_codg,
        disease_name=asked.dise_name,
        diagnoses=_diagnoses(message.diseinfo),
        extension=asked.exp_content,
    )
    return desk.describe_visit(sender, visit)


def discharge(message: DischargeMessage, sender: Sender, desk: Desk) -> Refused | None:
    """2402."""
    asked = message.dscginfo
    given = DischargeGiven(
        visit=asked.mdtrt_id,
        person=asked.psn_no,
        insutype=asked.insutype,
        ended_at=asked.endtime,
        disease=asked.dise_codg,
        disease_name=asked.dise_name,
        way=asked.dscg_way,
        diagnoses=_diagnoses(message.diseinfo),
        extension=asked.exp_content,
    )
    return desk.discharge(sender, given)


def withdraw_admission(message: StayCancelMessage, sender: Sender, desk: Desk) -> Refused | None:
    """2404."""
    return desk.withdraw_visit(sender, message.data.psn_no, message.data.mdtrt_id)


def withdraw_discharge(message: StayCancelMessage, sender: Sender, desk: Desk) -> Refused | None:
    """2405."""
    return desk.withdraw_discharge(sender, message.data.psn_no, message.data.mdtrt_id)


def add_stay_fee_lines(message: StayFeeLinesMessage, sender: Sender, desk: Desk) -> FeeLinesAnswer | Refused:
    """2301."""
    _check_lines(message.feedetail)
    return _split(desk.add_fee_lines(sender, tuple(_stay_line(line) for line in message.feedetail)))


def withdraw_stay_fee_lines(message: StayFeeLinesCancelMessage, sender: Sender, desk: Desk) -> Refused | None:
    """2302: the lines of one visit of one person."""
    first = message.data[0]
    if len({(line.mdtrt_id, line.psn_no) for line in message.data}) > 1:
        return Refused(reason="一次只能撤销同一就诊的费用明细")
    wanted = tuple(line.feedetl_sn for line in message.data)
    lines = None if EVERYTHING in wanted else wanted
    return desk.withdraw_fee_lines(sender, first.psn_no, first.mdtrt_id, lines)


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _diagnoses(
    rows: Iterable[VisitDiagnosis | AdmissionDiagnosis | DischargeDiagnosis],
) -> tuple[DiagnosisGiven, ...]:
    """In the order of their rank; the main one is the one that says so, or else the first."""
    given = [
        DiagnosisGiven(
            code=row.diag_code,
            name=row.diag_name,
            rank=row.diag_srt_no,
            main=row.diag_srt_no == 1 if isinstance(row, VisitDiagnosis) else row.maindiag_flag == "1",
            valid=not isinstance(row, VisitDiagnosis) or row.vali_flag != "0",
        )
        for row in rows
    ]
    return tuple(sorted(given, key=lambda one: one.rank))


def _main_diagnosis(code: str, name: str) -> tuple[DiagnosisGiven, ...]:
    return (DiagnosisGiven(code=code, name=name, rank=1, main=True),)


def _check_lines(lines: Iterable[FeeLine | StayFeeLine]) -> None:
    """All lines are of one visit, and no number stands twice. Raises Faults."""
    rows = list(lines)
    findings = []
    if len({(row.mdtrt_id, row.psn_no) for row in rows}) > 1:
        findings.append(_finding("several-visits", "一次只能上传同一人员、同一就诊的费用明细", "feedetail"))
    seen: set[str] = set()
    for index, row in enumerate(rows):
        if row.feedetl_sn in seen:
            message = f"第{index + 1}条的费用明细流水号 {row.feedetl_sn} 与前面重复"
            findings.append(_finding("line-twice", message, f"feedetail[{index}].feedetl_sn"))
        seen.add(row.feedetl_sn)
    if findings:
        raise Faults(findings)


def _finding(code: str, message: str, path: str) -> Finding:
    return Finding(code=code, message=message, place=Place(path=path), remedy="改正后重新上传")


def _line(line: FeeLine) -> FeeLineGiven:
    return FeeLineGiven(
        visit=line.mdtrt_id,
        person=line.psn_no,
        line=line.feedetl_sn,
        returns="",
        batch=line.chrg_bchno,
        occurred_at=line.fee_ocur_time,
        item=line.med_list_codg,
        local_item=line.medins_list_codg,
        amount=line.det_item_fee_sumamt,
        count=line.cnt,
        price=line.pric,
        approved=line.hosp_appr_flag,
        disease=line.dise_codg,
        extension=line.exp_content,
    )


def _stay_line(line: StayFeeLine) -> FeeLineGiven:
    return FeeLineGiven(
        visit=line.mdtrt_id,
        person=line.psn_no,
        line=line.feedetl_sn,
        returns=line.init_feedetl_sn,
        batch="",
        occurred_at=line.fee_ocur_time,
        item=line.med_list_codg,
        local_item=line.medins_list_codg,
        amount=line.det_item_fee_sumamt,
        count=line.cnt,
        price=line.pric,
        approved=line.hosp_appr_flag,
        disease="",
        extension=line.exp_content,
    )


def _split(found: tuple[FeeLineSplit, ...] | Refused) -> FeeLinesAnswer | Refused:
    if isinstance(found, Refused):
        return found
    return FeeLinesAnswer(result=tuple(_split_line(one) for one in found))


def _split_line(one: FeeLineSplit) -> SplitLine:
    return SplitLine(
        feedetl_sn=one.line,
        det_item_fee_sumamt=one.amount,
        cnt=one.count,
        pric=one.price,
        pric_uplmt_amt=one.price_limit,
        selfpay_prop=one.prepaid_rate,
        fulamt_ownpay_amt=one.own_paid,
        overlmt_amt=one.over_limit,
        preselfpay_amt=one.prepaid,
        inscp_scp_amt=one.in_policy,
        chrgitm_lv=one.charge_level,
        med_chrgitm_type=one.charge_kind,
        lmt_used_flag="1" if one.restricted else "0",
        memo=one.remark,
    )
