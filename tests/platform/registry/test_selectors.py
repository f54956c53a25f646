"""What pages are told of persons, their time line and rosters."""

from collections.abc import Callable
from datetime import date

import pytest

from tests.platform.registry.conftest import HERE, NEXT_DOOR, TODAY, number
from tests.platform.registry.sheets import HEAD, delivery, workbook
from tuodi.platform.base.domain import Desk, Scope
from tuodi.platform.base.scope import entered
from tuodi.platform.registry import household, insurance, person, roster, selectors, status
from tuodi.platform.registry.delivery import RosterState, RowKind
from tuodi.platform.registry.domain import Department, Held

pytestmark = pytest.mark.django_db
Enrol = Callable[..., int]
DAY = date(2024, 6, 1)
LOW = Held(status="subsistence_allowance", starts_on=date(2024, 1, 1))


def found(text: str) -> list[str]:
    return [one.name for one in selectors.search(text, day=DAY)]


def test_a_person_is_shown_masked_with_the_day_s_classes(enrolled: Enrol):
    with entered(HERE):
        somebody = enrolled(7)
        status.grant(person=somebody, held=LOW, department=Department.civil_affairs)
        insurance.begin(person=somebody, kind="resident", starts_on=date(2024, 1, 1))
        view = selectors.person(somebody, day=DAY)
        before = selectors.person(somebody, day=date(2023, 6, 1))

    assert view is not None and before is not None
    assert ("单**", "371591********" + number(7)[-4:], "东昌府区") == (view.name, view.number, view.region_name)
    assert (("subsistence_allowance",), "resident") == (view.classes, view.insurance)
    assert ((), "none") == (before.classes, before.insurance)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("单", ["单**"]),
        ("单雄信", ["单**"]),
        ("雄信", []),
        ("sxx", ["单**"]),
        ("shanxi", ["单**"]),
        ("shan xiong", ["单**"]),
        ("S", ["单**", "孙*"]),
        ("dan", []),
        (f" {number(7)} ", ["单**"]),
        (number(99), []),
        ("%", []),
        ("", []),
    ],
)
def test_a_search_is_by_number_name_or_pinyin_and_sorted_by_it(enrolled: Enrol, text: str, names: list[str]):
    with entered(HERE):
        enrolled(9, name="孙三")
        enrolled(7, name="单雄信")
        assert names == found(text)
    with entered(NEXT_DOOR):
        assert [] == found(text)


def test_a_hospital_finds_whoever_has_the_card_and_nobody_by_name(enrolled: Enrol):
    with entered(HERE):
        somebody = enrolled(7)
    with entered(Scope(desk=Desk.hospital, region="370202", institution="H37020200001")):
        who = selectors.whereabouts(number(7))
        assert who is not None and (somebody, "371502", "单雄信") == (who.id, who.region, who.name)
        assert None is selectors.whereabouts(number(8)) and [] == found("单")
    with entered(NEXT_DOOR):
        assert None is selectors.whereabouts(number(7))


def test_a_time_line_tells_what_was_known_when(enrolled: Enrol):
    with entered(HERE):
        somebody = enrolled(7)
        row = status.grant(person=somebody, held=LOW, department=Department.civil_affairs, certificate="民〔2024〕1号")
        status.end(status=row, ends_on=date(2024, 9, 1), reason="退出")
        insurance.begin(person=somebody, kind="resident", starts_on=date(2024, 1, 1))
        line = selectors.timeline(somebody)

    before, now = line.statuses
    assert (None, date(2024, 9, 1)) == (before.ends_on, now.ends_on)
    assert before.known_until == now.known_from and now.supersedes == before.id
    assert ("低保对象", "民政", "民〔2024〕1号") == (now.label, now.department, now.certificate)
    assert ["居民医保"] == [band.label for band in line.insurance]
    assert [date(2024, 1, 1), date(2024, 9, 1), date(2024, 1, 1)] == [change.from_day for change in line.changes]


def test_changes_are_read_on_from_where_one_stopped(enrolled: Enrol):
    with entered(HERE):
        somebody = enrolled(7)
        row = status.grant(person=somebody, held=LOW, department=Department.civil_affairs)
        (first,) = selectors.changes()
        status.withdraw(status=row, reason="认错人")
        assert ["认错人"] == [change.reason for change in selectors.changes(after=first.id)]


def test_a_household_shows_its_members(enrolled: Enrol):
    with entered(HERE):
        home = household.register(region="371502", number="H1", township="柳园街道")
        person.settle_in(person=enrolled(7), household=home, relation="户主")
        view = selectors.household(home, day=DAY)
        assert view is not None
        assert (["单**"], "柳园街道") == ([member.name for member in view.members], view.township)
        assert None is selectors.household(home + 1, day=DAY)


def test_a_roster_shows_rows_by_kind_and_findings_by_cell(regions: object):
    rows = [["赵一", number(1), "低保", None], ["钱二", number(3), "低保", "昨天"]]
    with entered(HERE):
        which = roster.preview(content=workbook(rows, HEAD), file_name="三季度.xlsx", delivery=delivery(), today=TODAY)
        view = selectors.roster(which)
        assert view is not None and [view] == selectors.rosters() and [] == selectors.rosters(before=which)
        assert (RosterState.previewed, 1, 1, 1) == (
            view.state, view.counts[RowKind.new], view.counts[RowKind.faulty], view.finding_count
        )  # fmt: skip
        (new,) = selectors.roster_rows(which, RowKind.new)
        assert (2, "赵*", None, date(2026, 10, 1)) == (new.position, new.name, new.person, new.starts_on)
        (finding,) = selectors.roster_findings(which)
        assert ((3, "D3"), "date-form") == ((finding.row, finding.column), finding.code)
    with entered(NEXT_DOOR):
        assert None is selectors.roster(which) and [] == selectors.roster_rows(which, RowKind.new)
