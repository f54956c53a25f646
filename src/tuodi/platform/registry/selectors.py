"""Reading the registry for pages: persons masked, a person's time line, searches, households, rosters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import connection

from tuodi.language.model import INSURANCES, STATUSES
from tuodi.platform.base.seal import masked_name, masked_number
from tuodi.platform.registry import models
from tuodi.platform.registry.certificate import Certificate, Listed
from tuodi.platform.registry.delivery import Mode, RosterState, RowKind
from tuodi.platform.registry.domain import Department, Sex
from tuodi.platform.registry.identity import compact

PAGE = 50
_NUMBER = re.compile(r"[0-9]{17}[0-9Xx]\Z", re.ASCII)
_LATIN = re.compile(r"[a-zA-Z ']+\Z", re.ASCII)
_LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonView:
    """A person as a page shows them: name and number masked. `classes`: the statuses held on the day asked about."""

    id: int
    name: str
    number: str
    sex: Sex
    birth_date: date
    region: str
    region_name: str
    household: int | None
    relation: str
    insurance: str
    classes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Knowledge about a person over days: `known_until` None is what we know now, else what we knew until then."""

    id: int
    kind: str
    word: str
    label: str
    starts_on: date
    ends_on: date | None
    applied_on: date | None
    department: str
    certificate: str
    known_from: datetime
    known_until: datetime | None
    supersedes: int | None
    roster: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """All that was ever known, by first day; and the changes of the past, latest first."""

    statuses: tuple[Band, ...]
    insurance: tuple[Band, ...]
    changes: tuple[ChangeView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeView:
    """What was known of the days from `from_day` on was changed at that moment."""

    id: int
    person: int
    from_day: date
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A person as a hospital is told, wherever they are enrolled."""

    id: int
    region: str
    name: str
    sex: Sex
    birth_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdView:
    """A household with its members, masked."""

    id: int
    number: str
    township: str
    village: str
    address: str
    members: tuple[PersonView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterView:
    """A roster: how it came, what it would change or has changed. `days_late` None: the year's holidays are unknown."""

    id: int
    region: str
    department: Department
    mode: Mode
    adjusted_on: date
    effective_on: date
    received_on: date
    days_late: int | None
    certificate: str
    covers: tuple[str, ...]
    overwrite: bool
    file_name: str
    unread: tuple[str, ...]
    counts: Mapping[RowKind, int]
    finding_count: int
    at: datetime
    state: RosterState
    changed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterRowView:
    """A row of a roster, masked: what it would do to whom, and what was known."""

    position: int | None
    kind: RowKind
    name: str
    number: str
    person: int | None
    status: str
    starts_on: date | None
    ends_on: date | None
    known: tuple[date, date | None] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CellFinding:
    """What is wrong with a cell of a roster's file: row and column as the file shows them."""

    row: int
    column: str
    code: str
    message: str
    remedy: str


# ---- persons ---------------------------------------------------------------------------------------------------------

_VIEW = """
select p.id, p.name, p.number_sealed, p.sex, p.birth_date, p.region_id, r.name, p.household_id, p.relation,
  coalesce((select i.kind from registry_insurance i where i.person_id = p.id and i.known_until is null
    and i.starts_on <= %(day)s and (i.ends_on is null or %(day)s < i.ends_on)), 'none'),
  coalesce((select array_agg(s.status order by s.starts_on, s.status) from registry_status s
    where s.person_id = p.id and s.known_until is null
      and s.starts_on <= %(day)s and (s.ends_on is null or %(day)s < s.ends_on)), '{{}}')
from registry_person p join base_region r on r.code = p.region_id
where {which} order by p.name_key, p.id limit %(most)s
"""


def person(person: int, *, day: date) -> PersonView | None:
    """The person, with the insurance and statuses of the day; None where there is none within the scope."""
    return next(iter(_views("p.id = %(person)s", {"person": person}, day, 1)), None)


def search(text: str, *, day: date, most: int = PAGE) -> list[PersonView]:
    """By the whole number, by the beginning of the name, or by its pinyin: syllables or their first letters."""
    number = compact(text)
    if _NUMBER.match(number):
        return _views("p.number_index = any(%(indexes)s)", {"indexes": settings.SEAL.indexes(number)}, day, most)
    wanted = text.strip()
    if not wanted:
        return []
    if _LATIN.match(wanted):
        typed = wanted.lower().replace("'", " ")
        values = {"initials": typed.replace(" ", ""), "key": typed, "last": _LAST}
        return _views(
            f"({_starts('name_initials', 'initials')} or {_starts('name_key', 'key')} or {_JOINED})", values, day, most
        )
    return _views(_starts("name", "name"), {"name": wanted, "last": _LAST}, day, most)


def whereabouts(number: str) -> Found | None:
    """Who has the number, in whichever county: for hospitals, and for whoever sees that county anyway."""
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [settings.SEAL.indexes(compact(number))])
        row = cursor.fetchone()
    if row is None:
        return None
    return Found(id=row[0], region=row[1], name=row[2], sex=Sex[row[3]], birth_date=row[4])


