"""Tables for people: each column with a Chinese label and what its numbers are counted in, the numbers in Arrow.

A row is a frozen dataclass whose fields, and whose properties, say what they are: `Annotated[int, Said("救助", FEN)]`.
Money stays in whole fen; whoever shows it chooses yuan or ten thousands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from enum import Enum
from typing import Annotated, Any, NamedTuple, get_args, get_origin, get_type_hints

import pyarrow as pa


class Unit(Enum):
    """What a column's numbers are counted in. Nothing there is null, and means: there is no such number."""

    TEXT = "text"
    FEN = "fen"
    NUMBER = "number"  # of persons, households, events
    RATE = "rate"  # basis points
    FLAG = "flag"
    BY_ROW = "by_row"  # whole numbers; the column `unit` says `fen`, `number` or `rate` row by row


class Said(NamedTuple):
    """A column's label and unit."""

    label: str
    unit: Unit = Unit.TEXT


class Column(NamedTuple):
    """A column of a sheet; `id` is its name in `Sheet.data`."""

    id: str
    label: str
    unit: Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table with its title; `note` says how to read it. Texts are strings, flags booleans, all else int64."""

    id: str
    title: str
    columns: tuple[Column, ...]
    data: pa.Table
    note: str = ""


def sheet(sheet_id: str, title: str, kind: type, rows: Iterable[object], note: str = "") -> Sheet:
    """The rows, all of that kind, as a sheet: fields in order, then properties that say what they are."""
    rows = tuple(rows)
    columns = columns_of(kind)
    arrays = [pa.array([_plain(getattr(row, one.id)) for row in rows], _TYPES[one.unit]) for one in columns]
    data = pa.Table.from_arrays(arrays, [one.id for one in columns])
    return Sheet(id=sheet_id, title=title, columns=columns, data=data, note=note)


def columns_of(kind: type) -> tuple[Column, ...]:
    """What the rows of that kind say of themselves."""
    return tuple(Column(name, *said) for name, said in _said(kind))


# ---- helpers ---------------------------------------------------------------------------------------------------------

_TYPES = {
    Unit.TEXT: pa.string(),
    Unit.FEN: pa.int64(),
    Unit.NUMBER: pa.int64(),
    Unit.RATE: pa.int64(),
    Unit.FLAG: pa.bool_(),
    Unit.BY_ROW: pa.int64(),
}


def _said(kind: type) -> Iterator[tuple[str, Said]]:
    hints = get_type_hints(kind, include_extras=True)
    for one in fields(kind):
        if (said := _of_hint(hints[one.name])) is not None:
            yield one.name, said
    for name, member in vars(kind).items():
        if isinstance(member, property):
            hint = get_type_hints(member.fget, include_extras=True).get("return")
            if (said := _of_hint(hint)) is not None:
                yield name, said


def _of_hint(hint: Any) -> Said | None:
    if get_origin(hint) is not Annotated:
        return None
    return next((one for one in get_args(hint)[1:] if isinstance(one, Said)), None)


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value
