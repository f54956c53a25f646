"""What comparable systems get wrong, each as a test that would notice it here.

Their faults: cents cut off, a deductible paid out, a cap that forgets, doubles or outlives its claims, an exemption
that is not asked, one cap for two services, broken conditions and missing input taken for nothing, money as float,
money of one month that hangs on how it was asked for, a reversal by subtraction, and results that don't come again.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.small import small_policy
from tests.engine.told import MARGIN, POOR, bill, case, settled
from tests.house.tree import ROOT
from tuodi.core.finding import Faults
from tuodi.core.money import format_yuan
from tuodi.engine.bind import bind
from tuodi.engine.receipt import receipt_of
from tuodi.engine.settle import CaseResult, Engine, replay, settle_case
from tuodi.language.model import Policy

OWN = "quantities:\n  own: {label: 负担, take: in_policy, less: [basic], at_most: [unpaid]}\n"
COUNTS = "counts:\n  relief: {per: year, clause: 一, label: 限额}\n  burden: {per: year, clause: 一, label: 负担}\n"


def policy_of(folder: Path, *benefits: str, counts: str = COUNTS, more: str = "") -> Policy:
    """Benefits for the poor's stays, on what the person bears in policy, unless they begin with something else."""
    usual = {"clause": "一", "for": "poor", "services": "[inpatient]", "of": "own"}
    listed = []
    for number, text in enumerate(benefits):
        added = "".join(f", {key}: {value}" for key, value in usual.items() if not text.startswith(f"{key}:"))
        listed.append(f"  - {{id: benefit_{number}{added}, {text}}}\n")
    return small_policy(folder, OWN + counts + more + "benefits:\n" + "".join(listed))


def reliefs(result: CaseResult) -> list[str]:
    return [format_yuan(one.relief) for one in result.settlements]


# ---- cents, deductibles ----------------------------------------------------------------------------------------------


def test_cents_are_not_cut(tmp_path: Path) -> None:
    policy = policy_of(tmp_path, "rate: 100%")

    assert ["101.37"] == reliefs(settled(policy, bill("101.37")))


def test_half_a_fen_is_rounded_up_once_and_not_cut(tmp_path: Path) -> None:
    policy = policy_of(tmp_path, "rate: 50%")

    assert ["50.69", "0.01", "0.00"] == reliefs(settled(policy, bill("101.37"), bill("0.01"), bill("0.00")))


def test_a_deductible_that_is_not_met_pays_nothing_and_books_the_whole_bill_once(tmp_path: Path) -> None:
    policy = policy_of(tmp_path, "above: {burden: 1000}, rate: 100%")
    result = settled(policy, bill("101.37"), bill("898.63"), bill("0.01"))

    assert ["0.00", "0.00", "0.01"] == reliefs(result)
    assert {("burden", 2023): 100_001} == result.state


# ---- caps ------------------------------------------------------------------------------------------------------------

CAP = "rate: 100%, limit: {relief: 150}"


def test_four_bills_share_one_cap(tmp_path: Path) -> None:
    result = settled(policy_of(tmp_path, CAP), *[bill("101.00")] * 4)

    assert ["101.00", "49.00", "0.00", "0.00"] == reliefs(result)
    assert {("relief", 2023): 15_000} == result.state


def test_a_cancelled_bill_gives_back_its_share_of_the_cap(tmp_path: Path) -> None:
    policy = policy_of(tmp_path, CAP)
    engine, history = Engine(bind(policy)), case(policy, [bill("101.00"), bill("101.00")])
    again = replay(engine, history, {}, cancelled=["e1"])

    assert ["101.00", "49.00"] == reliefs(again.old)
    assert ["101.00"] == reliefs(again.new)


def test_a_bill_processed_again_and_again_counts_once(tmp_path: Path) -> None:
    policy = policy_of(tmp_path, "rate: 100%, limit: {relief: 300}")
    engine, history = Engine(bind(policy)), case(policy, [bill("101.00"), bill("101.00")])
    for _ in range(5):
        again = replay(engine, history, {}, changed={"e1": history.events[0]})
        history = again.new.case

    assert ["101.00", "101.00"] == reliefs(again.new) == reliefs(settle_case(engine, history))
    assert {("relief", 2023): 20_200} == again.new.state
    assert {(0, ())} == {(one.relief, one.lines) for one in again.differences}


