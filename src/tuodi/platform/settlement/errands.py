"""What `tuodi work` runs of this room: changes of the registry looked at for what they mean."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone

from tuodi.platform.base.work import Errand, Runner
from tuodi.platform.settlement import review


def _review(errand: Errand) -> None:
    """A change in the registry; `change:<id>`."""
    review.look_at(change=int(errand.key.partition(":")[2]), on=timezone.localdate())


ERRANDS: Mapping[str, Runner] = {"settlement.review": _review}
