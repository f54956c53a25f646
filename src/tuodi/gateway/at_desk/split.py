"""How a fee line divides where no catalogue of drugs and services is at hand. Pure.

The hospital's own split, in the line's `exp_content`, is taken as it is told if its four parts add up. A line that the
hospital has marked as not approved is paid by the person. Every other line counts as in policy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from tuodi.core.finding import Faults, Finding, Place
from tuodi.core.money import format_yuan
from tuodi.gateway.national.desk import FeeLineGiven
from tuodi.gateway.national.fields import Yuan, read_record

NOT_APPROVED = "2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """A line's parts by the names of the answer to 2204 and 2301."""

    fulamt_ownpay_amt: Annotated[int | None, Yuan("全自费金额", signed=True)] = None
    overlmt_amt: Annotated[int | None, Yuan("超限价金额", signed=True)] = None
    preselfpay_amt: Annotated[int | None, Yuan("先行自付金额", signed=True)] = None
    inscp_scp_amt: Annotated[int | None, Yuan("符合政策范围金额", signed=True)] = None


def parts_of(line: FeeLineGiven) -> tuple[int, int, int, int]:
    """Own paid, over limit, prepaid, in policy. Raises Faults where the hospital's own parts don't add up."""
    told = _told(line)
    if told is not None:
        return told
    return (line.amount, 0, 0, 0) if line.approved == NOT_APPROVED else (0, 0, 0, line.amount)


def _told(line: FeeLineGiven) -> tuple[int, int, int, int] | None:
    if not isinstance(line.extension, dict):
        return None
    parts = read_record(Parts, dict(line.extension))
    given = (parts.fulamt_ownpay_amt, parts.overlmt_amt, parts.preselfpay_amt, parts.inscp_scp_amt)
    if all(part is None for part in given):
        return None
    own_paid, over_limit, prepaid, in_policy = (part or 0 for part in given)
    sum_ = own_paid + over_limit + prepaid + in_policy
    if sum_ != line.amount or any((part or 0) * line.amount < 0 for part in given):
        message = f"明细 {line.line} 的四项之和 {format_yuan(sum_)} 与金额 {format_yuan(line.amount)} 不符"
        place = Place(path=f"feedetail[{line.line}].exp_content")
        raise Faults(
            [Finding(code="line-does-not-add-up", message=message, place=place, remedy="四项之和应等于明细金额")]
        )
    return own_paid, over_limit, prepaid, in_policy
