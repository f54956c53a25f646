"""What `tuodi work` runs of this room: late knowledge, policies held against everybody's bills, what was approved."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone

from tuodi.platform.base.work import Errand, Runner
from tuodi.platform.settlement import adopted, review, revision, sweep


def _review(errand: Errand) -> None:
    """A change in the registry; `change:<id>`."""
    review.look_at(change=_last(errand), on=timezone.localdate())


def _hand_out(errand: Errand) -> None:
    """The persons that a policy row concerns; `policy:<id>`, and the last one handed out before."""
    sweep.hand_out(policy=_last(errand), after=errand.payload.get("after", 0))


def _reach(errand: Errand) -> None:
    """What a policy row means for a person; `policy:<id>:person:<id>`."""
    sweep.reach(policy=int(errand.key.split(":")[1]), person=_last(errand), on=timezone.localdate())


def _carry_out(errand: Errand) -> None:
    """A proposal that its counties have consented to; `proposal:<id>`."""
    revision.carry_out(proposal=_last(errand), on=timezone.localdate())


def _last(errand: Errand) -> int:
    return int(errand.key.rpartition(":")[2])


ERRANDS: Mapping[str, Runner] = {
    "settlement.review": _review,
    adopted.SWEEP: _hand_out,
    sweep.PERSON: _reach,
    revision.CARRY_OUT: _carry_out,
}
