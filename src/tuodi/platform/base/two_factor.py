"""The second factor: a sealed secret that an authenticator program shares, and recovery codes for its loss.

Writing happens within a scope; a code, of either kind, is taken once even if it comes twice at the same moment.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.utils import timezone

from tuodi.core.finding import Faults, Finding, Place
from tuodi.platform.base import audit, totp
from tuodi.platform.base.models import Recovery, Staff

RECOVERY_CODES, RECOVERY_LENGTH = 10, 10
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""None of these is taken for another one on paper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """What the page shows once: the secret to type, and the address for a picture."""

    secret: str = field(repr=False)
    address: str = field(repr=False)


def begin(*, staff: Staff) -> Enrolment:
    """A fresh secret, which counts once `enable` has seen a code of it. Faults: `two-factor-there`."""
    if staff.two_factor_since is not None:
        raise _fault("two-factor-there", "动态码已经启用", "要换手机，请系统管理员先重置动态码")
    secret = totp.new_secret()
    Staff.objects.filter(pk=staff.pk, two_factor_since=None).update(two_factor=settings.SEAL.seal(secret))
    return Enrolment(secret=secret, address=totp.address(secret, staff.username))


def pending(*, staff: Staff) -> Enrolment | None:
    """The secret that was begun and is not enabled yet, to show it again after a mistyped code."""
    if staff.two_factor is None or staff.two_factor_since is not None:
        return None
    secret = settings.SEAL.unseal(bytes(staff.two_factor))
    return Enrolment(secret=secret, address=totp.address(secret, staff.username))


def enable(*, staff: Staff, code: str, now: datetime | None = None) -> list[str]:
    """The second factor is required from here on; its recovery codes, shown this once. Faults: `two-factor-code`."""
    now = now or timezone.now()
    enrolment = pending(staff=staff)
    step = totp.step_of(code, enrolment.secret, int(now.timestamp())) if enrolment else None
    if step is None:
        raise _fault("two-factor-code", "动态码不正确", "核对手机时间是否准确，输入程序上显示的 6 位数字")
    staff.two_factor_since, staff.two_factor_step = now, step
    staff.save(update_fields=["two_factor_since", "two_factor_step"])
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
    for each in codes:
        _keep(staff, each)
    audit.record(act="staff.enable_two_factor", subject=f"staff:{staff.pk}", region=staff.region_id)
    return codes


def spend(*, staff: Staff, code: str, now: datetime) -> bool:
    """Whether the code is right and was never used; from here on it is used."""
    return _spent_step(staff, code, now) or _spent_recovery(staff, code, now)


def left(*, staff: Staff) -> int:
    """How many recovery codes are still good."""
    return int(Recovery.objects.filter(staff=staff, used_at=None).count())


def _spent_step(staff: Staff, code: str, now: datetime) -> bool:
    secret = settings.SEAL.unseal(bytes(staff.two_factor))
    step = totp.step_of(code, secret, int(now.timestamp()))
    return step is not None and bool(
        Staff.objects.filter(pk=staff.pk, two_factor_step__lt=step).update(two_factor_step=step)
    )


def _spent_recovery(staff: Staff, code: str, now: datetime) -> bool:
    found = Recovery.objects.filter(staff=staff, code_index__in=_indexes(staff, code), used_at=None)
    if not found.update(used_at=now):
        return False
    audit.record(act="staff.use_recovery_code", subject=f"staff:{staff.pk}", region=staff.region_id)
    return True


def _recovery_code() -> str:
    letters = "".join(secrets.choice(LETTERS) for _ in range(RECOVERY_LENGTH))
    return f"{letters[:5]}-{letters[5:]}"


def _keep(staff: Staff, code: str) -> None:
    with connection.cursor() as cursor:  # no RETURNING: codes are for the system to read
        cursor.execute(
            "insert into base_recovery (staff_id, code_index, key_set) values (%s, %s, %s)",
            [staff.pk, _indexes(staff, code)[0], settings.SEAL.ring().using.number],
        )


def _indexes(staff: Staff, code: str) -> list[bytes]:
    """Under each set of keys: a code is kept under the one that was in use."""
    typed = "".join(letter for letter in code.upper() if letter in LETTERS)
    return list(settings.SEAL.indexes(f"recovery:{staff.pk}:{typed}"))


def _fault(code: str, message: str, remedy: str) -> Faults:
    return Faults([Finding(code=code, message=message, place=Place(path="code"), remedy=remedy)])
