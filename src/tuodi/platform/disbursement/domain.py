"""An order's way from drawing to payment, what of it may be paid now, and what is no bank account. Pure.

Yangquan 阳医保发〔2019〕45号 七(二): relief that the county decided by hand is applied for at finance, which reviews it
and pays the person straight from the fund's account.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from tuodi.core.finding import Finding, finding
from tuodi.ledger.account import Source
from tuodi.platform.base.domain import Desk


class Status(Enum):
    """Where an order stands."""

    drawn = "已开单"
    approved = "已核准"
    reviewed = "财政已审核"
    paid = "已支付"
    void = "已作废"

    def __str__(self) -> str:
        return self.value


OPEN = (Status.drawn, Status.approved, Status.reviewed)
"""In these an order keeps its claims: no other order takes them."""


class Act(Enum):
    """What is done to an order: its label, the statuses that it follows, the one that it gives, and whose it is."""

    draw = ("开单", (), Status.drawn, (Desk.county,))
    approve = ("核准", (Status.drawn,), Status.approved, (Desk.county,))
    review = ("财政审核", (Status.approved,), Status.reviewed, (Desk.finance,))
    pay = ("支付", (Status.reviewed,), Status.paid, (Desk.finance,))
    void = ("作废", OPEN, Status.void, (Desk.county, Desk.finance))

    def __init__(self, label: str, needs: tuple[Status, ...], gives: Status, desks: tuple[Desk, ...]) -> None:
        self.label = label
        self.needs = needs
        self.gives = gives
        self.desks = desks

    def __str__(self) -> str:
        return self.label


NOT_AFTER: dict[Act, frozenset[Act]] = {
    Act.approve: frozenset({Act.draw}),
    Act.review: frozenset({Act.draw, Act.approve}),
    Act.pay: frozenset({Act.draw, Act.approve, Act.review}),
}
"""Four eyes (INV-47): who did one of these may not do the act."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One act that was done, and by whom; the system has no person."""

    act: Act
    staff: int | None
    at: datetime
    content: str = ""
    reason: str = ""


def status_of(steps: Sequence[Step]) -> Status | None:
    """Where the steps have led; None before the first."""
    return steps[-1].act.gives if steps else None


def findings(act: Act, steps: Sequence[Step], *, desk: Desk, staff: int | None, reason: str = "") -> list[Finding]:
    """Why the act can't follow the steps now; all reasons."""
    return [
        *_out_of_turn(act, status_of(steps)),
        *_not_theirs(act, desk),
        *_own_work(act, steps, staff),
        *_unexplained(act, reason),
    ]


def _out_of_turn(act: Act, status: Status | None) -> Iterable[Finding]:
    if status not in (act.needs or (None,)):
        needed = "、".join(map(str, act.needs)) or "尚未开单"
        says = f"支付单现在是“{status}”，不能{act}" if status else f"支付单还没有开，不能{act}"
        yield finding("order-status", says, act.name, f"支付单处于“{needed}”时办理")


def _not_theirs(act: Act, desk: Desk) -> Iterable[Finding]:
    if desk is not Desk.system and desk not in act.desks:
        yield finding("order-desk", f"{desk}不能{act}", act.name, f"由{'、'.join(map(str, act.desks))}办理")


def _own_work(act: Act, steps: Sequence[Step], staff: int | None) -> Iterable[Finding]:
    forbidden = NOT_AFTER.get(act, frozenset())
    if forbidden and staff is None:
        yield finding("four-eyes-nobody", f"{act}应由本人办理", act.name, "由有权限的人员登录后办理")
    own = dict.fromkeys(step.act.label for step in steps if step.act in forbidden and step.staff == staff)
    if staff is not None and own:
        yield finding("four-eyes", f"{act}的人已经办过：{'、'.join(own)}", act.name, "由另一位有权限的人员办理")


def _unexplained(act: Act, reason: str) -> Iterable[Finding]:
    if act is Act.void and not reason.strip():
        yield finding("order-reason", "作废没有写明理由", "reason", "写明理由")


# ---- amounts ---------------------------------------------------------------------------------------------------------
def owed(net: Mapping[Source, int]) -> dict[Source, int]:
    """What a claim's net amounts leave to pay. What one source is owed is never kept back from another's payment."""
    return {source: net[source] for source in Source if net.get(source, 0) > 0}


def due(net: Mapping[Source, int]) -> dict[Source, int]:
    """What a claim's net amounts leave to give back, positive."""
    return {source: -net[source] for source in Source if net.get(source, 0) < 0}


def payable_now(ordered: Mapping[Source, int], net: Mapping[Source, int]) -> dict[Source, int]:
    """What of an item may be paid now: as ordered, and never more than is still owed, source by source (INV-46)."""
    standing = owed(net)
    now = {source: min(ordered.get(source, 0), standing.get(source, 0)) for source in Source}
    return {source: fen for source, fen in now.items() if fen}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Somebody's part of an order: for which claim, onto which account, how much of each source."""

    claim: str
    account: int
    sources: Mapping[Source, int]

    @property
    def fen(self) -> int:
        """All sources together."""
        return sum(self.sources.values())


def fingerprint(parts: Iterable[Part]) -> str:
    """What the parts come to as one mark: the same parts in the same order have the same."""
    told = [
        f"{part.claim} {part.account} " + ",".join(f"{source.name}={part.sources.get(source, 0)}" for source in Source)
        for part in parts
    ]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


# ---- bank accounts ---------------------------------------------------------------------------------------------------
_NUMBER = re.compile(r"[0-9]{8,30}\Z", re.ASCII)
_CARD = re.compile(r"62[0-9]{14,17}\Z", re.ASCII)


def account_findings(*, holder: str, bank: str, number: str) -> list[Finding]:
    """What is wrong with a payee's bank account as it was written, each at its field; empty when nothing is."""
    return [*_account_findings(holder.strip(), bank.strip(), compact(number))]


def compact(number: str) -> str:
    """The account's number without what people write between its digits."""
    return re.sub(r"[\s\-]", "", number)


def masked_account(number: str) -> str:
    """An account as pages show it: its last four digits."""
    return "*" * max(0, len(number) - 4) + number[-4:]


def _account_findings(holder: str, bank: str, number: str) -> Iterable[Finding]:
    if not holder or len(holder) > 60:
        yield finding("account-holder", "没有写明户名，或超过 60 字", "holder", "照银行卡或存折写户名")
    if not bank or len(bank) > 60:
        yield finding("account-bank", "没有写明开户银行，或超过 60 字", "bank", "写到支行")
    if not _NUMBER.match(number):
        yield finding("account-number", "账号应是 8 到 30 位数字", "number", "照银行卡或存折写账号")
    elif _CARD.match(number) and not _luhn(number):
        yield finding("account-digit", "银行卡号的校验位不对，有一位写错了", "number", "再核对卡号")


def _luhn(number: str) -> bool:
    """The check digit of bank cards (ISO/IEC 7812-1)."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number))]
    return sum(digit // 10 + digit % 10 for digit in doubled) % 10 == 0
