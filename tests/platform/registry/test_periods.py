"""Whatever is granted, ended, corrected and withdrawn: no two periods overlap, and what was known stays known."""

import json
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.platform.registry.conftest import HERE, TODAY, number
from tuodi.core.finding import Faults
from tuodi.platform.base.models import Region
from tuodi.platform.base.scope import entered
from tuodi.platform.registry import person, status
from tuodi.platform.registry.domain import Department, Held
from tuodi.platform.registry.knowing import moment
from tuodi.platform.registry.models import Status

DAYS = st.dates(date(2020, 1, 1), date(2020, 3, 31))
ACTS = st.lists(st.tuples(st.sampled_from(["grant", "end", "correct", "withdraw"]), DAYS, st.none() | DAYS), max_size=8)
WORD = "subsistence_allowance"

Known = list[dict[str, Any]]


class PeriodsTest(TestCase):
    """A class, since hypothesis rolls each example back through it."""

    @settings(max_examples=40)
    @given(acts=ACTS, pick=st.randoms())
    def test_knowledge_is_in_order_whatever_happens(self, acts: list[tuple[str, date, date | None]], pick: Any) -> None:
        Region.objects.get_or_create(code="371502", defaults={"name": "东昌府区"})
        with entered(HERE):
            somebody = person.enrol(number=number(1), name="赵一", region="371502", today=TODAY)
            seen: list[tuple[datetime, Known]] = []
            for act, start, end in acts:
                attempt(somebody, act, start, end, pick)
                assert no_overlap(known_at(somebody, None))
                seen.append((moment(), known_at(somebody, None)))

            assert [then for _, then in seen] == [known_at(somebody, at) for at, _ in seen]


def attempt(somebody: int, act: str, start: date, end: date | None, pick: Any) -> None:
    """The act on some current row; a refusal changes nothing."""
    rows = list(Status.objects.filter(known_until__isnull=True).order_by("id").values_list("id", flat=True))
    held = Held(status=WORD, starts_on=start, ends_on=end)
    refused: set[str] = set()
    try:
        if act == "grant":
            status.grant(person=somebody, held=held, department=Department.civil_affairs)
        elif rows and act == "end":
            status.end(status=pick.choice(rows), ends_on=start)
        elif rows and act == "correct":
            status.correct(status=pick.choice(rows), held=held, reason="核实")
        elif rows:
            status.withdraw(status=pick.choice(rows), reason="核实")
    except Faults as why:
        refused = {finding.code for finding in why.findings}
    assert refused <= {"status-overlaps", "period-reversed", "end-not-earlier"}


def known_at(somebody: int, at: datetime | None) -> Known:
    with connection.cursor() as cursor:
        if at is None:
            cursor.execute("select registry_case_person(%s, '2020-02-01') -> 'statuses'", [somebody])
        else:
            cursor.execute("select registry_case_person_at(%s, '2020-02-01', %s) -> 'statuses'", [somebody, at])
        answer = cursor.fetchone()[0]
    known: Known = json.loads(answer) if isinstance(answer, str) else answer
    return known


def no_overlap(known: Known) -> bool:
    periods = sorted((one["from"], one.get("to") or "9999-12-31") for one in known)
    return all(before[1] <= after[0] for before, after in pairwise(periods))
