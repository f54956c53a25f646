"""Who asks: a hospital's program by its signature, somebody of a department or county by their session.

    x-ca-key        the access key
    x-ca-nonce      new for each request: 16 to 64 letters, digits, `-`, `_`
    x-ca-signature  "<s>:" + HMAC-SM3 hex(secret, s, nonce, method, path with query, body; line breaks between them)

As the `ca` variant of the national interface, and by its credentials. There the body names what is asked; here method
and path do, so they are signed too. A signature lives for 30 minutes and is taken once: who tries again signs again,
and the idempotency key makes it the same.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from hmac import compare_digest

from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import APIKeyHeader, SessionAuth
from ninja.utils import check_csrf

from tuodi.core.finding import finding
from tuodi.gateway.national.signature import WINDOW, hmac_sm3
from tuodi.gateway.plain.findings import TurnedAway
from tuodi.platform.base import credential
from tuodi.platform.base.address import address_of
from tuodi.platform.base.credential import Known
from tuodi.platform.base.domain import Desk, Scope

KEY, NONCE, SIGNATURE = "x-ca-key", "x-ca-nonce", "x-ca-signature"
VARIANT = "ca"
PUSHES = frozenset({Desk.department, Desk.county})
"""Desks that hand in rosters."""


def signature(*, secret: bytes, timestamp: str, nonce: str, method: str, path: str, body: bytes) -> str:
    """The value of the signature's header; `path` with its query, as it is sent."""
    head = "\n".join((timestamp, nonce, method.upper(), path, "")).encode(errors="replace")
    return f"{timestamp}:{hmac_sm3(secret, head + body).hex().upper()}"


class Signed(APIKeyHeader):
    """A hospital's program. What it may see is its own: `request.auth` is its scope."""

    param_name = SIGNATURE

    def __call__(self, request: HttpRequest) -> Scope:
        """The scope of the hospital whose signature it is."""
        return hospital(request, now=timezone.now())

    def authenticate(self, request: HttpRequest, key: str | None) -> Scope:  # noqa: ARG002
        """As `__call__`."""
        return self(request)


class InSession(SessionAuth):
    """Somebody of a department, or of a county, who has signed in; with Django's token against forged requests."""

    def __call__(self, request: HttpRequest) -> Scope:
        """Their scope."""
        if not request.user.is_authenticated:
            raise TurnedAway(401, finding("not-signed-in", "没有登录", remedy="先以部门账号登录"))
        _body(request)  # before Django looks for a form's token in it, and keeps it from being read again
        if check_csrf(request):
            raise TurnedAway(403, finding("csrf", "缺少防伪造令牌，或令牌已经失效", remedy="带上 X-CSRFToken 重发"))
        scope: Scope = request.user.scope
        if scope.desk not in PUSHES:
            raise TurnedAway(403, finding("desk-wrong", f"{scope.desk}不报送名单", remedy="由部门或县级医保办理"))
        return scope


def hospital(request: HttpRequest, *, now: datetime) -> Scope:
    """The scope of the hospital that has signed the request. Raises TurnedAway."""
    key, nonce, given = (request.headers.get(name, "").strip() for name in (KEY, NONCE, SIGNATURE))
    if missing := [name for name, value in ((KEY, key), (NONCE, nonce), (SIGNATURE, given)) if not value]:
        raise _unsigned("signature-missing", f"请求头缺少 {'、'.join(missing)}", "按接口说明签名")
    timestamp = given.partition(":")[0]
    if not _in_window(timestamp, now):
        raise _unsigned("signature-expired", "时间戳与服务器时间相差超过30分钟", "校准时钟后重新签名")
    if not _NONCE.fullmatch(nonce):
        raise _unsigned("nonce-form", "x-ca-nonce 应为 16 至 64 个字母、数字或 - _", "每次请求用一个新的随机数")
    known = credential.known(key) if _KEY.fullmatch(key) else None
    if known is None or known.variant != VARIANT:
        raise _unsigned("credential-unknown", "访问标识不存在", "核对访问标识")
    _check(request, known, timestamp, nonce, given)
    _admit(request, known, nonce, now)
    return Scope(desk=Desk.hospital, region=known.region, institution=known.institution)


# ---- helpers ---------------------------------------------------------------------------------------------------------

_KEY = re.compile(r"[0-9a-f]{32}", re.ASCII)
_NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}", re.ASCII)
_SECONDS = re.compile(r"[0-9]{1,12}", re.ASCII)


def _in_window(timestamp: str, now: datetime) -> bool:
    if not _SECONDS.fullmatch(timestamp):
        return False
    return abs(now.timestamp() - int(timestamp)) <= WINDOW.total_seconds()


def _body(request: HttpRequest) -> bytes:
    try:
        body: bytes = request.body
    except RequestDataTooBig:
        raise TurnedAway(413, finding("message-too-large", "报文超过 8 MB", remedy="分批发送")) from None
    return body


def _check(request: HttpRequest, known: Known, timestamp: str, nonce: str, given: str) -> None:
    expected = signature(
        secret=known.secret.encode(), timestamp=timestamp, nonce=nonce, method=request.method or "",
        path=request.get_full_path(), body=_body(request),
    )  # fmt: skip
    if not compare_digest(given.upper().encode(errors="replace"), expected.encode()):
        raise _unsigned("signature-wrong", "签名不一致", "核对密钥，及签名所用的方法、路径和报文")


def _admit(request: HttpRequest, known: Known, nonce: str, now: datetime) -> None:
    """Only who has the secret is told why it isn't taken; and the nonce is spent, whatever becomes of the request."""
    if why := known.refusal(address=address_of(request), now=now.astimezone(UTC)):
        raise TurnedAway(401, why)
    with transaction.atomic():
        first = credential.spent_once(number=known.number, nonce=f"plain:{nonce}")
    if not first:
        raise _unsigned("nonce-spent", "x-ca-nonce 已经用过", "重发时用新的随机数重新签名；编号（key）不变")


def _unsigned(code: str, message: str, remedy: str) -> TurnedAway:
    return TurnedAway(401, finding(code, message, "", remedy))
