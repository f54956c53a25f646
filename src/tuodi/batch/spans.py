"""When the statuses of many persons hold: `engine.timeline` over columns, the same spans in the same order of keys."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import NamedTuple

import numpy as np

from tuodi.batch.block import STATUS_WORDS, Persons
from tuodi.batch.compiled import compiled, frozen
from tuodi.batch.kernel import Ints
from tuodi.engine.timeline import OPEN, Timeline
from tuodi.language.model import CoverEnd

_UNTIL = {CoverEnd.STATUS_END: 0, CoverEnd.YEAR_END: 1, CoverEnd.APPLICATION: 2}


class Spans(NamedTuple):
    """The days start <= day < end on which the slots of `mask` hold, by person; see `timeline.Span`."""

    spans_of: Ints
    start: Ints
    end: Ints
    mask: Ints
    key: Ints


class SlotTables(NamedTuple):
    """A timeline as arrays: the plain slot of each status word; and by cover its status, slot and terms."""

    plain: Ints
    terms: Ints  # (cover, [status, bit, months, from first of month, until, one a year, except held])
    size: int
    first_day: int
    last_day: int


def slot_tables(timeline: Timeline) -> SlotTables:
    """The timeline's slots."""
    plain = np.zeros(len(STATUS_WORDS), np.int64)
    terms = []
    for (status, cover), bit in timeline.bits.items():
        place = STATUS_WORDS.index(status)
        if cover is None:
            plain[place] = bit
            continue
        flags = (cover.from_first_of_month, _UNTIL[cover.until], cover.one_application_per_year, cover.except_held)
        terms.append([place, bit, cover.months_before, *map(int, flags)])
    table = np.array(terms, np.int64).reshape(len(terms), 7)
    return SlotTables(plain, table, timeline.size, timeline.start, timeline.end)


def spans_of(persons: Persons, tables: SlotTables) -> Spans:
    """What holds when; statuses that the policy does not ask for are left out."""
    columns = (persons.statuses_of, persons.status, persons.start, persons.end, persons.applied)
    sizes = _sizes(persons.statuses_of, persons.status, tables.plain, tables.terms)
    offsets = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=offsets[1:])
    start, end, mask, key = (np.empty(offsets[-1], np.int64) for _ in range(4))
    used = np.empty((len(sizes), 2), np.int64)
    _fill(*columns, *tables, offsets, start, end, mask, key, used)
    return Spans(used, start, end, mask, key)


# ---- helpers ---------------------------------------------------------------------------------------------------------


@compiled
def _sizes(statuses_of: Ints, status: Ints, plain: Ints, terms: Ints) -> Ints:
    """Room for each person's spans: one for a plain status; of m recognitions each may be cut into m + 2."""
    sizes = np.zeros(len(statuses_of) - 1, np.int64)
    for person in range(len(sizes)):
        for row in range(statuses_of[person], statuses_of[person + 1]):
            sizes[person] += plain[status[row]] != 0
        for cover in range(len(terms)):
            several = 0
            for row in range(statuses_of[person], statuses_of[person + 1]):
                several += status[row] == terms[cover, 0]
            sizes[person] += several * (several + 2)
    return sizes


@compiled
def _fill(  # noqa: PLR0913, C901
    statuses_of: Ints,
    status: Ints,
    first: Ints,
    last: Ints,
    applied: Ints,
    plain: Ints,
    terms: Ints,
    size: int,
    first_day: int,
    last_day: int,
    offsets: Ints,
    start: Ints,
    end: Ints,
    mask: Ints,
    key: Ints,
    used: Ints,
) -> None:
    for person in range(len(statuses_of) - 1):
        at = offsets[person]
        used[person, 0] = at
        for row in range(statuses_of[person], statuses_of[person + 1]):
            bit = plain[status[row]]
            if bit:
                start[at], end[at], mask[at] = first[row], last[row], bit
                key[at] = applied[row] if applied[row] >= 0 else first[row]
                at += 1
        for cover in range(len(terms)):
            if not _has(statuses_of[person], statuses_of[person + 1], status, terms[cover, 0]):
                continue
            rows = _in_order(statuses_of[person], statuses_of[person + 1], status, first, applied, terms[cover, 0])
            for place in range(len(rows)):
                row = rows[place]
                day = applied[row] if applied[row] >= 0 else first[row]
                if terms[cover, 5] and _same_year_before(rows, place, first, applied, day):
                    continue
                begins = _first_day(first[row], applied[row], terms[cover, 2], terms[cover, 3])
                ends = _last_day(last[row], day, terms[cover, 4])
                bit = terms[cover, 1]
                reaching = bit | bit << size if first_day <= day < last_day else bit
                begin, until = begins, min(day, ends)
                if terms[cover, 6]:
                    for other in rows:  # in the order of application, as the days that are taken
                        taken = applied[other] if applied[other] >= 0 else first[other]
                        if begin < min(taken, until):
                            start[at], end[at], mask[at], key[at] = begin, min(taken, until), reaching, day
                            at += 1
                        begin = max(begin, last[other])
                if begin < until:
                    start[at], end[at], mask[at], key[at] = begin, until, reaching, day
                    at += 1
                if max(begins, day) < ends:
                    start[at], end[at], mask[at], key[at] = max(begins, day), ends, bit, day
                    at += 1
        used[person, 1] = at


