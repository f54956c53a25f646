"""A roster as large as a big county's: every row does what it should, and every fault is told."""

import io
from datetime import date

import numpy as np
import pytest
import xlsxwriter

from tests.platform.registry.conftest import HERE, TODAY
from tests.platform.registry.sheets import HEAD, delivery
from tuodi.lab.population.identity import Office
from tuodi.platform.base.scope import entered
from tuodi.platform.registry import roster
from tuodi.platform.registry.delivery import Mode
from tuodi.platform.registry.models import Change, Person, Roster, RosterFinding, Status

ROWS = 100_000


def large(first: int) -> bytes:
    """So many persons, from the how-manieth on; every thousandth has a status that nobody knows."""
    people = np.arange(first + ROWS)
    days = people % 20_000
    born = np.array([int(str(np.datetime64("1950-01-01") + day).replace("-", "")) for day in range(20_000)])[days]
    numbers = Office("371500").numbers(days + 711_858, born, people % 2 == 0)
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet("名单")
        sheet.write_row(0, 0, HEAD)
        for row, person in enumerate(people[first:], 1):
            status = "贫民" if person % 1_000 == 999 else "低保"
            sheet.write_row(row, 0, ["赵一", numbers[person].tobytes().decode(), status, "2024-01-01"])
    return target.getvalue()


def counts(content: bytes) -> tuple[int, dict[str, int]]:
    with entered(HERE):
        which = roster.preview(content=content, file_name="", delivery=delivery(mode=Mode.full), today=TODAY)
        found = Roster.objects.get(id=which).counts
    return which, {kind: count for kind, count in found.items() if count}


@pytest.mark.slow
@pytest.mark.django_db
def test_a_hundred_thousand_rows_and_the_next_quarter_s(regions: object):
    first, seen = counts(large(0))
    assert {"new": 99_900, "faulty": 100} == seen
    with entered(HERE):
        assert [(1_000, "C1001"), (2_000, "C2001")] == [
            (row.position - 1, row.column)
            for row in RosterFinding.objects.filter(roster_id=first).order_by("position")[:2]
        ]
        roster.take_in(roster=first, without_faulty=True)
        assert (99_900, 99_900, 99_900) == (Person.objects.count(), Status.objects.count(), Change.objects.count())

    second, seen = counts(large(5_000))
    assert {"new": 4_995, "unchanged": 94_905, "ended": 4_995, "faulty": 100} == seen
    with entered(HERE):
        roster.take_in(roster=second, without_faulty=True)
        assert 4_995 == Status.objects.filter(known_until__isnull=True, ends_on=date(2026, 10, 1)).count()
        roster.undo(roster=second, reason="演练")
        assert 99_900 == Status.objects.filter(known_until__isnull=True, ends_on__isnull=True).count()
