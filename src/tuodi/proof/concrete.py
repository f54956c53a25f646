"""One event of an example in plain numbers: what the steps come to, without the solver and without the engine."""

from __future__ import annotations

from tuodi.engine.program import LayerProgram
from tuodi.language.model import PAYERS
from tuodi.proof.bills import ITEM_NAMES, Ground
from tuodi.proof.paths import Path
from tuodi.proof.plain import Plain
from tuodi.proof.search import Example
from tuodi.proof.walk import CountKey, ItemOf, Walk


def concrete(ground: Ground, layer: LayerProgram, path: Path, example: Example, grown: bool = False) -> Walk[int]:
    """The walk of the example's bill along the path; with `grown` of the larger bill."""
    columns = {name: _number(example, name, grown) for name in ground.bound.program.columns}
    payers = [name for name in (*PAYERS, *ground.computed_before(layer)) if name in example]
    columns |= {name: _number(example, name, grown) for name in payers}
    walk = Walk(
        numbers=Plain(),
        program=ground.bound.program,
        table=_table(ground, example),
        entry=lambda parameter, item: example[f"entry:{parameter}:{item}"],
        columns=columns,
        payers=sum(columns[name] for name in dict.fromkeys(payers)),
        opening=lambda key: _count(example, key, grown),
    )
    for chosen in path.lines:
        for item in _items(example, grown) if chosen.rule.per_item is not None else [None]:
            walk.line(chosen, item)
    walk.finish()
    return walk


def _number(example: Example, name: str, grown: bool) -> int:
    growth = {"total": "more", "in_policy": "more:in_policy"}.get(name, f"more:{name}")
    return example.get(name, example.get(f"fact:{name}", 0)) + (example.get(growth, 0) if grown else 0)


def _count(example: Example, key: CountKey, grown: bool) -> int:
    count, place = key
    drawn = example.get(f"more:count:{count}", 0) if grown else 0
    return example.get(f"count:{count}@{place}", 0) + drawn


def _items(example: Example, grown: bool) -> list[ItemOf[int] | None]:
    burdens = [example[name] for name in ("item:0", "item:1") if name in example]
    more = example.get("more:item", 0) if grown else 0
    two = any(name.endswith((f":{ITEM_NAMES[1]}", f"@{ITEM_NAMES[1]}")) for name in example)
    names = ITEM_NAMES if two else (ITEM_NAMES[0], ITEM_NAMES[0])
    return [
        ItemOf(name=name, burden=burden + (more if place == 0 else 0))
        for place, (name, burden) in enumerate(zip(names, burdens, strict=False))
    ]


def _table(ground: Ground, example: Example) -> list[int]:
    """The bound table, with the example's numbers for what is open."""
    numbers = ground.numbers(0)
    slots = zip(ground.bound.program.table, numbers, strict=True)
    return [example.get(f"parameter:{slot.parameter}@{slot.since or ''}", number) for slot, number in slots]
