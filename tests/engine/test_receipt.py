"""A receipt says what a settlement rests on, and gives the same fen again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.engine.small import small_policy
from tests.engine.told import bill, case
from tuodi import __version__
from tuodi.engine.bind import bind
from tuodi.engine.receipt import first_receipt, next_receipt, receipt_of, verify
from tuodi.engine.record import Case
from tuodi.engine.settle import Engine, settle_case
from tuodi.language.model import Policy

STAY = """
parameters:
  share: {type: rate, label: 比例, clause: 一}
counts:
  relief: {per: year, clause: 一, label: 年度限额}
benefits:
  - {id: stay, clause: 一, for: poor, services: [inpatient], of: unpaid, rate: {parameter: share},
     limit: {relief: 5000}}
"""
SHARE = {"share": "70%"}


@pytest.fixture
def policy(tmp_path: Path) -> Policy:
    return replace(small_policy(tmp_path, STAY), content_hash="0" * 64)


@pytest.fixture
def history(policy: Policy) -> Case:
    return case(policy, [bill("3000.00"), bill("6000.00")])


def receipt(policy: Policy, history: Case, parameters: dict[str, Any] = SHARE, **bound: Any) -> dict[str, Any]:
    return receipt_of(settle_case(Engine(bind(policy, parameters, **bound)), history)).as_dict()


def test_it_names_policy_parameters_engine_and_events(policy: Policy, history: Case) -> None:
    written = receipt(policy, history)

    assert ("small", "0" * 64, None, None) == tuple(
        written[name] for name in ("policy", "policy_hash", "plan", "plan_hash")
    )
    assert (__version__, ["e1", "e2"]) == (written["engine"], written["events"])
    assert all(len(written[name]) == 64 for name in ("parameters_hash", "opening_hash", "chain"))


def test_it_names_the_plan(policy: Policy, history: Case, tmp_path: Path) -> None:
    layers = """
layers: [{id: basic, label: 基本医保}]
benefits:
  - {id: basic_stay, clause: 一, layer: basic, for: everyone, services: [inpatient], of: unpaid, rate: 60%}
"""
    plan = replace(small_policy(tmp_path, layers, kind="plan", name="plan"), content_hash="1" * 64)

    written = receipt(policy, history, plan=plan)

    assert ("plan", "1" * 64) == (written["plan"], written["plan_hash"])


def test_the_same_case_gives_the_same_receipt(policy: Policy, history: Case) -> None:
    assert receipt(policy, history) == receipt(policy, history)


def test_one_more_event_is_one_more_link(policy: Policy, history: Case) -> None:
    engine = Engine(bind(policy, SHARE))
    result = settle_case(engine, history)
    first = first_receipt(engine, {})

    after = next_receipt(next_receipt(first, result.settlements[0]), result.settlements[1])

    assert receipt_of(result) == after
    assert () == first.events
    assert after.previous is not None
    assert ("e1",) == after.previous.events


def test_an_opening_of_nothing_is_no_opening(policy: Policy) -> None:
    engine = Engine(bind(policy, SHARE))

    assert first_receipt(engine, {}) == first_receipt(engine, {("relief", 2023): 0})
    assert first_receipt(engine, {}) != first_receipt(engine, {("relief", 2023): 1})


def test_a_receipt_that_holds_leaves_nothing_to_say(policy: Policy, history: Case) -> None:
    assert () == verify(receipt(policy, history), Engine(bind(policy, SHARE)), history)


def test_whatever_differs_is_named_with_its_remedy(policy: Policy, history: Case) -> None:
    given = receipt(policy, history)
    engine = Engine(bind(policy, SHARE))

    def differing(engine: Engine, case: Case) -> list[str]:
        return [finding.place.path for finding in verify(given, engine, case)]

    other_rate = Engine(bind(policy, {"share": "60%"}))
    other_policy = Engine(bind(replace(policy, content_hash="2" * 64), SHARE))
    other_amount = history._replace(events=(history.events[0], history.events[1]._replace(amounts=(1,) * 7)))
    assert ["receipt.parameters_hash", "receipt.chain"] == differing(other_rate, history)
    assert ["receipt.policy_hash", "receipt.chain"] == differing(other_policy, history)
    assert ["receipt.chain"] == differing(engine, other_amount)
    assert ["receipt.events", "receipt.chain"] == differing(engine, history._replace(events=history.events[:1]))
    assert ["receipt.opening_hash", "receipt.chain"] == differing(
        engine, history._replace(opening={("relief", 2023): 1})
    )


def test_another_version_of_the_engine_is_to_be_asked(policy: Policy, history: Case) -> None:
    (finding,) = verify({**receipt(policy, history), "engine": "0.0.1"}, Engine(bind(policy, SHARE)), history)

    assert ("receipt.engine", "用回执所写版本的程序重算") == (finding.place.path, finding.remedy)
