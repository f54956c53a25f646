"""Qingdao 青政办发〔2018〕1号: the items of the annex, in full up to each item's yearly maximum."""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from .common import (
    IN_PATIENT,
    Case,
    Event,
    Line,
    Settled,
    fen,
    half_up,
    paid_in_year,
    plain,
    proportional,
    refused,
    replay,
)
from .lists import QINGDAO_DISEASES, QINGDAO_ITEM_NAMES

IN_FORCE = date(2018, 1, 1)
GROUPS = ("subsistence_allowance", "extreme_poverty", "orphan")
AFTER_REVIEW = Fraction(120, 100)


def settle(case: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One result per event."""
    return replay(case, settle_event)


def settle_event(case: Case, event: Event, done: Sequence[Settled]) -> Settled:
    """A line for every item that belongs to one of the event's diseases; an event without such an item is refused."""
    grounds = []
    if event.day < IN_FORCE:
        grounds.append("二(三)")
    if not event.designated:
        grounds.append("二(三)")
    if not case.holds(event.day, *GROUPS):
        grounds.append("二(一)")
    if event.service not in (*IN_PATIENT, "outpatient_chronic"):
        grounds.append("二(三)")
    of_its_diseases = items_that_count(case, event)
    items = [item for item in event.facts.get("items", []) if item_name(item) in of_its_diseases]
    if not items:
        grounds.append("附件")
    if grounds:
        return refused(event, *grounds)

    lines: list[Line] = []
    for item in items:
        lines.append(item_line(case, event, item, lines, done))
    return Settled(event=event, lines=tuple(lines))


def items_that_count(case: Case, event: Event) -> frozenset[str]:
    """The items that the annex has for the event's diseases."""
    return frozenset().union(*(items for disease, items in QINGDAO_DISEASES if disease.names_disease_of(case, event)))


def item_name(item: Mapping[str, Any]) -> str:
    """The plain name that the annex has for the item."""
    return QINGDAO_ITEM_NAMES.get(plain(item["item"]), plain(item["item"]))


def item_line(
    case: Case, event: Event, item: Mapping[str, Any], earlier: Sequence[Line], done: Sequence[Settled]
) -> Line:
    """The item's own burden, at most what is left of its maximum this year and at most what the bill leaves unpaid."""
    name = item_name(item)
    reviewed = item.get("expert_review", event.facts.get("expert_review", False))
    maximum = maximum_of(case, name)
    if reviewed:
        maximum = half_up(AFTER_REVIEW * maximum)
    paid_this_year = paid_in_year(done, event.day.year, name) + sum(
        line.paid for line in earlier if line.benefit == name
    )
    return proportional(
        name,
        "二(三)",
        fen(item["personal"]),
        Fraction(1),
        unpaid=event.unpaid - sum(line.paid for line in earlier),
        rooms=[maximum - paid_this_year],
    )


def maximum_of(case: Case, name: str) -> int:
    """The item's yearly maximum, which the agency sets."""
    for item, maximum in case.parameters["item_limits"].items():
        if plain(item) == name:
            return fen(maximum)
    raise KeyError(name)