def test_who_is_exempt_from_the_cap_is_not_capped(tmp_path: Path) -> None:
    lifted = "adjust: [{changes: limit, when: {age: {below: 18}}, none: true}]"
    policy = policy_of(tmp_path, f"{CAP}, {lifted}")
    bills = [bill("101.00"), bill("101.00")]

    assert ["101.00", "101.00"] == reliefs(settled(policy, *bills, birth_date="2015-01-01"))
    assert ["101.00", "49.00"] == reliefs(settled(policy, *bills, birth_date="1950-01-01"))


def test_services_with_caps_of_their_own_do_not_share_them(tmp_path: Path) -> None:
    policy = policy_of(
        tmp_path,
        CAP,
        "services: [outpatient], rate: 100%, limit: {visits: 50}",
        counts=f"{COUNTS}  visits: {{per: year, clause: 一, label: 门诊限额}}\n",
    )
    visit = bill("101.00", service="outpatient")

    assert ["50.00", "101.00", "0.00", "49.00"] == reliefs(
        settled(policy, visit, bill("101.00"), visit, bill("101.00"))
    )


def test_of_a_cap_that_services_share_only_the_whole_is_the_same_in_any_order(tmp_path: Path) -> None:
    policy = policy_of(tmp_path, CAP, "services: [outpatient], rate: 100%, limit: {relief: 150}")
    stay, visit = bill("101.00"), bill("101.00", service="outpatient")

    assert ["101.00", "49.00"] == reliefs(settled(policy, stay, visit)) == reliefs(settled(policy, visit, stay))
    assert settled(policy, stay, visit).state == settled(policy, visit, stay).state


def test_a_cap_may_be_for_life_or_for_a_year(tmp_path: Path) -> None:
    bills = [bill("101.00"), bill("101.00", date="2024-03-01")]
    life = COUNTS.replace("relief: {per: year", "relief: {per: life")

    assert ["101.00", "101.00"] == reliefs(settled(policy_of(tmp_path, CAP), *bills))
    assert ["101.00", "49.00"] == reliefs(settled(policy_of(tmp_path, CAP, counts=life), *bills))


def test_relief_paid_in_a_better_class_may_exceed_the_new_cap_and_nothing_is_taken_back(tmp_path: Path) -> None:
    policy = policy_of(tmp_path, "rate: 100%, limit: {relief: 300}", "for: margin, rate: 100%, limit: {relief: 150}")
    statuses = [{**POOR, "to": "2023-06-01"}, {**MARGIN, "from": "2023-06-01"}]
    result = settled(policy, bill("202.00"), bill("101.00", date="2023-07-01"), statuses=statuses)

    assert ["202.00", "0.00"] == reliefs(result)
    assert {("relief", 2023): 20_200} == result.state
    assert "relief" == result.settlements[1].lines[0].cut_by


# ---- what is broken or missing is an error, never nothing and never everyone -----------------------------------------


@pytest.mark.parametrize(
    ("benefit", "code"),
    [
        ("rate: 50%, when: {designatd: true}", "unknown-fact"),
        ("rate: 50%, when: {level: none}", "not-a-number"),
        ("rate: 50%, when: {}", "nothing"),
        ("of: ownn, rate: 50%", "unknown-quantity"),
        ("rate: 0.5", "rate-without-percent"),
        ("rate: 50%, limit: {releif: 1}", "unknown-count"),
        ("rate: 50%, limit: {relief: }", "cut-at-comma"),
    ],
)
def test_a_broken_condition_or_amount_stops_the_policy(tmp_path: Path, benefit: str, code: str) -> None:
    with pytest.raises(Faults) as caught:
        policy_of(tmp_path, benefit)
    assert code in {finding.code for finding in caught.value.findings}


@pytest.mark.parametrize(
    ("benefit", "lacking", "said"),
    [
        ("rate: 50%, when: {level: 3}", {"facility": {"level": None}}, "events[0].facility.level"),
        ("rate: 50%, when: {referral: true}", {}, "events[0].referral"),
        ("rate: {parameter: share}", {}, "parameters.share"),
        ("rate: 50%, above: {share: 10%, of: {parameter: income}}", {}, "parameters.income"),
        ("rate: {by: level, cases: {1: 80%, 2: 60%}}", {}, "events[0]"),
        ("rate: {from: {2023-06-01: 50%}}", {}, "events[0]"),
    ],
)
def test_a_missing_input_is_named_and_never_nothing(
    tmp_path: Path, benefit: str, lacking: dict[str, Any], said: str
) -> None:
    more = (
        "facts:\n  referral: {type: flag, label: 转诊}\n"
        "parameters:\n  share: {type: rate, clause: 一, label: 比例}\n"
        "  income: {type: money, clause: 一, label: 收入}\n"
    )
    policy = policy_of(tmp_path, benefit, more=more)
    event = bill("100.00", **lacking)

    with pytest.raises(Faults) as caught:
        settled(policy, event)
    assert [said] == [finding.place.path for finding in caught.value.findings]