@compiled
def _has(begin: int, end: int, status: Ints, wanted: int) -> bool:
    for row in range(begin, end):  # noqa: SIM110 - a loop is what compiles well
        if status[row] == wanted:
            return True
    return False


@compiled
def _in_order(begin: int, end: int, status: Ints, first: Ints, applied: Ints, wanted: int) -> Ints:
    """Rows of the status in the order of application, then of listing."""
    rows = np.empty(end - begin, np.int64)
    known = 0
    for row in range(begin, end):
        if status[row] == wanted:
            day = applied[row] if applied[row] >= 0 else first[row]
            place = known
            while place > 0:
                other = rows[place - 1]
                if (applied[other] if applied[other] >= 0 else first[other]) <= day:
                    break
                rows[place] = other
                place -= 1
            rows[place] = row
            known += 1
    return rows[:known]


@compiled
def _same_year_before(rows: Ints, place: int, first: Ints, applied: Ints, day: int) -> bool:
    for before in range(place):
        row = rows[before]
        other = applied[row] if applied[row] >= 0 else first[row]
        if civil(other)[0] == civil(day)[0]:
            return True
    return False


@compiled
def _first_day(first: int, applied: int, months: int, from_first_of_month: int) -> int:
    if applied < 0:
        return first
    year, month, day = civil(applied)
    index = year * 12 + month - 1 - months
    year, month = index // 12, index % 12 + 1
    if from_first_of_month:
        return ordinal(year, month, 1)
    month_after = ordinal(year + month // 12, month % 12 + 1, 1)
    return min(ordinal(year, month, 1) + day - 1, month_after - 1)


@compiled
def _last_day(last: int, day: int, until: int) -> int:
    if until == 1:
        return min(last, ordinal(civil(day)[0] + 1, 1, 1))
    if until == 2:
        return min(last, day)
    return last


def ymd_of(day: Ints) -> Ints:
    """Ordinals as 19500101; `MISSING` stays."""
    first, calendar = _calendar()
    last = int(day.max(initial=0))
    return _looked_up(frozen(day), first, calendar) if last < first + len(calendar) else _worked_out(frozen(day))


def days_between(first: int, last: int) -> Ints:
    """Each day from the first to the last as 20230510."""
    return ymd_of(np.arange(first, last + 1))


@cache
def _calendar() -> tuple[int, Ints]:
    """The days of two centuries, and the ordinal of the first."""
    first, last = date(1900, 1, 1).toordinal(), date(2100, 1, 1).toordinal()
    return first, frozen(_worked_out(frozen(np.arange(first, last))))


@compiled
def _looked_up(day: Ints, first: int, calendar: Ints) -> Ints:
    ymd = np.full(len(day), -1, np.int32)
    for row in range(len(day)):
        if day[row] >= first:
            ymd[row] = calendar[day[row] - first]
        elif day[row] >= 0:
            year, month, of_month = civil(day[row])
            ymd[row] = year * 10000 + month * 100 + of_month
    return ymd


@compiled
def _worked_out(day: Ints) -> Ints:
    ymd = np.full(len(day), -1, np.int32)
    for row in range(len(day)):
        if day[row] >= 0:
            year, month, of_month = civil(day[row])
            ymd[row] = year * 10000 + month * 100 + of_month
    return ymd


@compiled
def civil(day: int) -> tuple[int, int, int]:
    """Year, month and day of a proleptic ordinal; as `date.fromordinal`."""
    shifted = day + 305  # years that begin in March, from 1 March of the year 0
    era = shifted // 146097
    of_era = shifted - era * 146097
    year_of_era = (of_era - of_era // 1460 + of_era // 36524 - of_era // 146096) // 365
    of_year = of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    month = (5 * of_year + 2) // 153
    day_of_month = of_year - (153 * month + 2) // 5 + 1
    year = year_of_era + era * 400 + (month >= 10)
    return year, month + 3 if month < 10 else month - 9, day_of_month


@compiled
def ordinal(year: int, month: int, day: int) -> int:
    """The proleptic ordinal; as `date.toordinal`."""
    shifted = year - (month <= 2)
    era = shifted // 400
    of_era = shifted - era * 400
    of_year = (153 * (month - 3 if month > 2 else month + 9) + 2) // 5 + day - 1
    return era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 305


assert OPEN < 1 << 62, "a day without end fits in a column of days"
