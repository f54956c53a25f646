"""What is worked out once from policies: they cannot be hashed, so it is kept by their identity."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(slots=True, kw_only=True)
class Kept(Generic[T]):
    """The results of the last `most` sources. An entry holds its sources, so that their identity stays theirs."""

    most: int = 64
    entries: dict[tuple[int, ...], tuple[tuple[object, ...], T]] = field(default_factory=dict)

    def of(self, sources: tuple[object, ...], make: Callable[[], T]) -> T:
        """The result made from the very same objects before, or a new one."""
        key = tuple(map(id, sources))
        entry = self.entries.get(key)
        if entry is None:
            if len(self.entries) >= self.most:
                del self.entries[next(iter(self.entries))]
            entry = self.entries[key] = (sources, make())
        return entry[1]
