"""Rosters from file to registry, and back."""

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection

from tests.platform.registry.conftest import HERE, NEXT_DOOR, TODAY, number
from tests.platform.registry.sheets import HEAD, csv, delivery, workbook
from tuodi.core.finding import Faults
from tuodi.platform.base.domain import Desk, Scope
from tuodi.platform.base.models import Staff
from tuodi.platform.base.scope import entered
from tuodi.platform.registry import person, roster, status
from tuodi.platform.registry.delivery import Mode, RosterState
from tuodi.platform.registry.domain import Department, Held
from tuodi.platform.registry.entry import RosterRecord
from tuodi.platform.registry.models import Change, Person, Roster, RosterFinding, RosterRow, Status

pytestmark = pytest.mark.django_db
D = date.fromisoformat
Enrol = Callable[..., int]
FULL = delivery(mode=Mode.full)


def seen(rows: list[list[Any]], head: tuple[str, ...] = HEAD, **given: Any) -> int:
    return roster.preview(content=workbook(rows, head), file_name="名单.xlsx", delivery=delivery(**given), today=TODAY)


def counts(which: int) -> dict[str, int]:
    return {kind: count for kind, count in Roster.objects.get(id=which).counts.items() if count}


def findings(which: int) -> list[tuple[str, str]]:
    return [(row.column, row.code) for row in RosterFinding.objects.filter(roster_id=which).order_by("position", "id")]


def current() -> list[tuple[str, str, str | None]]:
    rows = Status.objects.filter(known_until__isnull=True).select_related("person").order_by("person__name_key", "id")
    return [(row.person.name, str(row.starts_on), row.ends_on and str(row.ends_on)) for row in rows]


def codes(caught: pytest.ExceptionInfo[Faults]) -> list[str]:
    return [finding.code for finding in caught.value.findings]


@pytest.fixture
def listed(regions: object) -> int:
    """Two persons of a first roster, imported."""
    with entered(HERE):
        rows = [["赵一", number(1), "低保", D("2024-01-01")], ["钱二", number(2), "特困", D("2024-02-01")]]
        first = seen(rows)
        roster.take_in(roster=first)
    return first


def test_new_people_are_enrolled_with_their_status(listed: int):
    with entered(HERE):
        assert [("钱二", "2024-02-01", None), ("赵一", "2024-01-01", None)] == current()
        assert {"new": 2} == counts(listed)
        assert ["2024-02-01", "2024-01-01"] == [
            str(row.from_day) for row in Change.objects.order_by("person__name_key")
        ]


def test_what_is_seen_writes_nothing(regions: object):
    with entered(HERE):
        seen([["赵一", number(1), "低保", D("2024-01-01")]])
        assert not Person.objects.exists() and not Status.objects.exists()


def test_a_full_list_tells_new_unchanged_and_ended(listed: int):
    with entered(HERE):
        rows = [["赵一", number(1), "低保", None], ["孙三", number(3), "特困人员", None]]
        second = seen(rows, mode=Mode.full)
        assert {"new": 1, "unchanged": 1, "ended": 1} == counts(second)
        roster.take_in(roster=second)
        assert [
            ("钱二", "2024-02-01", "2026-10-01"),
            ("孙三", "2026-10-01", None),
            ("赵一", "2024-01-01", None),
        ] == current()


def test_a_full_list_of_one_status_ends_nobody_with_another(listed: int):
    with entered(HERE):
        second = seen([["孙三", number(3), "低保", None]], mode=Mode.full)
        assert {"new": 1, "ended": 1} == counts(second)
        roster.take_in(roster=second)
        assert [
            ("钱二", "2024-02-01", None),
            ("孙三", "2026-10-01", None),
            ("赵一", "2024-01-01", "2026-10-01"),
        ] == current()


def test_a_number_that_cannot_be_read_withholds_every_ending_of_a_full_list(listed: int):
    with entered(HERE):
        second = seen(
            [["钱二", "37159119600101002X1", "特困", None]], mode=Mode.full, covers=frozenset({"extreme_poverty"})
        )
        assert {"faulty": 1, "withheld": 1} == counts(second)
        with pytest.raises(Faults) as caught:
            roster.take_in(roster=second)
        assert ["roster-faulty"] == codes(caught)
        roster.take_in(roster=second, without_faulty=True)
        assert None is current()[0][2]


