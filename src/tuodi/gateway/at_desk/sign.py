"""Operators' signing in and out (9001, 9002). Inside the hospital's scope."""

from __future__ import annotations

from tuodi.gateway import models
from tuodi.gateway.national.desk import Refused, Sender
from tuodi.platform.base.domain import Scope

UNKNOWN = "签到编号不存在，或已签退"


def signed_in(*, scope: Scope, sender: Sender, operator: str) -> str:
    """The number of the sign-in."""
    row = models.SignIn.objects.create(
        institution_id=scope.institution, region_id=scope.region, at=sender.received_at, operator=operator
    )
    return str(row.pk)


def signed_out(*, scope: Scope, sender: Sender, number: str, operator: str) -> Refused | None:
    """Ends the operator's sign-in, once."""
    known = number.isascii() and number.isdecimal() and len(number) < _DIGITS
    row = models.SignIn.objects.filter(pk=int(number), operator=operator, signout=None).first() if known else None
    if row is None:
        return Refused(reason=UNKNOWN)
    models.SignOut.objects.create(
        sign_in=row, institution_id=scope.institution, region_id=scope.region, at=sender.received_at
    )
    return None


_DIGITS = 19
