"""Settlements as the result of the case format: plain dicts and lists with decimal strings, ready for JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tuodi.core.citation import Citation
from tuodi.core.finding import Finding
from tuodi.core.money import format_rate
from tuodi.engine.line import Line
from tuodi.engine.receipt import receipt_of
from tuodi.engine.settle import CaseResult, Engine, Settlement
from tuodi.engine.shape import RELIEF
from tuodi.engine.why import Explanation, LineWhy, MoveWhy

_CENTS = tuple(f".{cents:02d}" for cents in range(100))


def yuan(fen: int) -> str:
    """ "1234.50" for 123450 fen, which is >= 0: `format_yuan` for results, where one is written for every amount."""
    return f"{fen // 100}{_CENTS[fen % 100]}"


def result_of(engine: Engine, result: CaseResult, *, receipt: bool = False) -> dict[str, Any]:
    """The case's result; with `receipt` also what it rests on. Keys as in the case format."""
    case = result.case
    written: dict[str, Any] = {
        "policy": engine.bound.policy.document.id,
        "person": case.person.id,
        "events": [event_result(settlement) for settlement in result.settlements],
    }
    if receipt:
        written["receipt"] = receipt_of(result).as_dict()
    return written


def event_result(settlement: Settlement) -> dict[str, Any]:
    """One event. `layers`, `hospital` and `notes` stand only where there is something to say."""
    engine, event, situation, outcome = settlement
    refusal = settlement.refusal
    written: dict[str, Any] = {
        "id": event.id,
        "relief": yuan(outcome.relief),
        "personal": yuan(outcome.personal),
        "lines": [line_result(line) for line in settlement.all_lines if line.rule.layer == RELIEF],
        "refusal": None if refusal is None else {"clause": refusal.clause, "reason": refusal.refusal},
    }
    if outcome.layers and (layers := settlement.layers):
        written["layers"] = {layer: yuan(paid) for layer, paid in layers.items()}
    if outcome.hospital:
        written["hospital"] = yuan(outcome.hospital)
    if situation.items and engine.catalogue_bits and (notes := settlement.notes):
        written["notes"] = [{"item": note.item, "clause": note.clause, "reason": note.reason} for note in notes]
    return written


def line_result(line: Line) -> dict[str, Any]:
    """One line. `item`, `cut_by`, and of a grant `amount` and `each`, stand only where there is such a thing."""
    written: dict[str, Any] = {"benefit": line.rule.id, "clause": line.rule.clause}
    if line.item is not None:
        written["item"] = line.item
    basis = line.basis
    written["basis"] = None if basis is None else yuan(basis)
    if line.bands:
        written["parts"] = [{"amount": yuan(band.part), "rate": format_rate(band.rate)} for band in line.bands]
    elif line.rate is not None:
        written["rate"] = format_rate(line.rate)
    else:
        written.update(_grant(line))
    written["paid"] = yuan(line.paid)
    cut_by = line.cut_by
    if cut_by is not None:
        written["cut_by"] = cut_by
    return written


def _grant(line: Line) -> Mapping[str, Any]:
    assert line.amount is not None, "a line has a rate, bands or a flat amount"
    granted: dict[str, Any] = {"rate": None, "amount": yuan(line.amount)}
    if line.each is not None:
        granted["each"] = line.each
    return granted


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


def errors_of(person: str | None, findings: Iterable[Finding]) -> dict[str, Any]:
    """What stands in place of a result where a case can't be settled. `person` None: not even that was readable."""
    return {
        "person": person,
        "errors": [
            {"code": finding.code, "path": finding.place.path, "message": _message(finding)} for finding in findings
        ],
    }


def _message(finding: Finding) -> str:
    return f"{finding.message}（{finding.remedy}）" if finding.remedy else finding.message
