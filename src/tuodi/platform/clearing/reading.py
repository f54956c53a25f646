"""What clearing reads of settlements and of the books: rows that no statement has yet, and what was booked for each.

A row changes what its institution did: a cancel or a correction is set against the institution's own last result of
the bill. Where the bill came out otherwise in between, for the person's sake, that difference is the person's. What
the ledger booked for a row is what it moves on the position: payable to the institution, less what it must give back.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Min

from tuodi.core.month import Month
from tuodi.ledger.account import Kind, Source
from tuodi.ledger.posting import Share, split
from tuodi.platform.clearing.domain.disallowance import PaidLine, paid_lines
from tuodi.platform.clearing.domain.statement import Amounts, Row
from tuodi.platform.clearing.domain.statement import Kind as RowKind
from tuodi.platform.fund import selectors as fund
from tuodi.platform.settlement import adopted, of_institutions
from tuodi.platform.settlement.domain import answer_lines
from tuodi.platform.settlement.of_institutions import Changed

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from tuodi.platform.settlement.models import Settlement

KINDS = {"settled": RowKind.settled, "corrected": RowKind.correction, "cancelled": RowKind.cancelled}
POSITION = (Kind.payable_institution, Kind.refund_due)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A row that waits for its statement, with its lines. `elsewhere`: what it takes back is another institution's."""

    row: Row
    lines: tuple[PaidLine, ...]
    elsewhere: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Undrawn:
    """What an institution has to clear that stands on no statement yet: how many rows, and their relief in fen."""

    institution: str
    rows: int
    relief: int


def pending(region: str, institution: str, until: date) -> list[Pending]:
    """What the institution settled for the region, known before the day, and stands on no statement yet."""
    return waiting(of_institutions.rows(region=region, institution=institution, before=until).filter(cleared=None))


def undrawn(region: str, month: Month) -> list[Undrawn]:
    """What of the region's bills was known by the month's end and stands on no statement yet, by institution."""
    found = of_institutions.rows(region=region, before=month.following.first).filter(cleared=None)
    return [
        Undrawn(institution=institution, rows=sums.rows, relief=sums.relief)
        for (institution,), sums in of_institutions.sums(found, "institution_id").items()
    ]


def first_undrawn(region: str) -> Month | None:
    """The first month of which something stands on no statement yet."""
    day = of_institutions.rows(region=region).filter(cleared=None).aggregate(first=Min("known_on"))["first"]
    return None if day is None else Month.of(day)


def waiting(found: QuerySet[Settlement]) -> list[Pending]:
    """These settlements as rows of statements, in the order of settling."""
    changes = [*of_institutions.changes(found)]
    booked = booked_for({each.id: each.takes_back for each in changes})
    return [_pending(each, booked.get(each.id, {})) for each in changes]


def booked_for(settlements: Mapping[int, int | None]) -> dict[int, dict[Source, int]]:
    """What the books moved for each settlement on its institution's position, by source; of the others there is no key.

    Each with the settlement that it takes back. A claim moves nothing: payable and due rise by the same.
    """
    of_cause = {cause: number for number, before in settlements.items() for cause in causes_of(number, before)}
    sums: defaultdict[int, Counter[Source]] = defaultdict(Counter)
    for cause, moved in fund.moved([*of_cause], POSITION).items():
        sums[of_cause[cause]].subtract(moved)
    return {number: {source: fen for source, fen in moved.items() if fen} for number, moved in sums.items()}


def cause_of(settlement: int) -> str:
    """Under which cause a settlement is booked."""
    return f"settlement:{settlement}"


def causes_of(settlement: int, before: int | None) -> list[str]:
    """All causes under which a settlement may have moved its institution's position."""
    own = cause_of(settlement)
    return [own] if before is None else [own, f"{own}:reverses:{cause_of(before)}"]


CAUSES = """array['settlement:' || settlement_id]
  || case when takes_back is not null
          then array['settlement:' || settlement_id || ':reverses:settlement:' || takes_back] else '{}' end"""
"""The same in the database, of a row of a statement."""


def lines_of(settlement: Changed, sources: Mapping[Source, int]) -> tuple[PaidLine, ...]:
    """The lines of the result as it stands, each with what the sources bear of it; a cancel has none.

    By the shares of the policy that settled it; where the books bear it otherwise, by the books.
    """
    paid = [(line.benefit, line.clause, line.paid) for line in answer_lines(settlement.lines)]
    if settlement.kind == "cancelled" or not paid:
        return ()
    lines = _by_shares(settlement, paid)
    borne: Counter[Source] = Counter()
    for line in lines:
        borne.update(line.sources)
    wrong = settlement.kind == "settled" and _some(borne) != _some(sources)
    return paid_lines(paid, sources) if wrong and sum(sources.values()) == settlement.stands else lines


def position(region: str, institution: str) -> dict[Source, int]:
    """What each source owes the institution, less what it has to give back."""
    owed, due = (fund.owed_to(region, kind, institution) for kind in POSITION)
    return {source: owed.get(source, 0) - due.get(source, 0) for source in Source}


def _pending(each: Changed, sources: dict[Source, int]) -> Pending:
    row = Row(
        settlement=each.id, kind=KINDS[each.kind], happened_on=each.happened_on, known_on=each.known_on,
        insurance=each.insurance, service=each.service, amounts=amounts_of(each), sources=sources,
        takes_back=each.takes_back,
    )  # fmt: skip
    return Pending(row=row, lines=lines_of(each, sources), elsewhere=each.elsewhere)


def amounts_of(changed: Changed) -> Amounts:
    """What the settlement changes for its institution; a cancel leaves nothing."""
    return Amounts(**{name: getattr(changed, name) for name in of_institutions.AMOUNTS})


def _by_shares(settlement: Changed, paid: Sequence[tuple[str, str, int]]) -> tuple[PaidLine, ...]:
    """Benefits with the same shares were split as one: so are their lines, which then keep their own numbers."""
    bearing = adopted.ready(settlement.policy).bearing
    groups: defaultdict[tuple[Share, ...], list[int]] = defaultdict(list)
    for place, (benefit, _, _) in enumerate(paid):
        groups[bearing.by_benefit.get(benefit, bearing.otherwise)].append(place)
    numbered: dict[int, PaidLine] = {}
    for shares, places in groups.items():
        parts = split(sum(paid[place][2] for place in places), shares)
        lines = paid_lines([paid[place] for place in places], {part.source: part.fen for part in parts})
        numbered.update(
            (place + 1, PaidLine(number=place + 1, benefit=line.benefit, clause=line.clause, paid=line.paid,
                                 sources=line.sources))
            for place, line in zip(places, lines, strict=True)
        )  # fmt: skip
    return tuple(numbered[number] for number in sorted(numbered))


def _some(sources: Mapping[Source, int]) -> dict[Source, int]:
    return {source: fen for source, fen in sources.items() if fen}