@pytest.mark.parametrize("amount", bill("1.00")["amounts"])
def test_a_missing_amount_is_no_zero(tmp_path: Path, amount: str) -> None:
    policy = policy_of(tmp_path, "rate: 50%")
    event = bill("100.00")
    del event["amounts"][amount]

    with pytest.raises(Faults, match=f"events\\[0\\].amounts.{amount}"):
        settled(policy, event)


def test_no_relief_is_a_refusal_with_its_clause_and_no_error(tmp_path: Path) -> None:
    (settlement,) = settled(policy_of(tmp_path, "rate: 50%"), bill("100.00"), statuses=[]).settlements

    assert settlement.refusal is not None
    assert "一" == settlement.refusal.clause
    assert (0, 10_000) == (settlement.relief, settlement.personal)


# ---- money is exact --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [100, 100.0, 0.1, float("nan"), True, "1e2", "100.005"])
def test_money_that_may_have_been_a_float_is_refused(tmp_path: Path, number: object) -> None:
    policy = policy_of(tmp_path, "rate: 50%")
    event = bill("100.00")
    event["amounts"]["total"] = number

    with pytest.raises(Faults, match="total"):
        settled(policy, event)


@pytest.mark.parametrize("total", ["167772.17", "99999999.99", "0.29", "1.13", "19.99"])
def test_fen_that_no_float_holds_come_out_as_they_went_in(tmp_path: Path, total: str) -> None:
    assert [total] == reliefs(settled(policy_of(tmp_path, "rate: 100%"), bill(total)))


def test_a_thousand_small_bills_add_up_to_the_fen(tmp_path: Path) -> None:
    result = settled(policy_of(tmp_path, "rate: 100%, limit: {relief: 99.95}"), *[bill("0.10")] * 1000)

    assert 9_995 == sum(one.relief for one in result.settlements)
    assert ["0.10", "0.05"] == reliefs(result)[998:]


# ---- one order, one semantics ----------------------------------------------------------------------------------------

YEARLY = "above: {burden: 1000}, rate: 70%, limit: {relief: 3000}"


def test_december_asked_for_alone_is_what_it_is_at_the_end_of_the_year(tmp_path: Path) -> None:
    policy = policy_of(tmp_path, YEARLY)
    months = [bill("400.00", date=f"2023-{month:02}-15") for month in range(1, 13)]
    year, until_december = settled(policy, *months), settled(policy, *months[:11])
    brought = [
        {"count": count, "key": str(key), "amount": format_yuan(amount)}
        for (count, key), amount in until_december.state.items()
    ]

    december = settled(policy, months[11], opening=brought)

    assert reliefs(year)[11:] == reliefs(december) == ["280.00"]
    assert year.state == december.state
    assert year.settlements[11].lines == december.settlements[0].lines


def test_a_history_of_thousands_of_bills_is_settled_to_its_end(tmp_path: Path) -> None:
    result = settled(policy_of(tmp_path, "above: {burden: 1000}, rate: 70%"), *[bill("1.00")] * 5000)

    assert 4000 * 70 == sum(one.relief for one in result.settlements)
    assert {("burden", 2023): 500_000} == result.state


def test_bills_count_in_the_order_given_whatever_their_days(tmp_path: Path) -> None:
    policy = policy_of(tmp_path, YEARLY)
    late, early = bill("1500.00", date="2023-12-01"), bill("600.00", date="2023-01-05")

    assert ["350.00", "420.00"] == reliefs(settled(policy, late, early))
    assert ["0.00", "770.00"] == reliefs(settled(policy, early, late))


SPLIT = st.lists(st.integers(0, 500_000), min_size=2, max_size=6)


