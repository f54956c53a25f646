"""Numbers: each is there from the first day on, and exact after every adjustment."""

from __future__ import annotations

from datetime import date

from tuodi.core.money import BASIS_POINTS, format_rate
from tuodi.core.period import first_of_month, months_back
from tuodi.language.model import Adjust, Benefit, Cover, Fixed, Policy, Target, Value
from tuodi.language.reading import Kind, Reading
from tuodi.language.walk import leaves, rates


def dated_values_begin_in_time(policy: Policy, reading: Reading) -> None:
    """A dated value is there on the first day on which an event can be settled, by reach-back too."""
    earliest = _earliest(policy)
    for day, node in reading.dated:
        if day > earliest:
            message = f"这个数从 {day} 起才有，本文件从 {earliest} 起就会用到"
            reading.fault("date-gap", node, message, f"补上 {earliest} 起的数")


def _earliest(policy: Policy) -> date:
    start = policy.document.start
    covers = [member.cover for each in policy.classes for member in each.members if member.cover]
    return min([start, *(_reach(start, cover) for cover in covers)])


def _reach(start: date, cover: Cover) -> date:
    """The first day that an application on the first day reaches back to."""
    day = months_back(start, cover.months_before)
    return first_of_month(day) if cover.from_first_of_month else day


def adjusted_rates_are_exact(policy: Policy, reading: Reading) -> None:
    """A rate that is scaled stays a whole number of basis points, and between 0 and 100 %."""
    for benefit in policy.benefits:
        stated = {leaf.amount for rate in rates(benefit) for leaf in leaves(rate) if isinstance(leaf, Fixed)}
        for adjust in benefit.adjust:
            if adjust.changes is Target.RATE:
                for rate in sorted(stated):
                    _check_rate(rate, adjust, benefit, reading)


def _check_rate(rate: int, adjust: Adjust, benefit: Benefit, reading: Reading) -> None:
    node = reading.node(Kind.BENEFIT, benefit.id, "adjust")
    scaled = rate * (BASIS_POINTS if adjust.times is None else adjust.times)
    if scaled % BASIS_POINTS:
        times = format_rate(adjust.times or 0)
        message = f"待遇“{benefit.id}”的比例 {format_rate(rate)} 乘以 {times} 不是整数个万分点"
        reading.fault("inexact-rate", node, message, "改写成确切的比例，如 plus、minus 或 at_most")
        return
    changed = scaled // BASIS_POINTS + _largest(adjust.plus)
    if changed > BASIS_POINTS and adjust.at_most is None:
        message = f"待遇“{benefit.id}”的比例 {format_rate(rate)} 调整后达到 {format_rate(changed)}"
        reading.fault("adjusted-too-far", node, message, "写 at_most: 100%，或核对数字")
    if changed < _largest(adjust.minus) and adjust.at_least is None:
        message = f"待遇“{benefit.id}”的比例 {format_rate(rate)} 减到了 0 以下"
        reading.fault("adjusted-too-far", node, message, "写 at_least: 0%，或核对数字")


def _largest(value: Value | None) -> int:
    """The largest of the value's literals; 0 where it has none."""
    return max((leaf.amount for leaf in leaves(value) if isinstance(leaf, Fixed)), default=0)
