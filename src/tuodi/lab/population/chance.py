"""Chance in whole numbers: the same on every machine, whatever the chunks and however many workers.

Each purpose has a stream of its own for each block of persons, so that one more draw in one place moves nothing in
another. Only the raw words of the Philox generator are used, which numpy promises not to change; shares, choices and
amounts are made from them without floats, and amounts come from tables of quantiles in whole numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256
from itertools import pairwise
from math import exp
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[Any]
"""Whole numbers, of whatever width."""

Flags = NDArray[np.bool_]

MILLION = 1_000_000
"""One, in parts per million."""

_SPAN = 1 << 32


class Purpose(IntEnum):
    """What is drawn from a stream. A number never changes its meaning: populations hang on it."""

    HOUSEHOLDS = 1
    PERSONS = 2
    STATUSES = 3
    COURSES = 4
    INSURANCE = 5
    CONDITIONS = 6
    CARE = 7
    BILLS = 8
    BY_COST = 9
    WRITING = 10
    FACTS = 11
    PAYERS = 12
    ITEMS = 13
    APPLICATIONS = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """Of a city and a number: the key of all streams."""

    key: tuple[int, int]

    @classmethod
    def of(cls, city: str, number: int) -> Seed:
        """The seed of this population."""
        digest = sha256(f"tuodi population 1|{city}|{number}".encode()).digest()
        return cls(key=(int.from_bytes(digest[:8], "little"), int.from_bytes(digest[8:16], "little")))

    def stream(self, purpose: Purpose, block: int, part: int = 0) -> Chance:
        """The stream of the purpose for the block; `part` for each of several."""
        counter = np.array([0, part, block, purpose], np.uint64)
        return Chance(np.random.Philox(key=np.array(self.key, np.uint64), counter=counter))


class Chance:
    """A stream of words of 32 bits."""

    __slots__ = ("_bits",)

    def __init__(self, bits: np.random.Philox) -> None:
        self._bits = bits

    def words(self, size: int) -> Ints:
        """0 <= word < 2^32."""
        raw: Ints = self._bits.random_raw(size)
        return (raw >> np.uint64(32)).astype(np.int64)

    def below(self, bound: int | Ints, size: int) -> Ints:
        """0 <= number < bound; bounds up to 2^31."""
        numbers: Ints = self.words(size) * np.asarray(bound, np.int64) >> 32
        return numbers

    def between(self, low: int | Ints, high: int | Ints, size: int) -> Ints:
        """low <= number <= high."""
        return low + self.below(high - low + 1, size)

    def hits(self, per_million: int | Ints, size: int) -> Flags:
        """True with this chance."""
        threshold = np.asarray(per_million, np.int64) * _SPAN // MILLION
        return self.words(size) < threshold

    def picks(self, weights: Weights, size: int) -> Ints:
        """Places, as often as their weights say."""
        return weights.at(self.words(size))

    def quantiles(self, table: Quantiles, size: int) -> Ints:
        """Values of the table's distribution."""
        return table.at(self.words(size))

    def counts(self, per_mille: Ints) -> Ints:
        """Poisson counts of these means, in thousandths; means above 8 count as 8."""
        means = np.clip(per_mille, 0, _HIGHEST_MEAN)
        words = self.words(len(means))
        counts = np.zeros(len(means), np.int64)
        left = np.flatnonzero(words >= _POISSON[means, 0])
        for number in range(1, _POISSON.shape[1] + 1):
            if not len(left):
                break
            counts[left] = number
            if number < _POISSON.shape[1]:
                left = left[words[left] >= _POISSON[means[left], number]]
        return counts


# ---- choices ---------------------------------------------------------------------------------------------------------


class Weights:
    """Relative weights as thresholds among the words."""

    __slots__ = ("thresholds",)

    def __init__(self, weights: Iterable[int]) -> None:
        sums = np.cumsum(np.array(list(weights), np.int64))
        self.thresholds = np.array([int(sum_) * _SPAN // int(sums[-1]) for sum_ in sums], np.int64)

    def at(self, words: Ints) -> Ints:
        """The places at the words."""
        return np.searchsorted(self.thresholds, words, side="right")


# ---- amounts ---------------------------------------------------------------------------------------------------------

_CELLS = 10  # bits: quantiles at each 1/1024 ...
_TAIL_CELLS = 6  # ... and the highest of these cells in 64 parts


class Quantiles:
    """A distribution as its quantiles in whole numbers, straight between them. `mean` is that of the table itself."""

    __slots__ = ("_points", "mean")

    def __init__(self, points: Sequence[int]) -> None:
        body, tail = 1 << _CELLS, 1 << _TAIL_CELLS
        assert len(points) == body + tail, "a point for each edge of a cell"
        self._points = np.array(points, np.int64)
        sums = [low + high for low, high in pairwise(points)]
        numerator = sum(sums[: body - 1]) * tail + sum(sums[body - 1 :])
        self.mean = numerator // (2 * body * tail)

    def at(self, words: Ints) -> Ints:
        """The values at the words."""
        cell = words >> (32 - _CELLS)
        rest = words & ((1 << (32 - _CELLS)) - 1)
        width = np.full(len(words), 32 - _CELLS)
        tail = cell == (1 << _CELLS) - 1
        bits = 32 - _CELLS - _TAIL_CELLS
        cell = np.where(tail, cell + (rest >> bits), cell)
        rest = np.where(tail, rest & ((1 << bits) - 1), rest)
        width[tail] = bits
        low = self._points[cell]
        values: Ints = low + ((self._points[cell + 1] - low) * rest >> width)
        return values


def lognormal(spread: int) -> Quantiles:
    """Of mean a million; `spread`: the standard deviation of the logarithm, in thousandths."""
    normal, sigma = NormalDist(), spread / 1000
    shape = [exp(sigma * normal.inv_cdf(share)) for share in _shares()]
    mean = _mean(shape)
    return Quantiles([round(MILLION * value / mean) for value in shape])


def bell(mean: int, spread: int, low: int, high: int) -> Quantiles:
    """Roughly normal between two bounds."""
    normal = NormalDist(mean, spread)
    return Quantiles([min(max(round(normal.inv_cdf(share)), low), high) for share in _shares()])


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _shares() -> list[float]:
    """Where the points stand; the two ends a little inside."""
    body, tail = 1 << _CELLS, 1 << _TAIL_CELLS
    first = [place / body for place in range(body)]
    first[0] = 1 / (body * tail)
    last = [1 - 1 / body + place / (body * tail) for place in range(1, tail)]
    return [*first, *last, 1 - 1 / (body * tail * 16)]


def _mean(points: Sequence[float]) -> float:
    body, tail = 1 << _CELLS, 1 << _TAIL_CELLS
    sums = [low + high for low, high in pairwise(points)]
    return (sum(sums[: body - 1]) * tail + sum(sums[body - 1 :])) / (2 * body * tail)


_HIGHEST_MEAN = 8000
_MOST = 30


def _poisson_table() -> Ints:
    """By mean in thousandths: below which word the count is at most 0, 1, 2 and so on."""
    means = np.arange(_HIGHEST_MEAN + 1) / 1000
    term = np.array([exp(-mean / 1000) for mean in range(_HIGHEST_MEAN + 1)])
    total = term.copy()
    columns = [total.copy()]
    for number in range(1, _MOST):
        term = term * means / number
        total += term
        columns.append(total.copy())
    table: Ints = np.floor(np.minimum(np.stack(columns, axis=1), 1.0) * _SPAN).astype(np.int64)
    return table


_POISSON = _poisson_table()
