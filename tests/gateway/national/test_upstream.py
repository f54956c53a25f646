"""What insurance has paid, as messages bring it: whole, in parts, and with contradictions."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from tuodi.core.finding import Faults
from tuodi.gateway.national.desk import Bill
from tuodi.gateway.national.fields import Extension
from tuodi.gateway.national.upstream import Brought, bill_of, read_upstream

TOTAL = 1_000_000
BILL = Bill(total=TOTAL, own_paid=30_000, over_limit=20_000, prepaid=50_000, in_policy=900_000)


def brought(given: Any, insutype: str = "390", own: Bill | None = None) -> Brought:
    return read_upstream(
        Extension().read(json.loads(json.dumps(given), parse_float=Decimal, parse_int=Decimal)), insutype, TOTAL, own
    )


def paid(given: Any, insutype: str = "390") -> list[tuple[str, str, int]]:
    upstream = brought(given, insutype).upstream
    assert upstream is not None
    return [(one.fund, one.payer, one.amount) for one in upstream.payments]


def codes(given: Any) -> list[str]:
    with pytest.raises(Faults) as caught:
        brought(given)
    return [finding.code for finding in caught.value.findings]


def test_a_forwarded_answer_is_taken_whole() -> None:
    given = {
        "setlinfo": {
            "medfee_sumamt": 10000.00, "hifp_pay": 6000.00, "hifmi_pay": 700.00, "maf_pay": 0, "oth_pay": 50,
            "fulamt_ownpay_amt": 300, "overlmt_selfpay": 200, "preselfpay_amt": 500, "inscp_scp_amt": 9000,
            "act_pay_dedc": 800, "acct_pay": 100, "setl_id": "9", "psn_name": "示例甲", "hosp_part_amt": 0,
        },
        "setldetail": [
            {"fund_pay_type": "390101", "fund_payamt": 6000.00, "setl_proc_info": None},
            {"fund_pay_type": "390200", "fund_payamt": 700.00},
            {"fund_pay_type": "999109", "fund_payamt": 50},
            {"fund_pay_type": "390500", "fund_payamt": 100},
            {"fund_pay_type": "610100", "fund_payamt": 0},
        ],
    }  # fmt: skip

    found = brought(given)

    assert BILL == found.bill
    assert found.upstream is not None
    assert (100, 80_000, 600_000, 5_000) == (
        found.upstream.account // 100,
        found.upstream.deductible,
        found.upstream.paid_by("basic"),
        found.upstream.paid_by("supplementary"),
    )
    assert [
        ("390101", "basic", 600_000),
        ("390200", "critical_illness", 70_000),
        ("999109", "supplementary", 5_000),
    ] == (paid(given))


@pytest.mark.parametrize(
    ("insutype", "given", "expected"),
    [
        ("390", {"hifp_pay": "60", "hifmi_pay": 7}, [("390100", "basic", 6000), ("390200", "critical_illness", 700)]),
        ("310", {"hifp_pay": "60", "hifob_pay": 7}, [("310100", "basic", 6000), ("330100", "critical_illness", 700)]),
        (
            "310",
            {"cvlserv_pay": 1, "hifes_pay": 2},
            [("320100", "supplementary", 100), ("370100", "supplementary", 200)],
        ),
        ("390", {"oth_pay": 3, "hifdm_pay": 4}, [("350100", "other_relief", 400), ("999997", "other_relief", 300)]),
        ("390", {"hifp_pay": 0, "commercial_pay": 5}, [("999997", "commercial", 500)]),
        ("390", {"hifp_pay": 0, "other_relief_pay": 6}, [("999997", "other_relief", 600)]),
        ("390", {"hifp_pay": 0}, []),
    ],
)
def test_amounts_by_their_own_names_are_enough(insutype: str, given: Any, expected: list[Any]) -> None:
    assert expected == paid(given, insutype)
    assert expected == paid(json.dumps(given), insutype)


@pytest.mark.parametrize("given", [None, "", "备注", {}, {"TRUM_FLAG": "1"}])
def test_without_amounts_nothing_is_brought(given: Any) -> None:
    assert Brought(bill=BILL) == brought(given, own=BILL)


def test_the_message_own_parts_go_before_forwarded_ones() -> None:
    other = {"setlinfo": {"fulamt_ownpay_amt": 1000, "overlmt_selfpay": 0, "preselfpay_amt": 0, "inscp_scp_amt": 9000}}

    assert BILL == brought(other, own=BILL).bill


def test_facts_go_through_as_they_are() -> None:
    assert {"package_limit": "8000.00", "bed_days": Decimal(3)} == (
        brought({"facts": {"package_limit": "8000.00", "bed_days": 3}}).facts
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"maf_pay": 1}, ["upstream-relief"]),
        ({"setldetail": [{"fund_pay_type": "610101", "fund_payamt": 1}]}, ["upstream-relief"]),
        ({"hifp_pay": 1, "medfee_sumamt": 9999}, ["upstream-total"]),
        ({"hifp_pay": "10000.01"}, ["upstream-too-much"]),
        ({"hifp_pay": -1}, ["bad-value"]),
        ({"hifp_pay": "x", "hifmi_pay": "1.001"}, ["bad-value", "bad-value"]),
        ({"facts": []}, []),
        ({"facts": [1]}, ["bad-facts"]),
        (
            {"setlinfo": {"hifp_pay": 5}, "setldetail": [{"fund_pay_type": "390100", "fund_payamt": 6}]},
            ["upstream-rows"],
        ),
        ({"setlinfo": {"medfee_sumamt": 1, "maf_pay": 2}}, ["upstream-total", "upstream-relief"]),
        (
            {"setlinfo": {"fulamt_ownpay_amt": 1, "overlmt_selfpay": 0, "preselfpay_amt": 0, "inscp_scp_amt": 9000}},
            ["bill-does-not-add-up"],
        ),
    ],
)
def test_contradictions_are_findings(given: Any, expected: list[str]) -> None:
    if expected:
        assert expected == codes(given)
    else:
        assert {} == brought(given).facts


def test_findings_lead_to_the_extension() -> None:
    with pytest.raises(Faults) as caught:
        brought({"setlinfo": {"hifp_pay": "x"}})

    assert ["data.exp_content.setlinfo.hifp_pay"] == [one.place.path for one in caught.value.findings]


def test_four_parts_make_a_bill_and_three_make_none() -> None:
    assert BILL == bill_of(TOTAL, (30_000, 20_000, 50_000, 900_000))
    assert bill_of(TOTAL, (30_000, 20_000, 50_000, None)) is None


def test_parts_that_do_not_add_up_are_a_finding() -> None:
    with pytest.raises(Faults, match=r"四项费用之和 10000\.01 与医疗费总额 10000\.00 不符"):
        bill_of(TOTAL, (30_001, 20_000, 50_000, 900_000))


def test_rows_alone_tell_the_account_and_the_hospital_too() -> None:
    rows = [("390100", 60), ("390500", 5), ("630100", 3), ("999996", 2)]
    given = {"setldetail": [{"fund_pay_type": fund, "fund_payamt": paid} for fund, paid in rows]}

    upstream = brought(given).upstream

    assert upstream is not None
    assert (6000, 500, 500, 500) == (
        upstream.paid_by("basic"),
        upstream.account,
        upstream.hospital,
        upstream.paid_by("other_relief"),
    )
