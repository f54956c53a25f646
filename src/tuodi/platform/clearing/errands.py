"""What `tuodi work` runs of this room: the month's statements, drawn when their day has come."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone

from tuodi.platform.base.work import Errand, Runner
from tuodi.platform.clearing import monthly, term


def _draw(errand: Errand) -> None:
    """The region whose months are drawn."""
    monthly.draw_due(region=errand.key, on=timezone.localdate(), errand=errand.number)


ERRANDS: Mapping[str, Runner] = {term.DRAW: _draw}
"""The errands that this room runs."""
