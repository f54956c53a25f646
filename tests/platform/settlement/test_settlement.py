"""A bill's way: once, within its limits, in the books."""

from datetime import date
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from tests.platform.settlement.town import (
    AT_HOSPITAL,
    HOSPITAL,
    NEXT_HOSPITAL,
    TODAY,
    adopt,
    again,
    resident,
    settled,
    small_policy,
    stay,
)
from tuodi.core.finding import Faults
from tuodi.ledger.account import Kind
from tuodi.platform.base.domain import SYSTEM
from tuodi.platform.base.scope import entered
from tuodi.platform.fund import selectors as books
from tuodi.platform.settlement import connections, selectors
from tuodi.platform.settlement import settlement as way
from tuodi.platform.settlement.domain import Amounts, BilledItem, Payee
from tuodi.platform.settlement.models import Settlement
from tuodi.platform.settlement.settlement import settle, trial

CAP = "rate: 100%, limit: {relief: 150}"


@pytest.fixture
def capped(town: None, tmp_path: Path) -> int:
    adopt(small_policy(tmp_path / "small", CAP))
    return resident("subsistence_allowance")


def codes(raised: pytest.ExceptionInfo[Faults]) -> list[str]:
    return [finding.code for finding in raised.value.findings]


def test_a_bill_is_settled_with_its_lines_and_booked(capped: int):
    answer = settled(stay(capped, "101.37"))

    assert (10_137, 0) == (answer.relief, answer.personal)
    assert [("benefit_0", 10_137, 10_137, "100%")] == [
        (line.benefit, line.paid, line.basis, line.rate) for line in answer.lines
    ]
    with entered(SYSTEM):
        assert {"county": 10_137} == {
            source.name: fen for source, fen in books.owed_to("371502", Kind.payable_institution, HOSPITAL).items()
        }


def test_bills_settled_since_the_tables_were_found_empty_walk_through_none(capped: int):
    grow = "settlement_settlement, settlement_account, registry_status, fund_entry, fund_line"
    with connection.cursor() as cursor:
        cursor.execute(f"vacuum analyze {grow}")
    connections.dropped()

    def walks() -> int:
        connections.fetched("select pg_stat_force_next_flush()", [])
        ((found,),) = connections.fetched(
            "select sum(seq_scan)::int from pg_stat_user_tables where relname = any(%s)", [grow.split(", ")]
        )
        return int(found)

    settled(stay(capped, "101"))
    before = walks()
    for _ in range(3):
        settled(stay(capped, "101"))

    assert before == walks()


def test_bills_of_one_person_share_the_cap(capped: int):
    assert [10_100, 4_900, 0] == [settled(stay(capped, "101")).relief for _ in range(3)]


def test_a_trial_says_the_same_and_leaves_nothing(capped: int):
    bill = stay(capped, "101")
    tried = [trial(scope=AT_HOSPITAL, bill=bill, on=TODAY) for _ in range(2)]

    assert [10_100, 10_100] == [answer.relief for answer in tried]
    assert tried[0].written == settled(bill).written
    assert 1 == Settlement.objects.count()


def test_the_same_bill_again_gives_the_first_answer(capped: int):
    bill = stay(capped, "101")
    first = settled(bill)
    second = settled(bill)

    assert (False, True) == (first.repeated, second.repeated)
    assert (first.settlement, first.written) == (second.settlement, second.written)
    assert 1 == Settlement.objects.count()


def test_other_content_under_a_key_is_refused(capped: int):
    bill = stay(capped, "101")
    settled(bill)
    with pytest.raises(Faults) as raised:
        settled(again(bill, amounts=Amounts(10_101, 10_100)))

    assert ["key-taken"] == codes(raised)


def test_everything_that_is_missing_is_told_at_once(town: None):
    with pytest.raises(Faults) as raised:
        settled(again(stay(4711, "101"), institution=HOSPITAL, date=TODAY.replace(year=2030)))

    assert ["person-unknown", "bill-in-future"] == codes(raised)


def test_a_region_without_a_policy_settles_nothing(town: None):
    with pytest.raises(Faults) as raised:
        settled(stay(resident(), "101"))

    assert ["no-policy"] == codes(raised)


def test_a_fault_of_the_bill_names_its_field(capped: int):
    with pytest.raises(Faults) as raised:
        settled(again(stay(capped, "101"), amounts=Amounts(10_000, 10_001)))

    assert [("in-policy-above-total", "amounts.in_policy")] == [
        (finding.code, finding.place.path) for finding in raised.value.findings
    ]


def test_who_has_no_status_is_refused_with_the_clause_and_nothing_is_booked(town: None, tmp_path: Path):
    adopt(small_policy(tmp_path / "small", CAP))
    answer = settled(stay(resident(), "101"))

    assert answer.refusal is not None
    assert (0, 10_100) == (answer.relief, answer.personal)
    with entered(SYSTEM):
        assert [] == books.records()


