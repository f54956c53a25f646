"""How long several things take in turns, so that a drift of the machine hits all alike."""

from __future__ import annotations

import time
from collections.abc import Callable

ROUNDS = 9


def in_turns(*several: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """CPU seconds of each, the best of some rounds after one that does not count."""
    for one in several:
        one()
    best = [float("inf")] * len(several)
    for _ in range(rounds):
        for place, one in enumerate(several):
            start = time.process_time()
            one()
            best[place] = min(best[place], time.process_time() - start)
    return best
