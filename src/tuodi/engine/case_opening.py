"""Counts that a person brings along: an entry of `opening`, with its key as text, becomes an entry of the state."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from tuodi.core.money import LARGEST_FEN
from tuodi.engine.case_fields import CaseFields
from tuodi.engine.case_values import (
    FIRST_YEAR,
    Unfit,
    day_value,
    money_value,
    nearest,
    shown,
    text_value,
    whole_number,
)
from tuodi.engine.names import canonical_items, normal_name
from tuodi.engine.situation import Key
from tuodi.language.model import Catalogue, Count, Scope


def opening_count(raw: object, fields: CaseFields) -> Count:
    """The count that an entry names. Raises Unfit: unknown, or a sum of others, which is only read."""
    name = text_value(raw)
    count = fields.counts.get(name)
    if count is None:
        known = {name: count.label for name, count in fields.counts.items() if not count.sum_of}
        raise Unfit("unknown-count", f"本政策没有累计“{shown(name)}”", nearest(name, known))
    if count.sum_of:
        raise Unfit("count-read-only", f"“{count.label}”是其他累计之和，不能给出", "改给：" + "、".join(count.sum_of))
    return count


def opening_key(raw: object, count: Count, fields: CaseFields) -> Key:
    """The count's key: "2023", "life", "2023-05-10" (day of the application), "克唑替尼", several in order with "/".

    Raises Unfit.
    """
    text = text_value(raw)
    parts = _parts(text, count.per)
    if len(parts) != len(count.per):
        raise _bad_key(text, count)
    try:
        keys = tuple([_READERS[scope](part, fields.catalogues) for scope, part in zip(count.per, parts, strict=True)])
    except ValueError:
        raise _bad_key(text, count) from None
    return keys[0] if len(keys) == 1 else keys


def opening_amount(raw: object, count: Count, fields: CaseFields) -> int:
    """Fen of a decimal string in yuan; of a count of uses the whole number, as one or as text. Raises Unfit."""
    if count.id not in fields.uses:
        return money_value(raw)
    if isinstance(raw, str) and raw.isascii() and raw.isdigit() and len(raw) <= len(str(LARGEST_FEN)):
        raw = int(raw)
    return whole_number(raw, 0, LARGEST_FEN)


# ---- keys ------------------------------------------------------------------------------------------------------------


def _parts(text: str, per: Sequence[Scope]) -> list[str]:
    """One part for each scope; a "/" more belongs to the item's name."""
    parts = text.split("/")
    spare = len(parts) - len(per)
    if spare > 0 and Scope.ITEM in per:
        place = per.index(Scope.ITEM)
        parts[place : place + spare + 1] = ["/".join(parts[place : place + spare + 1])]
    return parts


def _year(text: str, _: Sequence[Catalogue]) -> int:
    if not (len(text) == 4 and text.isascii() and text.isdigit() and int(text) >= FIRST_YEAR):
        raise ValueError
    return int(text)


def _life(text: str, _: Sequence[Catalogue]) -> int:
    if text != "life":
        raise ValueError
    return 0


def _recognition(text: str, _: Sequence[Catalogue]) -> int:
    try:
        return day_value(text)[0]
    except Unfit:
        raise ValueError from None


def _item(text: str, catalogues: Sequence[Catalogue]) -> str:
    for catalogue in catalogues:
        item = canonical_items(catalogue).get(normal_name(text))
        if item is not None:
            return item
    raise ValueError


_READERS: Mapping[Scope, Callable[[str, Sequence[Catalogue]], int | str]] = {
    Scope.YEAR: _year,
    Scope.APPLIED_YEAR: _year,
    Scope.LIFE: _life,
    Scope.RECOGNITION: _recognition,
    Scope.ITEM: _item,
}
_EXAMPLES: Mapping[Scope, tuple[str, str]] = {
    Scope.YEAR: ("年度", "2023"),
    Scope.APPLIED_YEAR: ("申请救助的年度", "2023"),
    Scope.LIFE: ("终身", "life"),
    Scope.RECOGNITION: ("申请日", "2023-05-10"),
    Scope.ITEM: ("目录项目", "克唑替尼"),
}


def _bad_key(text: str, count: Count) -> Unfit:
    names = "/".join(_EXAMPLES[scope][0] for scope in count.per)
    example = "/".join(_EXAMPLES[scope][1] for scope in count.per)
    message = f"“{shown(text)}”不是“{count.label}”的键：应为{names}"
    return Unfit("bad-key", message, f"如 {example}；目录项目按目录的名称书写")
