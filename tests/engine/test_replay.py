"""A cancelled, changed, added or backdated event: the history is settled again, and every difference is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.small import small_policy
from tests.engine.told import MARGIN, bill, case, catalogue_policy
from tuodi.core.finding import Faults
from tuodi.engine.bind import bind
from tuodi.engine.record import Case
from tuodi.engine.settle import Added, Engine, Kind, LineDifference, replay, settle_case
from tuodi.language.model import Policy

STAY = """
counts:
  burden: {per: year, clause: 一, label: 年度负担}
  relief: {per: year, clause: 一, label: 年度限额}
quantities:
  own: {label: 负担, take: in_policy, less: [basic], at_most: [unpaid]}
benefits:
  - {id: stay, clause: 一, for: poor, services: [inpatient], of: own, above: {burden: 1000}, rate: 70%,
     limit: {relief: 5000}}
  - {id: more, clause: 一, after: stay, services: [inpatient], for: poor, of: {left_of: own}, rate: 10%}
"""


@pytest.fixture
def policy(tmp_path: Path) -> Policy:
    return small_policy(tmp_path, STAY)


@pytest.fixture
def engine(policy: Policy) -> Engine:
    return Engine(bind(policy))


@pytest.fixture
def history(policy: Policy) -> Case:
    return case(policy, [bill("3000.00"), bill("6000.00"), bill("6000.00")])


def test_a_cancelled_event_leaves_no_trace(engine: Engine, history: Case) -> None:
    without = history._replace(events=history.events[1:])

    again = replay(engine, history, {}, cancelled=["e1"])

    assert settle_case(engine, without).settlements == again.new.settlements
    assert settle_case(engine, without).state == again.new.state
    assert settle_case(engine, history).settlements == again.old.settlements


def test_every_difference_is_said_line_by_line(engine: Engine, history: Case) -> None:
    again = replay(engine, history, {}, cancelled=["e1"])

    first, second, third = again.differences
    assert ("e1", Kind.CANCELLED, None) == (first.event, first.kind, first.new)
    assert -(140_000 + 16_000) == first.relief
    assert (
        LineDifference("stay", "一", None, 140_000, None),
        LineDifference("more", "一", None, 16_000, None),
    ) == first.lines
    assert ("e2", Kind.AFFECTED) == (second.event, second.kind)
    assert LineDifference("stay", "一", None, 360_000, 350_000) == second.lines[0]
    assert LineDifference("stay", "一", None, 0, 150_000) == third.lines[0]


def test_events_that_stay_the_same_are_not_named(engine: Engine, history: Case) -> None:
    same = history.events[2]._replace(disease="甲病")

    again = replay(engine, history, {}, changed={"e3": same})

    assert [("e3", Kind.CHANGED, 0, ())] == [(one.event, one.kind, one.relief, one.lines) for one in again.differences]


def test_nothing_changed_is_no_difference(engine: Engine, history: Case) -> None:
    assert () == replay(engine, history, {}).differences


def test_added_events_stand_where_they_belong(engine: Engine, history: Case) -> None:
    first, last = (history.events[0]._replace(id=name) for name in ("e0", "e9"))

    again = replay(engine, history, {}, added=[Added(last, "e1"), Added(first, None)], cancelled=["e1"])

    assert ["e0", "e9", "e2", "e3"] == [settlement.event.id for settlement in again.new.settlements]
    assert [("e0", Kind.ADDED), ("e1", Kind.CANCELLED), ("e9", Kind.ADDED)] == [
        (one.event, one.kind) for one in again.differences[:3]
    ]
    assert None is again.differences[0].old


def test_a_backdated_status_settles_the_whole_history_again(policy: Policy, engine: Engine) -> None:
    history = case(policy, [bill("3000.00"), bill("6000.00")], statuses=[MARGIN])
    poor = case(policy, [bill("3000.00")]).person

    again = replay(engine, history, {}, person=poor)

    assert [156_000, 384_000] == [one.relief for one in again.differences]
    assert [Kind.AFFECTED, Kind.AFFECTED] == [one.kind for one in again.differences]
    assert again.old.settlements[0].refusal is not None


def test_a_history_begins_with_its_snapshot(engine: Engine, history: Case) -> None:
    again = replay(engine, history, {("relief", 2023): 490_000, ("burden", 2023): 0}, cancelled=["e1"])

    assert {("relief", 2023): 490_000} == again.new.opening == again.old.opening
    assert 500_000 == again.new.state["relief", 2023]


def test_an_id_must_name_an_event(engine: Engine, history: Case) -> None:
    event = history.events[0]._replace(id="e8")

    with pytest.raises(Faults, match="e7"):
        replay(engine, history, {}, cancelled=["e7"])
    with pytest.raises(Faults, match="e7"):
        replay(engine, history, {}, changed={"e7": event})
    with pytest.raises(Faults, match="e7"):
        replay(engine, history, {}, added=[Added(event, "e7")])


def test_an_id_that_names_two_events_names_none(engine: Engine, history: Case) -> None:
    twice = history._replace(events=history.events + history.events[:1])

    with pytest.raises(Faults, match="2 次"):
        replay(engine, twice, {}, cancelled=["e1"])


def test_an_edit_that_is_unclear_is_refused(engine: Engine, history: Case) -> None:
    e1, e2, _ = history.events

    with pytest.raises(Faults) as caught:
        replay(engine, history, {}, cancelled=["e2"], changed={"e2": e2}, added=[Added(e1, None)])

    assert ["edited-twice", "duplicate-event"] == [finding.code for finding in caught.value.findings]


def test_ids_may_change_hands_but_never_stand_twice(engine: Engine, history: Case) -> None:
    _, e2, e3 = history.events

    again = replay(engine, history, {}, cancelled=["e1"], changed={"e2": e2._replace(id="e1")}, added=[Added(e2, "e3")])
    assert ["e1", "e3", "e2"] == [settlement.event.id for settlement in again.new.settlements]

    with pytest.raises(Faults) as caught:
        replay(engine, history, {}, changed={"e2": e2._replace(id="e3")})
    assert ["改后的历史里事件编号“e3”重复"] == [finding.message for finding in caught.value.findings]

    with pytest.raises(Faults):
        replay(engine, history, {}, added=[Added(e3._replace(id="e4"), None), Added(e3._replace(id="e4"), "e3")])


def test_lines_of_one_item_are_told_apart_by_their_number(tmp_path: Path) -> None:
    policy = catalogue_policy(tmp_path)
    engine = Engine(bind(policy, {"prices": {"甲药": "100.00"}}))
    goods = [{"item": "甲药", "personal": "150.00"}] * 2
    history = case(policy, [bill("1000.00", disease="甲病", items=goods)] * 2)

    again = replay(engine, history, {}, cancelled=["e1"])

    affected = again.differences[1]
    assert [("甲药", 0, 7500), ("甲药", 0, 2500)] == [(line.item, line.old, line.new) for line in affected.lines]


def test_what_a_new_history_lacks_has_its_place_there(tmp_path: Path) -> None:
    rest = """
