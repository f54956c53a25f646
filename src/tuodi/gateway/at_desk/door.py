"""A request's bytes to its response: who it is, in which scope, and what is kept of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tuodi.core.finding import Faults
from tuodi.gateway.at_desk import kept
from tuodi.gateway.at_desk.credential import Keys
from tuodi.gateway.at_desk.desk import AtDesk
from tuodi.gateway.national.door import JSON, Door, Gate, Response, serve
from tuodi.gateway.national.envelope import SUCCESS, Request, read_answer
from tuodi.gateway.national.signature import Credential, GateRefusal
from tuodi.platform.base.domain import Desk as Place
from tuodi.platform.base.domain import Scope
from tuodi.platform.base.scope import entered

TURNED_AWAY = 401


def closed_line(institution: str, region: str) -> Callable[[bytes, datetime], bytes]:
    """Answers the institution's messages at the moments given, unsigned: for a line that nobody else reaches."""
    scope = Scope(desk=Place.hospital, region=region, institution=institution)
    line = _Line(institution)
    door, headers = Door(gate=Gate(credentials=line, nonces=line)), {"apikey": institution}

    def answer(body: bytes, now: datetime) -> bytes:
        desks = _Desks(scope=lambda: scope, body=body, headers={}, address="", now=now)
        return _kept(desks, serve(body, headers, door, desks, now)).body

    return answer


def answered(body: bytes, headers: Mapping[str, str], *, address: str, now: datetime) -> Response:
    """The response to a request of an institution; everything that came through the gate is kept with its answer."""
    keys = Keys(address=address, now=now)
    desks = _Desks(scope=lambda: _scope(keys), body=body, headers=headers, address=address, now=now)
    response = serve(body, headers, Door(gate=Gate(credentials=keys, nonces=keys)), desks, now)
    if response.status == TURNED_AWAY and keys.refused:
        return Response(status=TURNED_AWAY, content_type=JSON, body=GateRefusal(message=keys.refused).body())
    return _kept(desks, response)


@dataclass(frozen=True, slots=True)
class _Line:
    """Who is at the end of a line of its own: the institution, and nobody in another one's name."""

    institution: str

    def find(self, key: str) -> Credential | None:  # noqa: ARG002
        """Nothing is signed there."""
        return None

    def find_by_secret(self, secret: bytes) -> Credential:
        """The institution."""
        return Credential(
            key=self.institution, secret=secret, variants=frozenset({"apikey"}),
            institutions=frozenset({self.institution}),
        )  # fmt: skip

    def claim(self, key: str, nonce: str, digest: bytes, until: datetime) -> bytes:  # noqa: ARG002
        """No nonce is used there."""
        return digest


def _scope(keys: Keys) -> Scope:
    assert keys.known is not None, "the gate has let somebody in"
    return Scope(desk=Place.hospital, region=keys.known.region, institution=keys.known.institution)


@dataclass(slots=True, kw_only=True)
class _Desks:
    """Makes the desk for a request, and keeps the request first: whatever happens then, it is known that it came."""

    scope: Callable[[], Scope]
    body: bytes
    headers: Mapping[str, str]
    address: str
    now: datetime
    desk: AtDesk | None = field(default=None)

    def __call__(self, request: Request) -> AtDesk:
        scope = self.scope()
        assert request.head.fixmedins_code == scope.institution, "the door has asked for whom the key speaks"
        with entered(scope):
            message = kept.receive(
                scope=scope, request=request, body=self.body, headers=self.headers, address=self.address, now=self.now
            )
        self.desk = AtDesk(scope=scope, message=message, now=self.now)
        return self.desk


def _kept(desks: _Desks, response: Response) -> Response:
    """The answer to a question, or a refusal, is kept: of neither the same bytes are given again."""
    desk = desks.desk
    if desk is None or desk.answered:
        return response
    code, text = SUCCESS, ""
    if response.content_type == JSON:
        try:
            read = read_answer(response.body)
            code, text = read.code, read.message
        except Faults:  # an output that is sealed reads as none
            code = SUCCESS
    with entered(desk.scope):
        kept.answered(desk.message, code=code, text=text, body=response.body, kept=False, now=desk.now)
    return response
