"""Signing in: password, then the one-time code where there is one; slowed down after failures, and all of it audited.

Called by pages that are marked `own_scope`: each step here is a transaction of its own, so that a failed try counts
whatever happens next.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from django.contrib import auth
from django.contrib.auth.hashers import check_password, make_password
from django.http import HttpRequest
from django.utils import timezone

from tuodi.platform.base import audit, lockout, two_factor
from tuodi.platform.base.address import address_of
from tuodi.platform.base.domain import SYSTEM
from tuodi.platform.base.models import Staff
from tuodi.platform.base.scope import entered

HALF_WAY = "tuodi.half_way"
SIGNED_IN_AT, SEEN_AT = "tuodi.signed_in_at", "tuodi.seen_at"
HALF_WAY_LASTS = timedelta(minutes=5)


class Step(Enum):
    """How a try ended."""

    welcome = "已登录"
    code_wanted = "请输入动态码"
    refused = "用户名、密码或动态码不正确"
    locked = "失败次数过多，已暂停登录"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How it ended; until when no more tries are taken where it is locked; who it is once signed in."""

    step: Step
    until: datetime | None = None
    staff: Staff | None = None

    @property
    def message(self) -> str:
        """What the page says."""
        if self.until is None:
            return self.step.value
        return f"{self.step.value}，{timezone.localtime(self.until):%H:%M:%S} 后再试"


def sign_in(request: HttpRequest, *, username: str, password: str, now: datetime | None = None) -> Outcome:
    """The first step. `code_wanted`: the password was right, and `confirm` is next, within five minutes."""
    now, address = now or timezone.now(), address_of(request)
    if until := _try(username, address, now):
        return Outcome(step=Step.locked, until=until)
    staff = _with_password(username, password)
    if staff is None:
        return _refused(Staff.objects.filter(username=username).first(), address, "password")
    if staff.two_factor_since is not None:
        with entered(SYSTEM):
            lockout.passed(username=username, address=address, now=now, wholly=False)
        request.session.cycle_key()
        request.session[HALF_WAY] = [staff.pk, staff.get_session_auth_hash(), now.isoformat()]
        return Outcome(step=Step.code_wanted)
    return _welcome(request, staff, address, now)


def confirm(request: HttpRequest, *, code: str, now: datetime | None = None) -> Outcome:
    """The second step: the one-time code, or a recovery code in its place. Each code works once."""
    now, address = now or timezone.now(), address_of(request)
    staff = _half_way(request, now)
    if staff is None:
        return Outcome(step=Step.refused)
    if until := _try(staff.username, address, now):
        return Outcome(step=Step.locked, until=until)
    with entered(SYSTEM):
        right = two_factor.spend(staff=staff, code=code, now=now)
    return _welcome(request, staff, address, now) if right else _refused(staff, address, "code")


def sign_out(request: HttpRequest) -> None:
    """The session ends, and nothing of it is kept."""
    auth.logout(request)


def _try(username: str, address: str, now: datetime) -> datetime | None:
    with entered(SYSTEM):
        return lockout.taken(username=username, address=address, now=now)


def _with_password(username: str, password: str) -> Staff | None:
    """The person, if they may sign in and this is their password. Takes the same time when there is nobody."""
    staff = Staff.objects.filter(username=username, is_active=True).first()
    if staff is None:
        make_password(password)
        return None
    return staff if check_password(password, staff.password) else None


def _half_way(request: HttpRequest, now: datetime) -> Staff | None:
    """Who gave the right password a moment ago in this session, and has not changed or been locked since."""
    try:
        key, proof, at = request.session[HALF_WAY]
    except (KeyError, ValueError, TypeError):
        return None
    staff = Staff.objects.filter(pk=key, is_active=True).first()
    fresh = now - datetime.fromisoformat(at) <= HALF_WAY_LASTS
    return staff if staff is not None and fresh and staff.get_session_auth_hash() == proof else None


def _welcome(request: HttpRequest, staff: Staff, address: str, now: datetime) -> Outcome:
    with entered(SYSTEM):
        lockout.passed(username=staff.username, address=address, now=now, wholly=True)
        Staff.objects.filter(pk=staff.pk).update(last_login=now)
        _record(staff, "staff.sign_in", address)
    request.session.flush()  # a new session: whatever somebody planted in the old one is gone
    auth.login(request, staff, backend="tuodi.platform.base.backend.StaffBackend")
    request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = int(now.timestamp())
    return Outcome(step=Step.welcome, staff=staff)


def _refused(staff: Staff | None, address: str, what: str) -> Outcome:
    if staff is not None:
        with entered(SYSTEM):
            _record(staff, "staff.sign_in_refused", address, what)
    return Outcome(step=Step.refused)


def _record(staff: Staff, act: str, address: str, what: str = "") -> None:
    details = {"address": address} | ({"what": what} if what else {})
    audit.record(act=act, subject=f"staff:{staff.pk}", region=staff.region_id, details=details)
