"""Groups of events that mean the same under every policy: by status on the day, by disease, by service."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from tuodi.batch.block import STATUS_WORDS, Block
from tuodi.batch.kernel import Ints
from tuodi.engine.diseases import DiseaseBook, Match
from tuodi.language.model import SERVICES, Disease, DiseaseList, Policy

STANDINGS: Mapping[str, tuple[str, ...]] = {
    "特困人员": ("extreme_poverty",),
    "孤儿和困境儿童": ("orphan", "unsupported_child", "priority_child"),
    "低保对象": ("subsistence_allowance",),
    "建档立卡、返贫致贫和监测对象": ("registered_poor", "returned_to_poverty", "poverty_monitored"),
    "低保边缘和低收入家庭": ("subsistence_margin", "low_income", "low_income_elderly", "low_income_minor"),
    "因病致贫重病患者": ("illness_impoverished", "other_hardship_patient"),
    "优抚等其他身份": (
        "entitled_group",
        "severe_disability",
        "family_planning_hardship",
        "retrenched_worker",
        "veteran_party_member",
        "hiv_opportunistic",
        "disability_living_subsidy",
        "bravery",
        "other_special",
    ),
}
"""Statuses that stand for each other from city to city; who holds several stands where the first is."""

ORDINARY = "没有身份"
OTHER = "其他疾病"

STANDING_NAMES = (*STANDINGS, ORDINARY)
SERVICE_NAMES = tuple(SERVICES.values())

assert sorted(STATUS_WORDS) == sorted(word for words in STANDINGS.values() for word in words)


class Grouping(NamedTuple):
    """By event the place of its group, and the groups' names."""

    place: Ints
    names: tuple[str, ...]


def by_standing(block: Block) -> Grouping:
    """By what the person is recognised as on the event's day, as the case says it: from <= day < to."""
    rank = {word: place for place, words in enumerate(STANDINGS.values()) for word in words}
    rank_of = np.array([rank[word] for word in STATUS_WORDS], np.int64)
    persons, events_of, day = block.persons, block.events_of, block.events.day
    owner = np.repeat(np.arange(len(events_of) - 1), np.diff(persons.statuses_of))
    sizes = np.diff(events_of)[owner]
    row = np.repeat(np.arange(len(owner)), sizes)
    event = np.arange(len(row)) - np.repeat(np.cumsum(sizes) - sizes, sizes) + events_of[owner][row]
    held = (persons.start[row] <= day[event]) & (day[event] < persons.end[row])
    place = np.full(block.size, len(STANDINGS), np.int64)
    np.minimum.at(place, event[held], rank_of[persons.status[row[held]]])
    return Grouping(place, STANDING_NAMES)


def by_service(block: Block) -> Grouping:
    """By the kind of care."""
    return Grouping(block.events.service.astype(np.int64), SERVICE_NAMES)


# ---- diseases --------------------------------------------------------------------------------------------------------


class _Named(NamedTuple):
    """A row of a list: how many codes it has, its place among all rows, and the place of its name."""

    width: int
    row: int
    name: int


@dataclass(frozen=True, slots=True)
class DiseaseNames:
    """One name for each disease of several policies' lists; rows with the same codes are one disease."""

    book: DiseaseBook
    rows: Mapping[tuple[str, str], _Named]
    names: tuple[str, ...]

    @classmethod
    def of(cls, policies: Iterable[Policy]) -> DiseaseNames:
        """The lists of these policies, the earlier ones' names first."""
        lists = dict(_lists(policies))
        names: dict[object, str] = {}
        rows: dict[tuple[str, str], _Named] = {}
        for list_id, one in lists.items():
            for disease in one.diseases:
                key = _key(disease)
                names.setdefault(key, disease.name)
                width = len(disease.icd10) or _UNCODED
                rows[list_id, disease.name] = _Named(width, len(rows), list(names).index(key))
        return cls(DiseaseBook(lists), rows, (*names.values(), OTHER))

    def grouping(self, block: Block) -> Grouping:
        """By disease: the narrowest that the certified name and the codes match; else another one."""
        events = block.events
        codes_of = events.codes_of if events.codes_of is not None else np.zeros(block.size + 1, np.int64)
        texts = len(events.codes.texts) if events.codes is not None else 0
        several = np.diff(codes_of)
        single = np.full(block.size, -1, np.int64)
        if events.codes is not None:
            single[several == 1] = events.codes.place[codes_of[:-1][several == 1]]
        keys = (events.disease.place.astype(np.int64) + 1) * (texts + 1) + single + 1
        different, back = np.unique(keys, return_inverse=True)
        pairs = [(key // (texts + 1) - 1, key % (texts + 1) - 1) for key in different.tolist()]
        found = np.array([self._place(block, name, () if code < 0 else (code,)) for name, code in pairs], np.int64)
        place = found[back]
        for event in np.flatnonzero(several > 1).tolist():  # few bills have several codes
            assert events.codes is not None, "the events have codes"
            codes = tuple(events.codes.place[codes_of[event] : codes_of[event + 1]].tolist())
            place[event] = self._place(block, int(events.disease.place[event]), codes)
        return Grouping(place, self.names)

    def _place(self, block: Block, name: int, codes: tuple[int, ...]) -> int:
        events = block.events
        text = events.disease.texts[name] if name >= 0 else None
        written = tuple(events.codes.texts[code] for code in codes) if events.codes is not None else ()
        return self._narrowest(self.book.match(text, written))

    def _narrowest(self, match: Match) -> int:
        found = [self.rows[named] for named in match.named]
        return min(found).name if found else len(self.names) - 1


_UNCODED = 1_000


def _lists(policies: Iterable[Policy]) -> Iterator[tuple[str, DiseaseList]]:
    for policy in policies:
        for one in policy.lists.values():
            name = f"{policy.document.id}:{one.id}"
            yield name, replace(one, id=name)


def _key(disease: Disease) -> object:
    return tuple(sorted(disease.icd10)) or disease.name
