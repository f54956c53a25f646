"""Balances: the sum of the lines of each account."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from tuodi.ledger.account import Account
from tuodi.ledger.entry import Line, Record, entries_of


def recount(records: Iterable[Record]) -> dict[Account, int]:
    """Fen on each account by its lines alone, debits positive; accounts at 0 are left out."""
    return standing(line for entry in entries_of(records) for line in entry.lines)


def standing(lines: Iterable[Line]) -> dict[Account, int]:
    """Fen on each account by the lines; accounts at 0 are left out."""
    sums: Counter[Account] = Counter()
    for line in lines:
        sums[line.account] += line.fen
    return {account: fen for account, fen in sums.items() if fen}


def grown(account: Account, fen: int) -> int:
    """The balance as its holder reads it: positive on the side on which the account grows."""
    return account.kind.nature.side * fen
