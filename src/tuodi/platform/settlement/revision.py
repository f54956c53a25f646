"""Settlements that turn out to be others: cancelled, corrected, settled again because of what is known by now.

All are one act: the person's history settled again under their lock. Where only the bill itself changes it is done at
once. Where other settlements change with it, nothing moves: the differences are shown, somebody else approves them,
and only then are they posted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

import orjson
from django.db import IntegrityError, connection, transaction
from psycopg.errors import UniqueViolation

from tuodi.core.finding import Faults, Finding, Place
from tuodi.platform.base import audit
from tuodi.platform.base.domain import Desk
from tuodi.platform.settlement import adopted, rows
from tuodi.platform.settlement.adjudging import Counts
from tuodi.platform.settlement.domain import Bill, Facility, bill_read, bill_written, event_of, unkept
from tuodi.platform.settlement.elevated import as_system
from tuodi.platform.settlement.facility import facility_on
from tuodi.platform.settlement.history import Difference, Planned, Step, difference_read, differences, replayed
from tuodi.platform.settlement.models import Account, Decision, Proposal, Settlement


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """What became of a cancellation, a correction or a resettling.

    `state`: `done`, posted; `proposed`, waits for an approval under `proposal`; `nothing`, no settlement changes.
    `rows`: the settlements that were made; of `nothing` those that come out the same and rest on other grounds now.
    A hospital is shown the differences of its own bills only.
    """

    state: str
    differences: tuple[Difference, ...]
    proposal: int | None = None
    rows: tuple[int, ...] = ()

    @property
    def relief(self) -> int:
        """By how much relief changes in all, in fen."""
        return sum(difference.relief for difference in self.differences)


NOTHING = Revision(state="nothing", differences=())


def cancel(*, settlement: int, on: date, reason: str) -> Revision:
    """The bill never was: its limits are free again, and its entry is reversed. Inside a scope that it belongs to.

    Done once, however often it is asked. Raises Faults: `settlement-unknown`, `bill-in-future`.
    """
    row = _own(settlement)
    return _asked(_Asked("cancel", row.person_id, row.origin, None), on, reason)


def correct(*, settlement: int, bill: Bill, on: date, reason: str) -> Revision:
    """The bill is another, in the same place of the person's history; it has a key of its own, and is sent once.

    Raises Faults: `settlement-unknown`, `settlement-cancelled`, `bill-other`, and as `settle`.
    """
    row = _own(settlement)
    if faults := unkept(bill):
        raise Faults(faults)
    if (bill.person, bill.institution) != (row.person_id, row.institution_id):
        raise _fault("bill-other", "更正后的账单是另一个人或另一家机构的", "冲销这一笔，另行结算")
    if bill.date > on:
        raise _fault("bill-in-future", f"结算日期 {bill.date} 晚于今天 {on}", "核对日期")
    return _asked(_Asked("correct", row.person_id, row.origin, bill), on, reason)


def resettle(*, person: int, on: date, reason: str) -> Revision:
    """All of the person's settlements by what is known now: statuses, insurance, the region's policy and parameters.

    Inside the scope of the person's county. Raises Faults: `person-unknown`, and whatever an event now lacks.
    """
    _own_person(person)
    return _asked(_Asked("resettle", person, None, None), on, reason)


def preview(*, act: str, person: int, settlement: int | None = None, bill: Bill | None = None) -> Revision:
    """What the act would change, every difference, without doing or proposing it; inside the county's scope."""
    origin = None if settlement is None else _own(settlement, person).origin
    if origin is None:
        _own_person(person)
    asked = _Asked(act, person, origin, bill)
    with as_system():
        steps, _ = _replayed(asked)
    found = differences(steps)
    return Revision(state="preview" if found else "nothing", differences=found)


