"""Keeping a roster that was read: its rows staged, planned against what is known, and kept with plan and findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection

from tuodi.core.finding import Finding
from tuodi.platform.base import audit
from tuodi.platform.base.holiday import calendar
from tuodi.platform.registry import plan
from tuodi.platform.registry.delivery import Delivery, Mode, RosterState, RowKind, working_days_late
from tuodi.platform.registry.entry import Entry, Read, cell_place
from tuodi.platform.registry.knowing import execute, fault, one
from tuodi.platform.registry.models import Roster
from tuodi.platform.registry.name_key import initials, name_key
from tuodi.platform.registry.numbers import aligned


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Where a roster came from, and how its rows are laid out."""

    file_name: str
    content_hash: str
    push_key: str | None
    ends_given: bool
    unread: tuple[str, ...]
    columns: Mapping[str, int]


def kept(read: Read, delivery: Delivery, about: About) -> int:
    """The id of the roster that now waits for a decision. Faults: `roster-empty`."""
    if not read.entries:
        raise fault("roster-empty", "名单里没有人", "file", "表头下面每人一行")
    aligned(entry.number for entry in read.entries if entry.number is not None)
    row = _begun(delivery, about, delivery.covers or {entry.status for entry in read.entries if entry.status})
    with staged():
        _copy(read.entries)
        _recall(row)
        execute(plan.keeping(), plan_values(row))
    findings = [*read.findings, *_troubles(row.id, about.columns)]
    _keep_findings(row, findings)
    row.counts = _counts(row.id)
    row.finding_count = len(findings)
    row.plan_hash = str(one(plan.hash_as_kept(), {"roster": row.id}))
    row.save(update_fields=["counts", "finding_count", "plan_hash"])
    audit.record(
        act="roster.preview", subject=f"roster:{row.id}", region=delivery.region, details={"counts": row.counts}
    )
    return int(row.id)


def plan_hash(row: Roster) -> str:
    """The hash of what importing the roster would change by now."""
    with staged():
        execute(plan.RESTAGED, {"roster": row.id})
        _recall(row)
        return str(one(plan.hash_by_now(), plan_values(row)))


@contextmanager
def staged() -> Iterator[None]:
    """Tables of this transaction for rows to be planned: COPY doesn't go through row-level security."""
    execute(plan.PROBING, {})
    execute(plan.ROOM, {})
    execute(plan.STAGED, {})
    yield
    execute("drop table registry_staged, registry_known", {})
    execute("set local enable_seqscan = on", {})


def plan_values(row: Roster) -> dict[str, Any]:
    """What the plan's statement asks of a roster."""
    return {
        "roster": row.id, "region": row.region_id, "department": row.department, "effective": row.effective_on,
        "ends_given": row.ends_given, "overwrite": row.overwrite, "full": row.mode == Mode.full.name,
        "covers": row.covers, "certificate": row.certificate,
    }  # fmt: skip


# ---- helpers ---------------------------------------------------------------------------------------------------------

_TROUBLED = "select position, trouble from registry_roster_row where roster_id = %s and trouble <> '' order by position"
_KEEP_FINDINGS = """
insert into registry_roster_finding (roster_id, region_id, position, "column", code, message, remedy)
select * from unnest(%s::bigint[], %s::text[], %s::int[], %s::text[], %s::text[], %s::text[], %s::text[])
"""
_TALLY = "select kind, count(*) from registry_roster_row where roster_id = %s group by kind"


def _begun(delivery: Delivery, about: About, covers: Collection[str]) -> Roster:
    row: Roster = Roster.objects.create(
        region_id=delivery.region, department=delivery.department.name, mode=delivery.mode.name,
        adjusted_on=delivery.adjusted_on, effective_on=delivery.effective_on, received_on=delivery.received_on,
        days_late=working_days_late(delivery, calendar()), certificate=delivery.certificate, covers=sorted(covers),
        overwrite=delivery.overwrite, ends_given=about.ends_given, file_name=about.file_name,
        content_hash=about.content_hash, push_key=about.push_key, counts={}, finding_count=0,
        unread=list(about.unread), plan_hash="", state=RosterState.previewed.name,
    )  # fmt: skip
    return row


def _copy(entries: Iterable[Entry]) -> None:
    columns = ", ".join(plan.COLUMNS)
    with connection.cursor() as cursor, cursor.copy(f"copy registry_staged ({columns}) from stdin") as copy:
        for values in map(_values, entries):
            copy.write_row(values)


def _recall(row: Roster) -> None:
    """What is known of whom was staged; and the planner told how much it is."""
    execute("analyze registry_staged (number_index, status)", {})
    execute(plan.KNOWN, {"region": row.region_id})
    execute("analyze registry_known", {})


def _values(entry: Entry) -> tuple[object, ...]:
    """A row's values in the order of `plan.COLUMNS`; its number sealed."""
    sealed = index = None
    if entry.number is not None:
        # In this order: a value under an earlier set of keys is found again and gets its index anew.
        sealed, index = settings.SEAL.seal(entry.number), settings.SEAL.index(entry.number)
    key = name_key(entry.name)
    return (
        entry.position, entry.faulty, sealed, index, entry.name, key, initials(key),
        entry.sex.name if entry.sex else None, entry.birth_date, entry.status, entry.starts_on, entry.ends_on,
        entry.applied_on, entry.ends, entry.certificate, entry.household_number, entry.relation, entry.township,
        entry.village, entry.address,
    )  # fmt: skip


def _troubles(roster: int, columns: Mapping[str, int]) -> Iterator[Finding]:
    """What rows and the registry disagree on, with the cell."""
    with connection.cursor() as cursor:
        cursor.execute(_TROUBLED, [roster])
        for position, trouble in cursor.fetchall():
            name, message, remedy = plan.TROUBLES[trouble]
            yield Finding(code=trouble, message=message, place=cell_place(position, name, columns), remedy=remedy)


def _keep_findings(row: Roster, findings: Sequence[Finding]) -> None:
    """By row and column."""
    if not findings:
        return
    values = [
        (row.id, row.region_id, found.place.line, found.place.path, found.code, found.message, found.remedy)
        for found in sorted(findings, key=lambda found: (found.place.line, found.place.column))
    ]
    with connection.cursor() as cursor:
        cursor.execute(_KEEP_FINDINGS, [list(column) for column in zip(*values, strict=True)])


def _counts(roster: int) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(_TALLY, [roster])
        found = Counter(dict(cursor.fetchall()))
    return {kind.name: found[kind.name] for kind in RowKind}
