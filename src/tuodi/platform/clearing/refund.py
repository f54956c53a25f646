"""Refunds: an institution gives back in money what it has to, instead of waiting until it is offset.

Only what an order has left due is taken. What a cancel brings is set against new bills on its own statement first: if
it were taken before, it would be kept back there once more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.db import transaction
from django.db.models import Min, Q

from tuodi.core.finding import Faults, Finding, finding
from tuodi.core.money import format_yuan
from tuodi.core.month import Month
from tuodi.ledger.account import Kind, Source
from tuodi.ledger.entry import Entry
from tuodi.ledger.movement import Movement
from tuodi.ledger.posting import Part, lines_of
from tuodi.platform.clearing import models, payment
from tuodi.platform.clearing.here import take_turn
from tuodi.platform.fund import entry as books
from tuodi.platform.fund import selectors
from tuodi.platform.settlement import of_institutions


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


def acceptable(region: str, institution: str) -> dict[Source, int]:
    """What can be given back now, by source: what orders left due, as far as the books have it due already.

    They have it later where an order that is not paid yet still covers it.
    """
    booked = selectors.owed_to(region, Kind.refund_due, institution)
    left = payment.refunds_due(region, institution)
    now = {source: min(fen, booked.get(source, 0)) for source, fen in left.items()}
    return {source: fen for source, fen in now.items() if fen > 0}


def waits_for(region: str, institution: str) -> Month | None:
    """Whose order the rest waits for: the earliest month whose cancels and corrections no order has set off yet."""
    taken_back = models.Row.objects.filter(
        ~Q(kind="settled"), region_id=region, institution_id=institution, statement__order=None
    )
    drawn = taken_back.aggregate(month=Min("statement__month"))["month"]
    undrawn = of_institutions.rows(region=region, institution=institution).filter(~Q(kind="settled"), cleared=None)
    days = [day for day in (drawn, undrawn.aggregate(day=Min("known_on"))["day"]) if day is not None]
    return Month.of(min(days)) if days else None


def _wrong(
    institution: str, sources: Mapping[Source, int], received_on: date, reference: str, on: date
) -> Iterable[Finding]:
    if not reference.strip():
        yield finding("refund-reference", "没有写明银行凭证号", institution, "写凭证号")
    if received_on > on:
        yield finding("refund-day", f"到账日 {received_on} 晚于今天 {on}", institution, "照银行回单写到账日")
    if min(sources.values(), default=0) < 0 or not sum(sources.values()):
        yield finding("refund-nothing", "退回金额应大于 0", institution, "照银行回单写金额")


def _too_much(region: str, institution: str, sources: Mapping[Source, int]) -> Iterable[Finding]:
    """Beyond what can be given back now; what the books have due beyond it is set off on a statement."""
    now, booked = acceptable(region, institution), selectors.owed_to(region, Kind.refund_due, institution)
    month = waits_for(region, institution)
    its = f" {month} 的" if month else "列有冲销的"
    for source, fen in sources.items():
        if fen <= (most := now.get(source, 0)):
            continue
        message = f"{source}现在可退回 {format_yuan(most)}，不能退回 {format_yuan(fen)}"
        if fen > (due := booked.get(source, 0)):
            yield finding(
                "refund-too-much", f"{message}：账上应退 {format_yuan(due)}", institution, "核对资金来源和金额"
            )
        else:
            message += f"：账上应退 {format_yuan(due)}，其余的在{its}结算单上先同新的费用相抵"
            yield finding("refund-waits", message, institution, f"等{its}结算单开出支付单，再登记那时仍应退的")