def approve(*, proposal: int, on: date, reason: str = "") -> Revision:
    """The differences that were shown are posted, by somebody else of the county than who proposed them.

    Where the person's settlements have moved on since, so that they would be others, it is proposed anew instead.
    Raises Faults: `proposal-unknown`, `proposal-decided`, `own-proposal`, `bill-in-future`, and `key-taken` where the
    correction's key has come to stand for another bill since.
    """
    row = _open(proposal)
    asked = _Asked(row.act, row.person_id, row.settlement_id, None if row.bill is None else bill_read(row.bill))
    with as_system():
        account = _held(row.person_id)
        _key_free(asked)
        steps, counts = _replayed(asked)
        found = differences(steps)
        same = list(found) == [difference_read(kept) for kept in row.differences]
        made = _posted(asked, steps, counts, account, on, row.reason) if same else ()
    _decide(row, "approved" if same else "overtaken", reason)
    if same:
        _record(asked, row.region_id, row.reason, made)
        return Revision(state="done", differences=found, rows=made)
    return _proposed(asked, row.region_id, found, on, row.reason) if found else NOTHING


def reject(*, proposal: int, reason: str) -> None:
    """The proposal is not followed. Raises Faults: `proposal-unknown`, `proposal-decided`, `own-proposal`."""
    _decide(_open(proposal), "rejected", reason)


# ---- one act ---------------------------------------------------------------------------------------------------------
class _Asked(NamedTuple):
    """The act; of a cancellation or a correction the first row of its bill, of a correction the bill as it is now."""

    act: str
    person: int
    origin: int | None
    bill: Bill | None


def _asked(asked: _Asked, on: date, reason: str) -> Revision:
    with as_system():
        account = _held(asked.person)
        done = _done_before(asked)
        if done is not None:
            return done
        steps, counts = _replayed(asked)
        found = differences(steps)
        at_once = all(difference.own for difference in found)
        _none_later_than(steps, on)
        made = _posted(asked, steps, counts, account, on, reason) if at_once else ()
        region = _region(asked, account)
    if not found:
        return replace(NOTHING, rows=made)
    if not at_once:
        return _proposed(asked, region, found, on, reason)
    _record(asked, region, reason, made)
    return Revision(state="done", differences=found, rows=made)


def _region(asked: _Asked, account: Account) -> str:
    """Whose the act is: of a bill the county that bore it, even if the person was handed over to another one since."""
    if asked.origin is None:
        return str(account.region_id)
    return str(Settlement.objects.values_list("region_id", flat=True).get(pk=asked.origin))


def _posted(
    asked: _Asked, steps: list[Step], counts: Counts, account: Account, on: date, reason: str
) -> tuple[int, ...]:
    """The rows. Who takes the correction's key at this very moment makes it `key-taken`."""
    _none_later_than(steps, on)
    try:
        with transaction.atomic():
            return rows.posted(steps, counts, account, on, reason)
    except IntegrityError as refused:
        why = refused.__cause__
        if asked.bill is None or not isinstance(why, UniqueViolation) or why.diag.constraint_name != "settlement_once":
            raise
        raise _key_taken(asked.bill) from refused


def _none_later_than(steps: list[Step], on: date) -> None:
    """Nothing is known before it happened: bills that change, as they were and as they are now, are of `on` or before.

    Raises Faults: `bill-in-future`.
    """
    changed = [step.planned for step in steps if step.differs or step.rests_on_other_grounds]
    later = {
        planned.past.row: day
        for planned in changed
        if (day := max(planned.past.event["date"], planned.event["date"])) > on.isoformat()
    }
    if later:
        raise Faults(
            Finding(
                code="bill-in-future", message=f"结算 {row} 的日期 {day} 晚于办理日 {on}",
                place=Place(path=f"settlement:{row}.date"), remedy="核对日期",
            )
            for row, day in later.items()
        )  # fmt: skip


def _held(person: int) -> Account:
    """The person's account, locked: whoever settles or revises them meanwhile waits, or settles again behind us."""
    account: Account = Account.objects.select_for_update().get(person_id=person)
    return account