def test_a_list_of_changes_adds_and_ends(listed: int):
    with entered(HERE):
        head = ("姓名", "公民身份号码", "类别", "增减情况", "退出日期")
        rows = [["赵一", number(1), "低保", "减少", D("2026-09-01")], ["孙三", number(3), "低保", "新增", None]]
        second = seen(rows, head)
        assert {"new": 1, "ended": 1} == counts(second)
        roster.take_in(roster=second)
        assert [
            ("钱二", "2024-02-01", None),
            ("孙三", "2026-10-01", None),
            ("赵一", "2024-01-01", "2026-09-01"),
        ] == current()


def test_a_later_end_continues_and_a_following_period_too(regions: object):
    head = (*HEAD, "终止日期")
    with entered(HERE):
        roster.take_in(roster=seen([["赵一", number(1), "低保", D("2025-01-01"), D("2026-01-01")]], head))
        longer = seen([["赵一", number(1), "低保", D("2025-01-01"), D("2027-01-01")]], head)
        assert {"continued": 1} == counts(longer)
        roster.take_in(roster=longer)
        after = seen([["赵一", number(1), "低保", D("2027-01-01"), D("2028-01-01")]], head)
        assert {"continued": 1} == counts(after)
        roster.take_in(roster=after)
        assert [("赵一", "2025-01-01", "2027-01-01"), ("赵一", "2027-01-01", "2028-01-01")] == current()


def test_another_start_is_refused_unless_the_roster_is_to_overwrite(listed: int):
    rows = [["赵一", number(1), "低保", D("2024-03-01")]]
    with entered(HERE):
        assert [("D2", "status-differs")] == findings(seen(rows))
        second = seen(rows, overwrite=True)
        assert {"changed": 1} == counts(second)
        roster.take_in(roster=second)
        assert ("赵一", "2024-03-01", None) in current()
        assert "2024-01-01" == str(Change.objects.latest("id").from_day)


def test_rows_that_disagree_with_the_registry_are_told_by_cell(listed: int, enrolled: Enrol):
    with entered(NEXT_DOOR):
        enrolled(9, name="周五", region="371521")
    with entered(HERE):
        second = seen(
            [
                ["赵二", number(1), "低保", None],
                ["周五", number(9), "低保", None],
                ["吴六", number(10), "低保", None],
            ]
        )
        assert [("A2", "name-differs"), ("B3", "enrolled-elsewhere")] == findings(second)
        assert {"new": 1, "faulty": 2} == counts(second)


def test_an_import_of_what_was_not_seen_is_refused(listed: int):
    with entered(HERE):
        second = seen([["赵一", number(1), "低保", None]], mode=Mode.full, covers=frozenset({"subsistence_allowance"}))
        status.end(status=Status.objects.get(person__name="赵一").id, ends_on=D("2026-01-01"))
        with pytest.raises(Faults) as caught:
            roster.take_in(roster=second)
        assert ["registry-moved"] == codes(caught)


def test_a_person_who_was_enrolled_meanwhile_makes_the_preview_old(regions: object, enrolled: Enrol):
    with entered(HERE):
        first = seen([["赵一", number(1), "低保", None]])
        enrolled(1, name="赵一")
        with pytest.raises(Faults) as caught:
            roster.take_in(roster=first)
        assert ["registry-moved"] == codes(caught) and not Status.objects.exists()


def test_an_import_is_done_once(listed: int):
    with entered(HERE), pytest.raises(Faults) as caught:
        roster.take_in(roster=listed)
    assert ["roster-not-waiting"] == codes(caught)


def test_undoing_knows_again_what_was_known_before(listed: int):
    with entered(HERE):
        before = current()
        second = seen([["孙三", number(3), "低保", None], ["钱二", number(2), "特困", None]], mode=Mode.full)
        roster.take_in(roster=second)
        assert before != current()
        roster.undo(roster=second, reason="发错名单")
        assert before == current()
        assert RosterState.undone.name == Roster.objects.get(id=second).state
        assert Person.objects.filter(name="孙三").exists()


