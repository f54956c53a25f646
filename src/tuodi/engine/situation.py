"""What the facts layer hands to the rules: one event of one person, without dates, statuses or texts.

`engine.facts` makes it, `engine.text` and `engine.interpret` settle it, `batch` will make the same in columns.
"""

from __future__ import annotations

from typing import NamedTuple

Key = int | str | tuple[int | str, ...]
"""Of a count, in the order of its scopes: year -> 2023, life -> 0, recognition -> the ordinal day of the application
(of its first day without one, 0 without a recognition), item -> its name, applied year -> the year. One scope stands
bare, several as a tuple."""

State = dict[tuple[str, Key], int]
"""Counts by (count id, key), in fen or uses. A missing entry is 0."""


class ItemSituation(NamedTuple):
    """One catalogue item of an event. `word` holds the event's bits and the item's own."""

    item: str  # canonical name, or as written where the catalogue does not know it
    word: int
    burden: int  # fen, what the person still bears of it


class Situation(NamedTuple):
    """One event. `columns` follows `Program.columns`: fen, whole numbers, or None where not given.

    An insurance amount is None where the plan is to compute it. `unknown` has the bits that could not be told because a
    fact is missing: only if a guard hangs on one of them is that a fault.
    """

    word: int
    unknown: int
    columns: tuple[int | None, ...]
    year: int
    recognition: int
    years: dict[str, int | None]  # by year fact
    items: tuple[ItemSituation, ...] = ()
