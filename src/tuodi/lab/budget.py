"""Who pays the relief, and what is left of the fund's year.

Each line is split over its budgets by largest remainder, as the engine splits it and as it is booked; the sums of many
lines are sums of such parts, and not parts of the sum.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from tuodi.batch.kernel import Ints
from tuodi.core.money import BASIS_POINTS, format_yuan
from tuodi.engine.bind import Bound
from tuodi.engine.funding import funding_of
from tuodi.lab.answers import Lines
from tuodi.lab.results import PayerRow, ReserveRow, share
from tuodi.language.model import Indicator, PayerShare, Policy

UNSAID = "文件未写明资金来源"
BY_CASE = "文件按情形分担，未拆分"


class Payer(NamedTuple):
    """A budget, and the clause that says so."""

    name: str
    clause: str


class Budgets:
    """What each budget bears, line by line, under one policy."""

    def __init__(self, bound: Bound) -> None:
        self._of_rule = {rule.index: _bearers(bound.policy, rule.id) for rule in bound.program.rules}
        self.spent: Counter[Payer] = Counter()

    def add(self, lines: Lines) -> None:
        """Some lines."""
        for rule in np.unique(lines.rule).tolist():
            payers, shares = self._of_rule[rule]
            parts = split_each(lines.paid[lines.rule == rule], shares)
            for payer, part in zip(payers, parts, strict=True):
                self.spent[payer] += int(part.sum())

    def of(self, name: str) -> int:
        """What the budget of that name bears."""
        return sum(fen for payer, fen in self.spent.items() if payer.name == name)


def split_each(amounts: Ints, shares: tuple[int, ...]) -> list[Ints]:
    """Each amount by the shares (basis points that make 100 %), as `core.apportion` splits one."""
    if len(shares) == 1:
        return [amounts]
    products = np.outer(np.array(shares, np.int64), amounts)
    parts, rests = products // BASIS_POINTS, products % BASIS_POINTS
    left = amounts - parts.sum(axis=0)
    order = np.argsort(-rests, axis=0, kind="stable")
    rank = np.argsort(order, axis=0, kind="stable")
    return list(parts + (rank < left))


def payer_rows(before: Budgets, after: Budgets) -> tuple[PayerRow, ...]:
    """Budget by budget, whatever clauses it pays by; the largest first."""
    clauses: dict[str, dict[str, None]] = {}
    for payer in (*before.spent, *after.spent):
        clauses.setdefault(payer.name, {}).setdefault(payer.clause)
    rows = [
        PayerRow(payer=name, clause="、".join(cited), before=before.of(name), after=after.of(name))
        for name, cited in clauses.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-row.before, -row.after, row.payer)))


def _bearers(policy: Policy, benefit: str) -> tuple[tuple[Payer, ...], tuple[int, ...]]:
    """The budgets of a benefit with their shares; one name where the document states no shares for it."""
    funding = funding_of(policy, benefit)
    if funding is None:
        return _whole(UNSAID, "")
    if funding.when is not None:
        return _whole(BY_CASE, funding.clause)
    if not funding.payers:
        return _whole(f"由{funding.elsewhere}规定", funding.clause)
    names = tuple(Payer(one.payer, funding.clause) for one in funding.payers)
    return names, _shares(funding.payers)


def _shares(payers: Iterable[PayerShare]) -> tuple[int, ...]:
    return tuple(one.share for one in payers)


def _whole(name: str, clause: str) -> tuple[tuple[Payer, ...], tuple[int, ...]]:
    return (Payer(name, clause),), (BASIS_POINTS,)


# ---- the fund's year -------------------------------------------------------------------------------------------------

USUAL_SURPLUS = 1500
"""The fund's rules: what is carried over shall not pass 15 % of the year's income."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fund:
    """The year that the relief is paid from, in fen: what it began with, what comes in, what else goes out."""

    income: int
    opening: int = 0
    other: int = 0

    @property
    def available(self) -> int:
        """What relief may cost at most."""
        return self.opening + self.income - self.other

    def leaves(self, reserve_rate: int) -> int:
        """What relief may cost if so much of the income (basis points) is to be left; below zero: not even nothing."""
        kept = -(-self.income * reserve_rate // BASIS_POINTS)
        return self.available - kept


def reserve_rows(policies: Mapping[str, tuple[Policy, int]], fund: Fund | None) -> tuple[ReserveRow, ...]:
    """The fund's year under each policy, with the relief that it pays; none without a fund."""
    if fund is None:
        return ()
    return tuple(_reserve_row(name, policy, relief, fund) for name, (policy, relief) in policies.items())


def _reserve_row(name: str, policy: Policy, relief: int, fund: Fund) -> ReserveRow:
    reserve = fund.available - relief
    bound, source = _surplus_bound(policy)
    return ReserveRow(
        policy=name,
        opening=fund.opening,
        income=fund.income,
        other=fund.other,
        relief=relief,
        reserve=reserve,
        ratio=_ratio(reserve, fund.income),
        bound=bound,
        source=source,
        says=_verdict(policy, reserve, bound, fund),
    )


def _verdict(policy: Policy, reserve: int, bound: int, fund: Fund) -> str:
    if reserve < 0:
        return f"收不抵支，缺口 {format_yuan(-reserve)} 元{_balance_says(policy)}"
    if BASIS_POINTS * reserve > bound * fund.income:
        over = reserve - bound * fund.income // BASIS_POINTS
        return f"结余超过上限 {format_yuan(over)} 元{_second_relief_says(policy)}"
    return "结余在上限以内"


def _surplus_bound(policy: Policy) -> tuple[int, str]:
    stated = _indicator(policy, "surplus_ratio")
    if stated is None or stated.at_most is None:
        return USUAL_SURPLUS, "医疗救助基金管理的一般要求"
    return stated.at_most, f"本文件 {stated.clause}"


def _balance_says(policy: Policy) -> str:
    stated = _indicator(policy, "yearly_balance")
    return f"，不合 {stated.clause}：{stated.label}" if stated is not None else ""


def _second_relief_says(policy: Policy) -> str:
    stated = _indicator(policy, "surplus_ratio")
    return f"；{stated.clause}：{stated.says}" if stated is not None and stated.says else ""


def _indicator(policy: Policy, name: str) -> Indicator | None:
    return next((one for one in policy.indicators if one.id == name), None)


def _ratio(reserve: int, income: int) -> int | None:
    """In basis points, half up; of a deficit the same below zero."""
    found = share(abs(reserve), income)
    return found if found is None or reserve >= 0 else -found