def test_undoing_is_refused_where_something_later_rests_on_it(listed: int):
    with entered(HERE):
        status.end(status=Status.objects.get(person__name="赵一").id, ends_on=D("2026-01-01"))
        with pytest.raises(Faults, match=r"赵\*.*低保对象.*又有变动") as caught:
            roster.undo(roster=listed, reason="发错名单")
        assert ["roster-built-upon"] == codes(caught)


def test_undoing_is_refused_where_the_person_has_moved(listed: int):
    with entered(HERE):
        person.hand_over(person=Person.objects.get(name="赵一").id, region="371521", reason="迁出")
        with pytest.raises(Faults, match="1 条记录的人已移交"):
            roster.undo(roster=listed, reason="发错名单")


def test_undoing_is_refused_where_the_days_are_taken_by_somebody_s_later_decision(listed: int):
    with entered(HERE):
        second = seen([["赵一", number(1), "低保", None, "减少"]], (*HEAD, "变动"))
        roster.take_in(roster=second)
        again = Held(status="subsistence_allowance", starts_on=D("2026-11-01"))
        status.grant(person=Person.objects.get(name="赵一").id, held=again, department=Department.civil_affairs)
        with pytest.raises(Faults) as caught:
            roster.undo(roster=second, reason="发错名单")
        assert ["roster-built-upon"] == codes(caught)


def test_a_discarded_roster_is_not_imported(regions: object):
    with entered(HERE):
        first = seen([["赵一", number(1), "低保", None]])
        roster.discard(roster=first)
        with pytest.raises(Faults, match="已作废"):
            roster.take_in(roster=first)


def test_households_come_with_the_roster(regions: object):
    head = ("姓名", "身份证号码", "类别", "户编号", "与户主关系", "乡镇（街道）")
    rows = [["赵一", number(1), "低保", "H1", "户主", "柳园"], ["赵二", number(3), "低保", "H1", "子", "柳园"]]
    with entered(HERE):
        roster.take_in(roster=seen(rows, head))
        homes = {(row.household.number, row.household.township, row.relation) for row in Person.objects.all()}
        assert {("H1", "柳园", "户主"), ("H1", "柳园", "子")} == homes


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_is_read_in_each_encoding_of_offices(regions: object, encoding: str):
    content = csv([["𠮷䶮", number(1), "低保", "2026年1月5日"]], encoding=encoding)
    with entered(HERE):
        first = roster.preview(content=content, file_name="a.csv", delivery=delivery(), today=TODAY)
        assert {"new": 1} == counts(first)
        assert ("𠮷䶮", D("2026-01-05")) == RosterRow.objects.values_list("name", "starts_on").get(roster_id=first)


@pytest.mark.parametrize(("received", "late"), [("2026-10-13", 0), ("2026-10-14", 1), ("2026-09-30", 0)])
def test_a_roster_is_due_five_working_days_after_the_adjustment(regions: object, received: str, late: int):
    with entered(HERE):
        first = seen([["赵一", number(1), "低保", None]], received_on=D(received))
        assert late == Roster.objects.get(id=first).days_late


# ---- who may ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def veterans_office(regions: object) -> Scope:
    staff = Staff.objects.create(
        username="v", name="办事员", desk="department", region_id="371502", department="veterans"
    )
    return Scope(desk=Desk.department, region="371502", staff=staff.pk)


def test_a_department_delivers_and_sees_its_own_statuses_alone(listed: int, veterans_office: Scope):
    with entered(veterans_office):
        assert not Status.objects.exists() and not Roster.objects.exists() and not RosterRow.objects.exists()
        with pytest.raises(Faults) as caught:
            seen([["赵一", number(1), "低保", None]])
        assert ["department-not-yours"] == codes(caught)
        own = seen([["赵一", number(1), "优抚对象", D("2026-01-01")]], department=Department.veterans)
        roster.take_in(roster=own)
        assert [("赵一", "2026-01-01", None)] == current()


