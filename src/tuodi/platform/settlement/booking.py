"""Settlements as entries of the fund's books: what a changed one reverses, and what its difference is.

What a hospital advanced stays the hospital's. A bill that it cancels or corrects itself is reversed with it; where a
bill changes for another reason, the person has been relieved at the counter already: the difference is theirs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tuodi.ledger.account import Kind, Source
from tuodi.ledger.entry import Entry
from tuodi.ledger.movement import Movement
from tuodi.ledger.posting import Part, lines_of
from tuodi.platform.fund import entry as books
from tuodi.platform.fund import selectors
from tuodi.platform.settlement.domain import Payee

_DIFFERENCES = (Movement.relief_to_person, Movement.recovery)
_CLAIMS = {Kind.payable_institution: Movement.claim_on_institution, Kind.payable_person: Movement.claim_on_person}


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """A row that replaces others of its bill. `rows`: all earlier ones, the first one first."""

    row: int
    rows: tuple[int, ...]
    own: bool
    payee: Payee
    institution: str
    region: str
    happened_on: date
    on: date
    reason: str
    parts: tuple[Part, ...]

    @property
    def cause(self) -> str:
        """The cause of its entry."""
        return f"settlement:{self.row}"

    @property
    def claim(self) -> str:
        """The party under which the person is owed something, or owes it: the bill's first row."""
        return f"settlement:{self.rows[0]}"

    @property
    def party(self) -> str:
        """Whom the bill itself is payable to."""
        return self.institution if self.payee is Payee.institution else self.claim


def book(booking: Booking) -> None:
    """Everything that the row moves in the books, so that its bill's entries add up to its relief (INV-35)."""
    standing = selectors.standing([cause for row in booking.rows for cause in causes(row)])
    if booking.own:
        for entry in reversed(standing):
            _reverse(booking, entry)
        _post(booking, _MOVEMENT[booking.payee], booking.parts, booking.party, booking.cause)
        return
    kept = [entry for entry in reversed(standing) if not _taken_back(booking, entry)]
    more, less = _by_sign(_wanted(booking.parts), _borne(kept))
    _post(booking, Movement.relief_to_person, more, booking.claim, booking.cause)
    _post(booking, Movement.recovery, less, booking.claim, booking.cause if not more else f"{booking.cause}:recovery")


def causes(row: int) -> tuple[str, str]:
    """The causes under which a row may have booked relief."""
    return f"settlement:{row}", f"settlement:{row}:recovery"


_MOVEMENT = {Payee.institution: Movement.relief_by_institution, Payee.person: Movement.relief_to_person}


# ---- taking back -----------------------------------------------------------------------------------------------------
def _taken_back(booking: Booking, entry: Entry) -> bool:
    """Whether an earlier difference could be reversed: not the bill's own entry, nor what was refunded already."""
    if entry.cause == booking.claim or entry.movement not in _DIFFERENCES:
        return False
    if entry.movement is Movement.recovery and any(_short(entry).values()):
        return False
    _reverse(booking, entry)
    return True


def _reverse(booking: Booking, entry: Entry) -> None:
    """The entry taken back. What was paid out of it becomes a claim first: nobody is owed less than nothing."""
    short = _short(entry)
    if any(short.values()):
        assert entry.movement is not Movement.recovery, "a refunded recovery stays"
        (kind,) = entry.movement.credits
        parts = [Part(source=source, fen=fen) for source, fen in short.items() if fen]
        party = next(line.account.party for line in entry.lines if line.account.kind is kind)
        _post(booking, _CLAIMS[kind], parts, party, f"{booking.cause}:claims:{entry.cause}")
    books.reverse(
        cause_to_reverse=entry.cause, cause=f"{booking.cause}:reverses:{entry.cause}",
        booked_on=books.booking_day(booking.on, booking.region), known_on=booking.on, reason=booking.reason,
    )  # fmt: skip


def _short(entry: Entry) -> dict[Source, int]:
    """By source, what is missing on the owed account to take the entry back; the accounts are held meanwhile."""
    owed = [line for line in entry.lines if line.account.kind.owed]
    return {line.account.source: max(0, abs(line.fen) - books.owed_held(line.account)) for line in owed}


# ---- posting ---------------------------------------------------------------------------------------------------------
def _post(booking: Booking, movement: Movement, parts: Sequence[Part], party: str, cause: str) -> None:
    lines = lines_of(movement, region=booking.region, parts=parts, party=party)
    if lines:
        books.post(
            entry=Entry(
                cause=cause, movement=movement, booked_on=books.booking_day(booking.on, booking.region),
                happened_on=booking.happened_on, known_on=booking.on, lines=lines, reason=booking.reason,
            )
        )  # fmt: skip


def _wanted(parts: Iterable[Part]) -> Counter[Source]:
    return Counter({part.source: part.fen for part in parts})


def _borne(entries: Iterable[Entry]) -> Counter[Source]:
    """What each source bears by these entries."""
    borne: Counter[Source] = Counter()
    for entry in entries:
        for line in entry.lines:
            if line.account.kind is Kind.relief:
                borne[line.account.source] += line.fen
    return borne


def _by_sign(wanted: Mapping[Source, int], borne: Mapping[Source, int]) -> tuple[list[Part], list[Part]]:
    """What the sources bear more, and less. A fen that goes against the others is only rounding, and stays where it is.

    Splitting by largest remainder can take a fen from one source while the amount grows; the person is not paid with
    one hand and asked with the other for that.
    """
    change = {source: wanted.get(source, 0) - borne.get(source, 0) for source in Source}
    ups, downs = (
        [Part(source=source, fen=abs(fen)) for source, fen in change.items() if fen * sign > 0] for sign in (1, -1)
    )
    up, down = (sum(part.fen for part in parts) for parts in (ups, downs))
    if min(up, down) >= len(Source):
        return ups, downs
    return (_less(ups, down), []) if up > down else ([], _less(downs, up))


def _less(parts: Iterable[Part], fen: int) -> list[Part]:
    """The parts, by so many fen less, the first ones first."""
    left = []
    for part in parts:
        taken = min(part.fen, fen)
        fen -= taken
        left.append(Part(source=part.source, fen=part.fen - taken))
    return left
