"""Vouchers: what finance does to a fund by hand is prepared by one and booked by another, and taken back as a whole.

Yangquan 阳医保发〔2019〕45号 七(二) holds finance to the accounting rules of special fiscal accounts, 财办〔2018〕43号:
a voucher names who prepared and who checked it. Nothing moves before the second.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from django.db import connection, transaction

from tuodi.core.finding import Faults, Finding, finding
from tuodi.core.month import Month
from tuodi.core.period import Period
from tuodi.ledger.account import Account, Kind, Source
from tuodi.ledger.entry import Entry, Line
from tuodi.ledger.movement import Movement
from tuodi.ledger.posting import carry_over as carried_over
from tuodi.platform.base import audit
from tuodi.platform.base.actor import actor
from tuodi.platform.base.domain import Desk
from tuodi.platform.fund import deeds, models, selectors
from tuodi.platform.fund import entry as books
from tuodi.platform.fund.deeds import Asked, Deed

_PREPARE = """
insert into fund_voucher (region_id, deed, movement, lines, happened_on, document, reason, reverses)
values (%s, %s, %s, %s, %s, %s, %s, %s) returning id
"""
_DECIDE = "insert into fund_decision (voucher_id, region_id, decision, reason) values (%s, '', %s, %s)"
REVERSAL = "reversal"


@transaction.atomic
def prepare(*, asked: Asked, on: date) -> int:
    """A voucher with the lines that it will have. Raises Faults: `voucher-…`, `document-known`, `year-closed`."""
    if asked.deed is Deed.carry_over:
        asked = replace(asked, happened_on=date(asked.happened_on.year, 12, 31))
    desk, _ = actor()
    _take_turn(asked.region)
    found = deeds.faults(asked, desk=desk, on=on)
    found += _known(asked.region, asked.deed.movement, asked.document, None)
    lines: tuple[Line, ...] = ()
    if not found and asked.deed is Deed.carry_over:
        lines = _years_lines(asked.region, asked.happened_on.year)
        found += _not_carried_over(asked.region, asked.happened_on.year, lines)
    if found:
        raise Faults(found)
    return _kept(asked, asked.deed.name, lines or deeds.lines(asked), None)


@transaction.atomic
def prepare_reversal(*, region: str, cause: str, document: str, reason: str, on: date) -> int:
    """A voucher that takes another one's entry back, whole. Raises Faults: `voucher-…`, `document-known`, `entry-…`."""
    _take_turn(region)
    original = selectors.whole(cause)
    if original is None or not cause.startswith("voucher:"):
        raise Faults([finding("entry-not-by-hand", f"{cause} 不是手工记账", "cause", "在原来的业务里办理")])
    asked = Asked(
        deed=Deed[original.movement.name], region=region, parts={}, happened_on=original.happened_on,
        document=document, reason=reason,
    )  # fmt: skip
    found = [
        fault
        for fault in deeds.faults(asked, desk=actor()[0], on=max(on, original.happened_on))
        if fault.code not in ("voucher-nothing", "voucher-taker")
    ]
    found += [*_not_reversible(region, original), *_known(region, original.movement, document, cause)]
    if found:
        raise Faults(found)
    back = original.reversal(cause="", booked_on=on, known_on=on, reason=reason)
    return _kept(asked, REVERSAL, back.lines, cause)


@transaction.atomic
def book(*, voucher: int, on: date) -> bool:
    """Booked as it was prepared, by somebody else; False where it was booked already.

    Raises Faults: `voucher-…`, `four-eyes…`, and what the books refuse.
    """
    found = _held(voucher)
    decided = models.Decision.objects.filter(voucher=found).first()
    if decided is not None and decided.decision == "booked":
        return False
    if faults := [*_undecidable(found, decided), *_moved(found)]:
        raise Faults(faults)
    books.post(entry=_entry(found, on))
    _decide(found, "booked", "")
    return True


@transaction.atomic
def refuse(*, voucher: int, reason: str) -> None:
    """Not booked; its document is free for another voucher. Raises Faults: `voucher-…`, `four-eyes…`."""
    found = _held(voucher)
    faults = [*_undecidable(found, models.Decision.objects.filter(voucher=found).first())]
    if not reason.strip():
        faults.append(finding("voucher-why", "没有写明为什么不通过", "reason", "写明理由，制单人看得到"))
    if faults:
        raise Faults(faults)
    _decide(found, "refused", reason)


def cause_of(voucher: int) -> str:
    """Under which cause a voucher is booked."""
    return f"voucher:{voucher}"


def lines_read(written: Sequence[dict[str, str]]) -> tuple[Line, ...]:
    """A voucher's lines as the ledger knows them."""
    return tuple(
        Line(
            account=Account(
                region=each["region"], source=Source[each["source"]], kind=Kind[each["kind"]], party=each["party"]
            ),
            fen=int(each["fen"]),
        )
        for each in written
    )


def undecidable(found: models.Voucher, desk: Desk, staff: int | None) -> list[Finding]:
    """Why this person may not decide on a voucher that waits."""
    return [*_not_theirs(found, desk, staff)]


# ---- helpers ---------------------------------------------------------------------------------------------------------
def _kept(asked: Asked, deed: str, lines: Sequence[Line], reverses: str | None) -> int:
    written = [
        {
            "region": line.account.region, "source": line.account.source.name, "kind": line.account.kind.name,
            "party": line.account.party, "fen": line.fen,
        }
        for line in lines
    ]  # fmt: skip
    values = [
        asked.region, deed, asked.deed.movement.name, json.dumps(written), asked.happened_on, asked.document.strip(),
        asked.reason.strip(), reverses,
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_PREPARE, values)
        number = int(cursor.fetchone()[0])
    audit.record(act="fund.prepare", subject=cause_of(number), region=asked.region, reason=asked.reason.strip())
    return number


