"""Enrolments in insurance over time: begun, ended, corrected; known and superseded as statuses are."""

from __future__ import annotations

from datetime import date

from django.db import connection

from tuodi.core.finding import Faults, Finding, Place
from tuodi.language.model import INSURANCES
from tuodi.platform.base import audit
from tuodi.platform.registry.domain import ENROLLED
from tuodi.platform.registry.knowing import fault, locked, moment, note
from tuodi.platform.registry.models import Insurance


def begin(*, person: int, kind: str, starts_on: date, ends_on: date | None = None, reason: str = "") -> int:
    """The person is enrolled from a day on. Returns the row's id.

    Faults: `person-unknown`, `insurance-unknown`, `period-reversed`, `insurance-overlaps`.
    """
    region = locked(person)
    findings = _findings(kind, starts_on, ends_on)
    if findings := findings or _overlaps(person, starts_on, ends_on, None):
        raise Faults(findings)
    row = _add(person, region, kind, starts_on, ends_on, None)
    note(person=person, region=region, from_day=starts_on, reason=f"新增参保：{INSURANCES[kind]}")
    audit.record(act="insurance.begin", subject=f"insurance:{row}", region=region, reason=reason)
    return row


def correct(*, insurance: int, kind: str, starts_on: date, ends_on: date | None, reason: str) -> int:
    """What was known was wrong, or the enrolment has ended: kind and period are these. Returns the new row's id."""
    old = _current(insurance)
    findings = _findings(kind, starts_on, ends_on)
    if not reason.strip():
        findings.append(_finding("reason-missing", "没有写明更正的理由", "reason", "写明理由"))
    if findings := findings or _overlaps(old.person_id, starts_on, ends_on, old.id):
        raise Faults(findings)
    region = str(old.region_id)
    row = _add(old.person_id, region, kind, starts_on, ends_on, old.id)
    note(person=old.person_id, region=region, from_day=_first_difference(old, kind, starts_on, ends_on), reason=reason)
    audit.record(act="insurance.correct", subject=f"insurance:{row}", region=region, reason=reason)
    return row


def withdraw(*, insurance: int, reason: str) -> None:
    """The person was never so enrolled. Faults: `reason-missing`, `insurance-superseded`."""
    old = _current(insurance)
    if not reason.strip():
        raise fault("reason-missing", "没有写明撤销的理由", "reason", "写明理由")
    Insurance.objects.filter(id=old.id).update(known_until=moment())
    note(person=old.person_id, region=str(old.region_id), from_day=old.starts_on, reason=reason)
    audit.record(act="insurance.withdraw", subject=f"insurance:{old.id}", region=str(old.region_id), reason=reason)


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _findings(kind: str, starts_on: date, ends_on: date | None) -> list[Finding]:
    found = []
    if kind not in ENROLLED:
        words = "、".join(ENROLLED)
        found.append(_finding("insurance-unknown", f"没有参保类型“{kind}”", "kind", f"可用的有：{words}"))
    if ends_on is not None and ends_on <= starts_on:
        found.append(_finding("period-reversed", f"止日 {ends_on} 不晚于起日 {starts_on}", "ends_on", "核对起止日期"))
    return found


def _current(insurance: int) -> Insurance:
    row: Insurance | None = Insurance.objects.filter(id=insurance).first()
    if row is None:
        raise fault("insurance-missing", "没有这条参保记录，或不由本区划办理", "insurance", "核对后再办")
    locked(row.person_id)
    row.refresh_from_db()
    if row.known_until is not None:
        raise fault("insurance-superseded", "这条参保记录已被后来的记录取代", "insurance", "刷新页面，按现在的记录办理")
    return row


def _add(person: int, region: str, kind: str, starts_on: date, ends_on: date | None, supersedes: int | None) -> int:
    now = moment()
    if supersedes is not None:
        Insurance.objects.filter(id=supersedes).update(known_until=now)
    row = Insurance.objects.create(
        person_id=person, region_id=region, kind=kind, starts_on=starts_on, ends_on=ends_on, known_from=now,
        supersedes_id=supersedes,
    )  # fmt: skip
    return int(row.id)


def _overlaps(person: int, starts_on: date, ends_on: date | None, but: int | None) -> list[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select kind, starts_on, ends_on from registry_insurance where person_id = %s and known_until is null"
            " and id is distinct from %s and daterange(starts_on, ends_on) && daterange(%s, %s)",
            [person, but, starts_on, ends_on],
        )
        rows = cursor.fetchall()
    return [
        _finding(
            "insurance-overlaps", f"该人 {start} 至 {end or '今'} 已参加{INSURANCES[kind]}", "starts_on",
            "先更正已有的参保记录",
        )
        for kind, start, end in rows
    ]  # fmt: skip


def _first_difference(old: Insurance, kind: str, starts_on: date, ends_on: date | None) -> date | None:
    if (old.kind, old.starts_on) != (kind, starts_on):
        began: date = old.starts_on
        return min(began, starts_on)
    ends = [end for end in (old.ends_on, ends_on) if end is not None]
    return min(ends) if old.ends_on != ends_on else None


def _finding(code: str, message: str, path: str, remedy: str) -> Finding:
    return Finding(code=code, message=message, place=Place(path=path), remedy=remedy)