def timeline(person: int) -> Timeline:
    """Everything that is or was known of a person."""
    statuses = models.Status.objects.filter(person_id=person).order_by("starts_on", "known_from", "id")
    insurance = models.Insurance.objects.filter(person_id=person).order_by("starts_on", "known_from", "id")
    changes = models.Change.objects.filter(person_id=person).order_by("-id")
    return Timeline(
        statuses=tuple(_status_band(row) for row in statuses),
        insurance=tuple(_insurance_band(row) for row in insurance),
        changes=tuple(_change(row) for row in changes),
    )


def changes(*, after: int = 0, most: int = 1_000) -> list[ChangeView]:
    """Changes of the past within the scope, oldest first, after the one named: for whoever settles anew."""
    return [_change(row) for row in models.Change.objects.filter(id__gt=after).order_by("id")[:most]]


def household(household: int, *, day: date) -> HouseholdView | None:
    """The household with its members."""
    row = models.Household.objects.filter(id=household).first()
    if row is None:
        return None
    members = _views("p.household_id = %(household)s", {"household": household}, day, 1_000)
    return HouseholdView(
        id=row.id, number=row.number, township=row.township, village=row.village, address=row.address,
        members=tuple(members),
    )  # fmt: skip


# ---- rosters ---------------------------------------------------------------------------------------------------------


def rosters(*, before: int | None = None, most: int = PAGE) -> list[RosterView]:
    """The latest first; `before` goes on from a roster's id."""
    found = models.Roster.objects.order_by("-id")
    return [_roster(row) for row in (found.filter(id__lt=before) if before else found)[:most]]


def roster(roster: int) -> RosterView | None:
    """One roster."""
    row = models.Roster.objects.filter(id=roster).first()
    return row and _roster(row)


def roster_rows(roster: int, kind: RowKind, *, start: int = 0, most: int = PAGE) -> list[RosterRowView]:
    """The rows of a kind, in the file's order; whom a full list leaves out comes last."""
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, [roster, kind.name, start, most])
        return [_row(*values) for values in cursor.fetchall()]


def roster_findings(roster: int, *, start: int = 0, most: int = PAGE) -> list[CellFinding]:
    """What is wrong, by row and column."""
    rows = models.RosterFinding.objects.filter(roster_id=roster).order_by("position", "id")[start : start + most]
    return [
        CellFinding(row=row.position, column=row.column, code=row.code, message=row.message, remedy=row.remedy)
        for row in rows
    ]


def certificate(roster: int, *, period: str, issued_on: date) -> Certificate | None:
    """What the certificate of a roster's changes says: who came and who went, numbers masked."""
    row = models.Roster.objects.filter(id=roster).select_related("region").first()
    if row is None:
        return None
    kinds = [RowKind.new.name, RowKind.ended.name]
    listed = models.RosterRow.objects.filter(roster_id=roster, kind__in=kinds).select_related("person__household")
    return Certificate(
        region=row.region.name, department=Department[row.department], period=period, issued_on=issued_on,
        listed=[_listed(one) for one in listed.order_by("kind", "position", "id")],
    )  # fmt: skip


# ---- helpers ---------------------------------------------------------------------------------------------------------

_ROWS = """
select r.position, r.kind, r.name, coalesce(r.number_sealed, p.number_sealed), p.id, r.status, r.starts_on, r.ends_on,
  o.starts_on, o.ends_on
from registry_roster_row r
left join registry_person p on p.number_index = r.number_index
left join registry_status o on o.id = r.old_id
where r.roster_id = %s and r.kind = %s order by r.position, r.id offset %s limit %s
"""
_FIND = "select f.* from unnest(%s::bytea[]) as known (number_index), registry_find(known.number_index) f"
_JOINED = (
    "replace(p.name_key, ' ', '') ~>=~ %(initials)s and replace(p.name_key, ' ', '') ~<~ (%(initials)s || %(last)s)"
)


