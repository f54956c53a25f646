"""A bill as it comes in, its answer, and how the one becomes an event of the case format. Pure.

Amounts are whole fen. What a hospital says about itself is never asked: facility facts come from what we know of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import Enum
from hashlib import sha256
from typing import Any, NamedTuple

import orjson

from tuodi.core.finding import Faults, Finding, finding
from tuodi.core.money import parse_yuan
from tuodi.engine.record import FactValue
from tuodi.engine.result import yuan
from tuodi.engine.situation import Key, State


# ---- what comes in ---------------------------------------------------------------------------------------------------
class Amounts(NamedTuple):
    """The seven amounts of a bill in fen; None is for the region's insurance plan to compute."""

    total: int
    in_policy: int
    basic: int | None = 0
    critical_illness: int | None = 0
    supplementary: int | None = 0
    commercial: int | None = 0
    other_relief: int | None = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BilledItem:
    """A catalogue item on the bill, and what the person still bears of it, in fen. `facts` as in the case format."""

    item: str
    personal: int
    facts: Mapping[str, FactValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facility:
    """What the county knows of a hospital that is not in our list; only for bills that are settled by hand."""

    designated: bool = True
    level: int = 3
    county: bool = False
    region: bool = False
    psychiatric: bool = True
    single_disease: bool = True


class Payee(Enum):
    """Who is paid: the institution that relieved the person at its counter, or the person, after a paper bill."""

    institution = "医疗机构"
    person = "个人"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """One bill, application or grant of one person, as its sender says it.

    `person` is the registry's id. `key` is the sender's own number of it: the same key is the same bill. `date` is the
    day of settlement at the hospital, of a stay that of discharge. `facts` are those that the policy adds to an event,
    as the case format writes them: money as a decimal string in yuan.
    """

    person: int
    key: str
    service: str
    date: date
    amounts: Amounts
    institution: str = ""
    disease: str | None = None
    diagnoses: tuple[str, ...] = ()
    items: tuple[BilledItem, ...] = ()
    facts: Mapping[str, FactValue] = field(default_factory=dict)
    facility: Facility | None = None

    @property
    def content(self) -> str:
        """The SHA-256, in hexadecimal, of everything that the sender says: equal keys must have equal content."""
        return sha256(orjson.dumps(_said(self), option=orjson.OPT_SORT_KEYS)).hexdigest()


def _said(bill: Bill) -> list[object]:
    items = [[item.item, item.personal, dict(item.facts)] for item in bill.items]
    facility = None if bill.facility is None else [getattr(bill.facility, name) for name in Facility.__slots__]
    return [
        bill.person, bill.key, bill.service, bill.date, list(bill.amounts), bill.institution, bill.disease,
        list(bill.diagnoses), items, dict(bill.facts), facility,
    ]  # fmt: skip


def bill_written(bill: Bill) -> dict[str, Any]:
    """The bill as JSON, to be kept with a proposal."""
    return {
        **{name: getattr(bill, name) for name in ("person", "key", "service", "institution", "disease")},
        "date": bill.date.isoformat(), "amounts": list(bill.amounts), "diagnoses": list(bill.diagnoses),
        "items": [{"item": item.item, "personal": item.personal, "facts": dict(item.facts)} for item in bill.items],
        "facts": dict(bill.facts), "facility": None if bill.facility is None else asdict(bill.facility),
    }  # fmt: skip


def bill_read(written: Mapping[str, Any]) -> Bill:
    """The bill again."""
    facility = written["facility"]
    return Bill(
        **{name: written[name] for name in ("person", "key", "service", "institution", "disease", "facts")},
        date=date.fromisoformat(written["date"]), amounts=Amounts(*written["amounts"]),
        diagnoses=tuple(written["diagnoses"]), items=tuple(BilledItem(**item) for item in written["items"]),
        facility=None if facility is None else Facility(**facility),
    )  # fmt: skip


def event_of(bill: Bill, *, sender: str, facility: Facility) -> dict[str, Any]:
    """The bill as an event of the case format; its id is the sender and the sender's key.

    Raises Faults: `fact-name`.
    """
    if taken := [*_taken_names(bill)]:
        raise Faults(taken)
    total, in_policy, *payers = bill.amounts
    event: dict[str, Any] = {
        "id": f"{sender}/{bill.key}",
        "date": bill.date.isoformat(),
        "service": bill.service,
        "facility": {
            "designated": facility.designated, "level": facility.level, "county": facility.county,
            "region": facility.region, "psychiatric": facility.psychiatric,
            "single_disease": facility.single_disease,
        },
        "disease": bill.disease,
        "amounts": {
            "total": yuan(total), "in_policy": yuan(in_policy),
            **{name: None if fen is None else yuan(fen) for name, fen in zip(_PAYERS, payers, strict=True)},
        },
        **bill.facts,
    }  # fmt: skip
    if bill.diagnoses:
        event["diagnoses"] = list(bill.diagnoses)
    if bill.items:
        event["items"] = [{"item": item.item, "personal": yuan(item.personal), **item.facts} for item in bill.items]
    return event


_PAYERS = Amounts._fields[2:]
_EVENT = frozenset({"id", "date", "service", "facility", "disease", "amounts", "diagnoses", "items"})
_ITEM = frozenset({"item", "personal"})
TAKEN_NAMES = _EVENT | _ITEM
"""What an event and its items say in fields of their own: no fact may have such a name."""


def _taken_names(bill: Bill) -> Iterator[Finding]:
    """Facts that would stand in the place of what the bill itself says, or of what we know of the hospital."""
    names = [(name, name) for name in sorted(_EVENT & bill.facts.keys())]
    for number, item in enumerate(bill.items):
        names += [(name, f"items[{number}].{name}") for name in sorted(_ITEM & item.facts.keys())]
    for name, path in names:
        message, remedy = f"事实不能叫“{name}”", "账单自己的栏目不写在事实里；医院的情况以登记为准"
        yield finding("fact-name", message, path, remedy)


# ---- what cannot be kept ---------------------------------------------------------------------------------------------
_LONGEST_KEY = 200
_LARGEST_ID = 2**63 - 1


def unkept(bill: Bill) -> list[Finding]:
    """What of the bill no database keeps, before anybody is asked about it: its number, its person, its texts."""
    faults = []
    if not bill.key.strip() or len(bill.key) > _LONGEST_KEY:
        message = f"编号要有 1 至 {_LONGEST_KEY} 个字，这里有 {len(bill.key.strip())} 个"
        faults.append(finding("key-length", message, "key", "写发送方自己的编号"))
    if not 0 < bill.person <= _LARGEST_ID:
        message, remedy = f"没有登记号为 {bill.person} 的人", "先用身份证号码查到本人，再结算"
        faults.append(finding("person-unknown", message, "person", remedy))
    for path, text in _texts(bill):
        if not _writable(text):
            message, remedy = "文字里有空字符或残缺的字符", "去掉这些字符"
            faults.append(finding("text-unwritable", message, path, remedy))
    return faults


def _texts(bill: Bill) -> Iterator[tuple[str, str]]:
    for name in ("key", "service", "institution", "disease", "diagnoses", "facts"):
        yield from _texts_in(name, getattr(bill, name))
    for number, item in enumerate(bill.items):
        yield from _texts_in(f"items[{number}].item", item.item)
        yield from _texts_in(f"items[{number}]", item.facts)


def _texts_in(path: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield path, str(name)
            yield from _texts_in(path, inner)
    elif isinstance(value, Sequence):
        for inner in value:
            yield from _texts_in(path, inner)


def _writable(text: str) -> bool:
    return "\0" not in text and (text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text))


# ---- what goes out ---------------------------------------------------------------------------------------------------
class AnswerLine(NamedTuple):
    """One benefit's share, in fen. `basis` None: a flat grant. `rate` as written; `cut_by`: the count that cut it."""

    benefit: str
    clause: str
    paid: int
    basis: int | None
    rate: str | None
    cut_by: str | None
    item: str | None


class Refusal(NamedTuple):
    """Why no benefit applied."""

    clause: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A bill as it was settled, or would be. Amounts in fen.

    `settlement` is None of a trial. `repeated`: this very bill had been settled before, and nothing was done.
    `written` is the event's result as the case format has it.
    """

    settlement: int | None
    person: int
    region: str
    policy: str
    relief: int
    personal: int
    hospital: int
    written: Mapping[str, Any]
    repeated: bool = False

    @property
    def lines(self) -> tuple[AnswerLine, ...]:
        """Every benefit of medical assistance that applied, also at 0."""
        return answer_lines(self.written["lines"])

    @property
    def refusal(self) -> Refusal | None:
        """Clause and reason, where no benefit applied."""
        refused = self.written["refusal"]
        return None if refused is None else Refusal(refused["clause"], refused["reason"])

    @property
    def layers(self) -> dict[str, int]:
        """What each insurance layer paid that the plan computed here."""
        return {layer: parse_yuan(paid) for layer, paid in self.written.get("layers", {}).items()}


def answer_lines(written: Sequence[Mapping[str, Any]]) -> tuple[AnswerLine, ...]:
    """Lines of the case format's result, in fen."""
    return tuple(
        AnswerLine(
            line["benefit"], line["clause"], parse_yuan(line["paid"]),
            None if line["basis"] is None else parse_yuan(line["basis"]), line.get("rate"), line.get("cut_by"),
            line.get("item"),
        )
        for line in written
    )  # fmt: skip


def result_of(
    event: str,
    relief: int,
    personal: int,
    hospital: int,
    lines: Sequence[Mapping[str, Any]],
    refusal: Mapping[str, Any] | None,
    extras: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """The event's result as the case format has it, from what is stored of it."""
    result = {"id": event, "relief": yuan(relief), "personal": yuan(personal), "lines": lines, "refusal": refusal}
    result |= extras or {}
    return {**result, "hospital": yuan(hospital)} if hospital else result


# ---- counts as they are stored ---------------------------------------------------------------------------------------
def state_written(state: State) -> list[list[object]]:
    """The counts as JSON: [count, key, amount], in order; a key of several scopes is a list."""
    return [[count, _listed(key), amount] for (count, key), amount in sorted(state.items(), key=repr) if amount]


def state_read(written: Sequence[Sequence[Any]]) -> State:
    """The counts again."""
    return {(count, tuple(key) if isinstance(key, list) else key): amount for count, key, amount in written}


def _listed(key: Key) -> object:
    return list(key) if isinstance(key, tuple) else key
