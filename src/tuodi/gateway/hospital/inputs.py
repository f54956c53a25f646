"""Inputs of the hospital's messages: who it is about and what was done, as the interface wants it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tuodi.core.money import format_yuan
from tuodi.gateway.hospital.asked import Patient
from tuodi.gateway.hospital.bills import Line, Split, forwarded
from tuodi.gateway.national.codes import INSURANCE_OF_INSUTYPE
from tuodi.gateway.national.messages import inpatient, outpatient, settlement


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """A patient as the platform knows them."""

    patient: Patient
    number: str
    insutype: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Treated:
    """A treatment that is ready to be settled."""

    stay: bool
    who: Who
    visit: str
    med_type: str
    batch: str
    split: Split
    started_at: datetime

    @property
    def insurance(self) -> str:
        """`resident` or `employee`."""
        return INSURANCE_OF_INSUTYPE[self.who.insutype]


def trial_of(treated: Treated) -> object:
    """The input of 2206 or 2303."""
    return _StayInputs.trial(treated) if treated.stay else _VisitInputs.trial(treated)


def settlement_of(treated: Treated, invoice: str = "") -> object:
    """The input of 2207 or 2304."""
    return _StayInputs.settlement(treated, invoice) if treated.stay else _VisitInputs.settlement(treated, invoice)


def registration(who: Who, number: str, day: datetime) -> outpatient.Registration:
    """The registration of a visit."""
    return outpatient.Registration(
        psn_no=who.number,
        insutype=who.insutype,
        begntime=day,
        mdtrt_cert_type="02",
        mdtrt_cert_no=who.patient.document_number,
        ipt_otp_no=f"MZ{number[-10:]}",
        dept_code="0201",
        dept_name="内科",
        caty="A03",
    )


def admission(who: Who, number: str, day: datetime) -> inpatient.AdmissionMessage:
    """The admission of a stay, with its diagnosis."""
    return inpatient.AdmissionMessage(mdtrtinfo=_admission(who, number, day), diseinfo=(_diagnosis(who, day),))


def discharge(who: Who, visit: str, day: datetime) -> inpatient.DischargeMessage:
    """The discharge."""
    return inpatient.DischargeMessage(
        dscginfo=inpatient.Discharge(
            mdtrt_id=visit,
            psn_no=who.number,
            insutype=who.insutype,
            endtime=day,
            dscg_dept_codg="0301",
            dscg_dept_name="呼吸内科",
            dscg_way="1",
        )
    )


def stay_line(who: Who, visit: str, line: Line, day: datetime) -> inpatient.StayFeeLine:
    """A fee line of a stay."""
    return inpatient.StayFeeLine(
        feedetl_sn=line.number,
        mdtrt_id=visit,
        psn_no=who.number,
        med_type="21",
        fee_ocur_time=day,
        med_list_codg=line.item,
        medins_list_codg=f"L{line.item}",
        det_item_fee_sumamt=line.amount,
        cnt=Decimal(line.count),
        pric=Decimal(format_yuan(line.price)),
        bilg_dept_codg="0301",
        bilg_dept_name="呼吸内科",
        bilg_dr_codg="D0001",
        bilg_dr_name="医师甲",
    )


def visit_line(who: Who, visit: str, line: Line, day: datetime, batch: str) -> outpatient.FeeLine:
    """A fee line of a visit, in a batch."""
    return outpatient.FeeLine(
        feedetl_sn=line.number,
        mdtrt_id=visit,
        psn_no=who.number,
        chrg_bchno=batch,
        rx_circ_flag="0",
        fee_ocur_time=day,
        med_list_codg=line.item,
        medins_list_codg=f"L{line.item}",
        det_item_fee_sumamt=line.amount,
        cnt=Decimal(line.count),
        pric=Decimal(format_yuan(line.price)),
        bilg_dept_codg="0201",
        bilg_dept_name="内科",
        bilg_dr_codg="D0002",
        bilg_dr_name="医师乙",
        hosp_appr_flag="0",
    )


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _admission(who: Who, number: str, day: datetime) -> inpatient.Admission:
    return inpatient.Admission(
        psn_no=who.number,
        insutype=who.insutype,
        begntime=day,
        mdtrt_cert_type="02",
        mdtrt_cert_no=who.patient.document_number,
        med_type="21",
        ipt_no=f"ZY{number[-10:]}",
        atddr_no="D0001",
        chfpdr_name="医师甲",
        adm_diag_dscr="肺炎",
        adm_dept_codg="0301",
        adm_dept_name="呼吸内科",
        adm_bed="12",
        dscg_maindiag_code="J18.900",
        dscg_maindiag_name="肺炎",
    )


def _diagnosis(who: Who, day: datetime) -> inpatient.AdmissionDiagnosis:
    return inpatient.AdmissionDiagnosis(
        psn_no=who.number,
        diag_type="1",
        maindiag_flag="1",
        diag_srt_no=1,
        diag_code="J18.900",
        diag_name="肺炎",
        diag_dept="呼吸内科",
        dise_dor_no="D0001",
        dise_dor_name="医师甲",
        diag_time=day,
    )


class _StayInputs:
    """Inputs of 2303 and 2304."""

    @staticmethod
    def trial(treated: Treated) -> object:
        split = treated.split
        return settlement.StayTrialMessage(
            data=settlement.StayTrial(
                psn_no=treated.who.number,
                mdtrt_cert_type="02",
                mdtrt_cert_no=treated.who.patient.document_number,
                medfee_sumamt=split.total,
                psn_setlway="01",
                mdtrt_id=treated.visit,
                acct_used_flag="0",
                insutype=treated.who.insutype,
                mid_setl_flag="0",
                exp_content=forwarded(split, treated.insurance),
            )
        )

    @staticmethod
    def settlement(treated: Treated, invoice: str) -> object:
        split = treated.split
        return settlement.StaySettlementMessage(
            data=settlement.StaySettlement(
                psn_no=treated.who.number,
                mdtrt_cert_type="02",
                mdtrt_cert_no=treated.who.patient.document_number,
                medfee_sumamt=split.total,
                psn_setlway="01",
                mdtrt_id=treated.visit,
                insutype=treated.who.insutype,
                acct_used_flag="0",
                invono=invoice,
                mid_setl_flag="0",
                fulamt_ownpay_amt=split.own_paid,
                overlmt_selfpay=split.over_limit,
                preselfpay_amt=split.prepaid,
                inscp_scp_amt=split.in_policy,
                exp_content=forwarded(split, treated.insurance),
            )
        )


class _VisitInputs:
    """Inputs of 2206 and 2207."""

    @staticmethod
    def trial(treated: Treated) -> object:
        split = treated.split
        return settlement.VisitTrialMessage(
            data=settlement.VisitTrial(
                psn_no=treated.who.number,
                mdtrt_cert_type="02",
                mdtrt_cert_no=treated.who.patient.document_number,
                med_type=treated.med_type,
                medfee_sumamt=split.total,
                psn_setlway="01",
                mdtrt_id=treated.visit,
                chrg_bchno=treated.batch,
                acct_used_flag="0",
                insutype=treated.who.insutype,
                exp_content=forwarded(split, treated.insurance),
            )
        )

    @staticmethod
    def settlement(treated: Treated, invoice: str) -> object:
        split = treated.split
        return settlement.VisitSettlementMessage(
            data=settlement.VisitSettlement(
                psn_no=treated.who.number,
                mdtrt_cert_type="02",
                mdtrt_cert_no=treated.who.patient.document_number,
                med_type=treated.med_type,
                medfee_sumamt=split.total,
                psn_setlway="01",
                mdtrt_id=treated.visit,
                chrg_bchno=treated.batch,
                insutype=treated.who.insutype,
                acct_used_flag="0",
                invono=invoice,
                fulamt_ownpay_amt=split.own_paid,
                overlmt_selfpay=split.over_limit,
                preselfpay_amt=split.prepaid,
                inscp_scp_amt=split.in_policy,
                exp_content=forwarded(split, treated.insurance),
            )
        )