benefits:
  - {id: near, clause: 一, for: poor, services: [inpatient], when: {county: true}, of: unpaid, rate: 70%}
"""
    policy = small_policy(tmp_path, rest, name="near")
    history = case(policy, [bill("3000.00"), bill("3000.00")])
    lacking = history.events[0]._replace(id="e9", facts={**history.events[0].facts, "county": None})

    with pytest.raises(Faults) as faults:
        replay(Engine(bind(policy)), history, {}, added=[Added(lacking, "e2")])

    assert ["events[2].facility.county"] == [finding.place.path for finding in faults.value.findings]


amounts = st.integers(0, 1_000_000).map(lambda fen: f"{fen // 100}.{fen % 100:02d}")


@given(data=st.data())
def test_a_replay_equals_settling_the_new_history(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    policy = small_policy(tmp_path_factory.mktemp("replay"), STAY)
    engine = Engine(bind(policy))
    history = case(policy, [bill(total) for total in data.draw(st.lists(amounts, min_size=1, max_size=5))])
    gone = data.draw(st.lists(st.sampled_from([event.id for event in history.events]), unique=True))
    without = history._replace(events=tuple(event for event in history.events if event.id not in gone))

    again = replay(engine, history, {}, cancelled=gone)

    assert settle_case(engine, without).settlements == again.new.settlements
    changed = sum(one.relief for one in again.differences)
    paid = [sum(one.relief for one in result.settlements) for result in (again.old, again.new)]
    assert paid[1] - paid[0] == changed
