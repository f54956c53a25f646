"""Counts: each rises by something, is read by something, and has a key at every event that touches it."""

from __future__ import annotations

from collections.abc import Iterator

from tuodi.language.model import Benefit, Count, Policy, Reached, Scope, TallyOf
from tuodi.language.reading import Kind, Reading
from tuodi.language.tree import Node
from tuodi.language.walk import atoms, conditions_of, operands, reachable


def raised_by(benefit: Benefit) -> Iterator[str]:
    """The counts that the benefit's lines make rise."""
    if benefit.above and benefit.above.count:
        yield benefit.above.count
    yield from (limit.count for limit in benefit.limits)
    if benefit.once:
        yield benefit.once


def _raising(benefit: Benefit, count: str, reading: Reading) -> Node:
    """Where the benefit names a count that it makes rise."""
    if any(limit.count == count for limit in benefit.limits):
        return reading.node(Kind.BENEFIT, benefit.id, "limit", count)
    key = "once" if benefit.once == count else "above"
    return reading.node(Kind.BENEFIT, benefit.id, key)


def counts_rise_and_are_read(policy: Policy, reading: Reading) -> None:
    """Some line, or its feed, makes a count rise; a limit, a threshold, a sum or a test reads it."""
    if {Kind.BENEFIT, Kind.COUNT, Kind.QUANTITY} & reading.unsound:
        return
    rising = {name for benefit in policy.benefits for name in raised_by(benefit)}
    read = set(_read(policy))
    for count in policy.counts.values():
        if not reading.is_mentioned(Kind.COUNT, count.id):
            continue
        node = reading.declared(Kind.COUNT, count.id)
        if count.id not in rising and not count.feed and not count.sum_of:
            reading.fault(
                "count-never-rises", node, f"累计“{count.id}”没有待遇计入", "在待遇的 above 或 limit 里写上它"
            )
        elif count.id not in read:
            reading.fault("count-never-read", node, f"累计“{count.id}”只计不用", "在限额、起付线或合计里用上它，或删去")


def _read(policy: Policy) -> Iterator[str]:
    for benefit in policy.benefits:
        yield from (limit.count for limit in benefit.limits if limit.amount)
        if benefit.above and benefit.above.count:
            yield benefit.above.count
        if benefit.once:
            yield benefit.once
        yield from (each.count for each in reachable(benefit.of, policy) if isinstance(each, TallyOf))
    for quantity in policy.quantities.values():
        yield from (each.count for each in operands(quantity) if isinstance(each, TallyOf))
    for count in policy.counts.values():
        yield from count.sum_of
        if count.feed and isinstance(count.feed.of, TallyOf):
            yield count.feed.of.count
    yield from (warning.of.count for warning in policy.warnings if isinstance(warning.of, TallyOf))
    yield from (atom.count for test in conditions_of(policy) for atom in atoms(test) if isinstance(atom, Reached))


def sums_are_only_read(policy: Policy, reading: Reading) -> None:
    """A sum is of plain counts with the same key; it limits, but only its members rise."""
    for count in policy.counts.values():
        node = reading.node(Kind.COUNT, count.id, "sum_of")
        for member in (policy.counts[name] for name in count.sum_of if name in policy.counts):
            if member.sum_of:
                reading.fault("sum-of-sums", node, f"“{member.id}”本身是合计", "直接写它的各项")
            elif (member.per, member.year_fact) != (count.per, count.year_fact):
                reading.fault("sum-of-others", node, f"“{member.id}”的期间与“{count.id}”不同，不能相加", "写相同的 per")
    for benefit in policy.benefits:
        _check_sums_in(benefit, policy, reading)


def _check_sums_in(benefit: Benefit, policy: Policy, reading: Reading) -> None:
    sums = {name: count for name, count in policy.counts.items() if count.sum_of}
    for key, name in (("above", benefit.above.count if benefit.above else None), ("once", benefit.once)):
        if name in sums:
            node = reading.node(Kind.BENEFIT, benefit.id, key)
            reading.fault("sum-is-read-only", node, f"“{name}”是合计，只能用作限额", "写其中的一项")
    limited = {limit.count for limit in benefit.limits}
    for name in limited & sums.keys():
        if limited.isdisjoint(sums[name].sum_of):
            node = reading.node(Kind.BENEFIT, benefit.id, "limit")
            message = f"受合计“{name}”限制，支付却不计入它的任何一项"
            reading.fault("sum-without-member", node, message, f"写上其中一项，如 {sums[name].sum_of[0]}: none")


def tallies_grow_by_themselves(policy: Policy, reading: Reading) -> None:
    """What a feed makes rise, no line does; a year can be chosen only of a count by year."""
    for benefit in policy.benefits:
        for name in raised_by(benefit):
            count = policy.counts.get(name)
            if count and count.feed:
                node = _raising(benefit, name, reading)
                reading.fault("tally-raised", node, f"“{name}”由 feed 计入，待遇再计就重复了", "另设一个累计数")
        for operand in reachable(benefit.of, policy):
            count = policy.counts.get(operand.count) if isinstance(operand, TallyOf) else None
            if isinstance(operand, TallyOf) and operand.year and count and Scope.YEAR not in count.per:
                node = reading.node(Kind.BENEFIT, benefit.id, "of")
                reading.fault(
                    "tally-without-year", node, f"“{count.id}”不按年度累计，不能取某一年的", "删去 year，或改 per"
                )


def scopes_have_a_key(policy: Policy, reading: Reading) -> None:
    """A count by item belongs to rules that settle item by item, one by recognition to classes with a cover."""
    covered = {each.id for each in policy.classes if any(member.cover for member in each.members)}
    for benefit in policy.benefits:
        for count in (policy.counts[name] for name in raised_by(benefit) if name in policy.counts):
            node = _raising(benefit, count.id, reading)
            if Scope.ITEM in count.per and not benefit.catalogue:
                message = f"累计“{count.id}”按项目，待遇“{benefit.id}”却不逐项结算"
                reading.fault("scope-without-key", node, message, "写 for_each_item: 项目目录，或改 per")
            if _needs_recognition(count) and not (benefit.classes and benefit.classes <= covered):
                message = f"累计“{count.id}”按一次认定，待遇“{benefit.id}”的对象却不都由申请认定"
                reading.fault("scope-without-key", node, message, "给这些类别写 cover，或改 per")


def _needs_recognition(count: Count) -> bool:
    return Scope.RECOGNITION in count.per


def uses_are_not_money(policy: Policy, reading: Reading) -> None:
    """A count of uses holds no fen."""
    uses = {benefit.once for benefit in policy.benefits if benefit.once}
    for benefit in policy.benefits:
        money = {limit.count for limit in benefit.limits}
        money |= {benefit.above.count} if benefit.above and benefit.above.count else set()
        for name in sorted(money & uses):
            node = _raising(benefit, name, reading)
            reading.fault("uses-and-money", node, f"“{name}”用于 once，记的是次数，不能又记金额", "另设一个累计数")
