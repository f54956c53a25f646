"""How a fee line divides: as the hospital says, else as the region's catalogue does, else not at all. Pure.

The hospital's own split, in the line's `exp_content`, is taken as it is told if its four parts add up. A line that the
hospital has marked as not approved is paid by the person. Where there is a catalogue it divides every other line; where
there is none such a line counts as in policy, and says so. A return goes back as its line was divided, also where the
hospital divides it: else what the person pays would come off, and what is in policy would stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from tuodi.core.finding import Faults, Finding, Place
from tuodi.core.money import format_yuan
from tuodi.gateway.at_desk.days import day_of
from tuodi.gateway.catalogue.item import OUTSIDE, WHOLE, Found, Item, Parts, divided
from tuodi.gateway.national.desk import FeeLineGiven, FeeLineSplit
from tuodi.gateway.national.fields import Yuan, read_record

NOT_APPROVED = "2"
NO_LIMIT = Decimal(999_999)
"""What stands where no price limit is known."""
HOSPITAL, CATALOGUE, NOBODY = "hospital", "catalogue", "nobody"
"""Who has divided a line."""
UNDIVIDED = "没有拆分，也没有目录：全部按政策范围内计"
NOT_NAMED = "目录中没有该项目：全自费"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A line's parts by the names of the answer to 2204 and 2301."""

    fulamt_ownpay_amt: Annotated[int | None, Yuan("全自费金额", signed=True)] = None
    overlmt_amt: Annotated[int | None, Yuan("超限价金额", signed=True)] = None
    preselfpay_amt: Annotated[int | None, Yuan("先行自付金额", signed=True)] = None
    inscp_scp_amt: Annotated[int | None, Yuan("符合政策范围金额", signed=True)] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A line's parts, and how they came about: `item` where a catalogue names it."""

    parts: Parts
    by: str
    item: Item | None = None
    remark: str = ""

    def told(self, line: FeeLineGiven) -> FeeLineSplit:
        """As the answer has it."""
        own_paid, over_limit, prepaid, in_policy = self.parts
        level = OUTSIDE if own_paid == line.amount and line.amount else "02" if prepaid else "01"
        rate = Decimal(self.item.self_pay) / WHOLE if self.item else Decimal(1 if level == OUTSIDE else 0)
        ceiling = self.item.ceiling if self.item else None
        return FeeLineSplit(
            line=line.line, amount=line.amount, count=line.count, price=line.price,
            price_limit=NO_LIMIT if ceiling is None else ceiling, own_paid=own_paid, over_limit=over_limit,
            prepaid=prepaid, in_policy=in_policy, prepaid_rate=rate,
            charge_level=self.item.grade if self.item else level, charge_kind="14", restricted=False,
            remark=self.remark,
        )  # fmt: skip


def split_of(line: FeeLineGiven, found: Found, left: Parts | None = None) -> Split:
    """How the line divides; `left`: of the line that it returns, what is not returned yet. Raises Faults."""
    told = _told(line)
    if told is not None:
        _require_given_back(line, told, left)
        return Split(parts=told, by=HOSPITAL)
    if left is not None:
        return Split(parts=_returned(-line.amount, left), by=CATALOGUE if found.there else NOBODY)
    if line.approved == NOT_APPROVED:
        return Split(parts=Parts(line.amount, 0, 0, 0), by=HOSPITAL)
    if not found.there:
        return Split(parts=Parts(0, 0, 0, line.amount), by=NOBODY, remark=UNDIVIDED)
    item = found.of(line.item, day_of(line.occurred_at))
    return Split(
        parts=divided(item, line.amount, line.count), by=CATALOGUE, item=item, remark="" if item else NOT_NAMED
    )


def undivided(lines: Sequence[FeeLineGiven], splits: Sequence[Split]) -> list[Finding]:
    """A finding for each line that nobody has divided, for an institution whose lines must be."""
    return [
        Finding(
            code="line-not-divided", message=f"明细 {line.line} 没有拆分，本区划也没有目录",
            place=Place(path=f"feedetail[{line.line}].exp_content"),
            remedy="在 exp_content 中写明四项金额，或请医保部门导入目录",
        )
        for line, one in zip(lines, splits, strict=True)
        if one.by == NOBODY
    ]  # fmt: skip


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _returned(amount: int, left: Parts) -> Parts:
    """An amount (> 0, at most all that is left) goes back in the proportion of what is left; never more of a part."""
    shares = [max(0, part) for part in left]
    whole = max(1, sum(shares))
    parts = [divmod(amount * share, whole) for share in shares]
    rest = amount - sum(part for part, _ in parts)
    favoured = sorted(range(len(parts)), key=lambda place: (-parts[place][1], place))[:rest]
    back = [part + (place in favoured) for place, (part, _) in enumerate(parts)]
    return Parts(*(-part for part in back))


def _require_given_back(line: FeeLineGiven, told: Parts, left: Parts | None) -> None:
    """Raises Faults: `return-divided-otherwise`, where a part gives back more than its line has left of it."""
    if left is None or all(-part <= max(0, rest) for part, rest in zip(told, left, strict=True)):
        return
    message = f"退费明细 {line.line} 的拆分与原明细 {line.returns} 的不符：有一项退得比原明细剩下的多"
    remedy = "照原明细的拆分退，或不写四项，由我们按原明细拆分"
    place = Place(path=f"feedetail[{line.line}].exp_content")
    raise Faults([Finding(code="return-divided-otherwise", message=message, place=place, remedy=remedy)])


def _told(line: FeeLineGiven) -> Parts | None:
    if not isinstance(line.extension, dict):
        return None
    parts = read_record(Told, dict(line.extension))
    given = (parts.fulamt_ownpay_amt, parts.overlmt_amt, parts.preselfpay_amt, parts.inscp_scp_amt)
    if all(part is None for part in given):
        return None
    found = Parts(*(part or 0 for part in given))
    if sum(found) != line.amount or any(part * line.amount < 0 for part in found):
        message = f"明细 {line.line} 的四项之和 {format_yuan(sum(found))} 与金额 {format_yuan(line.amount)} 不符"
        place = Place(path=f"feedetail[{line.line}].exp_content")
        raise Faults(
            [Finding(code="line-does-not-add-up", message=message, place=place, remedy="四项之和应等于明细金额")]
        )
    return found
