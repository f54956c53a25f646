"""Settlements as the result of the case format: plain dicts and lists with decimal strings, ready for JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tuodi.core.money import format_rate
from tuodi.engine.line import Line
from tuodi.engine.outcome import Outcome
from tuodi.engine.program import Rule
from tuodi.engine.settle import CaseResult, Engine, Settlement
from tuodi.engine.shape import RELIEF

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
        from tuodi.engine.receipt import receipt_of

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
        "lines": _lines(engine, outcome),
        "refusal": None if refusal is None else {"clause": refusal.clause, "reason": refusal.refusal},
    }
    if outcome.layers and (layers := settlement.layers):
        written["layers"] = {layer: yuan(paid) for layer, paid in layers.items()}
    if outcome.hospital:
        written["hospital"] = yuan(outcome.hospital)
    if situation.items and engine.catalogue_bits and (notes := settlement.notes):
        written["notes"] = [{"item": note.item, "clause": note.clause, "reason": note.reason} for note in notes]
    return written


def _lines(engine: Engine, outcome: Outcome) -> list[dict[str, Any]]:
    """The lines of relief. Most are proportions that nothing cut: these are written as `line_result` would, sooner."""
    written = []
    for kept in outcome.lines:
        reader = engine.readers[kept[0]]
        if reader.rule.layer == RELIEF:
            uncut = reader.uncut(kept)
            written.append(line_result(reader.line(kept)) if uncut is None else _uncut(reader.rule, kept[1], *uncut))
    return written


def _uncut(rule: Rule, item: str | None, paid: int, basis: int, rate: int) -> dict[str, Any]:
    head = {"benefit": rule.id, "clause": rule.clause}
    if item is not None:
        head["item"] = item
    return {**head, "basis": yuan(basis), "rate": format_rate(rate), "paid": yuan(paid)}


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