def test_the_explanation_ends_in_the_stored_fen(town: None):
    adopt("liaocheng-2022-5")
    answer = settled(stay(resident("subsistence_allowance"), "50000"))
    with entered(SYSTEM):
        why = selectors.explanation(answer.settlement or 0)

    assert answer.relief == why.relief == sum(line.paid for line in why.lines)
    assert "按三(四)1" in why.text


def test_facility_facts_are_ours_and_not_the_senders(town: None, tmp_path: Path):
    adopt(small_policy(tmp_path / "small", CAP))
    answer = settled(stay(resident("subsistence_allowance"), "101"))
    event = Settlement.objects.get(pk=answer.settlement).event

    assert {"level": 3, "county": True, "region": True, "designated": True} == {
        name: event["facility"][name] for name in ("level", "county", "region", "designated")
    }


def test_no_fact_stands_in_the_place_of_what_the_bill_says_or_we_know(capped: int):
    amounts = {"total": "1000.00", "in_policy": "1000.00"}
    facts = {"facility": {"designated": True}, "date": "2022-03-01", "amounts": amounts, "id": "Z", "bed_days": 3}
    with pytest.raises(Faults) as raised:
        settled(again(stay(capped, "101"), facts=facts))

    assert [("fact-name", name) for name in ("amounts", "date", "facility", "id")] == [
        (finding.code, finding.place.path) for finding in raised.value.findings
    ]
    items = (BilledItem(item="X", personal=100, facts={"personal": "1000.00"}),)
    with pytest.raises(Faults) as raised:
        trial(scope=AT_HOSPITAL, bill=again(stay(capped, "101"), items=items), on=TODAY)
    assert ["items[0].personal"] == [finding.place.path for finding in raised.value.findings]


def test_a_hospital_settles_for_itself_only(capped: int):
    for way_of_it in (settle, trial):
        with pytest.raises(Faults) as raised:
            way_of_it(scope=AT_HOSPITAL, bill=stay(capped, "101", institution=NEXT_HOSPITAL), on=TODAY)
        assert [("not-own-institution", "institution")] == places(raised)


def places(raised: pytest.ExceptionInfo[Faults]) -> list[tuple[str, str]]:
    return [(finding.code, finding.place.path) for finding in raised.value.findings]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"key": ""}, [("key-length", "key")]),
        ({"key": "  "}, [("key-length", "key")]),
        ({"key": "K" * 201}, [("key-length", "key")]),
        ({"key": "K\0A"}, [("text-unwritable", "key")]),
        ({"person": 0}, [("person-unknown", "person")]),
        ({"person": 10**20}, [("person-unknown", "person")]),
        ({"disease": "肺癌\0"}, [("text-unwritable", "disease")]),
        ({"diagnoses": ("C34", "\ud800")}, [("text-unwritable", "diagnoses")]),
        ({"facts": {"nested": [{"deep": "\0"}]}}, [("text-unwritable", "facts")]),
        ({"key": "", "person": -1, "service": "\0"}, [
            ("key-length", "key"), ("person-unknown", "person"), ("text-unwritable", "service")
        ]),
    ],
)  # fmt: skip
def test_what_no_database_keeps_is_told_and_not_tried(town: None, changed: dict, expected: list[tuple[str, str]]):
    bill = again(stay(4711, "101"), **changed)
    for way_of_it in (settle, trial):
        with pytest.raises(Faults) as raised:
            way_of_it(scope=AT_HOSPITAL, bill=bill, on=TODAY)
        assert expected == places(raised)


def test_a_key_of_two_hundred_is_kept(capped: int):
    assert 10_100 == settled(stay(capped, "101", key="K" * 200)).relief


@pytest.mark.parametrize(
    "otherwise",
    [{"date": date(2022, 3, 1)}, {"service": "outpatient"}, {"key": "ANOTHER"}, {"amounts": Amounts(1, 1)}],
    ids=["date", "service", "key", "total"],
)
def test_the_database_takes_no_settlement_whose_columns_are_not_its_events(capped: int, otherwise: dict):
    """The event was settled; the row says another day, service or number. The total comes with what was settled."""
    bill = stay(capped, "101")
    said = again(bill, **otherwise)
    looked = way._looked(AT_HOSPITAL, bill)
    adjudged = way._adjudged(looked, AT_HOSPITAL, bill, TODAY)
    if "amounts" in otherwise:
        other = way._adjudged(looked, AT_HOSPITAL, said, TODAY)
        adjudged = adjudged._replace(settlement=other.settlement)
    values = way._committed(AT_HOSPITAL, said, TODAY, Payee.institution, "测试", looked, adjudged)
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="INV-44"):
        connections.asked(connections.COMMIT, values)

    assert 0 == Settlement.objects.count()
