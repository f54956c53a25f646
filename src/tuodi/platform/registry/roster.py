"""Rosters: looked at, imported in one transaction as they were seen, taken back, discarded; and pushed by programs.

Looking keeps the rows with what each would do, and a hash of all that. Importing plans once more under a lock and does
it only where the hash is the same: what was seen is what is done. Nothing is deleted: taking back is new knowledge.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256

import orjson
from django.db import IntegrityError, connection, transaction

from tuodi.core.finding import Faults
from tuodi.platform.base import audit
from tuodi.platform.registry import numbers, staging, writing
from tuodi.platform.registry.columns import head
from tuodi.platform.registry.delivery import Delivery, RosterState, RowKind, delivery_findings
from tuodi.platform.registry.entry import RosterRecord, read_records, read_rows
from tuodi.platform.registry.knowing import fault, moment
from tuodi.platform.registry.models import Roster
from tuodi.platform.registry.sheet import sheets


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """What came of a program's roster: kept under `roster`; imported where no record had a fault."""

    roster: int
    state: RosterState
    counts: Mapping[str, int]
    findings: int


def preview(*, content: bytes, file_name: str, delivery: Delivery, today: date) -> int:
    """Reads a roster's file and keeps what importing it would change. Returns the roster's id.

    Faults of the file or of the delivery as a whole are raised; those of cells are kept with the roster.
    """
    _check(delivery, today)
    top = head(sheets(content))
    about = staging.About(
        file_name=file_name[:200], content_hash=sha256(content).hexdigest(), push_key=None,
        ends_given=top.has("ends_on"), unread=top.unread, columns=top.columns,
    )  # fmt: skip
    return staging.kept(read_rows(top, delivery, today), delivery, about)


def push(*, records: Sequence[RosterRecord], delivery: Delivery, key: str, today: date) -> Pushed:
    """A program hands in a roster; the same key again gives the same answer.

    Imported at once where no record has a fault, else kept for people to look at. Faults: of the delivery;
    `push-key-missing`; `push-key-reused` where the key came with other records before.
    """
    _check(delivery, today)
    if not key.strip() or len(key) > 80:
        raise fault("push-key-missing", "推送编号应为 1 至 80 个字符", "key", "每次推送用一个新编号")
    _serialise(delivery.region, delivery.department.name)
    content = _content_hash(records, delivery)
    before = Roster.objects.filter(region_id=delivery.region, department=delivery.department.name, push_key=key).first()
    if before is not None and before.content_hash != content:
        raise fault("push-key-reused", f"推送编号“{key}”已用于另一份名单", "key", "换一个编号")
    return _answer(before.id if before else _pushed_anew(records, delivery, key, content, today))


def take_in(*, roster: int, without_faulty: bool = False) -> None:
    """Imports what was looked at, whole or not at all: new persons, statuses, and the notes of a changed past.

    Faults: `roster-missing`, `roster-not-waiting`; `roster-faulty` where rows have findings and `without_faulty`
    does not leave them out; `registry-moved` where something was registered meanwhile: look again.
    """
    row = _locked(roster, RosterState.previewed)
    faulty = row.counts[RowKind.faulty.name]
    if faulty and not without_faulty:
        raise fault("roster-faulty", f"有 {faulty} 行有问题", "roster", "改正后重新上传，或选择不导入这些行")
    numbers.aligned_roster(roster)
    writing.lock_persons("select person_id from registry_roster_row where roster_id = %(roster)s", {"roster": roster})
    try:
        with transaction.atomic():
            if staging.plan_hash(row) != row.plan_hash or not writing.written(row):
                raise _moved()
    except IntegrityError as why:
        raise _moved() from why
    _finish(row, RosterState.imported, "roster.take_in", "")