@given(SPLIT)
def test_splitting_a_bill_changes_the_year_by_roundings_only(tmp_path_factory: Any, parts: list[int]) -> None:
    policy = _yearly(tmp_path_factory)
    whole = settled(policy, bill(format_yuan(sum(parts))))
    split = settled(policy, *(bill(format_yuan(part)) for part in parts))
    difference = sum(one.relief for one in split.settlements) - whole.settlements[0].relief

    assert len(parts) + 1 >= 2 * abs(difference)
    assert whole.state == split.state


def test_splitting_a_bill_may_change_the_year_by_a_fen(tmp_path: Path) -> None:
    policy = policy_of(tmp_path, "rate: 50%")

    assert ["0.01"] == reliefs(settled(policy, bill("0.02")))
    assert ["0.01", "0.01"] == reliefs(settled(policy, bill("0.01"), bill("0.01")))


def test_a_reversal_is_a_replay_and_no_subtraction(tmp_path: Path) -> None:
    policy = policy_of(tmp_path, YEARLY)
    engine, history = Engine(bind(policy)), case(policy, [bill("1500.00"), bill("600.00"), bill("4000.00")])
    again = replay(engine, history, {}, cancelled=["e1"])
    by_subtraction = sum(one.relief for one in again.old.settlements[1:])

    assert ["350.00", "420.00", "2230.00"] == reliefs(again.old)
    assert ["0.00", "2520.00"] == reliefs(again.new)
    assert by_subtraction != sum(one.relief for one in again.new.settlements)
    assert ["e1", "e2", "e3"] == [one.event for one in again.differences]
    assert settle_case(engine, history._replace(events=history.events[1:])).state == again.new.state


def test_what_was_cancelled_and_comes_back_is_settled_as_before(tmp_path: Path) -> None:
    policy = policy_of(tmp_path, YEARLY)
    engine, history = Engine(bind(policy)), case(policy, [bill("1500.00"), bill("600.00"), bill("4000.00")])
    without = replay(engine, history, {}, cancelled=["e2"]).new
    restored = case(policy, [bill("1500.00"), bill("600.00"), bill("4000.00")])

    assert reliefs(without) != reliefs(settle_case(engine, restored))[:2]
    assert settle_case(engine, history).settlements == settle_case(engine, restored).settlements


# ---- the same again --------------------------------------------------------------------------------------------------


def test_the_same_receipt_comes_from_the_same_case_and_from_no_other(tmp_path: Path) -> None:
    policy = policy_of(tmp_path, YEARLY)
    bills = [bill("1500.00"), bill("600.00")]
    first, second = settled(policy, *bills), settled(policy, *bills)
    others = [
        settled(policy, *bills[::-1]),
        settled(policy, bills[0]),
        settled(policy, *bills, opening=[{"count": "burden", "key": "2023", "amount": "0.01"}]),
        settled(policy_of(tmp_path, YEARLY.replace("70%", "71%")), *bills),
    ]

    assert receipt_of(first).as_dict() == receipt_of(second).as_dict()
    assert all(receipt_of(first).as_dict() != receipt_of(other).as_dict() for other in others)


ASK = """
import json, sys
from tuodi.cli.worked import worked_cases, settled
from tuodi.cli.stock import Stock
from tuodi.engine.result import result_of
from tuodi.language.shelf import packaged_policies
stock = Stock()
for folder in packaged_policies().values():
    for worked in worked_cases(folder)[:6]:
        result = settled(worked, stock)
        print(json.dumps(result_of(result.engine, result, receipt=True), ensure_ascii=False))
"""


def test_another_process_gives_the_same_results_and_receipts() -> None:
    told = [
        subprocess.run(
            [sys.executable, "-c", ASK],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]

    assert told[0] == told[1]
    assert b"receipt" in told[0]


def test_settling_leaves_engine_and_case_as_they_were(tmp_path: Path) -> None:
    policy = policy_of(tmp_path, CAP)
    engine, history = Engine(bind(policy)), case(policy, [bill("101.00"), bill("101.00")])
    before = settle_case(engine, history)
    settle_case(engine, case(policy, [bill("149.00")]))

    assert before == settle_case(engine, history)
    assert {} == history.opening


# ---- helpers ---------------------------------------------------------------------------------------------------------

_MADE: dict[str, Policy] = {}


def _yearly(factory: Any) -> Policy:
    if "yearly" not in _MADE:
        _MADE["yearly"] = policy_of(factory.mktemp("yearly"), "above: {burden: 1000}, rate: 70%")
    return _MADE["yearly"]
