"""An event on its way through one layer, or through several in order: the same for terms and for plain numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tuodi.engine.program import LayerProgram
from tuodi.proof.paths import Path, same_walk
from tuodi.proof.walk import ItemOf, T, Walk

ITEM_NAMES = ("", "另一项目")
"""What stands for the first item of an event, and for another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A layer, and the way that the event takes through it."""

    layer: LayerProgram
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What is asked about: a way through a layer, after the ways through those before it that are computed too.

    Of a layer that stands in no stage, what it paid is part of the bill.
    """

    stages: tuple[Stage, ...]

    @property
    def layer(self) -> LayerProgram:
        """The layer that is asked about."""
        return self.stages[-1].layer

    @property
    def path(self) -> Path:
        """The way through it."""
        return self.stages[-1].path

    @property
    def names(self) -> tuple[str, ...]:
        """The benefits on the way."""
        return self.path.benefits

    @property
    def conditions(self) -> list[Any]:
        """What must hold of the facts for the event to take this course."""
        return [stage.path.condition for stage in self.stages]

    @property
    def arithmetic(self) -> tuple[object, ...]:
        """Courses with the same arithmetic differ in facts alone."""
        return tuple((stage.layer.layer.id, same_walk(stage.path)) for stage in self.stages)

    @property
    def computed(self) -> tuple[str, ...]:
        """Layers before the last one that the course computes."""
        return tuple(stage.layer.layer.id for stage in self.stages[:-1])

    def item_lists(self) -> tuple[tuple[str, ...], ...]:
        """What items an event has: none, one, two, or one twice."""
        first, second = ITEM_NAMES
        by_item = any(stage.path.per_item for stage in self.stages)
        return ((first,), (first, second), (first, first)) if by_item else ((),)


def settle(
    course: Course,
    start: Callable[[Mapping[str, T], T], Walk[T]],
    columns: Mapping[str, T],
    payers: T,
    items: Sequence[ItemOf[T]],
) -> list[Walk[T]]:
    """A walk for each stage, up to the event's end. `start(columns, payers)` begins one."""
    walks: list[Walk[T]] = []
    for stage in course.stages:
        walk = start(columns, payers)
        if walks:
            walk.follow(walks[-1])
        _lines(walk, stage.path, items)
        columns = {**columns, stage.layer.layer.id: walk.relief}
        payers = walk.numbers.plus(payers, walk.relief)
        walks.append(walk)
    walks[-1].finish()
    return walks


def _lines(walk: Walk[T], path: Path, items: Sequence[ItemOf[T]]) -> None:
    for chosen in path.lines:
        if chosen.rule.per_item is None:
            walk.line(chosen)
        else:
            for item in items:
                walk.line(chosen, item)


def chains(layers: Sequence[tuple[LayerProgram, Sequence[Path]]], last: Stage) -> Iterator[Course]:
    """The stage after every choice of ways through the layers before it."""
    if not layers:
        yield Course(stages=(last,))
        return
    layer, paths = layers[0]
    for course in chains(layers[1:], last):
        for path in paths:
            yield Course(stages=(Stage(layer=layer, path=path), *course.stages))
