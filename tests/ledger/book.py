"""Ledgers as accountants write them, for tests.

    2022-05-03 一站式救助 S1 发生 2022-04-28 知悉 2022-05-02
        借 县级 医疗救助支出 50.00
        贷 县级 应付医疗机构 H1 50.00
    2022-06-01 关账 2022-05
    ; a comment
    2022-06-02 一站式救助 C1 发生 2022-04-28 冲销 S1 => month-closed

A record begins with the day on which it is booked, its movement and its cause; it happened and was known on that day
unless told. 关账 names the month that is closed on the day.
Lines are of the region REGION unless a code stands before the source. Behind `=>` stand the codes that are expected.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from tuodi.core.finding import Faults
from tuodi.core.money import parse_yuan
from tuodi.core.month import Month
from tuodi.ledger.account import Account, Kind, Source
from tuodi.ledger.checks import Books, check
from tuodi.ledger.entry import Closing, Entry, Line, Record
from tuodi.ledger.journal import Journal
from tuodi.ledger.movement import Movement

REGION = "371521"

_MOVEMENTS = {movement.label: movement for movement in Movement}
_SOURCES = {source.value: source for source in Source}
_KINDS = {kind.label: kind for kind in Kind}


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A record and the codes that stand behind it."""

    record: Record
    expected: tuple[str, ...]


def written(text: str) -> Iterator[Written]:
    """The records of a text with what is expected of each."""
    for block in re.split(r"\n(?=\s*[0-9]{4}-)", _without_comments(text)):
        head, *lines = [line.strip() for line in block.strip().splitlines()]
        head, _, codes = head.partition("=>")
        yield Written(record=_record(head.split(), lines), expected=tuple(codes.split()))


def records(text: str) -> tuple[Record, ...]:
    """The records of a text as they stand, right or wrong."""
    return tuple(each.record for each in written(text))


def play(text: str) -> Journal:
    """A journal to which the records were posted one by one; each was refused with just the codes behind it."""
    journal = Journal()
    for each in written(text):
        before, balances = journal.records, dict(journal.balances)
        assert each.expected == _post(journal, each.record), each.record
        if each.expected:
            assert (before, balances) == (journal.records, dict(journal.balances)), "a refusal changes nothing"
    return journal


def breaches(text: str) -> list[tuple[str, str]]:
    """Place and code of everything that the checks find in the records of a text; the balances are kept right."""
    stored = records(text)
    books = Books(records=stored, balances=plain_sums(stored))
    return [(finding.place.path, finding.code) for finding in check(books)]


def marked(text: str) -> list[tuple[str, str]]:
    """Cause and code of everything that a text expects."""
    return [
        (each.record.cause if isinstance(each.record, Entry) else f"{each.record.region} {each.record.month}", code)
        for each in written(text)
        for code in each.expected
    ]


def plain_sums(records: Iterable[Record]) -> dict[Account, int]:
    """Fen on each account, in the plainest way."""
    sums: dict[Account, int] = {}
    for record in records:
        if isinstance(record, Entry):
            for line in record.lines:
                sums[line.account] = sums.get(line.account, 0) + line.fen
    return sums


def account(text: str) -> Account:
    """`县级 应付医疗机构 H1`, with a region before it when it is not REGION."""
    words = text.split()
    region = words.pop(0) if words[0].isdigit() else REGION
    return Account(region=region, source=_SOURCES[words[0]], kind=_KINDS[words[1]], party=" ".join(words[2:]))


def _post(journal: Journal, record: Record) -> tuple[str, ...]:
    try:
        if isinstance(record, Entry):
            journal.post(record)
        else:
            journal.close(record.region, record.month, closed_on=record.closed_on)
    except Faults as faults:
        return tuple(finding.code for finding in faults.findings)
    return ()


def _without_comments(text: str) -> str:
    return "\n".join(line for line in (re.sub(r";.*", "", line) for line in text.splitlines()) if line.strip())


def _record(words: list[str], lines: list[str]) -> Record:
    day = date.fromisoformat(words[0])
    if words[1] == "关账":
        *region, month = words[2:]
        first = date.fromisoformat(f"{month}-01")
        return Closing(region=region[0] if region else REGION, month=Month.of(first), closed_on=day)
    told = dict(zip(words[3::2], words[4::2], strict=True))
    return Entry(
        cause=words[2],
        movement=_MOVEMENTS[words[1]],
        booked_on=day,
        happened_on=date.fromisoformat(told.get("发生", words[0])),
        known_on=date.fromisoformat(told.get("知悉", words[0])),
        lines=tuple(_line(line) for line in lines),
        reason="测试",
        reverses=told.get("冲销", ""),
    )


def _line(text: str) -> Line:
    side, rest = text.split(maxsplit=1)
    name, amount = rest.rsplit(maxsplit=1)
    return Line(account=account(name), fen={"借": 1, "贷": -1}[side] * parse_yuan(amount))
