"""Explanations as plain data."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from tests.engine.small import small_policy
from tests.engine.told import bill, catalogue_policy, settled
from tuodi.engine.explain import explain
from tuodi.engine.explanation_result import explanation_result
from tuodi.language.model import Policy

BODY = """
facts:
  days: {type: count, label: 天数}
counts:
  burden: {per: year, clause: 一, label: 年度负担}
  relief: {per: year, clause: 一, label: 年度限额}
  used: {per: life, clause: 一, label: 一次}
benefits:
  - {id: stay, clause: 一, for: poor, services: [inpatient], of: unpaid, above: {burden: 300}, rate: 70%,
     limit: {relief: 10000}}
  - {id: days, clause: 一, for: poor, services: [psychiatric_inpatient], amount: 20, each: days}
  - {id: birth, clause: 一, for: poor, services: [childbirth], amount: 900, once: used}
"""


@pytest.fixture
def policy(tmp_path: Path) -> Policy:
    return small_policy(tmp_path, BODY)


def test_an_explanation_is_plain_data_with_amounts_as_text(policy: Policy) -> None:
    written = explanation_result(explain(settled(policy, bill("3000.00", "2500.00", "1000.00")).settlements[0]))

    (line,) = written["lines"]
    assert "70%" == line["rate"]
    assert {"document": "测试〔2023〕1号", "clause": "一"} == line["citation"]
    assert {"label": "账单未付部分", "amount": "2000.00", "formula": None} == line["basis"]
    assert "10000.00" == line["limits"][0]["limit"]
    assert (None, "stated") == (line["stated"], "stated")
    assert [("relief", 2023, "0.00", "1190.00"), ("burden", 2023, "0.00", "2000.00")] == [
        (move["count_id"], move["key"], move["before"], move["after"]) for move in written["moves"]
    ]
    assert written["text"].startswith("住院总费用 3,000.00 元")
    assert "sentences" not in written
    assert orjson.dumps(written)


def test_in_an_explanation_uses_and_numbers_stay_numbers(policy: Policy) -> None:
    birth = explanation_result(explain(settled(policy, bill("1000.00", service="childbirth")).settlements[0]))
    by_day = bill("1000.00", service="psychiatric_inpatient", days=15)
    days = explanation_result(explain(settled(policy, by_day).settlements[0]))

    assert [(0, 1, True)] == [(move["before"], move["after"], move["in_uses"]) for move in birth["moves"]]
    assert {"amount": "20.00", "each": 15, "each_label": "天数"} == days["lines"][0]["grant"]


def test_in_an_explanation_a_key_of_several_parts_is_a_list(tmp_path: Path) -> None:
    goods = [{"item": "甲", "personal": "100.00"}]
    event = bill("1000.00", disease="甲病", items=goods)

    result = settled(catalogue_policy(tmp_path), event, parameters={"prices": {"甲": "90.00"}})

    (move,) = explanation_result(explain(result.settlements[0]))["moves"]
    assert ["甲药", 2023] == move["key"]
