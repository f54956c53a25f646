"""A request's bytes to its response: who it is, in which scope, and what is kept of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tuodi.core.finding import Faults
from tuodi.gateway.at_desk import kept
from tuodi.gateway.at_desk.credential import Keys
from tuodi.gateway.at_desk.desk import AtDesk
from tuodi.gateway.national.door import JSON, Door, Gate, Response, serve
from tuodi.gateway.national.envelope import SUCCESS, Request, read_answer
from tuodi.gateway.national.signature import GateRefusal
from tuodi.platform.base.domain import Desk as Place
from tuodi.platform.base.domain import Scope
from tuodi.platform.base.scope import entered

TURNED_AWAY = 401


def answered(body: bytes, headers: Mapping[str, str], *, address: str, now: datetime) -> Response:
    """The response to a request of an institution; everything that came through the gate is kept with its answer."""
    keys = Keys(address=address, now=now)
    desks = _Desks(keys=keys, body=body, headers=headers, address=address, now=now)
    response = serve(body, headers, Door(gate=Gate(credentials=keys, nonces=keys)), desks, now)
    if response.status == TURNED_AWAY and keys.refused:
        return Response(status=TURNED_AWAY, content_type=JSON, body=GateRefusal(message=keys.refused).body())
    if desks.desk is not None and not desks.desk.answered:
        _keep(desks.desk, response)
    return response


@dataclass(slots=True, kw_only=True)
class _Desks:
    """Makes the desk for a request, and keeps the request first: whatever happens then, it is known that it came."""

    keys: Keys
    body: bytes
    headers: Mapping[str, str]
    address: str
    now: datetime
    desk: AtDesk | None = field(default=None)

    def __call__(self, request: Request) -> AtDesk:
        known = self.keys.known
        assert known is not None, "the gate has let somebody in"
        scope = Scope(desk=Place.hospital, region=known.region, institution=known.institution)
        with entered(scope):
            message = kept.receive(
                scope=scope, request=request, body=self.body, headers=self.headers, address=self.address, now=self.now
            )
        self.desk = AtDesk(scope=scope, message=message, now=self.now)
        return self.desk


def _keep(desk: AtDesk, response: Response) -> None:
    """The answer to a question, or a refusal: of neither the same bytes are given again."""
    code, text = SUCCESS, ""
    if response.content_type == JSON:
        try:
            read = read_answer(response.body)
            code, text = read.code, read.message
        except Faults:  # an output that is sealed reads as none
            code = SUCCESS
    with entered(desk.scope):
        kept.answered(desk.message, code=code, text=text, body=response.body, kept=False, now=desk.now)
