"""Approvals: by the business side, by finance; or back to where it began. Four eyes throughout (INV-27)."""

from __future__ import annotations

from django.db import transaction

from tuodi.platform.clearing import content, step
from tuodi.platform.clearing.domain.steps import Act
from tuodi.platform.clearing.statement import seen


def approve_business(*, statement: int, fingerprint: str) -> None:
    """The county's business side approves just what it saw. Raises Faults: `statement-…`, `four-eyes…`."""
    _approve(Act.approve_business, statement, fingerprint)


def approve_finance(*, statement: int, fingerprint: str) -> None:
    """Finance approves just what it saw. Raises Faults: `statement-…`, `four-eyes…`."""
    _approve(Act.approve_finance, statement, fingerprint)


@transaction.atomic
def send_back(*, statement: int, reason: str) -> None:
    """Not approved: it may be changed, and is sent again. Raises Faults: `statement-…`."""
    found = content.statement(statement)
    step.judged(found, Act.send_back, reason=reason)
    step.take(found, Act.send_back, fingerprint=content.of(statement).hash, reason=reason)


@transaction.atomic
def _approve(act: Act, statement: int, fingerprint: str) -> None:
    found = content.statement(statement)
    step.judged(found, act)
    step.take(found, act, fingerprint=seen(statement, fingerprint))
