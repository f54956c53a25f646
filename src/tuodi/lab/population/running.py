"""Sums that run along each person's events."""

from __future__ import annotations

import numpy as np

from tuodi.lab.population.chance import Ints


def running(person: Ints, amounts: Ints) -> Ints:
    """What each person's amounts come to up to and with each event; persons stand together."""
    sums = np.cumsum(amounts)
    first, sizes = stretches(person)
    sums_with: Ints = sums - np.repeat((sums - amounts)[first], sizes)
    return sums_with


def numbered(person: Ints) -> Ints:
    """1, 2, 3 for each person's events."""
    return running(person, np.ones(len(person), np.int64))


def stretches(values: Ints) -> tuple[Ints, Ints]:
    """Where each stretch of equal values begins, and how long it is; none is below 0."""
    first = np.flatnonzero(np.diff(values, prepend=-1))
    return first, np.diff(np.append(first, len(values)))
