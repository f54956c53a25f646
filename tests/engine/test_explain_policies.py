"""Random histories under the five documents: explanation, interpreter, receipt and replay say what was settled."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.oracle.generate import random_case
from tests.policies.worked import HOME, POLICIES, policy
from tuodi.engine.bind import bind
from tuodi.engine.case import read_case
from tuodi.engine.explain import Explanation, explain
from tuodi.engine.receipt import receipt_of, verify
from tuodi.engine.settle import CaseResult, Engine, replay, settle_case
from tuodi.engine.situation import State

IDS = [folder.name for folder in POLICIES]


def settled(name: str, seed: int) -> CaseResult:
    """A random case of the policy, settled."""
    case: dict[str, Any] = random_case(name, random.Random(seed), None)
    this = policy(HOME / name)
    return settle_case(Engine(bind(this, case.get("parameters", {}))), read_case(case, this))


@pytest.mark.parametrize("name", IDS)
@given(seed=st.integers(0, 2**32))
def test_every_explanation_ends_in_the_fen_that_were_settled(name: str, seed: int) -> None:
    for settlement in settled(name, seed).settlements:
        why = explain(settlement)

        assert settlement.relief == why.relief == sum(line.paid for line in why.lines)
        assert settlement.personal == why.personal
        assert [line.paid for line in settlement.lines] == [line.paid for line in why.lines]
        assert [line.base for line in settlement.lines] == [line.basis and line.basis.amount for line in why.lines]
        assert [line.cut_by for line in settlement.lines] == [line.cut_by for line in why.lines]
        _balances(why)
        assert why.text.endswith("。")
        assert explain(settlement, "en").text.endswith(".")


def _balances(why: Explanation) -> None:
    """INV-01: all who pay add up to the bill; payers or flat grants alone may exceed what may be charged."""
    paid = sum(payer.paid for payer in why.payers) + why.relief + why.hospital
    assert why.personal == max(0, why.total - paid)
    grants = sum(line.paid for line in why.lines if line.bill is None)
    payers = sum(payer.paid for payer in why.payers)
    assert why.relief - grants <= max(0, why.total - why.hospital - payers)


@pytest.mark.parametrize("name", IDS)
@given(seed=st.integers(0, 2**32))
def test_the_interpreter_comes_to_the_same_step_by_step(name: str, seed: int) -> None:
    result = settled(name, seed)
    state: State = dict(result.opening)

    for settlement in result.settlements:
        assert settlement.outcome == result.engine.interpret(settlement.situation, state).outcome

    assert result.state == state


@pytest.mark.parametrize("name", IDS)
@given(seed=st.integers(0, 2**32))
def test_receipts_hold(name: str, seed: int) -> None:
    result = settled(name, seed)

    assert () == verify(receipt_of(result).as_dict(), result.engine, result.case)


@pytest.mark.parametrize("name", IDS)
@given(seed=st.integers(0, 2**32), data=st.data())
def test_a_cancelled_event_leaves_no_trace(name: str, seed: int, data: st.DataObject) -> None:
    result = settled(name, seed)
    events = result.case.events
    gone = data.draw(st.sampled_from(events)).id
    without = result.case._replace(events=tuple(event for event in events if event.id != gone))

    again = replay(result.engine, result.case, result.opening, cancelled=[gone])

    assert settle_case(result.engine, without).settlements == again.new.settlements
    assert settle_case(result.engine, without).state == again.new.state
