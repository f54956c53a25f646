"""Rows of the input become a block: each column read and checked, faulty persons set apart, the rest ready to settle.

What is no fault of the case format is none here: an overlap of statuses and dates out of order are noted and settled.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from tuodi.batch import columns, raw
from tuodi.batch.block import (
    OPEN,
    Block,
    Events,
    Items,
    Openings,
    Persons,
    Texts,
    coded,
    fact_kind,
    no_items,
    no_openings,
)
from tuodi.batch.columns import Read, Wrong
from tuodi.batch.compiled import compiled, frozen
from tuodi.batch.findings import Findings
from tuodi.batch.kernel import Ints
from tuodi.batch.layout import MISSING, KernelLayout
from tuodi.batch.records import FactsRead, facts_read, openings_of
from tuodi.batch.source import Cut, RowFiles, plain_ids, runs
from tuodi.batch.spans import ymd_of
from tuodi.batch.tables import Ledger, PersonTable, matching_table, own_table
from tuodi.core.money import format_yuan
from tuodi.engine.bind import Bound
from tuodi.engine.case_fields import CaseFields, known_fields
from tuodi.engine.case_opening import opening_amount, opening_count, opening_key
from tuodi.engine.case_values import Unfit
from tuodi.engine.situation import State
from tuodi.language.model import AMOUNTS, INSURANCES, Fact


class Files(NamedTuple):
    """The tables of a run."""

    events: RowFiles
    statuses: RowFiles
    openings: RowFiles | None


class Rows(NamedTuple):
    """Some persons' rows of each table."""

    events: Cut
    statuses: Cut
    openings: Cut | None


class Converted(NamedTuple):
    """A block; `faulty`: by person, whether a row of theirs is wrong. Such a person's numbers mean nothing. `persons`:
    whose event each is."""

    block: Block
    faulty: Ints
    findings: Findings
    persons: pa.ChunkedArray
    events: PersonTable
    statuses: PersonTable


class Converter:
    """Reads the rows of one run; any number of threads may do so at once."""

    __slots__ = ("_facts", "_fields", "_files", "_items", "_layout")

    def __init__(self, bound: Bound, files: Files, layout: KernelLayout, items: Sequence[str]) -> None:
        self._files = files
        self._fields = known_fields(bound.policy, bound.plan)
        self._facts = facts_read(self._fields)
        self._layout = layout
        self._items = items

    def convert(self, rows: Rows) -> Converted:
        """The block of these rows. Raises Unsorted."""
        persons = runs(rows.events.table["person"], "events")
        ledger = Ledger(persons.ids, np.zeros(len(persons.ids), np.bool_), Findings())
        events = own_table(self._files.events, rows.events, persons.rows_of, ledger)
        statuses = matching_table(self._files.statuses, rows.statuses, ledger, "statuses")
        block = Block(
            persons=_persons(statuses, events, self._facts),
            events_of=persons.rows_of,
            events=_events(events, self._facts, self._fields.computed),
            items=_items(events, self._facts, self._fields.other_item_facts),
            openings=self._openings(rows, ledger),
        )
        return Converted(block, ledger.faulty, ledger.findings, persons.names, events, statuses)

    def _openings(self, rows: Rows, ledger: Ledger) -> Openings:
        if rows.openings is None or self._files.openings is None:
            return no_openings(len(ledger.ids))
        table = matching_table(self._files.openings, rows.openings, ledger, "openings")
        states: list[State] = [{} for _ in range(len(ledger.ids))]
        for row, given in enumerate(table.table.to_pylist()):
            _open(table, row, given, states[int(table.owner(row))], self._fields)
        return openings_of(states, self._layout, self._items)


# ---- persons ---------------------------------------------------------------------------------------------------------


def _persons(table: PersonTable, events: PersonTable, known: FactsRead) -> Persons:
    words = partial(columns.words, field=table.files.schema.fields["insurance"], code="unknown-insurance")
    insurance = table.need("insurance", lambda column, _: words(column))
    birth = _read_or(table, "birth_date", columns.day, MISSING, np.int32)
    facts = _facts(table, known.person)
    _tell_differing(table, {"insurance": insurance, "birth_date": birth, **facts})
    _tell_strangers(table, events)
    return Persons(
        ids=events.ledger.ids,
        insurance=_of_persons(insurance, table, 0),
        birth=ymd_of(_of_persons(birth, table, MISSING)),
        facts={name: _of_persons(numbers, table, MISSING) for name, numbers in facts.items()},
        **_periods(table),
    )


