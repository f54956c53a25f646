"""Bills moved to where the solver finds that relief bends or jumps, a fen below and above too; and persons of any
policy that has worked cases, drawn from these."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from tests.policies.worked import policy, worked_cases
from tuodi.core.money import format_yuan, parse_yuan
from tuodi.language.model import PAYERS
from tuodi.proof.prove import prove

LARGEST = 20_000_000
PLACE_OF_DAY = slice(8, 10)


@cache
def kinks_of(folder: Path) -> tuple[int, ...]:
    """Amounts in fen at which a curve of the policy changes, with nothing of its parameters set."""
    curves = prove(policy(folder)).curves
    return tuple(sorted({kink.at for curve in curves for kink in curve.kinks}))


def moved_to_kinks(case: dict[str, Any], kinks: Sequence[int], random: Random) -> dict[str, Any]:
    """The case with some of its bills at kinks."""
    for event in case["events"]:
        if random.randrange(3) == 0 and None not in event["amounts"].values():
            event["amounts"] = _amounts(random.choice(kinks) + random.choice([-1, 0, 1]), random)
    return case


def person_like_worked(folder: Path, seed: int) -> dict[str, Any]:
    """A person with statuses and events of the folder's worked cases, mixed, on other days, with other bills."""
    random = Random(seed)
    cases = [worked.case for worked in worked_cases(folder)]
    case: dict[str, Any] = deepcopy(random.choice(cases))
    events = [event for one in cases if _alike(one, case) for event in one["events"]]
    case["person"]["id"] = f"P{seed:06d}"
    case["person"]["statuses"] = deepcopy(random.choice(cases)["person"]["statuses"])
    case["events"] = [_event(random, random.choice(events), number) for number in range(random.choice([1, 2, 3, 5, 9]))]
    return moved_to_kinks(case, kinks_of(folder) or (100_000,), random)


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _alike(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return (one.get("plan"), one.get("parameters")) == (other.get("plan"), other.get("parameters"))


def _event(random: Random, like: dict[str, Any], number: int) -> dict[str, Any]:
    event = deepcopy(like) | {"id": f"e{number}"}
    day = list(event["date"])
    day[PLACE_OF_DAY] = f"{random.randrange(1, 29):02d}"
    event["date"] = "".join(day)
    if None not in event["amounts"].values() and random.randrange(2):
        event["amounts"] = _amounts(
            random.choice([0, 1, random.randrange(1_000_000), random.randrange(LARGEST)]), random
        )
    for name, value in (event.get("facility") or {}).items():
        if isinstance(value, bool) and random.randrange(12) == 0:
            event["facility"][name] = not value
    return event


def _amounts(burden: int, random: Random) -> dict[str, str]:
    """A bill that leaves this burden in policy, after what some of the payers bear."""
    burden = max(0, burden)
    paid = {payer: random.choice([0, 0, random.randrange(500_000)]) for payer in PAYERS}
    in_policy = burden + sum(paid.values())
    total = in_policy + random.choice([0, 0, random.randrange(300_000)])
    amounts = {"total": total, "in_policy": in_policy, **paid}
    assert all(parse_yuan(format_yuan(fen)) == fen for fen in amounts.values())
    return {name: format_yuan(fen) for name, fen in amounts.items()}
