"""A made-up city for the tests of commands: small, made once for each run of the tests."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from tuodi.lab.population import make_population

_SCRATCH = tempfile.TemporaryDirectory(prefix="tuodi-test-city-")

POLICY = "liaocheng-2022-5"


@cache
def city(persons: int = 3_000, seed: int = 1) -> Path:
    """The population's folder. Nobody writes into it."""
    folder = Path(_SCRATCH.name) / f"{persons}-{seed}"
    make_population("liaocheng", persons, seed, folder)
    return folder