def _done_before(asked: _Asked) -> Revision | None:
    """A cancellation or correction that was done already is the same again."""
    if asked.origin is None:
        return None
    standing = rows.standing(asked.person, asked.origin)
    if standing.kind == "cancelled" and asked.act == "cancel":
        return Revision(state="done", differences=(), rows=(standing.pk,))
    if standing.kind == "cancelled":
        raise _fault("settlement-cancelled", f"结算 {asked.origin} 已经冲销", "另行结算，用新的编号")
    return None if asked.bill is None else _corrected_before(asked, asked.bill, standing.sender)


def _corrected_before(asked: _Asked, bill: Bill, sender: str) -> Revision | None:
    sent = rows.sent(sender, bill.key)
    if sent is None:
        return None
    if sent.origin == asked.origin and sent.content_hash == bill.content:
        return Revision(state="done", differences=(), rows=(sent.pk,))
    raise _key_taken(bill)


def _key_free(asked: _Asked) -> None:
    """Raises Faults: `key-taken` where the correction's key stands for a bill already, be it this one's."""
    if asked.bill is not None and asked.origin is not None:
        sender = rows.standing(asked.person, asked.origin).sender
        if rows.sent(sender, asked.bill.key) is not None:
            raise _key_taken(asked.bill)


def _key_taken(bill: Bill) -> Faults:
    return _fault("key-taken", f"编号 {bill.key} 已经用过", "更正用一个新的编号")


def _replayed(asked: _Asked) -> tuple[list[Step], Counts]:
    """The person's history settled again with the act in it, and the counts after it."""
    opening: Counts = Account.objects.get(person_id=asked.person).opening
    return replayed(opening, [_planned(asked, row) for row in rows.history(asked.person)])


def _planned(asked: _Asked, row: Settlement) -> Planned:
    past, own = rows.past(row), row.origin == asked.origin
    if own and asked.bill is None:
        return Planned(past, None, past.who, past.event, None, True)
    if own and asked.bill is not None:
        who, policy = _known(row.person_id, row.region_id, asked.bill.date)
        return Planned(past, adopted.ready(policy), who, _corrected(row, asked.bill), asked.bill, True)
    if asked.act == "resettle":
        who, policy = _known(row.person_id, row.region_id, row.happened_on)
        return Planned(past, adopted.ready(policy), who, past.event, None, False)
    return Planned(past, adopted.ready(past.policy), past.who, past.event, None, False)


def _known(person: int, region: str, day: date) -> tuple[dict[str, Any], int]:
    """The person on that day, and the policy row of the region, as both are known now."""
    with connection.cursor() as cursor:
        cursor.execute("select registry_case_person(%s, %s), settlement_policy_on(%s, %s)", [person, day, region, day])
        who, policy = cursor.fetchone()
    if policy is None:
        raise _fault("no-policy", f"{region} 在 {day} 没有施行的政策", "核对日期；由市级设定政策及其施行日")
    return orjson.loads(who), int(policy)


def _corrected(row: Settlement, bill: Bill) -> dict[str, Any]:
    """The bill as it is now, as an event, at the hospital as it was on that day."""
    facility = facility_on(bill.institution, row.region_id, bill.date) or bill.facility
    return event_of(bill, sender=row.sender, facility=facility or Facility(**row.event["facility"]))


# ---- proposals -------------------------------------------------------------------------------------------------------
def _proposed(asked: _Asked, region: str, found: tuple[Difference, ...], on: date, reason: str) -> Revision:
    with connection.cursor() as cursor:
        cursor.execute("select tuodi_desk(), tuodi_institution(), tuodi_staff()")
        desk, institution, staff = cursor.fetchone()
    kept = [difference.as_dict() for difference in found]
    with as_system():
        proposal = _open_already(asked, kept) or Proposal.objects.create(
            act=asked.act, person_id=asked.person, region_id=region, institution_id=institution, staff_id=staff,
            settlement_id=asked.origin, bill=None if asked.bill is None else bill_written(asked.bill),
            differences=kept, reason=reason, proposed_on=on,
        )  # fmt: skip
    audit.record(act=f"settlement.propose_{asked.act}", subject=f"proposal:{proposal.pk}", region=region, reason=reason)
    shown = tuple(difference for difference in found if desk != "hospital" or rows.sent_by(difference, institution))
    return Revision(state="proposed", differences=shown, proposal=proposal.pk)


