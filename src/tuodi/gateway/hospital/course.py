"""The course of one treatment, from the certificate at the window to the settlement, as messages in their order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from tuodi.core.money import format_yuan
from tuodi.gateway.hospital.asked import Patient
from tuodi.gateway.hospital.bills import Line, Split, forwarded, lines, split_of
from tuodi.gateway.hospital.client import Client
from tuodi.gateway.national.codes import INSURANCE_OF_INSUTYPE
from tuodi.gateway.national.messages import inpatient, outpatient, person, settlement
from tuodi.gateway.national.messages.person import PersonAnswer

ACTIVE = "1"
BASIC = ("310", "390")


@dataclass(frozen=True, slots=True, kw_only=True)
class Treated:
    """A treatment that is ready to be settled."""

    stay: bool
    patient: Patient
    number: str
    insutype: str
    region: str
    visit: str
    med_type: str
    batch: str
    split: Split
    started_at: datetime

    @property
    def insurance(self) -> str:
        """`resident` or `employee`."""
        return INSURANCE_OF_INSUTYPE[self.insutype]


def treat(client: Client, patient: Patient, chance: Random, day: datetime) -> Treated | None:
    """Everything before the settlement, of a stay or a visit; None where the platform refused a step."""
    asked = person.PersonAsked(
        mdtrt_cert_type="02",
        mdtrt_cert_no=patient.document_number,
        psn_cert_type="01",
        certno=patient.document_number,
        psn_name=patient.name,
    )
    found = client.output(PersonAnswer, client.ask("1101", person.PersonMessage(data=asked)))
    insured = found and next(
        (row for row in found.insuinfo if row.psn_insu_stas == ACTIVE and row.insutype in BASIC), None
    )
    if not found or not insured:
        return None
    client.insured_region = insured.insuplc_admdvs
    who = _Who(patient=patient, number=found.baseinfo.psn_no, insutype=insured.insutype, region=insured.insuplc_admdvs)
    return _stay(client, who, chance, day) if day.hour == STAY_HOUR else _visit(client, who, chance, day)


STAY_HOUR = 8
"""Stays are admitted at eight, visits come later."""


def trial_of(treated: Treated) -> object:
    """The input of 2206 or 2303."""
    return _StayInputs.trial(treated) if treated.stay else _VisitInputs.trial(treated)


def settlement_of(treated: Treated, invoice: str = "") -> object:
    """The input of 2207 or 2304."""
    return _StayInputs.settlement(treated, invoice) if treated.stay else _VisitInputs.settlement(treated, invoice)


# ---- helpers ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Who:
    patient: Patient
    number: str
    insutype: str
    region: str


def _stay(client: Client, who: _Who, chance: Random, day: datetime) -> Treated | None:
    admission = inpatient.AdmissionMessage(mdtrtinfo=_admission(client, who, day), diseinfo=(_diagnosis(who, day),))
    admitted = client.output(inpatient.AdmissionAnswer, client.ask("2401", admission))
    if admitted is None:
        return None
    visit = admitted.result.mdtrt_id
    split = _stay_lines(client, who, visit, lines(chance, stay=True), day)
    discharge = inpatient.DischargeMessage(
        dscginfo=inpatient.Discharge(
            mdtrt_id=visit,
            psn_no=who.number,
            insutype=who.insutype,
            endtime=day + timedelta(hours=6),
            dscg_dept_codg="0301",
            dscg_dept_name="呼吸内科",
            dscg_way="1",
        )
    )
    if split is None or not client.done(client.ask("2402", discharge)):
        return None
    return _treated(who, visit, "21", "", split, day)


def _visit(client: Client, who: _Who, chance: Random, day: datetime) -> Treated | None:
    registration = outpatient.Registration(
        psn_no=who.number,
        insutype=who.insutype,
        begntime=day,
        mdtrt_cert_type="02",
        mdtrt_cert_no=who.patient.document_number,
        ipt_otp_no=f"MZ{client.next_number()[-10:]}",
        dept_code="0201",
        dept_name="内科",
        caty="A03",
    )
    asked = outpatient.RegistrationMessage(data=registration)
    registered = client.output(outpatient.RegistrationAnswer, client.ask("2201", asked))
    if registered is None:
        return None
    visit, med_type = registered.data.mdtrt_id, chance.choice(["11", "14"])
    info = outpatient.VisitInfo(mdtrt_id=visit, psn_no=who.number, med_type=med_type, begntime=day)
    if not client.done(client.ask("2203", outpatient.VisitMessage(mdtrtinfo=info))):
        return None
    split = _visit_lines(client, who, visit, lines(chance, stay=False), day)
    return None if split is None else _treated(who, visit, med_type, "B1", split, day)


def _stay_lines(client: Client, who: _Who, visit: str, given: tuple[Line, ...], day: datetime) -> Split | None:
    rows = tuple(
        inpatient.StayFeeLine(
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
        for line in given
    )
    return _checked_split(client, "2301", inpatient.StayFeeLinesMessage(feedetail=rows), given)


def _visit_lines(client: Client, who: _Who, visit: str, given: tuple[Line, ...], day: datetime) -> Split | None:
    rows = tuple(
        outpatient.FeeLine(
            feedetl_sn=line.number,
            mdtrt_id=visit,
            psn_no=who.number,
            chrg_bchno="B1",
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
        for line in given
    )
    return _checked_split(client, "2204", outpatient.FeeLinesMessage(feedetail=rows), given)


def _checked_split(client: Client, transaction: str, message: object, given: tuple[Line, ...]) -> Split | None:
    """The bill's parts by the platform's answer, which must tell each line and add up."""
    sent = client.ask(transaction, message)
    answered = client.output(outpatient.FeeLinesAnswer, sent)
    if answered is None:
        return None
    if [row.feedetl_sn for row in answered.result] != [line.number for line in given]:
        client.complain(sent, "应答的费用明细与上传的不一致")
    for row in answered.result:
        parts = (row.fulamt_ownpay_amt, row.overlmt_amt, row.preselfpay_amt, row.inscp_scp_amt)
        if sum(part or 0 for part in parts) != row.det_item_fee_sumamt:
            client.complain(sent, f"明细 {row.feedetl_sn} 的四项之和与总额不符")
    return split_of(answered.result)


def _treated(who: _Who, visit: str, med_type: str, batch: str, split: Split, day: datetime) -> Treated:
    return Treated(
        stay=not batch,
        patient=who.patient,
        number=who.number,
        insutype=who.insutype,
        region=who.region,
        visit=visit,
        med_type=med_type,
        batch=batch,
        split=split,
        started_at=day,
    )


def _admission(client: Client, who: _Who, day: datetime) -> inpatient.Admission:
    return inpatient.Admission(
        psn_no=who.number,
        insutype=who.insutype,
        begntime=day,
        mdtrt_cert_type="02",
        mdtrt_cert_no=who.patient.document_number,
        med_type="21",
        ipt_no=f"ZY{client.next_number()[-10:]}",
        atddr_no="D0001",
        chfpdr_name="医师甲",
        adm_diag_dscr="肺炎",
        adm_dept_codg="0301",
        adm_dept_name="呼吸内科",
        adm_bed="12",
        dscg_maindiag_code="J18.900",
        dscg_maindiag_name="肺炎",
    )


def _diagnosis(who: _Who, day: datetime) -> inpatient.AdmissionDiagnosis:
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
                psn_no=treated.number,
                mdtrt_cert_type="02",
                mdtrt_cert_no=treated.patient.document_number,
                medfee_sumamt=split.total,
                psn_setlway="01",
                mdtrt_id=treated.visit,
                acct_used_flag="0",
                insutype=treated.insutype,
                mid_setl_flag="0",
                exp_content=forwarded(split, treated.insurance),
            )
        )

    @staticmethod
    def settlement(treated: Treated, invoice: str) -> object:
        split = treated.split
        return settlement.StaySettlementMessage(
            data=settlement.StaySettlement(
                psn_no=treated.number,
                mdtrt_cert_type="02",
                mdtrt_cert_no=treated.patient.document_number,
                medfee_sumamt=split.total,
                psn_setlway="01",
                mdtrt_id=treated.visit,
                insutype=treated.insutype,
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
                psn_no=treated.number,
                mdtrt_cert_type="02",
                mdtrt_cert_no=treated.patient.document_number,
                med_type=treated.med_type,
                medfee_sumamt=split.total,
                psn_setlway="01",
                mdtrt_id=treated.visit,
                chrg_bchno=treated.batch,
                acct_used_flag="0",
                insutype=treated.insutype,
                exp_content=forwarded(split, treated.insurance),
            )
        )

    @staticmethod
    def settlement(treated: Treated, invoice: str) -> object:
        split = treated.split
        return settlement.VisitSettlementMessage(
            data=settlement.VisitSettlement(
                psn_no=treated.number,
                mdtrt_cert_type="02",
                mdtrt_cert_no=treated.patient.document_number,
                med_type=treated.med_type,
                medfee_sumamt=split.total,
                psn_setlway="01",
                mdtrt_id=treated.visit,
                chrg_bchno=treated.batch,
                insutype=treated.insutype,
                acct_used_flag="0",
                invono=invoice,
                fulamt_ownpay_amt=split.own_paid,
                overlmt_selfpay=split.over_limit,
                preselfpay_amt=split.prepaid,
                inscp_scp_amt=split.in_policy,
                exp_content=forwarded(split, treated.insurance),
            )
        )
