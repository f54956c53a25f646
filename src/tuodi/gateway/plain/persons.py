"""Persons at a window: found by identity number and name, and whether they pay a deposit when admitted."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router
from pydantic import StringConstraints

from tuodi.core.finding import Faults, finding
from tuodi.gateway.at_desk import person as persons
from tuodi.gateway.at_desk.certificate import CARD_DOCUMENT, IDENTITY_CARD
from tuodi.gateway.at_desk.days import day_of
from tuodi.gateway.national.desk import PersonFound, PersonQuestion, Refused
from tuodi.gateway.plain.findings import WRONG, Findings
from tuodi.gateway.plain.gate import Signed
from tuodi.gateway.plain.words import Day, Given, Line, Number, Service, Told
from tuodi.language.model import STATUSES
from tuodi.platform.base.domain import Scope
from tuodi.platform.base.scope import entered
from tuodi.platform.settlement import waiver

router = Router(auth=Signed(), tags=["persons"])


class PersonShown(Given):
    """The identity card that somebody shows. The number goes in the body, so that it stands in no log of addresses."""

    number: Annotated[str, StringConstraints(pattern=r"^[0-9]{17}[0-9Xx]$")]
    name: Annotated[str, StringConstraints(pattern=r"^[^\u0000-\u001f\u007f]+$", max_length=60)]
    operator: Line = ""


class StatusHeld(Told):
    """A status and its days, the last one not included; `ends_on` null: open."""

    status: str
    label: str
    starts_on: date
    ends_on: date | None


class Person(Told):
    """A person. From now on the hospital may ask about them by this number."""

    person: Number
    name: str
    sex: Literal["male", "female"]
    birth_date: date
    insurances: list[str]
    statuses: list[StatusHeld]


class DepositWaiver(Told):
    """Whether no deposit is taken; `clause` null: the local policy has no such procedure."""

    granted: bool
    says: str
    document: str | None
    clause: str | None


@router.post("/persons/find", response={200: Person, WRONG: Findings})
def find(request: HttpRequest, shown: PersonShown) -> Person:
    """Finds a person by the identity card that they show. The asking is in the audit trail."""
    scope, now = scope_of(request), timezone.now()
    with entered(scope):
        who = persons.find(scope=scope, question=_question(shown), operator=shown.operator, today=day_of(now), now=now)
    if isinstance(who, Refused):
        raise Faults([finding("person-not-found", who.reason, "number", "核对证件号码和姓名")])
    return _told(who)


@router.get("/persons/{number}/deposit-waiver", response={200: DepositWaiver, WRONG: Findings})
def deposit_waiver(
    request: HttpRequest, number: Number, service: Service = "inpatient", on: Day | None = None
) -> DepositWaiver:
    """Whether the person is admitted without a deposit, on that day or today."""
    scope = scope_of(request)
    with entered(scope):
        answer = waiver.at_admission(
            scope=scope, person=seen(number), institution=scope.institution, service=service,
            on=on or day_of(timezone.now()),
        )  # fmt: skip
    citation = answer.citation
    return DepositWaiver(
        granted=answer.granted, says=answer.says, document=None if citation is None else citation.document,
        clause=None if citation is None else citation.clause,
    )  # fmt: skip


def scope_of(request: HttpRequest) -> Scope:
    """Whom the gate has let in."""
    scope: Scope = request.auth
    return scope


def seen(number: str) -> int:
    """The person's number, if the hospital has seen their card; inside its scope. Faults: `person-unknown`."""
    person = persons.seen(number)
    if person is None:
        message = "没有这个人员编号，或还没有查询过本人"
        raise Faults([finding("person-unknown", message, "person", "先用身份证号码和姓名查到本人")])
    return person


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _question(shown: PersonShown) -> PersonQuestion:
    return PersonQuestion(
        certificate=IDENTITY_CARD, certificate_number=shown.number.upper(), card_serial="",
        document=CARD_DOCUMENT, document_number=shown.number.upper(), name=shown.name, insured_on=None,
    )  # fmt: skip


def _told(who: PersonFound) -> Person:
    return Person(
        person=who.number, name=who.name, sex="male" if who.sex == "1" else "female", birth_date=who.birth_date,
        insurances=[one.insurance for one in who.enrolments],
        statuses=[
            StatusHeld(
                status=one.status, label=STATUSES[one.status], starts_on=one.period.start, ends_on=one.period.end
            )
            for one in who.statuses
        ],
    )  # fmt: skip