def _tell_differing(table: PersonTable, said: Mapping[str, Ints]) -> None:
    """Rows that say of their person something else than the person's first row."""
    if table.is_single:
        return
    for name, numbers in said.items():
        differing = np.flatnonzero(_differing(table.rows_of, frozen(numbers)))
        table.tell(Wrong(differing, name, "person-differs", "同一个人的各行不一致", "同一个人的各行写同样的内容"))


@compiled
def _differing(rows_of: Ints, numbers: Ints) -> Ints:
    found = np.zeros(len(numbers), np.bool_)
    for person in range(len(rows_of) - 1):
        for row in range(rows_of[person] + 1, rows_of[person + 1]):
            found[row] = numbers[row] != numbers[rows_of[person]]
    return found


def _tell_strangers(table: PersonTable, events: PersonTable) -> None:
    """Events of a person of whom the statuses' table knows nothing."""
    strangers = np.flatnonzero(np.diff(table.rows_of) == 0)
    reason = f"身份表里没有这个人：参保类型（{'、'.join(INSURANCES)}）不明"
    rows = events.rows_of[:-1][strangers]
    events.tell(Wrong(rows, "person", "event-without-person", reason, "在身份表里补上这个人；没有身份的人也写一行"))


def _periods(table: PersonTable) -> dict[str, Ints]:
    field = table.files.schema.fields["status"]
    status = table.read("status", lambda column, _: columns.words(column, field, "unknown-status"))
    assert status is not None
    given = status != MISSING
    start = table.need("from", columns.day, given).astype(np.int64)
    end = _read_or(table, "to", columns.day, MISSING, np.int64)
    applied = _read_or(table, "applied_on", columns.day, MISSING, np.int64)
    end = np.where(end == MISSING, OPEN, end)
    if not _all_plain(table.rows_of, frozen(status), frozen(start), frozen(end), frozen(applied)):
        _tell_periods(table, status, start, end, applied)
    kept = np.concatenate([[0], np.cumsum(given)])
    return {
        "statuses_of": kept[table.rows_of],
        "status": status[given],
        "start": start[given],
        "end": end[given],
        "applied": applied[given],
    }


@compiled
def _all_plain(rows_of: Ints, status: Ints, start: Ints, end: Ints, applied: Ints) -> bool:
    """Whether no period can be wrong or overlap another: each is in order, and each person has but one."""
    doubt = len(rows_of) - 1 < len(status)
    for row in range(len(status)):
        doubt |= (status[row] >= 0) & ((end[row] < start[row]) | (start[row] < applied[row]))
    return not doubt


def _tell_periods(table: PersonTable, status: Ints, start: Ints, end: Ints, applied: Ints) -> None:
    given = status != MISSING
    reversed_ = np.flatnonzero(given & (end < start))
    table.tell(Wrong(reversed_, "to", "period-reversed", "止日早于起日", "核对起止日期"))
    early = np.flatnonzero(given & (applied != MISSING) & (start < applied))
    reason = "起日早于申请日"
    table.tell(Wrong(early, "from", "from-before-application", reason, "起日不早于申请日；可追溯的天数由政策算"))
    overlapping = np.flatnonzero(_overlaps(table.rows_of, status, start, end))
    reason = "同一身份的两段时间重叠，照两段结算"
    table.tell(Wrong(overlapping, "from", "status-overlap", reason, "核对是否重复登记"), note=True)


@compiled
def _overlaps(rows_of: Ints, status: Ints, start: Ints, end: Ints) -> Ints:
    """Rows of a status whose days another, earlier row of the same status has too; not looked for among very many."""
    found = np.zeros(len(status), np.bool_)
    for person in range(len(rows_of) - 1):
        if rows_of[person + 1] - rows_of[person] > 1000:
            continue
        for row in range(rows_of[person], rows_of[person + 1]):
            for other in range(rows_of[person], row):
                same = status[row] >= 0 and status[row] == status[other]
                if same and start[row] < end[other] and start[other] < end[row]:
                    found[row] = True
    return found


