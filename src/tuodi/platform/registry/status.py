"""Statuses: granted, ended, corrected, withdrawn. Nothing is deleted: a row of knowledge takes the place of another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.db import connection

from tuodi.core.finding import Faults, Finding, Place
from tuodi.language.model import STATUSES
from tuodi.platform.base import audit
from tuodi.platform.registry.domain import RECOGNISES, Department, Held, first_difference
from tuodi.platform.registry.knowing import fault, locked, moment, note
from tuodi.platform.registry.models import Status


def grant(*, person: int, held: Held, department: Department, certificate: str = "", reason: str = "") -> int:
    """A department's recognition, from a day on. Returns the status row's id.

    Faults: `person-unknown`, `status-unknown`, `department-wrong`, `period-reversed`, `from-before-application`,
    `status-overlaps` where the person has the same status on some of the days.
    """
    region = locked(person)
    findings = [*held_findings(held), *department_findings(held.status, department)]
    if findings := findings or _overlaps(person, held, None):
        raise Faults(findings)
    row = _add(person, region, held, department, certificate, None)
    note(person=person, region=region, from_day=first_difference(None, held), reason=f"新增{STATUSES[held.status]}")
    _record("status.grant", row, region, reason)
    return row


def end(*, status: int, ends_on: date, certificate: str = "", reason: str = "") -> int:
    """The status is no longer held from `ends_on` on. Returns the id of the row that says so.

    Faults: `status-superseded`, `end-not-earlier` where it ends by then anyway, `period-reversed`: to say that it was
    never held is `withdraw`.
    """
    old = _current(status)
    if old.ends_on is not None and old.ends_on <= ends_on:
        raise fault("end-not-earlier", f"该身份本来就在 {old.ends_on} 终止", "ends_on", "要改止日，用更正")
    return _superseded(old, replace(held_of(old), ends_on=ends_on), certificate, reason, "status.end")


def correct(*, status: int, held: Held, certificate: str = "", reason: str) -> int:
    """What was known was wrong: the period or the application's day is another. Returns the new row's id.

    Faults: as `grant`, and `reason-missing`, `status-superseded`; another status is a withdrawal and a grant.
    """
    old = _current(status)
    if not reason.strip():
        raise fault("reason-missing", "没有写明更正的理由", "reason", "写明理由")
    if held.status != old.status:
        raise fault("status-other", "更正不能换成另一种身份", "status", "撤销原来的，再新增另一种")
    return _superseded(old, held, certificate, reason, "status.correct")


def withdraw(*, status: int, reason: str) -> None:
    """The status was never held. Faults: `reason-missing`, `status-superseded`."""
    old = _current(status)
    if not reason.strip():
        raise fault("reason-missing", "没有写明撤销的理由", "reason", "写明理由")
    region = str(old.region_id)
    Status.objects.filter(id=old.id).update(known_until=moment())
    note(person=old.person_id, region=region, from_day=held_of(old).matters_from, reason=reason)
    _record("status.withdraw", old.id, region, reason)


def held_of(row: Status) -> Held:
    """The row's period as a value."""
    return Held(status=row.status, starts_on=row.starts_on, ends_on=row.ends_on, applied_on=row.applied_on)


def held_findings(held: Held) -> list[Finding]:
    """What is wrong with a status and its days, without regard to anybody."""
    found = []
    if held.status not in STATUSES:
        found.append(_finding("status-unknown", f"没有身份“{held.status}”", "status", "使用规定的身份名称"))
    if held.ends_on is not None and held.ends_on <= held.starts_on:
        found.append(
            _finding("period-reversed", f"止日 {held.ends_on} 不晚于起日 {held.starts_on}", "ends_on", "核对起止日期")
        )
    if held.applied_on is not None and held.applied_on > held.starts_on:
        found.append(
            _finding(
                "from-before-application",
                f"起日 {held.starts_on} 早于申请日 {held.applied_on}",
                "starts_on",
                "起日不早于申请日；可追溯的天数由政策算",
            )
        )
    return found


def department_findings(status: str, department: Department) -> list[Finding]:
    """Whether the department may recognise the status."""
    if status not in STATUSES or status in RECOGNISES[department]:
        return []
    owners = "、".join(str(owner) for owner, words in RECOGNISES.items() if status in words)
    return [
        _finding("department-wrong", f"{STATUSES[status]}不由{department}部门认定", "department", f"由{owners}部门报送")
    ]


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _current(status: int) -> Status:
    """The row, while it is what we know, with a lock on its person."""
    row: Status | None = Status.objects.filter(id=status).first()
    if row is None:
        raise fault("status-missing", "没有这条身份记录，或不由本区划、本部门办理", "status", "核对后再办")
    locked(row.person_id)
    row.refresh_from_db()
    if row.known_until is not None:
        raise fault("status-superseded", "这条身份记录已被后来的记录取代", "status", "刷新页面，按现在的记录办理")
    return row


def _superseded(old: Status, held: Held, certificate: str, reason: str, act: str) -> int:
    findings = held_findings(held)
    if findings := findings or _overlaps(old.person_id, held, old.id):
        raise Faults(findings)
    region = str(old.region_id)
    row = _add(old.person_id, region, held, Department[old.department], certificate or old.certificate, old.id)
    note(person=old.person_id, region=region, from_day=first_difference(held_of(old), held), reason=reason or act)
    _record(act, row, region, reason)
    return row


def _add(person: int, region: str, held: Held, department: Department, certificate: str, supersedes: int | None) -> int:
    """A row of knowledge from now on, in the place of the other."""
    now = moment()
    if supersedes is not None:
        Status.objects.filter(id=supersedes).update(known_until=now)
    row = Status.objects.create(
        person_id=person, region_id=region, status=held.status, starts_on=held.starts_on, ends_on=held.ends_on,
        applied_on=held.applied_on, department=department.name, certificate=certificate, known_from=now,
        supersedes_id=supersedes,
    )  # fmt: skip
    return int(row.id)


def _overlaps(person: int, held: Held, but: int | None) -> list[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select starts_on, ends_on from registry_status where person_id = %s and status = %s"
            " and id is distinct from %s and known_until is null"
            " and daterange(starts_on, ends_on) && daterange(%s, %s)",
            [person, held.status, but, held.starts_on, held.ends_on],
        )
        rows = cursor.fetchall()
    return [
        _finding(
            "status-overlaps",
            f"该人 {start} 至 {end or '今'} 已有{STATUSES[held.status]}身份",
            "starts_on",
            "更正已有的记录，或改起止日期",
        )
        for start, end in rows
    ]


def _record(act: str, row: int, region: str, reason: str) -> None:
    audit.record(act=act, subject=f"status:{row}", region=region, reason=reason)


def _finding(code: str, message: str, path: str, remedy: str) -> Finding:
    return Finding(code=code, message=message, place=Place(path=path), remedy=remedy)
