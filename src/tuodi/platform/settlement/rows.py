"""Settlements as rows: those that stand, and those that a revision puts in their place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from tuodi.core.money import parse_yuan
from tuodi.platform.settlement.adjudging import Counts
from tuodi.platform.settlement.booking import Booking, book
from tuodi.platform.settlement.domain import Payee, result_of
from tuodi.platform.settlement.history import Difference, Past, Step
from tuodi.platform.settlement.models import Account, Settlement

SENT = ("settled", "corrected")
"""Kinds of rows that a sender's bill makes; the others are made of these."""


# ---- what stands -----------------------------------------------------------------------------------------------------
def history(person: int) -> list[Settlement]:
    """The row that stands of each bill that is not cancelled, in the order in which the bills were settled."""
    latest = Settlement.objects.filter(person_id=person).order_by("origin", "-id").distinct("origin")
    return [row for row in latest if row.kind != "cancelled"]


def standing(person: int, origin: int) -> Settlement:
    """The row that stands of the bill."""
    row: Settlement = Settlement.objects.filter(person_id=person, origin=origin).order_by("-id")[0]
    return row


def sent(sender: str, key: str) -> Settlement | None:
    """What the sender's key stands for."""
    row: Settlement | None = Settlement.objects.filter(sender=sender, sender_key=key, kind__in=SENT).first()
    return row


def sent_by(difference: Difference, institution: str) -> bool:
    """Whether the settlement is the institution's own, as far as the scope sees."""
    return bool(Settlement.objects.filter(pk=difference.settlement, institution_id=institution).exists())


def past(row: Settlement) -> Past:
    """A row as a place of the person's history."""
    return Past(row.pk, row.origin, row.policy_id, row.who, row.event, written(row), row.region_id)


def written(row: Settlement) -> dict[str, Any]:
    """The event's result as the case format has it."""
    return result_of(
        row.event["id"], row.relief_fen, row.personal_fen, row.hospital_fen, row.lines, row.refusal, row.extras
    )


# ---- what is put in its place ----------------------------------------------------------------------------------------
def posted(steps: Sequence[Step], counts: Counts, account: Account, on: date, reason: str) -> tuple[int, ...]:
    """A row and its entries for each settlement that differs, or rests on other grounds; the account after them all."""
    made = tuple(_posted(step, on, reason) for step in steps if step.differs or step.rests_on_other_grounds)
    Account.objects.filter(pk=account.pk).update(state=counts, version=account.version + 1)
    return made


def _posted(step: Step, on: date, reason: str) -> int:
    old = Settlement.objects.get(pk=step.planned.past.row)
    new = Settlement.objects.create(
        origin=old.origin, replaces_id=old.pk, region_id=old.region_id, institution_id=old.institution_id,
        person_id=old.person_id, payee=old.payee, sender=old.sender, known_on=on, reason=reason,
        state_before=step.before, **_sent(step, old), **_outcome(step, old),
    )  # fmt: skip
    rows = Settlement.objects.filter(person_id=old.person_id, origin=old.origin, pk__lt=new.pk).order_by("pk")
    book(
        Booking(
            row=new.pk, rows=tuple(rows.values_list("pk", flat=True)), own=step.planned.own, payee=Payee[old.payee],
            institution=old.institution_id, region=old.region_id, happened_on=new.happened_on, on=on,
            reason=f"{reason}；settlement:{old.pk} 改为 settlement:{new.pk}",
            parts=() if step.now is None else step.now.parts,
        )
    )  # fmt: skip
    return int(new.pk)


def _sent(step: Step, old: Settlement) -> dict[str, Any]:
    """What the bill says: the corrected one, or the old one still."""
    bill = step.planned.bill
    if bill is None:
        kind = "cancelled" if step.now is None else "affected"
        return {
            "kind": kind, "sender_key": old.sender_key, "content_hash": old.content_hash, "service": old.service,
            "happened_on": old.happened_on,
        }  # fmt: skip
    return {
        "kind": "corrected", "sender_key": bill.key, "content_hash": bill.content, "service": bill.service,
        "happened_on": bill.date,
    }  # fmt: skip


def _outcome(step: Step, old: Settlement) -> dict[str, Any]:
    """What it comes to. A cancelled bill comes to nothing, and its counts move nothing."""
    event, who, now = step.planned.event, step.planned.who, step.now
    if now is None:
        return {
            "event": event, "who": who, "policy_id": old.policy_id, "engine": old.engine, "opening_hash": "",
            "chain": "", "state_after": step.before, "lines": [], "total_fen": 0, "in_policy_fen": 0, "relief_fen": 0,
            "personal_fen": 0,
        }  # fmt: skip
    outcome, result = now.settlement.outcome, now.written
    extras = {name: value for name, value in result.items() if name in ("layers", "notes")}
    return {
        "event": event, "who": who, "policy_id": now.policy, "engine": now.engine, "opening_hash": now.opening_hash,
        "chain": now.chain, "state_after": now.after, "lines": result["lines"], "refusal": result["refusal"],
        "extras": extras or None, "total_fen": parse_yuan(event["amounts"]["total"]),
        "in_policy_fen": parse_yuan(event["amounts"]["in_policy"]), "relief_fen": outcome.relief,
        "personal_fen": outcome.personal, "hospital_fen": outcome.hospital,
    }  # fmt: skip
