"""Refunds: an institution gives back in money what it has to, instead of waiting until it is offset."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.db import transaction

from tuodi.core.finding import Faults, Finding, Place
from tuodi.core.money import format_yuan
from tuodi.ledger.account import Account, Kind, Source
from tuodi.ledger.entry import Entry
from tuodi.ledger.movement import Movement
from tuodi.ledger.posting import Part, lines_of
from tuodi.platform.clearing.here import take_turn
from tuodi.platform.fund import entry as books
from tuodi.platform.fund import selectors


@transaction.atomic
def receive(
    *, region: str, institution: str, sources: Mapping[Source, int], received_on: date, reference: str, on: date
) -> bool:
    """Booked under the bank's reference; False where it stands there already. At most what is due of each source.

    Raises Faults: `refund-…`, and what the books refuse.
    """
    take_turn(region, institution)
    lines = lines_of(
        Movement.refund, region=region, party=institution,
        parts=[Part(source=source, fen=max(fen, 0)) for source, fen in sources.items()],
    )  # fmt: skip
    cause = f"refund:{institution}:{reference.strip()}"
    if faults := [*_wrong(institution, sources, received_on, reference, on)]:
        raise Faults(faults)
    known = selectors.entry(cause)
    if known is None and (faults := [*_too_much(region, institution, sources)]):
        raise Faults(faults)
    return books.post(
        entry=Entry(
            cause=cause, movement=Movement.refund,
            booked_on=known.booked_on if known else books.booking_day(on, region), happened_on=received_on,
            known_on=known.known_on if known else on, lines=lines, reason=reference.strip(),
        )
    )  # fmt: skip


def _wrong(
    institution: str, sources: Mapping[Source, int], received_on: date, reference: str, on: date
) -> Iterable[Finding]:
    if not reference.strip():
        yield _finding("refund-reference", institution, "没有写明银行凭证号", "写凭证号")
    if received_on > on:
        yield _finding("refund-day", institution, f"到账日 {received_on} 晚于今天 {on}", "照银行回单写到账日")
    if min(sources.values(), default=0) < 0 or not sum(sources.values()):
        yield _finding("refund-nothing", institution, "退回金额应大于 0", "照银行回单写金额")


def _too_much(region: str, institution: str, sources: Mapping[Source, int]) -> Iterable[Finding]:
    for source, fen in sources.items():
        account = Account(region=region, source=source, kind=Kind.refund_due, party=institution)
        if fen > (due := books.owed_held(account)):
            message = f"{source}应退 {format_yuan(due)}，不能退回 {format_yuan(fen)}"
            yield _finding("refund-too-much", institution, message, "核对资金来源和金额")


def _finding(code: str, institution: str, message: str, remedy: str) -> Finding:
    return Finding(code=code, message=message, place=Place(path=institution), remedy=remedy)