def _take_turn(region: str) -> None:
    """To the end of the transaction nobody else prepares in the region: the same paper at once is told in words."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(4107, hashtext(%s))", [region])


def _decide(found: models.Voucher, decision: str, reason: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_DECIDE, [found.pk, decision, reason.strip()])
    act = "fund.book" if decision == "booked" else "fund.refuse"
    audit.record(act=act, subject=cause_of(found.pk), region=found.region_id, reason=reason.strip())


def _entry(found: models.Voucher, on: date) -> Entry:
    lines = lines_read(found.lines)
    regions = {line.account.region for line in lines}
    whole_year = found.movement == Movement.carry_over.name and found.reverses is None
    return Entry(
        cause=cause_of(found.pk), movement=Movement[found.movement], happened_on=found.happened_on, known_on=on,
        booked_on=found.happened_on if whole_year else books.booking_day(on, *regions), lines=lines,
        reason=f"{found.document} {found.reason}", reverses=found.reverses or "",
    )  # fmt: skip


def _held(voucher: int) -> models.Voucher:
    """The voucher; to the end of the transaction nobody else decides on it. Faults: `voucher-unknown`."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(4108, hashtext(%s))", [cause_of(voucher)])
    found: models.Voucher | None = models.Voucher.objects.filter(pk=voucher).first()
    if found is None:
        raise Faults([finding("voucher-unknown", f"没有编号为 {voucher} 的记账凭证", "voucher", "核对编号")])
    return found


def _own(region: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select tuodi_owns(%s)", [region])
        return bool(cursor.fetchone()[0])


def _years_lines(region: str, year: int) -> tuple[Line, ...]:
    """What carries the year over: everything that was booked up to its end."""
    rows = selectors.trial_balance(region, Period(start=date(year, 1, 1), end=date(year + 1, 1, 1)))
    return carried_over({row.account: row.closing for row in rows}, region=region)


# ---- why not ---------------------------------------------------------------------------------------------------------
def _known(region: str, movement: Movement, document: str, reverses: str | None) -> Iterator[Finding]:
    same = models.Voucher.objects.filter(
        region_id=region, movement=movement.name, document=document.strip(), reverses=reverses
    )
    for each in same.exclude(decision__decision="refused"):
        if selectors.reversed_by(cause_of(each.pk)) is not None:
            continue
        message = f"文号 {document.strip()} 的“{movement}”已有记账凭证 {each.pk}"
        yield finding("document-known", message, "document", "核对文号；同一份文件分几笔的，合在一张凭证上")


def _not_carried_over(region: str, year: int, lines: Sequence[Line]) -> Iterator[Finding]:
    last = selectors.closed_until(region)
    if last is not None and last >= Month(year, 12):
        yield finding("year-closed", f"{year} 年 12 月已经关账，不能再结转", "year", "年终结转在 12 月关账以前办理")
    elif not lines:
        yield finding("voucher-nothing", f"{year} 年没有可以结转的", "year", "核对年度，或者已经结转过")


def _not_reversible(region: str, original: Entry) -> Iterator[Finding]:
    if original.reverses:
        yield finding("reversal-of-reversal", f"{original.cause} 本身是冲销，不能再冲销", "cause", "重新记一笔")
    if (by := selectors.reversed_by(original.cause)) is not None:
        yield finding("reversal-twice", f"{original.cause} 已由 {by} 冲销", "cause", "不用再冲销")
    gives_back = {line.account.region for line in original.lines if line.account.kind is Kind.bank and line.fen > 0}
    if original.movement is Movement.transfer and region not in gives_back:
        yield finding("transfer-back", "调剂由收到的一方退回", "cause", "由收到调剂的区划冲销")
    elif region not in original.regions:
        yield finding("entry-elsewhere", f"{original.cause} 不是本区划的账", "cause", "由记账的区划冲销")


def _undecidable(found: models.Voucher, decided: models.Decision | None) -> Iterator[Finding]:
    if decided is not None:
        message = f"记账凭证 {found.pk} {decided.get_decision_display()}"
        yield finding("voucher-decided", message, "voucher", "不用再办")
    if not _own(found.region_id):
        yield finding("voucher-elsewhere", "这张凭证是别的区划的", "voucher", "由制单的区划复核")
    yield from _not_theirs(found, *actor())


def _not_theirs(found: models.Voucher, desk: Desk, staff: int | None) -> Iterator[Finding]:
    allowed = next(deed.desks for deed in Deed if deed.movement.name == found.movement)
    if desk is not Desk.system and desk not in allowed:
        yield finding("voucher-desk", f"{desk}不能复核", "voucher", f"由{'、'.join(map(str, allowed))}复核")
    elif staff is None:
        yield finding("four-eyes-nobody", "复核应由本人办理", "voucher", "由有权限的人员登录后办理")
    elif staff == found.staff_id:
        yield finding("four-eyes", "制单人不能复核自己的凭证", "voucher", "由另一位有权限的人员复核")


def _moved(found: models.Voucher) -> Iterator[Finding]:
    """A year that has moved on since is carried over anew."""
    if found.deed != Deed.carry_over.name:
        return
    if {*_years_lines(found.region_id, found.happened_on.year)} != {*lines_read(found.lines)}:
        message = f"制单以后 {found.happened_on.year} 年又有记账，结转的金额已变动"
        yield finding("voucher-moved", message, "voucher", "不通过这张凭证，重新制单")
