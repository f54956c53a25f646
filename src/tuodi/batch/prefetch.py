"""An iterator that another thread runs a little ahead of its reader."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from queue import Empty, Queue
from threading import Event, Thread
from typing import TypeVar

T = TypeVar("T")


def prefetched(source: Iterator[T], ahead: int) -> Iterator[T]:
    """What the source yields, at most `ahead` of them made before they are asked for. What it raises is raised here.

    The thread ends with the iterator, also where that is left early.
    """
    made: Queue[tuple[T] | BaseException | None] = Queue(maxsize=ahead)
    left = Event()
    thread = Thread(target=_fill, args=(source, made, left), name="read", daemon=True)
    thread.start()
    try:
        while (one := made.get()) is not None:
            if isinstance(one, BaseException):
                raise one
            yield one[0]
    finally:
        left.set()
        with suppress(Empty):
            while True:
                made.get_nowait()
        thread.join()


def _fill(source: Iterator[T], made: Queue[tuple[T] | BaseException | None], left: Event) -> None:
    try:
        for one in source:
            if left.is_set():
                return
            made.put((one,))
            if left.is_set():
                return
        made.put(None)
    except BaseException as why:
        made.put(why)