def _of_persons(numbers: Ints, table: PersonTable, otherwise: int) -> Ints:
    """What the first row of each person says."""
    rows_of = table.rows_of
    if table.is_single:
        return numbers
    if not len(numbers):
        return np.full(len(rows_of) - 1, otherwise, numbers.dtype)
    first = np.minimum(rows_of[:-1], len(numbers) - 1)
    return np.where(np.diff(rows_of) > 0, numbers[first], otherwise).astype(numbers.dtype)


# ---- events ----------------------------------------------------------------------------------------------------------


def _events(table: PersonTable, known: FactsRead, computed: frozenset[str]) -> Events:
    words = partial(columns.words, field=table.files.schema.fields["service"], code="unknown-service")
    codes_of, codes = _codes(table)
    return Events(
        ids=_ids(table),
        day=_days(table),
        service=table.need("service", lambda column, _: words(column)),
        facts=_facts(table, known.event),
        disease=_texts(table, "disease"),
        codes_of=codes_of,
        codes=codes,
        amounts=_amounts(table, computed),
    )


def _days(table: PersonTable) -> Ints:
    day = table.need("date", columns.day)
    if raw.least(day) == 0:  # one that is wrong, and told
        day = np.where(day == 0, columns.EPOCH, day).astype(np.int32)
    back, some = _going_back(table.rows_of, frozen(day))
    if some:
        reason = "日期早于同一个人的前一事件，照给出的次序结算"
        wrong = Wrong(np.flatnonzero(back), "date", "dates-out-of-order", reason, "次序有误时，改正后重新结算")
        table.tell(wrong, note=True)
    return day


@compiled
def _going_back(rows_of: Ints, day: Ints) -> tuple[Ints, bool]:
    """Rows that are earlier than the row before of the same person, and whether there are any."""
    found = np.zeros(len(day), np.bool_)
    some = False
    for row in range(1, len(day)):
        found[row] = day[row] < day[row - 1]
    for first in rows_of[:-1]:
        if first < len(day):
            found[first] = False
    for row in range(len(day)):
        some |= found[row]
    return found, some


def _ids(table: PersonTable) -> pa.Array:
    ids = plain_ids(table.table["id"])
    missing = np.flatnonzero(np.asarray(ids.is_null())) if ids.null_count else np.empty(0, np.int64)
    table.tell(Wrong(missing, "id", "value-missing", "没有给出事件编号", "补上"))
    twice, some = _repeats(table.rows_of, frozen(_words(ids)))
    twice = np.flatnonzero(twice) if some else np.empty(0, np.int64)
    table.tell(Wrong(twice, "id", "duplicate-event", "事件编号与同一个人的前一事件重复", "每个事件用不同的编号"))
    return ids


def _words(ids: pa.Array) -> Ints:
    """Names as numbers that are equal where the names are: themselves, or a hash of the text's bytes."""
    if pa.types.is_integer(ids.type):
        return np.asarray(ids.fill_null(0) if ids.null_count else ids)
    return _hashes(*raw.text_bytes(ids))


@compiled
def _hashes(starts: Ints, text: Ints) -> Ints:
    """FNV-1a, of 64 bits: two different texts of one person meet once in 10^19."""
    hashes = np.empty(len(starts) - 1, np.uint64)
    for row in range(len(hashes)):
        value = np.uint64(14695981039346656037)
        for at in range(starts[row], starts[row + 1]):
            value = (value ^ np.uint64(text[at])) * np.uint64(1099511628211)
        hashes[row] = value
    return hashes.view(np.int64)


@compiled
def _repeats(rows_of: Ints, names: Ints) -> tuple[Ints, bool]:
    """Rows whose name an earlier row of the person has, and whether there are any."""
    found = np.zeros(len(names), np.bool_)
    some = False
    for person in range(len(rows_of) - 1):
        first, last = rows_of[person], rows_of[person + 1]
        if last - first > 64:
            order = np.argsort(names[first:last], kind="mergesort")
            for place in range(1, len(order)):
                if names[first + order[place]] == names[first + order[place - 1]]:
                    found[first + order[place]] = some = True
            continue
        most = names[first]
        for row in range(first + 1, last):
            if names[row] > most:  # than all before, as where events are numbered
                most = names[row]
                continue
            for other in range(first, row):
                if names[row] == names[other]:
                    found[row] = some = True
    return found, some


def _codes(table: PersonTable) -> tuple[Ints | None, Texts | None]:
    found = table.column("diagnoses")
    return (None, None) if found is None else columns.codes(found[0])


