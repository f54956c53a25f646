"""The course of one treatment, from the certificate at the window to all that comes before its settlement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from tuodi.gateway.hospital.asked import Asked, Patient
from tuodi.gateway.hospital.bills import Line, Split, lines, split_of
from tuodi.gateway.hospital.client import Client
from tuodi.gateway.hospital.inputs import (
    Treated,
    Who,
    admission,
    discharge,
    registration,
    stay_line,
    visit_line,
)
from tuodi.gateway.hospital.mistakes import wrong_stay_line, wrong_visit, wrong_visit_line
from tuodi.gateway.national.messages import inpatient, outpatient, person

ACTIVE = "1"
BASIC = ("310", "390")
BATCH = "B1"
STAY_HOUR = 8
"""Stays are admitted at eight, visits come later."""


def treat(client: Client, patient: Patient, chance: Random, asked: Asked, day: datetime) -> Treated | None:
    """Everything before the settlement, of a stay or a visit; None where the platform refused a step."""
    who = _identified(client, patient)
    if who is None:
        return None
    mistaken = chance.randrange(100) < asked.mistaken_per_100
    treated = _stay if day.hour == STAY_HOUR else _visit
    return treated(client, who, chance, day, mistaken=mistaken)


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _identified(client: Client, patient: Patient) -> Who | None:
    """Who it is by 1101: somebody with a basic insurance in force."""
    asked = person.PersonAsked(
        mdtrt_cert_type="02",
        mdtrt_cert_no=patient.document_number,
        psn_cert_type="01",
        certno=patient.document_number,
        psn_name=patient.name,
    )
    found = client.output(person.PersonAnswer, client.ask("1101", person.PersonMessage(data=asked)))
    rows = [row for row in found.insuinfo if row.psn_insu_stas == ACTIVE and row.insutype in BASIC] if found else []
    if found is None or not rows:
        return None
    client.insured_region = rows[0].insuplc_admdvs
    return Who(patient=patient, number=found.baseinfo.psn_no, insutype=rows[0].insutype)


def _stay(client: Client, who: Who, chance: Random, day: datetime, *, mistaken: bool) -> Treated | None:
    asked = admission(who, client.next_number(), day)
    admitted = client.output(inpatient.AdmissionAnswer, client.ask("2401", asked))
    if admitted is None:
        return None
    visit, given = admitted.result.mdtrt_id, lines(chance, stay=True)
    rows = tuple(stay_line(who, visit, line, day) for line in given)
    split = _split(client, "2301", inpatient.StayFeeLinesMessage(feedetail=rows), given)
    if mistaken:
        wrong_stay_line(client, who, visit, day)
    ended = discharge(who, visit, day + timedelta(hours=6))
    if split is None or not client.done(client.ask("2402", ended)):
        return None
    return Treated(stay=True, who=who, visit=visit, med_type="21", batch="", split=split, started_at=day)


def _visit(client: Client, who: Who, chance: Random, day: datetime, *, mistaken: bool) -> Treated | None:
    if mistaken:
        wrong_visit(client, who, day)
    asked = outpatient.RegistrationMessage(data=registration(who, client.next_number(), day))
    registered = client.output(outpatient.RegistrationAnswer, client.ask("2201", asked))
    if registered is None:
        return None
    visit, med_type, given = registered.data.mdtrt_id, chance.choice(["11", "14"]), lines(chance, stay=False)
    info = outpatient.VisitInfo(mdtrt_id=visit, psn_no=who.number, med_type=med_type, begntime=day)
    if not client.done(client.ask("2203", outpatient.VisitMessage(mdtrtinfo=info))):
        return None
    rows = tuple(visit_line(who, visit, line, day, BATCH) for line in given)
    split = _split(client, "2204", outpatient.FeeLinesMessage(feedetail=rows), given)
    if mistaken:
        wrong_visit_line(client, who, visit, day)
    if split is None:
        return None
    return Treated(stay=False, who=who, visit=visit, med_type=med_type, batch=BATCH, split=split, started_at=day)


def _split(client: Client, transaction: str, message: object, given: Sequence[Line]) -> Split | None:
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
