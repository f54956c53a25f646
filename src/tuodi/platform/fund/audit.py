"""What the books must stand up to, recounted from the rows alone: every check of the ledger, over everything stored.

And what finance booked by hand: each voucher as it was prepared, by another hand (INV-48).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tuodi.core.finding import Finding, finding
from tuodi.ledger.checks import Books, check
from tuodi.ledger.entry import Entry, entries_of
from tuodi.platform.fund import models, selectors, voucher


def findings() -> list[Finding]:
    """Every breach, inside a scope that sees the books; empty where all holds."""
    records = selectors.records()
    # Nobody keeps balances beside the lines, so there is none to differ (INV-22).
    found = [each for each in check(Books(records=records)) if each.code != "balance-differs"]
    by_hand = {entry.cause: entry for entry in entries_of(records) if entry.cause.startswith("voucher:")}
    return [*found, *_vouchers(by_hand)]


def _vouchers(entries: Mapping[str, Entry]) -> Iterator[Finding]:
    known = set()
    for row in models.Voucher.objects.select_related("decision").order_by("id"):
        cause = voucher.cause_of(row.pk)
        decided = getattr(row, "decision", None)
        booked = decided is not None and decided.decision == "booked"
        if booked:
            known.add(cause)
        if decided is not None and decided.staff_id in (None, row.staff_id):
            yield _breach("voucher-four-eyes", cause, "由制单人自己复核")
        if booked and not _as_prepared(row, entries.get(cause)):
            yield _breach("voucher-differs", cause, "账簿与凭证不一致")
    for cause in entries.keys() - known:
        yield _breach("voucher-unbooked", cause, "没有复核就记了账")


def _as_prepared(row: models.Voucher, entry: Entry | None) -> bool:
    return entry is not None and (row.movement, {*voucher.lines_read(row.lines)}, row.reverses or "") == (
        entry.movement.name, {*entry.lines}, entry.reverses,
    )  # fmt: skip


def _breach(code: str, cause: str, message: str) -> Finding:
    return finding(code, f"记账凭证 {cause} {message}（INV-48）", cause, "停止记账，查明原因")
