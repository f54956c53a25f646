"""A sheet as people read it, on a page or a terminal: texts, column by column, with the unit of amounts in the head."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pyarrow as pa

from tuodi.lab.report.amounts import WAN, as_text, number, rate, wan, yuan
from tuodi.lab.report.document import Shown
from tuodi.lab.sheet import Column, Sheet, Unit

_LARGE = 100 * WAN
"""Where a sheet reaches this, its columns that reach one 万元 are shown in it."""


class Laid(NamedTuple):
    """A column as texts; `unit` of amounts, else empty. `right`: they are numbers."""

    label: str
    unit: str
    right: bool
    texts: tuple[str, ...]


def laid_out(shown: Shown) -> tuple[Laid, ...]:
    """The columns that are shown: those that say something in some row."""
    sheet = shown.sheet
    large = _large_columns(sheet)
    return tuple(
        Laid(
            label=one.label,
            unit={Unit.FEN: "万元" if one.id in large else "元"}.get(one.unit, ""),
            right=one.unit not in (Unit.TEXT, Unit.FLAG),
            texts=tuple(_texts(one, sheet.data.slice(0, shown.most), one.id in large)),
        )
        for one in sheet.columns
        if one.id not in shown.leave_out and not _is_empty(sheet.data[one.id])
    )


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _large_columns(sheet: Sheet) -> frozenset[str]:
    amounts = [one.id for one in sheet.columns if one.unit is Unit.FEN]
    reach = {name: max(map(abs, filter(None, sheet.data[name].to_pylist())), default=0) for name in amounts}
    if max(reach.values(), default=0) < _LARGE:
        return frozenset()
    return frozenset(name for name, most in reach.items() if most >= WAN)


def _is_empty(values: pa.ChunkedArray) -> bool:
    return not any(value is not None and value != "" for value in values.to_pylist())


def _texts(column: Column, data: pa.Table, in_wan: bool) -> Iterator[str]:
    values = data[column.id].to_pylist()
    units: Iterable[str | None] = data["unit"].to_pylist() if column.unit is Unit.BY_ROW else [None] * len(values)
    for value, unit in zip(values, units, strict=True):
        yield _text(value, column.unit if unit is None else Unit(unit), in_wan, by_row=unit is not None)


def _text(value: object, unit: Unit, in_wan: bool, *, by_row: bool) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if not isinstance(value, int):
        return "" if value is None else str(value)
    if by_row:
        return as_text(value, unit)
    match unit:
        case Unit.FEN:
            return wan(value) if in_wan else yuan(value)
        case Unit.RATE:
            return rate(value)
    return number(value)
