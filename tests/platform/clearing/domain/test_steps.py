"""Who may do what to a statement, and when."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuodi.platform.base.domain import Desk
from tuodi.platform.clearing.domain.steps import Act, Status, Step, findings, status_of

NOON = datetime(2023, 6, 1, 12, tzinfo=timezone(timedelta(hours=8)))
DESKS = {Act.confirm: Desk.hospital, Act.object: Desk.hospital}


def way(*done: tuple[Act, int]) -> list[Step]:
    """Acts with who did them, a minute apart."""
    return [Step(act=act, staff=staff, at=NOON + timedelta(minutes=number)) for number, (act, staff) in enumerate(done)]


DRAWER, HOSPITAL, CHIEF, ACCOUNTANT, CASHIER = range(1, 6)
TO_PAYMENT = way(
    (Act.draw, DRAWER),
    (Act.send, DRAWER),
    (Act.object, HOSPITAL),
    (Act.answer, DRAWER),
    (Act.approve_business, CHIEF),
    (Act.approve_finance, ACCOUNTANT),
    (Act.order, ACCOUNTANT),
    (Act.pay, CASHIER),
)


def codes(act: Act, steps: list[Step], staff: int | None = 9, desk: Desk | None = None, **more: object) -> list[str]:
    found = findings(act, steps, desk=desk or act.desks[0], staff=staff, **{"reason": "有理由", **more})  # type: ignore[arg-type]
    return [finding.code for finding in found]


@pytest.mark.parametrize("done", range(len(TO_PAYMENT)))
def test_a_statement_goes_step_by_step_from_drawing_to_payment(done: int):
    step = TO_PAYMENT[done]

    assert [] == codes(step.act, TO_PAYMENT[:done], step.staff)


def test_the_last_step_says_where_it_stands():
    assert [None, Status.drawn, Status.sent, Status.objected, Status.answered] == [
        status_of(TO_PAYMENT[:done]) for done in range(5)
    ]
    assert Status.paid is status_of(TO_PAYMENT)


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("done", range(len(TO_PAYMENT) + 1))
def test_an_act_out_of_turn_is_refused(act: Act, done: int):
    status = status_of(TO_PAYMENT[:done])
    in_turn = status in act.needs if act.needs else status is None

    assert in_turn is ("statement-status" not in codes(act, TO_PAYMENT[:done]))


@pytest.mark.parametrize(
    ("act", "desk"),
    [
        (Act.send, Desk.finance),
        (Act.confirm, Desk.county),
        (Act.lapse, Desk.hospital),
        (Act.approve_business, Desk.finance),
        (Act.approve_business, Desk.city),
        (Act.approve_finance, Desk.county),
        (Act.order, Desk.county),
        (Act.pay, Desk.county),
        (Act.send_back, Desk.hospital),
    ],
)
def test_an_act_of_another_desk_is_refused(act: Act, desk: Desk):
    assert "statement-desk" in codes(act, [], desk=desk)


def test_the_system_draws_by_night():
    assert [] == codes(Act.draw, [], None, Desk.system)


@pytest.mark.parametrize(
    ("act", "staff"),
    [
        (Act.approve_business, DRAWER),
        (Act.approve_finance, DRAWER),
        (Act.approve_finance, CHIEF),
        (Act.order, CHIEF),
        (Act.pay, CHIEF),
        (Act.pay, ACCOUNTANT),
    ],
)
def test_nobody_approves_what_they_prepared(act: Act, staff: int):
    before = TO_PAYMENT[: [step.act for step in TO_PAYMENT].index(act)]

    assert ["four-eyes"] == codes(act, before, staff)
    assert [] == codes(act, before, 9)


def test_who_disallowed_has_prepared_too():
    assert ["four-eyes"] == codes(Act.approve_business, TO_PAYMENT[:4], CHIEF, prepared=[CHIEF])


def test_nobody_in_particular_approves_nothing():
    assert ["four-eyes-nobody"] == codes(Act.approve_business, TO_PAYMENT[:4], None, Desk.system)


def test_what_is_sent_back_begins_anew_and_who_prepared_it_before_has_still_prepared_it():
    again = [*TO_PAYMENT[:5], *way((Act.send_back, ACCOUNTANT), (Act.send, CHIEF), (Act.confirm, HOSPITAL))]

    assert Status.confirmed is status_of(again)
    assert ["four-eyes"] == codes(Act.approve_business, again, CHIEF)
    assert ["four-eyes"] == codes(Act.approve_business, again, DRAWER)


@pytest.mark.parametrize(("act", "done"), [(Act.object, 2), (Act.answer, 3), (Act.send_back, 4)])
def test_what_another_must_understand_needs_a_reason(act: Act, done: int):
    assert ["statement-reason"] == codes(act, TO_PAYMENT[:done], reason=" ")


@given(st.lists(st.tuples(st.sampled_from(Act), st.integers(1, 4)), max_size=40))
def test_whatever_is_tried_the_same_hand_never_prepares_and_approves_nor_orders_and_pays(tried: list[tuple[Act, int]]):
    steps: list[Step] = []
    for act, staff in tried:
        if not findings(act, steps, desk=act.desks[0], staff=staff, reason="有理由"):
            steps.append(Step(act=act, staff=staff, at=NOON))
    for place, step in enumerate(steps):
        if step.act is Act.pay:
            (ordered,) = [each.staff for each in steps if each.act is Act.order]
            prepared = {each.staff for each in steps if each.act in (Act.draw, Act.send, Act.answer)}
            assert ordered != step.staff and step.staff not in prepared
            assert Act.approve_finance in {each.act for each in steps[:place]}
    assert sum(step.act is Act.pay for step in steps) <= 1
