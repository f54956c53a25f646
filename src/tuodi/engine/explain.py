"""Why a settlement is what it is: clause by clause as data, and in a few sentences for an official or a family.

Everything is read from what the settlement kept; nothing is settled again. The explanation of an event ends in the fen
that were stored.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from tuodi.core.citation import Citation
from tuodi.engine import narrate_en, narrate_zh
from tuodi.engine.bind import Bound
from tuodi.engine.outcome import Move
from tuodi.engine.settle import Engine, Settlement
from tuodi.engine.situation import Key
from tuodi.engine.teller import Teller, tellers
from tuodi.engine.why import Explanation, LineWhy, MoveWhy, PayerWhy, RefusalWhy
from tuodi.language.model import PAYERS, Policy

__all__ = ["Explanation", "explain"]


def explain(settlement: Settlement, lang: str = "zh") -> Explanation:
    """The whole of why, with a short text in Chinese (`zh`) or English (`en`; labels stay Chinese, quoted)."""
    why = _explainer(settlement.engine).explanation(settlement)
    return Explanation(*why[:-1], tuple(_LANGUAGES[lang](why)))


_LANGUAGES = {"zh": narrate_zh.sentences, "en": narrate_en.sentences}


@lru_cache(maxsize=64)
def _explainer(engine: Engine) -> _Explainer:
    bound = engine.bound
    return _Explainer(
        engine=engine,
        tellers=tellers(bound),
        payers=tuple(_payers(bound)),
        counts={name: told for owner in _owners(bound) for name, told in _counts(owner)},
    )


class _Payer(NamedTuple):
    """Somebody who pays before relief: the column of what is given, and the layer that computes it, if one does."""

    id: str
    label: str
    column: int
    layer: int | None


class _Counted(NamedTuple):
    """A count as it is told; `in_uses` where it counts uses rather than fen."""

    label: str
    citation: Citation
    in_uses: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Explainer:
    """All that can be known of a policy's explanations before the first event."""

    engine: Engine
    tellers: Mapping[int, Teller]
    payers: tuple[_Payer, ...]
    counts: Mapping[str, _Counted]

    def explanation(self, settlement: Settlement) -> Explanation:
        """The event's, without its text."""
        engine, event, situation, outcome = settlement
        total, refusal = situation.columns[0], settlement.refusal
        assert total is not None, "settled: the bill has a total"
        return Explanation(
            event.id,
            event.service,
            next((year for year in situation.years.values() if year), None) if situation.years else None,
            total,
            tuple(self._paid_before(settlement)),
            outcome.hospital,
            tuple(self._lines(settlement)),
            None if refusal is None else RefusalWhy(engine.citation(refusal), str(refusal.refusal)),
            settlement.notes if situation.items else (),
            self._moves(outcome.moved),
            outcome.relief,
            outcome.personal,
        )

    def _paid_before(self, settlement: Settlement) -> Iterator[PayerWhy]:
        """Who paid something before relief, and every layer that was computed here."""
        columns, layers = settlement.situation.columns, settlement.outcome.layers
        for name, label, column, layer in self.payers:
            computed = layers[layer][0] if layer is not None else None
            if computed is not None:
                yield PayerWhy(name, label, computed, True)
            elif given := columns[column]:
                yield PayerWhy(name, label, given, False)

    def _lines(self, settlement: Settlement) -> Iterator[LineWhy]:
        for index, item, registers, word in settlement.outcome.lines:
            yield self.tellers[index](item, registers, word)

    def _moves(self, moved: Sequence[Move]) -> tuple[MoveWhy, ...]:
        """Each count once, from where it stood before the event to where it stands now."""
        told: dict[tuple[str, Key], MoveWhy] = {}
        for key, before, after in moved:
            if key in told:
                told[key] = told[key]._replace(after=after)
            else:
                label, citation, in_uses = self.counts[key[0]]
                told[key] = MoveWhy(key[0], label, citation, key[1], before, after, in_uses)
        return tuple(told.values())


def _owners(bound: Bound) -> list[Policy]:
    return [bound.policy] if bound.plan is None else [bound.plan, bound.policy]


def _payers(bound: Bound) -> Iterator[_Payer]:
    """The case format's payers, in the order in which they pay."""
    layers = [layer.layer.id for layer in bound.program.layers]
    for name, label in PAYERS.items():
        layer = layers.index(name) if name in layers else None
        yield _Payer(id=name, label=label, column=bound.program.columns.index(name), layer=layer)


def _counts(owner: Policy) -> Iterator[tuple[str, _Counted]]:
    uses = {benefit.once for benefit in owner.benefits}
    for count in owner.counts.values():
        citation = Citation(document=owner.document.number, clause=count.clause)
        yield count.id, _Counted(label=count.label, citation=citation, in_uses=count.id in uses)
