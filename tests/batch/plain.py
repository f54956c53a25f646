"""Generated loops as plain Python: slow to run, and quick to have."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any
from unittest import mock

import numpy as np

from tuodi.batch import loop


def plain_loop(source: str) -> Any:
    """The function `settle` of the source, without a compiler."""
    as_it_is = SimpleNamespace(njit=lambda **_: lambda function: function)
    names: dict[str, Any] = {"numba": as_it_is, "np": np}
    exec(compile(source.replace("import numba\n", ""), "<loop>", "exec"), names)
    return names["settle"]


class PlainLoop:
    """A loop that is never compiled."""

    def __init__(self, source: str, *_: object) -> None:
        self.source = source
        self._settle = plain_loop(source)

    def __call__(self, arguments: tuple[Any, ...]) -> int:
        """Runs the function."""
        return int(self._settle(*arguments))


@contextmanager
def run_plainly() -> Iterator[None]:
    """Every loop that is made meanwhile is plain Python."""
    with mock.patch.object(loop, "Loop", PlainLoop):
        yield
