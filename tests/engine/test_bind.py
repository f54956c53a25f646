"""Parameters become numbers, or say what is wrong with them, all at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.small import small_policy
from tuodi.core.finding import Faults
from tuodi.engine.bind import Bound, bind
from tuodi.language.model import Policy

BODY = """
lists:
  diseases: {file: lists/diseases.csv, label: 病种, clause: 一}
catalogues:
  annex: {file: lists/catalogue.csv, diseases: diseases, label: 目录, clause: 一}
parameters:
  income: {type: money, clause: 一, label: 收入}
  share: {type: rate, clause: 一, label: 比例, optional: true}
  item_limits: {type: money_by_item, catalogue: annex, clause: 一, label: 限额}
counts:
  item_relief: {per: [item, year], clause: 一, label: 项目限额}
benefits:
  - id: item
    clause: 一
    for: poor
    services: [inpatient]
    for_each_item: annex
    of: item_burden
    rate: 100%
    limit: {item_relief: {parameter: item_limits, by: item}}
  - id: stay
    clause: 一
    for: margin
    services: [inpatient]
    of: {label: 负担, take: in_policy, at_most: [unpaid]}
    above: {share: 10%, of: {parameter: income}}
    rate: {parameter: share}
"""


@pytest.fixture
def policy(tmp_path: Path) -> Policy:
    lists = tmp_path / "small" / "lists"
    lists.mkdir(parents=True)
    (lists / "diseases.csv").write_text("name,aliases,icd10,needs,note\n肺癌,,C34,,\n", "utf-8")
    (lists / "catalogue.csv").write_text(
        "disease,item,kind,aliases\n肺癌,克唑替尼,drug,赛可瑞\n肺癌,支架（覆膜）,device,\n", "utf-8"
    )
    return small_policy(tmp_path, BODY)


def _number(bound: Bound, parameter: str) -> list[int | None]:
    slots = zip(bound.program.table, bound.table, strict=True)
    return [number for slot, number in slots if slot.parameter == parameter]


def test_numbers_are_read_by_their_type(policy: Policy) -> None:
    bound = bind(policy, {"income": "30000.05", "share": "0.7", "item_limits": {"赛可瑞": "50000.00"}})

    assert [3000005] == _number(bound, "income")
    assert [7000] == _number(bound, "share")
    assert {"item_limits": {"克唑替尼": 5000000}} == bound.item_tables
    assert bound.program.bit("parameter:share").mask == bound.constant_word


@pytest.mark.parametrize(("text", "points"), [("70%", 7000), ("0.705", 7050), ("1", 10000), ("0", 0), ("62.5%", 6250)])
def test_a_rate_may_be_written_both_ways(policy: Policy, text: str, points: int) -> None:
    assert [points] == _number(bind(policy, {"share": text}), "share")


def test_a_parameter_that_is_null_or_left_out_is_not_set(policy: Policy) -> None:
    left_out, null = bind(policy), bind(policy, {"income": None, "share": None, "item_limits": None})

    assert left_out.table == null.table
    assert [None] == _number(left_out, "income")
    assert 0 == left_out.constant_word == null.constant_word
    assert {"item_limits": {}} == dict(null.item_tables)


def test_an_item_that_is_null_has_no_entry_but_its_name_is_taken(policy: Policy) -> None:
    bound = bind(policy, {"item_limits": {"克唑替尼": None, "支架(覆膜)": "5.00"}})

    assert {"item_limits": {"支架（覆膜）": 500}} == bound.item_tables
    with pytest.raises(Faults, match="给出了两次"):
        bind(policy, {"item_limits": {"克唑替尼": None, "赛可瑞": "5.00"}})
    with pytest.raises(Faults, match="目录里没有"):
        bind(policy, {"item_limits": {"阿司匹林": None}})


def test_a_parameter_may_be_given_by_day(policy: Policy) -> None:
    bound = bind(policy, {"income": {"2023-01-01": "300.00", "2024-01-01": "400.00"}})

    assert [40000, 30000] == _number(bound, "income")


def test_a_parameter_with_endless_days_is_a_fault(policy: Policy) -> None:
    days = {f"{1950 + number // 336}-{number // 28 % 12 + 1:02}-{number % 28 + 1:02}": "1.00" for number in range(5000)}

    with pytest.raises(Faults, match="给出了 5000 个起始日期"):
        bind(policy, {"income": days})


def test_equal_parameters_have_equal_hashes(policy: Policy) -> None:
    one = bind(policy, {"income": "1.00", "share": "70%"})
    other = bind(policy, {"share": "70%", "income": "1.00"})

    assert one.parameters_hash == other.parameters_hash
    assert one.parameters_hash != bind(policy).parameters_hash


def test_every_fault_is_named_at_once(policy: Policy) -> None:
    given = {
        "incom": "1.00",
        "income": 30000,
        "share": "1.5",
        "item_limits": {"克唑替尼": "-1.00", "赛可瑞": "2.00", "阿司匹林": "3.00"},
    }

    with pytest.raises(Faults) as caught:
        bind(policy, given)

    assert [
        "parameters.incom: 政策 small 没有参数“incom”（可用的参数：income、share、item_limits） [unknown-parameter]",
        'parameters.income: 参数“收入”：应为加双引号的文字（如 "50000.00"） [bad-parameter]',
        'parameters.share: 参数“比例”：比例 1.5 超过 100%（如 "70%" 或 "0.70"） [bad-parameter]',
        'parameters.item_limits.克唑替尼: 参数“限额”：金额 -1.00 为负数（如 "50000.00"） [bad-parameter]',
        "parameters.item_limits.赛可瑞: 项目“克唑替尼”给出了两次（只保留一个） [bad-parameter]",
        "parameters.item_limits.阿司匹林: 目录里没有项目“阿司匹林”（按目录的名称书写） [bad-parameter]",
    ] == [str(finding) for finding in caught.value.findings]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"income": {}}, "是空的"),
        ({"income": {"昨天": "1.00"}}, "不是日期"),
        ({"income": []}, "应为加双引号的文字"),
        ({"item_limits": "50000.00"}, "应为按项目列出的对象"),
        ({"share": "七成"}, "不是比例"),
        ({"share": "0.70005"}, "不是比例"),
        ({"share": "0."}, "不是比例"),
        ({"share": "170%"}, "超过 100%"),
        ({"share": "9" * 5000}, "99…”太长"),
    ],
)
def test_a_value_of_the_wrong_kind_says_why(policy: Policy, given: dict[str, object], reason: str) -> None:
    with pytest.raises(Faults, match=reason):
        bind(policy, given)