def _starts(column: str, value: str) -> str:
    """A range, since LIKE would be asked only after row-level security and never of an index."""
    return f"(p.{column} ~>=~ %({value})s and p.{column} ~<~ (%({value})s || %(last)s))"


def _views(which: str, values: Mapping[str, Any], day: date, most: int) -> list[PersonView]:
    with connection.cursor() as cursor:
        cursor.execute(_VIEW.format(which=which), {**values, "day": day, "most": most})
        rows = cursor.fetchall()
    return [_view(*row) for row in rows]


def _view(*row: Any) -> PersonView:
    identifier, name, sealed, sex, birth, region, region_name, home, relation, insurance, classes = row
    return PersonView(
        id=identifier, name=masked_name(name), number=_masked(sealed), sex=Sex[sex], birth_date=birth, region=region,
        region_name=region_name, household=home, relation=relation, insurance=insurance, classes=tuple(classes),
    )  # fmt: skip


def _masked(sealed: Any) -> str:
    return masked_number(settings.SEAL.unseal(bytes(sealed))) if sealed is not None else ""


def _status_band(row: models.Status) -> Band:
    return Band(
        id=row.id, kind="status", word=row.status, label=STATUSES[row.status], starts_on=row.starts_on,
        ends_on=row.ends_on, applied_on=row.applied_on, department=str(Department[row.department]),
        certificate=row.certificate, known_from=row.known_from, known_until=row.known_until,
        supersedes=row.supersedes_id, roster=row.roster_id,
    )  # fmt: skip


def _insurance_band(row: models.Insurance) -> Band:
    return Band(
        id=row.id, kind="insurance", word=row.kind, label=INSURANCES[row.kind], starts_on=row.starts_on,
        ends_on=row.ends_on, applied_on=None, department="", certificate="", known_from=row.known_from,
        known_until=row.known_until, supersedes=row.supersedes_id, roster=None,
    )  # fmt: skip


def _change(row: models.Change) -> ChangeView:
    return ChangeView(id=row.id, person=row.person_id, from_day=row.from_day, at=row.at, reason=row.reason)


def _roster(row: models.Roster) -> RosterView:
    return RosterView(
        id=row.id, region=row.region_id, department=Department[row.department], mode=Mode[row.mode],
        adjusted_on=row.adjusted_on, effective_on=row.effective_on, received_on=row.received_on,
        days_late=row.days_late, certificate=row.certificate, covers=tuple(row.covers), overwrite=row.overwrite,
        file_name=row.file_name, unread=tuple(row.unread),
        counts={RowKind[name]: count for name, count in row.counts.items()}, finding_count=row.finding_count,
        at=row.at, state=RosterState[row.state], changed_at=row.changed_at,
    )  # fmt: skip


def _row(*values: Any) -> RosterRowView:
    position, kind, name, sealed, found, status, starts_on, ends_on, known_from, known_until = values
    return RosterRowView(
        position=position, kind=RowKind[kind], name=masked_name(name), number=_masked(sealed), person=found,
        status=status or "", starts_on=starts_on, ends_on=ends_on,
        known=(known_from, known_until) if known_from else None,
    )  # fmt: skip


def _listed(row: models.RosterRow) -> Listed:
    gone = row.kind == RowKind.ended.name
    sealed = row.number_sealed if row.number_sealed is not None else row.person.number_sealed
    home = row.person.household.number if row.person and row.person.household else ""
    return Listed(
        gone=gone, name=row.name, number=_masked(sealed), status=row.status,
        day=row.ends_on if gone else row.starts_on, household=row.household_number or home,
    )  # fmt: skip


def last_change(person: int) -> int:
    """The number of the latest change of what is known of the person's past, 0 where there is none."""
    row = models.Change.objects.filter(person_id=person).order_by("-id").values_list("id", flat=True).first()
    return row or 0


def changes_of(person: int, *, after: int) -> list[ChangeView]:
    """The person's changes after the one named, oldest first."""
    return [_change(row) for row in models.Change.objects.filter(person_id=person, id__gt=after).order_by("id")]


def household_numbered(region: str, number: str) -> int | None:
    """The county's household with that number."""
    row: int | None = (
        models.Household.objects.filter(region_id=region, number=number.strip()).values_list("id", flat=True).first()
    )
    return row