def undo(*, roster: int, reason: str) -> None:
    """Takes an import back: what it superseded is known again. Persons that it enrolled stay enrolled.

    Faults: `reason-missing`, `roster-not-imported`; `roster-built-upon`, one for each record that later knowledge
    rests on.
    """
    if not reason.strip():
        raise fault("reason-missing", "没有写明撤销的理由", "reason", "写明理由")
    row = _locked(roster, RosterState.imported)
    writing.lock_persons("select person_id from registry_status where roster_id = %(roster)s", {"roster": roster})
    if findings := writing.blockers(row):
        raise Faults(findings)
    writing.taken_back(row, reason)
    _finish(row, RosterState.undone, "roster.undo", reason)


def discard(*, roster: int, reason: str = "") -> None:
    """Puts a roster that was only looked at aside, for good."""
    _finish(_locked(roster, RosterState.previewed), RosterState.discarded, "roster.discard", reason)


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _check(delivery: Delivery, today: date) -> None:
    findings = delivery_findings(delivery, today)
    with connection.cursor() as cursor:
        cursor.execute("select tuodi_desk(), registry_department(), tuodi_owns(%s)", [delivery.region])
        desk, department, owns = cursor.fetchone()
    if not owns or delivery.region.endswith("00"):
        raise fault("region-not-yours", f"区划 {delivery.region} 不由您办理", "region", "由该县（市、区）办理")
    if desk == "department" and department != delivery.department.name:
        raise fault("department-not-yours", f"不能代{delivery.department}部门报送", "department", "由该部门报送")
    if findings:
        raise Faults(findings)


def _content_hash(records: Sequence[RosterRecord], delivery: Delivery) -> str:
    """Of the records and of what came with them, but for the day on which they came: that differs when sent again."""
    about = asdict(delivery) | {
        "covers": sorted(delivery.covers), "department": delivery.department.name, "mode": delivery.mode.name,
        "received_on": None,
    }  # fmt: skip
    return sha256(orjson.dumps([about, list(records)], option=orjson.OPT_SORT_KEYS, default=str)).hexdigest()


def _pushed_anew(records: Sequence[RosterRecord], delivery: Delivery, key: str, content: str, today: date) -> int:
    about = staging.About(
        file_name="", content_hash=content, push_key=key, ends_given=any("ends_on" in record for record in records),
        unread=(), columns={},
    )  # fmt: skip
    roster = staging.kept(read_records(records, delivery, today), delivery, about)
    if not Roster.objects.get(id=roster).counts[RowKind.faulty.name]:
        take_in(roster=roster)
    return roster


def _answer(roster: int) -> Pushed:
    row = Roster.objects.get(id=roster)
    return Pushed(roster=roster, state=RosterState[row.state], counts=row.counts, findings=row.finding_count)


def _locked(roster: int, state: RosterState) -> Roster:
    """The roster in that state, locked, and no other roster of the department imported meanwhile."""
    found = Roster.objects.filter(id=roster).values_list("region_id", "department").first()
    if found is None:
        raise fault("roster-missing", "没有这份名单，或不由您办理", "roster", "核对后再办")
    _serialise(*found)
    row: Roster | None = Roster.objects.select_for_update().filter(id=roster).first()
    if row is None:
        raise fault("roster-not-yours", "只有本县（市、区）可以办理", "roster", "由该县（市、区）办理")
    if row.state != state.name:
        code = "roster-not-waiting" if state is RosterState.previewed else "roster-not-imported"
        raise fault(code, f"名单{RosterState[row.state]}", "roster", "刷新页面，按名单现在的状态办理")
    return row


def _serialise(region: str, department: str) -> None:
    """One import of a department's at a time; the others wait for the end of its transaction."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"roster:{region}:{department}"])


def _moved() -> Faults:
    return fault("registry-moved", "预览之后登记有了变化", "roster", "重新预览，确认后再导入")


def _finish(row: Roster, state: RosterState, act: str, reason: str) -> None:
    Roster.objects.filter(id=row.id).update(state=state.name, changed_at=moment())
    details = {"counts": row.counts}
    audit.record(act=act, subject=f"roster:{row.id}", region=row.region_id, reason=reason, details=details)
