"""An explanation as people and programs read it: the way of the bill row by row, and the same as plain JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from tuodi.cli.speech import Say
from tuodi.core.money import format_rate, format_yuan
from tuodi.engine.explain import Explanation
from tuodi.engine.settle import Settlement
from tuodi.engine.why import LimitWhy, LineWhy, MoveWhy


def grouped(fen: int) -> str:
    """ "12,345.60"."""
    whole, _, decimals = format_yuan(fen).partition(".")
    return f"{int(whole):,}.{decimals}"


class BillRow(NamedTuple):
    """One step of the way from the whole bill to what the family pays. Amount in fen; `how` it came about."""

    label: str
    amount: int
    how: str = ""


def bill_rows(why: Explanation, out_of_policy: int, say: Say) -> Iterator[BillRow]:
    """From the whole bill down to what the person pays; `out_of_policy` in fen."""
    yield BillRow(say("医疗总费用", "whole bill"), why.total)
    if out_of_policy:
        yield BillRow(say("  其中政策范围外", "  of it out of policy"), out_of_policy)
    if why.hospital:
        yield BillRow(say("－ 医院承担", "- borne by the hospital"), why.hospital)
    for payer in why.payers:
        how = say("按参保方案算出", "by the insurance plan") if payer.computed else ""
        yield BillRow(f"－ {payer.label}", payer.paid, how)
    for line in why.lines:
        if line.layer == "relief":
            item = f" {line.item}" if line.item else ""
            yield BillRow(f"－ {line.label}（{line.citation.clause}）{item}", line.paid, how_paid(line, say))
    if why.refusal is not None:
        yield BillRow(say("－ 医疗救助", "- relief"), 0, f"{why.refusal.citation.clause} {why.refusal.reason}")
    yield BillRow(say("＝ 个人自付", "= the person pays"), why.personal)


def how_paid(line: LineWhy, say: Say) -> str:
    """The arithmetic of one line: what was taken, times what, and what cut it."""
    parts = [_made(line, say)]
    if line.cut_by is not None:
        cut = next(
            (limit.label for limit in line.limits if limit.count_id == line.cut_by),
            say("账单未付部分", "what is unpaid"),
        )
        parts.append(say(f"应付 {grouped(line.due)}，受“{cut}”限制", f"due {grouped(line.due)}, cut by “{cut}”"))
    return "；".join(parts)


def _made(line: LineWhy, say: Say) -> str:
    if line.grant is not None:
        each = f" × {line.grant.each}（{line.grant.each_label}）" if line.grant.each is not None else ""
        return say(f"定额 {grouped(line.grant.amount)}{each}", f"flat {grouped(line.grant.amount)}{each}")
    if line.bands:
        return (
            " ＋ ".join(f"{grouped(band.part)} × {format_rate(band.rate)}" for band in line.bands if band.part)
            or "0.00"
        )
    return f"{grouped(line.part or 0)} × {format_rate(line.rate or 0)}"


def limit_rows(why: Explanation) -> Iterator[tuple[str, str, str, str]]:
    """(label, limit, used before, left) of each limit that this event's lines met; the last word on each."""
    last = {limit.count_id: limit for line in why.lines for limit in line.limits}
    for limit in last.values():
        if limit.limit is not None:
            used = limit.limit - (limit.left or 0)
            yield limit.label, grouped(limit.limit), grouped(max(0, used)), grouped(limit.left or 0)


def move_rows(why: Explanation, say: Say) -> Iterator[tuple[str, str, str, str]]:
    """(label, key, before, after) of each count that moved."""
    for move in why.moves:
        yield move.label, key_text(move, say), _amount(move, move.before), _amount(move, move.after)


def key_text(move: MoveWhy, say: Say) -> str:
    """What the count is keyed by: a year, a recognition's day, an item."""
    parts = move.key if isinstance(move.key, tuple) else (move.key,)
    return " ".join(say("终身", "life") if part == 0 else _day_or(part) for part in parts)


def _day_or(part: int | str) -> str:
    from datetime import date

    return date.fromordinal(part).isoformat() if isinstance(part, int) and part > 9999 else str(part)


def _amount(move: MoveWhy, amount: int) -> str:
    return str(amount) if move.in_uses else grouped(amount)


def out_of_policy(settlement: Settlement) -> int:
    """total - in_policy of the event, in fen."""
    total, in_policy = settlement.event.amounts[:2]
    return (total or 0) - (in_policy or 0)


# ---- the same as JSON ------------------------------------------------------------------------------------------------


def as_json(why: Explanation) -> dict[str, Any]:
    """The explanation with decimal strings, as `tuodi settle --explain` writes it."""
    return {
        "text": why.text,
        "total": format_yuan(why.total),
        "payers": [{"payer": one.payer, "label": one.label, "paid": format_yuan(one.paid)} for one in why.payers],
        "hospital": format_yuan(why.hospital),
        "lines": [_line(line) for line in why.lines],
        "counts": [_move(move) for move in why.moves],
    }


def _line(line: LineWhy) -> dict[str, Any]:
    written: dict[str, Any] = {
        "benefit": line.benefit,
        "label": line.label,
        "layer": line.layer,
        "document": line.citation.document,
        "clause": line.citation.clause,
    }
    if line.item is not None:
        written["item"] = line.item
    if line.basis is not None:
        written["base"] = {"label": line.basis.label, "amount": format_yuan(line.basis.amount)}
    if line.threshold is not None:
        above = line.threshold
        written["above"] = {
            "amount": format_yuan(above.amount),
            "count": above.count_id,
            "before": format_yuan(above.before),
        }
    return (
        written
        | {"due": format_yuan(line.due), "limits": [_limit(limit) for limit in line.limits]}
        | {
            "cut_by": line.cut_by,
            "paid": format_yuan(line.paid),
        }
    )


def _limit(limit: LimitWhy) -> dict[str, Any]:
    return {
        "count": limit.count_id,
        "label": limit.label,
        "clause": limit.citation.clause,
        "limit": None if limit.limit is None else format_yuan(limit.limit),
        "used": format_yuan(limit.used),
        "left": None if limit.left is None else format_yuan(limit.left),
    }


def _move(move: MoveWhy) -> dict[str, Any]:
    told = str if move.in_uses else format_yuan
    key = list(move.key) if isinstance(move.key, tuple) else move.key
    return {"count": move.count_id, "key": key, "before": told(move.before), "after": told(move.after)}
