"""Operators' signing in and out (9001, 9002). Inside the hospital's scope."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max

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


def last_sign_out(institution: str) -> datetime | None:
    """When an operator of the institution signed out last, as the scope sees it."""
    last: datetime | None = models.SignOut.objects.filter(institution_id=institution).aggregate(at=Max("at"))["at"]
    return last


_DIGITS = 19
