"""Who works here: made, locked, unlocked and helped by an administrator of their region; each act is audited.

All of it within the scope of an administrator, or of the system. What is wrong with an entry is told at once.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from tuodi.core.finding import Faults, Finding, Place
from tuodi.platform.base import audit, lockout
from tuodi.platform.base.domain import Desk
from tuodi.platform.base.models import Institution, Recovery, Region, Staff
from tuodi.platform.base.two_factor import LETTERS

INITIAL_LENGTH = 12
WEAK = {
    "password_too_short": "密码不足 10 位",
    "password_too_similar": "密码与用户名或姓名太像",
    "password_too_common": "密码太常见",
    "password_entirely_numeric": "密码全是数字",
}
"""What Django finds, by its code: not all of its own messages are Chinese."""
NAME_OF_ACCOUNT = re.compile(r"[A-Za-z][A-Za-z0-9._-]{2,49}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """An account with its initial password, which is told this once and must be changed at the first sign-in."""

    staff: Staff
    password: str = field(repr=False)


def create(*, username: str, name: str, desk: Desk, region: str, institution: str = "", department: str = "") -> Handed:
    """A new account. Faults: whatever is wrong with the entry, all at once."""
    staff = Staff(
        username=username.strip(), name=name.strip(), desk=desk.name, region_id=region,
        institution_id=institution or None, department=department.strip(), must_change_password=True,
    )  # fmt: skip
    if findings := list(_findings(staff, desk)):
        raise Faults(findings)
    password = initial_password()
    staff.password = make_password(password)
    staff.save(force_insert=True)
    _record("staff.create", staff, details={"username": staff.username, "desk": desk.name})
    return Handed(staff=staff, password=password)


def lock(*, username: str, reason: str) -> Staff:
    """They may not sign in from here on, and whatever session they have ends. Faults: `staff-unknown`, `reason`."""
    staff = _of(username, reason)
    _change(staff, is_active=False)
    _record("staff.lock", staff, reason)
    return staff


def unlock(*, username: str, reason: str) -> Staff:
    """They may sign in again, also after too many failures. Faults: `staff-unknown`, `reason`."""
    staff = _of(username, reason)
    _change(staff, is_active=True)
    lockout.forgive(staff.username)
    _record("staff.unlock", staff, reason)
    return staff


def reset_password(*, username: str, reason: str) -> Handed:
    """A new initial password for whoever forgot theirs. Faults: `staff-unknown`, `reason`."""
    staff = _of(username, reason)
    password = initial_password()
    _change(staff, password=make_password(password), must_change_password=True)
    lockout.forgive(staff.username)
    _record("staff.reset_password", staff, reason)
    return Handed(staff=staff, password=password)


def reset_two_factor(*, username: str, reason: str) -> Staff:
    """For whoever lost phone and recovery codes: they enrol anew at the next sign-in. Faults as above."""
    staff = _of(username, reason)
    _change(staff, two_factor=None, two_factor_since=None)
    Recovery.objects.filter(staff=staff).delete()
    _record("staff.reset_two_factor", staff, reason)
    return staff


def change_password(*, staff: Staff, old: str, new: str) -> None:
    """Their own act, in their own scope; every other session of theirs ends. Faults: what is wrong with the password.

    The page then calls `django.contrib.auth.update_session_auth_hash`, so that this session goes on.
    """
    if findings := list(_password_findings(staff, old, new)):
        raise Faults(findings)
    staff.password, staff.must_change_password = make_password(new), False
    staff.save(update_fields=["password", "must_change_password"])
    _record("staff.change_password", staff)


def initial_password() -> str:
    """Letters that can be read aloud; guessing it is hopeless in the time that it lives."""
    return "-".join("".join(secrets.choice(LETTERS.lower()) for _ in range(4)) for _ in range(INITIAL_LENGTH // 4))


def _findings(staff: Staff, desk: Desk) -> Iterator[Finding]:
    if desk is Desk.system:
        yield _finding("staff-desk", "desk", "系统任务不是人员的岗位", "选择其他岗位")
    if not NAME_OF_ACCOUNT.fullmatch(staff.username):
        remedy = "以字母开头，3 至 50 个字母、数字、点、横线或下划线"
        yield _finding("staff-username", "username", f"用户名“{staff.username}”不合要求", remedy)
    elif Staff.objects.filter(username__iexact=staff.username).exists():
        yield _finding("staff-twice", "username", f"用户名“{staff.username}”已经有了", "换一个用户名")
    if not staff.name:
        yield _finding("staff-name", "name", "没有写姓名", "填写姓名")
    if not Region.objects.filter(pk=staff.region_id).exists():
        yield _finding("staff-region", "region", f"没有区划 {staff.region_id or '（空）'}", "先录入区划，或改正代码")
    if (desk is Desk.hospital) != bool(staff.institution_id):
        yield _finding("staff-institution", "institution", "医药机构的人员必须有机构，其他岗位不能有", "填写或去掉机构")
    elif staff.institution_id and not Institution.objects.filter(pk=staff.institution_id).exists():
        yield _finding("staff-institution", "institution", f"没有机构 {staff.institution_id}", "先录入机构，或改正代码")
    if desk is Desk.department and not staff.department:
        yield _finding("staff-department", "department", "部门岗位没有写部门", "填写部门，如 民政")


def _password_findings(staff: Staff, old: str, new: str) -> Iterator[Finding]:
    if not check_password(old, staff.password):
        yield _finding("password-old", "old", "原密码不正确", "重新输入现在的密码")
    if new == old:
        yield _finding("password-same", "new", "新密码与原密码相同", "换一个密码")
    try:
        validate_password(new, staff)
    except ValidationError as wrong:
        for each in wrong.error_list:
            message = WEAK.get(each.code, str(each.messages[0]))
            yield _finding("password-weak", "new", message, "用 10 位以上、别人想不到的一句话或一串字符")


def _of(username: str, reason: str) -> Staff:
    staff: Staff | None = Staff.objects.filter(username=username.strip()).first()
    findings = []
    if staff is None:
        findings.append(_finding("staff-unknown", "username", f"没有用户名“{username}”", "核对用户名"))
    if not reason.strip():
        findings.append(_finding("staff-reason", "reason", "没有写理由", "写明为什么"))
    if findings or staff is None:
        raise Faults(findings)
    return staff


def _change(staff: Staff, **columns: object) -> None:
    """Sets columns of somebody whom the scope may change. Faults: `staff-elsewhere`."""
    if not Staff.objects.filter(pk=staff.pk).update(**columns):
        raise Faults(
            [_finding("staff-elsewhere", "username", f"{staff.username} 不归你管理", "请其所在区划的系统管理员办理")]
        )
    staff.refresh_from_db()


def _record(act: str, staff: Staff, reason: str = "", details: dict[str, str] | None = None) -> None:
    audit.record(act=act, subject=f"staff:{staff.pk}", region=staff.region_id, reason=reason.strip(), details=details)


def _finding(code: str, path: str, message: str, remedy: str) -> Finding:
    return Finding(code=code, message=message, place=Place(path=path), remedy=remedy)
