"""A web request to its response: gate, envelope, desk, answer. A web server hands over bytes and sends bytes back.

Nothing is raised for what a sender does wrong. A refusal by business has status 200, because clients repeat on 5xx;
only the gate answers 401, and with a body of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tuodi.core.finding import Faults
from tuodi.gateway.national.desk import Desk
from tuodi.gateway.national.dispatch import Manner, answer
from tuodi.gateway.national.envelope import Request, read_request, refusal, refusal_of
from tuodi.gateway.national.json_text import LIMITS, Limits
from tuodi.gateway.national.sealing import EnvelopeCryptography
from tuodi.gateway.national.signature import WINDOW, Credential, Credentials, GateRefusal, Nonces, verify
from tuodi.gateway.national.sm2 import Sm2Signatures

JSON = "application/json; charset=utf-8"
BYTES = "application/octet-stream"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """Who may come in."""

    credentials: Credentials
    nonces: Nonces


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """How a site takes messages. Without gate everybody comes in: for a closed line with its own.

    `signers` gives the keys of an institution that signs its envelopes (`cainfo`) under SM2; then each must be signed,
    and of this half hour, so that an envelope is not sent again later.
    """

    gate: Gate | None = None
    cryptography: EnvelopeCryptography | None = None
    signers: Callable[[str], Sm2Signatures | None] | None = None
    statement_edition: str = "refined"
    limits: Limits = field(default=LIMITS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What to send."""

    status: int
    content_type: str
    body: bytes


DeskFor = Callable[[Request], Desk]
"""The desk for a request: of the institution's region, say."""


def serve(body: bytes, headers: Mapping[str, str], door: Door, desk_for: DeskFor, now: datetime) -> Response:
    """The response to a request with this body and these headers; `now` is aware."""
    if door.gate is None:
        return _answered(body, None, door, desk_for, now)
    caller = verify(headers, body, door.gate.credentials, door.gate.nonces, now)
    if isinstance(caller, GateRefusal):
        return Response(status=caller.code, content_type=JSON, body=caller.body())
    return _answered(body, caller, door, desk_for, now)


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _answered(body: bytes, caller: Credential | None, door: Door, desk_for: DeskFor, now: datetime) -> Response:
    cryptography = door.cryptography
    try:
        request = read_request(body, door.limits, cryptography.open if cryptography else None)
    except Faults as why:
        return _json(refusal_of(why.findings).body())
    institution = request.head.fixmedins_code
    if caller is not None and not caller.speaks_for(institution):
        return _json(refusal(f"访问密钥不属于机构 {institution}").body())
    if door.signers is not None and (why_not := _unsigned(request, door.signers(institution), now)):
        return _json(refusal(why_not).body())
    manner = Manner(statement_edition=door.statement_edition, seal=cryptography.close if cryptography else None)
    given = answer(request, desk_for(request), now, manner)
    if given.is_file:
        return Response(status=200, content_type=BYTES, body=given.body())
    return _json(given.body(manner.seal))


def _unsigned(request: Request, signer: Sm2Signatures | None, now: datetime) -> str:
    """Why an envelope's signature is not taken; empty where it holds."""
    head = request.head
    if signer is None:
        return f"机构 {head.fixmedins_code} 没有登记签名公钥"
    if not head.cainfo:
        return "报文没有数字签名（cainfo）"
    if not signer.holds(request.signed, head.cainfo):
        return "数字签名（cainfo）与报文头或公钥不符"
    return "" if abs(now - head.inf_time) <= WINDOW else "交易时间（inf_time）与服务器时间相差超过30分钟"


def _json(body: bytes) -> Response:
    return Response(status=200, content_type=JSON, body=body)
