"""Departments' rosters, handed in by their programs: imported at once where no record has a fault, and only once."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal, cast

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router
from pydantic import Field, StringConstraints

from tuodi.core.finding import Faults, finding
from tuodi.gateway.at_desk.days import day_of
from tuodi.gateway.plain.findings import WRONG, Findings, FindingTold
from tuodi.gateway.plain.gate import InSession
from tuodi.gateway.plain.persons import scope_of
from tuodi.gateway.plain.words import Day, Given, Key, Line, Number, Told
from tuodi.platform.base.scope import entered
from tuodi.platform.registry import roster, selectors
from tuodi.platform.registry.delivery import Delivery, Mode, RosterState
from tuodi.platform.registry.domain import Department
from tuodi.platform.registry.entry import RosterRecord
from tuodi.platform.registry.selectors import CellFinding

router = Router(auth=InSession(), tags=["rosters"])

FINDINGS = 100
DepartmentWord = Literal[
    "civil_affairs", "veterans", "rural_revitalisation", "disabled_federation", "health", "public_security",
    "healthcare_security",
]  # fmt: skip
StateWord = Literal["previewed", "imported", "undone", "discarded"]
assert set(DepartmentWord.__args__) == set(Department.__members__)  # type: ignore[attr-defined]
assert set(StateWord.__args__) == set(RosterState.__members__)  # type: ignore[attr-defined]
StatusWord = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{0,59}$")]


class RecordGiven(Given):
    """Somebody of the roster. Days as `2026-11-28`; `change`: `add` (usual) or `end`, where the mode is `changes`."""

    name: Line
    number: Line
    status: Line | None = None
    change: Literal["add", "end"] | None = None
    starts_on: Line | None = None
    ends_on: Line | None = None
    applied_on: Line | None = None
    certificate: Line | None = None
    household_number: Line | None = None
    relation: Line | None = None
    township: Line | None = None
    village: Line | None = None
    address: Line | None = None


class RosterGiven(Given):
    """A roster. `full` names every holder of the statuses it covers: who is missing has lost theirs.

    `status`: of every record that names none. `covers`: of a full list; left out, the statuses that occur in it.
    `overwrite`: periods that contradict what is known take its place.
    """

    key: Key
    region: Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{5}$")]
    department: DepartmentWord
    mode: Literal["full", "changes"]
    adjusted_on: Day
    effective_on: Day
    received_on: Day | None = None
    certificate: Line = ""
    status: StatusWord | None = None
    covers: Annotated[list[StatusWord], Field(max_length=40)] = Field(default_factory=list)
    overwrite: bool = False
    records: Annotated[list[RecordGiven], Field(min_length=1, max_length=20_000)]


class RosterTold(Told):
    """What became of a roster. `imported`: known from now on. `previewed`: it has faults and waits for people.

    `counts`: how many records are new, continued, changed, ended, unchanged, faulty. `findings`: the first of them.
    """

    roster: Number
    state: StateWord
    counts: dict[str, int]
    finding_count: int
    findings: list[FindingTold]


class RosterShown(RosterTold):
    """A roster as it stands."""

    region: str
    department: DepartmentWord
    adjusted_on: date
    received_on: date
    at: datetime


@router.post("/rosters", response={200: RosterTold, WRONG: Findings})
def pushed(request: HttpRequest, given: RosterGiven) -> RosterTold:
    """Hands in a roster; the same key again gives the same answer."""
    today = day_of(timezone.now())
    with entered(scope_of(request)):
        done = roster.push(records=_records(given), delivery=_delivery(given, today), key=given.key, today=today)
        return RosterTold(
            roster=str(done.roster), state=done.state.name, counts=dict(done.counts),  # type: ignore[arg-type]
            finding_count=done.findings, findings=_findings(done.roster),
        )  # fmt: skip


@router.get("/rosters/{number}", response={200: RosterShown, WRONG: Findings})
def shown(request: HttpRequest, number: Number) -> RosterShown:
    """A roster of the department's, or of the county's."""
    with entered(scope_of(request)):
        row = selectors.roster(int(number))
        if row is None:
            raise Faults([finding("roster-unknown", f"没有名单 {number}，或不由您办理", "number", "核对编号")])
        return RosterShown(
            roster=number, state=row.state.name, counts={kind.name: count for kind, count in row.counts.items()},  # type: ignore[arg-type]
            finding_count=row.finding_count, findings=_findings(row.id), region=row.region,
            department=row.department.name, adjusted_on=row.adjusted_on, received_on=row.received_on, at=row.at,  # type: ignore[arg-type]
        )  # fmt: skip


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _records(given: RosterGiven) -> list[RosterRecord]:
    return [cast(RosterRecord, one.model_dump(exclude_none=True)) for one in given.records]


def _delivery(given: RosterGiven, today: date) -> Delivery:
    return Delivery(
        region=given.region, department=Department[given.department], mode=Mode[given.mode],
        adjusted_on=given.adjusted_on, effective_on=given.effective_on, received_on=given.received_on or today,
        certificate=given.certificate, status=given.status or "", covers=frozenset(given.covers),
        overwrite=given.overwrite,
    )  # fmt: skip


def _findings(number: int) -> list[FindingTold]:
    return [_finding(one) for one in selectors.roster_findings(number, most=FINDINGS)]


def _finding(one: CellFinding) -> FindingTold:
    """Records count from 0 in a program's list, and from 1 where people read them."""
    return FindingTold(
        code=one.code, message=one.message, place=f"records[{one.row - 1}].{one.column}", remedy=one.remedy
    )
