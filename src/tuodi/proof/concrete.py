"""One event of an example in plain numbers: what the steps come to, without the solver and without the engine."""

from __future__ import annotations

from collections.abc import Mapping

from tuodi.language.model import PAYERS
from tuodi.proof.bills import Ground
from tuodi.proof.courses import ITEM_NAMES, Course, settle
from tuodi.proof.plain import Plain
from tuodi.proof.search import Example
from tuodi.proof.walk import CountKey, ItemOf, Walk


def concrete(ground: Ground, course: Course, example: Example, grown: bool = False) -> list[Walk[int]]:
    """The walks of the example's bill along the course; with `grown` of the larger bill."""

    def start(columns: Mapping[str, int], payers: int) -> Walk[int]:
        return Walk(
            numbers=Plain(),
            program=ground.bound.program,
            table=_table(ground, example),
            entry=lambda parameter, item: example[f"entry:{parameter}:{item}"],
            columns=columns,
            payers=payers,
            opening=lambda key: _count(example, key, grown),
        )

    layers = [layer.layer.id for layer in ground.bound.program.layers]
    payers = [name for name in dict.fromkeys((*PAYERS, *layers)) if name in example]
    columns = {name: _number(example, name, grown) for name in (*ground.bound.program.columns, *payers)}
    return settle(course, start, columns, sum(columns[name] for name in payers), _items(example, grown))


def _number(example: Example, name: str, grown: bool) -> int:
    growth = {"total": "more", "in_policy": "more:in_policy"}.get(name, f"more:{name}")
    return example.get(name, example.get(f"fact:{name}", 0)) + (example.get(growth, 0) if grown else 0)


def _count(example: Example, key: CountKey, grown: bool) -> int:
    count, place = key
    drawn = example.get(f"more:count:{count}", 0) if grown else 0
    return example.get(f"count:{count}@{place}", 0) + drawn


def _items(example: Example, grown: bool) -> list[ItemOf[int]]:
    burdens = [example[name] for name in ("item:0", "item:1") if name in example]
    more = example.get("more:item", 0) if grown else 0
    names = ITEM_NAMES if has_another_item(example) else (ITEM_NAMES[0], ITEM_NAMES[0])
    return [
        ItemOf(name=name, burden=burden + (more if place == 0 else 0))
        for place, (name, burden) in enumerate(zip(names, burdens, strict=False))
    ]


def has_another_item(example: Example) -> bool:
    """Whether the example speaks of a second item, rather than of one item twice."""
    return any(name.endswith((f":{ITEM_NAMES[1]}", f"@{ITEM_NAMES[1]}")) for name in example)


def _table(ground: Ground, example: Example) -> list[int]:
    """The bound table, with the example's numbers for what is open."""
    slots = zip(ground.bound.program.table, ground.numbers(0), strict=True)
    return [example.get(f"parameter:{slot.parameter}@{slot.since or ''}", number) for slot, number in slots]
