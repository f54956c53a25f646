"""What a settlement rests on, so that anybody can settle it again: the same receipt always gives the same fen (INV-11).

A receipt names the policy and plan with the hash of their content, the hash of the parameters, the engine's version,
the hash of the opening counts, and the ids of the events in order. Its `chain` is a hash over all of them, over the
facts of each event and over what was paid: one more event is one more link, whatever came before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from tuodi import __version__
from tuodi.core.finding import Finding, Place
from tuodi.engine.record import Case
from tuodi.engine.settle import CaseResult, Engine, Settlement, settle_case
from tuodi.engine.situation import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """What all events of a case rest on. Hashes are SHA-256 in hexadecimal; without a plan its fields are None."""

    policy: str
    policy_hash: str
    plan: str | None
    plan_hash: str | None
    parameters_hash: str
    engine: str
    opening_hash: str

    def as_dict(self) -> dict[str, Any]:
        """The grounds as they are written."""
        return {name: getattr(self, name) for name in Grounds.__slots__}


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The receipt of one event, or of a case, which is that of its last event. `event` None: nothing is settled yet."""

    grounds: Grounds
    previous: Receipt | None
    event: str | None
    chain: str

    @property
    def events(self) -> tuple[str, ...]:
        """The ids of all events that it rests on, in order."""
        return tuple(reversed(list(self._backwards())))

    def _backwards(self) -> Iterator[str]:
        link: Receipt | None = self
        while link is not None and link.event is not None:
            yield link.event
            link = link.previous

    def as_dict(self) -> dict[str, Any]:
        """The receipt as it is written."""
        return {**self.grounds.as_dict(), "events": list(self.events), "chain": self.chain}


def receipt_of(result: CaseResult) -> Receipt:
    """The receipt of the whole case."""
    receipt = first_receipt(result.engine, result.opening)
    for settlement in result.settlements:
        receipt = next_receipt(receipt, settlement)
    return receipt


def first_receipt(engine: Engine, opening: State) -> Receipt:
    """What stands before the first event: the grounds."""
    grounds = grounds_of(engine, opening)
    return Receipt(grounds=grounds, previous=None, event=None, chain=_hash(grounds.as_dict()))


def next_receipt(previous: Receipt, settlement: Settlement) -> Receipt:
    """The receipt with one more event, at the cost of one link."""
    facts, outcome = settlement.situation, settlement.outcome
    link = (previous.chain, settlement.event.id, tuple(facts), outcome.relief, outcome.personal, outcome.refusal)
    lines = [(line[0], line[1], line[2][0]) for line in outcome.lines]
    return Receipt(
        grounds=previous.grounds,
        previous=previous,
        event=settlement.event.id,
        chain=_hash((*link, outcome.layers, lines)),
    )


def grounds_of(engine: Engine, opening: State) -> Grounds:
    """What settlements of this engine from these counts rest on."""
    policy, plan = engine.bound.policy, engine.bound.plan
    return Grounds(
        policy=policy.document.id,
        policy_hash=policy.content_hash,
        plan=plan.document.id if plan else None,
        plan_hash=plan.content_hash if plan else None,
        parameters_hash=engine.bound.parameters_hash,
        engine=__version__,
        opening_hash=_hash(sorted((repr(key), amount) for key, amount in opening.items() if amount)),
    )


def verify(receipt: dict[str, Any], engine: Engine, case: Case) -> tuple[Finding, ...]:
    """Settles the case again; a finding for each part of the written receipt that is not the same. Empty: it holds.

    Raises Faults where the case can't be settled.
    """
    again = receipt_of(settle_case(engine, case)).as_dict()
    return tuple(
        Finding(
            code="receipt-differs",
            message=f"回执的“{name}”与重算不一致：回执为 {receipt.get(name)}，重算为 {value}",
            place=Place(path=f"receipt.{name}"),
            remedy=_REMEDIES.get(name, "用当时的政策文件、参数和期初累计重算"),
        )
        for name, value in again.items()
        if receipt.get(name) != value
    )


_REMEDIES = {
    "engine": "用回执所写版本的程序重算",
    "events": "按回执所列的事件和次序重算",
    "chain": "核对各事件的内容：事实或金额与结算时不同",
}


def _hash(value: object) -> str:
    return sha256(repr(value).encode()).hexdigest()
