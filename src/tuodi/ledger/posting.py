"""The lines of an entry: what each movement books, split over the sources that bear it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tuodi.core.apportion import apportion
from tuodi.ledger.account import Account, Fund, Kind, Nature, Source
from tuodi.ledger.entry import Line
from tuodi.ledger.movement import Movement


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What a source bears, in basis points."""

    source: Source
    basis_points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a source bears, in fen (>= 0)."""

    source: Source
    fen: int


def split(fen: int, shares: Sequence[Share]) -> tuple[Part, ...]:
    """The amount (>= 0) over the sources, by largest remainder; the shares make 100 %, and no source is named twice."""
    assert len({share.source for share in shares}) == len(shares), "a source bears one share"
    parts = apportion(fen, [share.basis_points for share in shares])
    return tuple(Part(source=share.source, fen=part) for share, part in zip(shares, parts, strict=True))


def lines_of(movement: Movement, *, region: str, parts: Sequence[Part], party: str = "") -> tuple[Line, ...]:
    """The lines of a movement from one kind to another: a debit and a credit for each source that bears something.

    Parts of one source are added up. Without any fen there are no lines, and nothing to book.
    """
    assert all(part.fen >= 0 for part in parts), "an amount that goes the other way is another movement"
    (debit,), (credit,) = movement.debits, movement.credits
    return tuple(
        Line(account=_account(region, source, kind, party), fen=fen)
        for kind, sign in ((debit, 1), (credit, -1))
        for source in Source
        if (fen := sign * sum(part.fen for part in parts if part.source is source))
    )


def transfer(*, giver: Fund, taker: Fund, fen: int) -> tuple[Line, ...]:
    """The lines by which one fund hands money (> 0) over to another, of the same region or not."""
    assert fen > 0 and giver != taker, "a transfer goes from one fund to another"
    return (
        Line(account=_of(giver, Kind.transfer), fen=fen),
        Line(account=_of(giver, Kind.bank), fen=-fen),
        Line(account=_of(taker, Kind.bank), fen=fen),
        Line(account=_of(taker, Kind.transfer), fen=-fen),
    )


def carry_over(balances: Mapping[Account, int], *, region: str) -> tuple[Line, ...]:
    """The lines that empty a region's accounts of income, spending and transfers into what is carried over.

    Without any fen on them there are no lines, and nothing to book.
    """
    emptied = {
        account: fen
        for account, fen in balances.items()
        if account.region == region and fen and (account.kind.nature in _OF_A_YEAR or account.kind is Kind.transfer)
    }
    kept: Counter[Fund] = Counter()
    for account, fen in emptied.items():
        kept[account.fund] += fen
    lines = [Line(account=account, fen=-fen) for account, fen in emptied.items()]
    lines += [Line(account=_of(fund, Kind.carried_over), fen=fen) for fund, fen in kept.items() if fen]
    return tuple(sorted(lines, key=lambda line: line.account.order))


_OF_A_YEAR = (Nature.income, Nature.expense)


def _account(region: str, source: Source, kind: Kind, party: str) -> Account:
    return Account(region=region, source=source, kind=kind, party=party if kind.by_party else "")


def _of(fund: Fund, kind: Kind) -> Account:
    return _account(fund.region, fund.source, kind, "")
