"""One event settled onto the counts before it, with everything that is stored of it. Pure.

The same function settles a bill as it comes in, tries one, and settles a history again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

from tuodi import __version__
from tuodi.core.finding import Faults, Finding, finding
from tuodi.engine.case import read_case
from tuodi.engine.receipt import first_receipt, next_receipt
from tuodi.engine.result import event_result
from tuodi.engine.settle import Settlement
from tuodi.engine.situation import State
from tuodi.ledger.posting import Part
from tuodi.platform.settlement.domain import state_read, state_written
from tuodi.platform.settlement.engines import Ready

Counts = Mapping[str, list[list[Any]]]
"""A person's counts as they are stored: by policy, each [count, key, amount]."""


class Adjudged(NamedTuple):
    """An event as it was settled. `before`, `after`: the person's counts of all policies; `parts`: who bears it."""

    settlement: Settlement
    policy: int
    engine: str
    event: Mapping[str, Any]
    written: dict[str, Any]
    before: Counts
    after: Counts
    opening_hash: str
    chain: str
    parts: tuple[Part, ...]


def adjudge(ready: Ready, who: Mapping[str, Any], event: Mapping[str, Any], before: Counts) -> Adjudged:
    """The event of the person, both as in the case format, settled. Raises Faults; paths lead from the event."""
    name = ready.policy.document.id
    state = state_read(before.get(name, ()))
    settlement, opening_hash, chain = _settled(ready, who, event, state)
    parts = ready.bearing.parts(_paid(settlement))
    assert sum(part.fen for part in parts) == settlement.relief, "INV-35 the sources bear the whole relief"
    return Adjudged(
        settlement,
        ready.id,
        __version__,
        event,
        event_result(settlement),
        before,
        {**before, name: state_written(state)},
        opening_hash,
        chain,
        parts,
    )


def settled(ready: Ready, who: Mapping[str, Any], event: Mapping[str, Any], before: Counts) -> Settlement:
    """The engine's own settlement, for an explanation."""
    return _settled(ready, who, event, state_read(before.get(ready.policy.document.id, ())))[0]


def _settled(
    ready: Ready, who: Mapping[str, Any], event: Mapping[str, Any], state: State
) -> tuple[Settlement, str, str]:
    """The settlement, the hash of the counts before it, and its link; the counts move."""
    try:
        case = read_case(_case(ready, who, event), ready.policy, ready.plan)
        start = first_receipt(ready.engine, state)
        settlement = ready.engine.settle(ready.engine.person(case.person), case.events[0], state)
    except Faults as faults:
        raise Faults([_of_bill(fault) for fault in faults.findings]) from faults
    return settlement, start.grounds.opening_hash, next_receipt(start, settlement).chain


def _case(ready: Ready, who: Mapping[str, Any], event: Mapping[str, Any]) -> dict[str, Any]:
    case: dict[str, Any] = {"policy": ready.policy.document.id, "person": who, "events": [event]}
    if ready.plan is not None:
        case["plan"] = ready.plan.document.id
    return case


def _of_bill(fault: Finding) -> Finding:
    path = fault.place.path.removeprefix("events[0]").removeprefix(".")
    return finding(fault.code, fault.message, path, fault.remedy)


def _paid(settlement: Settlement) -> Counter[str]:
    paid: Counter[str] = Counter()
    for line in settlement.lines:
        paid[line.rule.id] += line.paid
    return paid
