"""Settlements that turn out to be others: cancelled, corrected, settled again because of what is known by now.

All are one act: the person's history settled again under their lock. Where only the bill itself changes it is done at
once. Where other settlements change with it, nothing moves: the differences are shown, each county whose bills they are
approves them, by somebody else than who proposed them, and only then are they posted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.db import connection

from tuodi.core.finding import Faults, finding
from tuodi.platform.base import audit, outbox
from tuodi.platform.base.domain import Desk
from tuodi.platform.settlement import proposal as proposals
from tuodi.platform.settlement import rows, whose
from tuodi.platform.settlement.asked import Asked, held, history_with, key_free, key_taken, none_later_than, posted
from tuodi.platform.settlement.domain import Bill, unkept
from tuodi.platform.settlement.elevated import as_system
from tuodi.platform.settlement.history import Difference, difference_read, differences
from tuodi.platform.settlement.models import Proposal, Settlement


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """What became of a cancellation, a correction or a resettling.

    `state`: `done`, posted; `proposed`, waits for an approval under `proposal`; `consented`, for another county's too;
    `nothing`, no settlement changes. `rows`: the settlements that were made; of `nothing` those that come out the same
    and rest on other grounds now. A hospital is shown the differences of its own bills only.
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
    row = whose.own(settlement)
    return _asked(Asked("cancel", row.person_id, row.origin), on, reason)


def correct(*, settlement: int, bill: Bill, on: date, reason: str) -> Revision:
    """The bill is another, in the same place of the person's history; it has a key of its own, and is sent once.

    Raises Faults: `settlement-unknown`, `settlement-cancelled`, `bill-other`, and as `settle`.
    """
    row = whose.own(settlement)
    _may_stand_for(row, bill, on)
    return _asked(Asked("correct", row.person_id, row.origin, bill), on, reason)


def resettle(*, person: int, on: date, reason: str, adoption: int | None = None) -> Revision:
    """All of the person's settlements by what is known now: statuses, insurance, the region's policy and parameters.

    Inside the scope of the person's county, or of one that bore a bill of theirs. `adoption`: the policy row because of
    which it is done. Raises Faults: `person-unknown`, and whatever an event now lacks.
    """
    whose.own_person(person)
    return _asked(Asked("resettle", person, adoption=adoption), on, reason)


def preview(
    *, act: str, person: int, settlement: int | None = None, bill: Bill | None = None, on: date | None = None
) -> Revision:
    """What the act would change, without doing or proposing it: to a county everything, to a hospital its own bills.

    `bill` and `on`: as a correction has them.

    Raises Faults: `settlement-unknown`, `person-unknown`, and as the act.
    """
    origin = None
    if settlement is None:
        whose.own_person(person)
    else:
        row = whose.own(settlement)
        assert row.person_id == person, "a bill is previewed with its person"
        origin = row.origin
        if bill is not None:
            _may_stand_for(row, bill, on or bill.date)
    with as_system():
        steps, _ = history_with(Asked(act, person, origin, bill))
    found = differences(steps)
    return Revision(state="preview" if found else "nothing", differences=_shown(found))


def approve(*, proposal: int, on: date, reason: str = "") -> Revision:
    """The scope's county consents, by somebody else than who proposed it; the last one's consent posts what was shown.

    Where the person's settlements have moved on since, so that they would be others, it is proposed anew instead.
    Raises Faults: `proposal-unknown`, `proposal-decided`, `own-proposal`, `already-consented`, `bill-in-future`, and
    `key-taken` where the correction's key has come to stand for another bill since.
    """
    row = proposals.opened(proposal)
    if proposals.consent(row, reason):
        return _carried_out(row, on, reason)
    outbox.put(topic=CARRY_OUT, key=f"proposal:{row.pk}")  # the others may be consenting at this moment
    told = tuple(difference_read(kept) for kept in row.differences)
    return Revision(state="consented", differences=told, proposal=row.pk)


CARRY_OUT = "settlement.carry_out"
"""The errand to post what every county has consented to, once it has."""


def carry_out(*, proposal: int, on: date) -> Revision:
    """Posts what every county has consented to; nothing where one has not, or it was decided. In the system's scope."""
    row = Proposal.objects.get(pk=proposal)
    held(row.person_id)
    if not proposals.ripe(row):
        return NOTHING
    return _carried_out(row, on, "各区划都已同意")


