"""Worked examples of a policy for its page: bills just below, at and just above each threshold and limit.

The amounts are found by asking the engine, not by reading the policy: whatever bends the relief shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tuodi.cli.witness import Witness, witnesses
from tuodi.core.finding import Faults
from tuodi.engine.bind import bind
from tuodi.engine.case import read_case
from tuodi.engine.settle import Engine, Settlement, settle_case
from tuodi.language.describe import Example, ExampleRow
from tuodi.language.model import INSURANCES, SERVICES, STATUSES, Benefit, Policy, Refuse
from tuodi.language.words import day_text

_YUAN = 100
_LARGEST = 3_000_000 * _YUAN
_USUAL = 10_000 * _YUAN


def examples(policy: Policy) -> tuple[Example, ...]:
    """One example for each benefit that heads a chain, where a case for it is found."""
    heads = [one for one in policy.benefits if one.after is None and one.layer == "relief" and not _refuses(one)]
    found = (_example(policy, head) for head in heads)
    return tuple(one for one in found if one is not None)


def _refuses(benefit: Benefit) -> bool:
    return isinstance(benefit.pay, Refuse)


def _example(policy: Policy, head: Benefit) -> Example | None:
    for witness in witnesses(policy, head):
        try:
            sweep = _Sweep(policy, witness)
            if sweep.at(_LARGEST).paid.get(head.id):
                return _told(policy, head, sweep)
        except Faults:
            continue
    return None


class _Point(NamedTuple):
    """What one bill comes to, in fen; `paid` by benefit."""

    paid: dict[str, int]
    relief: int
    personal: int


class _Sweep:
    """The same case with another amount, settled again."""

    def __init__(self, policy: Policy, witness: Witness) -> None:
        self.policy = policy
        self.witness = witness
        self.engine = Engine(bind(policy, witness.case["parameters"]))
        self.known: dict[int, _Point] = {}

    def at(self, fen: int) -> _Point:
        """Raises Faults where the case lacks something."""
        if fen not in self.known:
            case = read_case(self.witness.at(fen), self.policy)
            self.known[fen] = _point(settle_case(self.engine, case).settlements[-1])
        return self.known[fen]

    def first_above(self, line: str, paid: int) -> int:
        """The smallest amount at which the line pays more than `paid`; it never falls when the amount rises."""
        low, high = 0, _LARGEST
        while high - low > 1:
            middle = (low + high) // 2
            if self.at(middle).paid.get(line, 0) > paid:
                high = middle
            else:
                low = middle
        return high


def _point(settlement: Settlement) -> _Point:
    lines = settlement.lines
    paid: dict[str, int] = {}
    for line in lines:
        paid[line.rule.id] = paid.get(line.rule.id, 0) + line.paid
    return _Point(paid, settlement.relief, settlement.personal)


def _told(policy: Policy, head: Benefit, sweep: _Sweep) -> Example:
    labels = {benefit.id: benefit.label for benefit in policy.benefits}
    lines = list(sweep.at(_LARGEST).paid)
    amounts = dict(sorted(_amounts(sweep, lines, labels)))
    rows = []
    for total, remark in amounts.items():
        point = sweep.at(total)
        paid = tuple(point.paid.get(line, 0) for line in lines)
        rows.append(ExampleRow(total=total, paid=paid, relief=point.relief, personal=point.personal, remark=remark))
    witness = sweep.witness
    held = STATUSES[witness.status] if witness.status else "不限身份"
    return Example(
        title=f"{held}，{SERVICES[witness.service]}：{head.label}（{head.clause}）",
        measure=witness.measure,
        assumptions=_assumptions(policy, witness),
        lines=tuple(labels[line] for line in lines),
        rows=tuple(rows),
    )


def _amounts(sweep: _Sweep, lines: list[str], labels: dict[str, str]) -> Iterator[tuple[int, str]]:
    """Amounts with what is remarkable of each: the usual bill, and what lies around thresholds and limits."""
    yield _USUAL, ""
    for line in lines:
        most = sweep.at(_LARGEST).paid[line]
        begins = _down(sweep.first_above(line, 0))
        if most and begins >= _YUAN and sweep.at(0).paid.get(line, 0) == 0:
            yield from _around(begins, f"“{labels[line]}”起付线")
        if most and most == sweep.at(_LARGEST - 10_000 * _YUAN).paid.get(line, 0) != sweep.at(0).paid.get(line, 0):
            yield from _around(_up(sweep.first_above(line, most - 1)), f"“{labels[line]}”最高额")


def _around(amount: int, what: str) -> Iterator[tuple[int, str]]:
    yield amount - _YUAN, f"{what}：差1元"
    yield amount, f"{what}：恰好"
    yield amount + _YUAN, f"{what}：多1元"


def _down(fen: int) -> int:
    return fen // _YUAN * _YUAN


def _up(fen: int) -> int:
    return -(-fen // _YUAN) * _YUAN


def _assumptions(policy: Policy, witness: Witness) -> str:
    event = witness.case["events"][-1]
    parts = [INSURANCES[witness.case["person"]["insurance"]], f"{day_text(witness.day)}{SERVICES[witness.service]}"]
    if event["disease"]:
        parts.append(f"病种{event['disease']}")
    told = {name: event[name] for name, fact in policy.facts.items() if name in event and not fact.has_default}
    parts += [f"{policy.facts[name].label}：{'是' if value is True else value}" for name, value in told.items()]
    parts.append(f"定点医药机构，费用全部在政策范围{'内' if witness.in_policy else '外'}，各方均未支付")
    parts += [f"此前{policy.counts[one['count']].label}已有{one['amount']}元" for one in witness.case["opening"]]
    given = [f"{policy.parameters[name].label} {_shown(value)}" for name, value in witness.case["parameters"].items()]
    parts += [f"参数取示例值：{'、'.join(given)}"] if given else []
    return "；".join(parts) + "。"


def _shown(value: object) -> str:
    return "、".join(f"{item}{amount}" for item, amount in value.items()) if isinstance(value, dict) else str(value)
