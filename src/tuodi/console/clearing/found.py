"""A statement as a page asks for it: one that is not the scope's own is not there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.http import Http404

from tuodi.core.finding import Faults
from tuodi.platform.clearing import content, selectors
from tuodi.platform.clearing.selectors import Shown
from tuodi.platform.settlement import of_institutions


def seen(number: int) -> Shown:
    """The statement with its sums. Http404 where the scope does not see it, or not yet."""
    try:
        return selectors.statement(number)
    except Faults:
        raise Http404 from None


def taken_off(number: int) -> dict[int, int]:
    """What the statement disallows of each settlement, in fen, without what was withdrawn."""
    off: Counter[int] = Counter()
    for each in content.kept_on(number):
        off[each.settlement] += each.fen
    return off


def keys(settlements: Iterable[int]) -> dict[int, str]:
    """The senders' numbers of settlements, by which offices and hospitals know them."""
    return of_institutions.keys({*settlements})