def _texts(table: PersonTable, name: str) -> Texts:
    found = table.column(name)
    return Texts(place=np.full(table.size, MISSING, np.int32), texts=()) if found is None else columns.texts(found[0])


def _amounts(table: PersonTable, computed: frozenset[str]) -> tuple[Ints, ...]:
    amounts = [_amount(table, name, computed) for name in AMOUNTS]
    total, in_policy, *payers = amounts
    if _all_below(*map(frozen, amounts)):
        return tuple(amounts)
    _tell_above(table, in_policy, total, "in-policy-above-total", "政策范围内费用")
    paid = np.zeros(table.size, np.int64)
    for payer in payers:
        paid = paid + np.maximum(payer, 0)
    _tell_above(table, paid, total, "payers-above-total", "各方支付合计")
    return tuple(amounts)


@compiled
def _all_below(total: Ints, in_policy: Ints, a: Ints, b: Ints, c: Ints, d: Ints, e: Ints) -> bool:
    """Whether no part of a bill is larger than the bill."""
    above = False
    for row in range(len(total)):
        paid = np.int64(max(a[row], 0)) + max(b[row], 0) + max(c[row], 0) + max(d[row], 0) + max(e[row], 0)
        above |= (in_policy[row] > total[row]) | (paid > total[row])
    return not above


def _tell_above(table: PersonTable, amount: Ints, total: Ints, code: str, what: str) -> None:
    def reason(row: int) -> str:
        return f"{what} {format_yuan(int(amount[row]))} 超过医疗总费用 {format_yuan(int(total[row]))}"

    table.tell_each(np.flatnonzero((amount > total) & ~table.spoilt), "total", code, reason, "核对总费用和这一项")


def _amount(table: PersonTable, name: str, computed: frozenset[str]) -> Ints:
    if name in computed:
        return _read_or(table, name, columns.money, MISSING, np.int64)
    return table.need(name, columns.money)


def _items(table: PersonTable, known: FactsRead, others: Collection[str]) -> Items:
    found = table.column("items")
    if found is None:
        return no_items(table.size)
    rows = columns.items(found[0], known.item, others)
    for wrong in rows.wrong:
        table.tell(wrong)
    return Items(items_of=rows.items_of, item=rows.item, burden=rows.burden, facts=rows.facts)


# ---- facts and openings ----------------------------------------------------------------------------------------------


def _facts(table: PersonTable, known: Mapping[str, Fact]) -> dict[str, Ints]:
    """The facts by name; what a missing one means by its default is filled in."""
    return {name: _fact(table, fact) for name, fact in known.items()}


def _fact(table: PersonTable, fact: Fact) -> Ints:
    default = coded(fact, fact.default) if fact.has_default else MISSING
    field = table.files.schema.fields[fact.id]
    numbers = table.read(fact.id, lambda column, name: columns.fact(column, field, name))
    if numbers is None:
        return np.full(table.size, default, fact_kind(fact))
    return numbers if default == MISSING else np.where(numbers == MISSING, default, numbers).astype(numbers.dtype)


def _read_or(
    table: PersonTable, name: str, reader: Callable[[pa.Array, str], Read], otherwise: int, kind: type[np.signedinteger]
) -> Ints:
    """The field; where the file has none, or a row gives none, `otherwise`, which is `MISSING`."""
    numbers = table.read(name, reader)
    return np.full(table.size, otherwise, kind) if numbers is None else numbers.astype(kind, copy=False)


def _open(table: PersonTable, row: int, given: dict[str, object], state: State, fields: CaseFields) -> None:
    """One count that a person brings along, in the words of the case format."""
    try:
        count = opening_count(given["count"], fields)
        key = opening_key(given["key"], count, fields)
        amount = opening_amount(_opening_text(given, count.id in fields.uses), count, fields)
    except Unfit as unfit:
        table.tell(Wrong(np.array([row]), "count", unfit.code, str(unfit), unfit.remedy))
        return
    if (count.id, key) in state:
        table.tell(Wrong(np.array([row]), "key", "duplicate-opening", "同一个键给出了两次", "只保留一个"))
    state[count.id, key] = amount


def _opening_text(given: dict[str, object], uses: bool) -> object:
    if given.get("amount_fen") is not None:
        fen = int(str(given["amount_fen"]))
        return fen if uses else format_yuan(fen)
    text = str(given.get("amount"))
    return text.partition(".")[0] if uses else text
