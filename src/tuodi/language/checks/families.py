"""Families: benefits on the same quantity for different classes count in the same places, or say that they do not.

A class without a threshold must still add to the count of those who have one, or a change of class within the year
would start from nothing; a rate below 100 % without the limit that its sisters have is more likely forgotten than
meant. `above: none` and `limit: none` say that it is meant.
"""

from __future__ import annotations

from tuodi.core.money import BASIS_POINTS
from tuodi.language.model import Benefit, Fixed, Policy
from tuodi.language.reading import Kind, Reading
from tuodi.language.tree import Keyed
from tuodi.language.walk import leaves, rates


def siblings_feed_the_same_counts(policy: Policy, reading: Reading) -> None:
    """Where one class's benefit counts, that of another class on the same quantity does too, or says `none`."""
    for benefit in policy.benefits:
        siblings = [other for other in policy.benefits if _are_siblings(benefit, other)]
        counted = {other.above.count for other in siblings if other.above and other.above.count}
        if counted and benefit.above is None and not _says(benefit, "above", reading):
            _fault("above", sorted(counted), benefit, reading)
        limited = {limit.count for other in siblings for limit in other.limits}
        if limited and not benefit.limits and not _pays_all(benefit) and not _says(benefit, "limit", reading):
            _fault("limit", sorted(limited), benefit, reading)


def _are_siblings(one: Benefit, other: Benefit) -> bool:
    return (
        one.of is not None
        and one.of == other.of
        and one.layer == other.layer
        and bool(one.classes and other.classes)
        and one.classes.isdisjoint(other.classes)
        and not one.services.isdisjoint(other.services)
    )


def _pays_all(benefit: Benefit) -> bool:
    """Every rate of the benefit is 100 %: no limit is then the usual thing."""
    stated = [leaf for rate in rates(benefit) for leaf in leaves(rate)]
    return all(isinstance(leaf, Fixed) and leaf.amount == BASIS_POINTS for leaf in stated)


def _says(benefit: Benefit, key: str, reading: Reading) -> bool:
    node = reading.node(Kind.BENEFIT, benefit.id)
    return isinstance(node, Keyed) and key in node.entries


def _fault(key: str, counts: list[str], benefit: Benefit, reading: Reading) -> None:
    what, example = ("起付线", "0") if key == "above" else ("限额", "…")
    message = f"待遇“{benefit.id}”不计入“{'、'.join(counts)}”，同一口径的其他类别却计入"
    remedy = f"写 {key}: {{{counts[0]}: {example}}}；确实没有{what}、也不计入，就写 {key}: none"
    reading.fault("count-forgotten", reading.node(Kind.BENEFIT, benefit.id), message, remedy)