def reject(*, proposal: int, reason: str) -> None:
    """The proposal is not followed. Raises Faults: `proposal-unknown`, `proposal-decided`, `own-proposal`."""
    proposals.decide(proposals.opened(proposal), "rejected", reason)


def _may_stand_for(row: Settlement, bill: Bill, on: date) -> None:
    """Raises Faults, all at once, where the bill cannot be a correction of the settlement's."""
    faults = unkept(bill)
    if not faults and (bill.person, bill.institution) != (row.person_id, row.institution_id):
        faults = [finding("bill-other", "更正后的账单是另一个人或另一家机构的", remedy="冲销这一笔，另行结算")]
    if bill.date > on:
        faults.append(finding("bill-in-future", f"结算日期 {bill.date} 晚于今天 {on}", "date", "核对日期"))
    if faults:
        raise Faults(faults)


# ---- one act ---------------------------------------------------------------------------------------------------------
def _asked(asked: Asked, on: date, reason: str) -> Revision:
    with as_system():
        account = held(asked.person)
        done = _done_before(asked)
        if done is not None:
            return done
        steps, counts = history_with(asked)
        found = differences(steps)
        at_once = all(difference.own for difference in found)
        none_later_than(steps, on)
        made = posted(asked, steps, counts, account, on, reason) if at_once else ()
        if not found:
            proposals.overtaken(asked)
    if not found:
        return replace(NOTHING, rows=made)
    if not at_once:
        row = proposals.proposed(asked, found, on, reason)
        return Revision(state="proposed", differences=_shown(found), proposal=row.pk)
    _record(asked, found[0].region, reason, made)
    return Revision(state="done", differences=found, rows=made)


def _carried_out(row: Proposal, on: date, reason: str) -> Revision:
    """What every county has consented to, posted; or proposed anew. The person's account is held."""
    asked = proposals.asked_of(row)
    with as_system():
        account = held(row.person_id)
        key_free(asked)
        steps, counts = history_with(asked)
        found = differences(steps)
        same = [one.as_dict() for one in found] == [difference_read(kept).as_dict() for kept in row.differences]
        made = posted(asked, steps, counts, account, on, row.reason) if same else ()
    proposals.decide(row, "approved" if same else "overtaken", reason)
    if same:
        _record(asked, row.region_id, row.reason, made)
        return Revision(state="done", differences=found, rows=made)
    if not found:
        return NOTHING
    anew = proposals.proposed(asked, found, on, row.reason)
    return Revision(state="proposed", differences=_shown(found), proposal=anew.pk)


def _shown(found: tuple[Difference, ...]) -> tuple[Difference, ...]:
    """To a hospital its own bills."""
    with connection.cursor() as cursor:
        cursor.execute("select tuodi_desk(), tuodi_institution()")
        desk, institution = cursor.fetchone()
    return tuple(one for one in found if desk != Desk.hospital.name or rows.sent_by(one, institution))


def _done_before(asked: Asked) -> Revision | None:
    """A cancellation or correction that was done already is the same again."""
    if asked.origin is None:
        return None
    standing = rows.standing(asked.person, asked.origin)
    if standing.kind == "cancelled" and asked.act == "cancel":
        return Revision(state="done", differences=(), rows=(standing.pk,))
    if standing.kind == "cancelled":
        raise Faults([finding("settlement-cancelled", f"结算 {asked.origin} 已经冲销", remedy="另行结算，用新的编号")])
    return None if asked.bill is None else _corrected_before(asked, asked.bill, standing)


def _corrected_before(asked: Asked, bill: Bill, standing: Settlement) -> Revision | None:
    sent = rows.sent(standing.sender, bill.key)
    if sent is None:
        return None
    if sent.origin == asked.origin and sent.content_hash == bill.content:
        return Revision(state="done", differences=(), rows=(sent.pk,))
    raise key_taken(bill)


def _record(asked: Asked, region: str, reason: str, made: tuple[int, ...]) -> None:
    subject = f"person:{asked.person}" if asked.origin is None else f"settlement:{asked.origin}"
    audit.record(
        act=f"settlement.{asked.act}", subject=subject, region=region, reason=reason, details={"rows": list(made)}
    )
