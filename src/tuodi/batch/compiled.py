"""Functions that numba compiles on first use and keeps for the next run; callers see their plain types."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
from numpy.typing import NDArray

_F = TypeVar("_F", bound=Callable[..., Any])


def compiled(function: _F) -> _F:
    """The function as machine code that needs no interpreter lock. It sees changes of its own file only."""
    made: Any = numba.njit(nogil=True, cache=True, error_model="numpy")(function)
    return cast("_F", made)


def frozen(array: NDArray[Any]) -> NDArray[Any]:
    """The array as one that is not written to: what is handed to a loop is always so, and compiled for once."""
    if not array.flags.writeable:
        return array
    view = array.view()
    view.flags.writeable = False
    return view
