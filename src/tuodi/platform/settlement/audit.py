"""What settlements must stand up to, recounted from what is stored: each breach is named, with the row that shows it.

A person's history is settled again as the engine does it; every row again from the counts stored with it; the books
must hold each bill's relief; and what moved other bills must have been consented to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection

from tuodi.core.finding import Faults, Finding, Place
from tuodi.core.money import format_yuan, parse_yuan
from tuodi.platform.settlement import adopted, rows
from tuodi.platform.settlement.adjudging import adjudge
from tuodi.platform.settlement.history import Planned, replayed
from tuodi.platform.settlement.models import Account, Settlement


def findings() -> list[Finding]:
    """Every breach, inside a scope that sees settlements and books; empty where all holds."""
    found = [*_entries_amiss(), *_changes_amiss()]
    for account in Account.objects.order_by("person_id").iterator():
        found += _history_amiss(account)
    for row in Settlement.objects.exclude(kind="cancelled").order_by("pk").iterator():
        found += _row_amiss(row)
    return found


# ---- a person --------------------------------------------------------------------------------------------------------
def _history_amiss(account: Account) -> Iterator[Finding]:
    """INV-36: the account is what its bills come to, settled again in their order, and so is each of them."""
    plan = [_as_it_was(row) for row in rows.history(account.person_id)]
    try:
        steps, counts = replayed(account.opening, plan)
    except Faults as lacking:
        yield from lacking.findings
        return
    for step in steps:
        if step.differs:
            row = step.planned.past.row
            yield _breach("settlement-differs", "INV-36", f"settlement:{row}", "按现存的历史重算，结果与存下的不同")
    if counts != account.state:
        yield _breach("account-differs", "INV-36", f"person:{account.person_id}", "累计与逐笔重算的累计不同")


def _as_it_was(row: Settlement) -> Planned:
    return Planned(rows.past(row), adopted.ready(row.policy_id), row.who, row.event, None, False)


# ---- a row -----------------------------------------------------------------------------------------------------------
def _row_amiss(row: Settlement) -> Iterator[Finding]:
    """INV-11: the receipt gives the same fen, from the counts that were stored before it."""
    subject = f"settlement:{row.pk}"
    if row.relief_fen != sum(parse_yuan(line["paid"]) for line in row.lines):
        yield _breach("lines-differ", "INV-11", subject, "各行救助之和不等于救助金额")
    try:
        again = adjudge(adopted.ready(row.policy_id), row.who, row.event, row.state_before)
    except Faults as lacking:
        yield from lacking.findings
        return
    outcome = again.settlement.outcome
    stored = (row.chain, row.opening_hash, row.relief_fen, row.personal_fen, row.hospital_fen, row.state_after)
    if stored != (
        again.chain, again.opening_hash, outcome.relief, outcome.personal, outcome.hospital, again.after
    ):  # fmt: skip
        yield _breach("receipt-differs", "INV-11", subject, "按存下的事实和累计重算，回执或金额不同")


# ---- the books -------------------------------------------------------------------------------------------------------
_BILLS = """
select s.origin, s.relief_fen, coalesce(b.fen, 0)
from (select distinct on (origin) origin, relief_fen from settlement_settlement order by origin, id desc) s
left join (
  select x.origin, sum(l.fen) as fen from fund_entry e
    join fund_line l on l.entry_id = e.id and l.kind = 'relief'
    join settlement_settlement x on e.cause like 'settlement:%%' and x.id = split_part(e.cause, ':', 2)::bigint
    group by x.origin) b on b.origin = s.origin
where s.relief_fen <> coalesce(b.fen, 0) order by s.origin
"""
_WITHOUT_ENTRY = """
select s.id from settlement_settlement s where s.kind = 'settled' and s.relief_fen > 0
  and not exists (select from fund_entry e where e.cause = 'settlement:' || s.id) order by s.id
"""
_WITHOUT_SETTLEMENT = """
select e.cause from fund_entry e where e.cause like 'settlement:%%'
  and not exists (select from settlement_settlement s where s.id = split_part(e.cause, ':', 2)::bigint) order by e.id
"""
_WITHOUT_TRAIL = """
select s.id from settlement_settlement s where s.kind = 'settled'
  and not exists (select from base_audit a where a.subject = 'settlement:' || s.id and a.act = 'settlement.settle')
order by s.id
"""


def _entries_amiss() -> Iterator[Finding]:
    """INV-35: the entries of a bill add up to its relief; none is missing, and none is of no bill."""
    for (row,) in _rows(_WITHOUT_ENTRY):
        yield _breach("entry-missing", "INV-35", f"settlement:{row}", "有救助金额，没有记账")
    for origin, relief, booked in _rows(_BILLS):
        message = f"救助 {format_yuan(relief)}，记账 {format_yuan(int(booked))}"
        yield _breach("entry-differs", "INV-35", f"settlement:{origin}", message)
    for (cause,) in _rows(_WITHOUT_SETTLEMENT):
        yield _breach("entry-of-nothing", "INV-35", cause, "有记账，没有这笔结算")
    for (row,) in _rows(_WITHOUT_TRAIL):
        yield _breach("trail-missing", "INV-35", f"settlement:{row}", "审计记录里没有这笔结算")


# ---- changes ---------------------------------------------------------------------------------------------------------
_WITHOUT_CONSENT = """
select p.id, r.code from settlement_proposal p join settlement_decision d on d.proposal_id = p.id
  cross join unnest(p.regions) as r (code)
where d.decision = 'approved'
  and not exists (select from settlement_consent c where c.proposal_id = p.id and c.region_id = r.code)
order by p.id, r.code
"""
_BY_THEMSELVES = """
select p.id from settlement_proposal p join settlement_consent c on c.proposal_id = p.id
where c.staff_id = p.staff_id or settlement_gave_cause(p.id, c.staff_id, c.at)
order by p.id
"""
# What changes because of something else goes through a proposal, which shows it as it was.
_UNSEEN = """
select s.id from settlement_settlement s join settlement_settlement o on o.id = s.replaces_id
where s.kind = 'affected' and s.relief_fen <> o.relief_fen and not exists (
  select from settlement_proposal p join settlement_decision d on d.proposal_id = p.id and d.decision = 'approved'
  where p.person_id = s.person_id and p.differences @> jsonb_build_array(jsonb_build_object('settlement', o.id)))
order by s.id
"""


def _changes_amiss() -> Iterator[Finding]:
    """INV-45: what moves other bills was consented to by every county that it concerns, by another hand."""
    for proposal, region in _rows(_WITHOUT_CONSENT):
        yield _breach("consent-missing", "INV-45", f"proposal:{proposal}", f"{region} 没有同意，变更已经办理")
    for (proposal,) in _rows(_BY_THEMSELVES):
        yield _breach("consent-own", "INV-45", f"proposal:{proposal}", "由提出的人自己同意")
    for (row,) in _rows(_UNSEEN):
        yield _breach("change-unseen", "INV-45", f"settlement:{row}", "救助金额随别的结算变动，没有批准的变更")


def _rows(statement: str) -> Sequence[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement.replace("%%", "%"))
        return list(cursor.fetchall())


def _breach(code: str, invariant: str, subject: str, what: str) -> Finding:
    return Finding(code=code, message=f"{subject}：{what}（{invariant}）", place=Place(path=subject))
