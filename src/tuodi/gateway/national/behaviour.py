"""What may be repeated, cancelled and reversed: rules on small records, for whoever keeps them.

A message that changes something is known by institution, transaction and its own number. The same again gets the
first answer; the same number with other content is refused. A cancel (2208, 2305) is a record of its own beside the
settlement; a reversal (2601) leaves nothing behind, and its message number is used up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

REVERSIBLE = frozenset({"2102", "2103", "2207", "2208", "2304", "2305", "2401"})
"""Transactions that 2601 may name: the widest of the lists in use."""

CHANGING = frozenset(
    {
        *("2201", "2202", "2203", "2204", "2205", "2207", "2208", "2301", "2302", "2304", "2305"),
        *("2401", "2402", "2403", "2404", "2405", "2601", "3203", "3204", "9101"),
    }
)
"""Transactions after which something is different; only these are remembered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageKey:
    """What makes a message the same one: no two institutions share numbers."""

    institution: str
    transaction: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAnswer:
    """What is remembered of a message: what it asked, and the answer; `withdrawn` by a reversal."""

    digest: bytes
    answer: bytes
    withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSettlement:
    """What is remembered of a settlement or a cancel, as far as these rules need it."""

    number: str
    visit: str
    person: str
    institution: str
    cancels: str = ""
    cancelled_by: str = ""
    reversed: bool = False


class Repeat(Enum):
    """What a message is to what is remembered."""

    NEW = "new"
    SAME = "same"
    OTHER = "other"
    WITHDRAWN = "withdrawn"


REPEAT_REASONS = {
    Repeat.OTHER: "该发送方报文ID（msgid）已用于内容不同的报文，请更换报文ID后重发",
    Repeat.WITHDRAWN: "该发送方报文ID（msgid）对应的交易已被冲正，不能再用，请更换报文ID后重发",
}


def repeat(kept: KeptAnswer | None, digest: bytes) -> Repeat:
    """Whether a message is new, the same again, or another one with a number that is taken."""
    if kept is None:
        return Repeat.NEW
    if kept.withdrawn:
        return Repeat.WITHDRAWN
    return Repeat.SAME if kept.digest == digest else Repeat.OTHER


def why_not_cancel(kept: KeptSettlement | None, institution: str, person: str, visit: str) -> str:
    """Why a settlement can't be cancelled, for a clerk; empty where it can."""
    if kept is None or kept.reversed or kept.institution != institution:
        return "未找到该结算记录，请核对结算ID"
    if kept.person != person or kept.visit != visit:
        return "结算ID与人员编号或就诊ID不一致，请核对后重新撤销"
    if kept.cancels:
        return "该记录本身是结算撤销记录，不能再撤销"
    return "该结算已撤销，不能重复撤销" if kept.cancelled_by else ""


class Reversal(Enum):
    """What a reversal has to do."""

    WITHDRAW = "withdraw"
    NOTHING_THERE = "nothing there"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReversalDecision:
    """What to do, and for a refusal why."""

    todo: Reversal
    reason: str = ""


def decide_reversal(transaction: str, person: str, settlement: KeptSettlement | None) -> ReversalDecision:
    """What a reversal does to what a message left: a settlement, a cancel, an admission (without settlement: None).

    Nothing there, and reversed already, is accepted: the sender wants it gone, and gone it is. A settlement that was
    cancelled is not reversed under its cancel: the cancel is first.
    """
    if base_number(transaction) not in REVERSIBLE:
        return _refused(f"交易 {transaction} 不支持冲正")
    if settlement is None or settlement.reversed:
        return ReversalDecision(todo=Reversal.NOTHING_THERE)
    if settlement.person != person:
        return _refused("原交易的人员编号与冲正请求不一致")
    if settlement.cancelled_by:
        return _refused("原结算已撤销，请先冲正撤销交易")
    return ReversalDecision(todo=Reversal.WITHDRAW)


def base_number(transaction: str) -> str:
    """ "2207" for "2207A"."""
    match = re.fullmatch(r"(\d{4})[A-Za-z]{0,2}", transaction, re.ASCII)
    return match[1] if match else transaction


def _refused(reason: str) -> ReversalDecision:
    return ReversalDecision(todo=Reversal.REFUSED, reason=reason)
