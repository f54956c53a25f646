"""An explanation as plain dicts and lists with decimal strings, ready for JSON."""

from __future__ import annotations

from typing import Any

from tuodi.core.citation import Citation
from tuodi.core.money import format_rate
from tuodi.engine.result import yuan
from tuodi.engine.why import Explanation, LineWhy, MoveWhy


def explanation_result(why: Explanation) -> dict[str, Any]:
    """An explanation as plain data, amounts as decimal strings, rates as percentages; the text is under `text`."""
    written = {name: value for name, value in _plain(why).items() if name != "sentences"}
    return {**written, "text": why.text}


_RATES = frozenset({"rate", "times"})
_NUMBERS = frozenset({"each", "year", "key"})


def _plain(value: Any) -> Any:
    if not isinstance(value, tuple):
        return value
    if not hasattr(value, "_fields"):
        return [_plain(part) for part in value]
    return {name: _field(value, name, part) for name, part in zip(value._fields, value, strict=True)}


def _field(owner: Any, name: str, value: Any) -> Any:
    if isinstance(value, Citation):
        return {"document": value.document, "clause": value.clause}
    if not isinstance(value, int) or isinstance(value, bool) or name in _NUMBERS:
        return _plain(value)
    if isinstance(owner, MoveWhy) and owner.in_uses:
        return value
    return format_rate(value) if name in _RATES or (isinstance(owner, LineWhy) and name == "stated") else yuan(value)
