"""A settlement's amounts in the message's fields: the sums hold, and each that does not is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.gateway.sample import ASSISTED, NOW
from tuodi.core.period import Period
from tuodi.gateway.national import codes
from tuodi.gateway.national.amounts import Amounts, check_identities, mirrored, written
from tuodi.gateway.national.desk import Bill, FundPayment, HeldStatus, ReliefLine, Settled
from tuodi.gateway.national.handling.persons import _identity
from tuodi.gateway.national.messages.settlement import FundRow

# 10000 = 300 + 200 + 500 + 9000; basic 6000, critical illness 700, relief 1500, left 1800.
EXAMPLE = Settled(
    person=ASSISTED,
    visit="310000000001",
    insutype="390",
    med_type="21",
    certificate="02",
    bill=Bill(total=1_000_000, own_paid=30_000, over_limit=20_000, prepaid=50_000, in_policy=900_000),
    payments=(
        FundPayment(fund="390100", payer="basic", amount=600_000),
        FundPayment(fund="390200", payer="critical_illness", amount=70_000),
    ),
    relief=(ReliefLine(label="基本救助", clause="三(四)1", paid=150_000, limit_left=2_850_000),),
    personal=180_000,
    account=0,
    hospital=0,
    why="低保对象，救助比例70%",
    clearing_region="371500",
    deductible=80_000,
    basic_rate=Decimal("0.75"),
    number="300000000001",
    settled_at=NOW,
    message="H99000000001202501101000000001",
)


def test_the_example_of_the_interface_comes_out() -> None:
    info = written(EXAMPLE).info

    told = (info.hifp_pay, info.hifmi_pay, info.maf_pay, info.fund_pay_sumamt, info.psn_part_amt, info.psn_cash_pay)
    assert (600_000, 70_000, 150_000, 820_000, 180_000, 180_000) == told
    assert ("21", "1", "371500", 80_000) == (info.clr_type, info.clr_way, info.clr_optins, info.act_pay_dedc)


def test_each_fund_has_its_row_and_relief_tells_why_and_what_is_left() -> None:
    rows = written(EXAMPLE).rows

    assert [("390100", 600_000), ("390200", 70_000), ("610100", 150_000)] == [
        (row.fund_pay_type, row.fund_payamt) for row in rows
    ]
    assert ("低保对象，救助比例70%", 3_000_000) == (rows[-1].setl_proc_info, rows[-1].crt_payb_lmt_amt)


def test_no_relief_is_a_row_of_nothing_with_the_reason() -> None:
    row = written(replace(EXAMPLE, relief=(), personal=330_000, why="当日不属于救助对象")).rows[-1]

    assert ("610100", 0, "当日不属于救助对象") == (row.fund_pay_type, row.fund_payamt, row.setl_proc_info)


def test_account_and_hospital_money_are_rows_but_no_part_of_the_fund_total() -> None:
    amounts = written(replace(EXAMPLE, personal=130_000, account=30_000, hospital=50_000))

    assert 820_000 == amounts.info.fund_pay_sumamt
    assert (30_000, 100_000, 50_000) == (
        amounts.info.acct_pay,
        amounts.info.psn_cash_pay,
        amounts.info.hosp_part_amt,
    )
    assert [("390500", 30_000), ("999996", 50_000)] == [
        (row.fund_pay_type, row.fund_payamt) for row in amounts.rows[-2:]
    ]


def test_the_account_never_bears_more_than_the_person() -> None:
    info = written(replace(EXAMPLE, account=200_000)).info

    assert (180_000, 0) == (info.acct_pay, info.psn_cash_pay)


def test_what_a_grant_pays_beyond_the_bill_is_told_beside_it() -> None:
    grant = ReliefLine(label="住院分娩", clause="二(五)", paid=90_000, grant=True)
    paid = (FundPayment(fund="390100", payer="basic", amount=950_000),)

    info = written(replace(EXAMPLE, payments=paid, relief=(grant,), personal=0)).info

    assert (50_000, 1_000_000) == (info.maf_pay, info.fund_pay_sumamt)
    assert isinstance(info.exp_content, dict)
    assert Decimal("400.00") == info.exp_content["relief_beyond_bill"]


def test_where_payers_paid_above_a_package_the_hospital_bears_less() -> None:
    """A bill of 10000, a package of 8000, payers 8500: the hospital bears 1500, not 2000."""
    paid = (FundPayment(fund="390100", payer="basic", amount=850_000),)

    info = written(replace(EXAMPLE, payments=paid, relief=(), personal=0, hospital=200_000)).info

    assert 150_000 == info.hosp_part_amt


def test_a_settlement_that_does_not_balance_is_a_bug() -> None:
    with pytest.raises(AssertionError, match="INV-01"):
        written(replace(EXAMPLE, personal=180_001 - 2))


@pytest.mark.parametrize(
    ("changed", "broken"),
    [
        ({"medfee_sumamt": 1_000_001}, ["I1", "I5"]),
        ({"hifp_pay": 599_999}, ["I2"]),
        ({"maf_pay": 150_001, "hifp_pay": 599_999}, ["I6"]),
        ({"psn_cash_pay": 1}, ["I3"]),
        ({"acct_mulaid_pay": 5}, ["I4"]),
        ({"inscp_scp_amt": 900_001}, ["I5"]),
        ({"act_pay_dedc": 900_001}, ["I7"]),
        ({"psn_part_amt": 180_001, "psn_cash_pay": 180_001}, ["I1"]),
        ({"hosp_part_amt": 1}, ["I1", "I6"]),
    ],
)
def test_each_sum_that_does_not_hold_is_named(changed: dict[str, int], broken: list[str]) -> None:
    amounts = written(EXAMPLE)

    assert broken == [one.id for one in check_identities(replace(amounts.info, **changed), amounts.rows)]  # type: ignore[arg-type]


def test_a_broken_sum_tells_both_sides() -> None:
    amounts = written(EXAMPLE)

    (broken,) = check_identities(replace(amounts.info, psn_cash_pay=1), amounts.rows)

    assert "I3 个人负担 = 个人账户 + 个人现金：1800.00 ≠ 0.01" == str(broken)


def test_a_missing_row_is_seen() -> None:
    amounts = written(EXAMPLE)

    assert ["I6", "I6"] == [one.id for one in check_identities(amounts.info, amounts.rows[:-1])]


def test_a_recorded_answer_with_account_and_hospital_money_holds() -> None:
    """The amounts of a recorded stay: 23442.46, the hospital bears 505.01."""
    info = replace(
        written(EXAMPLE).info,
        medfee_sumamt=2_344_246,
        fulamt_ownpay_amt=253_397,
        overlmt_selfpay=139_689,
        preselfpay_amt=70_344,
        inscp_scp_amt=1_880_816,
        hifp_pay=0,
        hifmi_pay=0,
        hifob_pay=1_878_539,
        maf_pay=0,
        fund_pay_sumamt=1_878_539,
        psn_part_amt=415_206,
        acct_pay=17_004,
        psn_cash_pay=398_202,
        hosp_part_amt=50_501,
    )
    rows = [FundRow(fund_pay_type=fund, fund_payamt=paid) for fund, paid in RECORDED]

    assert () == check_identities(info, rows)


RECORDED = [("330101", 1_878_539), ("310201", 17_004), ("999996", 50_501)]


fen = st.integers(0, 10**9)


@given(
    parts=st.tuples(fen, fen, fen, fen),
    shares=st.lists(st.tuples(st.sampled_from(sorted(codes.FUND.names)), fen), max_size=6),
    relief=fen,
    account=fen,
    hospital=fen,
    grant=st.booleans(),
)
def test_sums_hold_for_every_settlement(
    parts: tuple[int, int, int, int],
    shares: list[tuple[str, int]],
    relief: int,
    account: int,
    hospital: int,
    grant: bool,
) -> None:
    amounts = written(settled(parts, shares, relief, account, hospital, grant=grant))

    assert () == check_identities(amounts.info, amounts.rows)
    cancel = mirrored(amounts)
    assert () == check_identities(cancel.info, cancel.rows)
    assert amounts.info.medfee_sumamt == -cancel.info.medfee_sumamt


def settled(
    parts: tuple[int, int, int, int],
    shares: list[tuple[str, int]],
    relief: int,
    account: int,
    hospital: int,
    *,
    grant: bool,
) -> Settled:
    """A settlement in which each pays at most what is left, a grant apart."""
    left = sum(parts)
    payments = []
    for fund, share in shares:
        if codes.field_of_fund(fund) in ("acct_pay", "hosp_part_amt", "maf_pay"):
            continue
        paid = min(share, left)
        payments.append(FundPayment(fund=fund, payer=codes.payer_of_fund(fund), amount=paid))
        left -= paid
    hospital = min(hospital, left)
    left -= hospital
    paid = relief if grant else min(relief, left)
    own_paid, over_limit, prepaid, in_policy = parts
    return replace(
        EXAMPLE,
        bill=Bill(total=sum(parts), own_paid=own_paid, over_limit=over_limit, prepaid=prepaid, in_policy=in_policy),
        payments=tuple(payments),
        relief=(ReliefLine(label="x", clause="y", paid=paid, grant=grant),),
        personal=max(left - paid, 0),
        account=account,
        hospital=hospital,
    )


def test_the_balance_of_a_cancel_stays_what_it_is() -> None:
    amounts = written(replace(EXAMPLE, balance=5))

    assert 5 == mirrored(Amounts(info=amounts.info, rows=amounts.rows)).info.balc


def test_a_status_without_a_national_code_is_sent_with_its_name() -> None:
    held = HeldStatus(status="orphan", period=Period(start=date(2024, 1, 1), end=date(2025, 1, 1)), remark="聊城")

    row = _identity(held)

    assert ("2360", "孤儿 聊城", "2024-12-31 23:59:59") == (
        row.psn_idet_type,
        row.memo,
        row.endtime and f"{row.endtime:%Y-%m-%d %H:%M:%S}",
    )
