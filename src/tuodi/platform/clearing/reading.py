"""What clearing reads of settlements and of the books: rows that no statement has yet, and what was booked for each.

A row changes what its institution did: a cancel or a correction is set against the institution's own last result of
the bill. Where the bill came out otherwise in between, for the person's sake, that difference is the person's. What
the ledger booked for a row is what it moves on the position: payable to the institution, less what it must give back.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tuodi.core.month import Month
from tuodi.core.period import Period
from tuodi.ledger.account import Account, Kind, Source
from tuodi.ledger.entry import Entry
from tuodi.ledger.posting import Share, split
from tuodi.platform.clearing.domain.disallowance import PaidLine, paid_lines
from tuodi.platform.clearing.domain.statement import Amounts, Row
from tuodi.platform.clearing.domain.statement import Kind as RowKind
from tuodi.platform.fund import selectors as fund
from tuodi.platform.settlement import adopted
from tuodi.platform.settlement.domain import answer_lines
from tuodi.platform.settlement.models import Settlement

KINDS = {"settled": RowKind.settled, "corrected": RowKind.correction, "cancelled": RowKind.cancelled}
"""Kinds of settlements that are their institution's own."""
POSITION = (Kind.payable_institution, Kind.refund_due)
OF_INSTITUTIONS = {"payee": "institution", "kind__in": [*KINDS]}
AMOUNTS = (
    "origin", "kind", "region_id", "institution_id", "payee", "happened_on", "known_on", "total_fen", "in_policy_fen",
    "relief_fen", "personal_fen", "hospital_fen",
)  # fmt: skip
"""What the amounts of a row are read from; the rest of a settlement is long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A row that waits for its statement, with its lines. `elsewhere`: what it takes back is another institution's."""

    row: Row
    lines: tuple[PaidLine, ...]
    elsewhere: bool


def pending(region: str, institution: str, until: date) -> list[Pending]:
    """What the institution settled for the region, known before the day, and stands on no statement yet."""
    settlements = Settlement.objects.filter(
        **OF_INSTITUTIONS, region_id=region, institution_id=institution, known_on__lt=until, cleared=None
    )
    return waiting([*settlements.defer("event", "state_before", "state_after", "extras").order_by("id")])


def undrawn(region: str, month: Month) -> list[str]:
    """Institutions that settled something for the region by the month's end which stands on no statement yet."""
    found = Settlement.objects.filter(
        **OF_INSTITUTIONS, region_id=region, known_on__lt=month.following.first, cleared=None
    )
    return [*found.order_by("institution_id").values_list("institution_id", flat=True).distinct()]


def waiting(settlements: Sequence[Settlement]) -> list[Pending]:
    """The settlements as rows of statements."""
    before = taken_back_by(settlements)
    booked = booked_for({each.pk: before[each.pk].pk if each.pk in before else None for each in settlements})
    return [_pending(each, before.get(each.pk), booked.get(each.pk, {})) for each in settlements]


def taken_back_by(settlements: Iterable[Settlement]) -> dict[int, Settlement]:
    """For each cancel and correction the last result of its bill that was the institution's own."""
    later = {each.pk: each for each in settlements if each.pk != each.origin}
    origins = {each.origin for each in later.values()}
    own = Settlement.objects.filter(origin__in=origins, kind__in=["settled", "corrected"]).only(*AMOUNTS)
    by_origin: defaultdict[int, list[Settlement]] = defaultdict(list)
    for each in own.order_by("id"):
        by_origin[each.origin].append(each)
    return {
        number: [earlier for earlier in by_origin[each.origin] if earlier.pk < number][-1]
        for number, each in later.items()
    }


def amounts_of(settlement: Settlement, before: Settlement | None) -> Amounts:
    """What the settlement changes for its institution; a cancel leaves nothing."""
    return _standing(settlement) - (_standing(before) if before else Amounts())


def booked_for(settlements: Mapping[int, int | None]) -> dict[int, dict[Source, int]]:
    """What the books moved for each settlement on its institution's position, by source; of the others there is no key.

    Each with the settlement that it takes back. A claim moves nothing: payable and due rise by the same.
    """
    of_cause = {cause: number for number, before in settlements.items() for cause in causes_of(number, before)}
    sums: defaultdict[int, Counter[Source]] = defaultdict(Counter)
    for entry in fund.entries([*of_cause]):
        for line in entry.lines:
            if line.account.kind in POSITION:
                sums[of_cause[entry.cause]][line.account.source] -= line.fen
    return {number: {source: fen for source, fen in moved.items() if fen} for number, moved in sums.items()}


def cause_of(settlement: int) -> str:
    """Under which cause a settlement is booked."""
    return f"settlement:{settlement}"


def causes_of(settlement: int, before: int | None) -> list[str]:
    """All causes under which a settlement may have moved its institution's position."""
    own = cause_of(settlement)
    return [own] if before is None else [own, f"{own}:reverses:{cause_of(before)}"]


def lines_of(settlement: Settlement, sources: Mapping[Source, int]) -> tuple[PaidLine, ...]:
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
    return paid_lines(paid, sources) if wrong and sum(sources.values()) == settlement.relief_fen else lines


def position(region: str, institution: str) -> dict[Source, int]:
    """What each source owes the institution, less what it has to give back."""
    owed, due = (fund.owed_to(region, kind, institution) for kind in POSITION)
    return {source: owed.get(source, 0) - due.get(source, 0) for source in Source}


def entries_on(region: str, institution: str, kind: Kind) -> list[Entry]:
    """Every entry that moved what is owed to, or by, the institution under the kind."""
    always = Period(start=date.min, end=None)
    accounts = [Account(region=region, source=source, kind=kind, party=institution) for source in Source]
    by_cause = {
        row.entry.cause: row.entry for account in accounts for row in fund.account_statement(account, always).rows
    }
    return [*by_cause.values()]


def _pending(settlement: Settlement, before: Settlement | None, sources: dict[Source, int]) -> Pending:
    row = Row(
        settlement=settlement.pk,
        kind=KINDS[settlement.kind],
        happened_on=settlement.happened_on,
        known_on=settlement.known_on,
        insurance=settlement.who["insurance"],
        service=settlement.service,
        amounts=amounts_of(settlement, before),
        sources=sources,
        takes_back=None if before is None else before.pk,
    )
    return Pending(row=row, lines=lines_of(settlement, sources), elsewhere=_moved(settlement, before))


def _moved(settlement: Settlement, before: Settlement | None) -> bool:
    here = (settlement.region_id, settlement.institution_id, settlement.payee)
    return before is not None and (before.region_id, before.institution_id, before.payee) != here


def _standing(settlement: Settlement) -> Amounts:
    if settlement.kind == "cancelled":
        return Amounts()
    return Amounts(
        total=settlement.total_fen,
        in_policy=settlement.in_policy_fen,
        relief=settlement.relief_fen,
        personal=settlement.personal_fen,
        hospital=settlement.hospital_fen,
    )


def _by_shares(settlement: Settlement, paid: Sequence[tuple[str, str, int]]) -> tuple[PaidLine, ...]:
    """Benefits with the same shares were split as one: so are their lines, which then keep their own numbers."""
    bearing = adopted.ready(settlement.policy_id).bearing
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
