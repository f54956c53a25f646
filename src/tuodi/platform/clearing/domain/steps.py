"""A statement's way from drawing to payment: which act leads where, whose it is, four eyes. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from tuodi.core.finding import Finding, Place
from tuodi.platform.base.domain import Desk


class Status(Enum):
    """Where a statement stands."""

    drawn = "已生成"
    sent = "已送达"
    confirmed = "已确认"
    objected = "有异议"
    answered = "已答复"
    approved_by_business = "业务已核准"
    approved_by_finance = "财务已核准"
    ordered = "已开支付单"
    paid = "已支付"

    def __str__(self) -> str:
        return self.value


class Act(Enum):
    """What is done to a statement: its label, the status that it needs, the one that it gives, and whose it is."""

    draw = ("生成", (), Status.drawn, (Desk.county,))
    send = ("送达", (Status.drawn,), Status.sent, (Desk.county,))
    confirm = ("确认", (Status.sent,), Status.confirmed, (Desk.hospital,))
    lapse = ("逾期视同确认", (Status.sent,), Status.confirmed, (Desk.county,))
    object = ("提出异议", (Status.sent,), Status.objected, (Desk.hospital,))
    answer = ("答复异议", (Status.objected,), Status.answered, (Desk.county,))
    approve_business = (
        "业务核准", (Status.confirmed, Status.answered), Status.approved_by_business, (Desk.county,),
    )  # fmt: skip
    approve_finance = ("财务核准", (Status.approved_by_business,), Status.approved_by_finance, (Desk.finance,))
    send_back = (
        "退回",
        (Status.confirmed, Status.answered, Status.approved_by_business, Status.approved_by_finance),
        Status.drawn,
        (Desk.county, Desk.finance),
    )
    order = ("开支付单", (Status.approved_by_finance,), Status.ordered, (Desk.finance,))
    pay = ("确认支付", (Status.ordered,), Status.paid, (Desk.finance,))

    def __init__(self, label: str, needs: tuple[Status, ...], gives: Status, desks: tuple[Desk, ...]) -> None:
        self.label = label
        self.needs = needs
        self.gives = gives
        self.desks = desks

    def __str__(self) -> str:
        return self.label


PREPARES = frozenset({Act.draw, Act.send, Act.answer})
NOT_AFTER: dict[Act, frozenset[Act]] = {
    Act.approve_business: PREPARES,
    Act.approve_finance: PREPARES | {Act.approve_business},
    Act.order: PREPARES | {Act.approve_business},
    Act.pay: PREPARES | {Act.approve_business, Act.order},
}
"""Four eyes: who did one of these may not do the act. Whoever adds or withdraws a disallowance prepares, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One act that was done: who, when, and upon which content. The system's own acts have no staff."""

    act: Act
    staff: int | None
    at: datetime
    content: str = ""
    reason: str = ""


SETTLED_STATUSES = frozenset(Status) - {Status.drawn, Status.sent, Status.objected}
"""Whose disallowances stand: a later statement may be sent."""


DISALLOWING = frozenset({Status.drawn, Status.objected})
"""In which disallowances may be withdrawn; added in the first alone."""


def status_of(steps: Sequence[Step]) -> Status | None:
    """Where the steps have led; None before the first."""
    return steps[-1].act.gives if steps else None


def findings(
    act: Act, steps: Sequence[Step], *, desk: Desk, staff: int | None, prepared: Iterable[int] = (), reason: str = ""
) -> list[Finding]:
    """Why the act can't follow the steps now; all reasons. `prepared`: who handled disallowances."""
    return [
        *_out_of_turn(act, status_of(steps)),
        *_not_theirs(act, desk),
        *_own_work(act, steps, staff, frozenset(prepared)),
        *_unexplained(act, reason),
    ]


def _out_of_turn(act: Act, status: Status | None) -> Iterable[Finding]:
    if status not in (act.needs or (None,)):
        needed = "、".join(str(each) for each in act.needs) or "尚未生成"
        says = f"结算单现在是“{status}”，不能{act}" if status else f"结算单还没有生成，不能{act}"
        yield _finding("statement-status", act, says, f"先使结算单处于“{needed}”")


def _not_theirs(act: Act, desk: Desk) -> Iterable[Finding]:
    if desk is not Desk.system and desk not in act.desks:
        whose = "、".join(str(each) for each in act.desks)
        yield _finding("statement-desk", act, f"{desk}不能{act}", f"由{whose}办理")


def _own_work(act: Act, steps: Sequence[Step], staff: int | None, prepared: frozenset[int]) -> Iterable[Finding]:
    forbidden = NOT_AFTER.get(act, frozenset())
    if not forbidden:
        return
    if staff is None:
        yield _finding("four-eyes-nobody", act, f"{act}应由本人办理", "由有权限的人员登录后办理")
    own = dict.fromkeys(step.act.label for step in steps if step.act in forbidden and step.staff == staff)
    if staff is not None and staff in prepared:
        own["录入扣减"] = None
    if staff is not None and own:
        yield _finding("four-eyes", act, f"{act}的人已经办过：{'、'.join(own)}", "由另一位有权限的人员办理")


def _unexplained(act: Act, reason: str) -> Iterable[Finding]:
    if act in (Act.object, Act.answer, Act.send_back) and not reason.strip():
        yield _finding("statement-reason", act, f"{act}没有写明理由", "写明理由，对方看得到")


def _finding(code: str, act: Act, message: str, remedy: str) -> Finding:
    return Finding(code=code, message=message, place=Place(path=act.name), remedy=remedy)
