"""Results are the case format's, to the letter."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.small import small_policy
from tests.engine.told import MARGIN, bill, catalogue_policy, settled
from tuodi.core.money import format_yuan
from tuodi.engine.receipt import receipt_of
from tuodi.engine.result import event_result, line_result, result_of, yuan
from tuodi.language.model import Policy

BODY = """
facts:
  days: {type: count, label: 天数}
  package: {type: money, label: 打包限额, default: null}
  tests: {type: flag, label: 测试, default: false}
counts:
  burden: {per: year, clause: 一, label: 年度负担}
  relief: {per: year, clause: 一, label: 年度限额}
  used: {per: life, clause: 一, label: 一次}
benefits:
  - {id: stay, clause: 一, for: poor, services: [inpatient], of: unpaid, above: {burden: 300}, rate: 70%,
     limit: {relief: 10000}}
  - {id: bands, clause: 一, for: poor, services: [outpatient], of: unpaid, bands: [{to: 400, rate: 62.5%}, {rate: 60%}]}
  - {id: days, clause: 一, for: poor, services: [psychiatric_inpatient], amount: 20, each: days}
  - {id: birth, clause: 一, for: poor, services: [childbirth], amount: 900, once: used}
  - {id: package, clause: 一, for: poor, services: [outpatient_chronic], bill: package, of: in_policy, rate: 20%}
"""


@pytest.fixture
def policy(tmp_path: Path) -> Policy:
    return small_policy(tmp_path, BODY)


def written(policy: Policy, event: dict[str, Any], **more: Any) -> dict[str, Any]:
    """What is written for one event."""
    return event_result(settled(policy, event, **more).settlements[0])


def test_a_case_is_written_as_the_format_says(policy: Policy) -> None:
    result = settled(policy, bill("3000.00", "2500.00", "1000.00"))

    assert {
        "policy": "small",
        "person": "P1",
        "events": [
            {
                "id": "e1",
                "relief": "1190.00",
                "personal": "810.00",
                "lines": [
                    {"benefit": "stay", "clause": "一", "basis": "1700.00", "rate": "70%", "paid": "1190.00"},
                ],
                "refusal": None,
            }
        ],
    } == result_of(result.engine, result)


def test_a_receipt_is_written_where_it_is_asked_for(policy: Policy) -> None:
    result = settled(policy, bill("3000.00"))

    assert receipt_of(result).as_dict() == result_of(result.engine, result, receipt=True)["receipt"]


def test_what_cut_a_line_is_named(policy: Policy) -> None:
    lines = written(policy, bill("90000.00"))["lines"]

    assert [("10000.00", "relief")] == [(line["paid"], line["cut_by"]) for line in lines]


def test_bands_have_parts_in_place_of_a_rate(policy: Policy) -> None:
    (line,) = written(policy, bill("1000.00", service="outpatient"))["lines"]

    parts = [{"amount": "400.00", "rate": "62.5%"}, {"amount": "600.00", "rate": "60%"}]
    assert {"benefit": "bands", "clause": "一", "basis": "1000.00", "parts": parts, "paid": "610.00"} == line


def test_a_grant_has_an_amount_in_place_of_a_basis(policy: Policy) -> None:
    (by_day,) = written(policy, bill("1000.00", service="psychiatric_inpatient", days=15))["lines"]
    (birth,) = written(policy, bill("1000.00", service="childbirth"))["lines"]

    granted = {"clause": "一", "basis": None, "rate": None}
    assert {"benefit": "days", **granted, "amount": "20.00", "each": 15, "paid": "300.00"} == by_day
    assert {"benefit": "birth", **granted, "amount": "900.00", "paid": "900.00"} == birth


def test_a_refusal_has_its_clause_and_reason(policy: Policy) -> None:
    event = written(policy, bill("1000.00"), statuses=[MARGIN])

    assert ([], "0.00", "1000.00") == (event["lines"], event["relief"], event["personal"])
    assert {"clause", "reason"} == set(event["refusal"])


def test_what_the_hospital_bears_is_written_where_there_is_such_a_part(policy: Policy) -> None:
    event = bill("1000.00", service="outpatient_chronic", package="600.00")

    assert "400.00" == written(policy, event)["hospital"]
    assert "400.00" == written(policy, event)["personal"]  # 600 - 20 % of 1000


def test_items_are_named_and_those_not_relieved_are_noted(tmp_path: Path) -> None:
    goods = [{"item": "甲", "personal": "100.00"}, {"item": "乙药", "personal": "50.00"}]

    event = written(
        catalogue_policy(tmp_path),
        bill("1000.00", disease="甲病", items=goods),
        parameters={"prices": {"甲": "90.00"}},
    )

    assert [("甲药", "100.00", "50.00")] == [(line["item"], line["basis"], line["paid"]) for line in event["lines"]]
    assert [{"item": "乙药", "clause": "附件", "reason": "不属于本病种的目录项目"}] == event["notes"]


def test_layers_that_were_computed_are_written_apart_from_relief(policy: Policy, tmp_path: Path) -> None:
    layers = """
layers: [{id: basic, label: 基本医保}]
benefits:
  - {id: basic_stay, clause: 一, layer: basic, for: everyone, services: [inpatient], of: unpaid, rate: 60%}
"""
    plan = small_policy(tmp_path, layers, kind="plan", name="plan")

    computed = written(policy, bill("3000.00", None, None), plan=plan)
    given = written(policy, bill("3000.00", None, "1800.00"), plan=plan)

    assert {"basic": "1800.00"} == computed["layers"]
    assert "layers" not in given
    assert computed["lines"] == given["lines"]


def test_results_are_plain_data(policy: Policy) -> None:
    result = settled(policy, bill("3000.00"))

    assert orjson.dumps(result_of(result.engine, result, receipt=True))


@pytest.mark.parametrize(
    "event",
    [
        bill("3000.00", "2500.00", "1000.00"),
        bill("300.00"),
        bill("60000.00"),
        bill("3000.00", None, "2900.00"),
        bill("900.00", service="outpatient"),
        bill("2000.00", service="psychiatric_inpatient", days=15),
        bill("1000.00", service="outpatient_chronic", package="800.00"),
    ],
    ids=["uncut", "nothing above", "cut by a limit", "little unpaid", "bands", "grant", "capped bill"],
)
def test_a_line_is_written_alike_on_either_way(policy: Policy, event: dict[str, Any]) -> None:
    settlement = settled(policy, event).settlements[0]

    assert settlement.lines
    assert [line_result(line) for line in settlement.lines] == event_result(settlement)["lines"]


@given(st.integers(0, 10**13))
def test_amounts_are_written_as_everywhere(fen: int) -> None:
    assert format_yuan(fen) == yuan(fen)