def test_another_county_s_rosters_are_not_seen(listed: int):
    with entered(NEXT_DOOR):
        assert not Roster.objects.exists() and not RosterRow.objects.exists() and not RosterFinding.objects.exists()
        with pytest.raises(Faults) as caught:
            roster.undo(roster=listed, reason="x")
        assert ["roster-missing"] == codes(caught)
        with pytest.raises(Faults) as caught:
            seen([["赵一", number(1), "低保", None]])
        assert ["region-not-yours"] == codes(caught)


def test_the_city_looks_and_changes_nothing(listed: int):
    with entered(Scope(desk=Desk.city, region="371500")):
        assert Roster.objects.exists()
        with pytest.raises(Faults) as caught:
            roster.undo(roster=listed, reason="x")
        assert ["roster-not-yours"] == codes(caught)


# ---- programs --------------------------------------------------------------------------------------------------------

RECORD: RosterRecord = {
    "name": "赵一",
    "number": number(1),
    "status": "subsistence_allowance",
    "starts_on": "2026-10-01",
}


def pushed(records: list[RosterRecord], key: str = "2026Q3", **given: Any) -> roster.Pushed:
    return roster.push(records=records, delivery=delivery(**given), key=key, today=TODAY)


def test_a_program_s_roster_is_imported_at_once_and_only_once(regions: object):
    with entered(HERE):
        first = pushed([RECORD])
        again = pushed([RECORD], received_on=D("2026-10-10"))
        assert (RosterState.imported, 1) == (first.state, first.counts["new"])
        assert first == again
        assert 1 == Status.objects.count()


def test_a_key_means_one_roster(regions: object):
    with entered(HERE):
        pushed([RECORD])
        with pytest.raises(Faults) as caught:
            pushed([{**RECORD, "starts_on": "2026-10-02"}])
        assert ["push-key-reused"] == codes(caught)


def test_records_with_faults_wait_for_people(regions: object):
    with entered(HERE):
        answer = pushed([RECORD, {"name": "", "number": 371591196001010013.0, "colour": "x", "starts_on": "soon"}])  # type: ignore[typeddict-item, typeddict-unknown-key]
        assert (RosterState.previewed, 5) == (answer.state, answer.findings)
        assert {"field-unknown", "name-missing", "number-as-number", "date-form", "status-missing"} == {
            code for _, code in findings(answer.roster)
        }


# ---- at the same time ------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_imports_at_the_same_moment_one_holds_and_the_other_is_told_to_look_again(regions: object):
    rows = [["赵一", number(1), "低保", D("2024-01-01")]]
    with entered(HERE):
        both = [seen(rows), seen(rows)]
    ready, told = threading.Barrier(2), []

    def take(which: int) -> None:
        try:
            with entered(HERE):
                ready.wait()
                roster.take_in(roster=which)
            told.append("taken")
        except Faults as why:
            told.append(why.findings[0].code)
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=[which]) for which in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert ["registry-moved", "taken"] == sorted(told)
    with entered(HERE):
        assert [("赵一", "2024-01-01", None)] == current()


@pytest.mark.django_db(transaction=True)
def test_a_grant_during_an_import_waits_and_is_then_refused_by_what_was_imported(regions: object, enrolled: Enrol):
    with entered(HERE):
        somebody = enrolled(1, name="赵一")
        which = seen([["赵一", number(1), "低保", D("2024-01-01")]])
    begun, told = threading.Event(), []

    def grant() -> None:
        begun.wait()
        try:
            with entered(HERE):
                held = Held(status="subsistence_allowance", starts_on=D("2024-06-01"))
                status.grant(person=somebody, held=held, department=Department.civil_affairs)
        except Faults as why:
            told.append(why.findings[0].code)
        finally:
            connection.close()

    thread = threading.Thread(target=grant)
    thread.start()
    with entered(HERE):
        roster.take_in(roster=which)
        begun.set()
        thread.join(0.3)
    thread.join()

    assert ["status-overlaps"] == told
