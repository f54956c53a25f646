"""A statement as a page asks for it: one that is not the scope's own is not there."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import Http404

from tuodi.core.finding import Faults
from tuodi.platform.clearing import selectors
from tuodi.platform.clearing.selectors import Shown
from tuodi.platform.settlement.models import Settlement


def seen(number: int) -> Shown:
    """The statement whole. Http404 where the scope does not see it, or not yet."""
    try:
        return selectors.statement(number)
    except Faults:
        raise Http404 from None


def keys(settlements: Iterable[int]) -> dict[int, str]:
    """The senders' numbers of settlements, by which offices and hospitals know them."""
    return dict(Settlement.objects.filter(pk__in={*settlements}).values_list("id", "sender_key"))
