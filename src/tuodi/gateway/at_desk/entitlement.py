"""What relief would do for a person, and what it has done this year (2001, 5206). Inside the hospital's scope."""

from __future__ import annotations

from datetime import date

from tuodi.core.finding import Faults
from tuodi.gateway.at_desk import person as persons
from tuodi.gateway.at_desk.days import day_of
from tuodi.gateway.national.codes import ASSISTED_COUNT, INSUTYPE_OF_INSURANCE, RELIEF_FUND
from tuodi.gateway.national.desk import CountHeld, Entitlement, EntitlementQuestion, Refused, Sender
from tuodi.platform.base.domain import Scope
from tuodi.platform.settlement import selectors, settlement
from tuodi.platform.settlement.domain import Amounts, Bill

USUAL = 10_000_000
"""A bill of a hundred thousand yuan: whom the law relieves at all it relieves of this one."""


def entitlements(*, scope: Scope, sender: Sender, question: EntitlementQuestion) -> tuple[Entitlement, ...] | Refused:
    """Medical assistance, by the trial of a bill: yes with the benefits, or no with clause and reason."""
    day, today = day_of(question.start), day_of(sender.received_at)
    who = persons.shown(question.person, day)
    if isinstance(who, Refused):
        return who
    bill = Bill(
        person=int(who.number), key="trial", service=question.service, date=day, amounts=Amounts(USUAL, USUAL),
        institution=scope.institution, disease=question.disease_name or None,
    )  # fmt: skip
    end = day_of(question.end) if question.end else None
    entitled, reason = _asked(scope, bill, max(day, today))
    return (Entitlement(fund=RELIEF_FUND, entitled=entitled, start=day, end=end, reason=reason),)


def counts(*, sender: Sender, who: str, month: str) -> tuple[CountHeld, ...] | Refused:
    """What relief has paid in the year, at all institutions together, and how often."""
    person = persons.seen(who)
    if person is None:
        return Refused(reason=persons.NOT_SHOWN)
    today = day_of(sender.received_at)
    year, last = (int(month[:4]), int(month[4:6] or 12)) if month else (today.year, today.month)
    found = persons.shown(who, min(today, date(year, 12, 31)))
    enrolled = found.enrolments if not isinstance(found, Refused) else ()
    insutype = INSUTYPE_OF_INSURANCE.get(enrolled[0].insurance, "390") if enrolled else "390"
    paid = selectors.relieved_in(person, year)
    return (CountHeld(insutype=insutype, year=year, month=last, code=ASSISTED_COUNT, amount=paid),)


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _asked(scope: Scope, bill: Bill, on: date) -> tuple[bool, str]:
    try:
        answer = settlement.trial(scope=scope, bill=bill, on=on)
    except Faults as why:
        return False, "；".join(finding.message for finding in why.findings)
    if answer.refusal is not None:
        return False, f"{answer.refusal.reason}（{answer.refusal.clause}）"
    labels = selectors.labels(answer.region, bill.date)
    return True, "；".join(f"{labels.get(line.benefit, line.benefit)}（{line.clause}）" for line in answer.lines)
