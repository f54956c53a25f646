"""Which lists of a policy name an event's disease: by its certified name, or by an ICD-10 code where a code can tell.

A code matches by prefix. A row that only needs an age is asked for it; a row that needs anything else is never matched
by a code alone. A certified name asks nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from tuodi.engine.names import canonical_items, normal_name
from tuodi.language.model import Catalogue, Disease, DiseaseList

Named = frozenset[tuple[str, str]]
"""Diseases as (id of the list, name as the list writes it)."""


class Young(NamedTuple):
    """What a code matches below an age in whole years."""

    below: int
    lists: int
    named: Named


class Match(NamedTuple):
    """What an event's disease matches: lists as bits, in the order of the book; `perhaps`: for want of an age."""

    lists: int
    named: Named
    young: tuple[Young, ...] = ()
    perhaps: int = 0
    perhaps_named: Named = frozenset()

    def at(self, age: int | None) -> Match:
        """The match of a person of this age, or of an unknown one."""
        lists, named, perhaps, perhaps_named = self.lists, self.named, 0, Named()
        for young in self.young:
            if age is None:
                perhaps, perhaps_named = perhaps | young.lists, perhaps_named | young.named
            elif age < young.below:
                lists, named = lists | young.lists, named | young.named
        return Match(lists, named, (), perhaps, perhaps_named)


NO_MATCH = Match(0, frozenset())


class DiseaseBook:
    """The disease lists of a policy and plan, looked up by name and code. Answers are remembered."""

    def __init__(self, lists: Mapping[str, DiseaseList]) -> None:
        self.bits = {name: 1 << place for place, name in enumerate(lists)}
        self.asks_age = False
        self._names: dict[str, Match] = {}
        self._codes: dict[str, list[Match]] = {}
        for disease_list in lists.values():
            for disease in disease_list.diseases:
                self._enter(disease_list.id, disease)
        self._longest = max(map(len, self._codes), default=0)
        self._known: dict[tuple[str | None, tuple[str, ...]], Match] = {}

    def mask(self, lists: Iterable[str]) -> int:
        """The bits of these lists."""
        return sum(self.bits[name] for name in lists)

    def match(self, disease: str | None, diagnoses: tuple[str, ...]) -> Match:
        """What the certified name and the codes match together."""
        found = self._known.get((disease, diagnoses))
        if found is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            found = self._known[disease, diagnoses] = self._find(disease, diagnoses)
        return found

    def _enter(self, list_id: str, disease: Disease) -> None:
        named = frozenset({(list_id, disease.name)})
        bit = self.bits[list_id]
        certain = Match(bit, named)
        for name in (disease.name, *disease.aliases):
            plain = normal_name(name)
            self._names[plain] = _joined([self._names.get(plain, NO_MATCH), certain])
        if disease.needs_below_age is not None:
            self.asks_age = True
            by_code = Match(0, frozenset(), (Young(disease.needs_below_age, bit, named),))
        elif disease.needs:
            return
        else:
            by_code = certain
        for code in disease.icd10:
            self._codes.setdefault(plain_code(code), []).append(by_code)

    def _find(self, disease: str | None, diagnoses: tuple[str, ...]) -> Match:
        found = [self._names.get(normal_name(disease), NO_MATCH)] if disease is not None else []
        for code in map(plain_code, diagnoses):
            for length in range(1, min(len(code), self._longest) + 1):
                found += self._codes.get(code[:length], ())
        return _joined(found)


class CatalogueItem(NamedTuple):
    """An item as the catalogues write it; `diseases`: for each catalogue, those for which it counts."""

    name: str
    diseases: tuple[Named, ...]


class CatalogueBook:
    """The catalogues of a policy, looked up by an item's name. Answers are remembered."""

    def __init__(self, catalogues: Mapping[str, Catalogue]) -> None:
        self._names = [canonical_items(catalogue) for catalogue in catalogues.values()]
        self._diseases = [_diseases_of_items(catalogue) for catalogue in catalogues.values()]
        self._known: dict[str, CatalogueItem] = {}

    def item(self, text: str) -> CatalogueItem:
        """The item, however it is written; one that no catalogue knows keeps its name and counts for no disease."""
        found = self._known.get(text)
        if found is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            found = self._known[text] = self._find(normal_name(text), text)
        return found

    def _find(self, plain: str, text: str) -> CatalogueItem:
        names = [known.get(plain) for known in self._names]
        diseases = tuple(
            [of_item.get(name or "", Named()) for of_item, name in zip(self._diseases, names, strict=True)]
        )
        return CatalogueItem(next((name for name in names if name), text), diseases)


def plain_code(text: str) -> str:
    """An ICD-10 code without its dot, in upper case: a prefix of the text is a prefix of the code."""
    return normal_name(text).replace(".", "").upper()


# ---- helpers ---------------------------------------------------------------------------------------------------------

_REMEMBERED = 20_000  # answers; memory stays flat on any file


def _joined(matches: Iterable[Match]) -> Match:
    lists, named, young = 0, Named(), dict[Young, None]()
    for match in matches:
        lists, named = lists | match.lists, named | match.named
        young.update(dict.fromkeys(match.young))
    return Match(lists, named, tuple(young))


def _diseases_of_items(catalogue: Catalogue) -> dict[str, Named]:
    found: dict[str, Named] = {}
    for entry in catalogue.entries:
        found[entry.item] = found.get(entry.item, Named()) | {(catalogue.diseases, entry.disease)}
    return found
