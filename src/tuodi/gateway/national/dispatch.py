"""A request to its answer: read the input, put one question to the desk, write the output.

Whatever a sender does wrong is an answer with infcode -1 and a text; only a bug is an exception. What changes
something goes through the desk's `once`, so that a repeated message gets the first answer and nothing happens twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import Any

from tuodi.core.finding import Faults
from tuodi.gateway.national.behaviour import CHANGING
from tuodi.gateway.national.desk import Desk, Refused, Sender
from tuodi.gateway.national.envelope import SUCCESS, Answer, Request, Seal, reference_number, refusal, refusal_of
from tuodi.gateway.national.fields import read_record, write_record
from tuodi.gateway.national.handling import persons, reconciliation, settling, visits
from tuodi.gateway.national.messages.catalogue import TRANSACTIONS

Handler = Callable[[Any, Sender, Desk], Any]
"""The input's record, who sends it, the desk, to: the output's record, a file's bytes, None, or Refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """What sites do differently: the edition of stmt_rslt, and how an output is closed."""

    statement_edition: str = "refined"
    seal: Seal | None = None


PLAIN = Manner()


def answer(request: Request, desk: Desk, now: datetime, manner: Manner = PLAIN) -> Answer:
    """The answer to a request; `now` is aware."""
    handler = _handlers(manner.statement_edition).get(request.transaction)
    if handler is None:
        return refusal(f"不支持交易 {request.head.infno}")
    try:
        message: Any = read_record(TRANSACTIONS[request.transaction].asks, dict(request.input))
        work = partial(handler, message, _sender(request, now), desk)
        if request.transaction in CHANGING:
            return _once(request, desk, now, manner, work)
        return _answered(work(), desk, now)
    except Faults as why:
        return refusal_of(why.findings)


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _once(request: Request, desk: Desk, now: datetime, manner: Manner, work: Callable[[], Any]) -> Answer:
    """The work done, or its first answer again. A refusal changed nothing and is not kept: the sender may try again."""
    refused: list[Answer] = []

    def done() -> bytes | None:
        answered = _answered(work(), desk, now)
        if answered.code == SUCCESS:
            return answered.body(manner.seal)
        refused.append(answered)
        return None

    kept = desk.once(request.key, request.digest, done)
    if isinstance(kept, Refused):
        return refusal(kept.reason)
    return Answer(code=SUCCESS, raw=kept) if kept is not None else refused[-1]


def _answered(result: Any, desk: Desk, now: datetime) -> Answer:
    match result:
        case Refused(reason=reason):
            return refusal(reason)
        case bytes():
            return Answer(code=SUCCESS, raw=result, is_file=True)
    return Answer(
        code=SUCCESS,
        reference=reference_number(desk.region, now, desk.next_serial()),
        at=now,
        output={} if result is None else write_record(result),
    )


def _sender(request: Request, now: datetime) -> Sender:
    head = request.head
    return Sender(
        institution=head.fixmedins_code,
        institution_name=head.fixmedins_name,
        operator=head.opter,
        operator_name=head.opter_name,
        message=head.msgid,
        transaction=request.transaction,
        region=head.mdtrtarea_admvs,
        insured_region=head.insuplc_admdvs,
        received_at=now,
    )


@cache
def _handlers(edition: str) -> Mapping[str, Handler]:
    return {
        **_HANDLERS,
        "3201": partial(reconciliation.compare, edition=edition),
        "3202": partial(reconciliation.compare_file, edition=edition),
    }


_HANDLERS: Mapping[str, Handler] = {
    "9001": persons.sign_in,
    "9002": persons.sign_out,
    "1101": persons.find_person,
    "1201": persons.find_institution,
    "2001": persons.entitlements,
    "2201": visits.register,
    "2202": visits.withdraw_registration,
    "2203": visits.describe,
    "2204": visits.add_fee_lines,
    "2205": visits.withdraw_batch,
    "2206": settling.try_visit,
    "2207": settling.settle_visit,
    "2208": settling.cancel,
    "2301": visits.add_stay_fee_lines,
    "2302": visits.withdraw_stay_fee_lines,
    "2303": settling.try_stay,
    "2304": settling.settle_stay,
    "2305": settling.cancel,
    "2401": visits.admit,
    "2402": visits.discharge,
    "2403": visits.change_admission,
    "2404": visits.withdraw_admission,
    "2405": visits.withdraw_discharge,
    "2601": settling.reverse,
    "3203": reconciliation.apply_for_clearing,
    "3204": reconciliation.withdraw_clearing,
    "5203": settling.query,
    "5206": persons.counts,
    "9101": reconciliation.keep_file,
    "9102": reconciliation.fetch_file,
}
