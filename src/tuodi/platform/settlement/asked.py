"""One act on what is settled: what is asked, the person's history settled again with it, and the rows that it posts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import orjson
from django.db import IntegrityError, connection, transaction
from psycopg.errors import UniqueViolation

from tuodi.core.finding import Faults, finding
from tuodi.platform.settlement import adopted, rows
from tuodi.platform.settlement.adjudging import Counts
from tuodi.platform.settlement.domain import Bill, Facility, event_of
from tuodi.platform.settlement.facility import facility_on
from tuodi.platform.settlement.history import Planned, Step, replayed
from tuodi.platform.settlement.models import Account, Settlement


class Asked(NamedTuple):
    """The act; of a cancellation or a correction the first row of its bill, of a correction the bill as it is now.

    `adoption`: the policy row because of which a person is settled again. `draft`: one that is only looked at, as if
    it were in force. `by`: who has asked, where the background asks again.
    """

    act: str
    person: int
    origin: int | None = None
    bill: Bill | None = None
    adoption: int | None = None
    draft: int | None = None
    by: int | None = None


def held(person: int) -> Account:
    """The person's account, locked: whoever settles or revises them meanwhile waits, or settles again behind us."""
    account: Account = Account.objects.select_for_update().get(person_id=person)
    return account


def history_with(asked: Asked) -> tuple[list[Step], Counts]:
    """The person's history settled again with the act in it, and the counts after it. In the system's scope."""
    opening: Counts = Account.objects.get(person_id=asked.person).opening
    return replayed(opening, [_planned(asked, row) for row in rows.history(asked.person)])


def posted(
    asked: Asked, steps: Sequence[Step], counts: Counts, account: Account, on: date, reason: str
) -> tuple[int, ...]:
    """The rows. Who takes the correction's key at this very moment makes it `key-taken`.

    Raises Faults: `bill-in-future`, `key-taken`.
    """
    none_later_than(steps, on)
    try:
        with transaction.atomic():
            return rows.posted(steps, counts, account, on, reason)
    except IntegrityError as refused:
        why = refused.__cause__
        if asked.bill is None or not isinstance(why, UniqueViolation) or why.diag.constraint_name != "settlement_once":
            raise
        raise key_taken(asked.bill) from refused


def none_later_than(steps: Sequence[Step], on: date) -> None:
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
            finding("bill-in-future", f"结算 {row} 的日期 {day} 晚于办理日 {on}", f"settlement:{row}.date", "核对日期")
            for row, day in later.items()
        )


def key_free(asked: Asked) -> None:
    """Raises Faults: `key-taken` where the correction's key stands for a bill already, be it this one's."""
    if asked.bill is not None and asked.origin is not None:
        sender = rows.standing(asked.person, asked.origin).sender
        if rows.sent(sender, asked.bill.key) is not None:
            raise key_taken(asked.bill)


def key_taken(bill: Bill) -> Faults:
    """To be raised."""
    return Faults([finding("key-taken", f"编号 {bill.key} 已经用过", "key", "更正用一个新的编号")])


# ---- what stands in each place of the history ------------------------------------------------------------------------
def _planned(asked: Asked, row: Settlement) -> Planned:
    past, own = rows.past(row), row.origin == asked.origin
    if own and asked.bill is None:
        return Planned(past, None, past.who, past.event, None, True)
    if own and asked.bill is not None:
        who, policy = _known(row.person_id, row.region_id, asked.bill.date, None)
        return Planned(past, adopted.ready(policy), who, _corrected(row, asked.bill), asked.bill, True)
    if asked.act == "resettle":
        who, policy = _known(row.person_id, row.region_id, row.happened_on, asked.draft)
        return Planned(past, adopted.ready(policy), who, past.event, None, False)
    return Planned(past, adopted.ready(past.policy), past.who, past.event, None, False)


def _known(person: int, region: str, day: date, draft: int | None) -> tuple[dict[str, Any], int]:
    """The person on that day, and the policy row of the region, as both are known now."""
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, [person, day, region, day, draft])
        who, policy = cursor.fetchone()
    if policy is None:
        what = f"{region} 在 {day} 没有施行的政策"
        raise Faults([finding("no-policy", what, "date", "核对日期；由市级设定政策及其施行日")])
    return orjson.loads(who), int(policy)


_KNOWN = "select registry_case_person(%s, %s), settlement_policy_with(%s, %s, %s)"


def _corrected(row: Settlement, bill: Bill) -> dict[str, Any]:
    """The bill as it is now, as an event, at the hospital as it was on that day."""
    facility = facility_on(bill.institution, row.region_id, bill.date) or bill.facility
    return event_of(bill, sender=row.sender, facility=facility or Facility(**row.event["facility"]))
