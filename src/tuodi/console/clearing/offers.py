"""Whose turn a statement is, and which acts its page offers to somebody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from tuodi.core.finding import Faults
from tuodi.platform.base import holiday
from tuodi.platform.base.domain import Desk
from tuodi.platform.base.models import Staff
from tuodi.platform.base.workdays import working_days_between
from tuodi.platform.clearing import content, selectors, step, term
from tuodi.platform.clearing.domain.lateness import due_on
from tuodi.platform.clearing.domain.steps import Act, Status, findings
from tuodi.platform.clearing.selectors import Listed, Shown

ADDRESSES = {act.name.replace("_", "-"): act for act in Act if act is not Act.draw}
"""Acts by how they stand in an address."""

_AWAITED = (
    Act.send, Act.confirm, Act.answer, Act.approve_business, Act.approve_finance, Act.order, Act.pay,
)  # fmt: skip
_OWN_WORK = frozenset({"four-eyes"})


class Turn(NamedTuple):
    """Who has a statement now, and what they have to do with it."""

    desk: Desk
    act: Act

    def __str__(self) -> str:
        return f"{self.desk}：待{self.act}"


def turn(status: Status) -> Turn | None:
    """Whose turn it is; None when all is done."""
    return next((Turn(act.desks[0], act) for act in _AWAITED if status in act.needs), None)


def waiting_for(desk: Desk) -> Iterator[tuple[Listed, Turn]]:
    """Statements whose turn is the desk's, the oldest months first."""
    for status in Status:
        now = turn(status)
        if now is not None and now.desk is desk:
            yield from ((line, now) for line in reversed(selectors.statements(status=status)))


def days_left(line: Listed, today: date) -> int | None:
    """Working days until the statement is to be paid, below zero where it is late; None: nobody knows of a term."""
    terms = term.of(line.region, line.institution, today)
    if terms is None:
        return None
    try:
        calendar = holiday.calendar()
        due = due_on(line.month.first, line.month, terms, calendar)
        return None if due is None else working_days_between(today, due, calendar)
    except Faults:
        return None


class Offer(NamedTuple):
    """An act that the desk may do now; `barred` says why not this person, "" if they may."""

    act: Act
    address: str
    barred: str


def offers(shown: Shown, user: Staff, today: date) -> list[Offer]:
    """The acts that may follow now at the user's desk, the one that is awaited first."""
    return [*_offers(shown, user, today)]


def _offers(shown: Shown, user: Staff, today: date) -> Iterator[Offer]:
    steps, prepared = content.steps(shown.line.id), step.handled(shown.line.id)
    for address, act in ADDRESSES.items():
        if act is Act.lapse and not lapsed(shown, today):
            continue
        why = findings(act, steps, desk=Desk[user.desk], staff=user.pk, prepared=prepared, reason="—")
        if {finding.code for finding in why} <= _OWN_WORK:
            yield Offer(act, address, "".join(finding.message for finding in why))


def lapsed(shown: Shown, today: date) -> bool:
    """Whether the institution has kept silent beyond the agreed days."""
    return shown.lapses_on is not None and today > shown.lapses_on
