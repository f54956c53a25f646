"""Persons at a window: found by the certificate that they show, and from then on known to that institution."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import orjson
from django.conf import settings
from django.db import connection

from tuodi.core.period import Period
from tuodi.gateway import models
from tuodi.gateway.at_desk.certificate import CARD_DOCUMENT, number_of
from tuodi.gateway.national.desk import Enrolment, HeldStatus, InstitutionFound, PersonFound, PersonQuestion, Refused
from tuodi.platform.base import audit
from tuodi.platform.base.domain import Scope
from tuodi.platform.base.models import Institution
from tuodi.platform.registry import selectors as registry
from tuodi.platform.registry.domain import Sex
from tuodi.platform.registry.selectors import Found

UNKNOWN = "未查询到该人员的登记信息，请核对证件号码"
NOT_SHOWN = "人员编号不存在，请先以本人证件获取人员信息（1101）"
OTHER_NAME = "姓名与证件号码登记的姓名不一致，请核对"

_PERSON_KIND = {"resident": "151", "employee": "11"}
"""psn_type: all that is known here of somebody insured is by which insurance."""
_SEX = {Sex.male: "1", Sex.female: "2"}
_LEVEL = {3: "12", 2: "13", 1: "14"}
"""hosp_lv of a level without grade: grades aren't known here."""


def find(*, scope: Scope, question: PersonQuestion, operator: str, today: date, now: datetime) -> PersonFound | Refused:
    """The person whose certificate is shown. The asking is in the trail, and the institution may go on with them."""
    number = number_of(question)
    if isinstance(number, Refused):
        return number
    found = registry.whereabouts(number)
    if found is None:
        return Refused(reason=UNKNOWN)
    if question.name and question.name.strip() != found.name:
        return Refused(reason=OTHER_NAME)
    models.Shown.objects.create(
        institution_id=scope.institution, region_id=scope.region, at=now, person_id=found.id, document=CARD_DOCUMENT,
        document_number=settings.SEAL.seal(number.strip().upper()), name=found.name, operator=operator,
    )  # fmt: skip
    audit.record(
        act="gateway.identify", subject=f"person:{found.id}", region=found.region, details={"operator": operator}
    )
    return _told(found.id, _Base(number.strip().upper(), found), question.insured_on or today)


def shown(number: str, day: date) -> PersonFound | Refused:
    """The person as they are on a day, if this institution has seen their certificate."""
    row = _shown(number)
    if row is None:
        return Refused(reason=NOT_SHOWN)
    document = settings.SEAL.unseal(bytes(row.document_number))
    found = registry.whereabouts(document)
    if found is None or found.id != row.person_id:
        return Refused(reason=UNKNOWN)
    return _told(row.person_id, _Base(document, found), day)


def seen(number: str) -> int | None:
    """The registry's id, if this institution has seen the person's certificate."""
    row = _shown(number)
    return None if row is None else int(row.person_id)


def region_of(number: str) -> str:
    """The county that bears the relief of a person who was shown."""
    row = _shown(number)
    assert row is not None, "whoever has a visit was shown"
    found = registry.whereabouts(settings.SEAL.unseal(bytes(row.document_number)))
    assert found is not None, "whoever was shown is enrolled"
    return found.region


def institution(code: str, name: str) -> InstitutionFound | Refused:
    """The institution with this code, or else this name."""
    named = {"pk": code} if code else {"name": name}
    row = Institution.objects.filter(**named).first()
    if row is None:
        return Refused(reason="未查询到该定点医药机构，请核对编号或名称")
    return InstitutionFound(
        code=row.code, name=row.name, credit_code="", kind="2" if row.code.startswith("P") else "1",
        level=_LEVEL[row.level],
    )  # fmt: skip


# ---- helpers ---------------------------------------------------------------------------------------------------------


class _Base:
    """Who it is: the number shown, and what the registry says."""

    def __init__(self, document: str, found: Found) -> None:
        self.document = document
        self.found = found


def _shown(number: str) -> models.Shown | None:
    if not (number.isascii() and number.isdecimal() and len(number) < _DIGITS):
        return None
    row: models.Shown | None = models.Shown.objects.filter(person_id=int(number)).order_by("-id").first()
    return row


_DIGITS = 19


def _told(person: int, base: _Base, day: date) -> PersonFound:
    known = _known(person, day)
    found = base.found
    return PersonFound(
        number=str(person), name=found.name, document=CARD_DOCUMENT, document_number=base.document,
        sex=_SEX[found.sex], birth_date=found.birth_date,
        enrolments=tuple(_enrolments(known["insurance"], found.region)),
        statuses=tuple(_status(one) for one in known["statuses"]),
    )  # fmt: skip


def _known(person: int, day: date) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("select registry_case_person(%s, %s)", [person, day])
        (known,) = cursor.fetchone()
    return dict(orjson.loads(known) if isinstance(known, str) else known)


def _enrolments(insurance: str, region: str) -> list[Enrolment]:
    if insurance not in _PERSON_KIND:
        return []
    return [Enrolment(insurance=insurance, person_kind=_PERSON_KIND[insurance], active=True, region=region)]


def _status(raw: dict[str, Any]) -> HeldStatus:
    end = raw.get("to")
    period = Period(start=date.fromisoformat(raw["from"]), end=date.fromisoformat(end) if end else None)
    return HeldStatus(status=raw["status"], period=period)