def _open_already(asked: _Asked, kept: list[dict[str, Any]]) -> Proposal | None:
    """The same proposal, asked for again and not decided yet."""
    bill = None if asked.bill is None else bill_written(asked.bill)
    same = Proposal.objects.filter(act=asked.act, person_id=asked.person, settlement_id=asked.origin, decision=None)
    # As JSON gives it back: a difference's lines are a list there, and a tuple here.
    known = orjson.loads(orjson.dumps(kept))
    return next((one for one in same if one.bill == bill and one.differences == known), None)


def _open(proposal: int) -> Proposal:
    """The proposal, locked while it is decided."""
    row: Proposal | None = Proposal.objects.filter(pk=proposal).first()
    if row is None or not _owns(row.region_id):
        raise _fault("proposal-unknown", f"没有待批的变更 {proposal}，或不归这里管", "刷新页面")
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(4103, %s), tuodi_staff(), tuodi_desk()", [proposal])
        _, staff, desk = cursor.fetchone()
    if Decision.objects.filter(pk=proposal).exists():
        raise _fault("proposal-decided", f"变更 {proposal} 已经决定过", "刷新页面")
    nobody = staff is None and not row.institution_id and desk != Desk.system.name
    if staff == row.staff_id and (staff is not None or nobody):
        raise _fault("own-proposal", "自己提出的变更由别人审批", "请另一位经办人审批")
    return row


def _decide(row: Proposal, decision: str, reason: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select tuodi_staff()")
        (staff,) = cursor.fetchone()
    with as_system():
        Decision.objects.create(
            proposal_id=row.pk, region_id=row.region_id, decision=decision, staff_id=staff, reason=reason
        )
    audit.record(act=f"settlement.{decision}", subject=f"proposal:{row.pk}", region=row.region_id, reason=reason)


def _record(asked: _Asked, region: str, reason: str, made: tuple[int, ...]) -> None:
    subject = f"person:{asked.person}" if asked.origin is None else f"settlement:{asked.origin}"
    audit.record(
        act=f"settlement.{asked.act}", subject=subject, region=region, reason=reason, details={"rows": list(made)}
    )


# ---- whose it is -----------------------------------------------------------------------------------------------------
def _own(settlement: int, person: int | None = None) -> Settlement:
    """The first row of the settlement's bill, if it is the scope's own: a hospital's bill, a county's person.

    With `person` only the county's own, and only theirs.
    """
    row: Settlement | None = Settlement.objects.filter(pk=settlement).first()
    if row is None or not _may_touch(row):
        raise _fault("settlement-unknown", f"没有结算 {settlement}，或不归这里管", "核对编号")
    if person is not None and (row.person_id != person or not _owns(row.region_id)):
        raise _fault("settlement-unknown", f"没有登记号 {person} 的结算 {settlement}，或不归这里管", "核对编号")
    if row.pk != row.origin:
        row = Settlement.objects.get(pk=row.origin)
    return row


def _may_touch(row: Settlement) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "select tuodi_desk() = 'hospital' and tuodi_institution() = %s"
            " or tuodi_desk() in ('county', 'system') and tuodi_owns(%s)",
            [row.institution_id, row.region_id],
        )
        return bool(cursor.fetchone()[0])


def _own_person(person: int) -> None:
    account = Account.objects.filter(person_id=person).first()
    if account is None or not _owns(account.region_id):
        raise _fault("person-unknown", f"登记号 {person} 没有结算，或不归这里管", "核对后再办")


def _owns(region: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select tuodi_desk() in ('county', 'system') and tuodi_owns(%s)", [region])
        return bool(cursor.fetchone()[0])


def _fault(code: str, message: str, remedy: str) -> Faults:
    return Faults([Finding(code=code, message=message, remedy=remedy)])
