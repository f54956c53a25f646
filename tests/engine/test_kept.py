"""What is made from the same objects is made once, and not kept for ever."""

from __future__ import annotations

from tuodi.engine.kept import Kept


def test_the_same_objects_give_the_same_result() -> None:
    kept: Kept[list[int]] = Kept()
    source, other = object(), object()

    first = kept.of((source, None), lambda: [1])

    assert kept.of((source, None), lambda: [2]) is first
    assert [3] == kept.of((other, None), lambda: [3])
    assert [4] == kept.of((source, other), lambda: [4])


def test_the_oldest_is_let_go() -> None:
    kept: Kept[int] = Kept(most=2)
    sources = [object() for _ in range(3)]

    for place, source in enumerate(sources):
        kept.of((source,), lambda place=place: place)  # type: ignore[misc]

    assert 2 == len(kept.entries)
    assert 1 == kept.of((sources[1],), lambda: 9)
    assert 9 == kept.of((sources[0],), lambda: 9)
