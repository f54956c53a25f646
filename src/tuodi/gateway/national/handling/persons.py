"""9001, 9002, 1101, 1201, 2001, 5206: signing in and out, persons, institutions, entitlements, counts."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from tuodi.gateway.national import codes
from tuodi.gateway.national.desk import (
    Desk,
    Enrolment,
    Entitlement,
    EntitlementQuestion,
    HeldStatus,
    PersonFound,
    PersonQuestion,
    Refused,
    Sender,
)
from tuodi.gateway.national.fields import CHINA
from tuodi.gateway.national.messages.person import (
    EntitlementAnswer,
    EntitlementMessage,
    EntitlementRow,
    IdentityRow,
    InstitutionAnswer,
    InstitutionInfo,
    InstitutionMessage,
    InsuranceRow,
    PersonAnswer,
    PersonBase,
    PersonMessage,
    SignedIn,
    SignedOut,
    SignInAnswer,
    SignInMessage,
    SignOutAnswer,
    SignOutMessage,
)
from tuodi.gateway.national.messages.queries import CountRow, CountsAnswer, CountsMessage
from tuodi.language.model import STATUSES

_MONTH = re.compile(r"(19|20)[0-9]{2}(0[1-9]|1[0-2])?", re.ASCII)
"""A month, or a whole year."""


def sign_in(message: SignInMessage, sender: Sender, desk: Desk) -> SignInAnswer | Refused:
    """9001."""
    number = desk.sign_in(sender, message.signin.opter_no)
    if isinstance(number, Refused):
        return number
    return SignInAnswer(signinoutb=SignedIn(sign_time=sender.received_at, sign_no=number))


def sign_out(message: SignOutMessage, sender: Sender, desk: Desk) -> SignOutAnswer | Refused:
    """9002."""
    refused = desk.sign_out(sender, message.signout.sign_no, message.signout.opter_no)
    return refused or SignOutAnswer(signoutoutb=SignedOut(sign_time=sender.received_at))


def find_person(message: PersonMessage, sender: Sender, desk: Desk) -> PersonAnswer | Refused:
    """1101."""
    asked = message.data
    question = PersonQuestion(
        certificate=asked.mdtrt_cert_type,
        certificate_number=asked.mdtrt_cert_no,
        card_serial=asked.card_sn,
        document=asked.psn_cert_type,
        document_number=asked.certno,
        name=asked.psn_name,
        insured_on=asked.begntime.date() if asked.begntime else None,
    )
    found = desk.find_person(sender, question)
    return found if isinstance(found, Refused) else _person(found, sender.received_at)


def find_institution(message: InstitutionMessage, sender: Sender, desk: Desk) -> InstitutionAnswer | Refused:
    """1201."""
    asked = message.medinsinfo
    if not asked.fixmedins_code and not asked.fixmedins_name:
        return Refused(reason="医药机构编号和名称至少填写一项")
    found = desk.find_institution(sender, asked.fixmedins_code, asked.fixmedins_name)
    if isinstance(found, Refused):
        return found
    return InstitutionAnswer(
        medinsinfo=InstitutionInfo(
            fixmedins_code=found.code,
            fixmedins_name=found.name,
            uscc=found.credit_code,
            fixmedins_type=found.kind,
            hosp_lv=found.level,
        )
    )


def entitlements(message: EntitlementMessage, sender: Sender, desk: Desk) -> EntitlementAnswer | Refused:
    """2001."""
    asked = message.data
    question = EntitlementQuestion(
        person=asked.psn_no,
        insutype=asked.insutype,
        service=codes.SERVICE_OF_MED_TYPE[asked.med_type],
        institution=asked.fixmedins_code,
        start=asked.begntime,
        end=asked.endtime,
        disease=asked.dise_codg,
        disease_name=asked.dise_name,
    )
    found = desk.entitlements(sender, question)
    if isinstance(found, Refused):
        return found
    return EntitlementAnswer(trtinfo=tuple(_entitlement(one, asked.psn_no) for one in found))


def counts(message: CountsMessage, sender: Sender, desk: Desk) -> CountsAnswer | Refused:
    """5206."""
    month = message.data.cum_ym
    if month and not _MONTH.fullmatch(month):
        return Refused(reason="累计年月应为六位数字，如 202501")
    found = desk.counts(sender, message.data.psn_no, month)
    if isinstance(found, Refused):
        return found
    rows = (
        CountRow(
            insutype=one.insutype,
            year=str(one.year),
            cum_ym=f"{one.year}{one.month:02d}",
            cum_type_code=one.code,
            cum=one.amount,
        )
        for one in found
    )
    return CountsAnswer(cuminfo=tuple(rows))


def age_on(birth: date, day: date) -> int:
    """Full years on that day."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _person(found: PersonFound, at: datetime) -> PersonAnswer:
    today = at.astimezone(CHINA).date()
    base = PersonBase(
        psn_no=found.number,
        psn_cert_type=found.document,
        certno=found.document_number,
        psn_name=found.name,
        gend=found.sex,
        naty=found.ethnic_group,
        brdy=found.birth_date,
        age=Decimal(age_on(found.birth_date, today)),
    )
    return PersonAnswer(
        baseinfo=base,
        insuinfo=tuple(_enrolment(one) for one in found.enrolments),
        idetinfo=tuple(_identity(one) for one in found.statuses),
    )


def _enrolment(one: Enrolment) -> InsuranceRow:
    return InsuranceRow(
        balc=one.balance,
        insutype=codes.INSUTYPE_OF_INSURANCE[one.insurance],
        psn_type=one.person_kind,
        psn_insu_stas="1" if one.active else "2" if one.paused_on else "4",
        psn_insu_date=one.since,
        paus_insu_date=one.paused_on,
        cvlserv_flag="1" if one.civil_servant else "0",
        insuplc_admdvs=one.region,
        emp_name=one.employer,
    )


def _identity(one: HeldStatus) -> IdentityRow:
    """Ends with the last second of the last day on which the status holds."""
    code = codes.identity_of_status(one.status)
    name = "" if code != codes.LOCAL_IDENTITY else STATUSES.get(one.status, one.status)
    end = one.period.end
    return IdentityRow(
        psn_idet_type=code,
        memo=" ".join(part for part in (name, one.remark) if part),
        begntime=datetime.combine(one.period.start, time(), CHINA),
        endtime=datetime.combine(end, time(), CHINA) - timedelta(seconds=1) if end else None,
    )


def _entitlement(one: Entitlement, person: str) -> EntitlementRow:
    return EntitlementRow(
        psn_no=person,
        trt_chk_type="01",
        fund_pay_type=one.fund,
        trt_enjymnt_flag="1" if one.entitled else "0",
        begndate=one.start,
        enddate=one.end,
        trt_chk_rslt=one.reason[:500],
    )
